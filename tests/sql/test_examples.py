"""The questions of `sql/examples/`, asked in the real shell; answers are held against another way to them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gigaledger.build import build_file
from gigaledger.paths import sql_folder
from gigaledger.query import _shell_command

sys.path.append(str(Path(__file__).resolve().parents[1]))
from ledgers import write_ledger

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.needs("duckdb"), pytest.mark.slow]

EXAMPLES = sorted((sql_folder() / "examples").glob("*.sql"))
PAGE = Path(__file__).resolve().parents[2] / "docs" / "shell.md"
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def file(built_file: Path) -> Path:
    return built_file


@pytest.fixture
def ask(file: Path, find_program: Callable[[str], str]) -> Callable[[str], Rows]:
    """A function from a SQL text to the rows that the shell prints."""
    shell = find_program("duckdb")

    def asked(text: str) -> Rows:
        done = subprocess.run(
            [shell, "-readonly", "-json", str(file)], input=text, capture_output=True, check=False, encoding="utf-8"
        )
        assert (done.returncode, done.stderr) == (0, "")
        return json.loads(done.stdout or "[]")

    return asked


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_example_asks_a_question_and_gets_an_answer(example: Path, ask: Callable[[str], Rows]) -> None:
    text = example.read_text(encoding="utf-8")
    assert re.match(r"-- [^\n]*\?", text), "the first line must be the question"
    assert len(ask(text)) > 0


def test_every_example_is_on_the_page_with_its_question() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert len(EXAMPLES) >= 10
    missing = [path.name for path in EXAMPLES if f"`{path.name}`" not in page]
    assert missing == []


def answer(ask: Callable[[str], Rows], name: str) -> Rows:
    return ask((sql_folder() / "examples" / f"{name}.sql").read_text(encoding="utf-8"))


def test_states_sum_to_the_sites_of_the_country(ask: Callable[[str], Rows]) -> None:
    rows = answer(ask, "capacity_by_state_and_quarter")
    newest = max(row["quarter_end"] for row in rows)
    (whole,) = ask(
        "select sum(operational_mean) as mw from site_capacity where country = 'US' and measure = 'it_power'"
    )
    # The running quarter ends at the newest day, which is what site_capacity is about.
    found = sum(row["operational_it_power_mw_mean"] for row in rows if row["quarter_end"] == newest)
    assert found == pytest.approx(whole["mw"], rel=1e-3)


def test_what_serves_whom_sums_to_the_reconciliation(ask: Callable[[str], Rows]) -> None:
    rows = answer(ask, "what_serves_whom")
    wanted = ask(
        "select name, operational_mean from reconciliation where measure = 'it_power' and operational_mean > 0"
    )
    assert len(wanted) > 5
    for programme in wanted:
        found = sum(row["operational_mw_mean"] for row in rows if row["programme"] == programme["name"])
        assert found == pytest.approx(programme["operational_mean"], rel=1e-9)


def test_what_changed_is_the_difference_of_two_days_drawn_anew(ask: Callable[[str], Rows]) -> None:
    rows = {row["programme_id"]: row for row in answer(ask, "what_changed_since")}
    before = ask("from reconciliation_as_of('2026-06-30'::date, measures := ['it_power'])")
    now = {row["programme_id"]: row for row in ask("from reconciliation where measure = 'it_power'")}
    assert len(before) > 10
    for row in before:
        name = row["programme_id"]
        assert rows[name]["operational_change_mw_mean"] == pytest.approx(
            now[name]["operational_mean"] - row["operational_mean"], abs=0.051
        )


def test_interval_of_a_custom_total_is_that_of_its_draws(ask: Callable[[str], Rows]) -> None:
    (row,) = answer(ask, "interval_of_a_custom_total")
    (anew,) = ask(
        "with total as (select draw, sum(operational + under_construction) as mw from site_draw_as_of("
        "(select as_of from newest_known_on), measures := ['it_power'], "
        "sites := (select list(site_id) from site where state in ('TX', 'NY'))) group by draw) "
        "select avg(mw) as mean, quantile_cont(mw, 0.05) as p05, quantile_cont(mw, 0.95) as p95 from total"
    )
    # Draws are kept in single precision.
    assert row["built_mw_mean"] == pytest.approx(anew["mean"], rel=1e-6)
    assert row["built_mw_p05"] == pytest.approx(anew["p05"], rel=1e-6)
    assert row["built_mw_p95"] == pytest.approx(anew["p95"], rel=1e-6)
    (parts,) = ask(
        "select sum(operational_p95 + under_construction_p95) as p95 from site_capacity "
        "where measure = 'it_power' and state in ('TX', 'NY')"
    )
    assert row["built_mw_p95"] < parts["p95"], "percentiles of parts do not add"


def test_circular_pairs_invest_and_buy(ask: Callable[[str], Rows]) -> None:
    rows = answer(ask, "circular_pairs")
    assert all(row["round_busd"] == min(row["invested_busd"], row["bought_back_busd"]) > 0 for row in rows)


def test_sites_claimed_over_are_claimed_by_several_programmes(ask: Callable[[str], Rows]) -> None:
    rows = answer(ask, "most_claimed_site")
    assert rows == sorted(rows, key=lambda row: -row["claimed_beyond_mw_mean"])
    assert all(row["programmes"].count(",") >= 1 for row in rows)


def test_chips_of_all_designers_are_the_pledged_chips(ask: Callable[[str], Rows]) -> None:
    rows = answer(ask, "chips_by_designer")
    (whole,) = ask(
        "select sum(amount_mean) as chips from deal_capacity inner join top_deal using (deal_id) "
        "where measure = 'chips'"
    )
    assert sum(row["chip_count_mean"] for row in rows) == pytest.approx(whole["chips"], rel=1e-9)


def test_kept_tables_follow_an_assumption_changed_in_the_shell(
    tmp_path: Path, find_program: Callable[[str], str]
) -> None:
    """By the steps of the page: change the assumption, write the statements of `refresh` to a file, run them."""
    shell, file, refresh = find_program("duckdb"), tmp_path / "ledger.duckdb", tmp_path / "refresh.sql"
    build_file(file, datasets=write_ledger(tmp_path / "ledger"))
    steps = (
        "update assumption set low = 2, best = 2, high = 2 where assumption_id = 'peak_pue';\n"
        f".mode list\n.headers off\n.once {refresh}\nselect statement from refresh order by place;\n"
        f".read {refresh}\n"
        ".mode json\nselect measure, pledged_mean as mw from reconciliation "
        "where measure in ('it_power', 'facility_power') and programme_id = 'lab-campus' order by measure;\n"
    )
    done = subprocess.run([shell, str(file)], input=steps, capture_output=True, check=False, encoding="utf-8")
    assert (done.returncode, done.stderr) == (0, "")
    facility, it = json.loads(done.stdout)
    assert facility["mw"] == pytest.approx(2 * it["mw"], rel=1e-6)


def test_a_pipe_goes_to_the_duckdb_shell() -> None:
    # Under pytest standard input is no terminal, so Harlequin, which needs one, is not chosen.
    assert Path(_shell_command()[0]).name == "duckdb"


def test_a_terminal_goes_to_harlequin_where_it_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = tmp_path / "harlequin"
    fake.write_text("#!/bin/sh\n")
    fake.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert _shell_command() == [str(fake), "--read-only"]
