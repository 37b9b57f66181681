"""Headline numbers of the bundled ledger: a change of facts, assumptions or formulas that moves them is noticed.

A change is fine when it is meant. Explain it at the top of CHANGELOG.md, then write the numbers anew:

    python tests/golden/test_headlines.py
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gigaledger.ledger import Ledger, open_ledger
from gigaledger.reconciliation import reconcile

FILE = Path(__file__).with_name("headlines.json")
CONVERSIONS: list[tuple[str, str, dict[str, Any]]] = [
    ("1e6 TPUv7", "it_power", {"year": 2026}),
    ("1e6 TPUv7", "total_capex", {"year": 2026}),
    ("1e6 Trainium2", "compute", {"year": 2025}),
    ("1 GW", "chips", {"measure": "it_power", "chip": "gb300", "year": 2026}),
    ("1 GW", "total_capex", {"measure": "it_power", "chip": "nvidia-mix", "year": 2026}),
    ("1 GW", "it_power", {"chip": "industry-mix", "year": 2026}),
    ("1 GW", "cloud_spend", {"measure": "it_power", "chip": "nvidia-mix", "year": 2026}),
    ("50e9 USD", "it_power", {"chip": "industry-mix", "year": 2026}),
    ("30e9 USD", "chips", {"measure": "cloud_contract", "chip": "gb300", "year": 2026, "term_years": 5}),
    ("276e3 H100e", "it_power", {"chip": "gb200", "year": 2025}),
]


def three_digits(interval: dict[str, Any] | None) -> float | None:
    """The median, rounded to three digits; null when it is unknown."""
    return None if interval is None else float(f"{interval['p50']:.3g}")


def name_of(quantity: str, to: str, options: dict[str, Any]) -> str:
    """A conversion as one line."""
    return " ".join([quantity, "->", to, *(f"{key}={value}" for key, value in options.items())])


def programme_headlines(ledger: Ledger) -> dict[str, dict[str, float | None]]:
    """Pledged and operational IT power of the programmes of Anthropic [MW]."""
    own = {one for (one,) in ledger.rows("select programme_id from programme where organization_id = 'anthropic'")}
    return {
        one["programme_id"]: {account: three_digits(one[account]) for account in ("pledged", "operational")}
        for one in reconcile(ledger, measure="it_power")["programmes"]
        if one["programme_id"] in own
    }


def conversion_headlines(ledger: Ledger) -> dict[str, float | None]:
    """Ten conversions, in the units of their targets."""
    return {
        name_of(quantity, to, options): three_digits(ledger.convert(quantity, to, **options).to_dicts()[0])
        for quantity, to, options in CONVERSIONS
    }


def write_headlines() -> None:
    """Write the headline numbers as they are now."""
    ledger = open_ledger()
    headlines = {"programmes": programme_headlines(ledger), "conversions": conversion_headlines(ledger)}
    FILE.write_text(json.dumps(headlines, indent=2) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return open_ledger()


@pytest.mark.parametrize(
    ("part", "headlines"), [("programmes", programme_headlines), ("conversions", conversion_headlines)]
)
def test_headline_numbers_are_those_last_explained(ledger: Ledger, part: str, headlines: Any) -> None:
    was, now = json.loads(FILE.read_text(encoding="utf-8"))[part], headlines(ledger)
    moved = [
        f"  {name}: {was.get(name)} -> {now.get(name)}"
        for name in sorted({*was, *now})
        if was.get(name) != now.get(name)
    ]
    if moved:
        pytest.fail(
            "headline numbers moved:\n"
            + "\n".join(moved)
            + "\nIf this is meant, explain it at the top of CHANGELOG.md "
            "and run: python tests/golden/test_headlines.py",
            pytrace=False,
        )


if __name__ == "__main__":
    write_headlines()
