"""The rows that charts draw: amounts in the units that a reader sees, each with the text that stands beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from gigaledger.figures import figure, interval_figure
from gigaledger.plots.parts import ACCOUNT_WORDS, label_lines
from gigaledger.plots.scales import BILLION, SCALES, scale_of
from gigaledger.reconciliation import ACCOUNTS
from gigaledger.results import STAGES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from gigaledger.ledger import Ledger

# Enough to draw, and to print three digits.
DIGITS = 9
SERIES = ("pledged", "operational", "operational_or_planned")


def account_rows(document: Mapping[str, Any]) -> pl.DataFrame:
    """The reconciliation; one row per programme, account and measure.

    Args:
        document: the document of `gigaledger reconcile --json`.

    Returns:
        programme_id, programme, programme_lines, rank (by what is pledged), account, measure, unit, low, middle, high,
        mean [unit], label.
    """
    rows = []
    for rank, programme in enumerate(sorted(document["programmes"], key=_pledged, reverse=True)):
        for measure, accounts in programme["measures"].items():
            for account in ACCOUNTS:
                value = accounts[account]
                scale = scale_of(measure, value["unit"] if value else "")
                rows.append(
                    {
                        "programme_id": programme["programme_id"],
                        "programme": programme["name"],
                        "rank": rank,
                        "programme_lines": label_lines(programme["name"]),
                        "account": ACCOUNT_WORDS[account],
                        "measure": measure,
                        "unit": scale.unit,
                        **_points(value, scale.divisor),
                        "label": interval_figure(value, scale.divisor),
                    }
                )
    return pl.DataFrame(rows, schema=_ACCOUNT_SCHEMA)


_POINTS = {"low": pl.Float64, "middle": pl.Float64, "high": pl.Float64, "mean": pl.Float64}
_ACCOUNT_SCHEMA = {
    "programme_id": pl.String,
    "programme": pl.String,
    "programme_lines": pl.String,
    "rank": pl.Int64,
    "account": pl.String,
    "measure": pl.String,
    "unit": pl.String,
    **_POINTS,
    "label": pl.String,
}


def quarter_rows(ledger: Ledger, as_of: dt.date) -> pl.DataFrame:
    """The ramp by quarter from the quarter before its first amount; one row per programme, quarter and measure.

    Returns:
        programme_id, measure, unit, quarter, quarter_end, as_of, is_actual, is_expected (from the running quarter on),
        and for pledged, operational and operational_or_planned `_low`, `_middle`, `_high` in the unit shown, `_label`.
    """
    rows: list[dict[str, Any]] = []
    begun: set[tuple[str, str]] = set()
    before: dict[tuple[str, str], dict[str, Any]] = {}
    for record in ledger.records("from build_out_by_quarter_as_of($1::date)", [as_of]):
        key = (record["programme_id"], record["measure"])
        row = _quarter_row(record, as_of)
        if key not in begun and not any(record[f"{series}_p95"] for series in SERIES):
            before[key] = row
            continue
        if key not in begun and key in before:
            rows.append(before[key])
        begun.add(key)
        rows.append(row)
    names = [f"{series}_{name}" for series in SERIES for name in ("low", "middle", "high")]
    return pl.DataFrame(
        rows,
        schema={
            "programme_id": pl.String,
            **dict.fromkeys(("measure", "unit", "quarter", "quarter_end", "as_of"), pl.String),
            "is_actual": pl.Boolean,
            "is_expected": pl.Boolean,
            **dict.fromkeys(names, pl.Float64),
            **dict.fromkeys([f"{series}_label" for series in SERIES], pl.String),
        },
    )


def _quarter_row(record: Mapping[str, Any], as_of: dt.date) -> dict[str, Any]:
    """One quarter of one programme in one measure."""
    scale = scale_of(record["measure"], record["unit"])
    row: dict[str, Any] = {
        "programme_id": record["programme_id"],
        "measure": record["measure"],
        "unit": scale.unit,
        "quarter": f"{record['quarter_end'].year} Q{(record['quarter_end'].month + 2) // 3}",
        "quarter_end": record["quarter_end"].isoformat(),
        "as_of": as_of.isoformat(),
        "is_actual": record["is_actual"],
        "is_expected": record["quarter_end"] >= as_of,
    }
    for series in SERIES:
        value = {name: record[f"{series}_{name}"] for name in ("mean", "p05", "p50", "p95")}
        points = _points(value if value["p50"] is not None else None, scale.divisor)
        row |= {f"{series}_{name}": points[name] for name in ("low", "middle", "high")}
        row[f"{series}_label"] = interval_figure(value, scale.divisor)
    return row


def site_rows(ledger: Ledger, as_of: dt.date, measures: list[str]) -> pl.DataFrame:
    """The sites with a figure; one row per site and measure.

    Returns:
        site_id, site, place, state, country, latitude, longitude [degree], measure, unit, operational,
        under_construction, planned [mean, unit shown], total (their sum: means add) and the label of each stage.
    """
    records = ledger.records(_SITES, [as_of, measures])
    rows = []
    for record in records:
        scale = scale_of(record["measure"], record["unit"])
        means = {stage: _rounded((record[f"{stage}_mean"] or 0) / scale.divisor) for stage in STAGES}
        rows.append(
            {
                **{name: record[name] for name in ("site_id", "site", "state", "country", "latitude", "longitude")},
                "place": ", ".join(part for part in (record["state"], record["country"]) if part),
                "measure": record["measure"],
                "unit": scale.unit,
                **means,
                "total": _rounded(sum(value for value in means.values() if value)),
                **{
                    f"{stage}_label": interval_figure(
                        {point: record[f"{stage}_{point}"] for point in ("p05", "p50", "p95")}, scale.divisor
                    )
                    for stage in STAGES
                },
            }
        )
    texts = ("site_id", "site", "state", "country")
    return pl.DataFrame(
        rows,
        schema={
            **dict.fromkeys(texts, pl.String),
            "latitude": pl.Float64,
            "longitude": pl.Float64,
            **dict.fromkeys(("place", "measure", "unit"), pl.String),
            **dict.fromkeys((*STAGES, "total"), pl.Float64),
            **dict.fromkeys([f"{stage}_label" for stage in STAGES], pl.String),
        },
    )


_SITES = """
select capacity.*, capacity.name as site, site.latitude, site.longitude
from site_capacity_as_of($1::date, measures := $2::varchar[]) as capacity
inner join site using (site_id)
where operational_mean > 0 or under_construction_mean > 0 or planned_mean > 0
order by site.country = 'US' desc, site.country, site.state, capacity.site_id, capacity.measure
"""


def overlap_rows(ledger: Ledger, as_of: dt.date, measures: list[str]) -> pl.DataFrame:
    """For whom the same capacity is announced more than once; one row per beneficiary, `industry` and measure.

    Returns:
        scope_id, scope, scope_lines, measure, unit, gross, overlap, counted_once [mean, unit shown], low and high (5th
        and 95th percentile of what is counted once), rank (by overlap) and labels.
    """
    rows: list[dict[str, Any]] = []
    for record in ledger.records(_OVERLAPS, [as_of, measures]):
        scale = scale_of(record["measure"], record["unit"])
        amounts = {name: record[f"{name}_mean"] / scale.divisor for name in ("gross", "overlap", "counted_once")}
        rows.append(
            {
                **{name: record[name] for name in ("scope_id", "scope", "rank", "measure")},
                "scope_lines": label_lines(record["scope"]),
                "unit": scale.unit,
                **{key: _rounded(amount) for key, amount in amounts.items()},
                **{end: _rounded(record[f"counted_once_{point}"] / scale.divisor) for end, point in _ENDS.items()},
                **{f"{key}_label": figure(amount) for key, amount in amounts.items()},
                **{
                    f"{key}_interval": interval_figure(
                        {point: record[f"{key}_{point}"] for point in ("p05", "p50", "p95")}, scale.divisor
                    )
                    for key in amounts
                },
            }
        )
    return pl.DataFrame(
        rows,
        schema={
            **dict.fromkeys(("scope_id", "scope", "scope_lines"), pl.String),
            "rank": pl.Int64,
            **dict.fromkeys(("measure", "unit"), pl.String),
            **dict.fromkeys(("gross", "overlap", "counted_once", "low", "high"), pl.Float64),
            **dict.fromkeys([f"{key}_{text}" for text in ("label", "interval") for key in _COUNTED], pl.String),
        },
    )


_ENDS = {"low": "p05", "high": "p95"}
_COUNTED = ("gross", "overlap", "counted_once")

_OVERLAPS = """
with wanted as materialized (
    select * exclude (scope_kind, layer)
    from overlap_as_of($1::date, measures := $2::varchar[])
    where scope_kind = 'beneficiary' and layer = 'all'
)

select wanted.*, coalesce(organization.name, scope_id) as scope,
    dense_rank() over (order by most.most_overlap desc, scope_id) - 1 as rank,
from wanted
inner join (select scope_id, max(overlap_mean / gross_mean) filter (gross_mean > 0) as share,
        max(overlap_mean) filter (measure = 'it_power') as most_power, max(overlap_mean) as most_amount,
        coalesce(most_power, most_amount) as most_overlap,
    from wanted group by scope_id having share > 0.001) as most using (scope_id)
left join organization on scope_id = organization.organization_id
order by rank, measure
"""


def circular_rows(ledger: Ledger, as_of: dt.date) -> pl.DataFrame:
    """Pairs between which money goes both ways; one row per pair.

    Returns:
        party_id, party, counterparty_id, counterparty, pair_lines, rank, invested, bought_back [billion USD], labels.
    """
    rows = [
        {
            **{name: record[name] for name in ("party_id", "party", "counterparty_id", "counterparty")},
            "pair_lines": label_lines(f"{record['party']} invests in {record['counterparty']}"),
            "rank": rank,
            **{name: _rounded(record[f"{name}_usd"] / BILLION) for name in ("invested", "bought_back")},
            **{f"{name}_label": figure(record[f"{name}_usd"] / BILLION) for name in ("invested", "bought_back")},
        }
        for rank, record in enumerate(ledger.records(_CIRCLES, [as_of]))
    ]
    texts = ("party_id", "party", "counterparty_id", "counterparty", "pair_lines")
    return pl.DataFrame(
        rows,
        schema={
            **dict.fromkeys(texts, pl.String),
            "rank": pl.Int64,
            "invested": pl.Float64,
            "bought_back": pl.Float64,
            "invested_label": pl.String,
            "bought_back_label": pl.String,
        },
    )


_CIRCLES = """
select flow.*, coalesce(party.name, party_id) as party, coalesce(counterparty.name, counterparty_id) as counterparty
from circular_flow_as_of($1::date) as flow
left join organization as party on flow.party_id = party.organization_id
left join organization as counterparty on flow.counterparty_id = counterparty.organization_id
where is_circular
order by bought_back_usd + invested_usd desc, party_id, counterparty_id
"""


def tension_rows(document: Mapping[str, Any]) -> pl.DataFrame:
    """Pairs of statements by their ratio; one row per pair.

    Args:
        document: the document of `gigaledger tension --json`.

    Returns:
        number (by ratio), owner_id, statement_a, statement_b, pair, verdict, low, middle, high [ratio], label.
    """
    known = [row for row in document["rows"] if row["ratio"]]
    rows = []
    for number, row in enumerate(sorted(known, key=lambda row: (row["ratio"]["p50"], row["statement_a"]))):
        verdicts = {True: "agrees", False: "disagrees", None: "not scored"}
        points = _points(row["ratio"], 1)
        del points["mean"]
        rows.append(
            {
                "number": number,
                "owner_id": row["deal_id"] or row["site_id"],
                "statement_a": row["statement_a"],
                "statement_b": row["statement_b"],
                "pair": f"{row['measure_a']} against {row['measure_b']}".replace("_", " "),
                "verdict": verdicts[row["agrees"]],
                **points,
                "label": interval_figure(row["ratio"], 1),
            }
        )
    return pl.DataFrame(
        rows,
        schema={
            "number": pl.Int64,
            **dict.fromkeys(("owner_id", "statement_a", "statement_b", "pair", "verdict"), pl.String),
            **{name: pl.Float64 for name in _POINTS if name != "mean"},
            "label": pl.String,
        },
    )


def _points(value: Mapping[str, Any] | None, divisor: float) -> dict[str, float | None]:
    """The ends, the median and the mean of an interval over a divisor."""
    names = {"low": "p05", "middle": "p50", "high": "p95", "mean": "mean"}
    return {name: _rounded(value[key] / divisor) if value else None for name, key in names.items()}


def _rounded(amount: float) -> float:
    """An amount with as many digits as a chart needs."""
    return float(f"{amount:.{DIGITS}g}")


def _pledged(programme: Mapping[str, Any]) -> float:
    """What a programme pledges [median in the main measure]."""
    return programme["pledged"]["p50"] if programme["pledged"] else 0.0


__all__ = [
    "SCALES",
    "account_rows",
    "circular_rows",
    "overlap_rows",
    "quarter_rows",
    "site_rows",
    "tension_rows",
]
