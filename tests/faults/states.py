"""The state of a ledger file, told without the engine, so that a reader starts at once."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    import multiprocessing
    from multiprocessing.sharedctypes import Synchronized
    from multiprocessing.synchronize import Event

OLD_NAME, NEW_NAME = "Campus of Lab", "Campus of Lab, renamed"
# Readers leave the builder some of the processor.
_PAUSE = 0.3


def state_of_file(file: Path, deals: int = 4) -> str:
    """`old` or `new` for a whole ledger file with that many deals; otherwise what is wrong with it.

    The small ledger has four deals.
    """
    try:
        with duckdb.connect(str(file), read_only=True, config={"threads": 1}) as connection:
            name, dictionary, found = connection.execute(
                "select (select name from programme where programme_id = 'lab-campus'), "
                "(select count(*) from dictionary), (select count(*) from deal)"
            ).fetchall()[0]
    except duckdb.Error as error:
        return f"unreadable: {error}"
    if not dictionary or found != deals:
        return f"not whole: {dictionary} rows of dictionary, {found} deals"
    return {OLD_NAME: "old", NEW_NAME: "new"}.get(name, f"neither: {name}")


def read_until(over: Event, file: str, count: Synchronized[int], losses: multiprocessing.Queue[str]) -> None:
    """Open the file, look at it and close it, at least once and until it is over."""
    is_last = False
    while not is_last:
        is_last = over.is_set()
        state = state_of_file(Path(file))
        if state not in {"old", "new"}:
            losses.put(state)
        with count.get_lock():
            count.value += 1
        time.sleep(_PAUSE)
