"""Epoch AI's public data-centre tables ("Frontier Data Centers", CC BY 4.0) as sites, milestones and claims.

Column names, links and thresholds are declared in the tables beside the modules; figures decide what a column measures.
"""

from gigaledger.sources.epoch.importing import import_vintage, read_names
from gigaledger.sources.epoch.report import Report

__all__ = ["Report", "import_vintage", "read_names"]
