"""From CSV files to checked tables in DuckDB; every problem of every file is found before anything is used.

The schema is `datasets/datapackage.json`; the rules across columns and tables are the queries in `sql/input/`.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gigaledger.csv_structure import CsvText, read_csv_text
from gigaledger.errors import DatasetProblems, FileProblem, GigaledgerError, Problem, did_you_mean
from gigaledger.paths import datasets_folder, sql_folder
from gigaledger.schema import Field, Table, fact_tables, tables

if TYPE_CHECKING:
    import duckdb

# What a ledger without chips, mixes or assumptions of its own is converted with.
REFERENCE_TABLES = ("chip", "chip_mix", "assumption")
_NUMBER = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?"
_INTEGER = r"[+-]?[0-9]+"
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"


@dataclass(frozen=True, slots=True)
class Layer:
    """One folder of CSV files; `shown` stands before its file names in problems."""

    folder: Path
    shown: str
    is_bundled: bool


def load_datasets(
    connection: duckdb.DuckDBPyConnection,
    folder: Path | None = None,
    *,
    extend: bool = False,
    only: frozenset[str] | None = None,
) -> list[str]:
    """Load, check and type every table of a ledger into the main schema of a DuckDB connection.

    Args:
        connection: an open DuckDB connection without the tables.
        folder: the user's own ledger; none: the bundled one.
        extend: layer the user's rows over the bundled ones; the user's row wins where the key is the same.
        only: fact tables to load; the others stay empty. None: all.

    Returns:
        Sentences on what was taken from the bundled ledger because the folder lacks it.

    Raises:
        DatasetProblems: every problem of every file.
        FileProblem: the folder is not there or holds no table.
    """
    notes: list[str] = []
    problems: list[Problem] = []
    broken: set[str] = set()
    connection.execute("create schema input")
    for table in tables().values():
        parts = []
        wanted = only is None or table.is_vocabulary or table.name in only
        for layer in _layers_of(table, folder, notes, extend=extend) if wanted else []:
            part, part_problems = _read_table(table, layer)
            problems += part_problems
            if part_problems:
                broken.add(table.name)
            parts.append((layer, part))
        _store_raw(connection, table, parts)
        is_checked = not table.is_vocabulary and any(part.rows for _, part in parts)
        if is_checked:
            problems += _value_problems(connection, table)
        _store_typed(connection, table)
        if is_checked:
            problems += _key_problems(connection, table)
        if len(parts) > 1:
            _drop_overridden(connection, table)
    if folder is not None:
        problems += _unknown_files(folder)
    problems += _reference_problems(connection, broken)
    problems += _rule_problems(connection, only)
    problems += _convert_units(connection)
    if problems:
        raise DatasetProblems(_in_order(problems))
    for table in tables().values():
        columns = ", ".join(table.columns)
        order = ", ".join(table.primary_key)
        connection.execute(f"create table main.{table.name} as select {columns} from input.{table.name} order by {order}")
    connection.execute("drop schema input cascade")
    return notes


def _layers_of(table: Table, folder: Path | None, notes: list[str], *, extend: bool) -> list[Layer]:
    """The folders that the rows of a table come from, the bundled one first."""
    bundled = Layer(datasets_folder(), "datasets/", is_bundled=True)
    if folder is None or table.is_vocabulary:
        return [bundled]
    if not folder.is_dir():
        message = f"the folder {folder} does not exist; expected a folder of CSV files such as deal.csv"
        raise FileProblem(message)
    own = Layer(folder, f"{folder}/", is_bundled=False)
    if not any((folder / other.path).is_file() for other in fact_tables()):
        names = ", ".join(other.path for other in fact_tables())
        message = f"the folder {folder} holds no dataset; expected at least one of {names}"
        raise FileProblem(message)
    if extend:
        return [bundled, own]
    if table.name in REFERENCE_TABLES and not (folder / table.path).is_file():
        notes.append(f"{table.path} is taken from the bundled ledger, because {folder} has none")
        return [bundled]
    return [own]


def _read_table(table: Table, layer: Layer) -> tuple[CsvText, list[Problem]]:
    """The rows of one table in one folder; a file that is not there has no rows."""
    path = layer.folder / table.path
    if not layer.is_bundled and not path.exists():
        return CsvText(header=list(table.columns)), []
    text = read_csv_text(path, f"{layer.shown}{table.path}", table.columns)
    return text, text.problems


def _store_raw(
    connection: duckdb.DuckDBPyConnection, table: Table, parts: Iterable[tuple[Layer, CsvText]]
) -> None:
    """Put the texts of all rows into `input.raw`, with file, line and whether they come from the bundled ledger."""
    columns = ", ".join(f'"{column}" varchar' for column in table.columns)
    connection.execute(f"create or replace table input.raw (_file varchar, _line integer, _bundled boolean, {columns})")
    for layer, text in parts:
        if not text.rows:
            continue
        by_name = dict(zip(text.header, zip(*text.rows, strict=True), strict=False))
        empty = ("",) * len(text.rows)
        values = [list(by_name.get(column, empty)) for column in table.columns]
        unnested = ", ".join(f"nullif(unnest(${place + 4}::varchar[]), '')" for place in range(len(values)))
        connection.execute(
            f"insert into input.raw select $1, unnest($2::integer[]), $3, {unnested}",
            [f"{layer.shown}{table.path}", text.lines, layer.is_bundled, *values],
        )


def _value_problems(connection: duckdb.DuckDBPyConnection, table: Table) -> list[Problem]:
    """The values of `input.raw` that break the type or a constraint of their column."""
    checks = " union all ".join(
        f"select _file, _line, '{field.name}' as _column, {field.name} as _value, {_broken_constraint(field)} as broken "
        f"from input.raw"
        for field in table.fields
    )
    rows = connection.execute(f"from ({checks}) where broken is not null").fetchall()
    by_name = {field.name: field for field in table.fields}
    return [
        Problem(file, line, column, value or "", _expectation(by_name[column], broken, value))
        for file, line, column, value, broken in rows
    ]


def _broken_constraint(field: Field) -> str:
    """A SQL expression: the name of the constraint that a raw value breaks, else null."""
    name = field.name
    missing = "'required'" if field.required else "null"
    cases = [f"when {name} is null then {missing}"]
    cases.append(f"when {name} <> trim({name}) then 'trim'")
    if field.type == "number":
        cases.append(f"when not regexp_full_match({name}, '{_NUMBER}') then 'type'")
        cases.append(f"when not coalesce(isfinite(try_cast({name} as double)), false) then 'finite'")
    if field.type == "integer":
        cases.append(f"when not regexp_full_match({name}, '{_INTEGER}') or try_cast({name} as integer) is null then 'type'")
    if field.type == "date":
        cases.append(f"when not regexp_full_match({name}, '{_DATE}') or try_cast({name} as date) is null then 'type'")
    if field.pattern:
        cases.append(f"when not regexp_full_match({name}, '{field.pattern}') then 'pattern'")
    if field.enum:
        known = ", ".join(f"'{value}'" for value in field.enum)
        cases.append(f"when {name} not in ({known}) then 'enum'")
    if field.minimum is not None:
        cases.append(f"when try_cast({name} as double) < {field.minimum} then 'minimum'")
    if field.maximum is not None:
        cases.append(f"when try_cast({name} as double) > {field.maximum} then 'maximum'")
    return f"case {' '.join(cases)} end"


def _expectation(field: Field, broken: str, value: str | None) -> str:
    """What the column expects, in words."""
    kinds = {"number": "a number with . as decimal point", "integer": "a whole number", "date": "a date as YYYY-MM-DD"}
    match broken:
        case "required":
            return "expected a value, the field is empty"
        case "trim":
            return "expected no spaces around the value"
        case "type":
            return f"expected {kinds[field.type]}"
        case "finite":
            return "expected a finite number"
        case "enum":
            return f"expected one of {', '.join(field.enum)}{did_you_mean(value or '', field.enum)}"
        case "minimum":
            return f"expected at least {field.minimum:g}"
        case "maximum":
            return f"expected at most {field.maximum:g}"
        case _:
            return f"expected {_pattern_in_words(field)}"


def _pattern_in_words(field: Field) -> str:
    """The pattern of a column as a reader would say it."""
    words = {
        "[A-Z]{2}": "two capital letters",
        "[A-Z0-9]{2,3}": "two or three capital letters or digits",
        r"\*|[0-9]{4}": "a year or *",
    }
    return words.get(field.pattern or "", "lower-case letters and digits joined by hyphens, dots or underscores")


def _store_typed(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Type `input.raw` into the table of the input schema; what cannot be typed is null there."""
    columns = ", ".join(f"try_cast({field.name} as {field.sql_type}) as {field.name}" for field in table.fields)
    connection.execute(f"create table input.{table.name} as select _file, _line, _bundled, {columns} from input.raw")


def _key_problems(connection: duckdb.DuckDBPyConnection, table: Table) -> list[Problem]:
    """The rows whose key stands on an earlier line of the same layer."""
    key = ", ".join(table.primary_key)
    rows = connection.execute(
        f"select _file, _line, concat_ws(', ', {key}), first_value(_line) over same as first_line "
        f"from input.{table.name} where {' and '.join(f'{column} is not null' for column in table.primary_key)} "
        f"window same as (partition by _bundled, {key} order by _line) qualify row_number() over same > 1"
    ).fetchall()
    column = "+".join(table.primary_key)
    return [
        Problem(file, line, column, value, f"expected a key that stands once; it stands on line {first} too")
        for file, line, value, first in rows
    ]


def _drop_overridden(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Drop the bundled rows whose key the user's own ledger has too."""
    connection.execute(
        f"delete from input.{table.name} as bundled using input.{table.name} as own where bundled._bundled "
        "and not own._bundled and "
        + " and ".join(f"bundled.{column} = own.{column}" for column in table.primary_key)
    )


def _reference_problems(connection: duckdb.DuckDBPyConnection, broken: set[str]) -> list[Problem]:
    """The references to keys that no row has; tables that could not be read whole are not searched."""
    problems = []
    for table in fact_tables():
        for key in table.foreign_keys:
            if key.table in broken:
                continue
            rows = connection.execute(
                f"select _file, _line, {key.column} from input.{table.name} "
                f"where {key.column} is not null "
                f"and {key.column} not in (select {key.key} from input.{key.table} where {key.key} is not null) "
                f"{_bundled_reference_exemption(table)}"
            ).fetchall()
            known = [row[0] for row in connection.execute(f"select {key.key} from input.{key.table}").fetchall()] if rows else []
            names = [name for name in known if name]
            problems += [
                Problem(file, line, key.column, value, f"expected a {key.key} of {key.table}.csv{did_you_mean(value, names)}")
                for file, line, value in rows
            ]
    return problems


def _bundled_reference_exemption(table: Table) -> str:
    """Bundled chips, mixes and assumptions may stand in a ledger without their sources and designers."""
    return "and not _bundled" if table.name in REFERENCE_TABLES else ""


def _rule_problems(connection: duckdb.DuckDBPyConnection, only: frozenset[str] | None) -> list[Problem]:
    """The rows that break a rule of `sql/input/`; columns `_file`, `_line`, `_column`, `_value`, `_expected`, `_known`.

    A rule is named for the table that it is about; rules about tables that are not loaded are left out.
    """
    problems = []
    connection.execute("set schema = 'input'")
    try:
        for path in sorted((sql_folder() / "input").glob("*.sql")):
            if only is not None and not path.name.startswith(tuple(only)):
                continue
            cursor = connection.execute(path.read_text(encoding="utf-8"))
            has_known = cursor.description[-1][0] == "_known"
            for file, line, column, value, expected, *known in cursor.fetchall():
                names = [name for name in (known[0] or []) if name] if has_known else []
                hint = did_you_mean(value or "", names)
                problems.append(Problem(file, line, column, value, f"{expected}{hint}"))
    finally:
        connection.execute("set schema = 'main'")
    return problems


def _convert_units(connection: duckdb.DuckDBPyConnection) -> list[Problem]:
    """Bring every amount into the canonical unit of its measure, or name the unit that cannot be."""
    problems = []
    measures = dict(connection.execute("select measure, unit from input.measure").fetchall())
    for table in ("statement", "milestone"):
        pairs = connection.execute(
            f"select distinct fact.measure, fact.unit from input.{table} as fact join input.measure using (measure) "
            "where fact.unit <> measure.unit order by all"
        ).fetchall()
        for measure, unit in pairs:
            try:
                from gigaledger.quantity import unit_factor

                factor = unit_factor(unit, measure, measures=measures)
            except GigaledgerError as error:
                rows = connection.execute(
                    f"select _file, _line from input.{table} where measure = $1 and unit = $2", [measure, unit]
                ).fetchall()
                problems += [Problem(file, line, "unit", unit, str(error)) for file, line in rows]
                continue
            connection.execute(
                f"update input.{table} set amount_low = amount_low * $1, amount_best = amount_best * $1, "
                "amount_high = amount_high * $1, unit = $2 where measure = $3 and unit = $4",
                [factor, measures[measure], measure, unit],
            )
    return problems


def newest_known_on(folder: Path | None, *, extend: bool) -> dt.date | None:
    """The newest `known_on` of a ledger's files, read without checking them."""
    newest = None
    for name in ("statement", "milestone", "claim"):
        for layer in _layers_of(tables()[name], folder, [], extend=extend):
            path = layer.folder / f"{name}.csv"
            if not path.is_file():
                continue
            with path.open(encoding="utf-8", errors="replace", newline="") as file:
                days = [row.get("known_on") or "" for row in csv.DictReader(file)]
            newest = max([newest or "", *(day for day in days if re.fullmatch(_DATE, day))])
    return dt.date.fromisoformat(newest) if newest else None


def _unknown_files(folder: Path) -> Iterator[Problem]:
    """CSV files that are no table but nearly have the name of one."""
    names = [table.path for table in fact_tables()]
    for path in sorted(folder.glob("*.csv")):
        hint = did_you_mean(path.name, names)
        if path.name not in names and hint:
            yield Problem(f"{folder}/{path.name}", None, None, None, f"the file is no dataset{hint}")


def _in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Each problem once, by file, line and column."""
    return sorted(set(problems), key=lambda one: (one.file, one.line or 0, one.column or "", one.expected))
