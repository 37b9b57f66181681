# ruff: noqa: INP001 - a script, no package
"""Writes docs/method.md and docs/method-pairs.svg from datasets/ and the back-test.

Needs Vega-Altair and vl-convert-python beside the package; run it after a change of facts or assumptions:
python docs/make_method.py
"""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import Any

import altair as alt

from gigaledger.ledger import open_ledger
from gigaledger.tension import tension
from gigaledger.terminal import figure
from gigaledger.terminal_tension import driver_text, ratio_text, stated_side

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
CHART = "method-pairs.svg"
DEVELOPMENT, FORMER, HOLDOUT = (
    ROOT / "tests" / "tension" / name for name in ("development", "former_holdout", "holdout")
)
WORST = 10
FEWEST = 10  # pairs of a type of which anything is said
# Why a pair is off, where reading its sources says so.
WHY = {
    "amd-riot-rockdale": "first lease of a former mine at 104 dollars per kW and month",
    "microsoft-fairwater-wisconsin": "the dollars cannot hold the chips of 900 MW",
    "microsoft-fairwater-wisconsin-first": "3.3 B$ are buildings, announced before the chips",
    "mistral-bruyeres": "44 MW is the host's hall; the chips fill three quarters of it",
    "nvidia-lambda-2025-second": "no term stated; 2.9 dollars per chip-hour if it is one year",
    "sk-aws-ulsan": "60,000 chips in 103 MW leave 1.7 kW a chip; 50 dollars per watt are all-in",
    "tpu-vehicle-2026": "1 kW a TPU v7 is the chip's own power: a newspaper's equation, no megawatt of a hall",
    "vantage-frontier-2025": "17.9 dollars per stated watt is the dear end, and the source says more than",
    "vultr-springfield": "50 MW for 24,000 MI355X are 2.1 kW a chip, rated 1.4 kW without its server",
    "stargate-abilene": "100,000 dollars a chip must hold all of the IT",
    "alps-2024": "about 10,000 francs a GH200 all told, agreed in 2021",
    "am-green-noida-2026": "2 kW a chip leaves nothing for cooling and losses at the chips of 2029",
    "core42-terawulf": "gross over IT is 1.21, below the usual 1.25 to 1.5",
    "digi-power-x-cerebras-2026": "229 dollars per kW and month: a small campus with services",
    "el-capitan-2024": "its power is that of a Linpack run, not a rating",
    "firebird-armenia-2025": "the dollars are the first stage, the megawatts what the site can grow to",
    "frontier-2022": "its power is that of a Linpack run, not a rating",
    "hyperscale-data-michigan-2026": "500 dollars per kW and month: services beyond shell and power",
    "jupiter-2025": "13,000 dollars a GH200 all told, agreed in 2023",
    "jupiter-power-2025": "11 MW for 24,000 GH200 are 460 W each: the average draw of a machine that is rarely full",
    "leonardo-2022": "four A100 share one CPU",
    "coreweave-kenilworth-2025": "7 dollars per watt are a building, from a neocloud",
    "adani-maharashtra-2024": "6 dollars per watt, half the price of a hall elsewhere",
    "hyperscale-data-retrofit-2026": "a hall that stands is refitted",
    "fluidstack-france-phase-1": "20,700 dollars a chip, all told: the euros cannot hold the chips",
    "spacex-anthropic-2026": "5.3 dollars per chip-hour, left on 90 days notice: a price of scarcity",
    "telekom-munich": "1 B euros holds the hall, servers without accelerators and years of work; up to 10,000 chips",
    "schwarz-luebbenau-2025": "99,000 dollars of IT a chip: dearer chips than the mix of 2027",
    "google-spacex-2026": "11.5 dollars per chip-hour, left on 90 days notice: a price of scarcity",
    "buzz-toronto-2026": "3.2 kW of grid a chip is little in 2027; 25,600 dollars cannot hold chip and hall",
    "zdata-amata-2025": "3.8 dollars per watt, in Thailand",
    "bell-sherwood-2026": "4.1 dollars per watt, an additional sum; the tenants bring the accelerators",
    "argentum-bielsko-2026": "8 dollars per watt are a building, from a neocloud",
    "whitefiber-madison-2025": "5 dollars per watt, both as ceilings",
    "evroc-mougins-2025": "43 dollars per watt are all-in",
    "blackstone-calatorao-2024": "27 dollars per watt over the nine years of the plan",
    "haoyang-rayong-2025": "7.2 dollars per watt of IT, in Thailand",
    "voltage-park-2023": "20,800 dollars an H100, all told",
    "nebius-kansas-city-2024": "1.1 kW a chip leaves nothing for cooling and losses",
    "nebius-uk-2025": "4 kW a chip: the hall is larger than its chips",
    "mawson-be-global-2024": "198 dollars per kW and month, a potential revenue",
    "sarvam-yotta-2025": "0.8 dollars per chip-hour if it is one year: no term on the page, half a year elsewhere",
    "stream-stamp-2025": "39 dollars per watt are all-in",
    "romania-black-sea-2025": "the megawatts are those of the power mix, not of the halls",
    "rowan-temple-2026": "a minimum of 2.3 dollars per watt, with the megawatts of the full site",
    "sesterce-grand-est-2025": "1.2 kW a chip, a third of what the mix of 2028 takes",
    "sigma2-olivia-2024": "the dollars also pay for nodes of CPUs and storage",
    "sesterce-rovaltain-2025": "1 kW a chip leaves nothing for servers and cooling",
    "baidu-huawei-2023": "38,600 dollars a chip: an order of servers, told as one of chips",
    "ess-kingsboro-2025": "21 dollars per watt may hold the gas plant",
    "um-los-alamos-2024": "12 dollars per watt with the computers, which cannot fill 100 MW",
    "cleanarc-va1-2025": "3.3 dollars per watt of grid, for stages until 2033",
    "core-scientific-austin-2024": "a lease of several years whose term no source gives",
    "tacc-horizon-2025": "the hall also holds a million cores of CPUs",
    "edgemode-cudo-marviken-2025": "76 dollars per kW and month for one container, without its electricity",
    "yotta-b200-2025": "188,000 dollars a chip: the figure must hold more than the chips and their servers",
}


def main() -> None:
    """Write the page and its chart."""
    ledger = open_ledger()
    document = tension(ledger)
    pairs_chart(document).save(DOCS / CHART)
    sources = {row["source_id"]: row for row in csv_rows("source")}
    parts = [
        INTRODUCTION.format(as_of=document["as_of"], draws=f"{document['draws']:,}"),
        summary_table(document),
        f"![Every pair: what is stated against what the other statement comes to]({CHART})\n",
        CHART_TEXT,
        worst_table(document),
        *outside_section(),
        SCORING,
        STEADINESS,
        "## What each assumption rests on\n",
        "Low, best and high are the 5th, 50th and 95th percentile; rows that share an assumption_id move together.\n",
        *assumption_tables(sources),
    ]
    (DOCS / "method.md").write_text("\n".join(parts), encoding="utf-8")


INTRODUCTION = """\
# Method: what the rates rest on, and how good they are

Made by `docs/make_method.py` from `datasets/` and from `gigaledger tension`, as known on {as_of}, with {draws}
draws. Do not edit.

One chip of a model, delivered in a year, is a bundle: so much compute, power, capital and spend. Every conversion
is the ratio of two entries of one bundle. The formulas are in `sql/rates/bundle_draw_formula.sql`; each rests on
the assumptions below. What is bought is written off over its useful life, all IT over `chip_useful_life_years` and the
site over `site_useful_life_years`: `from write_off(1000, 'it_power', 'gb300', 2026)` in SQL says by how much a year.

## How good the conversions are

Where a deal states two quantities, the first is converted into the second and held against it. *Inside*: the share
of pairs whose 90 % interval holds the ratio 1. *Factor*: the median of the larger of ratio and 1 / ratio. *Width*:
the median of the 95th over the 5th percentile.
"""

CHART_TEXT = """\
Each line is the 90 % interval of the first statement converted into the measure of the second, over the second as
stated; on the dashed line both agree.
"""

HOLDOUT_TEXT = """\
## How good they are outside the ledger

A back-test on deals that a curator has read says how well the ledger hangs together; it does not say how a stranger's
pair will fare. Three ledgers of other deals do: accelerators bought, clusters, campuses of landlords and neoclouds,
colocation and cloud contracts, in more than 20 countries. A folder of your own works the same way.

### The hold-out

`tests/tension/holdout/` holds 48 deals, typed by two typists who saw neither the rates nor the code, without a look at
the last change of the rates, and scored once after it: of 55 scored pairs 64 % lay inside, with factor 1.38 and width
2.57 (65 %, 1.38 and 2.58 with the rates before, so that what the change gains on the two sets below it does not gain
here).

So a pair that nobody has looked at fares worse than one of the ledger, and no rate explains why. The misses are mostly
figures that say less than they seem to: 1.0 to 1.4 kW a chip of a site that is planned (its chips would need twice
that), the megawatts of a power mix, a minimum in dollars beside the megawatts of the full site (2.3 dollars a watt), a
contract whose term is not told, an order of servers told as one of chips.

{holdout}

{holdout_worst}

### What no width of 2.5 can hold

*Narrowest*: the width of the narrowest interval, one for all pairs of a type and chosen with all of them in view, that
holds 85 % of the pairs of the three sets outside the ledger. It is the spread of what was announced about what the
other statement comes to; intervals that know only measure, amount, chip, year and party cannot be much sharper and hold
as many. A width of 2.5 is in reach where contracts meet chips or power, and nowhere else.

{narrowest}

### A former hold-out

`tests/tension/former_holdout/` holds 61 deals. They were typed by somebody who did not see how the model was being
changed, and scored once when it was done: 77 % lay inside, with factor 1.30 and width 3.14. Halls at 3 to 5 dollars a
watt and at 27 lie outside, and single prices far from the market.

After that score the rates were changed with this set and the next in view, so neither is an estimate for pairs that
nobody has seen any more. What carries over to pairs that were not looked at was tried by leaving one set out: the
intervals below, but the last, were chosen on two of ledger, former hold-out and development set, by the mean interval
score (the width in logarithms, and twenty times the distance by which an interval misses), and read off the third.

| left out | inside | factor | width | interval score |
|---|---:|---:|---:|---:|
| former hold-out | 77 % to 81 % | 1.30 to 1.26 | 3.14 to 2.95 | 2.19 to 1.96 |
| development set | 86 % to 89 % | 1.32 to 1.26 | 3.08 to 3.10 | 1.98 to 1.81 |
| ledger | 88 % to 89 % | 1.15 to 1.15 | 1.94 to 1.89 | 1.22 to 1.22 |

What was changed, each with its sources in the tables below:

- **A watt of hall** costs 11.3 dollars instead of 13.4: the average that is published, not that of halls for AI, which
  is the upper part of the interval. Halls announced for 2028 to 2030 are not told dearer than those for
  2026, so later years have no rise.
- **Megawatts without a boundary** are nearer IT, as in the leases that say which they mean.
- **Dollars without a basis** of a neocloud are nearer the hall; those of a landlord hold servers more rarely.
- **Ceilings** are reached, and floors passed, nearer than was assumed, where a later figure tells of the same thing.
- **A Linpack run** takes 0.69 of the peak instead of 0.77: three machines that are in none of the sets say so.

Fourteen other intervals (price level, IT over chips, billed share, terms, delivery, rents, PUE, the power of Rubin and
GB300 among them) were tried in the same way and left: chosen on two sets they gained nothing on the third (former
hold-out 1.95 to 2.00, development set 1.78 to 1.79). A level by country was reckoned by hand, since a deal does not say
where it builds: halls of India and South East Asia are told at 8 dollars a watt and others at 10.5, but with two levels
the spread falls by a twentieth only, and the factor of the former hold-out rises from 1.25 to 1.30.

{former}

{former_worst}

### A development set

`tests/tension/development/` holds 60 deals, typed in two rounds, each before its first score; of those then scored
77 % lay inside, with factor 1.39 and width 2.83.

What failed there showed what was missing, so it is a development set now and no estimate for pairs that nobody has
seen. It was retyped by rules that stand in [typing.md](typing.md) and name no deal:

- **Who builds** (84 % inside instead of 77 % with the two below): the kind of the party says where dollars of unstated
  basis lie, as an assumption with sources of its own.
- **GH200** is a chip, and **a Linpack run or an average draw** is a load (`measured_power`) below the peak.
- **One deal, one stage**: two deals held dollars of one stage beside megawatts of another. Split, four pairs fall away,
  two of them misses (86 %).

Nothing else was dropped. What is still off, and why it was left:

- **Width.** Most pairs here are dollars, and dollars spread: what a hall costs per watt differs by a factor of 3.3
  between markets and makes, what a server costs by 2.5 with its network, price and discount. The medians of pairs that
  state both lie as far apart as the intervals say, so these are not too wide; a width of 2.5 over such pairs would be a
  claim to know the make and the stage.
- **India and South East Asia.** Campuses are announced there at 4 to 11 dollars per watt, some below the lowest
  market of the index.
- **Small colocation contracts** hold services: 230 to 500 dollars per kW and month.
- **Supercomputers** were priced years before delivery, at a third of what others pay for the same chips.
"""

STEADINESS = """\
## How steady the medians are

Another seed gives other draws and, where an interval is wide, a slightly other median. Over every pair of 16 measures
of six chips and mixes (1,440 conversions) and ten seeds, at 1,024 draws, 82 % of the medians stay within 1 % of their
mean: all of those whose 95th percentile is at most 2.2 times the 5th, 99 % of those up to 2.5 times, 81 % of those from
there to 4 times, 16 % of the widest (dollars of unstated basis, and all-in dollars against cloud spend), which move by
up to 3.5 %. No design of 1,024 draws changes that much: the median of a quantity spread by a factor of 4 has a standard
error of 1.7 % in independent draws, and stratified, antithetic ones take a third off. With `--draws 8192` the widest
move is 1.01 %; `--seed` shows it.
"""

SCORING = """\
### How pairs are scored

- Statements of one deal, each in its newest version, and milestones of one site of the same day, stage and day of
  knowledge that name one model of chip and its power. Rumoured and cancelled deals count: what they state must fit
  too.
- A ceiling against a floor says nothing and is not scored. A ceiling or floor against a figure is scored on both
  sides, since the share that is realised is an assumption like any other; leaving a pair out only where the figure
  falls short would drop misses and keep hits.
- Two ceilings of one deal share one draw of that share: their figures are compared, and their spread earns nothing.
- The draws of shared assumptions are shared, so only what differs between the two statements widens the ratio.
- *To agree*: the assumption with the largest first-order share of the variance of the logarithm of the ratio among
  those that could move so far, and the factor of its median at which the median ratio would be 1.
"""


def csv_rows(table: str) -> list[dict[str, str]]:
    """The rows of a table of datasets/."""
    with (ROOT / "datasets" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def summary_table(document: dict[str, Any]) -> str:
    """Coverage, factor and width by witness and pair type, and over all."""
    lines = [
        "| | pairs | inside 5-95 % | median factor | median width | median ratio |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    total = {**document, "witness": "all", "pair_type": None, "pair_count": document["scored_count"]}
    for row in [*document["summary"], total]:
        name = row["pair_type"] or f"**{row['witness']}**"
        ratios = " | ".join(f"{row[key]:.2f}" for key in ("median_factor", "median_width", "median_ratio"))
        lines.append(f"| {name} | {row['pair_count']} | {row['coverage']:.0%} | {ratios} |")
    return "\n".join([*lines, ""])


def outside_section() -> list[str]:
    """The back-test on pairs that the ledger does not hold."""
    holdout, former, development = (tension(open_ledger(folder)) for folder in (HOLDOUT, FORMER, DEVELOPMENT))
    text = HOLDOUT_TEXT.format(
        holdout=summary_table(holdout),
        holdout_worst=worst_table(holdout, "of the hold-out"),
        narrowest=narrowest_table([*holdout["rows"], *former["rows"], *development["rows"]]),
        former=summary_table(former),
        former_worst=worst_table(former, "of the former hold-out"),
    )
    return [text, summary_table(development), worst_table(development, "of the development set")]


def narrowest_table(rows: list[dict[str, Any]]) -> str:
    """For each pair type the width of our intervals and of the narrowest that holds 85 % of the pairs."""
    scored = [row for row in rows if row["agrees"] is not None]
    types = sorted({row["pair_type"] for row in scored})
    lines = ["| | pairs | inside 5-95 % | median width | narrowest |", "|---|---:|---:|---:|---:|"]
    for name in [*types, "**all**"]:
        chosen = [row for row in scored if name in (row["pair_type"], "**all**")]
        if len(chosen) < FEWEST:
            continue
        inside = sum(row["agrees"] for row in chosen) / len(chosen)
        width = median(row["ratio"]["p95"] / row["ratio"]["p05"] for row in chosen)
        middles = sorted(row["ratio"]["p50"] for row in chosen)
        held = math.ceil(0.85 * len(chosen))
        narrowest = min(high / low for low, high in zip(middles, middles[held - 1 :], strict=False))
        lines.append(f"| {name} | {len(chosen)} | {inside:.0%} | {width:.2f} | {narrowest:.2f} |")
    return "\n".join([*lines, ""])


def worst_table(document: dict[str, Any], where: str = "of the ledger") -> str:
    """The pairs that disagree most, and why where reading the sources says so."""
    lines = [
        f"### The {WORST} worst pairs {where}\n",
        "| deal or site | stated | ratio (5 % to 95 %) | to agree | why |",
        "|---|---|---:|---|---|",
    ]
    worst = [row for row in document["rows"] if row["agrees"] is False][:WORST]
    for row in worst:
        owner = row["deal_id"] or row["site_id"]
        stated = f"{stated_side(row, 'a')}; {stated_side(row, 'b')}"
        why = WHY.get(owner, "")
        lines.append(f"| {owner} | {stated} | {ratio_text(row['ratio'])} | {driver_text(row['driver'])} | {why} |")
    return "\n".join([*lines, ""])


def assumption_tables(sources: dict[str, dict[str, str]]) -> list[str]:
    """A table of rows per parameter, with what it means."""
    rows = defaultdict(list)
    for row in csv_rows("assumption"):
        rows[row["assumption_id"].partition(".")[0]].append(row)
    meanings = {row["parameter"]: row for row in csv_rows("vocabulary/parameter")}
    tables = []
    for parameter, group in sorted(rows.items()):
        meaning = meanings[parameter]
        lines = [
            f"### {parameter} [{meaning['unit']}]\n",
            f"{meaning['meaning'][0].upper()}{meaning['meaning'][1:]}.\n",
            "| applies to | year | low | best | high | rests on | source |",
            "|---|---|---:|---:|---:|---|---|",
        ]
        for row in group:
            numbers = " | ".join(figure(float(row[name])) for name in ("low", "best", "high"))
            applies = "all" if row["applies_to"] == "*" else row["applies_to"]
            year = "any" if row["year"] == "*" else row["year"]
            note = row["note"].replace("|", "/")
            lines.append(f"| {applies} | {year} | {numbers} | {note} | {link(sources.get(row['source_id']))} |")
        tables.append("\n".join([*lines, ""]))
    return tables


def link(source: dict[str, str] | None) -> str:
    """A source as a link; what has none is a convention."""
    if source is None:
        return "convention"
    name = source["publisher"] or source["source_id"]
    return f"[{name}]({source['url']})" if source["url"] else name


def pairs_chart(document: dict[str, Any]) -> alt.Chart:
    """Every scored pair as its interval, by pair type, sorted by its median."""
    rows = [row for row in document["rows"] if row["agrees"] is not None]
    rows.sort(key=lambda row: (row["pair_type"], row["ratio"]["p50"]))
    places: dict[str, int] = defaultdict(int)
    points = []
    for row in rows:
        places[row["pair_type"]] += 1
        points.append(
            {
                "type": row["pair_type"],
                "place": places[row["pair_type"]],
                "low": max(row["ratio"]["p05"], 0.05),
                "middle": row["ratio"]["p50"],
                "high": min(row["ratio"]["p95"], 20),
                "verdict": "agrees" if row["agrees"] else "disagrees",
                "one": 1,
            }
        )
    x = alt.X("low:Q", title="converted over stated", scale=alt.Scale(type="log", domain=[0.05, 20], nice=False))
    colour = alt.Color(
        "verdict:N", title=None, scale=alt.Scale(domain=["agrees", "disagrees"], range=["#4c78a8", "#d62728"])
    )
    y = alt.Y("place:O", axis=None, sort="ascending")
    base = alt.Chart(alt.Data(values=points))
    layers = alt.layer(
        base.mark_rule(strokeDash=[4, 3], color="#888888").encode(x=alt.X("one:Q")),
        base.mark_rule(strokeWidth=1.5).encode(x=x, x2="high:Q", y=y, color=colour),
        base.mark_point(filled=True, size=16).encode(x=alt.X("middle:Q"), y=y, color=colour),
    ).properties(width=560, height=alt.Step(6))
    return (
        layers.facet(row=alt.Row("type:N", title=None, header=alt.Header(labelAngle=0, labelAlign="left")))
        .resolve_scale(y="independent")
        .configure_view(stroke=None)
    )


if __name__ == "__main__":
    main()
