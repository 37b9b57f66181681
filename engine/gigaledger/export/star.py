"""The ledger as a star schema in Parquet: facts, dimensions, draws, and what every column means."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from gigaledger.bulk_day import SUMMARIES, keep_newest_day
from gigaledger.bulk_quarters import ACCOUNTS, MEASURES
from gigaledger.comments import column_meaning, glossary
from gigaledger.export.buffers import array_of_numbers, array_of_texts
from gigaledger.results import STAGES
from gigaledger.schema import tables

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from gigaledger.bulk import Draws
    from gigaledger.ledger import Keep, Ledger

# Rows of a group: few enough that a reader passes over most of a table, many enough that each is read at full speed.
ROWS_OF_A_GROUP = 65_536
# The key of each table, by which it is sorted too; a table is a view of sql/star/.
KEYS: dict[str, tuple[str, ...]] = {
    "dim_date": ("date",),
    "dim_organization": ("organization_id",),
    "dim_site": ("site_id",),
    "dim_chip": ("chip_id",),
    "dim_deal": ("deal_id",),
    "dim_programme": ("programme_id",),
    "dim_source": ("source_id",),
    "dim_measure": ("measure",),
    "fact_statement": ("statement_id",),
    "fact_milestone": ("milestone_id",),
    "fact_claim": ("claim_id",),
    "fact_posting": ("entry_id", "measure", "account"),
    "fact_reconciliation": ("as_of", "programme_id", "measure"),
    "fact_capacity_by_quarter": ("site_id", "measure", "quarter_end"),
    "fact_programme_by_quarter": ("programme_id", "measure", "quarter_end"),
    "fact_site_capacity": ("site_id", "measure"),
    "fact_deal_capacity": ("deal_id", "measure"),
    "fact_circular_flow": ("party_id", "counterparty_id"),
    "draw_site": ("site_id", "measure", "draw"),
    "draw_programme": ("programme_id", "measure", "draw"),
}
# Facts that rest on no draw.
_STATED = ("fact_statement", "fact_milestone", "fact_claim", "fact_circular_flow")
# The formula of which each table of draws is made, and its parameters.
_OF_DRAWS = {
    "draw_site": ("site_draw_as_of", "as_of, measures := null, sites := null"),
    "draw_programme": ("reconciliation_draw_as_of", "as_of, measures := null"),
}
_AMOUNTS = {"draw_site": STAGES, "draw_programme": ACCOUNTS}
# Columns that refer to a dimension under a name of their own.
_ROLES = {
    **dict.fromkeys(
        (
            "buyer_id",
            "seller_id",
            "beneficiary_id",
            "operator_id",
            "owner_id",
            "designer_id",
            "party_id",
            "counterparty_id",
        ),
        "organization_id",
    ),
    **dict.fromkeys(("as_of", "posted_on", "quarter_end", "announced_on", "known_on", "on_date"), "date"),
    "part_of": "deal_id",
    "stated_measure": "measure",
}
_ARROW_TYPES = {
    "VARCHAR": pa.string(),
    "DOUBLE": pa.float64(),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
}
_FRICTIONLESS_TYPES = {
    "VARCHAR": "string",
    "DOUBLE": "number",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "datetime",
}


_COLUMNS = """
select table_name, column_name, data_type
from duckdb_columns()
where list_contains($1::varchar[], table_name)
order by table_name, column_index
"""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its type, meaning, unit, additivity, and the dimension that it refers to."""

    name: str
    type: str
    meaning: str
    unit: str
    additivity: str
    refers_to: str | None

    def field(self) -> pa.Field:
        """The column as Arrow has it, its meaning in the metadata."""
        metadata = {"unit": self.unit, "meaning": self.meaning, "additivity": self.additivity}
        return pa.field(self.name, _ARROW_TYPES[self.type], metadata=metadata)


def write_parquet(ledger: Ledger, folder: Path) -> dict[str, int]:
    """Write the star schema into a folder; returns the names of the files with their numbers of rows."""
    stated = [name for name in KEYS if name.startswith("dim_") or name in _STATED]
    ledger.install_formulas(*stated, *SUMMARIES)
    described = _columns(ledger, stated)
    rows: dict[str, int] = {}
    with ledger.keeping() as keep, ThreadPoolExecutor(max_workers=1) as beside:
        # What rests on no draw is written beside the drawing.
        cursor = ledger.connection.cursor()
        writing = {name: beside.submit(_write_table, cursor, folder, name, described[name]) for name in stated}
        drawn = keep_newest_day(ledger, keep)
        _keep_columns_of_draws(ledger, keep)
        # A view over rows that are kept is bound in no time.
        ledger.install_formulas(*KEYS)
        described |= _columns(ledger, [name for name in KEYS if name not in stated])
        for name, rows_of_draws in (
            ("draw_site", (drawn.sites, drawn.stages)),
            ("draw_programme", (drawn.programmes, drawn.accounts)),
        ):
            writing[name] = beside.submit(_write_draws, folder, name, described[name], *rows_of_draws)
        for name in KEYS:
            if name not in writing:
                rows[name] = _write_table(ledger.connection, folder, name, described[name])
        rows |= {name: written.result() for name, written in writing.items()}
    described = {name: described[name] for name in KEYS}
    described["dictionary"] = _dictionary_columns()
    rows["dictionary"] = _write_dictionary(folder, described)
    files = {f"{name}.parquet": rows[name] for name in (*KEYS, "dictionary")}
    titles = dict(ledger.rows("select view_name, comment from duckdb_views() where not internal"))
    titles["dictionary"] = (
        "What every column means, with its unit and how it may be summed; one row per table and column"
    )
    package = _package(ledger, described, titles)
    text = json.dumps(package, ensure_ascii=False, indent=1)
    (folder / "datapackage.json").write_text(text + "\n", encoding="utf-8", newline="\n")
    return {**files, "datapackage.json": len(described)}


def _keep_columns_of_draws(ledger: Ledger, keep: Keep) -> None:
    """Let tables without rows stand in for the formulas of the draws: their rows are written from arrays."""
    for name, (macro, signature) in _OF_DRAWS.items():
        no_draws = np.empty((0, len(MEASURES), len(_AMOUNTS[name]), 0))
        ledger.connection.register(f"bulk_{name}", _drawn_table(name, [], no_draws))
        keep(macro, signature, [], rows=f"from bulk_{name}")


def _write_draws(folder: Path, name: str, columns: list[Column], ids: list[str], draws: Draws) -> int:
    """Write a table of draws; returns its number of rows."""
    schema = pa.schema([column.field() for column in columns])
    return _write_batches(folder / f"{name}.parquet", schema, KEYS[name], _drawn_table(name, ids, draws).to_batches())


def _drawn_table(name: str, ids: list[str], draws: Draws) -> pa.Table:
    """Draws by id, measure and draw, in this order; those that are unknown are null."""
    order = np.argsort(MEASURES)
    count, measures, _, draw_count = draws.shape
    owner = np.repeat(np.arange(count, dtype=np.int32), measures * draw_count)
    measure = np.tile(np.repeat(np.arange(measures, dtype=np.int32), draw_count), count)
    return pa.table(
        {
            KEYS[name][0]: _repeated(ids, owner),
            "measure": _repeated(sorted(MEASURES), measure),
            "draw": array_of_numbers(np.tile(np.arange(1, draw_count + 1, dtype=np.int32), count * measures)),
            **{
                amount: array_of_numbers(draws[:, order, place].reshape(-1))
                for place, amount in enumerate(_AMOUNTS[name])
            },
        }
    )


def _repeated(texts: list[str], places: np.ndarray[Any, Any]) -> pa.Array:
    """The text at each place."""
    return pa.DictionaryArray.from_arrays(array_of_numbers(places), array_of_texts(texts)).cast(pa.string())


def write_rows(ledger: Ledger, folder: Path, name: str) -> int:
    """Write one table of the star schema into a folder, whatever its view reads; returns its number of rows.

    Rows stream from DuckDB to the file, so a table may be larger than memory.
    """
    ledger.install_formulas(name)
    return _write_table(ledger.connection, folder, name, _columns(ledger, [name])[name])


def _columns(ledger: Ledger, names: list[str]) -> dict[str, list[Column]]:
    """The columns of some tables, described by their names; those of a table of facts as the datasets describe them."""
    known = glossary()
    columns: dict[str, list[Column]] = {name: [] for name in names}
    own = {name: _described_fields(name) for name in names}
    for name, column, data_type in ledger.rows(_COLUMNS, [names]):
        meaning, unit, additivity = own[name].get(column) or column_meaning(column, known)
        if column.startswith("amount_") and column in own[name]:
            additivity = "none"  # as stated: of several statements one counts
        columns[name].append(Column(column, data_type, meaning, unit, additivity, _referred(name, column)))
    return columns


def _described_fields(name: str) -> dict[str, tuple[str, str, str]]:
    """Meaning, unit and additivity of the columns that a table has from the datasets."""
    source = tables().get(name.split("_", 1)[1])
    return {field.name: (field.description, field.unit or "", "none") for field in source.fields} if source else {}


def _referred(table: str, column: str) -> str | None:
    """The dimension that a column refers to by its key, if any."""
    key = _ROLES.get(column, column)
    dimension = next((name for name, keys in KEYS.items() if keys == (key,) and name.startswith("dim_")), None)
    return None if dimension is None or (dimension == table and key == column) else dimension


def _write_table(connection: duckdb.DuckDBPyConnection, folder: Path, name: str, columns: list[Column]) -> int:
    """Write one table in the order of its key, batch by batch; returns its number of rows."""
    schema = pa.schema([column.field() for column in columns])
    order = ", ".join(KEYS[name])
    reader = connection.sql(f"select * from {name} order by {order}").to_arrow_reader(ROWS_OF_A_GROUP)
    return _write_batches(folder / f"{name}.parquet", schema, KEYS[name], reader)


def _write_batches(file: Path, schema: pa.Schema, key: tuple[str, ...], batches: Any) -> int:
    """Write record batches as one Parquet file; the same rows give the same bytes."""
    count = 0
    sorting = [pq.SortingColumn(schema.get_field_index(column)) for column in key]
    with pq.ParquetWriter(
        file,
        schema,
        compression="zstd",
        use_dictionary=[field.name for field in schema if pa.types.is_string(field.type)],
        write_page_index=True,
        sorting_columns=sorting,
    ) as writer:
        for group in _groups(batches):
            writer.write_table(group.cast(schema), row_group_size=ROWS_OF_A_GROUP)
            count += group.num_rows
    return count


def _groups(batches: Any) -> Any:
    """Batches put together to groups of rows of one size, whatever the sizes of the batches."""
    waiting: list[pa.RecordBatch] = []
    held = 0
    for batch in batches:
        start = 0
        while start < batch.num_rows:
            part = batch.slice(start, ROWS_OF_A_GROUP - held)
            waiting.append(part)
            held += part.num_rows
            start += part.num_rows
            if held == ROWS_OF_A_GROUP:
                yield pa.Table.from_batches(waiting)
                waiting, held = [], 0
    if waiting:
        yield pa.Table.from_batches(waiting)


def _dictionary_columns() -> list[Column]:
    """The columns of the dictionary itself."""
    meanings = {
        "table_name": "table that has the column",
        "column_name": "column that is described",
        "data_type": "type of the column",
        "meaning": "what the column holds",
        "unit": "unit of the column, empty for text",
        "additivity": "how a BI tool may sum the column: additive, semi_additive (not over time), none",
        "refers_to": "dimension that the column refers to",
    }
    return [Column(name, "VARCHAR", meaning, "", "none", None) for name, meaning in meanings.items()]


def _write_dictionary(folder: Path, described: dict[str, list[Column]]) -> int:
    """Write the dictionary as a table."""
    columns = described["dictionary"]
    rows = [
        (table, column.name, column.type.lower(), column.meaning, column.unit, column.additivity, column.refers_to)
        for table, own in described.items()
        for column in own
    ]
    schema = pa.schema([column.field() for column in columns])
    arrays = [array_of_texts(values) for values in zip(*rows, strict=True)]
    batches = pa.Table.from_arrays(arrays, schema=schema).to_batches()
    return _write_batches(folder / "dictionary.parquet", schema, ("table_name",), batches)


def _package(ledger: Ledger, described: dict[str, list[Column]], titles: dict[str, str]) -> dict[str, Any]:
    """The descriptor of the data package."""
    return {
        "name": "gigaledger-star",
        "title": "Gigaledger: announced and built AI compute capacity as a star schema",
        "description": f"As known on {ledger.as_of}. Means add over sites and programmes, percentiles never: for the "
        "interval of a total, sum a draw table within each draw and take percentiles last.",
        "profile": "data-package",
        "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}],
        "resources": [_resource(name, columns, titles[name]) for name, columns in described.items()],
    }


def _resource(name: str, columns: list[Column], title: str) -> dict[str, Any]:
    """The descriptor of one table."""
    key = KEYS.get(name, ("table_name", "column_name"))
    fields = [
        {
            "name": column.name,
            "type": _FRICTIONLESS_TYPES[column.type],
            "description": column.meaning,
            "unit": column.unit,
            "additivity": column.additivity,
        }
        for column in columns
    ]
    foreign_keys = [
        {"fields": [column.name], "reference": {"resource": column.refers_to, "fields": list(KEYS[column.refers_to])}}
        for column in columns
        if column.refers_to is not None and column.refers_to != name
    ]
    return {
        "name": name,
        "title": title,
        "path": f"{name}.parquet",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "schema": {"fields": fields, "primaryKey": list(key), "foreignKeys": foreign_keys},
    }
