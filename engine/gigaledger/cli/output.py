"""What commands print: JSON, and progress while it takes long."""

from __future__ import annotations

import contextlib
import json
import math
import sys
from typing import Any

import click

from gigaledger.errors import BadQuantity


def progress(text: str) -> contextlib.AbstractContextManager[Any]:
    """A spinner on standard error while it is a terminal."""
    if not sys.stderr.isatty():
        return contextlib.nullcontext()
    from rich.console import Console

    return Console(stderr=True).status(text)


def print_json(document: Any, *, is_large: bool = False) -> None:
    """One JSON document, numbers unrounded, dates as text; a large one on one line, which is written much faster."""
    indent = None if is_large else 2
    click.echo(json.dumps(document, ensure_ascii=False, indent=indent, allow_nan=False, default=str))


def checked_finite(document: Any) -> Any:
    """The document, refused where an amount in it is beyond the range of numbers."""
    if isinstance(document, float) and not math.isfinite(document):
        raise BadQuantity("the result is beyond the range of numbers; expected smaller amounts or other assumptions")
    parts = document.values() if isinstance(document, dict) else document
    for part in parts if isinstance(document, dict | list) else ():
        checked_finite(part)
    return document


def as_json_value(cell: Any) -> Any:
    """A value of a query's result as JSON has it: what is no number is null, names of a map are texts."""
    match cell:
        case float() if not math.isfinite(cell):
            return None
        case dict():
            return {str(name): as_json_value(value) for name, value in cell.items()}
        case list() | tuple():
            return [as_json_value(value) for value in cell]
        case _:
            return cell
