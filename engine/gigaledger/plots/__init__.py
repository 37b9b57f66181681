"""Charts of a ledger, for notebooks and for the page: each is defined once and drawn by Vega."""

from __future__ import annotations

from gigaledger.plots.accessor import Plots

__all__ = ["Plots"]
