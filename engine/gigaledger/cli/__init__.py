"""The command line: thin; every command opens a ledger, asks one question and prints the answer or its JSON."""

from __future__ import annotations

from gigaledger.cli.main import cli, main, run

__all__ = ["cli", "main", "run"]
