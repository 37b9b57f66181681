"""What `gigaledger sql` prints: a table where the columns fit side by side, else record after record."""

from __future__ import annotations

import pytest

from gigaledger.terminal_rows import print_rows


def test_a_narrow_answer_is_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    print_rows(["site_id", "it_power_mw"], [("north", 1234.5678), ("south", None)])
    lines = capsys.readouterr().out.splitlines()
    assert [cell.strip() for cell in lines[3].strip("│").split("│")] == ["north", "1,234.57"]
    assert [cell.strip() for cell in lines[4].strip("│").split("│")] == ["south", ""]


def test_a_wide_answer_is_a_record_after_another(capsys: pytest.CaptureFixture[str]) -> None:
    names = [f"column_{number}_of_many" for number in range(20)]
    print_rows(names, [tuple(range(20)), tuple(range(20, 40))])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines if line.startswith("column_7_")] == [
        ["column_7_of_many", "7"],
        ["column_7_of_many", "27"],
    ]
    assert [line.split()[:2] for line in lines if line.startswith("row ")] == [["row", "1"], ["row", "2"]]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1e-9, "1e-09"),
        (0.000123456789, "0.000123457"),
        (0.0, "0"),
        (-2652.0, "-2,652"),
        (30_000_000_000.0, "30,000,000,000"),
        (1e300, "1e+300"),
        (float("nan"), "nan"),
        (12345678901234567890, "12345678901234567890"),
        ("[bold]x", "[bold]x"),
    ],
)
def test_values_are_shown_to_six_digits(capsys: pytest.CaptureFixture[str], value: object, text: str) -> None:
    print_rows(["value"], [(value,)])
    assert capsys.readouterr().out.splitlines()[3].strip("│").strip() == text
