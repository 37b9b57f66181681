"""Cloud bills: every cent and every chip-hour of a bill is taken or named, and commitments are drawn down by it."""

from __future__ import annotations

import csv
import datetime as dt
import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from click.testing import CliRunner
from focus_bills import COMMITMENT, PROVIDERS, ROWS, VERSIONS, charges, toolkit, write_csv

from gigaledger.cli import cli
from gigaledger.commitments import commitment_balances
from gigaledger.errors import DatasetProblems, FileProblem, NotFound
from gigaledger.ledger import Ledger, open_ledger
from gigaledger.reconciliation import reconcile
from gigaledger.sources.focus import bill_rows, import_bill

sys.path.append(str(Path(__file__).resolve().parents[1]))
from ledgers import write_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator

KNOWN_ON = dt.date(2026, 6, 10)
DEAL = "azure-anthropic-2025"
CENT = Decimal("0.01")


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    opened = open_ledger()
    opened.install("everything")
    return opened


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Generated bills of three clouds in two versions, and the newest of each cloud converted to FOCUS 1.4."""
    root = tmp_path_factory.mktemp("bundles")
    made = {}
    for provider in PROVIDERS:
        for version in VERSIONS:
            folder = made[f"{provider}-{version}"] = root / f"{provider}-{version}"
            toolkit(
                "generate", "--provider", provider, "--focus-version", version, "--rows", str(ROWS), "--out", folder
            )
        made[f"{provider}-1.4"] = root / f"{provider}-1.4"
        source = next(made[f"{provider}-1.3"].glob("*cost_and_usage*.csv"))
        toolkit("convert", "--cost-and-usage", source, "--out", made[f"{provider}-1.4"])
    return made


def rows_of(folder: Path) -> list[dict[str, str]]:
    with next(folder.glob("*cost_and_usage*.csv")).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def total(rows: list[dict[str, str]], column: str, *, tax: bool = True) -> Decimal:
    return sum((Decimal(row[column] or 0) for row in rows if tax or row["ChargeCategory"] != "Tax"), Decimal(0))


def reported(report: dict[str, Any], column: str) -> Decimal:
    return sum((Decimal(row[column]) for row in report["totals"]), Decimal(0))


@pytest.mark.parametrize("name", [f"{provider}-{version}" for provider in PROVIDERS for version in (*VERSIONS, "1.4")])
def test_totals_of_a_generated_bill_are_equal_to_the_cent(ledger: Ledger, bundles: dict[str, Path], name: str) -> None:
    rows = rows_of(bundles[name])
    drawn, report = bill_rows(ledger, [bundles[name]], known_on=KNOWN_ON, deal=DEAL)
    assert report["rows"] == len(rows) == ROWS
    assert {file["version"] for file in report["files"] if file["dataset"] == "Cost and Usage"} == {name[-3:]}
    for column, key in (("BilledCost", "billed_cost"), ("EffectiveCost", "effective_cost")):
        assert abs(reported(report, key) - total(rows, column)) < CENT
    consumed = sum(Decimal(row["amount"]) for row in drawn["consumption"] if row["deal_id"] == DEAL)
    assert abs(consumed - total(rows, "EffectiveCost", tax=False)) < CENT


def test_parquet_and_csv_of_a_bill_give_the_same_rows(ledger: Ledger, bundles: dict[str, Path], tmp_path: Path) -> None:
    source = next(bundles["aws-1.3"].glob("*cost_and_usage*.csv"))
    target = tmp_path / "bill.parquet"
    duckdb.sql(f"copy (from read_csv('{source}', all_varchar = true)) to '{target}'")
    as_csv, _ = bill_rows(ledger, [source], known_on=KNOWN_ON, deal=DEAL)
    as_parquet, _ = bill_rows(ledger, [target], known_on=KNOWN_ON, deal=DEAL)
    assert as_csv == as_parquet


def test_listed_commitments_are_drawn_by_what_the_bill_applies_to_them(
    ledger: Ledger, bundles: dict[str, Path]
) -> None:
    drawn, report = bill_rows(ledger, [bundles["aws-1.3"]], known_on=KNOWN_ON)
    assert report["commitments"]
    by_deal = {row["deal_id"]: row for row in drawn["deal"]}
    assert {row["deal_id"] for row in drawn["statement"]} == set(by_deal)
    assert {row["deal_id"] for row in drawn["consumption"]} <= set(by_deal)
    rows = rows_of(bundles["aws-1.3"])
    plan = next(one for one in report["commitments"] if "savingsplan" in one)
    applied = sum(
        Decimal(row["EffectiveCost"])
        for row in rows
        if row["CommitmentDiscountId"] == plan and row["ChargeCategory"] == "Usage"
    )
    consumed = [row for row in drawn["consumption"] if plan in by_deal[row["deal_id"]]["note"]]
    assert sum(Decimal(row["amount"]) for row in consumed) == applied


def test_machine_hours_become_chip_hours(ledger: Ledger, tmp_path: Path) -> None:
    # 10 h of 8 H100 + 90 min of 16 Trainium2 = 80 and 24 chip-hours; a machine without chips counts dollars alone.
    bill = charges(
        tmp_path / "bill.csv",
        {"ConsumedQuantity": "10", "EffectiveCost": "900.10", "BilledCost": "900.10"},
        {
            "ConsumedQuantity": "90",
            "ConsumedUnit": "Minutes",
            "SkuPriceDetails": '{"InstanceType": "ml.trn2.48xlarge"}',
        },
        {"SkuPriceDetails": '{"InstanceType": "m6i.large"}', "EffectiveCost": "0.096"},
        {"ChargeCategory": "Credit", "SkuPriceDetails": "", "ConsumedQuantity": "", "EffectiveCost": "-50"},
        {
            "ChargePeriodStart": "2026-06-01T00:00:00Z",
            "SkuPriceDetails": '{"InstanceType": "Standard_ND96isr_H200_v5"}',
        },
    )
    rows, report = bill_rows(ledger, [bill], known_on=KNOWN_ON, deal=DEAL)
    found = {(row["month"], row["measure"], row["chip_id"]): row["amount"] for row in rows["consumption"]}
    assert found == {
        ("2026-05-01", "chip_hours", "h100"): "80",
        ("2026-05-01", "chip_hours", "trainium2"): "24",
        ("2026-06-01", "chip_hours", "h200"): "8",
        ("2026-05-01", "cloud_contract", "h100"): "900.1",
        ("2026-05-01", "cloud_contract", "trainium2"): "100",
        ("2026-05-01", "cloud_contract", ""): "-49.904",
        ("2026-06-01", "cloud_contract", "h200"): "100",
    }
    assert report["set_aside"] == []


def test_what_is_not_taken_is_named(ledger: Ledger, tmp_path: Path) -> None:
    bill = charges(
        tmp_path / "bill.csv",
        {"ChargeCategory": "Tax", "SkuPriceDetails": "", "EffectiveCost": "7"},
        {"BillingCurrency": "EUR", "EffectiveCost": "11"},
        {"SkuPriceDetails": '{"InstanceType": "g9.48xlarge", "GpuCount": 8}', "EffectiveCost": "13"},
        {"ConsumedUnit": "Tokens", "EffectiveCost": "17"},
        {"CommitmentDiscountId": "arn:plan/unlisted", "EffectiveCost": "19"},
    )
    _, report = bill_rows(ledger, [bill], known_on=KNOWN_ON, deal=DEAL)
    aside = {Decimal(row["effective_cost"]): (row["what"], row["reason"]) for row in report["set_aside"]}
    assert set(aside) == {7, 11, 13, 17, 19}
    assert aside[Decimal(13)][0] == "g9.48xlarge"
    assert "instance.csv" in aside[Decimal(13)][1]
    assert "Tokens" in aside[Decimal(17)][1]


def test_part_of_a_row_applied_to_a_commitment_takes_its_part_of_the_hours(ledger: Ledger, tmp_path: Path) -> None:
    applied = '{"Elements": [{"ContractCommitmentId": "arn:plan/one", "ContractCommitmentAppliedCost": 25.0}]}'
    charges(tmp_path / "bill.csv", {"ContractApplied": applied, "ConsumedQuantity": "4"})
    write_csv(tmp_path / "commitments.csv", [COMMITMENT])
    rows, _ = bill_rows(ledger, [tmp_path], known_on=KNOWN_ON)
    # A quarter of the row's 100 dollars, so a quarter of its 4 h x 8 chips.
    assert {row["measure"]: row["amount"] for row in rows["consumption"]} == {"cloud_contract": "25", "chip_hours": "8"}
    assert rows["deal"][0]["seller_id"] == "amazon"
    assert rows["deal"][0]["announced_on"] == "2026-01-15"
    assert rows["statement"][0]["amount_best"] == "36000000"


def test_every_unreadable_value_is_named_with_its_line(ledger: Ledger, tmp_path: Path) -> None:
    bill = charges(
        tmp_path / "bill.csv",
        {},
        {"EffectiveCost": "12,50"},
        {"ConsumedQuantity": "many"},
        {"ChargePeriodStart": "May"},
        {"ChargePeriodStart": ""},
        {"ChargeCategory": "usage"},
        {"SkuPriceDetails": "{p5"},
        {"ContractApplied": "plan/one"},
    )
    with pytest.raises(DatasetProblems) as caught:
        bill_rows(ledger, [bill], known_on=KNOWN_ON, deal=DEAL)
    found = {(problem.line, problem.column, problem.value) for problem in caught.value.problems}
    assert found == {
        (3, "EffectiveCost", "12,50"),
        (4, "ConsumedQuantity", "many"),
        (5, "ChargePeriodStart", "May"),
        (6, "ChargePeriodStart", ""),
        (7, "ChargeCategory", "usage"),
        (8, "SkuPriceDetails", "{p5"),
        (9, "ContractApplied", "plan/one"),
    }
    assert "found 'usage'; expected one of Usage, Purchase, Tax, Credit, Adjustment; did you mean 'Usage'?" in str(
        caught.value
    )


def test_dollars_of_other_currencies_are_never_added(ledger: Ledger, tmp_path: Path) -> None:
    bill = charges(tmp_path / "bill.csv", {}, {"BillingCurrency": "usd", "BilledCost": "-30", "EffectiveCost": "-30"})
    with bill.open("a", encoding="utf-8") as file:
        file.write(bill.read_text(encoding="utf-8").splitlines()[1].replace("USD", "EUR") + "\n")
    rows, report = bill_rows(ledger, [bill], known_on=KNOWN_ON, deal=DEAL)
    by_currency = {row["currency"]: Decimal(row["effective_cost"]) for row in report["accelerators"]}
    assert by_currency == {"EUR": 100, "USD": 70}
    drawn = {row["measure"]: Decimal(row["amount"]) for row in rows["consumption"]}
    assert drawn["cloud_contract"] == 70


def test_every_missing_column_is_named(ledger: Ledger, tmp_path: Path) -> None:
    write_csv(tmp_path / "bill.csv", [{"ChargeCategory": "Usage", "BilledCost": "1"}])
    with pytest.raises(DatasetProblems) as caught:
        bill_rows(ledger, [tmp_path], known_on=KNOWN_ON, deal=DEAL)
    missing = {problem.column for problem in caught.value.problems}
    assert {"EffectiveCost", "BillingCurrency", "ConsumedQuantity", "ChargePeriodStart"} <= missing


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("bill.csv", "ChargeCategory;BilledCost\nUsage;1\n", "these are separated by semicolons"),
        ("bill.csv", "chargecategory,billedcost\nUsage,1\n", "FOCUS writes 'ChargeCategory', not 'chargecategory'"),
        ("page.csv", "<html><body>sign in</body></html>\n", "expected a FOCUS dataset"),
        ("bill.parquet", "no parquet", "cannot be read"),
        ("bill.pdf", "%PDF", "expected a file that ends in"),
    ],
)
def test_file_that_is_no_bill_is_refused(ledger: Ledger, tmp_path: Path, name: str, content: str, says: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises((DatasetProblems, FileProblem), match=says):
        bill_rows(ledger, [tmp_path / name], known_on=KNOWN_ON, deal=DEAL)


def test_bill_needs_a_commitment_to_draw_down(ledger: Ledger, tmp_path: Path) -> None:
    bill = charges(tmp_path / "bill.csv", {})
    with pytest.raises(NotFound, match="--deal"):
        bill_rows(ledger, [bill], known_on=KNOWN_ON)
    with pytest.raises(NotFound, match="did you mean 'azure-anthropic-2025'"):
        bill_rows(ledger, [bill], known_on=KNOWN_ON, deal="azure-anthropic-2026")
    layer_chips = ledger.rows("select min(deal_id) from deal where layer = 'chips'")[0][0]
    with pytest.raises(NotFound, match="layer chips"):
        bill_rows(ledger, [bill], known_on=KNOWN_ON, deal=layer_chips)


@pytest.fixture
def drawn_ledger() -> Iterator[Ledger]:
    """The bundled ledger with two months of one commitment, the first of them corrected later."""
    opened = open_ledger()
    rows = [
        ("a", "2026-07-01", "chip_hours", "gb300", 744e3, "chip-hour", "2026-08-05"),
        ("b", "2026-07-01", "cloud_contract", "gb300", 3e6, "USD", "2026-08-05"),
        ("c", "2026-08-01", "chip_hours", "gb300", 1488e3, "chip-hour", "2026-09-05"),
        ("d", "2026-08-01", "cloud_contract", "gb300", 6e6, "USD", "2026-09-05"),
        ("e", "2026-08-01", "cloud_contract", None, 5e5, "USD", "2026-09-05"),
        ("f", "2026-07-01", "cloud_contract", "gb300", 2.5e6, "USD", "2026-09-05"),
    ]
    for row in rows:
        opened.connection.execute(
            "insert into consumption select $1, $2, $3::date, $4, $5, $6, $7, $8::date, null",
            [row[0], DEAL, *row[1:]],
        )
    yield opened
    opened.connection.close()


def test_balance_is_committed_less_consumed_with_the_newest_figures(drawn_ledger: Ledger) -> None:
    (balance,) = commitment_balances(drawn_ledger, dt.date(2026, 10, 7))
    assert balance["committed_usd"] == 30e9
    assert balance["consumed_usd"] == 2.5e6 + 6e6 + 5e5
    assert balance["remaining_usd"] == 30e9 - 9e6
    # 744 h in July and in August: 1,000 chips, then 2,000.
    assert balance["billed_chips"] == balance["most_billed_chips"] == 2000
    assert balance["billed_usd_per_chip_hour"] == pytest.approx(8.5e6 / 2232e3)
    assert balance["implied_chips"]["p05"] < balance["implied_chips"]["p50"] < balance["implied_chips"]["p95"]


def test_balance_on_an_earlier_day_knows_only_what_was_known(drawn_ledger: Ledger) -> None:
    (balance,) = commitment_balances(drawn_ledger, dt.date(2026, 8, 31))
    assert balance["consumed_usd"] == 3e6
    assert balance["billed_chips"] == 1000
    assert commitment_balances(drawn_ledger, dt.date(2026, 8, 1)) == []


def test_reconciliation_shows_the_commitments_of_its_programme(drawn_ledger: Ledger) -> None:
    shown = reconcile(drawn_ledger, "anthropic-azure", is_for_terminal=True)["commitments"]
    assert [row["deal_id"] for row in shown] == [DEAL]
    assert reconcile(drawn_ledger, "anthropic-spacex", is_for_terminal=True)["commitments"] == []


def test_import_is_written_once_and_a_corrected_bill_needs_a_later_day(tmp_path: Path) -> None:
    bill, into = charges(tmp_path / "bill.csv", {}), write_ledger(tmp_path / "own")
    first = import_bill([bill], into, known_on=KNOWN_ON, deal="rent")
    assert first["written"] == ["source.csv", "consumption.csv"]
    bytes_before = {path.name: path.read_bytes() for path in into.glob("*.csv")}
    assert import_bill([bill], into, known_on=KNOWN_ON, deal="rent")["written"] == []
    charges(bill, {"EffectiveCost": "90"})
    with pytest.raises(FileProblem, match="later day"):
        import_bill([bill], into, known_on=KNOWN_ON, deal="rent")
    assert {path.name: path.read_bytes() for path in into.glob("*.csv")} == bytes_before
    import_bill([bill], into, known_on=dt.date(2026, 7, 10), deal="rent")
    (balance,) = commitment_balances(open_ledger(into), dt.date(2026, 10, 7))
    assert balance["consumed_usd"] == 90


def test_commitments_of_a_bill_make_a_ledger_of_its_own(tmp_path: Path, bundles: dict[str, Path]) -> None:
    into = tmp_path / "own"
    import_bill([bundles["azure-1.3"]], into, known_on=KNOWN_ON)
    ledger = open_ledger(into)
    ledger.install("everything")
    assert ledger.records("from audit") == []
    balances = commitment_balances(ledger, KNOWN_ON)
    assert balances
    assert all(one["committed_usd"] > 0 for one in balances)


def test_command_says_what_was_taken_to_the_cent(tmp_path: Path) -> None:
    bill = charges(
        tmp_path / "bill.csv", {"EffectiveCost": "1234567.894", "BilledCost": "1"}, {"BillingCurrency": "EUR"}
    )
    arguments = ["import", "focus", str(bill), "--known-on", "2026-06-10", "--into", str(tmp_path / "own")]
    result = CliRunner().invoke(cli, [*arguments, "--deal", DEAL, "--extend"])
    assert result.exit_code == 0, result.output
    assert "1,234,567.89" in result.output
    assert "Set aside, 1 rows, 100.00 EUR: the ledger counts dollars alone" in result.output
    assert all(len(line) <= 100 for line in result.output.splitlines())


def test_link_in_a_folder_and_an_endless_cell_are_refused(ledger: Ledger, tmp_path: Path) -> None:
    (tmp_path / "bills").mkdir()
    (tmp_path / "bills" / "bill.csv").symlink_to(charges(tmp_path / "elsewhere.csv", {}))
    with pytest.raises(FileProblem, match="a link to elsewhere"):
        bill_rows(ledger, [tmp_path / "bills"], known_on=KNOWN_ON, deal=DEAL)
    endless = charges(tmp_path / "endless.csv", {"SkuPriceDetails": "x" * 40_000_000})
    with pytest.raises(FileProblem, match="cannot be read"):
        bill_rows(ledger, [endless], known_on=KNOWN_ON, deal=DEAL)
