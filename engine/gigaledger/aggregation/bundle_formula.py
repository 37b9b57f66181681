"""The bundle formula of sql/ on arrays: its text is read as it stands, so that the formula exists once.

An assumption that changes asks for some thousand products; as a query over draws, planning alone would take longer than
rating a hundred million rows may. So each column of `sql/rates/bundle_draw_formula.sql` is read as an expression of the
columns before it and reckoned on arrays, null as nan; a test holds the two together.
"""

from __future__ import annotations

import ast
import operator
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from gigaledger.paths import sql_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import numpy.typing as npt

    Array = npt.NDArray[np.float64]
    Places = npt.NDArray[np.int64]

_STEP = re.compile(r"^ *select\n(.*?)^ *from ", re.DOTALL | re.MULTILINE)
_ITEM = re.compile(r"(?P<value>.+?)(?: as (?P<name>\w+))?")
_MACRO = re.compile(r"create or replace macro \w+\((?P<parameters>.*?)\) as\s+(?P<value>[^;]+);", re.DOTALL)
_CAST = re.compile(r"::\w+")
_OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_KEYS = ("chip_id", "year", "draw")

Columns = tuple[tuple[str, ast.expr], ...]


@lru_cache(maxsize=1)
def formula() -> Columns:
    """Every column of the bundle formula and of the contracts that rest on it, in order of dependence."""
    entries = _columns(sql_folder() / "core" / "bundle_entries.sql")
    return (*bundle_columns(), *((name, value) for name, value in entries if name.endswith(("_contract", "_hours"))))


@lru_cache(maxsize=1)
def bundle_columns() -> Columns:
    """Every column of the bundle formula, in order of dependence."""
    return tuple(_columns(sql_folder() / "rates" / "bundle_draw_formula.sql"))


def _columns(path: Path) -> list[tuple[str, ast.expr]]:
    """The columns of every step of a query but for its keys and stars."""
    lines = path.read_text(encoding="utf-8").splitlines()
    code = "\n".join(line for line in lines if not line.startswith(("--", "comment on")))
    found = []
    for step in _STEP.findall(code):
        for text in _split(" ".join(_CAST.sub("", step).split())):
            item = _ITEM.fullmatch(text)
            if item is None or text.startswith(("*", "bundle.*")):
                continue
            value = item["value"]
            name = item["name"] or value.rpartition(".")[2]
            if name not in _KEYS:
                found.append((name, ast.parse(value, mode="eval").body))
    return found


def _split(text: str) -> list[str]:
    """The items of a list, which commas outside of parentheses separate."""
    depth, items = 0, [""]
    for sign in text:
        depth += (sign == "(") - (sign == ")")
        if sign == "," and depth == 0:
            items.append("")
        else:
            items[-1] += sign
    return [item.strip() for item in items if item.strip()]


@lru_cache(maxsize=64)
def _macro(name: str) -> tuple[list[str], ast.expr]:
    """The parameters and the value of a macro of sql/, which stands in the file of its name."""
    path = next(sql_folder().rglob(f"{name}.sql"))
    found = _MACRO.search(path.read_text(encoding="utf-8"))
    if found is None:
        message = f"{path}: expected a macro of one expression"
        raise ValueError(message)
    value = " ".join(_CAST.sub("", found["value"]).split())
    return _split(found["parameters"]), ast.parse(value, mode="eval").body


def constant(name: str) -> float:
    """The number that a macro of sql/constants stands for."""
    _, value = _macro(name)
    return float(ast.literal_eval(value))


@dataclass(frozen=True)
class BundleColumns:
    """The columns of the formula, one row per chip and year and one column per draw.

    Attributes:
        known: what they rest on by name.
        values: every column in order; some names come twice, of the members first and then of their mix.
        columns: the formula.
    """

    known: Mapping[str, Array]
    values: tuple[Array, ...]
    columns: Columns

    def named(self) -> dict[str, Array]:
        """The columns by name, of each the last."""
        return {name: values for (name, _), values in zip(self.columns, self.values, strict=True)}


def bundles(
    columns: Columns, known: Mapping[str, Array], starts: Places, before: BundleColumns | None = None
) -> BundleColumns:
    """Reckon the columns of the formula.

    Args:
        columns: the formula.
        known: what it rests on by name (`rate_path.share`, `chip.tdp_w`, `peak_pue.draws`), members x draws or x 1.
        starts: the first member of each chip and year.
        before: those of the same members; a column is taken over where all that it rests on is the same array.
    """

    def mean_of_mix(amount: Array, share: Array) -> Array:
        if len(starts) == len(share):  # chips alone, each its only member
            return amount
        product: Array = np.add.reduceat(amount * share, starts, axis=0)
        return product

    functions: dict[str, Callable[..., Any]] = {
        "coalesce": lambda value, other: np.where(np.isnan(value), other, value),
        "unnest": lambda value: value,
        "mean_of_mix": mean_of_mix,
    }
    found, earlier = dict(known), dict(before.known) if before else {}
    values = []
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for place, (name, value) in enumerate(columns):
            is_same = before is not None and all(found[one] is earlier[one] for one in _names(value))
            found[name] = before.values[place] if before and is_same else _value(value, found, functions)
            values.append(found[name])
            if before:
                earlier[name] = before.values[place]
    return BundleColumns(known, tuple(values), columns)


@lru_cache(maxsize=1024)
def _names(node: ast.expr) -> tuple[str, ...]:
    """The names of the columns that an expression rests on."""
    if isinstance(node, ast.Attribute | ast.Name):
        return (_name(node),)
    sides = (node.left, node.right) if isinstance(node, ast.BinOp) else node.args if isinstance(node, ast.Call) else ()
    return tuple(name for side in sides for name in _names(side))


def _value(node: ast.expr, known: Mapping[str, Any], functions: Mapping[str, Callable[..., Any]]) -> Any:
    """The value of an expression."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.BinOp):
        left, right = (_value(side, known, functions) for side in (node.left, node.right))
        return _OPERATORS[type(node.op)](left, right)
    if isinstance(node, ast.Call):
        name, arguments = _name(node.func), [_value(one, known, functions) for one in node.args]
        if name in functions:
            return functions[name](*arguments)
        parameters, value = _macro(name)
        return _value(value, dict(zip(parameters, arguments, strict=True)), functions)
    return known[_name(node)]


def _name(node: ast.expr) -> str:
    """The name of a column, with that of its table; `bundle` and `term` are steps of the formula, no tables."""
    if isinstance(node, ast.Attribute):
        table = _name(node.value)
        return node.attr if table in ("bundle", "term") else f"{table}.{node.attr}"
    if isinstance(node, ast.Name):
        return node.id
    message = f"{ast.unparse(node)!r} in the bundle formula: expected names, numbers, + - * / **, and functions"
    raise ValueError(message)
