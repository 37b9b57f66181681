"""Journals are accepted by Beancount and by hledger, and refused after any one amount is changed."""

from __future__ import annotations

import datetime as dt
import random
import re
import shutil
import subprocess
import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from beancount import loader
from beancount.core import data
from hypothesis import given, settings
from hypothesis import strategies as st

from gigaledger.export.entries import Commodity, Entry, Journal, Leg, plain_text, read_journal
from gigaledger.export.journal import beancount_lines, hledger_lines, write_beancount, write_hledger
from gigaledger.ledger import open_ledger
from gigaledger.reconciliation import SHOWN_MEASURES, reconcile
from ledgers import Row, bundled_ledger, write_ledger

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# An amount with its commodity, in an entry or in an assertion; the formats of `commodity` lines are no amounts.
AMOUNT = re.compile(r'(?<=\s)-?\d+\.\d+(?= "?[A-Z][A-Z0-9_]+"?)')
STRICT = ("accounts", "assertions", "balancednoautoconversion", "commodities", "ordereddates", "payees")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The journals of the sound ledger, by format."""
    folder = tmp_path_factory.mktemp("small")
    return written(write_ledger(folder / "ledger"), folder)


@pytest.fixture(scope="module")
def hledger_program() -> str:
    return shutil.which("hledger") or "hledger"


@pytest.fixture(scope="module")
def bundled() -> Journal:
    """The journal of the bundled ledger."""
    return read_journal(bundled_ledger())


def written(datasets: Path, folder: Path) -> dict[str, str]:
    """The journals of a ledger, by format."""
    ledger = open_ledger(datasets)
    write_beancount(ledger, folder)
    write_hledger(ledger, folder)
    return {
        "beancount": (folder / "ledger.beancount").read_text(encoding="utf-8"),
        "hledger": (folder / "ledger.journal").read_text(encoding="utf-8"),
    }


def text_of(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def beancount_errors(text: str) -> list[str]:
    """What Beancount's own checks find wrong."""
    return [str(error) for error in loader.load_string(text)[1]]


def hledger_refuses(program: str, text: str) -> bool:
    """Whether hledger's checks, the plain or the strict ones, find something wrong."""
    run = subprocess.run(
        [program, "-f", "-", "check", *STRICT], input=text.encode(), capture_output=True, check=False, timeout=60
    )
    return run.returncode != 0


def changed_texts(text: str, count: int, seed: int) -> list[tuple[str, str]]:
    """Texts in which one amount is another one, by a lot or by its last digit, with the line that changed."""
    spans = [
        found.span()
        for found in AMOUNT.finditer(text)
        if not text[text.rfind("\n", 0, found.start()) + 1 :].startswith("commodity")
    ]
    chosen = random.Random(seed)  # noqa: S311 - a sample, not a secret
    texts = []
    for start, end in chosen.sample(spans, min(count, len(spans))):
        amount = Decimal(text[start:end])
        last_digit = Decimal(1).scaleb(amount.as_tuple().exponent)
        other = chosen.choice([amount + last_digit, amount - last_digit, amount + 1, 2 * amount + 1, -amount - 1])
        changed = f"{text[:start]}{other:f}{text[end:]}"
        texts.append((changed, changed[changed.rfind("\n", 0, start) : changed.find("\n", start)]))
    return texts


def test_small_ledger_balances_as_worked_out_by_hand(small: dict[str, str]) -> None:
    # As in tests/sql/test_postings.py: 1,000 - (200 + 200 + 100) = 500 and 500 - (300 + 40) = 160 MW.
    for line in (
        "2026-07-01 balance Liabilities:Pledged:Lab-campus  -1000.000000 IT_POWER",
        "2026-07-01 balance Liabilities:Pledged:Lab-cloud  -500.000000 IT_POWER",
        "2026-07-01 balance Assets:Unidentified:Lab-campus  500.000000 IT_POWER",
        "2026-07-01 balance Assets:Unidentified:Lab-cloud  160.000000 IT_POWER",
        "2026-07-01 balance Assets:UnderConstruction:North  200.000000 IT_POWER",
        "2026-07-01 balance Equity:Unclaimed:West  -40.000000 IT_POWER",
    ):
        assert f"\n{line}\n" in small["beancount"]
    assert '    Assets:Unidentified:Lab-cloud  0.000000 "IT_POWER" = 160.000000 "IT_POWER"\n' in small["hledger"]


def test_beancount_accepts_the_small_ledger_and_refuses_each_changed_amount(small: dict[str, str]) -> None:
    assert beancount_errors(small["beancount"]) == []
    accepted = [line for text, line in changed_texts(small["beancount"], 1000, 1) if not beancount_errors(text)]
    assert accepted == []


@pytest.mark.needs("hledger")
def test_hledger_accepts_the_small_ledger_and_refuses_each_changed_amount(
    small: dict[str, str], find_program: Callable[[str], str]
) -> None:
    program = find_program("hledger")
    assert not hledger_refuses(program, small["hledger"])
    accepted = [line for text, line in changed_texts(small["hledger"], 60, 2) if not hledger_refuses(program, text)]
    assert accepted == []


@pytest.mark.needs("bean-check")
@pytest.mark.needs("hledger")
def test_both_programs_accept_the_bundled_ledger_and_refuse_changed_amounts(
    bundled: Journal, find_program: Callable[[str], str], tmp_path: Path
) -> None:
    commands = {
        "ledger.beancount": ([find_program("bean-check"), "--no-cache"], beancount_lines),
        "ledger.journal": ([find_program("hledger"), "check", *STRICT, "-f"], hledger_lines),
    }
    for name, (command, lines) in commands.items():
        text = text_of(list(lines(bundled)))
        file = tmp_path / name
        for changed, line in [(text, ""), *changed_texts(text, 4, 3)]:
            file.write_text(changed, encoding="utf-8")
            run = subprocess.run([*command, str(file)], capture_output=True, check=False, timeout=120)
            assert (run.returncode == 0) == (line == ""), (line, run.stdout, run.stderr)


def test_every_programme_is_asserted_and_is_the_mean_of_the_reconciliation(bundled: Journal) -> None:
    balances = bundled.balances()
    sums = {
        account: {commodity.measure: float(amount) for commodity, amount in by_commodity.items()}
        for account, by_commodity in balances.items()
    }
    programmes = reconcile(bundled_ledger())["programmes"]
    pledged = [one for one in programmes if one["pledged"] is not None]
    assert len(pledged) > 20
    for programme in pledged:
        component = programme["programme_id"][0].upper() + programme["programme_id"][1:]
        for measure in SHOWN_MEASURES:
            accounts = programme["measures"][measure]
            scale = accounts["pledged"]["mean"]
            # Rounding is below a millionth of a millionth of the pledge, and never above a watt and a cent a posting.
            assert -sums[f"Liabilities:Pledged:{component}"][measure] == pytest.approx(scale, rel=1e-9, abs=1e-4)
            assert sums[f"Assets:Unidentified:{component}"].get(measure, 0) == pytest.approx(
                accounts["unidentified"]["mean"], abs=1e-9 * scale + 1e-4
            )


def test_legs_of_each_entry_cancel_exactly_and_rounding_is_insignificant(bundled: Journal) -> None:
    for entry in bundled.entries:
        for commodity in bundled.commodities:
            assert sum(leg.amount for leg in entry.legs if leg.commodity == commodity) == 0
    exact = dict(
        bundled_ledger().rows(
            "select entry_id, max(amount_mean) from posting_as_of($1, measures := ['it_power']) group by all",
            [bundled.as_of],
        )
    )
    legs = [(entry, leg) for entry in bundled.entries for leg in entry.legs if leg.commodity.measure == "it_power"]
    for entry, leg in legs:
        assert abs(abs(float(leg.amount)) - exact[entry.entry_id]) <= 0.5001e-6


def test_entries_name_their_facts_and_sources(bundled: Journal) -> None:
    known = {name: set(ids) for name, ids in _ids(bundled.as_of).items()}
    for entry in bundled.entries:
        kind = {"pledge": "statement", "milestone": "milestone", "claim": "claim"}[entry.kind]
        assert set(entry.facts[kind]) <= known[kind], entry.entry_id
        assert set(entry.facts["source"]) <= known["source"], entry.entry_id


def _ids(day: dt.date) -> dict[str, list[str]]:
    ledger = bundled_ledger()
    return {
        table: [
            key
            for (key,) in ledger.rows(
                f"select {table}_id from {table} {'' if table == 'source' else 'where known_on <= $1'}",
                [] if table == "source" else [day],
            )
        ]
        for table in ("statement", "milestone", "claim", "source")
    }


POWER = Commodity("it_power", "IT_POWER", "MW", "critical IT", 6)
HOSTILE = [
    'a "quoted" name',
    "back\\slash at the end\\",
    '2026-01-01 open Assets:Injected\n2026-01-01 * "x" "y"',
    "semicolon; comment, date:2020-01-01 [2020-01-01]",
    "pipe | bar (code) = assertion @ 5 USD",
    "\u202eright to left\u202c \u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
    "\u2028line\u2029paragraph\x00\x1b[31m\r\n\ttab",
    "",
    "   ",
    '* ! # ^link #tag {cost} @@ include "/etc/passwd"',
    "end comment",
]


def hostile_journal(name: str) -> Journal:
    """Two entries whose texts are one name."""
    day = dt.date(2026, 1, 1)
    amount = Decimal("1.500000")
    entries = tuple(
        Entry(
            f"claim.{number}",
            "claim",
            day,
            plain_text(name),
            plain_text(name),
            (Leg("Equity:Unclaimed:A", amount, POWER), Leg("Assets:Unidentified:B", -amount, POWER)),
            {"site": ("a",)},
        )
        for number in (1, 2)
    )
    return Journal(name, day, (POWER,), entries)


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.needs("hledger")
def test_hostile_names_stay_text(name: str, find_program: Callable[[str], str]) -> None:
    check_is_text(name, find_program("hledger"))


@settings(deadline=None, max_examples=25)
@given(name=st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40))
@pytest.mark.needs("hledger")
def test_any_name_stays_text(hledger_program: str, name: str) -> None:
    check_is_text(name, hledger_program)


def check_is_text(name: str, program: str) -> None:
    """Both programs read two entries on two accounts, whatever the name is."""
    journal = hostile_journal(name)
    entries, errors, _ = loader.load_string(text_of(list(beancount_lines(journal))))
    assert errors == []
    transactions = [entry for entry in entries if isinstance(entry, data.Transaction)]
    assert [(one.payee, one.narration) for one in transactions] == [(plain_text(name), plain_text(name))] * 2
    assert len(entries) == 1 + 2 + 2 + 2
    text = text_of(list(hledger_lines(journal)))
    assert not hledger_refuses(program, text), text
    run = subprocess.run(
        [program, "-f", "-", "accounts"], input=text.encode(), capture_output=True, check=True, timeout=60
    )
    assert sorted(run.stdout.decode().split()) == ["Assets:Unidentified:B", "Equity:Unclaimed:A"]
    assert not [sign for line in text.splitlines() for sign in line if unicodedata.category(sign) == "Cc"]


def test_names_of_the_datasets_reach_the_journal_as_one_line(tmp_path: Path) -> None:
    site: Row = {"site_id": "north", "name": 'North; "the\u202e big" | one\\'}
    texts = written(write_ledger(tmp_path / "ledger", site=[site]), tmp_path)
    assert r'"North; \"the big\" | one\\" "Operational at North; \"the big\" | one\\"' in texts["beancount"]
    assert 'North, "the big" / one\\ | Operational at North, "the big" / one\\' in texts["hledger"]


def test_ids_that_would_be_one_account_stay_two(tmp_path: Path) -> None:
    twins: list[Row] = [
        {"site_id": "a.b", "name": "One", "country": "US"},
        {"site_id": "a-b", "name": "Two", "country": "US"},
    ]
    states: list[Row] = [
        {
            "milestone_id": f"{one['site_id']}.m",
            "site_id": one["site_id"],
            "on_date": "2026-01-01",
            "stage": "operational",
            "amount_best": 10,
        }
        for one in twins
    ]
    text = written(write_ledger(tmp_path / "ledger", site=twins, milestone=states), tmp_path)["beancount"]
    assert "balance Assets:Operational:A-b  10.000000 IT_POWER" in text
    assert "balance Assets:Operational:A-b-2  10.000000 IT_POWER" in text
    assert beancount_errors(text) == []


def test_ledger_without_facts_is_an_empty_journal(tmp_path: Path) -> None:
    folder = tmp_path / "ledger"
    folder.mkdir()
    (folder / "organization.csv").write_text(
        "organization_id,name,kind,country,source_id\nlab,Lab,,,\n", encoding="utf-8"
    )
    texts = written(folder, tmp_path)
    assert beancount_errors(texts["beancount"]) == []
    assert " balance " not in texts["beancount"]
