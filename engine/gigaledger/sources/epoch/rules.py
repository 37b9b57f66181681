"""What the importer declares: column names, links, tags and thresholds, read from the tables beside this module."""

from __future__ import annotations

import csv
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).resolve().parent
FILES = {
    "data_centers": "data_centers.csv",
    "timelines": "data_center_timelines.csv",
    "chip_quantities": "data_center_chip_quantities.csv",
}
NEEDED_FILES = ("data_centers", "timelines")


@cache
def rules() -> dict[str, Any]:
    """The thresholds of `rules.toml`."""
    return tomllib.loads((_HERE / "rules.toml").read_text(encoding="utf-8"))


@cache
def declared(name: str) -> tuple[dict[str, str], ...]:
    """The rows of one of the tables beside this module, such as `columns`."""
    with (_HERE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file, strict=True))


@cache
def columns_of(file: str) -> dict[str, dict[str, str]]:
    """The declared columns of a file of a vintage by normalised name."""
    return {normal_column(row["column"]): row for row in declared("columns") if row["file"] == file}


def normal_column(name: str) -> str:
    """A column name without what drifts between vintages: case, spaces, and the year of the dollars."""
    return re.sub(r"\b20\d\d\b", "yyyy", " ".join(name.split()).casefold())


def normal_file(name: str) -> str:
    """A file name without case, separators and the number that a browser adds to a second download."""
    return re.sub(r"[^a-z0-9.]", "", re.sub(r"\s*\(\d+\)(?=\.)", "", name.casefold()))


def normal_name(name: str) -> str:
    """A name of a place or party without case and doubled spaces."""
    return " ".join(name.split()).casefold()


def normal_chip(name: str) -> str:
    """A name of a chip without case, spaces and hyphens."""
    return re.sub(r"[\s-]", "", name.casefold())


def declared_site(name: str) -> str | None:
    """The site_id that is declared for a name of a site, if one is."""
    return _by_name("sites", "name", "site_id").get(normal_name(name))


@cache
def _by_name(table: str, key: str, value: str) -> dict[str, str]:
    """A declared table as a mapping from normalised names."""
    return {normal_name(row[key]): row[value] for row in declared(table)}


def declared_organization(name: str) -> str | None:
    """The organization_id that is declared for a name of a party, if one is."""
    return _by_name("organizations", "name", "organization_id").get(normal_name(name))


def declared_chip(name: str) -> str | None:
    """The chip_id that is declared for a label of the chip table, if one is."""
    return _by_name("chips", "chip", "chip_id").get(normal_name(name))


def declared_country(name: str) -> str | None:
    """The ISO code of a country by its name, if it is declared."""
    return _by_name("countries", "name", "country").get(normal_name(name))


def declared_tag(tag: str) -> dict[str, str] | None:
    """Confidence and shares of an attribution tag without its `#`; the empty tag is an attribution without one."""
    return {row["tag"]: row for row in declared("tags")}.get(tag)
