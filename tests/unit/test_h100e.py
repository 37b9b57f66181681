"""H100-equivalents of chips, held against the table of chip types of the AI Chip Sales data of Epoch AI."""

from __future__ import annotations

import pytest

import gigaledger
from gigaledger.ledger import Ledger, open_ledger

# Column h100e of the table by the ids of datasets/chip.csv: peak dense 8-bit rate over 1.979e15 per second.
# The table's B200 and B300 are rated as in GB200 and GB300 systems.
H100E = {
    "a100": 0.31531076301162203,
    "a800": 0.31531076301162203,
    "ascend-910b": 0.18999494694290045,
    "ascend-910c": 0.7599797877716018,
    "gb200": 2.526528549772612,
    "gb300": 2.526528549772612,
    "h100": 1.0,
    "h20": 0.14957049014653864,
    "h200": 1.0,
    "h800": 1.0,
    "mi250x": 0.1935320869125821,
    "mi300a": 0.9910055583628095,
    "mi300x": 1.3213239009600808,
    "mi308x": 0.33031834259727133,
    "mi325x": 1.3137948458817585,
    "mi350x": 2.331480545730167,
    "mi355x": 2.5433046993431025,
    "rubin": 8.842849924204144,
    "siyuan-590": 0.25871652349671553,
    "tpu-v3": 0.06215260232440627,
    "tpu-v4": 0.13895907023749368,
    "tpu-v4i": 0.0697321879737241,
    "tpu-v5e": 0.19858514401212735,
    "tpu-v5p": 0.46387064173825165,
    "tpu-v6e": 0.9277412834765033,
    "tpu-v7": 2.331480545730167,
    "tpu-v8i": 5.103587670540677,
    "trainium1": 0.21222839818089945,
    "trainium2": 0.6563921172309247,
    "trainium3": 1.2718544719555331,
}


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return open_ledger(for_conversion=True)


@pytest.fixture(scope="module")
def compute(ledger: Ledger) -> dict[str, tuple[float, float]]:
    """The least and the most compute of one chip over draws and years [H100e]."""
    rows = ledger.rows("select chip_id, min(compute), max(compute) from bundle_draw_formula group by chip_id")
    return {chip: (least, most) for chip, least, most in rows}


@pytest.mark.parametrize("chip", H100E)
def test_h100_equivalents_of_a_chip_are_those_of_the_table(compute: dict[str, tuple[float, float]], chip: str) -> None:
    least, most = compute[chip]
    assert least == most
    assert f"{least:.4g}" == f"{H100E[chip]:.4g}"


def test_conversion_counts_in_h100_equivalents() -> None:
    # 1,000 GB200 x 5,000 / 1,979 = 2,526.5 H100e
    frame = gigaledger.convert("1000 GB200", to="compute")
    assert frame["unit"].item() == "H100e"
    assert frame["p05"].item() == pytest.approx(1000 * 5000 / 1979, rel=1e-12)
    assert frame["p95"].item() == frame["p05"].item()


def test_sixteen_bit_rate_counts_where_the_eight_bit_rate_is_missing(ledger: Ledger) -> None:
    # A chip like the A100 without an 8-bit rate: 312 / 1,979.
    ledger.connection.execute("begin")
    ledger.connection.execute("update chip set fp8_dense_tflops = null where chip_id = 'a100'")
    found = ledger.rows("select distinct compute from bundle_draw_formula where chip_id = 'a100' and year = 2024")
    ledger.connection.execute("rollback")
    assert found == [(pytest.approx(312 / 1979, rel=1e-12),)]


def test_reference_of_sixteen_bits_is_one_for_the_h100(ledger: Ledger) -> None:
    found = ledger.rows("select distinct compute_bf16 from bundle_draw_formula where chip_id = 'h100'")
    assert found == [(pytest.approx(1, rel=1e-12),)]
