"""The reconciliation in arrays and the formulas in SQL, which draw a row per line: the same figures."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from gigaledger.bulk import rated_programmes, statistics
from gigaledger.bulk_draws import keep_draws
from gigaledger.bulk_facts import Facts, facts_as_of
from gigaledger.ledger import Ledger, open_ledger
from gigaledger.reconciliation import ACCOUNTS, SHOWN_MEASURES, reconcile
from gigaledger.results import STAGES, STATISTICS
from gigaledger.summaries import keep_every_summary
from scale import measure
from scale.generated_ledger import write_generated_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def opened(kind: str, factory: pytest.TempPathFactory, **options: int) -> Ledger:
    if kind == "bundled":
        return open_ledger(**options)
    return open_ledger(write_generated_ledger(factory.mktemp("ledger"), deals=100, milestones=600), **options)


@pytest.fixture(scope="module", params=["bundled", "generated"])
def ledger(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    return opened(request.param, tmp_path_factory)


@pytest.fixture(scope="module")
def document(ledger: Ledger) -> dict[str, Any]:
    return reconcile(ledger)


def figures(intervals: dict[str, Any] | None) -> list[float] | None:
    return None if intervals is None else [intervals[name] for name in STATISTICS]


def rows(ledger: Ledger, query: str, names: tuple[str, ...]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Rows of a macro, each with its intervals by name."""
    for row in ledger.records(query, [ledger.as_of, list(SHOWN_MEASURES)]):
        yield row, {name: [row[f"{name}_{statistic}"] for statistic in STATISTICS] for name in names}


def test_accounts_are_those_of_the_formulas(ledger: Ledger, document: dict[str, Any]) -> None:
    found = {one["programme_id"]: one for one in document["programmes"]}
    query = "from reconciliation_as_of($1::date, measures := $2::varchar[])"
    compared = 0
    for row, intervals in rows(ledger, query, ACCOUNTS):
        accounts = found[row["programme_id"]]["measures"][row["measure"]]
        for name, expected in intervals.items():
            assert figures(accounts[name]) == pytest.approx(expected, rel=1e-9, abs=1e-6), (row["programme_id"], name)
        assert accounts["reason"] == row["reason"]
        assert accounts["is_met_probability"] == pytest.approx(row["is_met_probability"])
        compared += 1
    assert compared == sum(
        one["measures"][measure]["pledged"] is not None for one in found.values() for measure in SHOWN_MEASURES
    )


@pytest.mark.parametrize("macro", ["programme_site_as_of", "programme_state_as_of"])
def test_sites_and_states_are_those_of_the_formulas(ledger: Ledger, document: dict[str, Any], macro: str) -> None:
    kind, key = ("sites", "site_id") if macro == "programme_site_as_of" else ("states", "state")
    found = {
        (one["programme_id"], place[key], place["country"], measure): stages
        for one in document["programmes"]
        for place in one[kind]
        for measure, stages in place["measures"].items()
    }
    for row, intervals in rows(ledger, f"from {macro}($1::date, measures := $2::varchar[])", STAGES):
        stages = found.pop((row["programme_id"], row[key], row["country"], row["measure"]))
        for name, expected in intervals.items():
            assert figures(stages[name]) == pytest.approx(expected, rel=1e-9, abs=1e-6), (row, name)
    assert not found


def test_drivers_are_those_of_the_formula(ledger: Ledger, document: dict[str, Any]) -> None:
    expected = ledger.rows(
        "select programme_id, driver, variance_share from driver_as_of($1, 'it_power')", [ledger.as_of]
    )
    found = [
        (one["programme_id"], driver["assumption_id"], driver["variance_share"])
        for one in document["programmes"]
        for driver in one["drivers"]
    ]
    assert found == [(*names, pytest.approx(share, rel=1e-6)) for *names, share in expected]


def bulk_facts(ledger: Ledger) -> Facts:
    with ledger.keeping() as keep:
        keep("site_line_as_of", "as_of", [ledger.as_of])
        keep("deal_line_as_of", "as_of", [ledger.as_of])
        ledger.rate("from programme_pair_as_of($1::date)", [ledger.as_of])
        return facts_as_of(ledger, keep, ledger.as_of, list(SHOWN_MEASURES))


def test_identity_holds_in_every_draw(ledger: Ledger) -> None:
    with ledger.keeping() as keep:
        keep("site_line_as_of", "as_of", [ledger.as_of])
        keep("deal_line_as_of", "as_of", [ledger.as_of])
        ledger.rate("from programme_pair_as_of($1::date)", [ledger.as_of])
        facts = facts_as_of(ledger, keep, ledger.as_of, list(SHOWN_MEASURES))
        in_sql = ledger.connection.execute(
            "select pledged, operational, under_construction, planned, unidentified "
            "from reconciliation_draw_as_of($1::date, measures := $2::varchar[]) "
            "order by programme_id, list_position($2, measure), draw",
            [ledger.as_of, list(SHOWN_MEASURES)],
        ).fetchnumpy()
    pledged = np.concatenate([one.pledged[one.has_pledge] for one in rated_programmes(facts)])
    identified = np.concatenate([one.identified[one.has_pledge] for one in rated_programmes(facts)])
    for place, stage in enumerate(STAGES):
        assert identified[:, :, place].reshape(-1) == pytest.approx(in_sql[stage], rel=1e-9, abs=1e-6)
    remainder = (pledged - identified.sum(axis=2)).reshape(-1)
    assert remainder == pytest.approx(in_sql["unidentified"], rel=1e-9, abs=1e-3)
    parts = sum(in_sql[name] for name in ACCOUNTS[1:])
    assert parts == pytest.approx(in_sql["pledged"], rel=1e-12, abs=1e-6)


@pytest.mark.parametrize(
    ("macro", "owner", "amounts"), [("deal_draw_as_of", "deal_id", ("amount",)), ("site_draw_as_of", "site_id", STAGES)]
)
def test_every_deal_and_site_is_drawn_as_by_the_formula(
    ledger: Ledger, macro: str, owner: str, amounts: tuple[str, ...]
) -> None:
    """Those that count for no programme too, beside those that do."""
    ledger.install("everything")
    query = f"from {macro}($1::date, measures := $2::varchar[]) order by {owner}, measure, draw"
    arguments = [ledger.as_of, ["compute", "total_capex"]]
    in_sql = ledger.connection.execute(query, arguments).fetchnumpy()
    with ledger.keeping() as keep:
        measures = ["compute", "it_power", "total_capex"]
        keep_draws(ledger, keep, facts_as_of(ledger, keep, ledger.as_of, measures, is_every=True))
        in_arrays = ledger.connection.execute(query, arguments).fetchnumpy()
    for column in (owner, "measure", "draw"):
        assert (in_arrays[column] == in_sql[column]).all()
    for amount in amounts:
        assert np.ma.count(in_arrays[amount]) == np.ma.count(in_sql[amount]) > 10_000
        assert np.ma.allclose(in_arrays[amount], in_sql[amount], rtol=1e-9, atol=1e-6)


SUMMARIES = {
    "deal_capacity": "deal_id, measure",
    "site_capacity": "site_id, measure",
    "posting": "entry_id, measure, account",
    "site_by_quarter": "site_id, measure, quarter_end",
    "build_out_by_quarter": "programme_id, measure, quarter_end",
    "reconciliation_by_quarter": "as_of, programme_id, measure",
    "reconciliation": "programme_id, measure",
    "site_draw": "site_id, measure, draw",
    "programme_draw": "programme_id, measure, draw",
    "overlap": "scope_kind, scope_id, layer, measure",
    "rate": "chip_id, year, measure",
}


@pytest.fixture(scope="module", params=["bundled", "generated"])
def summaries(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]]]]:
    """The rows of each summary by the formulas and in arrays, with few draws: both ways make the same ones."""
    ledger = opened(request.param, tmp_path_factory, draws=128)
    ledger.install("everything")
    queries = {name: f"from {name} order by {key}" for name, key in SUMMARIES.items()}
    in_sql = {name: ledger.records(query) for name, query in queries.items()}
    with ledger.keeping() as keep:
        keep_every_summary(ledger, keep)
        return {name: (ledger.records(query), in_sql[name]) for name, query in queries.items()}


@pytest.mark.parametrize("summary", SUMMARIES)
def test_summaries_in_arrays_are_those_of_the_formulas(
    summaries: dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]]]], summary: str
) -> None:
    in_arrays, in_sql = summaries[summary]
    assert len(in_arrays) == len(in_sql) > 20
    for found, expected in zip(in_arrays, in_sql, strict=True):
        for name, value in expected.items():
            if isinstance(value, float) and found[name] is not None:
                assert math.isclose(found[name], value, rel_tol=1e-9, abs_tol=1e-3), (name, found, expected)
            else:
                assert found[name] == value, (name, found, expected)


def test_shared_streams_change_no_interval_beyond_the_error_of_the_draws(tmp_path: Path) -> None:
    folder = write_generated_ledger(tmp_path, deals=150, milestones=600, seed=3)
    own, shared = open_ledger(folder), open_ledger(folder)
    shared.connection.execute("create or replace macro shared_stream_count() as 64")
    streams = [bulk_facts(one).stratum.shape[0] for one in (own, shared)]
    assert streams[0] > 64 >= streams[1]
    pairs = zip(reconcile(own)["programmes"], reconcile(shared)["programmes"], strict=True)
    for one, other in pairs:
        for account in ("pledged", "operational", "planned"):
            for statistic in STATISTICS:
                ratio = other[account][statistic] / one[account][statistic]
                assert ratio == pytest.approx(1, abs=0.04), (one["programme_id"], account, statistic)


def test_scale_is_measured_at_a_tiny_size(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.argv", ["measure", "50"])
    measure.main()
    header, *lines = capsys.readouterr().out.splitlines()
    assert header.split()[:3] == ["deals", "milestones", "output"]
    assert [line.split()[:3] for line in lines] == [["50", "500", "terminal"], ["50", "500", "json"]]


def test_same_facts_give_the_same_bytes(tmp_path: Path) -> None:
    folder = write_generated_ledger(tmp_path, deals=100, milestones=400)
    assert reconcile(open_ledger(folder)) == reconcile(open_ledger(folder))


def test_statistics_are_those_of_duckdb_and_pass_over_what_is_unknown(ledger: Ledger) -> None:
    draws = np.random.default_rng(1).normal(size=(2, 1024))
    draws[1, ::3] = np.nan
    draws = np.concatenate([draws, np.full((1, 1024), np.nan)])
    for row, found in zip(draws.copy(), statistics(draws), strict=True):
        expected = ledger.rows(
            "select avg(x), quantile_cont(x, 0.05), quantile_cont(x, 0.5), quantile_cont(x, 0.95) "
            "from (select nullif(unnest($1::double[]), 'nan'::double) as x)",
            [row.tolist()],
        )[0]
        assert found.tolist() == pytest.approx([np.nan if one is None else one for one in expected], nan_ok=True)
