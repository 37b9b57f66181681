"""Cloud bills as drawdown of commitments: FOCUS, the FinOps Open Cost and Usage Specification, 1.2 to 1.4."""

from __future__ import annotations

from gigaledger.sources.focus.importing import bill_rows, import_bill

__all__ = ["bill_rows", "import_bill"]
