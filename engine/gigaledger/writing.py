"""Files and folders that appear whole or not at all: written beside their place, synced, then moved into it."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from gigaledger.errors import FileProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@contextlib.contextmanager
def replaced_file(file: Path) -> Iterator[Path]:
    """A path to write to, in a temporary folder; when the block ends well, that file takes the place of `file`.

    Raises:
        FileProblem: the folder is missing or cannot be written, the disk is full; an existing file is as it was.
    """
    with file_problems(file):
        target = file.resolve()
        folder = target.parent
        if not folder.is_dir():
            what = "is a file" if folder.exists() else "does not exist; create it first"
            raise FileProblem(f"{file} cannot be written: the folder {folder} {what}")
        if target.is_dir():
            raise FileProblem(f"{file} is a folder; expected the name of a file")
        if target.exists() and not target.is_file():
            raise FileProblem(f"{file} is a device or a pipe; expected the name of a file")
        with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=folder, ignore_cleanup_errors=True) as scratch:
            unfinished = Path(scratch) / target.name
            yield unfinished
            sync(unfinished)
            unfinished.replace(target)
            sync(folder)


@contextlib.contextmanager
def file_problems(place: Path) -> Iterator[None]:
    """Failures of the file system within the block, told in one sentence about the place that was asked for.

    Raises:
        FileProblem: instead of what the operating system or DuckDB raised.
    """
    try:
        yield
    except OSError as error:
        raise FileProblem(f"{place} cannot be written: {error.strerror or error}") from None
    except (duckdb.IOException, duckdb.TransactionException, duckdb.FatalException) as error:
        # All three can be a disk that is full: DuckDB writes when it spills, commits and closes a file.
        raise FileProblem(f"{place} cannot be written: {error}") from None


def sync(path: Path) -> None:
    """Wait until a file or folder is on the disk, so that a power cut after the move leaves no empty file."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def move_into(folder: Path, scratch: Path, names: Iterable[str], stale: Iterable[str] = ()) -> None:
    """Move files of `scratch` into `folder` and remove the stale ones; after a failure the folder is as it was."""
    undo: list[tuple[Path, Path]] = []
    before = Path(tempfile.mkdtemp(dir=scratch))
    try:
        for name in (*names, *stale):
            place, new, old = folder / name, scratch / name, before / name
            if place.exists() or place.is_symlink():
                place.rename(old)
                undo.append((old, place))
            if new.exists():
                new.rename(place)
                undo.append((place, new))
    except BaseException:
        for moved, origin in reversed(undo):
            moved.replace(origin)
        raise
    sync(folder)
