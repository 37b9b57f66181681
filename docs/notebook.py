# ruff: noqa: ANN001, ANN201, B018, D103, INP001 - a marimo notebook: cells are functions that show their last line
"""Gigaledger in a notebook, from a quantity to the money circle.

Open it with `marimo edit docs/notebook.py`; as a script, `python docs/notebook.py` runs every cell. In Jupyter the same
lines work in cells of their own; `altair.renderers.enable("svg")` draws the charts there without a network.
"""

import marimo

app = marimo.App(width="medium", app_title="Gigaledger")


@app.cell
def opened():
    import gigaledger

    ledger = gigaledger.open()
    ledger
    return gigaledger, ledger


@app.cell
def converted(gigaledger):
    # How much power does "up to one million TPUs" need? One row per measure, with the 5th to the 95th percentile.
    tpus = gigaledger.convert("up to 1 million TPUv7", year=2026)
    tpus
    return (tpus,)


@app.cell
def reconciled(ledger):
    # What of "$50 billion for sites in Texas and New York" has been built?
    texas = ledger.reconcile("anthropic-50b-texas-new-york")
    texas
    return (texas,)


@app.cell
def drawn(ledger):
    accounts = ledger.plot.reconciliation("anthropic-50b-texas-new-york")
    accounts
    return (accounts,)


@app.cell
def explained(ledger):
    # Where a number comes from: what was said, the chip that rates it, and each step.
    derivation = ledger.explain("anthropic-fluidstack-50b-2025")
    derivation
    return (derivation,)


@app.cell
def asked(ledger):
    # Every table, view and macro answers in SQL.
    circles = ledger.sql(
        "select party_id, counterparty_id, invested_usd, bought_back_usd from circular_flow where is_circular"
    )
    circles
    return (circles,)


@app.cell
def circled(ledger):
    money = ledger.plot.circular()
    money
    return (money,)


if __name__ == "__main__":
    app.run()
