"""Every audit is silent on a sound ledger and fires on the one error that is planted for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gigaledger.auditing import audit
from gigaledger.ledger import open_ledger
from ledgers import FACT, Row, bundled_ledger, open_whole, write_ledger

if TYPE_CHECKING:
    from pathlib import Path

    from gigaledger.ledger import Ledger

RIVAL: Row = {"deal_id": "rival", "layer": "cloud", "announced_on": "2026-05-01", "status": "binding"}
RIVAL_CLAIM: Row = {"claim_id": "rival.west", "deal_id": "rival", "site_id": "west", "share_best": 0.6}

# Errors that the loader lets through: rows to change or add, by table; the rule; the subjects.
PLANTED_IN_FILES: dict[str, tuple[dict[str, list[Row]], str, list[str]]] = {
    "part above whole": (
        {"statement": [{"statement_id": "campus-first.it-power", "amount_best": 1400}]},
        "part_greater_than_whole",
        ["campus-first"],
    ),
    # Each of the parts is smaller than the campus (1,000), but 400 and 700 are more than it.
    "parts above whole together": (
        {
            "deal": [
                {
                    "deal_id": "campus-second",
                    "layer": "build",
                    "announced_on": "2026-05-01",
                    "status": "binding",
                    "part_of": "campus",
                },
            ],
            "statement": [
                {
                    "statement_id": "campus-second.it-power",
                    "deal_id": "campus-second",
                    "measure": "it_power",
                    "amount_best": 700,
                    "unit": "MW",
                },
            ],
        },
        "parts_greater_than_whole",
        ["campus"],
    ),
    "included more than whole": (
        {
            "inclusion": [
                {"inclusion_id": "a", "part_id": "rent", "whole_id": "campus", "share_best": 0.6, **FACT},
                {"inclusion_id": "b", "part_id": "rent", "whole_id": "campus-first", "share_best": 0.5, **FACT},
            ],
        },
        "inclusion_above_one",
        ["rent"],
    ),
    # West: 0.5 for `rent` and 0.6 for a deal of the same layer that is in no way part of it.
    "site claimed by two deals": (
        {"deal": [RIVAL], "claim": [RIVAL_CLAIM]},
        "site_claimed_twice",
        ["west"],
    ),
    "construction after completion": (
        {"milestone": [{"milestone_id": "north.begun", "on_date": "2026-06-15", "amount_best": 200}]},
        "operational_before_construction",
        ["north"],
    ),
    "more operational than begun": (
        {"milestone": [{"milestone_id": "north.begun", "on_date": "2026-03-01", "amount_best": 90}]},
        "operational_before_construction",
        ["north"],
    ),
    "operational in the future": (
        {"milestone": [{"milestone_id": "west.ready", "on_date": "2026-07-01"}]},
        "operational_after_known_on",
        ["west.ready"],
    ),
    "facility below IT": (
        {"milestone": [{"milestone_id": "north.facility", "amount_best": 150}]},
        "facility_below_it_power",
        ["north.facility"],
    ),
    "no source": (
        {
            "statement": [{"statement_id": "equity.equity", "source_id": ""}],
            "milestone": [{"milestone_id": "south.planned", "source_id": ""}],
            "claim": [{"claim_id": "rent.south", "source_id": ""}],
        },
        "statement_without_source",
        ["equity.equity", "rent.south", "south.planned"],
    ),
    # GB300 was released on 2025-08-22; the deal has it from the first day of that year.
    "deal before the chip": (
        {"deal": [{"deal_id": "rent", "starts_on": "2025-01-01"}]},
        "chip_delivered_before_release",
        ["rent"],
    ),
    "site before the chip": (
        {"milestone": [{"milestone_id": "west.ready", "on_date": "2025-05-01", "chip_id": "gb300"}]},
        "chip_delivered_before_release",
        ["west.ready"],
    ),
    "source without use": (
        {"source": [{"source_id": "unread-2026", "title": "Unread"}]},
        "source_never_used",
        ["unread-2026"],
    ),
}

# Errors that the loader refuses, planted in the open ledger.
PLANTED_IN_DATABASE = {
    "loop": (
        """
        update deal set part_of = case deal_id when 'rent' then 'equity' else 'rent' end
        where deal_id in ('rent', 'equity')
        """,
        "part_of_loop",
        ["equity", "rent"],
    ),
    "reversed interval": (
        "update claim set share_low = 0.9 where claim_id = 'rent.west'",
        "interval_reversed",
        ["rent.west"],
    ),
    "shares above 1": (
        "update chip_mix set share = share + 0.1 where mix_id = 'amazon-mix' and year = 2025",
        "share_sum_above_one",
        ["amazon-mix"],
    ),
    # `posting` is a view that balances by construction, so a table takes its place.
    "posting changed": (
        """
        drop view posting;
        create table posting as from posting_as_of((select as_of from newest_known_on));
        update posting set amount_mean = amount_mean + 1
        where entry_id = 'pledge.campus' and account = 'pledged' and measure = 'it_power'
        """,
        "posting_not_balanced",
        ["pledge.campus"],
    ),
}


def findings(ledger: Ledger) -> list[tuple[str, str]]:
    """The rule and subject of every row of `audit`."""
    return ledger.rows("select rule, subject_id from audit order by all")


def test_sound_ledger_breaks_no_rule(tmp_path: Path) -> None:
    assert open_whole(write_ledger(tmp_path)).rows("from audit") == []


@pytest.mark.parametrize(("overrides", "rule", "subjects"), PLANTED_IN_FILES.values(), ids=PLANTED_IN_FILES.keys())
def test_error_in_the_files_fires_its_audit_alone(
    tmp_path: Path, overrides: dict[str, list[Row]], rule: str, subjects: list[str]
) -> None:
    ledger = open_whole(write_ledger(tmp_path, **overrides))
    assert findings(ledger) == [(rule, subject) for subject in subjects]


@pytest.mark.parametrize(("plant", "rule", "subjects"), PLANTED_IN_DATABASE.values(), ids=PLANTED_IN_DATABASE.keys())
def test_error_in_the_database_fires_its_audit_alone(
    tmp_path: Path, plant: str, rule: str, subjects: list[str]
) -> None:
    ledger = open_whole(write_ledger(tmp_path))
    ledger.connection.execute(plant)
    assert findings(ledger) == [(rule, subject) for subject in subjects]


def test_every_audit_has_a_planted_error_and_stands_in_audit(tmp_path: Path) -> None:
    ledger = open_whole(write_ledger(tmp_path))
    views = dict(ledger.rows("select view_name, sql from duckdb_views() where view_name like 'audit%'"))
    audit = views.pop("audit")
    planted = {rule for _, rule, _ in [*PLANTED_IN_FILES.values(), *PLANTED_IN_DATABASE.values()]}
    assert set(views) == {f"audit_{rule}" for rule in planted}
    assert [view for view in views if view not in audit] == []


def test_check_finds_what_the_view_finds_and_counts_by_rule(tmp_path: Path) -> None:
    part: Row = {"statement_id": "campus-first.it-power", "amount_best": 1400}
    ledger = open_ledger(write_ledger(tmp_path, statement=[part], deal=[RIVAL], claim=[RIVAL_CLAIM]))
    document = audit(ledger)
    counts = {rule["rule"]: rule["broken_count"] for rule in document["rules"]}
    assert {rule for rule, count in counts.items() if count} == {"part_greater_than_whole", "site_claimed_twice"}
    assert len(counts) == 14
    assert all(rule["meaning"] for rule in document["rules"])
    ledger.install("everything")
    assert [(row["rule"], row["subject_id"]) for row in document["broken"]] == findings(ledger)


def test_posting_changed_in_the_measure_that_check_looks_at_is_found(tmp_path: Path) -> None:
    ledger = open_ledger(write_ledger(tmp_path))
    ledger.install("audit")
    # A formula that posts one leg too much, in place of the sound one.
    ledger.connection.execute(
        "create table sound as from posting_as_of($1::date, measures := ['it_power'])", [ledger.as_of]
    )
    ledger.connection.execute(
        "create or replace macro posting_as_of(as_of, measures := null) as table "
        "select * replace (amount_mean + case when account = 'pledged' then 1 else 0 end as amount_mean) from sound"
    )
    broken = audit(ledger)["broken"]
    assert {row["rule"] for row in broken} == {"posting_not_balanced"}
    assert len(broken) == 2


def test_bundled_ledger_breaks_no_rule() -> None:
    assert audit(bundled_ledger())["broken"] == []


def test_floor_of_the_whole_does_not_bound_its_part(tmp_path: Path) -> None:
    statements: list[Row] = [
        {"statement_id": "campus.it-power", "qualifier": "at_least"},
        {"statement_id": "campus-first.it-power", "amount_best": 1400},
    ]
    assert open_whole(write_ledger(tmp_path, statement=statements)).rows("from audit") == []


def test_extension_of_a_running_site_is_sound(tmp_path: Path) -> None:
    # 200 MW run since 2026-06-01; from 2026-06-15 a further 100 MW are under construction, 300 MW in all.
    begun: Row = {"milestone_id": "north.begun", "on_date": "2026-06-15", "amount_best": 300}
    assert open_whole(write_ledger(tmp_path, milestone=[begun])).rows("from audit") == []


def test_detail_says_what_to_mend(tmp_path: Path) -> None:
    part: Row = {"statement_id": "campus-first.it-power", "amount_best": 1400}
    ledger = open_whole(write_ledger(tmp_path, statement=[part]))
    [(detail,)] = ledger.rows("select detail from audit")
    assert detail == (
        "campus-first states 1400 MW of it_power (exact), but campus, which it is part of, states 1000 (exact)"
    )
