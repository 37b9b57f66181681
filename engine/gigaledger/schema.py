"""The schema of the datasets, read from `datasets/datapackage.json`: the one description of every table and column."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from gigaledger.paths import datasets_folder

SQL_TYPES = {"string": "varchar", "number": "double", "integer": "integer", "date": "date"}


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its type, meaning, unit and the constraints that every value must meet."""

    name: str
    type: str
    description: str
    unit: str | None
    required: bool
    pattern: str | None
    enum: tuple[str, ...]
    minimum: float | None
    maximum: float | None

    @property
    def sql_type(self) -> str:
        """The DuckDB type of the column."""
        return SQL_TYPES[self.type]

    @property
    def comment(self) -> str:
        """The meaning with the unit in square brackets, as it stands on the column in DuckDB."""
        return f"{self.description} [{self.unit or _unit_of_type(self.type)}]"


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A column whose values are keys of another table."""

    column: str
    table: str
    key: str


@dataclass(frozen=True, slots=True)
class Table:
    """One CSV file: its columns, key and references."""

    name: str
    path: str
    title: str
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...]

    @property
    def is_vocabulary(self) -> bool:
        """Whether the table is part of the language, which a user's own ledger does not replace."""
        return self.path.startswith("vocabulary/")

    @property
    def columns(self) -> tuple[str, ...]:
        """The column names in the order of the file."""
        return tuple(field.name for field in self.fields)


@cache
def tables() -> dict[str, Table]:
    """Every table of the data package by name, in its order (referenced tables need not come first)."""
    package = json.loads((datasets_folder() / "datapackage.json").read_text(encoding="utf-8"))
    return {resource["name"]: _table(resource) for resource in package["resources"]}


def fact_tables() -> list[Table]:
    """The tables that hold facts and that a user's own ledger may bring."""
    return [table for table in tables().values() if not table.is_vocabulary]


def _table(resource: dict[str, Any]) -> Table:
    """One table from its resource in the data package."""
    schema = resource["schema"]
    return Table(
        name=resource["name"],
        path=resource["path"],
        title=resource["title"],
        fields=tuple(_field(field) for field in schema["fields"]),
        primary_key=tuple(schema["primaryKey"]),
        foreign_keys=tuple(
            ForeignKey(key["fields"], key["reference"]["resource"] or resource["name"], key["reference"]["fields"])
            for key in schema.get("foreignKeys", [])
        ),
    )


def _field(field: dict[str, Any]) -> Field:
    """One column from its field descriptor."""
    constraints = field.get("constraints", {})
    return Field(
        name=field["name"],
        type=field["type"],
        description=field["description"],
        unit=field.get("unit"),
        required=constraints.get("required", False),
        pattern=constraints.get("pattern"),
        enum=tuple(constraints.get("enum", ())),
        minimum=constraints.get("minimum"),
        maximum=constraints.get("maximum"),
    )


def _unit_of_type(type_name: str) -> str:
    """What stands in the brackets of a column without a unit."""
    return {"string": "text", "date": "date", "integer": "1", "number": "1"}[type_name]
