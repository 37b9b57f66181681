"""The example notebook runs, and a ledger and its results show themselves in Jupyter and marimo."""

from __future__ import annotations

import importlib.util
import json
import warnings
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gigaledger.quantity import Quantity
from ledgers import bundled_ledger, open_whole, write_ledger

if TYPE_CHECKING:
    from collections.abc import Mapping

NOTEBOOK = Path(__file__).resolve().parents[2] / "docs/notebook.py"
HARM = "<script>alert(1)</script>"


@cache
def _definitions() -> Mapping[str, Any]:
    """What the cells of the notebook define, after all have run."""
    pytest.importorskip("marimo", reason="marimo, a development tool, is not installed under this Python")
    spec = importlib.util.spec_from_file_location("notebook", NOTEBOOK)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # marimo's own, which differ from version to version
        spec.loader.exec_module(module)
        _, definitions = module.app.run()
    return definitions


def test_every_cell_of_the_notebook_runs() -> None:
    defined = _definitions()
    assert defined["tpus"].filter(measure="chips")["p50"].item() <= 1e6
    assert set(defined["texas"]["measure"]) == {"it_power", "chips", "compute", "total_capex"}
    assert defined["circles"].height > 3
    for name in ("accounts", "money"):
        assert defined[name].to_dict()["layer"]


@pytest.fixture(autouse=True)
def _marimo_leaves_pyspark_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where another test has loaded PySpark, marimo imports its client, which ends a process without a main file."""
    from marimo._output.formatters import formatters

    monkeypatch.delitem(formatters.THIRD_PARTY_FACTORIES, "pyspark")


@pytest.mark.parametrize("name", ["ledger", "texas", "derivation"])
def test_results_show_as_html_in_jupyter_and_marimo(name: str) -> None:
    from marimo._output.formatting import try_format

    reason = "IPython, a development tool, is not installed under this Python"
    formatter = pytest.importorskip("IPython.core.formatters", reason=reason).DisplayFormatter()
    shown, _ = formatter.format(_definitions()[name])
    assert "<table" in shown["text/html"]
    formatted = try_format(_definitions()[name])
    assert formatted.exception is None
    assert "text/plain" not in formatted.mimetype
    assert len(formatted.data) > 100


def test_charts_show_in_jupyter_and_marimo() -> None:
    from marimo._output.formatting import try_format

    chart = _definitions()["accounts"]
    assert any(key.startswith(("application/vnd.vegalite", "text/html")) for key in chart._repr_mimebundle_())
    formatted = try_format(chart)
    assert formatted.exception is None
    assert formatted.data


@pytest.mark.parametrize(
    "draw",
    [
        lambda plot: plot.reconciliation(),
        lambda plot: plot.reconciliation("anthropic-50b-texas-new-york", measure="utility_power"),
        lambda plot: plot.timeline("openai-stargate-oracle", measure="chips"),
        lambda plot: plot.map(measure="total_capex"),
        lambda plot: plot.overlap(measure="compute"),
        lambda plot: plot.circular(),
        lambda plot: plot.tension(),
    ],
    ids=["all", "one", "timeline", "map", "overlap", "circular", "tension"],
)
def test_a_chart_is_drawn_from_the_numbers_of_the_ledger(draw: Any) -> None:
    import vl_convert

    drawn = vl_convert.vegalite_to_svg(draw(bundled_ledger().plot).to_dict())
    assert drawn.count("<path") > 10
    assert "NaN" not in drawn


def test_the_chart_of_a_programme_holds_the_numbers_of_reconcile() -> None:
    programme = "anthropic-50b-texas-new-york"
    chart = bundled_ledger().plot.reconciliation(programme, measure="it_power").to_dict()
    rows = [row for data in chart["datasets"].values() for row in data if row.get("account") == "pledged"]
    expected = bundled_ledger().reconcile(programme, measure="it_power")["pledged_p95"].item()
    assert rows[0]["high"] == pytest.approx(expected / 1e3, rel=1e-8)


def test_texts_of_a_ledger_are_escaped(tmp_path: Path) -> None:
    source = {"source_id": "press-2026", "title": f"Press {HARM}", "url": "javascript:alert(1)"}
    deal = {"deal_id": "campus", "title": f"Campus {HARM}"}
    ledger = open_whole(write_ledger(tmp_path / "ledger", source=[source], deal=[deal]))
    ledger.notes.append(HARM)
    shown = ledger._repr_html_() + ledger.explain("campus")._repr_html_()
    shown += Quantity(None, 1.0, None, "it_power", "MW", assumed=(f'"{HARM}',))._repr_html_()
    assert "<script" not in shown
    assert "javascript:" not in shown
    assert "&lt;script&gt;" in shown
    assert json.loads(json.dumps(ledger.explain("campus"), default=str))["deal"]["title"] == f"Campus {HARM}"
