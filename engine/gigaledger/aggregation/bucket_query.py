"""The one text of the bucket stage, with the keys of a question in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gigaledger.paths import sql_folder

if TYPE_CHECKING:
    from collections.abc import Iterable

_PLACE = "/* keys, */"


def bucket_query(keys: Iterable[str], quote: str = '"', name: str = "bucket") -> str:
    """The SQL of the bucket stage.

    Args:
        keys: names of the keys in `posting_line`.
        quote: what the engine puts around a name.
        name: the text in `sql/core/`.
    """
    text = (sql_folder() / "core" / f"{name}.sql").read_text(encoding="utf-8")
    named = "".join(f"{quote}{key.replace(quote, quote * 2)}{quote}, " for key in keys)
    return text.replace(_PLACE, named)
