"""The aggregation core as a contestant: full intervals, re-rating, and a partition more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from answers import Answer, answer_of
from workload import TARGETS

import gigaledger

if TYPE_CHECKING:
    from gigaledger.aggregation.plan import Plan

# Another assumption under which kept buckets are rated anew.
CHANGED = {"peak_pue": (1.1, 1.2, 1.35)}


def core_plan(source: Any, engine: str) -> Plan:
    """Full intervals by site, with the buckets kept, rated once."""
    plan: Any = gigaledger.aggregate(source, by=["site"], to=TARGETS, engine=engine, keep=True)
    plan.rows = plan.result
    return plan


def core_answer(plan: Any) -> Answer:
    """The answer in a plan that is rated."""
    rows = plan.rows
    sites = rows["site"].cast(str).to_numpy()[:: len(TARGETS)]
    names = ("mean", "p05", "p50", "p95")
    cube = np.stack([rows[f"amount_{name}"].to_numpy().reshape(-1, len(TARGETS)) for name in names], axis=2)
    return answer_of(sites, list(cube[:, :, 0].T), percentiles=cube[:, :, 1:])
