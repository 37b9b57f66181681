"""The files of a bill: which FOCUS dataset each one is, by its columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from gigaledger.errors import DatasetProblems, FileProblem, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

COST_AND_USAGE = "Cost and Usage"
CONTRACT_COMMITMENT = "Contract Commitment"
# A column that only this dataset has.
_MARKS = {
    COST_AND_USAGE: "ChargeCategory",
    CONTRACT_COMMITMENT: "ContractCommitmentPeriodStart",
    "Invoice Detail": "InvoiceDetailDescription",
    "Billing Period": "BillingPeriodStatus",
}
_NEEDED = {
    COST_AND_USAGE: (
        "BilledCost",
        "BillingCurrency",
        "ChargeCategory",
        "ChargePeriodStart",
        "ConsumedQuantity",
        "ConsumedUnit",
        "EffectiveCost",
        "SkuPriceDetails",
    ),
    CONTRACT_COMMITMENT: (
        "BillingCurrency",
        "ContractCommitmentCost",
        "ContractCommitmentId",
        "ContractCommitmentPeriodEnd",
        "ContractCommitmentPeriodStart",
    ),
}
# The newest version first, with a column of Cost and Usage that came with it.
_VERSIONS = (("1.4", "InvoiceDetailId"), ("1.3", "ServiceProviderName"), ("1.2", "BillingAccountType"))
_SUFFIXES = (".csv", ".csv.gz", ".parquet")


@dataclass(frozen=True, slots=True)
class BillFile:
    """One file of a bill, the dataset that it holds and the names of its columns."""

    path: Path
    dataset: str
    columns: tuple[str, ...]

    @property
    def version(self) -> str:
        """The version of FOCUS that the columns speak of; `older` before 1.2."""
        return next((version for version, column in _VERSIONS if column in self.columns), "older")


def bill_files(connection: duckdb.DuckDBPyConnection, paths: Iterable[Path]) -> list[BillFile]:
    """Every file of a bill with its dataset.

    Args:
        connection: any DuckDB connection.
        paths: CSV files (also gzipped), Parquet files, or folders of them.

    Raises:
        FileProblem: a path is not there, or cannot be read.
        DatasetProblems: files that are no FOCUS dataset, or lack a column that is needed; all of them at once.
    """
    files = [file for path in paths for file in _files_of(path)]
    problems: list[Problem] = []
    found = []
    for path in files:
        columns = _columns(connection, path)
        dataset = next((name for name, mark in _MARKS.items() if mark in columns), None)
        if dataset is None:
            problems.append(Problem(str(path), 1, None, None, _no_dataset(columns)))
            continue
        problems += [
            Problem(str(path), 1, needed, None, f"the column is missing; expected it in {dataset} of FOCUS 1.2 to 1.4")
            for needed in _NEEDED.get(dataset, ())
            if needed not in columns
        ]
        found.append(BillFile(path, dataset, columns))
    if problems:
        raise DatasetProblems(problems)
    if not any(file.dataset == COST_AND_USAGE for file in found):
        raise FileProblem("none of the files is a Cost and Usage dataset; expected the rows of a bill")
    return found


def scan(files: Iterable[BillFile]) -> str:
    """A SQL expression that reads files of one dataset, every value as text."""
    by_form: dict[bool, list[str]] = {}
    for file in files:
        by_form.setdefault(file.path.suffix == ".parquet", []).append(_quoted(file.path))
    parts = []
    for is_parquet, names in sorted(by_form.items()):
        listed = ", ".join(names)
        read = f"read_parquet([{listed}], union_by_name = true)" if is_parquet else _read_csv(listed)
        parts.append(f"select * from {read}")
    return f"({' union all by name '.join(parts)})"


def in_short(error: duckdb.Error) -> str:
    """What DuckDB says of a file, in one line and without its advice on options."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    kept = [line for line in lines if not line.startswith(("Possible", "*", "file =", "delimiter =", "quote ="))]
    return " ".join(kept[:3])


def _read_csv(listed: str) -> str:
    """A reader of CSV files by the rules of FOCUS: a header, commas, double quotes."""
    return (
        f"read_csv([{listed}], all_varchar = true, header = true, delim = ',', quote = '\"', escape = '\"', "
        "union_by_name = true, nullstr = '')"
    )


def _files_of(path: Path) -> list[Path]:
    """The file, or the files of the folder that may hold a dataset."""
    if path.is_dir():
        files = sorted(file for file in path.iterdir() if file.is_file() and file.name.endswith(_SUFFIXES))
        if links := [file.name for file in files if file.is_symlink()]:
            raise FileProblem(f"{path} holds {links[0]}, a link to elsewhere; name that file itself to import it")
        if not files:
            raise FileProblem(f"{path} holds no bill; expected files that end in {', '.join(_SUFFIXES)}")
        return files
    if not path.exists():
        raise FileProblem(f"{path} does not exist; expected a CSV or Parquet file, or a folder of them")
    if not path.name.endswith(_SUFFIXES):
        raise FileProblem(f"{path} is no bill; expected a file that ends in {', '.join(_SUFFIXES)}")
    return [path]


def _columns(connection: duckdb.DuckDBPyConnection, path: Path) -> tuple[str, ...]:
    """The column names of a file."""
    read = f"read_parquet({_quoted(path)})" if path.suffix == ".parquet" else _read_csv(_quoted(path))
    try:
        cursor = connection.execute(f"select * from {read} limit 0")
    except duckdb.Error as error:
        raise FileProblem(f"{path} cannot be read: {in_short(error)}") from None
    return tuple(column[0] for column in cursor.description)


def _no_dataset(columns: tuple[str, ...]) -> str:
    """What columns that are of no FOCUS dataset should be."""
    expected = "expected a FOCUS dataset: Cost and Usage or Contract Commitment"
    for mark, name in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if len(columns) == 1 and mark in columns[0]:
            return f"{expected}, with commas between the fields; these are separated by {name}"
    spelt = {column.casefold(): column for column in columns}
    known = [mark for mark in _MARKS.values() if mark.casefold() in spelt]
    return f"{expected}; FOCUS writes {known[0]!r}, not {spelt[known[0].casefold()]!r}" if known else expected


def _quoted(path: Path) -> str:
    """A path as a SQL string in which no character stands for several files."""
    escaped = "".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(path))
    return "'" + escaped.replace("'", "''") + "'"
