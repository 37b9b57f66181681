"""The ledger as Parquet files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gigaledger.schema import tables

if TYPE_CHECKING:
    from pathlib import Path

    from gigaledger.ledger import Ledger


def write_parquet(ledger: Ledger, folder: Path) -> dict[str, int]:
    """One Parquet file per table of the datasets; returns their numbers of rows."""
    written = {}
    for name in tables():
        file = folder / f"{name}.parquet"
        ledger.connection.sql(f"from {name}").write_parquet(str(file), compression="zstd")
        written[file.name] = ledger.rows(f"select count(*) from {name}")[0][0]
    return written
