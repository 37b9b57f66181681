"""The one text of the bucket stage, with the columns of a question in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gigaledger.paths import sql_folder

if TYPE_CHECKING:
    from collections.abc import Iterable

_COLUMNS = "    measure,\n    chip,\n    year"


def bucket_query(columns: Iterable[str], *, is_uncertain: bool) -> str:
    """The SQL of the bucket stage.

    Args:
        columns: what distinguishes buckets, by the names in `posting_line`: letters, digits and underscores.
        is_uncertain: whether the amounts have a low and a high.
    """
    name = "bucket_uncertain" if is_uncertain else "bucket"
    text = (sql_folder() / "core" / f"{name}.sql").read_text(encoding="utf-8")
    code = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    return code.replace(_COLUMNS, ",\n".join(f"    {column}" for column in columns))
