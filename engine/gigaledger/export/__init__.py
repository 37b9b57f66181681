"""The ledger as files for other programs: Parquet for BI tools, a workbook, journals of plain-text accounting."""

from __future__ import annotations

from gigaledger.export.folder import export_ledger
from gigaledger.export.formats import FORMATS, Format

__all__ = ["FORMATS", "Format", "export_ledger"]
