"""Which megawatt and which H100 equivalent a vintage means: recognised from its own figures, refused when undecided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gigaledger.errors import BadVintage
from gigaledger.sources.epoch.rules import rules

if TYPE_CHECKING:
    import datetime as dt

    from gigaledger.sources.epoch.vintage import Reading, Vintage

FACILITY, IT = "facility_power", "it_power"


def measure_of_timeline_power(vintage: Vintage, known_on: dt.date, said: str | None) -> str | None:
    """The measure of the column `Power (MW)` of the timelines; none where there is no such column.

    Beside IT power it is facility power when it is larger by a plausible peak PUE. Alone, it is facility power in
    vintages of the declared time; later ones must be told by `said`.

    Raises:
        BadVintage: it cannot be decided.
    """
    table = vintage.tables["timelines"]
    _check_ratio(vintage, FACILITY, IT)
    if "power" not in table.means:
        return None
    if "it_power" in table.means:
        if all(reading.amounts.get("power") == reading.amounts.get(IT) for reading in vintage.readings):
            return IT
        _check_ratio(vintage, "power", IT)
        return FACILITY
    if said:
        return said
    if known_on < rules()["power_is_facility_before"]:
        return FACILITY
    raise BadVintage(
        f"{table.shown}:1: the column {table.means['power']!r} stands alone and may be facility or IT power in a "
        f"vintage of {known_on}; expected IT power beside it, or say which with --power facility or --power it"
    )


def _check_ratio(vintage: Vintage, larger: str, smaller: str) -> None:
    """Refuse timelines whose facility power is no plausible multiple of IT power; leave out single odd rows."""
    table = vintage.tables["timelines"]
    low, high = rules()["least_peak_pue"], rules()["largest_peak_pue"]
    both = [one for one in vintage.readings if one.amounts.get(larger) and one.amounts.get(smaller)]
    odd = [one for one in both if not low - 1e-9 <= one.amounts[larger] / one.amounts[smaller] <= high]
    if len(odd) > (1 - rules()["least_agreement"]) * len(both):
        facility, it = odd[0].amounts[larger], odd[0].amounts[smaller]
        raise BadVintage(
            f"{table.shown}:{odd[0].line}: {table.means[larger]} is {facility:g} and {table.means[smaller]} {it:g}; "
            f"expected facility power of {low:g} to {high:g} times IT power; the columns may be swapped"
        )
    for reading in odd:
        facility, it = reading.amounts.pop(larger), reading.amounts.pop(smaller)
        why = f"its power of {facility:g} MW is no plausible facility power for {it:g} MW of IT power"
        vintage.leave("timelines", reading.line, f"power of {reading.name} on {reading.on}", why)


def measure_of_current_power(
    vintage: Vintage, in_force: dict[str, Reading], timeline_power: str | None, said: str | None
) -> str | None:
    """The measure of the power column of the site table; none where no site can tell.

    Each site with power in service is a witness: its figure equals the facility power or the IT power of its own
    timeline, or is smaller than facility power by a plausible peak PUE.

    Args:
        vintage: the vintage.
        in_force: the newest observed reading by name of site.
        timeline_power: the measure of `Power (MW)` of the timelines.
        said: what the user says it is.

    Raises:
        BadVintage: the witnesses disagree.
    """
    table = vintage.tables["data_centers"]
    if "current_power" not in table.means:
        return None
    votes = {FACILITY: 0, IT: 0, "neither": 0}
    for site in vintage.sites:
        reading = in_force.get(site.name) or in_force.get(site.handle)
        current = site.power.get("current_power")
        if reading is None or not current:
            continue
        vote = _vote(current, _power_of(reading, FACILITY, timeline_power), _power_of(reading, IT, timeline_power))
        if vote:
            votes[vote] += 1
    witnesses = sum(votes.values())
    if witnesses < rules()["least_witnesses"]:
        return said
    for measure in (FACILITY, IT):
        if votes[measure] >= rules()["least_agreement"] * witnesses:
            return measure
    if said:
        return said
    raise BadVintage(
        f"{table.shown}:1: the column {table.means['current_power']!r} equals the facility power of {votes[FACILITY]} "
        f"and the IT power of {votes[IT]} of {witnesses} sites with power in service in the timelines; expected one of "
        f"them for {rules()['least_agreement']:.0%} of the sites; say which with --power facility or --power it"
    )


def _power_of(reading: Reading, measure: str, timeline_power: str | None) -> float | None:
    """The power of a reading in a measure."""
    own = reading.amounts.get(measure)
    return own if own is not None else reading.amounts.get("power") if timeline_power == measure else None


def _vote(current: float, facility: float | None, it: float | None) -> str | None:
    """What one site says about the power column; none where its two powers are equal or missing."""
    near = rules()["same_power_tolerance"]
    is_facility = bool(facility) and abs(current / facility - 1) <= near if facility else False
    is_it = abs(current / it - 1) <= near if it else False
    if is_facility and is_it:
        return None
    if is_facility or is_it:
        return FACILITY if is_facility else IT
    if it is None and facility:
        pue = facility / current
        return IT if 1 + near < pue <= rules()["largest_peak_pue"] else "neither"
    return "neither" if facility or it else None


def measure_of_h100e(vintage: Vintage) -> str | None:
    """The measure of the column `H100 equivalents`: `compute` (8-bit) or `compute_bf16`; none where there is none.

    Recognised by the peak rate beside it; without one it is 8-bit, as in every vintage so far.

    Raises:
        BadVintage: the rates fit neither.
    """
    table = vintage.tables["timelines"]
    if "h100e" not in table.means:
        return None
    votes: dict[str, list[Reading]] = {"compute": [], "compute_bf16": [], "neither": []}
    for reading in vintage.readings:
        if vote := _vote_on_rate(reading):
            votes[vote].append(reading)
    witnesses = sum(len(readings) for readings in votes.values())
    if not witnesses:
        return "compute"
    for measure in ("compute", "compute_bf16"):
        if len(votes[measure]) >= rules()["least_agreement"] * witnesses:
            return measure
    reading = (votes["neither"] or votes["compute_bf16"])[0]
    raise BadVintage(
        f"{table.shown}:{reading.line}: {table.means['h100e']} is {reading.amounts['h100e']:g}, which the rate beside "
        f"it does not give; expected the rate over {rules()['h100_8bit_operations']:g} (8-bit) or "
        f"{rules()['h100_16bit_operations']:g} (16-bit) in nearly all rows"
    )


def _vote_on_rate(reading: Reading) -> str | None:
    """Which H100 equivalent a row means by the 8-bit or 16-bit rate beside it; none where it has no rate."""
    count = reading.amounts.get("h100e")
    rates = {"compute": ("operations_8bit", "h100_8bit_operations")}
    rates["compute_bf16"] = ("operations_16bit", "h100_16bit_operations")
    stated = {measure: pair for measure, pair in rates.items() if reading.amounts.get(pair[0])}
    if not count or not stated:
        return None
    for measure, (rate, constant) in stated.items():
        if abs(reading.amounts[rate] / count / rules()[constant] - 1) <= rules()["same_rate_tolerance"]:
            return measure
    return "neither"
