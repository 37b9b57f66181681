"""Arrow arrays laid over buffers: `pa.array` loads pandas where it is installed, which takes a quarter of a second."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Sequence


def array_of_numbers(values: np.ndarray[Any, Any]) -> pa.Array:
    """Numbers in one dimension without a copy; NaN is null."""
    values = np.ascontiguousarray(values)
    known = None if values.dtype.kind != "f" else ~np.isnan(values)
    return pa.Array.from_buffers(
        pa.from_numpy_dtype(values.dtype), len(values), [_validity(known), pa.py_buffer(values)]
    )


def array_of_texts(values: Sequence[str | None]) -> pa.Array:
    """Texts in UTF-8; None is null.

    Example:
        >>> array_of_texts(["é", None, ""]).to_pylist()
        ['é', None, '']
    """
    encoded = [b"" if value is None else value.encode() for value in values]
    ends = np.cumsum([0, *map(len, encoded)], dtype=np.int32)
    known = np.array([value is not None for value in values], dtype=bool)
    buffers = [_validity(known), pa.py_buffer(ends), pa.py_buffer(b"".join(encoded))]
    return pa.Array.from_buffers(pa.string(), len(values), buffers)


def _validity(known: np.ndarray[Any, Any] | None) -> pa.Buffer | None:
    """The bits that say which values are there; none where all are."""
    if known is None or known.all():
        return None
    return pa.py_buffer(np.packbits(known, bitorder="little"))
