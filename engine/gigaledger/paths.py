"""Where the formulas and the bundled facts stand: inside the wheel, or beside `engine/` in a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def sql_folder() -> Path:
    """The folder of the SQL files."""
    return _shipped_or_checked_out("sql")


def datasets_folder() -> Path:
    """The folder of the bundled datasets."""
    return _shipped_or_checked_out("datasets")


def _shipped_or_checked_out(name: str) -> Path:
    """The folder inside the package when installed from a wheel, else at the top of the checkout."""
    shipped = _PACKAGE / name
    return shipped if shipped.is_dir() else _PACKAGE.parents[1] / name
