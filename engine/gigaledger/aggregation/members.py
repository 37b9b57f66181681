"""What chips and mixes consist of: members by delivery year, their facts, and the assumptions that rate them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from gigaledger.ledger import Ledger

_PATH_COLUMNS = ("chip_id", "year", "member_id", "share")
_QUERY = """
select rate_path.*, chip.fp8_dense_tflops, chip.bf16_dense_tflops, chip.tdp_w as rated_w
from rate_path
inner join chip on rate_path.member_id = chip.chip_id
order by rate_path.chip_id, rate_path.year, rate_path.member_id
"""


@dataclass(frozen=True)
class Members:
    """Members, one place each.

    Attributes:
        places: those of each chip or mix and delivery year.
        facts: numbers by the name that the bundle formula has for them; nan where they are not known.
        keys: the assumption_key of each parameter; None where no assumption sets it.
    """

    places: dict[tuple[str, int], list[int]]
    facts: dict[str, npt.NDArray[np.float64]]
    keys: dict[str, list[str | None]]


def members_of(ledger: Ledger) -> Members:
    """The members of every chip and mix of a ledger."""
    rows = ledger.frame(_QUERY)
    places: dict[tuple[str, int], list[int]] = {}
    for place, pair in enumerate(rows.select("chip_id", "year").rows()):
        places.setdefault(pair, []).append(place)
    numbers = {
        "rate_path.share": "share",
        "chip.fp8_dense_tflops": "fp8_dense_tflops",
        "chip.bf16_dense_tflops": "bf16_dense_tflops",
        "chip.tdp_w": "rated_w",
    }
    facts = {name: rows[column].cast(float).fill_null(float("nan")).to_numpy() for name, column in numbers.items()}
    parameters = [name for name in rows.columns if name not in (*_PATH_COLUMNS, *numbers.values())]
    keys = {name: rows[name].to_list() for name in parameters}
    return Members(places, facts, keys)
