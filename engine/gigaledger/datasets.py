"""From CSV files to checked tables in DuckDB; every problem of every file is found before anything is used.

The schema is `datasets/datapackage.json`; the rules across columns and tables are the queries in `sql/input/`.
"""

from __future__ import annotations

import datetime as dt
import difflib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from gigaledger.csv_structure import CsvText, read_csv_text
from gigaledger.errors import DatasetProblems, FileProblem, GigaledgerError, Problem, did_you_mean
from gigaledger.paths import datasets_folder, sql_folder
from gigaledger.schema import Field, Table, fact_tables, tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import duckdb

# What a ledger without chips, mixes or assumptions of its own is converted with.
REFERENCE_TABLES = ("chip", "chip_mix", "assumption")
_NUMBER = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?"
_INTEGER = r"[+-]?[0-9]+"
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
# Beyond these a figure is a slip of the keyboard, and products of several would leave the range of numbers.
LARGEST_NUMBER = 1e30
FIRST_DATE, LAST_DATE = "1900-01-01", "2199-12-31"


@dataclass(frozen=True, slots=True)
class Layer:
    """One folder of CSV files; `shown` stands before its file names in problems.

    A borrowed table is a bundled one that stands in for a table that the user's folder lacks; it may speak of chips,
    designers and sources that the user's ledger does not have.
    """

    folder: Path
    shown: str
    is_bundled: bool
    is_borrowed: bool = False


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
    value_problems: list[Problem] = []
    unread: set[str] = set()
    connection.execute("create schema input")
    for table in tables().values():
        parts = []
        wanted = only is None or table.is_vocabulary or table.name in only
        for layer in _layers_of(table, folder, notes, extend=extend) if wanted else []:
            part = _read_table(table, layer)
            problems += part.problems
            if not part.is_whole:
                unread.add(table.name)
            parts.append((layer, part))
        _store_raw(connection, table, parts)
        is_checked = not table.is_vocabulary and any(part.rows for _, part in parts)
        if is_checked:
            value_problems += _value_problems(connection, table)
        _store_typed(connection, table)
        if is_checked:
            problems += _key_problems(connection, table)
        if len(parts) > 1:
            _drop_overridden(connection, table)
    if folder is not None:
        problems += _unknown_files(folder)
    _store_unread(connection, unread)
    problems += _reference_problems(connection, unread)
    problems += _told_once(problems, value_problems, _rule_problems(connection, only))
    problems += _convert_units(connection)
    if problems:
        raise DatasetProblems(_in_order(problems))
    for table in tables().values():
        columns = ", ".join(table.columns)
        order = ", ".join(table.primary_key)
        connection.execute(
            f"create table main.{table.name} as select {columns} from input.{table.name} order by {order}"
        )
    connection.execute("drop schema input cascade")
    return notes


def _layers_of(table: Table, folder: Path | None, notes: list[str], *, extend: bool) -> list[Layer]:
    """The folders that the rows of a table come from, the bundled one first."""
    bundled = Layer(datasets_folder(), "datasets/", is_bundled=True)
    if folder is None or table.is_vocabulary:
        return [bundled]
    _check_folder(folder)
    own = Layer(folder, f"{folder}/", is_bundled=False)
    if extend:
        return [bundled, own]
    if table.name in REFERENCE_TABLES and not (folder / table.path).is_file():
        notes.append(f"{table.path} is taken from the bundled ledger, because {folder} has none")
        return [replace(bundled, is_borrowed=True)]
    return [own]


def _check_folder(folder: Path) -> None:
    """Refuse a folder that is not there or holds no table."""
    if not folder.is_dir():
        what = "is a file" if folder.exists() else "does not exist"
        raise FileProblem(f"the folder {folder} {what}; expected a folder of CSV files such as deal.csv")
    if not any((folder / table.path).is_file() for table in fact_tables()):
        names = ", ".join(table.path for table in fact_tables())
        found = "".join(f"; found {Path(one.file).name}, {one.expected}" for one in _unknown_files(folder))
        raise FileProblem(f"the folder {folder} holds no dataset; expected at least one of {names}{found}")


def _read_table(table: Table, layer: Layer) -> CsvText:
    """The rows of one table in one folder; a file that is not there has no rows."""
    path = layer.folder / table.path
    if not layer.is_bundled and not path.exists():
        return CsvText(header=list(table.columns))
    return read_csv_text(path, f"{layer.shown}{table.path}", table.columns)


def _store_raw(connection: duckdb.DuckDBPyConnection, table: Table, parts: Iterable[tuple[Layer, CsvText]]) -> None:
    """Put the texts of all rows into `input.raw`, with file, line and layer."""
    columns = ", ".join(f'"{column}" varchar' for column in table.columns)
    connection.execute(
        "create or replace table input.raw "
        f"(_file varchar, _line integer, _bundled boolean, _borrowed boolean, {columns})"
    )
    for layer, text in parts:
        if not text.rows:
            continue
        by_name = dict(zip(text.header, zip(*text.rows, strict=True), strict=False))
        empty = ("",) * len(text.rows)
        values = [list(by_name.get(column, empty)) for column in table.columns]
        unnested = ", ".join(f"nullif(unnest(${place + 5}::varchar[]), '')" for place in range(len(values)))
        connection.execute(
            f"insert into input.raw select $1, unnest($2::integer[]), $3, $4, {unnested}",
            [f"{layer.shown}{table.path}", text.lines, layer.is_bundled, layer.is_borrowed, *values],
        )


def _value_problems(connection: duckdb.DuckDBPyConnection, table: Table) -> list[Problem]:
    """The values of `input.raw` that break the type or a constraint of their column."""
    checks = ", ".join(
        f"{{'name': '{field.name}', 'value': {field.name}, 'broken': {_broken_constraint(field)}}}"
        for field in table.fields
    )
    rows = connection.execute(
        "select _file, _line, cell.name, cell.value, cell.broken "
        f"from (select _file, _line, unnest([{checks}]) as cell from input.raw) where cell.broken is not null"
    ).fetchall()
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
        cases.append(f"when abs(try_cast({name} as double)) > {LARGEST_NUMBER} then 'size'")
    if field.type == "integer":
        cases.append(
            f"when not regexp_full_match({name}, '{_INTEGER}') or try_cast({name} as integer) is null then 'type'"
        )
    if field.type == "date":
        cases.append(f"when not regexp_full_match({name}, '{_DATE}') or try_cast({name} as date) is null then 'type'")
        cases.append(f"when {name} not between '{FIRST_DATE}' and '{LAST_DATE}' then 'era'")
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
    if broken == "enum":
        return f"expected one of {', '.join(field.enum)}{did_you_mean(value or '', field.enum)}"
    types = {"number": "a number with . as decimal point", "integer": "a whole number", "date": "a date as YYYY-MM-DD"}
    expected = {
        "required": "a value, the field is empty",
        "trim": "no spaces around the value",
        "type": types.get(field.type, field.type),
        "finite": "a finite number",
        "size": f"a number of at most {LARGEST_NUMBER:g}",
        "era": f"a date from {FIRST_DATE} to {LAST_DATE}",
        "minimum": f"at least {field.minimum}",
        "maximum": f"at most {field.maximum}",
        "pattern": _pattern_in_words(field),
    }
    return f"expected {expected[broken]}"


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
    connection.execute(
        f"create table input.{table.name} as select _file, _line, _bundled, _borrowed, {columns} from input.raw"
    )


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
        "and not own._bundled and " + " and ".join(f"bundled.{column} = own.{column}" for column in table.primary_key)
    )


def _store_unread(connection: duckdb.DuckDBPyConnection, unread: set[str]) -> None:
    """Tell the rules which tables could not be read whole, in `input.unread_table`."""
    connection.execute("create table input.unread_table as select unnest($1::varchar[]) as name", [sorted(unread)])


def _reference_problems(connection: duckdb.DuckDBPyConnection, unread: set[str]) -> list[Problem]:
    """The references to keys that no row has; tables that could not be read whole are not searched."""
    problems = []
    for table in fact_tables():
        for key in table.foreign_keys:
            if key.table in unread:
                continue
            rows = connection.execute(
                f"select _file, _line, {key.column} from input.{table.name} "
                f"where {key.column} is not null and not _borrowed "
                f"and {key.column} not in (select {key.key} from input.{key.table} where {key.key} is not null)"
            ).fetchall()
            known = connection.execute(f"select distinct {key.key} from input.{key.table}").fetchall() if rows else []
            names = [name for (name,) in known if name]
            article = "an" if key.key[0] in "aeiou" else "a"
            expected = f"expected {article} {key.key} of {key.table}.csv{'' if names else ', which has no rows'}"
            problems += [
                Problem(file, line, key.column, value, f"{expected}{did_you_mean(value, names)}")
                for file, line, value in rows
            ]
    return problems


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


def _told_once(form: list[Problem], values: list[Problem], rules: list[Problem]) -> list[Problem]:
    """The problems of values and of rules without those that only echo another one.

    A column that is missing has no values to complain about. A value that cannot be read is unknown to the rules, and
    one that breaks its constraint may break a rule for the same reason: the rule then knows more, such as a near name.
    """
    missing = {(one.file, one.column) for one in form if one.line == 1 and one.column and one.value is None}
    unread = {(one.file, one.line, one.column): one.value for one in values}
    damaged = {(one.file, one.line) for one in values}
    kept_rules = [
        one
        for one in rules
        if (one.value or (one.file, one.line) not in damaged)
        and unread.get((one.file, one.line, one.column), one.value) == one.value
        and (one.file, one.column) not in missing
    ]
    ruled = {(one.file, one.line, one.column) for one in kept_rules}
    kept_values = [
        one for one in values if (one.file, one.line, one.column) not in ruled and (one.file, one.column) not in missing
    ]
    return kept_values + kept_rules


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
    days = []
    for name in ("statement", "milestone", "claim"):
        for layer in _layers_of(tables()[name], folder, [], extend=extend):
            part = _read_table(tables()[name], layer)
            if "known_on" in part.header:
                place = part.header.index("known_on")
                days += [row[place] for row in part.rows]
    return max((day for text in set(days) if (day := _date(text))), default=None)


def _date(text: str) -> dt.date | None:
    """The date that a text gives as YYYY-MM-DD, or nothing."""
    try:
        return dt.date.fromisoformat(text) if FIRST_DATE <= text <= LAST_DATE else None
    except ValueError:
        return None


def _unknown_files(folder: Path) -> Iterator[Problem]:
    """CSV files that are no table but nearly have the name of one."""
    names = {table.name: table.path for table in fact_tables()}
    for path in sorted(folder.glob("*.csv")):
        close = difflib.get_close_matches(path.stem.casefold(), names, n=1, cutoff=0.75)
        if path.name not in names.values() and close:
            expected = f"the file is no dataset; did you mean {names[close[0]]!r}?"
            yield Problem(f"{folder}/{path.name}", None, None, None, expected)


def _in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Each problem once, by file, line and column."""
    return sorted(set(problems), key=lambda one: (one.file, one.line or 0, one.column or "", one.expected))
