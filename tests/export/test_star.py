"""The Parquet export, read by the programs that people use: row counts, types and totals are equal in all."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gigaledger.export.folder import MANIFEST
from gigaledger.export.star import KEYS, ROWS_OF_A_GROUP, _groups, _write_batches
from gigaledger.formulas import formula_files, needed_files
from gigaledger.ledger import open_ledger
from gigaledger.reconciliation import reconcile
from ledgers import bundled_ledger, write_ledger

if TYPE_CHECKING:
    from pathlib import Path

# A total of one column in each of three tables, and a column of each type.
TOTALS = {"fact_reconciliation": "pledged_mean", "draw_site": "operational", "fact_milestone": "amount_best"}
TYPED = {"site_id": "text", "quarter_end": "date", "is_actual": "boolean", "operational_p95": "double"}
Read = dict[str, Any]


@pytest.fixture(scope="module")
def star(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export") / "star"
    bundled_ledger().export(folder)
    return folder


@pytest.fixture(scope="module")
def wanted(star: Path) -> Read:
    """Row counts and totals by PyArrow, table by table, and the types that each program must find."""
    counts = {name: pq.read_metadata(star / f"{name}.parquet").num_rows for name in (*KEYS, "dictionary")}
    totals = {}
    for name, column in TOTALS.items():
        values = pq.read_table(star / f"{name}.parquet", columns=[column]).column(0).drop_null().to_pylist()
        totals[name] = sum(values)
    return {"counts": counts, "totals": totals, "types": TYPED}


def assert_same(found: Read, wanted: Read) -> None:
    assert found["counts"] == wanted["counts"]
    assert found["types"] == wanted["types"]
    for name, total in wanted["totals"].items():
        assert total > 0
        assert found["totals"][name] == pytest.approx(total, rel=1e-12)


def by_sql(ask: Any, star: Path, table: str) -> tuple[dict[str, int], dict[str, float]]:
    """Counts and totals by a function that answers SQL with one value; `table` is how it names a Parquet file."""
    counts = {
        name: ask(f"select count(*) from {table.format(star / f'{name}.parquet')}") for name in (*KEYS, "dictionary")
    }
    totals = {
        name: ask(f"select sum({column}) from {table.format(star / f'{name}.parquet')}")
        for name, column in TOTALS.items()
    }
    return counts, totals


def test_duckdb_reads_the_star(star: Path, wanted: Read) -> None:
    with duckdb.connect() as connection:
        counts, totals = by_sql(lambda query: connection.execute(query).fetchall()[0][0], star, "'{}'")
        described = dict(
            connection.execute(
                f"select column_name, column_type from (describe from '{star / 'fact_capacity_by_quarter.parquet'}')"
            ).fetchall()
        )
    names = {"VARCHAR": "text", "DATE": "date", "BOOLEAN": "boolean", "DOUBLE": "double"}
    types = {column: names[described[column]] for column in TYPED}
    assert_same({"counts": counts, "totals": totals, "types": types}, wanted)


def test_polars_reads_the_star(star: Path, wanted: Read) -> None:
    frames = {name: pl.read_parquet(star / f"{name}.parquet") for name in (*KEYS, "dictionary")}
    names = {pl.String: "text", pl.Date: "date", pl.Boolean: "boolean", pl.Float64: "double"}
    schema = frames["fact_capacity_by_quarter"].schema
    found = {
        "counts": {name: frame.height for name, frame in frames.items()},
        "totals": {name: frames[name][column].sum() for name, column in TOTALS.items()},
        "types": {column: names[type(schema[column])] for column in TYPED},
    }
    assert_same(found, wanted)


@pytest.mark.slow
def test_pandas_reads_the_star(star: Path, wanted: Read) -> None:
    pd = pytest.importorskip("pandas", reason="pandas is not installed: pip install 'gigaledger[bench]'")
    frames = {name: pd.read_parquet(star / f"{name}.parquet") for name in (*KEYS, "dictionary")}
    capacity = frames["fact_capacity_by_quarter"]
    kinds = {str: "text", dt.date: "date", bool: "boolean", float: "double"}
    found = {
        "counts": {name: len(frame) for name, frame in frames.items()},
        "totals": {name: float(frames[name][column].sum()) for name, column in TOTALS.items()},
        "types": {column: kinds[type(capacity[column].dropna().tolist()[0])] for column in TYPED},
    }
    assert_same(found, wanted)


@pytest.mark.slow
def test_tableau_hyper_reads_the_star(star: Path, wanted: Read, tmp_path: Path) -> None:
    """The engine inside Tableau, which reads the files as external tables and also copies them into an extract."""
    api = pytest.importorskip(
        "tableauhyperapi", reason="the Tableau Hyper API is not installed: pip install 'gigaledger[dev]'"
    )
    process = api.HyperProcess(
        api.Telemetry.DO_NOT_SEND_USAGE_DATA_TO_TABLEAU, parameters={"log_config": "", "log_dir": str(tmp_path)}
    )
    extract = tmp_path / "star.hyper"
    with process as hyper, api.Connection(hyper.endpoint, extract, api.CreateMode.CREATE_AND_REPLACE) as connection:
        counts, totals = by_sql(connection.execute_scalar_query, star, "external('{}', format => 'parquet')")
        connection.execute_command(
            "create table capacity as select * from "
            f"external('{star / 'fact_capacity_by_quarter.parquet'}', format => 'parquet')"
        )
        columns = connection.catalog.get_table_definition(api.TableName("capacity")).columns
        copied = connection.execute_scalar_query("select count(*) from capacity")
    names = {"TEXT": "text", "DATE": "date", "BOOL": "boolean", "DOUBLE": "double"}
    types = {column.name.unescaped: str(column.type) for column in columns}
    found = {"counts": counts, "totals": totals, "types": {column: names[types[column]] for column in TYPED}}
    assert_same(found, wanted)
    assert copied == wanted["counts"]["fact_capacity_by_quarter"]


@pytest.mark.slow
@pytest.mark.needs("java")
def test_spark_reads_the_star(star: Path, wanted: Read) -> None:
    """In a process of its own, whose warnings and Java machine end with it."""
    pytest.importorskip("pyspark", reason="Spark is not installed: pip install 'gigaledger[spark]'")
    program = """
import json, sys
from pyspark.sql import SparkSession
spark = (
    SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
    .config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1").getOrCreate()
)
folder, names, totals, typed = json.loads(sys.argv[1])
frames = {name: spark.read.parquet(f"{folder}/{name}.parquet") for name in names}
types = dict(frames["fact_capacity_by_quarter"].dtypes)
print(json.dumps({
    "counts": {name: frame.count() for name, frame in frames.items()},
    "totals": {name: frames[name].selectExpr(f"sum({column})").first()[0] for name, column in totals.items()},
    "types": {column: types[column] for column in typed},
}))
spark.stop()
"""
    arguments = json.dumps([str(star), [*KEYS, "dictionary"], TOTALS, list(TYPED)])
    done = subprocess.run(
        [sys.executable, "-c", program, arguments],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env={**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    names = {"string": "text", "date": "date", "boolean": "boolean", "double": "double"}
    found["types"] = {column: names[kind] for column, kind in found["types"].items()}
    assert_same(found, wanted)


@pytest.mark.parametrize("name", [*KEYS, "dictionary"])
def test_every_column_says_meaning_unit_and_additivity_in_the_file_and_in_the_dictionary(star: Path, name: str) -> None:
    schema = pq.read_schema(star / f"{name}.parquet")
    dictionary = pl.read_parquet(star / "dictionary.parquet").filter(pl.col("table_name") == name)
    rows = {row["column_name"]: row for row in dictionary.to_dicts()}
    assert list(rows) == schema.names
    for field in schema:
        said = {key.decode(): value.decode() for key, value in field.metadata.items()}
        assert said["meaning"]
        assert said == {key: rows[field.name][key] for key in ("meaning", "unit", "additivity")}
        assert said["additivity"] in {"additive", "semi_additive", "none"}
        assert not pa.types.is_nested(field.type)
        assert field.name == field.name.lower()


def test_percentiles_do_not_add_and_stocks_add_but_not_over_time(star: Path) -> None:
    rows = {
        (row["table_name"], row["column_name"]): row["additivity"]
        for row in pl.read_parquet(star / "dictionary.parquet").to_dicts()
    }
    percentiles = {kind for (_, column), kind in rows.items() if column.endswith(("_p05", "_p50", "_p95"))}
    assert percentiles == {"none"}
    for column in ("pledged_mean", "operational_mean", "under_construction_mean", "planned_mean", "unidentified_mean"):
        assert rows["fact_reconciliation", column] == "semi_additive"
    assert rows["draw_site", "operational"] == "semi_additive"


@pytest.mark.parametrize("name", list(KEYS))
def test_keys_are_unique_and_tables_are_sorted_by_them(star: Path, name: str) -> None:
    keys = pl.read_parquet(star / f"{name}.parquet", columns=list(KEYS[name]))
    assert keys.null_count().sum_horizontal().item() == 0
    assert keys.n_unique() == keys.height > 0
    assert keys.equals(keys.sort(KEYS[name]))


def test_every_reference_finds_its_row(star: Path) -> None:
    package = json.loads((star / "datapackage.json").read_text(encoding="utf-8"))
    references = [
        (resource["name"], key["fields"][0], key["reference"]["resource"], key["reference"]["fields"][0])
        for resource in package["resources"]
        for key in resource["schema"]["foreignKeys"]
    ]
    assert len(references) > 30
    lost = [
        (table, column, found)
        for table, column, dimension, key in references
        if (
            found := duckdb.sql(
                f"select distinct {column} from '{star / table}.parquet' as own anti join '{star / dimension}.parquet' "
                f"as dimension on own.{column} = dimension.{key} where {column} is not null"
            ).fetchall()
        )
    ]
    assert lost == []


def test_statistics_and_row_groups_let_a_reader_pass_over_what_it_does_not_want(star: Path) -> None:
    metadata = pq.read_metadata(star / "draw_site.parquet")
    groups = [metadata.row_group(place) for place in range(metadata.num_row_groups)]
    assert {group.num_rows for group in groups[:-1]} == {ROWS_OF_A_GROUP}
    spans = [(group.column(0).statistics.min, group.column(0).statistics.max) for group in groups]
    assert [span for span in spans if span[0] <= "lake-mariner" <= span[1]] != spans
    assert all(group.column(0).compression == "ZSTD" for group in groups)
    assert [sorting.column_index for sorting in groups[0].sorting_columns] == [0, 1, 2]


def test_batches_of_any_size_become_the_same_groups() -> None:
    whole = pa.table({"number": pa.array(range(200_000), pa.int64())})
    for size in (1, 999, 65_536, 200_000):
        batches = whole.slice(0, 500 if size == 1 else 200_000).to_batches(max_chunksize=size)
        groups = list(_groups(batches))
        assert all(group.num_rows == ROWS_OF_A_GROUP for group in groups[:-1])
        assert pa.concat_tables(groups).equals(whole.slice(0, 500 if size == 1 else 200_000))


def test_an_empty_table_is_a_file_with_its_columns(tmp_path: Path) -> None:
    schema = pa.schema([pa.field("id", pa.string())])
    assert _write_batches(tmp_path / "empty.parquet", schema, ("id",), []) == 0
    assert pq.read_table(tmp_path / "empty.parquet").schema.names == ["id"]


def test_a_ledger_without_deals_and_sites_gives_empty_facts(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "organization.csv").write_text("organization_id,name,kind,country,source_id\n", encoding="utf-8")
    open_ledger(own).export(tmp_path / "star")
    rows = {name: pq.read_metadata(tmp_path / "star" / f"{name}.parquet").num_rows for name in KEYS}
    assert rows["dim_measure"] > 20
    assert {name for name, count in rows.items() if name.startswith(("fact", "draw")) and count} == set()


def test_an_export_installs_what_its_tables_rest_on_and_no_more() -> None:
    names = [path.stem for path in needed_files(formula_files(), KEYS)]
    assert {"fact_posting", "posting_as_of", "site_draw_as_of", "own_factor", "rated_pairs"} <= set(names)
    assert names.index("site_draw_as_of") < names.index("posting_as_of") < names.index("fact_posting")
    assert not {"audit", "tension", "overlap"} & set(names)


def test_formulas_that_are_there_are_not_installed_again() -> None:
    sections = formula_files()
    there = set(sections["conversion"])
    needed = needed_files(sections, ["deal_interval_as_of", "fact_claim"], there)
    assert [path.stem for path in needed] == ["fact_claim"]


def test_facts_are_the_numbers_of_reconcile(star: Path) -> None:
    ledger = bundled_ledger()
    rows = pl.read_parquet(star / "fact_reconciliation.parquet").filter(pl.col("as_of") == ledger.as_of)
    found = {(row["programme_id"], row["measure"]): row for row in rows.to_dicts()}
    document = reconcile(ledger)
    assert len(document["programmes"]) > 10
    for programme in document["programmes"]:
        for measure, accounts in programme["measures"].items():
            if accounts["pledged"] is None:
                continue
            for account in ("pledged", "operational", "under_construction", "planned", "unidentified"):
                for statistic in ("mean", "p05", "p50", "p95"):
                    value = found[programme["programme_id"], measure][f"{account}_{statistic}"]
                    # Draws of several days at once are summed in another order.
                    assert value == pytest.approx(accounts[account][statistic], rel=1e-9, abs=1e-6)


def test_draws_give_the_intervals_of_the_facts(star: Path) -> None:
    draws = pl.read_parquet(star / "draw_programme.parquet")
    day = bundled_ledger().as_of
    facts = pl.read_parquet(star / "fact_reconciliation.parquet").filter(pl.col("as_of") == day)
    found = draws.group_by("programme_id", "measure").agg(
        pl.col("pledged").mean().alias("mean"),
        pl.col("pledged").quantile(0.95, interpolation="linear").alias("p95"),
    )
    both = facts.join(found, on=["programme_id", "measure"])
    assert both.height == facts.height > 50
    assert (both["mean"] / both["pledged_mean"] - 1).abs().max() < 1e-9
    assert (both["p95"] / both["pledged_p95"] - 1).abs().max() < 1e-9


def test_postings_sum_to_zero(star: Path) -> None:
    sums = (
        pl.read_parquet(star / "fact_posting.parquet").group_by("entry_id", "measure").agg(pl.col("amount_mean").sum())
    )
    assert sums.height > 1000
    assert sums["amount_mean"].abs().max() == 0


@pytest.mark.slow
def test_frictionless_finds_nothing_wrong_with_the_descriptor(star: Path) -> None:
    frictionless = pytest.importorskip(
        "frictionless", reason="frictionless is not installed: pip install 'gigaledger[dev]'"
    )
    descriptor = json.loads((star / "datapackage.json").read_text(encoding="utf-8"))
    package = frictionless.Package.from_descriptor(descriptor, basepath=str(star))
    assert list(package.metadata_validate(descriptor)) == []
    assert {resource.path for resource in package.resources} == {path.name for path in star.glob("*.parquet")}


def _digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


@pytest.mark.slow
def test_two_exports_are_the_same_bytes(tmp_path: Path) -> None:
    """A small ledger, exported twice in processes that hash, count time and speak differently."""
    ledger = write_ledger(tmp_path / "ledger")
    for name, zone, hashing in (("one", "Asia/Kathmandu", "1"), ("two", "America/New_York", "2")):
        subprocess.run(
            [
                sys.executable,
                "-c",
                "from gigaledger.cli import main; main()",
                "export",
                tmp_path / name,
                "--datasets",
                ledger,
            ],
            check=True,
            capture_output=True,
            env={**os.environ, "TZ": zone, "PYTHONHASHSEED": hashing, "LC_ALL": "C"},
        )
    digests = _digests(tmp_path / "one")
    assert digests == _digests(tmp_path / "two")
    assert len(digests) == len(KEYS) + 3
    assert MANIFEST in digests
