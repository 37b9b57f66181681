"""Files that are no CSV as the ledger wants it: encoding, line ends, quotes, header, fields."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from sound_ledger import FILES, problems, replaced, run, run_process, with_line, write_ledger

if TYPE_CHECKING:
    from pathlib import Path

DEAL = FILES["deal.csv"]
HEADER = DEAL.splitlines()[0]
FIELDS = HEADER.count(",") + 1

BROKEN_FORMS: dict[str, tuple[str | bytes, str]] = {
    "Latin-1": (
        replaced("deal.csv", "Chips for the build", "Puces pour la crèche").encode("latin-1"),
        "3: byte 0xe8 is not UTF-8; save the file as UTF-8",
    ),
    "UTF-16": (DEAL.encode("utf-16"), "1: byte 0xff is not UTF-8; save the file as UTF-8"),
    "UTF-16 without a mark": (DEAL.encode("utf-16-le"), "1: the file holds a NUL character; save it as UTF-8 text"),
    "UTF-8 cut in two": (DEAL.encode() + "é".encode()[:1], "6: byte 0xc3 is not UTF-8; save the file as UTF-8"),
    "a byte order mark": (
        b"\xef\xbb\xbf" + DEAL.encode(),
        "1: the file begins with a byte order mark; save it as UTF-8 without BOM",
    ),
    "CRLF": (DEAL.replace("\n", "\r\n"), "1: the line ends with CR; save the file with LF line ends"),
    "CR": (DEAL.replace("\n", "\r"), "1: the line ends with CR; save the file with LF line ends"),
    "CRLF on one line": (
        replaced("deal.csv", "industry-mix,,\n", "industry-mix,,\r\n"),
        "4: the line ends with CR; save the file with LF line ends",
    ),
    "NUL": (
        replaced("deal.csv", "Cloud contract", "Cloud\0contract"),
        "4: the file holds a NUL character; save it as UTF-8 text",
    ),
    "a quote never closed": (
        replaced("deal.csv", "Chips for the build", '"Chips for the build'),
        "3: a quote that opens here is never closed",
    ),
    "text after a closed quote": (
        replaced("deal.csv", "Chips for the build", '"Chips" for the build'),
        "3: the quotes are malformed",
    ),
    "a quote inside a field": (
        replaced("deal.csv", "Chips for the build", 'Chips "for the" build'),
        "3: title: found 'Chips \"for the\" build'; a quote stands in a field without quotes around it",
    ),
    "an empty file": ("", f"1: the file is empty; expected the header {HEADER}"),
    "a file of blanks": (" \n\n", f"1: the file is empty; expected the header {HEADER}"),
    "a blank line": (replaced("deal.csv", "\ncloud,", "\n\ncloud,"), "4: the line is empty; remove it"),
    "a blank first line": ("\n" + DEAL, "1: the line is empty; remove it"),
    "a blank last line": (DEAL + "\n", "6: the line is empty; remove it"),
    "too few fields": (with_line("deal.csv", "more,More"), f"6: expected {FIELDS} fields, found 2"),
    "too many fields": (with_line("deal.csv", "," * FIELDS), f"6: expected {FIELDS} fields, found {FIELDS + 1}"),
    "a field of 1 MB": (
        replaced("deal.csv", "Cloud contract", "C" * 1_000_000),
        "4: a field is longer than 131,072 characters; a quote may not be closed",
    ),
    "a quoted field of 1 MB": (
        replaced("deal.csv", "Cloud contract", '"{}"'.format("C,\n" * 350_000)),
        "4: a field is longer than 131,072 characters; a quote may not be closed",
    ),
    "a column missing": (
        "\n".join(line.rsplit(",", 1)[0] for line in DEAL.splitlines()) + "\n",
        "1: note: the column is missing",
    ),
    "a column too many": (
        "\n".join(f"{line},{'colour' if line == HEADER else ''}" for line in DEAL.splitlines()) + "\n",
        "1: colour: the column is not known",
    ),
    "a column that stands twice": (
        "\n".join(f"{line},{'title' if line == HEADER else ''}" for line in DEAL.splitlines()) + "\n",
        "1: title: the column stands twice",
    ),
    "a column with no name": (
        "\n".join(f"{line}," for line in DEAL.splitlines()) + "\n",
        "1: found ''; the column is not known",
    ),
    "a column that is a letter": (
        "\n".join(f"{line},{'¡' * 300 if line == HEADER else ''}" for line in DEAL.splitlines()) + "\n",
        f"1: found '{'¡' * 59}…'; the column is not known",
    ),
}


@pytest.mark.parametrize("form", BROKEN_FORMS)
def test_a_malformed_file_is_told_once_with_its_line(tmp_path: Path, form: str) -> None:
    content, problem = BROKEN_FORMS[form]
    folder = write_ledger(tmp_path, deal=content)
    shown = [one for one in problems(run("check", "--datasets", folder), folder) if not _is_lost_reference(one)]
    assert len(shown) == 1
    assert shown[0].startswith(f"deal.csv:{problem}")
    assert len(shown[0]) < 400


def _is_lost_reference(problem: str) -> bool:
    """Whether a problem is one of a row that leans on what could not be read: there must be none."""
    assert "deal_id: found" not in problem, problem
    return False


def test_a_malformed_file_ends_the_process_with_status_2(tmp_path: Path) -> None:
    folder = write_ledger(tmp_path, deal=BROKEN_FORMS["UTF-16"][0])
    [shown] = problems(run_process("--json", "--datasets", folder), folder)
    assert shown.startswith("deal.csv:1: byte 0xff")


def test_a_misspelt_column_is_told_with_the_name_that_is_missing(tmp_path: Path) -> None:
    folder = write_ledger(tmp_path, statement=replaced("statement.csv", "amount_best", "amout_best"))
    assert problems(run("check", "--datasets", folder), folder) == [
        "statement.csv:1: amount_best: the column is missing",
        "statement.csv:1: amout_best: the column is not known; did you mean 'amount_best'?",
    ]


@pytest.mark.parametrize("file", FILES)
def test_every_file_is_refused_without_a_column_and_nothing_else_is_blamed(tmp_path: Path, file: str) -> None:
    header, rest = FILES[file].split("\n", 1)
    for column in header.split(","):
        renamed = ",".join("x" * 20 if name == column else name for name in header.split(","))
        break_at = write_ledger(tmp_path, **{file.removesuffix(".csv"): f"{renamed}\n{rest}"})
        shown = problems(run("check", "--datasets", break_at), break_at)
        assert shown == [f"{file}:1: {column}: the column is missing", f"{file}:1: {'x' * 20}: the column is not known"]
        break  # the first column: the key, on which most leans


def test_a_ledger_of_headers_alone_is_sound(tmp_path: Path) -> None:
    headers = {file.removesuffix(".csv"): text.splitlines()[0] + "\n" for file, text in FILES.items()}
    folder = write_ledger(tmp_path, **{**headers, "chip": None, "chip_mix": None, "assumption": None})
    outcome = run("reconcile", "--json", "--datasets", folder)
    assert outcome.status == 0, outcome.err
    assert json.loads(outcome.out)["programmes"] == []


def test_a_last_line_without_a_line_feed_is_read(tmp_path: Path) -> None:
    folder = write_ledger(tmp_path, **{file.removesuffix(".csv"): text.rstrip("\n") for file, text in FILES.items()})
    outcome = run("sql", "--json", "select count(*) from deal", "--datasets", folder)
    assert json.loads(outcome.out)["rows"] == [[4]]


QUOTED = 'She said ""a, b""\nand left;\n\n""c""'


def test_quoted_fields_hold_commas_quotes_and_line_breaks(tmp_path: Path) -> None:
    folder = write_ledger(tmp_path, deal=replaced("deal.csv", "Chips for the build", f'"{QUOTED}"'))
    outcome = run("sql", "--json", "select title from deal where deal_id = 'chips'", "--datasets", folder)
    assert json.loads(outcome.out)["rows"] == [[QUOTED.replace('""', '"')]]


def test_lines_after_a_quoted_line_break_keep_their_numbers(tmp_path: Path) -> None:
    text = replaced("deal.csv", "Chips for the build", f'"{QUOTED}"').replace(",industry-mix,", ",industri-mix,")
    folder = write_ledger(tmp_path, deal=text + "short\n")
    shown = problems(run("check", "--datasets", folder), folder)
    # The row of the chips begins on line 3 and ends on line 6.
    assert [one.split(": ", 1)[0] for one in shown] == ["deal.csv:7", "deal.csv:9"]
    assert text.splitlines()[6].startswith("cloud,")


def test_two_broken_files_and_a_bad_value_are_told_together(tmp_path: Path) -> None:
    folder = write_ledger(
        tmp_path,
        chip=b"\xff",
        organization=FILES["organization.csv"].replace("\n", "\r\n"),
        deal=replaced("deal.csv", "binding", "bindin")
        .replace(",b200,", ",b20,")
        .replace(",lab,landlord,", ",lab,lord,", 1),
    )
    # What chips there are is not known, so b20 is not blamed; the organisations could be read, so lord is.
    shown = problems(run("check", "--datasets", folder), folder)
    assert [one.split("; ")[0] for one in shown] == [
        "chip.csv:1: byte 0xff is not UTF-8",
        "deal.csv:2: seller_id: found 'lord'",
        "deal.csv:2: status: found 'bindin'",
        "organization.csv:1: the line ends with CR",
    ]
