"""An export into a folder: all files or none, and nothing lost that the export did not write itself."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gigaledger.errors import FileProblem, FolderNotEmpty
from gigaledger.export.formats import DEFAULT_FORMAT, checked_format
from gigaledger.writing import file_problems, move_into, one_writer, remove_abandoned, sync

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gigaledger.ledger import Ledger

MANIFEST = "gigaledger-export.json"
# A name that stays in the folder: what a manifest lists may be removed, and anyone can edit a manifest.
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")
Manifest = dict[str, list[dict[str, Any]]]


def export_ledger(
    ledger: Ledger,
    directory: str | os.PathLike[str],
    format: str = DEFAULT_FORMAT,  # noqa: A002 - named as the option of the command line
    *,
    overwrite: bool = False,
) -> dict[str, Any]:
    """Write a ledger into a folder in one format.

    The folder is created where it is missing. In one that is not empty, with `overwrite`, only files that an earlier
    export wrote are replaced or, where the format no longer has them, removed; `gigaledger-export.json` lists them.

    Args:
        ledger: an open ledger.
        directory: the folder.
        format: `parquet`, `xlsx`, `beancount` or `hledger`.
        overwrite: allow a folder that is not empty.

    Returns:
        directory, format, and files: name, rows and bytes of each.

    Raises:
        UnknownFormat: there is no such format.
        FolderNotEmpty: the folder holds files and `overwrite` was not given, or a file of the user is in the way.
        FileProblem: the folder cannot be written; what was there before is as it was.
    """
    write = checked_format(format).writer()
    folder = Path(directory)
    check_place(folder, overwrite=overwrite)
    manifest = _read_manifest(folder)
    with _scratch_folder(folder) as (scratch, place):
        rows = write(ledger, scratch)
        _check_in_the_way(folder, rows, manifest)
        files = [_described(scratch / name, count) for name, count in rows.items()]
        # Text keeps its order in the manifest, so that the same ledger gives the same bytes.
        listed = {**manifest, format: files}
        text = json.dumps({name: listed[name] for name in sorted(listed)}, ensure_ascii=False, indent=2)
        (scratch / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")
        for name in (*rows, MANIFEST):
            sync(scratch / name)
        place((*rows, MANIFEST), _stale_files(folder, manifest, format, rows))
    return {
        "directory": os.fspath(folder),
        "format": format,
        "files": [{key: file[key] for key in ("file", "rows", "bytes")} for file in files],
    }


def check_place(folder: Path, *, overwrite: bool) -> None:
    """Refuse a place that cannot be a folder, or one that holds something, before anything is computed."""
    with file_problems(folder):
        if folder.exists() and not folder.is_dir():
            raise FileProblem(f"{folder} is a file; expected the name of a folder")
        if folder.is_dir():
            if any(folder.iterdir()) and not overwrite:
                raise FolderNotEmpty(
                    f"{folder} is not empty; name another folder, or replace what an export wrote with --overwrite"
                )
        elif not folder.absolute().parent.is_dir():
            raise FileProblem(
                f"{folder} cannot be written: the folder {folder.absolute().parent} does not exist; create it first"
            )


@contextlib.contextmanager
def _scratch_folder(folder: Path) -> Iterator[tuple[Path, Any]]:
    """A temporary folder on the disk of `folder`, and the function that puts its files in place.

    Beside a folder that is new, and then renamed to it; inside one that exists, which may be a disk of its own.
    """
    is_new = not folder.exists()
    with contextlib.ExitStack() as stack, file_problems(folder):
        where = folder.absolute().parent if is_new else folder
        prefix = f".{folder.name}.gigaledger-"
        stack.enter_context(one_writer(where))
        remove_abandoned(where, prefix)
        with tempfile.TemporaryDirectory(prefix=prefix, dir=where, ignore_cleanup_errors=True) as name:
            scratch = Path(name) / "export"
            scratch.mkdir()

            def place(names: tuple[str, ...], stale: list[str]) -> None:
                if is_new:
                    sync(scratch)
                    scratch.rename(folder)
                    sync(where)
                else:
                    move_into(folder, scratch, names, stale)

            yield scratch, place


def _described(file: Path, rows: int) -> dict[str, Any]:
    """What the manifest says of a file."""
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    return {"file": file.name, "rows": rows, "bytes": file.stat().st_size, "sha256": digest}


def _read_manifest(folder: Path) -> Manifest:
    """What earlier exports wrote into the folder, by format; empty where there was none.

    Raises:
        FolderNotEmpty: a file of that name is no manifest.
    """
    file = folder / MANIFEST
    if not file.exists():
        return {}
    with file_problems(file):
        try:
            manifest = json.loads(file.read_text(encoding="utf-8"))
            if all(
                _PLAIN_NAME.fullmatch(entry["file"]) and isinstance(entry["sha256"], str)
                for entries in manifest.values()
                for entry in entries
            ):
                return dict(manifest)
        except (ValueError, TypeError, KeyError, AttributeError):
            pass
    raise FolderNotEmpty(f"{file} is not the list of files that an export writes; move it away or name another folder")


def _check_in_the_way(folder: Path, names: dict[str, int], manifest: Manifest) -> None:
    """Refuse to replace a file that no export wrote."""
    own = {entry["file"] for entries in manifest.values() for entry in entries}
    taken = [name for name in names if (folder / name).exists() and (name not in own or (folder / name).is_dir())]
    if taken:
        raise FolderNotEmpty(
            f"{folder} holds {', '.join(taken)}, not written by an export; move it away or name another folder"
        )


def _stale_files(folder: Path, manifest: Manifest, format: str, names: dict[str, int]) -> list[str]:  # noqa: A002
    """Files that an earlier export of this format wrote, unchanged since, and that it no longer has."""
    return [
        entry["file"]
        for entry in manifest.get(format, [])
        if entry["file"] not in names
        and (folder / entry["file"]).is_file()
        and _described(folder / entry["file"], 0)["sha256"] == entry["sha256"]
    ]
