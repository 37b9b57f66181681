"""Conversion of one quantity: it becomes the statement of a ledger of one deal and is reckoned by the same formulas."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from gigaledger.errors import BadQuantity, MissingRate, NotCapacity, UnknownBuilder, UnknownChip, did_you_mean
from gigaledger.quantity import Quantity, fold_name, parse_quantity
from gigaledger.results import checked_target, interval, target_measures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gigaledger.ledger import Ledger

ALL = "all"
LAST_DAY = dt.date(9999, 12, 31)


def convert_quantity(  # noqa: PLR0913 - one option each of the command line
    ledger: Ledger,
    text: str | Quantity,
    to: str,
    *,
    measure: str | None = None,
    chip: str | None = None,
    year: int | None = None,
    term_years: float | None = None,
    builder: str | None = None,
) -> dict[str, Any]:
    """A quantity in one measure or in all, with the assumptions that it rests on.

    Args:
        ledger: an open ledger; its statements are not touched.
        text: the quantity, such as `1e6 TPUv7` or `$30 billion`.
        to: a measure, or `all`.
        measure: what a bare amount of dollars or megawatts measures.
        chip: chip or mix by name, alias or id; none: the chip of the quantity, else the industry's mix.
        year: delivery year; none: today's knowledge plus the assumed lag.
        term_years: term of a contract [year].
        builder: kind of the party that builds, or an organisation of that kind, by which a bare amount is read.

    Returns:
        The document of `gigaledger convert --json`: from, to, assumptions, assumed, draws, seed.

    Raises:
        GigaledgerError: what is wrong with the quantity, the measure, the chip or the builder.
    """
    quantity = (
        text
        if isinstance(text, Quantity)
        else parse_quantity(text, chips=chip_names(ledger), measures=_units(ledger), measure=measure)
    )
    _refuse_fact(ledger, quantity.measure)
    targets = list(target_measures(ledger)) if to == ALL else [checked_target(ledger, to)]
    chip_id = _chosen_chip(ledger, quantity, chip)
    _check_year(year)
    kind = _kind_of_builder(ledger, builder)
    varied = next((name for name in (to, "it_power") if name in targets and name != quantity.measure), targets[-1])
    with stated(ledger, quantity, chip_id, year, term_years, kind), ledger.keeping() as keep:
        keep("deal_line_as_of", "as_of", [LAST_DAY])
        keep("deal_draw_as_of", "as_of, measures := null, deals := null", [LAST_DAY, targets, ["=quantity"]])
        rows = ledger.records("from deal_capacity_as_of('9999-12-31'::date, deals := ['=quantity'])")
        assumptions = used_assumptions(ledger, "=quantity", [quantity.measure, *targets, varied])
        path = ledger.records("from deal_path where deal_id = '=quantity'")[0]
    records = {record["measure"]: record for record in rows}
    results = {name: interval(records[name], "amount", records[name]["unit"]) for name in targets}
    missing = [name for name, result in results.items() if result is None]
    if missing and to != ALL:
        raise MissingRate(
            f"{quantity.measure} of {path['chip_id']} cannot be converted into {to}: "
            "the ledger has no assumption for it"
        )
    return {
        "from": {
            "amount_low": quantity.low,
            "amount_best": quantity.best,
            "amount_high": quantity.high,
            "unit": quantity.unit,
            "measure": quantity.measure,
            "qualifier": quantity.qualifier,
            "chip": path["chip_id"],
            "year": year,
            "term_years": term_years,
            "builder": kind,
        },
        "to": results if to == ALL else {"measure": to, **(results[to] or {})},
        "assumptions": assumptions,
        "variance_of": varied,
        "assumed": [*quantity.assumed, *_assumed(quantity, path, year, term_years)],
        "draws": ledger.rows("select draw_count from run")[0][0],
        "seed": ledger.rows("select seed from run")[0][0],
    }


def chip_names(ledger: Ledger) -> dict[str, str]:
    """Every name and alias of a chip or mix, folded, with its id."""
    names = {}
    for chip_id, name, aliases in ledger.rows("select chip_id, name, aliases from chip"):
        for alias in [chip_id, name, *(aliases or "").split(";")]:
            if alias.strip():
                names[fold_name(alias)] = chip_id
    for (mix_id,) in ledger.rows("select distinct mix_id from chip_mix"):
        names[fold_name(mix_id)] = mix_id
    return names


def used_assumptions(ledger: Ledger, deal_id: str, measures: list[str]) -> list[dict[str, Any]]:
    """The assumptions between the first measure and the others, with the share of variance of each in the last one."""
    return ledger.records("from assumption_used('9999-12-31'::date, $1, $2::varchar[])", [deal_id, measures])


def _units(ledger: Ledger) -> dict[str, str]:
    """The unit of every measure."""
    return dict(ledger.rows("select measure, unit from measure"))


def _refuse_fact(ledger: Ledger, measure: str) -> None:
    """Refuse a quantity that is never capacity."""
    kind, meaning = ledger.rows("select kind, meaning from measure where measure = $1", [measure])[0]
    if kind == "fact":
        raise NotCapacity(f"{measure} ({meaning}) is a fact, not capacity: it cannot be converted")


def _chosen_chip(ledger: Ledger, quantity: Quantity, chip: str | None) -> str | None:
    """The chip asked for, that of the quantity, or none; both at once must agree."""
    if chip is None:
        return quantity.chip_id
    names = chip_names(ledger)
    chosen = names.get(fold_name(chip))
    if chosen is None:
        raise UnknownChip(f"{chip!r} is not a chip or mix{did_you_mean(chip, set(names.values()))}")
    if quantity.chip_id not in (None, chosen):
        raise UnknownChip(f"the quantity counts {quantity.chip_id}, but --chip says {chosen}; leave one of them out")
    return chosen


def _kind_of_builder(ledger: Ledger, builder: str | None) -> str | None:
    """The kind of organisation that a name stands for, itself or an organisation of the ledger, or none."""
    if builder is None:
        return None
    kinds = {kind: kind for (kind,) in ledger.rows("select kind from organization_kind")}
    known: dict[str, str] = kinds | dict(ledger.rows("select organization_id, kind from organization where kind > ''"))
    if builder.casefold() not in known:
        raise UnknownBuilder(
            f"--builder {builder}: no kind of organisation, nor one of the ledger{did_you_mean(builder, set(known))}; "
            f"kinds are {', '.join(sorted(kinds))}"
        )
    return known[builder.casefold()]


def _check_year(year: int | None) -> None:
    """Refuse a delivery year for which no rates can be meant."""
    if year is not None and not 2000 <= year <= 2100:  # noqa: PLR2004 - the range of years that the datasets accept
        raise BadQuantity(f"--year {year}: expected a delivery year between 2000 and 2100")


@contextmanager
def stated(  # noqa: PLR0913, PLR0917 - the facts of one statement
    ledger: Ledger,
    quantity: Quantity,
    chip_id: str | None,
    year: int | None,
    term_years: float | None,
    builder: str | None,
) -> Iterator[None]:
    """The quantity as the statement of a deal of its own, which the ledger holds while it is reckoned."""
    if term_years is not None and not 0 < term_years <= 100:  # noqa: PLR2004 - as the datasets accept
        raise BadQuantity(f"--term-years {term_years:g}: expected more than 0 and at most 100 years")
    announced = ledger.as_of
    connection = ledger.connection
    try:
        connection.execute(
            "insert into organization (organization_id, name, kind) values ('=builder', 'a builder', $1)", [builder]
        )
        connection.execute(
            "insert into deal "
            "(deal_id, title, buyer_id, layer, announced_on, starts_on, term_years, status, chip_id) "
            "values ('=quantity', 'a quantity', '=builder', 'build', $1, $2, $3, 'announced', $4)",
            [announced, dt.date(year, 1, 1) if year else None, term_years, chip_id],
        )
        connection.execute(
            "insert into statement "
            "(statement_id, deal_id, measure, amount_low, amount_best, amount_high, unit, qualifier, known_on) "
            "values ('=quantity', '=quantity', $1, $2, $3, $4, $5, $6, $7)",
            [
                quantity.measure,
                quantity.low,
                quantity.best,
                quantity.high,
                quantity.unit,
                quantity.qualifier,
                announced,
            ],
        )
        ledger.rate("select chip_id, year from deal_year where deal_id = '=quantity'")
        yield
    finally:
        connection.execute("delete from statement where statement_id = '=quantity'")
        connection.execute("delete from deal where deal_id = '=quantity'")
        connection.execute("delete from organization where organization_id = '=builder'")


def _assumed(quantity: Quantity, path: dict[str, Any], year: int | None, term_years: float | None) -> list[str]:
    """Sentences on what the quantity does not state and what stands in for it."""
    assumed = []
    if path["chip_is_assumed"]:
        assumed.append(f"no chip stated: {path['chip_id']} of the delivery year (state one with --chip)")
    if quantity.measure == "unstated_capex" and path["builder"] is None:
        assumed.append("no builder stated: from the site alone to all-in (name one with --builder, such as landlord)")
    if year is None:
        assumed.append(
            f"no delivery year stated: {path['announced_year']} plus delivery_lag_years (state one with --year)"
        )
    if quantity.measure in ("lease_contract", "cloud_contract", "chip_hours") and term_years is None:
        name = "lease_term_years" if quantity.measure == "lease_contract" else "cloud_term_years"
        assumed.append(f"no term stated: {name} (state one with --term-years)")
    return assumed
