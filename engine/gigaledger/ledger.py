"""A ledger: checked facts and aligned draws in DuckDB, with every formula of `sql/` installed over them."""

from __future__ import annotations

import datetime as dt
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import duckdb

from gigaledger.datasets import load_datasets, newest_known_on
from gigaledger.draws import FEWEST, MOST, is_draw_count, strata
from gigaledger.errors import BadQuery, BadQuestion
from gigaledger.formulas import files_named_in, formula_files, needed_files, run_formula
from gigaledger.paths import sql_folder
from gigaledger.settings import set_assumption

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import polars as pl

    from gigaledger.plots import Plots

DRAW_COUNT = 1024
SEED = 0
CONVERSION_TABLES = frozenset({"organization", "source", "chip", "chip_mix", "assumption"})


class Keep(Protocol):
    """Keeps the rows of a table macro while a question lasts."""

    def __call__(
        self, macro: str, signature: str, arguments: list[Any], condition: str = "true", *, rows: str | None = None
    ) -> None:
        """Keep the rows of a macro for its arguments, or let a query of rows take its place."""


class Ledger:
    """One ledger, open for questions; results are Polars frames with a row per what their docstring says."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, notes: list[str], as_of: dt.date) -> None:
        """Keep the connection, the sentences on what was assumed in opening, and the default date of every question."""
        self.connection = connection
        self.notes = notes
        self.as_of = as_of
        self._missing = formula_files()
        self._installed: set[Path] = set()

    def install(self, section: str) -> None:
        """Install the formulas up to and with a section of `sql/install.sql`, unless they are there."""
        while section in self._missing:
            name = next(iter(self._missing))
            for path in self._missing.pop(name):
                run_formula(self.connection, path)
                self._installed.add(path)

    def install_formulas(self, *names: str) -> None:
        """Install some formulas with those on which they rest, without all the sections before them.

        Formulas replace themselves, so those sections may still be installed later.
        """
        for path in needed_files(self._missing, names, self._installed):
            run_formula(self.connection, path)
            self._installed.add(path)

    def install_for(self, query: str) -> None:
        """Install the formulas that a query names, with those on which they rest; later installs may repeat them."""
        sections = {section: files for section, files in formula_files().items() if section != "star"}
        needed = set(files_named_in(sections, query))
        for path in (path for section in sections for path in self._missing.get(section, []) if path in needed):
            run_formula(self.connection, path)

    @contextmanager
    def keeping(self) -> Iterator[Keep]:
        """Compute once what several questions need: `keep(macro, signature, arguments)`.

        The rows of a table macro are put into a temporary table, and a temporary macro of the same name stands before
        the formula until the block ends; a condition on its parameters leaves out what is not asked for. With `rows`, a
        query of them takes the place of the formula.
        """
        names: dict[str, str] = {}

        def keep(
            macro: str, signature: str, arguments: list[Any], condition: str = "true", *, rows: str | None = None
        ) -> None:
            if macro in names:
                self.connection.execute(f"drop macro table temp.{macro}")
            if rows is None:
                placed = ", ".join(f"${place}" for place in range(1, len(arguments) + 1))
                self.connection.execute(
                    f"create or replace temp table kept_{macro} as from {macro}({placed})", arguments
                )
            kept = rows or f"from kept_{macro} where {condition}"
            self.connection.execute(f"create or replace temp macro {macro}({signature}) as table {kept}")
            names[macro] = kept

        try:
            yield keep
        finally:
            for name in reversed(names):
                self.connection.execute(f"drop macro table temp.{name}")
                self.connection.execute(f"drop table if exists temp.kept_{name}")

    @contextmanager
    def on_all_cores(self) -> Iterator[None]:
        """Let DuckDB use every core, for what comes out the same in any order of rows."""
        self.connection.execute(f"set threads = {os.cpu_count() or 1}")
        try:
            yield
        finally:
            self.connection.execute("set threads = 1")

    def rate(self, pairs: str, parameters: list[Any] | None = None) -> None:
        """Keep the bundles of the pairs that a query returns (columns chip_id, year).

        Until the section `everything` is installed, only the bundles asked for are kept.
        """
        self.connection.execute(
            f"set variable rated_pairs = (select list(distinct concat(chip_id, '@', year)) from ({pairs}))",
            parameters or [],
        )
        run_formula(self.connection, sql_folder() / "rates" / "bundle_draw_added.sql")

    def rows(self, query: str, parameters: list[Any] | dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """The rows of a query of our own."""
        return self.connection.execute(query, parameters or []).fetchall()

    def records(self, query: str, parameters: list[Any] | dict[str, Any] | None = None) -> list[dict[str, Any]]:
        """The rows of a query of our own as dictionaries."""
        cursor = self.connection.execute(query, parameters or [])
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def frame(self, query: str, parameters: list[Any] | None = None) -> pl.DataFrame:
        """The rows of a query of our own as a Polars frame."""
        rows: pl.DataFrame = self.connection.sql(query, params=parameters or []).pl()
        return rows

    def reconcile(
        self, programme: str | None = None, *, as_of: dt.date | None = None, measure: str | None = None
    ) -> pl.DataFrame:
        """Pledged, operational, under construction, planned and unidentified capacity with intervals.

        Args:
            programme: programme_id or name; none: all.
            as_of: only facts known on this day; none: the newest `known_on`.
            measure: one measure; none: MW, chips, H100e and dollars.

        Returns:
            One row per programme and measure; interval columns end in `_mean`, `_p05`, `_p50`, `_p95`.
        """
        from gigaledger.api import reconciliation_frame

        return reconciliation_frame(self, programme, as_of, measure)

    def timeline(
        self, programme: str | None = None, *, as_of: dt.date | None = None, measure: str | None = None
    ) -> pl.DataFrame:
        """The ramp by quarter: pledged, operational, and operational or planned, with intervals.

        Returns:
            One row per programme and quarter, from that of the first milestone to four years ahead; operational is null
            in quarters that have not begun.
        """
        from gigaledger.api import timeline_frame
        from gigaledger.timeline import timeline

        return timeline_frame(timeline(self, programme, as_of=as_of, measure=measure))

    def change(
        self,
        versus: dt.date,
        programme: str | None = None,
        *,
        as_of: dt.date | None = None,
        measure: str | None = None,
        changed: Ledger | None = None,
    ) -> pl.DataFrame:
        """Why the reconciliation changed between two days; see `gigaledger.change.explain_change`.

        Returns:
            One row per programme, kind of change, and deal or site, with the change of each account; facts by id.
        """
        from gigaledger.api import change_frame
        from gigaledger.change import explain_change

        return change_frame(
            explain_change(self, programme, as_of=as_of, versus=versus, measure=measure, changed=changed)
        )

    def convert(  # noqa: PLR0913 - one option each of the command line
        self,
        quantity: str,
        to: str = "all",
        *,
        measure: str | None = None,
        chip: str | None = None,
        year: int | None = None,
        term_years: float | None = None,
        builder: str | None = None,
    ) -> pl.DataFrame:
        """One quantity in another measure, or in all, by the assumptions of this ledger; see `gigaledger.convert`."""
        from gigaledger.api import conversion_frame
        from gigaledger.conversion import convert_quantity

        return conversion_frame(
            convert_quantity(
                self, quantity, to, measure=measure, chip=chip, year=year, term_years=term_years, builder=builder
            )
        )

    def explain(self, deal: str, *, as_of: dt.date | None = None, measure: str | None = None) -> dict[str, Any]:
        """What is known of a deal and the steps to its capacity: the document of `gigaledger explain --json`."""
        from gigaledger.explanation import explain_deal
        from gigaledger.notebook import Derivation

        return Derivation(explain_deal(self, deal, as_of=as_of, measure=measure))

    def tension(self, *, as_of: dt.date | None = None) -> pl.DataFrame:
        """The back-test: statements of one deal, or milestones of one site, held against each other.

        Args:
            as_of: only facts known on this day; none: the newest `known_on`.

        Returns:
            One row per pair, worst first; `ratio_*`: statement a in the measure of statement b, over b [ratio];
            agrees is null where a pair is not scored.
        """
        from gigaledger.tension import tension_frame

        return tension_frame(self, as_of)

    def export(
        self,
        directory: str | Path,
        format: str = "parquet",  # noqa: A002 - named as the option of the command line
        *,
        overwrite: bool = False,
    ) -> pl.DataFrame:
        """The ledger written into a folder for other programs, all files or none.

        Args:
            directory: the folder; it is created where it is missing.
            format: `parquet` (star schema for BI), `xlsx` (workbook), `beancount` or `hledger` (journal).
            overwrite: allow a folder that is not empty; only files of earlier exports are replaced.

        Returns:
            One row per file: file, rows, bytes.

        Raises:
            UnknownFormat, FolderNotEmpty, FileProblem: what is wrong with the format or the folder.
        """
        import polars as pl

        from gigaledger.export import export_ledger

        return pl.DataFrame(export_ledger(self, directory, format, overwrite=overwrite)["files"])

    @property
    def plot(self) -> Plots:
        """Charts of this ledger: `reconciliation`, `timeline`, `map`, `overlap`, `circular` and `tension`."""
        from gigaledger.plots import Plots

        return Plots(self)

    def _repr_html_(self) -> str:
        """What the ledger holds, for a notebook."""
        from gigaledger.notebook import ledger_html

        return ledger_html(self)

    def overlap(
        self, scope: str | None = None, *, as_of: dt.date | None = None, measure: str | None = None
    ) -> pl.DataFrame:
        """Gross of all announcements, what is told more than once, and what is counted once.

        Args:
            scope: a beneficiary, programme or layer by id or name, or `industry`; none: all of them.
            as_of: only facts known on this day; none: the newest `known_on`.
            measure: one measure; none: all.

        Returns:
            One row per scope, layer and measure; layer `all` counts once across layers and is no sum of them.
        """
        from gigaledger.overlap import overlap_frame

        return overlap_frame(self, scope, as_of, measure)

    def circular(self, *, as_of: dt.date | None = None) -> pl.DataFrame:
        """Money that a party invested in a counterparty and that comes back as purchases, each dollar counted once.

        Args:
            as_of: only facts known on this day; none: the newest `known_on`.

        Returns:
            One row per ordered pair of parties [USD]; `gigaledger.circular.circular` gives the circulation as well.
        """
        from gigaledger.circular import circular_frame

        return circular_frame(self, as_of)

    def sql(self, query: str) -> pl.DataFrame:
        """The rows of a user's query.

        Raises:
            BadQuery: DuckDB refuses it; the message says where.
        """
        self.install("everything")
        try:
            return self.frame(query)
        except duckdb.Error as error:
            raise BadQuery(str(error)) from None


def open_ledger(  # noqa: PLR0913 - one option each of the command line
    datasets: str | Path | None = None,
    *,
    extend: bool = False,
    settings: Mapping[str, tuple[float, float, float]] | None = None,
    seed: int = SEED,
    draws: int = DRAW_COUNT,
    for_conversion: bool = False,
    section: str = "reconciliation",
) -> Ledger:
    """Open a ledger from CSV files.

    Args:
        datasets: folder of the user's own CSV files; none: the bundled ledger.
        extend: layer the user's rows over the bundled ledger.
        settings: low, best and high by assumption_id, or by parameter to set all its rows.
        seed: seed of the draws.
        draws: number of draws of every assumption, even, from 64 to 65,536; medians are steadier the more there are.
        for_conversion: load chips, mixes and assumptions only, for the conversion of quantities.
        section: the formulas that are installed at once: those up to and with this section of `sql/install.sql`.

    Returns:
        The ledger, with draws and formulas installed.

    Raises:
        DatasetProblems: every problem of every file.
        UnknownAssumption: a setting of an assumption that is not there, or that is reversed.
        BadQuestion: a number of draws that cannot be made.
    """
    if not is_draw_count(draws):
        message = f"{draws} draws: expected an even number of draws from {FEWEST} to {MOST}"
        raise BadQuestion(message)
    connection = _connect()
    folder = Path(datasets) if datasets is not None else None
    notes = load_datasets(connection, folder, extend=extend, only=CONVERSION_TABLES if for_conversion else None)
    for assumption, percentiles in (settings or {}).items():
        set_assumption(connection, assumption, percentiles)
    _create_strata(connection, seed, draws)
    newest = newest_known_on(folder, extend=extend) if for_conversion else _newest_known_on(connection)
    ledger = Ledger(connection, notes, newest or dt.date(1970, 1, 1))
    ledger.install("conversion" if for_conversion else section)
    return ledger


def _newest_known_on(connection: duckdb.DuckDBPyConnection) -> dt.date | None:
    """The newest day on which a fact of the loaded ledger became known."""
    run_formula(connection, sql_folder() / "reconciliation" / "newest_known_on.sql")
    newest: dt.date | None = connection.execute("select as_of from newest_known_on").fetchall()[0][0]
    return newest


def _connect() -> duckdb.DuckDBPyConnection:
    """A connection that never reaches for the network.

    One thread: sums of several threads differ in their last bits from run to run, and results must not.
    """
    connection = duckdb.connect(
        config={"autoinstall_known_extensions": False, "autoload_known_extensions": False, "threads": 1}
    )
    connection.execute("set enable_progress_bar = false")
    return connection


def _create_strata(connection: duckdb.DuckDBPyConnection, seed: int, count: int = DRAW_COUNT) -> None:
    """Create the tables `run` (seed and number of draws) and `stratum` (one row per draw)."""
    draws, probabilities, deviates = (list(column) for column in zip(*strata(count), strict=True))
    connection.execute("create table run as select $1::bigint as seed, $2::integer as draw_count", [seed, count])
    connection.execute(
        "create table stratum as "
        "select draw, u, z, least(draw, $4 + 1 - draw)::integer as pair, 2 * draw > $4 as is_upper "
        "from (select unnest($1::integer[]) as draw, unnest($2::double[]) as u, unnest($3::double[]) as z)",
        [draws, probabilities, deviates, count],
    )
