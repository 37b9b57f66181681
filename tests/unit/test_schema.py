"""The description of the datasets: a valid data package, met by every bundled CSV file."""

from __future__ import annotations

import csv
import json
import warnings

import pytest

from gigaledger.paths import datasets_folder
from gigaledger.schema import SQL_TYPES, fact_tables, tables

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from frictionless import Package

DESCRIPTOR = datasets_folder() / "datapackage.json"
RESOURCES = json.loads(DESCRIPTOR.read_text(encoding="utf-8"))["resources"]
ROWS_OF_A_QUICK_FILE = 250


def row_count(resource: dict[str, str]) -> int:
    with (datasets_folder() / resource["path"]).open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file)) - 1


def cases() -> list[object]:
    """One case a file; those with many rows are slow."""
    return [
        pytest.param(
            resource["name"],
            id=resource["name"],
            marks=[pytest.mark.slow] if row_count(resource) > ROWS_OF_A_QUICK_FILE else [],
        )
        for resource in RESOURCES
    ]


@pytest.mark.filterwarnings("ignore")
def test_datapackage_is_valid_frictionless_metadata() -> None:
    report = Package.validate_descriptor(str(DESCRIPTOR))
    assert report.flatten(["type", "message"]) == []
    assert report.valid


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", cases())
def test_csv_file_is_a_valid_frictionless_resource(name: str) -> None:
    # The whole package, so that references into other files are followed too.
    report = Package(str(DESCRIPTOR)).get_resource(name).validate()
    assert report.flatten(["rowNumber", "fieldName", "type", "message"]) == []


def test_every_file_of_the_folder_is_described() -> None:
    described = {resource["path"] for resource in RESOURCES}
    found = {path.relative_to(datasets_folder()).as_posix() for path in datasets_folder().rglob("*.csv")}
    assert described == found


def test_header_of_every_file_is_the_schema() -> None:
    for table in tables().values():
        with (datasets_folder() / table.path).open(encoding="utf-8", newline="") as file:
            assert tuple(next(csv.reader(file))) == table.columns, table.path


def test_every_column_has_a_meaning_and_a_type() -> None:
    for table in tables().values():
        assert table.title
        for field in table.fields:
            assert field.description, f"{table.name}.{field.name}"
            assert field.type in SQL_TYPES
            assert field.comment.endswith("]")


def test_keys_and_references_name_columns() -> None:
    for table in tables().values():
        assert set(table.primary_key) <= set(table.columns)
        for key in table.foreign_keys:
            assert key.column in table.columns
            assert tables()[key.table].primary_key == (key.key,)


def test_vocabulary_is_no_fact_table() -> None:
    assert {"measure", "parameter"}.isdisjoint(table.name for table in fact_tables())
    assert {"deal", "statement", "site", "milestone", "claim", "assumption"} <= {table.name for table in fact_tables()}


def test_every_column_of_the_contract_is_there() -> None:
    expected = {
        "organization": "organization_id name kind country source_id",
        "source": "source_id title publisher url published_on accessed_on licence kind",
        "chip": "chip_id name designer_id aliases released_on fp8_dense_tflops bf16_dense_tflops hbm_gb "
        "hbm_tb_per_s tdp_w source_id",
        "chip_mix": "mix_id year chip_id share source_id",
        "assumption": "assumption_id applies_to year low best high unit distribution source_id note",
        "programme": "programme_id name organization_id states description",
        "deal": "deal_id title programme_id buyer_id seller_id beneficiary_id layer announced_on starts_on ends_on "
        "term_years status chip_id part_of note",
        "statement": "statement_id deal_id measure amount_low amount_best amount_high unit qualifier known_on "
        "source_id locator confidence",
        "site": "site_id name state country latitude longitude operator_id owner_id note",
        "milestone": "milestone_id site_id on_date stage measure amount_low amount_best amount_high unit chip_id "
        "known_on source_id locator",
        "claim": "claim_id deal_id site_id share_low share_best share_high known_on source_id evidence confidence",
        "inclusion": "inclusion_id part_id whole_id share_low share_best share_high known_on source_id evidence "
        "confidence",
        "instance": "instance_id provider_id instance_type chip_id chip_count source_id note",
        "consumption": "consumption_id deal_id month measure chip_id amount unit known_on source_id",
    }
    assert {table.name: " ".join(table.columns) for table in fact_tables()} == expected
