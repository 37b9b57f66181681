"""The checks of a ledger that is loaded but not yet used: values, keys, references, rules and units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gigaledger.errors import GigaledgerError, Problem, did_you_mean
from gigaledger.paths import sql_folder
from gigaledger.schema import Field, Table, fact_tables

if TYPE_CHECKING:
    import duckdb

_NUMBER = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?"
_INTEGER = r"[+-]?[0-9]+"
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
# Beyond these a figure is a slip of the keyboard, and products of several would leave the range of numbers.
LARGEST_NUMBER = 1e30
FIRST_DATE, LAST_DATE = "1900-01-01", "2199-12-31"


def value_problems(connection: duckdb.DuckDBPyConnection, table: Table) -> list[Problem]:
    """The values of `raw_text` that break the type or a constraint of their column."""
    checks = ", ".join(
        f"{{'name': '{field.name}', 'value': {field.name}, 'broken': {_broken_constraint(field)}}}"
        for field in table.fields
    )
    rows = connection.execute(
        "select _file, _line, cell.name, cell.value, cell.broken "
        f"from (select _file, _line, unnest([{checks}]) as cell from raw_text) where cell.broken is not null"
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


def key_problems(connection: duckdb.DuckDBPyConnection, table: Table) -> list[Problem]:
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


def reference_problems(connection: duckdb.DuckDBPyConnection, unread: set[str]) -> list[Problem]:
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


def rule_problems(connection: duckdb.DuckDBPyConnection, only: frozenset[str] | None) -> list[Problem]:
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


def told_once(form: list[Problem], values: list[Problem], rules: list[Problem]) -> list[Problem]:
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


def convert_units(connection: duckdb.DuckDBPyConnection) -> list[Problem]:
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
