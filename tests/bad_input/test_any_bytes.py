"""Whatever bytes stand in a file, the ledger opens or its problems are listed; nothing else happens."""

from __future__ import annotations

import csv
import io
import random
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st
from sound_ledger import FILES, run, run_process, write_ledger

from gigaledger.csv_structure import read_csv_text
from gigaledger.datasets import load_datasets, newest_known_on
from gigaledger.errors import DatasetProblems, FileProblem
from gigaledger.schema import tables

if TYPE_CHECKING:
    from collections.abc import Callable

SCRAPS = [
    *(
        b'\0 \r \n \r\n \xff \xc3 \xef\xbb\xbf \xed\xa0\x80 , " "" ," ", \'\' ; * - . \t \xc2\xa0 \xe2\x80\xa8'.split(
            b" "
        )
    ),
    *(
        b"1e400 -1 NaN 1e-320 -0 0 2026-02-30 0000-01-01 10000-01-01 h100 \
b200 MW USD {} $1 %s \\ ' '; build h100;b200".split()
    ),
    b"1 MW",
    b"mega",
    b"USD/year/year",
    b"a" * 5000,
    "Ω\N{COMBINING ACUTE ACCENT}\N{RIGHT-TO-LEFT OVERRIDE}".encode(),
]


@st.composite
def mutated(draw: st.DrawFn, original: bytes) -> bytes:
    """A few places of a file overwritten, cut out or repeated; or anything at all."""
    content = original
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.integers(0, 12)))
        scrap = draw(st.sampled_from(SCRAPS) | st.binary(max_size=4))
        kind = draw(st.sampled_from(("put", "cut", "repeat")))
        middle = {"put": scrap, "cut": b"", "repeat": content[start:end] * 2}[kind]
        content = content[:start] + middle + content[end:]
    return content


def _name_and_bytes() -> st.SearchStrategy[tuple[str, bytes]]:
    return st.sampled_from(sorted(FILES)).flatmap(
        lambda file: st.tuples(st.just(file), mutated(FILES[file].encode()) | st.binary(max_size=60))
    )


def _told(question: Callable[[], object]) -> DatasetProblems | FileProblem | None:
    """How a question is refused, if it is; any other exception fails the test by itself."""
    try:
        question()
    except (DatasetProblems, FileProblem) as error:
        return error
    return None


@settings(max_examples=300, deadline=None)
@given(_name_and_bytes())
def test_the_form_of_any_bytes_is_read_or_told(named: tuple[str, bytes]) -> None:
    file, content = named
    columns = tables()[file.removesuffix(".csv")].columns
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / file
        path.write_bytes(content)
        text = read_csv_text(path, file, columns)
        newest_known_on(Path(scratch), extend=False)
    assert all(len(row) == len(text.header) for row in text.rows)
    assert len(text.rows) == len(text.lines)
    assert text.lines == sorted(set(text.lines))
    assert all(1 < line <= content.count(b"\n") + content.count(b"\r") + 1 for line in text.lines)
    assert text.is_whole or text.problems


# The campaign of faults feeds hundreds.
@settings(max_examples=12, deadline=None)
@given(_name_and_bytes())
def test_a_ledger_with_any_bytes_opens_or_tells_its_problems(named: tuple[str, bytes]) -> None:
    file, content = named
    with tempfile.TemporaryDirectory() as scratch:
        folder = write_ledger(Path(scratch), **{file.removesuffix(".csv"): content})
        with duckdb.connect(config={"threads": 1}) as connection:
            told = _told(lambda: load_datasets(connection, folder))
    if isinstance(told, DatasetProblems):
        assert told.problems
        assert all(one.file and one.expected for one in told.problems)
        assert len(str(told).splitlines()) == len(told.problems) + 1


def test_the_order_of_rows_and_columns_changes_no_byte_of_the_answer(tmp_path: Path) -> None:
    folder = write_ledger(tmp_path)
    expected = run_process("reconcile", "--json", "--datasets", folder)
    assert expected.status == 0
    for seed in range(2):
        order = random.Random(seed)  # noqa: S311 - an order, no secret
        write_ledger(folder, **{file.removesuffix(".csv"): _shuffled(text, order) for file, text in FILES.items()})
        assert run("reconcile", "--json", "--datasets", folder).out == expected.out


def _shuffled(text: str, order: random.Random) -> str:
    """A CSV text with its rows and its columns in another order."""
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    places = order.sample(range(len(header)), len(header))
    order.shuffle(rows)
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows([[row[place] for place in places] for row in [header, *rows]])
    return out.getvalue()
