"""What can be aggregated: Parquet files by path, glob or hive folder, or rows that another library holds."""

from __future__ import annotations

import glob
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gigaledger.errors import BadSource, SourceChanged, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gigaledger.aggregation.question import Question

_GLOB = ("*", "?", "[")
_EXPECTED = {
    "measure": ("text",),
    "chip": ("text",),
    "year": ("integer",),
    "amount": ("number", "integer"),
    "low": ("number", "integer"),
    "high": ("number", "integer"),
    "unit": ("text",),
}
_OPTIONAL = ("low", "high", "unit")


@dataclass(frozen=True, slots=True)
class Files:
    """Parquet files of this machine, with the size and the time of the last change of each as they were found."""

    paths: tuple[str, ...]
    stamps: tuple[tuple[int, int], ...]

    @property
    def has_hive_keys(self) -> bool:
        """Whether folders are named for keys, as in `state=TX/part.parquet`."""
        return _has_hive_keys(self.paths)

    def and_more(self, more: Files) -> Files:
        """These files and others."""
        return Files((*self.paths, *more.paths), (*self.stamps, *more.stamps))

    def refuse_again(self, more: Files) -> None:
        """Refuse files that are counted already.

        Raises:
            BadSource: the first of them.
        """
        counted = {str(Path(path).resolve()) for path in self.paths}
        for path in more.paths:
            if str(Path(path).resolve()) in counted:
                raise BadSource(f"{path} is in these buckets already; expected files that are not counted yet")

    def broken(self) -> str | None:
        """What is wrong with the first file that is no sound Parquet or unlike the others; None: there is none."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        first: dict[str, str] = {}
        for path in self.paths:
            try:
                with pq.ParquetFile(path) as file:
                    kinds = {field.name: str(field.type) for field in file.schema_arrow}
                    first = first or kinds
                    if odd := next((name for name in kinds if first.get(name, kinds[name]) != kinds[name]), None):
                        return f"{path} has {kinds[odd]} in the column {odd}, where {self.paths[0]} has {first[odd]}"
                    for _ in file.iter_batches():
                        pass
            except (pa.ArrowException, OSError) as error:
                return f"{path} cannot be read as Parquet: {' '.join(str(error).split())}"
        return None

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

    @property
    def has_hive_keys(self) -> bool:
        """Whether folders are named for keys, as in `state=TX/part.parquet`."""
        return _has_hive_keys(self.paths)


def source_of(source: Any) -> Any:
    """The files of a path, glob or folder, or the rows of another library as they are.

    Raises:
        BadSource: no such file, or no Parquet file in the folder or under the glob.
    """
    if isinstance(source, str | os.PathLike):
        return _files([os.fspath(source)])
    if isinstance(source, Files | Remote):
        return source
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


def _has_hive_keys(paths: tuple[str, ...]) -> bool:
    """Whether the folders of the first file are named for keys."""
    return any("=" in part for part in Path(paths[0]).parts[:-1])


@dataclass(frozen=True, slots=True)
class Shape:
    """Which of the optional columns a source has."""

    is_uncertain: bool
    has_unit: bool

    @property
    def path(self) -> list[str]:
        """The columns that say how an amount is stated."""
        return ["measure", "chip", "year", *(["unit"] if self.has_unit else [])]

    @property
    def columns(self) -> list[str]:
        """The columns of `posting_line` beside the keys."""
        return [*self.path, "amount", *(["low", "high"] if self.is_uncertain else [])]


def shape_of(families: Mapping[str, str], question: Question) -> Shape:
    """Refuse a source that lacks a column or has one of a wrong type.

    Args:
        families: text, integer, number, date, or the name of another type, by column of the source.
        question: the keys and the columns asked for.

    Returns:
        Which of the optional columns are there.

    Raises:
        BadSource: every problem of the columns in one sentence.
    """
    shape = Shape(
        is_uncertain=question.columns["low"] in families and question.columns["high"] in families,
        has_unit=question.columns["unit"] in families,
    )
    problems = []
    for name, expected in _EXPECTED.items():
        column = question.columns[name]
        if name not in _OPTIONAL or name in shape.columns:
            problems += _missing(column, name, families) or _mistyped(column, name, expected, families)
    for key in question.keys:
        column = question.columns.get(key.column, key.column)
        expected = ("date",) if key.grain else (families.get(column, ""),)
        problems += _missing(column, "key", families) or _mistyped(column, "key", expected, families)
    if problems:
        raise BadSource(f"the source {'; it '.join(dict.fromkeys(problems))}")
    return shape


def _missing(column: str, role: str, families: Mapping[str, str]) -> list[str]:
    """What to say of a column that is not there."""
    if column in families:
        return []
    named = column if column == role else f"{column} ({role})"
    return [f"has no column {named}, only {', '.join(families)}{did_you_mean(column, families)}"]


def _mistyped(column: str, role: str, expected: tuple[str, ...], families: Mapping[str, str]) -> list[str]:
    """What to say of a column of a wrong type."""
    if families[column] in expected:
        return []
    named = column if column == role else f"{column} ({role})"
    return [f"has {families[column]} in the column {named}, where {expected[0]} was expected"]
