"""Importers: other people's published tables and bills as rows of a ledger."""
