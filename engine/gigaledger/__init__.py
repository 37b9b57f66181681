"""Gigaledger: announced and built AI compute capacity on one scale, with intervals and sources.

Example:
    >>> import gigaledger
    >>> frame = gigaledger.convert("1e6 TPUv7", to="chips")
    >>> frame["p50"].item()
    1000000.0
"""

from __future__ import annotations

from gigaledger.api import aggregate, convert, convert_frame, kept_buckets, open
from gigaledger.errors import GigaledgerError
from gigaledger.ledger import Ledger

__all__ = ["GigaledgerError", "Ledger", "aggregate", "convert", "convert_frame", "kept_buckets", "open"]
