"""The formats of an export: one function each, in a module that is imported only when the format is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from gigaledger.errors import UnknownFormat, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gigaledger.ledger import Ledger

    # Writes its files into an empty folder; returns their names with their numbers of rows, in the order to show them.
    Writer = Callable[[Ledger, Path], dict[str, int]]

DEFAULT_FORMAT = "parquet"


@dataclass(frozen=True, slots=True)
class Format:
    """One format: what it gives, and the function that writes it."""

    meaning: str
    module: str
    function: str

    def writer(self) -> Writer:
        """The function that writes the files."""
        written: Writer = getattr(import_module(self.module), self.function)
        return written


FORMATS = {
    "parquet": Format("a star schema for BI tools", "gigaledger.export.star", "write_parquet"),
    "xlsx": Format("a workbook with live formulas and charts", "gigaledger.export.workbook", "write_workbook"),
    "beancount": Format("a journal for Beancount", "gigaledger.export.journal", "write_beancount"),
    "hledger": Format("a journal for hledger", "gigaledger.export.journal", "write_hledger"),
}


def checked_format(name: str) -> Format:
    """The format of that name.

    Raises:
        UnknownFormat: there is none.
    """
    if name not in FORMATS:
        raise UnknownFormat(
            f"{name!r} is not a format; expected one of {', '.join(FORMATS)}{did_you_mean(name, FORMATS)}"
        )
    return FORMATS[name]
