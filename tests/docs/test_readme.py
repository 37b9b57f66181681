"""The transcripts and examples of README.md give the output that stands there, and the check itself can fail."""

from __future__ import annotations

from pathlib import Path

import pytest
from documents import Differs, blocks_of, filled, run_document

ROOT = Path(__file__).resolve().parents[2]
# README.md and every page of docs/ that holds a transcript or an example.
DOCUMENTS = [
    path.relative_to(ROOT).as_posix()
    for path in [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md"))]
    if any(block.runs for block in blocks_of(path.read_text(encoding="utf-8")))
]


@pytest.mark.slow
@pytest.mark.parametrize("name", DOCUMENTS)
def test_blocks_of_the_document_give_their_output(name: str, tmp_path: Path) -> None:
    assert run_document((ROOT / name).read_text(encoding="utf-8"), tmp_path) > 0


@pytest.mark.parametrize(
    "document",
    [
        "```console\n$ echo one\none\n$ echo two; echo three\ntwo\nthree\n```\n",
        "```console\n$ printf '%s\\n' \\\n> a \\\n>   b\na\nb\n```\n",
        "```console\n$ echo kept > file\n```\n\nThen:\n\n```console\n$ cat file\nkept\n```\n",
        "```console\n$ gigaledger no-such-command 2> /dev/null || echo status $?\nstatus 2\n```\n",
        "```console\n$ cat missing\ncat: missing: No such file or directory\n```\n",
        '```python\nprint("one")\n```\n\n```text\none\n```\n',
        "```python\nnumber = 20\n```\n\nLater:\n\n```python\n>>> number + 1\n21\n```\n",
        "```python\nfrom gigaledger import convert\n```\n",
    ],
)
def test_right_document_passes(document: str, tmp_path: Path) -> None:
    assert run_document(document, tmp_path) == document.count("```console") + document.count("```python")


@pytest.mark.parametrize(
    ("document", "difference"),
    [
        ("```console\n$ echo one\ntwo\n```\n", "-two\n+one"),
        ("```console\n$ echo one\n```\n", "+one"),
        ("```console\n$ true\none\n```\n", "-one"),
        ("```console\n$ echo 'a  b'\na b\n```\n", "+a  b"),
        ("```console\n$ no-such-program\n```\n", "no-such-program"),
        ("```console\none\n```\n", "begins with a command"),
        ('```python\nprint("one")\n```\n', "+one"),
        ('```python\nprint("one")\n```\n\n```text\ntwo\n```\n', "-two\n+one"),
        ("```python\n>>> 1 + 1\n3\n```\n", "Expected:\n    3\nGot:\n    2"),
        ("```console\n$ echo one\none\n", "never closed"),
    ],
)
def test_wrong_document_fails_with_the_difference(document: str, difference: str, tmp_path: Path) -> None:
    with pytest.raises(Differs) as caught:
        run_document(document, tmp_path)
    assert difference in str(caught.value)


def test_error_of_an_example_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        run_document("```python\n1 / 0\n```\n", tmp_path)


def test_block_marked_as_not_run_needs_a_reason(tmp_path: Path) -> None:
    marked = "<!-- not run: it needs a cluster -->\n```console\n$ false; echo wrong\n```\n"
    assert run_document(marked, tmp_path) == 0
    assert blocks_of(marked)[0].not_run == "it needs a cluster"
    assert blocks_of(marked.replace(": it needs a cluster", ""))[0].runs


def test_mark_counts_for_the_next_block_alone() -> None:
    marked = "<!-- not run: slow -->\n\n```console\n$ one\n```\n\n```console\n$ two\n```\n"
    assert [block.runs for block in blocks_of(marked)] == [False, True]


def test_other_blocks_do_not_run(tmp_path: Path) -> None:
    assert run_document("```sql\nselect 1;\n```\n\n```\nplain\n```\n", tmp_path) == 0


def test_filled_document_passes(tmp_path: Path) -> None:
    document = "# Title\n\n```console\n$ echo one\nwrong\n$ printf '%s' \\\n>   two\n$ true\n```\n\nThe end.\n"
    for name in ("once", "twice", "run"):
        (tmp_path / name).mkdir()
    once = filled(document, tmp_path / "once")
    assert once == document.replace("wrong", "one").replace(">   two\n", ">   two\ntwo\n")
    assert filled(once, tmp_path / "twice") == once
    assert run_document(once, tmp_path / "run") == 1
