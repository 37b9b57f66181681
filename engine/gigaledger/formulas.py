"""The formulas of sql/: their files, how one is run, and on which others it rests.

A formula rests on those whose names stand in it, since a file is named as its object.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from gigaledger.paths import sql_folder

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    import duckdb

SECTIONS = ("conversion", "reconciliation", "audit", "counting", "everything", "star")


# Queries of these see every formula, named or not.
_CATALOG = re.compile(r"\b(show|pragma_\w+|duckdb_\w+|information_schema|pg_\w+|sqlite_\w+)\b", re.IGNORECASE)


def formula_files() -> dict[str, list[Path]]:
    """The SQL files of the formulas by section of `sql/install.sql`, in order of dependence."""
    sections: dict[str, list[Path]] = {}
    for line in (sql_folder() / "install.sql").read_text(encoding="utf-8").splitlines():
        if line.removeprefix("-- ") in SECTIONS:
            files = sections.setdefault(line.removeprefix("-- "), [])
        elif line.startswith(".read "):
            files.append(sql_folder() / line.removeprefix(".read "))
    return sections


def run_formula(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Run one SQL file; draws, which are sorted lists and the same from any number of threads, on all cores."""
    is_sorted = path.name == "assumption_draw.sql"
    if is_sorted:
        connection.execute(f"set threads = {os.cpu_count() or 1}")
    connection.execute(path.read_text(encoding="utf-8"))
    if is_sorted:
        connection.execute("set threads = 1")


def needed_files(
    sections: Mapping[str, list[Path]], names: Iterable[str], installed: Collection[Path] = ()
) -> list[Path]:
    """The files of some formulas and those on which they rest, in order of dependence.

    Args:
        sections: the files by section.
        names: the names of the formulas.
        installed: the files that are there already, with all on which they rest.
    """
    missing = {section: [path for path in paths if path not in installed] for section, paths in sections.items()}
    wanted = set(names)
    return _resting_on(missing, [path for paths in missing.values() for path in paths if path.stem in wanted])


def files_named_in(sections: Mapping[str, list[Path]], query: str) -> list[Path]:
    """The files whose names stand in a query and those on which they rest; all, where it asks for the catalog.

    Args:
        sections: the files of every section, installed or not, since formulas rest on others through those.
        query: SQL.
    """
    files = [path for paths in sections.values() for path in paths]
    if _CATALOG.search(query):
        return files
    words = set(re.findall(r"\w+", query.lower()))
    return _resting_on(sections, [path for path in files if path.stem in words])


def _resting_on(sections: Mapping[str, list[Path]], wanted: list[Path]) -> list[Path]:
    """The wanted files and those on which they rest, in order of dependence."""
    files = [path for paths in sections.values() for path in paths]
    named: dict[str, list[Path]] = {}
    for path in files:
        named.setdefault(path.stem, []).append(path)
    needed: set[Path] = set()
    waiting = list(wanted)
    while waiting:
        path = waiting.pop()
        if path not in needed:
            needed.add(path)
            waiting += [other for word in _words_of_formula(path) for other in named.get(word, [])]
    return [path for path in dict.fromkeys(files) if path in needed]


def _words_of_formula(path: Path) -> set[str]:
    """The words of a formula without those of its comments."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return set(re.findall(r"\w+", "\n".join(line for line in lines if not line.startswith(("--", "comment on")))))
