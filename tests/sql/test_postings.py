"""Postings sum to zero, and their balances are the reconciliation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ledgers import bundled_ledger, open_whole, write_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gigaledger.ledger import Ledger


BOTH = pytest.mark.parametrize("name", ["small", pytest.param("bundled", marks=pytest.mark.slow)])


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    return open_whole(write_ledger(tmp_path_factory.mktemp("ledger")))


@pytest.fixture(scope="module")
def bundled() -> Iterator[Ledger]:
    """The bundled ledger, whose postings are drawn once."""
    ledger = bundled_ledger()
    with ledger.keeping() as keep:
        keep("posting_as_of", "as_of, measures := null", [ledger.as_of])
        yield ledger


def balances(ledger: Ledger, by: str, account: str) -> dict[str, float]:
    """Balances of an account in IT power [MW] by a column of the postings; a balance of zero is left out."""
    rows = ledger.rows(
        f"select {by}, round(sum(amount_mean), 6) as balance from posting "
        "where measure = 'it_power' and account = $1 group by all having balance <> 0",
        [account],
    )
    return dict(rows)


@BOTH
def test_entries_sum_to_zero_in_every_measure(name: str, request: pytest.FixtureRequest) -> None:
    ledger: Ledger = request.getfixturevalue(name)
    unbalanced = ledger.rows(
        "select entry_id, measure from posting group by all "
        "having abs(sum(amount_mean)) > 1e-9 * max(abs(amount_mean)) or count(*) <> 2"
    )
    assert unbalanced == []


@BOTH
def test_entries_post_no_zero_and_nothing_unknown(name: str, request: pytest.FixtureRequest) -> None:
    ledger: Ledger = request.getfixturevalue(name)
    empty = "amount_mean is null or amount_mean = 0 or posted_on is null or account is null"
    assert ledger.rows(f"from posting where {empty}") == []


@BOTH
def test_balance_of_unidentified_is_the_mean_remainder(name: str, request: pytest.FixtureRequest) -> None:
    ledger: Ledger = request.getfixturevalue(name)
    rows = ledger.rows(
        "with balance as (select programme_id, measure, sum(amount_mean) as amount from posting "
        "where account = 'unidentified' group by all) "
        "select coalesce(amount, 0), unidentified_mean, pledged_mean from reconciliation left join balance "
        "using (programme_id, measure) where unidentified_mean is not null"
    )
    assert rows
    assert all(abs(balance - remainder) <= 1e-9 * pledged for balance, remainder, pledged in rows)


def test_balances_are_those_worked_out_by_hand(small: Ledger) -> None:
    # North, all of it for the campus: 200 MW run, 400 begun, so 200 under construction; 500 planned, so 100
    # beyond.
    # South, all of it for the rent: 300 planned. West: 80 run, half of them for the rent.
    assert balances(small, "programme_id", "pledged") == {"lab-campus": -1000, "lab-cloud": -500}
    assert balances(small, "site_id", "operational") == {"north": 200, "west": 80}
    assert balances(small, "site_id", "under_construction") == {"north": 200}
    assert balances(small, "site_id", "planned") == {"north": 100, "south": 300}
    # 1000 - (200 + 200 + 100) = 500; 500 - (300 + 0.5 x 80) = 160.
    assert balances(small, "programme_id", "unidentified") == {"lab-campus": 500, "lab-cloud": 160}
    # Only 80 - 40 of west is built and unclaimed; the account carries it as a negative.
    assert balances(small, "site_id", "unclaimed") == {"west": -40}


@pytest.mark.slow
def test_unclaimed_is_what_stands_at_sites_less_what_is_claimed(bundled: Ledger) -> None:
    rows = bundled.rows(
        """
        select
            coalesce(sum(amount_mean) filter (entry_kind = 'milestone' and account <> 'unclaimed'), 0),
            -coalesce(sum(amount_mean) filter (entry_kind = 'claim' and account = 'unidentified'), 0),
            coalesce(sum(amount_mean) filter (account = 'unclaimed'), 0)
        from posting
        where site_id is not null
        group by site_id, measure
        """
    )
    assert rows
    for built, claimed, unclaimed in rows:
        assert abs(built - claimed + unclaimed) <= 1e-9 * max(built, claimed)


def test_postings_of_an_earlier_day_know_no_later_fact(small: Ledger) -> None:
    assert small.rows("from posting_as_of('2026-06-29'::date)") == []
