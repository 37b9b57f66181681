"""A large ledger of invented facts with the shape of the bundled one, the same for the same seed.

Per programme 50 deals with some 70 statements in every measure of their layers, 25 sites and 50 claims; per site 20
milestones: plans that are announced, moved and carried out, in power, in compute or by chip. A third of the claims and
a sixth of the sites have an interval; most deals are about, up to or at least what they say, some give a range.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from gigaledger.paths import datasets_folder
from gigaledger.schema import tables

if TYPE_CHECKING:
    from pathlib import Path

DEALS_PER_PROGRAMME = 50
MILESTONES_PER_SITE = 20
LAST_DAY = dt.date(2026, 9, 30)
CHIPS = ("h100", "gb200", "gb300", "tpu-v7", "trainium2", "rubin", "nvidia-mix", "google-mix", "amazon-mix")
ORGANIZATIONS = ("amazon", "google", "nvidia", *(f"party-{number:03}" for number in range(300)))
STATES = ("AZ", "GA", "IA", "IN", "LA", "NY", "OH", "PA", "TX", "VA")
# Measures that a deal of a layer states, in falling frequency; and what one of them comes to, for some 100 MW.
LAYER_MEASURES = {
    "build": ("unstated_power", "unstated_capex", "total_capex", "chips", "it_power", "site_capex", "it_capex"),
    "site": ("it_power", "lease_contract", "utility_power", "facility_power", "lease_spend", "unstated_capex"),
    "chips": ("chips", "compute", "chip_capex", "chip_power", "compute_bf16"),
    "cloud": ("cloud_contract", "unstated_power", "cloud_spend", "chip_hours", "chips"),
    "capacity": ("unstated_power", "energy", "compute"),
    "debt": ("debt",),
}
TYPICAL_AMOUNTS = {
    "chips": 5e4,
    "compute": 1e5,
    "compute_bf16": 1e5,
    "energy": 8e5,
    "debt": 2e9,
    "chip_hours": 2e9,
    "lease_spend": 2e8,
    "cloud_spend": 1.5e9,
    **dict.fromkeys(("chip_power", "it_power", "facility_power", "utility_power", "unstated_power"), 100.0),
    **dict.fromkeys(("chip_capex", "it_capex", "site_capex", "total_capex", "unstated_capex"), 3e9),
    **dict.fromkeys(("lease_contract", "cloud_contract"), 5e9),
}


def write_generated_ledger(folder: Path, deals: int, milestones: int, seed: int = 0) -> Path:
    """Write a ledger of so many deals and milestones as CSV files; returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(seed)
    programmes = max(1, deals // DEALS_PER_PROGRAMME)
    sites = max(1, milestones // MILESTONES_PER_SITE)
    deal = _deals(random, deals, programmes)
    for name, frame in {
        "organization": pl.DataFrame({"organization_id": ORGANIZATIONS, "name": ORGANIZATIONS}),
        "source": pl.DataFrame({"source_id": _ids("source", 1000)}).with_columns(
            pl.col("source_id").alias("title"), pl.format("https://example.org/{}", "source_id").alias("url")
        ),
        "programme": pl.DataFrame({"programme_id": _ids("programme", programmes)}).with_columns(
            pl.col("programme_id").alias("name"), pl.Series("organization_id", random.choice(ORGANIZATIONS, programmes))
        ),
        "deal": deal,
        "statement": _statements(random, deal),
        "site": _sites(random, sites),
        "milestone": _milestones(random, sites, milestones),
        "claim": _claims(random, deals, sites, programmes),
    }.items():
        columns = [
            frame[column] if column in frame.columns else pl.lit(None, pl.String).alias(column)
            for column in tables()[name].columns
        ]
        frame.select(columns).sort(tables()[name].primary_key).write_csv(folder / f"{name}.csv")
    return folder


def _ids(kind: str, count: int) -> list[str]:
    """Ids such as deal-000001, in order."""
    return [f"{kind}-{number:07}" for number in range(1, count + 1)]


def _days(start: dt.date, offsets: np.ndarray) -> pl.Series:
    """Days so many days after a first one."""
    return pl.Series([start]).cast(pl.Date).gather(np.zeros(len(offsets), int)) + pl.Series(offsets * 86_400_000).cast(
        pl.Duration("ms")
    )


def _some(random: np.random.Generator, values: pl.Series, share: float) -> pl.Series:
    """The values with all but a share of them left unknown."""
    return pl.select(pl.when(pl.Series(random.random(len(values)) < share)).then(values)).to_series()


def _deals(random: np.random.Generator, count: int, programmes: int) -> pl.DataFrame:
    """Deals of every layer; a third lie in the deal before them of the same programme."""
    ids = np.array(_ids("deal", count))
    programme = np.arange(count) % programmes
    is_part = (np.arange(count) >= programmes) & (random.random(count) < 1 / 3)
    whole = np.where(is_part, ids[np.maximum(np.arange(count) - programmes, 0)], "")
    announced = _days(dt.date(2023, 6, 1), random.integers(0, 1200, count))
    layers = random.choice(list(LAYER_MEASURES), count, p=(0.35, 0.2, 0.15, 0.2, 0.05, 0.05))
    return pl.DataFrame(
        {
            "deal_id": ids,
            "title": ids,
            "programme_id": np.array(_ids("programme", programmes))[programme],
            "buyer_id": random.choice(ORGANIZATIONS, count),
            "seller_id": random.choice(ORGANIZATIONS, count),
            "beneficiary_id": random.choice(ORGANIZATIONS, count),
            "layer": layers,
            "announced_on": announced,
            "starts_on": _some(random, announced.dt.offset_by("13mo"), 0.4),
            "term_years": _some(random, pl.Series(random.choice([5.0, 7.0, 10.0, 15.0], count)), 0.3),
            "status": random.choice(
                ["announced", "binding", "closed", "letter_of_intent", "rumoured", "cancelled"],
                count,
                p=(0.42, 0.37, 0.13, 0.03, 0.03, 0.02),
            ),
            "chip_id": _some(random, pl.Series(random.choice(CHIPS, count)), 0.35),
            "part_of": pl.select(pl.when(pl.Series(is_part)).then(pl.Series(whole))).to_series(),
        }
    )


def _statements(random: np.random.Generator, deals: pl.DataFrame) -> pl.DataFrame:
    """One or two statements a deal, some of them in two versions; a tenth are ranges."""
    parts = []
    for version, share in ((1, 1.0), (2, 0.4), (3, 0.1)):
        part = deals.select("deal_id", "layer", "announced_on").filter(random.random(len(deals)) < share)
        # Half of the first statements are in the main measure of the layer; the second is in its next one, the third a
        # newer figure in the main one.
        places = {1: random.integers(0, 12, len(part)), 2: np.ones(len(part), int), 3: np.zeros(len(part), int)}[
            version
        ]
        measures = [
            LAYER_MEASURES[layer][place % len(LAYER_MEASURES[layer]) if place < 6 else 0]
            for layer, place in zip(part["layer"], places, strict=True)
        ]
        amounts = np.array([TYPICAL_AMOUNTS[measure] for measure in measures]) * random.lognormal(0, 0.7, len(part))
        qualifiers = random.choice(
            ["about", "exact", "up_to", "at_least", "range"], len(part), p=(0.4, 0.3, 0.12, 0.1, 0.08)
        )
        is_range = qualifiers == "range"
        parts.append(
            pl.DataFrame(
                {
                    "statement_id": [f"{deal}.{version}" for deal in part["deal_id"]],
                    "deal_id": part["deal_id"],
                    "measure": measures,
                    "amount_low": np.where(is_range, amounts * 0.8, np.nan),
                    "amount_best": amounts,
                    "amount_high": np.where(is_range, amounts * 1.3, np.nan),
                    "qualifier": qualifiers,
                    "known_on": part["announced_on"].dt.offset_by(f"{30 * (version - 1)}d"),
                    "source_id": random.choice(_ids("source", 1000), len(part)),
                }
            )
        )
    return _with_units(pl.concat(parts))


def _sites(random: np.random.Generator, count: int) -> pl.DataFrame:
    """Sites with an operator and an owner, a few of which have a mix of chips of their own."""
    ids = _ids("site", count)
    return pl.DataFrame(
        {
            "site_id": ids,
            "name": ids,
            "state": random.choice(STATES, count),
            "country": ["US"] * count,
            "operator_id": random.choice(ORGANIZATIONS, count),
            "owner_id": random.choice(ORGANIZATIONS, count),
        }
    )


def _milestones(random: np.random.Generator, sites: int, count: int) -> pl.DataFrame:
    """Twenty milestones a site: five phases of four facts, each phase larger and later than the one before."""
    place = np.arange(count)
    site, step = place // MILESTONES_PER_SITE % sites, place % MILESTONES_PER_SITE
    phase, fact = step // 4, step % 4
    # What the phases of a site are stated in; fact 1 gives a second measure of the same state, fact 3 a moved plan.
    by_site = {
        "first": random.choice(["it_power", "facility_power", "compute", "chips", "unstated_power"], sites),
        "second": random.choice(["it_power", "facility_power", "utility_power", "compute"], sites),
        "chip": random.choice(CHIPS, sites),
        "has_interval": random.random(sites) < 1 / 6,
        "start": random.integers(0, 700, sites),
        "size": random.lognormal(0, 0.8, sites),
    }
    measures = np.where(fact == 1, by_site["second"][site], by_site["first"][site])
    stages = np.array(["operational", "operational", "under_construction", "planned"])[fact]
    on_day = by_site["start"][site] + phase * 150 + np.array([300, 300, 60, 420])[fact] + random.integers(0, 20, count)
    known_day = np.where(stages == "planned", on_day - 400, on_day)
    last = (LAST_DAY - dt.date(2023, 6, 1)).days
    is_future = known_day > last
    stages = np.where(is_future, "planned", stages)
    known_day = np.where(is_future, last - (on_day - known_day) % 90 - step, known_day)
    amounts = np.array([TYPICAL_AMOUNTS[measure] for measure in measures])
    amounts = amounts * by_site["size"][site] * (phase + 1 + np.array([0, 0, 0.6, 1.5])[fact]) / 5
    spread = by_site["has_interval"][site]
    return _with_units(
        pl.DataFrame(
            {
                "milestone_id": np.char.add(
                    np.char.add(np.array(_ids("site", sites))[site], "."), np.char.zfill(place.astype(str), 7)
                ),
                "site_id": np.array(_ids("site", sites))[site],
                "on_date": _days(dt.date(2023, 6, 1), on_day),
                "stage": stages,
                "measure": measures,
                "amount_low": np.where(spread, amounts * 0.85, np.nan),
                "amount_best": amounts,
                "amount_high": np.where(spread, amounts * 1.2, np.nan),
                "chip_id": pl.select(
                    pl.when(pl.Series(measures == "chips")).then(pl.Series(by_site["chip"][site]))
                ).to_series(),
                "known_on": _days(dt.date(2023, 6, 1), known_day),
                "source_id": random.choice(_ids("source", 1000), count),
            }
        )
    )


def _claims(random: np.random.Generator, count: int, sites: int, programmes: int) -> pl.DataFrame:
    """Two claims a site, of two deals of one programme or of two programmes; a third of the shares are intervals."""
    place = np.arange(count)
    site = place % sites
    deal = (site % programmes + programmes * random.integers(0, DEALS_PER_PROGRAMME, count)) % count
    elsewhere = random.random(count) < 0.1
    deal = np.where(elsewhere, random.integers(0, count, count), deal)
    best = random.choice([0.3, 0.5, 0.8, 1.0], count)
    has_interval = random.random(count) < 1 / 3
    frame = pl.DataFrame(
        {
            "claim_id": _ids("claim", count),
            "deal_id": np.array(_ids("deal", count))[deal],
            "site_id": np.array(_ids("site", sites))[site],
            "share_low": np.where(has_interval, best * 0.6, np.nan),
            "share_best": best,
            "share_high": np.where(has_interval, np.minimum(1, best * 1.2), np.nan),
            "known_on": _days(dt.date(2024, 6, 1), random.integers(0, 800, count)),
            "source_id": random.choice(_ids("source", 1000), count),
            "confidence": ["medium"] * count,
        }
    )
    return frame.with_columns(pl.col("share_low", "share_high").fill_nan(None))


def _with_units(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with the unit of their measure, and amounts that are not stated left unknown."""
    measures = pl.read_csv(datasets_folder() / "vocabulary" / "measure.csv")
    return rows.with_columns(
        pl.col("measure").replace_strict(measures["measure"], measures["unit"]).alias("unit"),
        pl.col("amount_low", "amount_best", "amount_high").fill_nan(None).round_sig_figs(6),
    )
