"""Files and folders that appear whole or not at all: written beside their place, synced, then moved into it."""

from __future__ import annotations

import contextlib
import glob
import os
import re
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import duckdb

from gigaledger.errors import FileProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


SECONDS_TO_WAIT = 60.0


class FileKind(Protocol):
    """What an existing file must be to be replaced."""

    @property
    def name(self) -> str:
        """The kind in a sentence: `is no ...`."""

    def is_that_of(self, file: Path) -> bool:
        """Whether a file is of this kind."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file, told by bytes near its beginning."""

    name: str
    marks: tuple[bytes, ...]
    offset: int = 0

    def is_that_of(self, file: Path) -> bool:
        """Whether a file is of this kind, or empty."""
        with file.open("rb") as opened:
            start = opened.read(self.offset + max(map(len, self.marks)))
        return not start or start[self.offset :].lower().startswith(self.marks)


DUCKDB_FILE = Kind("DuckDB file", (b"duck",), offset=8)
WEB_PAGE = Kind("web page", (b"<!doctype html", b"<html"))


@contextlib.contextmanager
def one_writer(folder: Path, seconds: float = SECONDS_TO_WAIT) -> Iterator[None]:
    """The right to write into a folder, one process at a time; the system gives it back when the process ends.

    Raises:
        FileProblem: another writer does not finish within `seconds`.
    """
    if sys.platform == "win32":  # a folder cannot be locked there; each file still appears whole
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    with sole_holder(descriptor, folder, seconds):
        yield


@contextlib.contextmanager
def sole_holder(descriptor: int, folder: Path, seconds: float) -> Iterator[None]:
    """The lock on an open file or folder, waited for; the descriptor is closed at the end, and the lock with it.

    Raises:
        FileProblem: another writer into `folder` does not finish within `seconds`.
    """
    try:
        ends = time.monotonic() + seconds
        while not _is_locked(descriptor):
            if time.monotonic() > ends:
                raise FileProblem(f"another gigaledger is writing into {folder}; try again when it has finished")
            time.sleep(0.05)
        yield
    finally:
        os.close(descriptor)


def _is_locked(descriptor: int) -> bool:
    """Whether the lock was free and is ours now."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def remove_abandoned(folder: Path, prefix: str) -> None:
    """Remove the temporary folders of writers that were killed; the caller is the only writer."""
    for left in folder.glob(f"{glob.escape(prefix)}*"):
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)


@contextlib.contextmanager
def replaced_file(file: Path, kind: FileKind | None = None) -> Iterator[Path]:
    """A path to write to, in a temporary folder; when the block ends well, that file takes the place of `file`.

    Args:
        file: the file to write.
        kind: what an existing file must be to be replaced; none: anything.

    Raises:
        FileProblem: the folder is missing or cannot be written, the disk is full, or the existing file is of another
            kind, such as a dataset; an existing file is as it was.
    """
    with contextlib.ExitStack() as stack, file_problems(file):
        target = file.resolve()
        folder = target.parent
        if not folder.is_dir():
            what = "is a file" if folder.exists() else "does not exist; create it first"
            raise FileProblem(f"{file} cannot be written: the folder {folder} {what}")
        if target.is_dir():
            raise FileProblem(f"{file} is a folder; expected the name of a file")
        if target.exists() and not target.is_file():
            raise FileProblem(f"{file} is a device or a pipe; expected the name of a file")
        if kind and target.exists() and not kind.is_that_of(target):
            raise FileProblem(f"{file} is there and is no {kind.name}, so it is not replaced; choose another name")
        prefix = f".{target.name}.gigaledger-"
        stack.enter_context(one_writer(folder))
        remove_abandoned(folder, prefix)
        with tempfile.TemporaryDirectory(prefix=prefix, dir=folder, ignore_cleanup_errors=True) as scratch:
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
        raise FileProblem(f"{place} cannot be written: {_why(error)}") from None


def _why(error: duckdb.Error) -> str:
    """What DuckDB says in one line: the reason that the system gave, without the name of a temporary file."""
    given = re.search(r"No space left on device|Disk quota exceeded|File too large|Read-only file system", str(error))
    return given[0] if given else str(error).splitlines()[0]


def sync(path: Path) -> None:
    """Wait until a file or folder is on the disk, so that a power cut after the move leaves no empty file."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _keep(place: Path, old: Path) -> None:
    """A second name for a file, so that it can be put back; the file stays in its place at every moment."""
    try:
        os.link(place, old, follow_symlinks=False)
    except OSError:  # a file system without links
        shutil.copy2(place, old, follow_symlinks=False)


def move_into(folder: Path, scratch: Path, names: Iterable[str], stale: Iterable[str] = ()) -> None:
    """Move files of `scratch` into `folder` and remove the stale ones; after a failure the folder is as it was."""
    moved: list[tuple[Path, Path, Path | None]] = []
    before = Path(tempfile.mkdtemp(dir=scratch))
    try:
        for name in (*names, *stale):
            place, new, old = folder / name, scratch / name, before / name
            had = place.exists() or place.is_symlink()
            if had:
                _keep(place, old)
            if new.exists():
                new.replace(place)
            elif had:
                place.unlink()
            moved.append((place, new, old if had else None))
    except BaseException:
        for place, new, kept in reversed(moved):
            if kept is None:
                place.replace(new)
                continue
            if place.exists():
                _keep(place, new)
            kept.replace(place)
        raise
    sync(folder)
