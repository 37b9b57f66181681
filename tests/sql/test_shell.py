"""The built file in a plain DuckDB shell: the same answers, without Python."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import gigaledger
from gigaledger.ledger import Ledger, open_ledger
from gigaledger.paths import sql_folder

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.needs("duckdb")

CONTRACT_VIEWS = [
    "rate",
    "deal_capacity",
    "site_capacity",
    "posting",
    "reconciliation",
    "build_out_by_quarter",
    "tension",
    "circular_flow",
    "overlap",
    "audit",
]
INSTALLED = {Path(line).stem for line in (sql_folder() / "install.sql").read_text(encoding="utf-8").split()}
VIEWS = [view for view in CONTRACT_VIEWS if view in INSTALLED]
Row = dict[str, Any]


@pytest.fixture(scope="module")
def file(built_file: Path) -> Path:
    return built_file


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    ledger = open_ledger()
    ledger.install("everything")
    return ledger


@pytest.fixture
def ask(file: Path, find_program: Callable[[str], str], tmp_path: Path) -> Callable[[str], list[Row]]:
    """A function from a query to its rows, asked in the shell with an empty environment."""
    shell = find_program("duckdb")

    def asked(query: str) -> list[Row]:
        done = subprocess.run(
            [shell, "-readonly", "-json", str(file), "-c", query],
            capture_output=True,
            check=False,
            encoding="utf-8",
            cwd=tmp_path,
            env={"HOME": str(tmp_path)},
        )
        assert (done.returncode, done.stderr) == (0, ""), query
        return json.loads(done.stdout or "[]")

    return asked


def assert_same_rows(left: list[Row], right: list[Row]) -> None:
    """Equal rows: numbers to 1e-9, everything else as text."""
    assert len(left) == len(right) > 0
    for one, other in zip(left, right, strict=True):
        assert one.keys() == other.keys()
        for name, value in other.items():
            if isinstance(value, float):
                # Sums in another order differ in their last bits, also around 0.
                assert one[name] == pytest.approx(value, rel=1e-9, abs=1e-6), (name, one)
            else:
                assert one[name] == (value if value is None or isinstance(value, bool | int) else str(value))


@pytest.mark.slow
@pytest.mark.parametrize("view", VIEWS)
def test_view_of_the_contract_answers_in_the_shell(ask: Callable[[str], list[Row]], view: str) -> None:
    # Every column is counted: a count of rows alone would leave the amounts uncomputed.
    (found,) = ask(f"select count(columns(*)) from {view}")
    assert view == "audit" or max(found.values()) > 0


def test_every_table_of_the_datasets_is_there(ask: Callable[[str], list[Row]]) -> None:
    tables = {row["table_name"] for row in ask("select table_name from duckdb_tables() where not internal")}
    datasets = {file.stem for file in (Path(sql_folder()).parent / "datasets").glob("*.csv")}
    assert datasets | {"measure", "dictionary"} <= tables


def test_convert_in_the_shell_is_that_of_the_library(ask: Callable[[str], list[Row]]) -> None:
    (found,) = ask("from convert(1e6, 'chips', 'it_power', 'tpu-v7', 2026)")
    library = gigaledger.convert("1e6 TPUv7", to="it_power", year=2026)
    for name in ("mean", "p05", "p50", "p95"):
        assert found[f"amount_{name}"] == pytest.approx(library[name].item(), rel=1e-9)
    assert found["unit"] == library["unit"].item()


@pytest.mark.parametrize("day", ["2026-03-31", "2026-09-30"])
def test_reconciliation_as_of_in_the_shell_is_that_of_the_library(
    ask: Callable[[str], list[Row]], ledger: Ledger, day: str
) -> None:
    query = f"from reconciliation_as_of('{day}'::date, measures := ['it_power', 'total_capex'])"
    assert_same_rows(ask(query), ledger.records(query))


def test_reconciliation_in_the_shell_is_what_the_library_reconciles(
    ask: Callable[[str], list[Row]], ledger: Ledger
) -> None:
    frame = ledger.reconcile(measure="it_power")
    query = f"from reconciliation_as_of('{ledger.as_of}'::date, measures := ['it_power']) order by programme_id"
    assert_same_rows(ask(query), frame.sort("programme_id").to_dicts())


def test_reconciliation_as_of_without_measures_gives_all(ask: Callable[[str], list[Row]], ledger: Ledger) -> None:
    query = f"select distinct measure from reconciliation_as_of('{ledger.as_of}'::date) order by measure"
    wanted = ledger.rows("select measure from target_measure(null) order by measure")
    assert [row["measure"] for row in ask(query)] == [measure for (measure,) in wanted]


def test_deal_capacity_as_of_in_the_shell_is_that_of_the_library(
    ask: Callable[[str], list[Row]], ledger: Ledger
) -> None:
    query = "from deal_capacity_as_of('2026-06-30'::date) where measure in ('it_power', 'chips', 'total_capex')"
    assert_same_rows(ask(query), ledger.records(query))


def test_draws_can_be_grouped_by_a_user(ask: Callable[[str], list[Row]]) -> None:
    condition = "chip_id = 'gb300' and year = 2026"
    grouped = ask(
        "select measure, avg(amount_per_chip) as mean, quantile_cont(amount_per_chip, 0.05) as p05, "
        "median(amount_per_chip) as p50, quantile_cont(amount_per_chip, 0.95) as p95 "
        f"from rate_draw where {condition} group by measure order by measure"
    )
    rates = ask(
        "select measure, amount_per_chip_mean as mean, amount_per_chip_p05 as p05, amount_per_chip_p50 as p50, "
        f"amount_per_chip_p95 as p95 from rate where {condition} order by measure"
    )
    assert_same_rows(grouped, rates)
    assert len(rates) >= 14


def test_every_object_has_a_comment(ask: Callable[[str], list[Row]]) -> None:
    silent = ask(
        "select table_name as name from duckdb_tables() where not internal and coalesce(comment, '') = '' "
        "union all select view_name from duckdb_views() where not internal and coalesce(comment, '') = '' "
        "union all select function_name from duckdb_functions() "
        "where not internal and coalesce(comment, '') = '' order by name"
    )
    assert silent == []


def test_every_column_has_a_comment_with_its_unit_and_a_row_in_the_dictionary(
    ask: Callable[[str], list[Row]],
) -> None:
    columns = "duckdb_columns() where not internal and database_name = current_database()"
    silent = ask(
        f"select table_name, column_name from {columns} "
        "and not regexp_matches(coalesce(comment, ''), '\\S.* \\[[^\\]]+\\]$') order by all"
    )
    assert silent == []
    missing = ask(
        f"select table_name, column_name from {columns} and table_name <> 'dictionary' "
        "and (table_name, column_name) not in (select (object, column_name) from dictionary) order by all"
    )
    assert missing == []
    surplus = ask(
        "select object, column_name from dictionary where (object, column_name) not in "
        f"(select (table_name, column_name) from {columns}) order by all"
    )
    assert surplus == []


def test_dictionary_says_meaning_unit_and_additivity(ask: Callable[[str], list[Row]]) -> None:
    columns = "object, column_name, meaning, unit, additivity"
    silent = ask(f"select {columns} from dictionary where coalesce(meaning, '') = '' or additivity is null")
    assert silent == []
    kinds = {row["additivity"] for row in ask("select distinct additivity from dictionary")}
    assert kinds <= {"additive", "semi_additive", "none"}


def test_file_is_under_20_megabytes(file: Path) -> None:
    assert file.stat().st_size < 20e6


def test_file_opens_read_only_and_keeps_the_run(ask: Callable[[str], list[Row]]) -> None:
    assert ask("from run") == [{"seed": 0, "draw_count": 1024}]


@pytest.mark.slow
def test_file_opens_in_duckdb_1_4(file: Path, tmp_path: Path) -> None:
    """The oldest version that the contract names, in an environment of its own."""
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    python = tmp_path / "venv" / "bin" / "python"
    installed = subprocess.run(
        [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "duckdb==1.4.*"],
        capture_output=True,
        check=False,
        text=True,
    )
    if installed.returncode:
        pytest.skip("duckdb 1.4 cannot be installed from the package registry: see whether it can be reached")
    program = (
        "import duckdb, sys; connection = duckdb.connect(sys.argv[1], read_only=True); "
        "print(duckdb.__version__, connection.execute(sys.argv[2]).fetchall()[0][0])"
    )
    query = "select round(amount_p50) from convert(1e6, 'chips', 'chips', 'tpu-v7', 2026)"
    done = subprocess.run([python, "-c", program, str(file), query], capture_output=True, check=True, text=True)
    version, amount = done.stdout.split()
    assert version.startswith("1.4.")
    assert float(amount) == 1e6
