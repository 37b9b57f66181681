"""Proposals of claims as a command."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from gigaledger.cli.opening import merged_options, open_chosen_ledger
from gigaledger.cli.options import ledger_options
from gigaledger.cli.output import print_json, progress

if TYPE_CHECKING:
    from gigaledger.ledger import Ledger

SEEDS = 8
RECALLS = (0.5, 0.6, 0.7)


@click.command()
@click.option("--least", type=click.FloatRange(0, 1), help="The smallest probability to propose; default 0.25.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="The largest number of proposals.")
@click.option(
    "--apply", "accepted", multiple=True, metavar="CLAIM", help="Append this proposal to --datasets; or: all."
)
@click.option("--evaluate", is_flag=True, help="How well proposals find claims of the ledger that are left out.")
@ledger_options
@click.pass_context
def match(context: click.Context, /, **options: Any) -> None:
    """Claims that the ledger may lack: which deals a site may serve, scored and explained.

    Example: gigaledger match --limit 5
    """
    options = merged_options(context, options)
    if options["accepted"] and options["datasets"] is None:
        message = "--apply writes into a ledger of your own; say which with --datasets DIR"
        raise click.UsageError(message)
    ledger = open_chosen_ledger(options)
    if options["evaluate"]:
        _print_evaluation(ledger, as_json=options["as_json"])
        return
    from gigaledger.matching import accept, propose
    from gigaledger.matching.proposing import LEAST_PROBABILITY

    least = LEAST_PROBABILITY if options["least"] is None else options["least"]
    with progress("comparing deals and sites"):
        found = propose(ledger, least=least, limit=options["limit"])
    written = accept(ledger, options["datasets"], found, options["accepted"]) if options["accepted"] else []
    if options["as_json"]:
        print_json({"proposals": [{**asdict(one), "why": one.why} for one in found], "applied": written})
        return
    for one in found:
        low, best, high = one.share
        click.echo(f"{one.probability:.0%}  {one.claim_id}")
        click.echo(f"     {one.deal} / {one.site}; share by size {best:.0%} ({low:.0%}–{high:.0%})")
        click.echo(f"     {one.why}")
    if not found:
        click.echo(f"No claim of at least {least:.0%} is missing.")
    for claim_id in written:
        click.echo(f"Applied: {claim_id}")


def _print_evaluation(ledger: Ledger, *, as_json: bool) -> None:
    """Precision and recall over claims that were left out."""
    from gigaledger.matching.evaluation import FOLDS, at_recall, evaluate
    from gigaledger.matching.pairs import candidates

    found = candidates(ledger)
    rows = []
    for left_out, curves in evaluate(found, range(SEEDS)).items():
        for recall in RECALLS:
            reached = [one for curve in curves if (one := at_recall(curve, recall))]
            precisions = [one.precision for one in reached]
            rows.append(
                {
                    "left_out": left_out,
                    "recall": recall,
                    "precision_mean": sum(precisions) / len(precisions) if precisions else None,
                    "precision_least": min(precisions, default=None),
                    "family_mean": sum(one.family_precision for one in reached) / len(reached) if reached else None,
                    "reached": len(reached),
                }
            )
    document = {"claims": len(found.claimed), "folds": FOLDS, "seeds": SEEDS, "rows": rows}
    if as_json:
        print_json(document)
        return
    click.echo(
        f"{document['claims']} claims, each left out once in {FOLDS} folds, dealt anew with seeds 0 to {SEEDS - 1}.\n"
        "Right is a proposal of the very deal that the ledger claims for that site; wrong are a part of that deal,\n"
        "its whole, and what the ledger does not claim yet."
    )
    for row in rows:
        if row["recall"] == RECALLS[0]:
            click.echo(f"Left out by whole {row['left_out']}s:")
        if row["precision_mean"] is None:
            click.echo(f"  recall {row['recall']:.0%}: not reached")
            continue
        click.echo(
            f"  recall {row['recall']:.0%}: precision {row['precision_mean']:.1%}, least {row['precision_least']:.1%}; "
            f"with parts and wholes {row['family_mean']:.1%}"
            + ("" if row["reached"] == SEEDS else f"; reached with {row['reached']} of {SEEDS} seeds")
        )
