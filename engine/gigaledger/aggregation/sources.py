"""What can be aggregated: Parquet files by path, glob or hive folder, or rows that another library holds."""

from __future__ import annotations

import glob
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gigaledger.errors import BadSource, SourceChanged

_GLOB = ("*", "?", "[")


@dataclass(frozen=True, slots=True)
class Files:
    """Parquet files of this machine, with the size and the time of the last change of each as they were found."""

    paths: tuple[str, ...]
    stamps: tuple[tuple[int, int], ...]

    def refuse_change(self) -> None:
        """Refuse an answer from files that changed after they were found.

        Raises:
            SourceChanged: the first file that is not as it was.
        """
        for path, stamp in zip(self.paths, self.stamps, strict=True):
            if _stamp(path) != stamp:
                raise SourceChanged(f"{path} changed while it was read; aggregate again when nothing writes to it")


@dataclass(frozen=True, slots=True)
class Remote:
    """Parquet files in a store that the engine itself reads, such as `s3://bucket/folder/*.parquet`."""

    paths: tuple[str, ...]


def source_of(source: Any) -> Any:
    """The files of a path, glob or folder, or the rows of another library as they are.

    Raises:
        BadSource: no such file, or no Parquet file in the folder or under the glob.
    """
    if isinstance(source, str | os.PathLike):
        return _files([os.fspath(source)])
    if isinstance(source, list | tuple) and all(isinstance(one, str | os.PathLike) for one in source):
        return _files([os.fspath(one) for one in source])
    return source


def _files(names: list[str]) -> Files | Remote:
    """The Parquet files that the names mean, sorted."""
    if not names:
        raise BadSource("the source names no file; expected Parquet files")
    if any("://" in name for name in names):
        return Remote(tuple(names))
    paths = tuple(dict.fromkeys(path for name in names for path in _found(name)))
    return Files(paths, tuple(_stamp(path) for path in paths))


def _found(name: str) -> list[str]:
    """The files of one name: itself, those of a folder, those of a glob."""
    path = Path(name).expanduser()
    if path.is_dir():
        found = sorted(str(one) for one in path.rglob("*.parquet") if one.is_file() and not _is_hidden(one, path))
        if not found:
            raise BadSource(f"{name}: no Parquet file in this folder; expected names that end in .parquet")
        return found
    if path.exists():
        return [str(path)]
    if any(sign in name for sign in _GLOB):
        matches = glob.glob(str(path), recursive=True)  # noqa: PTH207 - Path.glob takes no absolute pattern
        found = sorted(one for one in matches if Path(one).is_file())
        if not found:
            raise BadSource(f"{name}: no file matches this pattern")
        return found
    raise BadSource(f"{name}: no such file or folder; expected Parquet")


def _is_hidden(path: Path, folder: Path) -> bool:
    """Whether a writer keeps the file for itself (names that begin with a dot or an underscore, as Spark has it)."""
    return any(part.startswith((".", "_")) for part in path.relative_to(folder).parts)


def _stamp(path: str) -> tuple[int, int]:
    """The size [byte] and the time of the last change [ns] of a file."""
    try:
        found = Path(path).stat()
    except OSError as error:
        raise SourceChanged(f"{path}: {error.strerror or error}") from None
    return found.st_size, found.st_mtime_ns
