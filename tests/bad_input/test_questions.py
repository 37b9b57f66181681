"""Questions that cannot be answered: unknown names, options that cannot be read, SQL that writes or reads files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from sound_ledger import FILES, Outcome, assert_refused, run, run_process, write_ledger

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_ledger(tmp_path_factory.mktemp("ledger"))


def refused(ledger: Path, *arguments: str) -> Outcome:
    outcome = run(*arguments, "--json", "--datasets", ledger)
    assert_refused(outcome)
    return outcome


EQUITY = "equity (money paid for shares) is a fact, not capacity"
QUESTIONS = [
    (["convert", "5e9 USD", "--measure", "equity", "--to", "it_power"], EQUITY),
    (["convert", "5e9 USD", "--measure", "equity", "--to", "all"], EQUITY),
    (["convert", "1 GW_it", "--to", "equity"], EQUITY),
    (["reconcile", "--measure", "equity"], EQUITY),
    (
        ["explain", "round", "--measure", "valuation"],
        "valuation (price put on a whole company) is a fact, not capacity",
    ),
    (
        ["reconcile", "--measure", "unstated_power"],
        "is how a source states an amount, not a result; ask for one of chips",
    ),
    (["reconcile", "--measure", "it_pwer"], "'it_pwer' is not a measure; expected one of chips"),
    (["reconcile", "--measure", "it_pwer"], "did you mean 'it_power'?"),
    (["convert", "1 GW_it", "--to", "chip"], "'chip' is not a measure; expected one of chips"),
    (["convert", "1 GW_it", "--to", ""], "'' is not a measure; expected one of chips"),
    (["convert", "1 GW_it", "--measure", "powr", "--to", "chips"], "'powr' is no measure; expected one of"),
    (["convert", "1 GW_it", "--measure", "chips", "--to", "chips"], "counts it_power"),
    (["convert", "1 gigawats", "--to", "chips"], "neither a unit nor a chip"),
    (["convert", "1 h10", "--to", "it_power"], "did you mean 'h100'?"),
    (["convert", "$-5 billion", "--to", "chips"], "negative"),
    (["convert", "nan GW_it", "--to", "chips"], "not finite"),
    (["convert", "1e400 GW_it", "--to", "chips"], "too large an amount"),
    (["convert", "1e300 GW_it", "--to", "total_capex"], "the result is beyond the range of numbers"),
    (["convert", "", "--to", "chips"], "an empty quantity"),
    (["convert", "1 GW_it + 300 MW_facility", "--to", "chips"], "cannot add facility_power"),
    (["convert", "1 GW_it", "--to", "chips", "--chip", "b20"], "'b20' is not a chip or mix; did you mean 'b200'?"),
    (["convert", "1 h100", "--to", "it_power", "--chip", "b200"], "the quantity counts h100, but --chip says b200"),
    (["convert", "1 h100", "--to", "it_power", "--year", "1999"], "--year 1999: expected a delivery year between 2000"),
    (["convert", "1 h100", "--to", "it_power", "--year", "-1"], "--year -1: expected a delivery year between 2000"),
    (["convert", "1 h100", "--to", "it_power", "--year", "99999999999"], "expected a delivery year between 2000"),
    (["convert", "1 h100", "--to", "it_power", "--year", "2026.5"], "'2026.5' is not a valid integer"),
    (["convert", "1 h100", "--to", "it_power", "--year", ""], "'' is not a valid integer"),
    *(
        (
            ["convert", "1 h100", "--to", "it_power", "--term-years", years],
            f"--term-years {years}: expected more than 0",
        )
        for years in ("0", "-3", "101", "nan", "inf")
    ),
    (["convert", "1 h100", "--to", "it_power", "--term-years", "five"], "'five' is not a valid float"),
    (["convert", "1 h100"], "Missing option '--to'"),
    (["convert"], "Missing argument 'QUANTITY'"),
    (["reconcile", "texs"], "no programme 'texs'; the ledger has plain, texas; did you mean 'texas'?"),
    (["reconcile", ""], "no programme ''; the ledger has plain, texas"),
    (["explain", "buld"], "did you mean 'build'?"),
    (["explain"], "Missing argument 'DEAL'"),
    (["reconcile", "--set", "peak_pu=1.1"], "--set peak_pu: no assumption of that name; did you mean 'peak_pue'?"),
    (["reconcile", "--set", "peak_pue=1.3,1.2,1.1"], "expected 0 <= low <= best <= high"),
    (["reconcile", "--set", "peak_pue=nan"], "--set peak_pue"),
    (["reconcile", "--set", "peak_pue=1,inf,inf"], "--set peak_pue"),
    (["reconcile", "--set", "peak_pue=-1"], "--set peak_pue"),
    *(
        (["reconcile", "--set", text], f"{text!r}: expected ASSUMPTION=low,best,high")
        for text in (
            "",
            "=",
            "peak_pue",
            "peak_pue=",
            "=1",
            "peak_pue=much",
            "peak_pue=1,2",
            "peak_pue=1,2,3,4",
            "peak_pue=1,,2",
        )
    ),
    *(
        (["reconcile", "--as-of", text], f"{text!r} is not a date; expected YYYY-MM-DD")
        for text in (
            "2026-02-30",
            "2026-13-01",
            "12/03/2026",
            "2026-W01-1",
            "20260101",
            "2026-1-1",
            "today",
            "",
            "\uff12\uff10\uff12\uff16-01-01",
        )
    ),
    (["reconsile"], "No such command 'reconsile'"),
    (["reconcile", "--colour"], "No such option"),
    (["reconcile", "--datasets"], "Option '--datasets' requires an argument"),
]


@pytest.mark.parametrize(("arguments", "message"), QUESTIONS)
def test_a_bad_question_is_refused_in_a_sentence(ledger: Path, arguments: list[str], message: str) -> None:
    if arguments[-1] == "--datasets":
        outcome = run(*arguments)
        assert_refused(outcome)
    else:
        outcome = refused(ledger, *arguments)
    assert message in outcome.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["convert", "5e9 USD", "--measure", "equity", "--to", "it_power"],
        ["reconcile", "--measure", "equity"],
        ["reconcile", "--set", "peak_pue=nan"],
        ["sql", "drop table deal"],
    ],
)
def test_a_bad_question_ends_the_process_with_status_2(ledger: Path, arguments: list[str]) -> None:
    outcome = run_process(*arguments, "--json", "--datasets", ledger)
    assert_refused(outcome)
    assert outcome.err.startswith("gigaledger: ")


ONLY_READING = "expected one statement that reads, such as select ... from reconciliation"
QUERIES = [
    ("", ONLY_READING),
    (";", ONLY_READING),
    ("/* nothing */", ONLY_READING),
    ("selct 1", "syntax error"),
    ("select from from", "syntax error"),
    ("select nothing from deal", "nothing"),
    ("from deals", "Table with name deals does not exist"),
    ("select 1; select 2", ONLY_READING),
    ("select 1; drop table deal", ONLY_READING),
    *(
        (query, ONLY_READING)
        for query in (
            "drop table deal",
            "delete from deal",
            "update deal set title = ''",
            "insert into deal (deal_id) values ('x')",
            "with x as (select 'x' as deal_id) insert into deal by name from x",
            "create table x as select 1",
            "create or replace view reconciliation as select 1",
            "copy deal to 'deal.csv'",
            "export database 'here'",
            "attach 'x.duckdb'",
            "set enable_external_access = true",
            "pragma database_list",
            "install httpfs",
            "load httpfs",
            "call pragma_version()",
            "explain analyze delete from deal",
            "explain drop table deal",
            "EXPLAIN (ANALYZE) update deal set title = ''",
            "/* explain */ explain analyze delete from deal",
            "vacuum",
            "checkpoint",
            "begin",
        )
    ),
    ("select interval 100000000 years", "cast it to varchar"),
    ("select now()", "cast it, as in now()::timestamp"),
    ("select error('stop')", "stop"),
    ("select 'x'::integer", "Conversion Error"),
]


@pytest.mark.parametrize(("query", "message"), QUERIES)
def test_sql_that_is_wrong_or_writes_is_refused(ledger: Path, query: str, message: str) -> None:
    assert message in refused(ledger, "sql", query).err


@pytest.mark.parametrize(
    "query",
    [
        "from '{file}'",
        "from read_csv('{file}')",
        "from read_text('{file}')",
        "from read_blob('{file}')",
        "from read_parquet('{file}')",
        "from sniff_csv('{file}')",
        "from glob('{folder}/*')",
        "from 'https://example.org/x.parquet'",
        "select * from query('from read_text(''{file}'')')",
        "explain analyze from '{file}'",
    ],
)
def test_sql_reads_no_files(ledger: Path, query: str) -> None:
    text = query.format(file=ledger / "deal.csv", folder=ledger)
    outcome = refused(ledger, "sql", text)
    assert "Build in Texas" not in outcome.err
    assert "disabled" in outcome.err or "Permission Error" in outcome.err


def test_sql_leaves_the_files_of_the_ledger_alone(ledger: Path) -> None:
    refused(ledger, "sql", "copy (select 1) to '{}'".format(ledger / "deal.csv"))
    assert {path.name: path.read_bytes() for path in ledger.iterdir()} == {
        name: text.encode() for name, text in FILES.items()
    }


@pytest.mark.parametrize(
    ("query", "row"),
    [
        ("select 'nan'::double, 'inf'::double, 1 / 0, null", [None, None, None, None]),
        ("select {'a': 'nan'::double}, ['inf'::double]", [{"a": None}, [None]]),
        ("select map {date '2026-01-01': 1}", [{"2026-01-01": 1}]),
        ("select date '2026-01-01', 'Ä\"\\'", ["2026-01-01", 'Ä"\\']),
        ("explain select 1", None),
        ("describe deal", None),
        ("select 1;", [1]),
    ],
)
def test_sql_that_reads_gives_json(ledger: Path, query: str, row: list[object] | None) -> None:
    outcome = run("sql", query, "--json", "--datasets", ledger)
    assert outcome.status == 0, outcome.err
    rows = json.loads(outcome.out, parse_constant=pytest.fail)["rows"]
    assert row is None or rows == [row]


def test_sql_that_reads_gives_a_table(ledger: Path) -> None:
    outcome = run(
        "sql", "select 'nan'::double, 1 / 0, null, {'a': 1}, map {date '2026-01-01': 'x'}", "--datasets", ledger
    )
    assert outcome.status == 0, outcome.err
    assert "2026" in outcome.out


def test_dates_far_away_are_answered(ledger: Path) -> None:
    early = run("reconcile", "--json", "--as-of", "0001-01-01", "--datasets", ledger)
    late = run("reconcile", "--json", "--as-of", "9999-12-31", "--datasets", ledger)
    assert (early.status, late.status) == (0, 0)
    assert {programme["programme_id"] for programme in json.loads(early.out)["programmes"]} == {"plain", "texas"}
