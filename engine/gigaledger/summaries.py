"""Summaries of the newest day, kept in tables: what took seconds to draw then answers in milliseconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gigaledger.bulk_day import SUMMARIES, keep_accounts_by_draw, keep_newest_day
from gigaledger.bulk_draws import keep_draws
from gigaledger.bulk_overlap import keep_overlap
from gigaledger.bulk_rates import keep_rates
from gigaledger.comments import quoted
from gigaledger.formulas import formula_files, run_formula

if TYPE_CHECKING:
    from gigaledger.ledger import Keep, Ledger

# In order of dependence: a view may read those before it.
KEPT_VIEWS = (
    "rate_path",
    "rate",
    "deal_capacity",
    "site_capacity",
    "site_draw",
    "programme_draw",
    "posting",
    "reconciliation",
    "reconciliation_by_quarter",
    "build_out_by_quarter",
    "site_by_quarter",
    "tension",
    "overlap",
    "circular_flow",
    "audit",
)
_REFILL_DRAWS = """\
delete from assumption_draw;
insert into assumption_draw select * from assumption_draw_formula order by assumption_key"""


def keep_summaries(ledger: Ledger) -> None:
    """Install everything and turn the views of the newest day into views of kept tables.

    The view X becomes X_formula, `kept_X` holds its rows, and X reads them. Draws are kept as FLOAT, whose rounding
    (1e-7) is far below the error of a thousand draws. The table `refresh` holds the statements that fill them anew.
    """
    ledger.install_formulas(*SUMMARIES, "overlap_interval_as_of", "rate_interval", "pair_draw_as_of")
    with ledger.keeping() as keep:
        keep_every_summary(ledger, keep)
        # A view over rows that are kept is bound in no time.
        ledger.install("everything")
        refill = {view: _keep_view(ledger, view) for view in KEPT_VIEWS}
        # Lists of draws take much memory on their way: the ratios of pairs are made once for both that ask.
        keep("pair_draw_as_of", "as_of", [ledger.as_of])
        for statement in refill.values():
            ledger.connection.execute(statement)
    _comment_anew(ledger)
    statements = [_REFILL_DRAWS]
    for view in KEPT_VIEWS:
        statements += [f"delete from kept_{view}", refill[view]]
    ledger.connection.execute(
        "create table refresh as "
        "select unnest(range(1, len($1) + 1))::integer as place, unnest($1::varchar[]) as statement",
        [[f"{statement};" for statement in ("begin", *statements, "commit")]],
    )


def _comment_anew(ledger: Ledger) -> None:
    """Give formulas their comments back: while a temporary macro stood before one, the comment went to that."""
    silent = {
        name
        for (name,) in ledger.rows(
            "select function_name from duckdb_functions() where not internal and coalesce(comment, '') = ''"
        )
    }
    for path in (path for files in formula_files().values() for path in files if path.stem in silent):
        run_formula(ledger.connection, path)


def keep_every_summary(ledger: Ledger, keep: Keep) -> None:
    """Keep the means, percentiles and draws of the newest day that the views to be kept rest on, reckoned in arrays."""
    drawn = keep_newest_day(ledger, keep, is_day_in_all=True)
    keep("claim_draw_as_of", "as_of", [ledger.as_of])
    keep_draws(ledger, keep, drawn.facts)
    keep_accounts_by_draw(ledger, keep, drawn)
    keep_overlap(ledger, keep, drawn.facts, ledger.as_of)
    keep_rates(ledger, keep)


def _keep_view(ledger: Ledger, view: str) -> str:
    """Put a view of an empty table in the place of a view; returns the statement that fills the table."""
    comment = ledger.rows("select comment from duckdb_views() where view_name = $1", [view])[0][0]
    columns = ledger.rows(
        "select column_name, data_type from duckdb_columns() where table_name = $1 order by column_index", [view]
    )
    is_draw = view.endswith("_draw")
    kept, shown = (
        ", ".join(
            f"{name}::{to} as {name}" if is_draw and data_type == "DOUBLE" else name for name, data_type in columns
        )
        for to in ("float", "double")
    )
    for statement in (
        f"alter view {view} rename to {view}_formula",
        f"create table kept_{view} as select {kept} from {view}_formula limit 0",
        f"create view {view} as select {shown} from kept_{view}",
        f"comment on view {view}_formula is {quoted(comment)}",
        f"comment on view {view} is {quoted(f'{comment}; as kept when the file was built, see the table refresh')}",
        f"comment on table kept_{view} is {quoted(f'Rows of {view}_formula, kept when the file was built')}",
    ):
        ledger.connection.execute(statement)
    return f"insert into kept_{view} select {kept} from {view}_formula"
