"""The page: one self-contained HTML file with the ledger's numbers, charts, derivations and sources."""

from __future__ import annotations

from gigaledger.report.page import write_page

__all__ = ["write_page"]
