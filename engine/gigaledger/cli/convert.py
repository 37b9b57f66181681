"""Conversion of one quantity as a command."""

from __future__ import annotations

import importlib
import threading
from typing import TYPE_CHECKING, Any

import click

from gigaledger.cli import completion
from gigaledger.cli.compared import print_compared
from gigaledger.cli.opening import merged_options, open_chosen_ledger
from gigaledger.cli.options import QuantityCommand, compare_option, ledger_options
from gigaledger.cli.output import checked_finite, print_json

if TYPE_CHECKING:
    from gigaledger.ledger import Ledger


@click.command(cls=QuantityCommand)
@click.argument("quantity")
@click.option("--to", required=True, metavar="MEASURE", shell_complete=completion.measures, help="A measure, or all.")
@click.option(
    "--measure",
    metavar="M",
    shell_complete=completion.measures,
    help="What a bare amount of dollars or megawatts measures.",
)
@click.option("--chip", metavar="C", shell_complete=completion.chips, help="Chip or mix: id, name or alias.")
@click.option("--year", type=int, metavar="Y", help="Delivery year.")
@click.option("--term-years", type=float, metavar="N", help="Term of a contract, in years.")
@click.option(
    "--builder",
    metavar="KIND",
    shell_complete=completion.builders,
    help="Who builds (landlord, neocloud, hyperscaler ...): by it dollars of unstated basis are read.",
)
@compare_option
@ledger_options
@click.pass_context
def convert(context: click.Context, /, quantity: str, to: str, **options: Any) -> None:
    """Convert one quantity into another measure, or into all.

    Example: gigaledger convert "up to one million TPUs" --to it_power
    """
    # Pint takes as long to import as the ledger to open: both at once.
    threading.Thread(target=importlib.import_module, args=("pint",), daemon=True).start()
    options = merged_options(context, options, inherit=("datasets", "extend", "settings", "draws", "seed", "as_json"))
    as_json = options.pop("as_json")
    from gigaledger.conversion import convert_quantity

    def ask(ledger: Ledger) -> dict[str, Any]:
        return convert_quantity(
            ledger,
            quantity,
            to,
            measure=options["measure"],
            chip=options["chip"],
            year=options["year"],
            term_years=options["term_years"],
            builder=options["builder"],
        )

    if options["compare"]:
        print_compared(quantity, ask, options, as_json=as_json, for_conversion=True)
        return
    document = checked_finite(ask(open_chosen_ledger(options, for_conversion=True)))
    if as_json:
        print_json(document)
        return
    from gigaledger.terminal import print_conversion

    print_conversion(document)
