"""Documents as tests: transcripts of commands and Python examples, each with the output that it must give.

Three kinds of fenced blocks run, in the order of the document and in one temporary folder:

- ```console: lines that begin with `$ ` are commands of a shell (a line that ends in a backslash goes on with the
  next one, which begins with `> ` or blanks); what follows, up to the next command, is their output, errors included.
- ```python with `>>> `: a session, checked line by line.
- ```python without: a program; a ```text block right after it is its output, otherwise it prints nothing.

`python tests/docs/documents.py README.md` writes the outputs of all transcripts anew; read the difference before
keeping it.

Names that Python defines stay for the later blocks. A block below a line `<!-- not run: reason -->` does not run.
"""

from __future__ import annotations

import contextlib
import difflib
import doctest
import io
import os
import re
import shlex
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gigaledger

RUN = ("console", "python")
NOT_RUN = re.compile(r"<!--\s*not run:\s*(\S.*?)\s*-->")
PACKAGE_FOLDER = Path(gigaledger.__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block."""

    language: str
    text: str
    line: int
    not_run: str | None
    output: str | None = None

    @property
    def runs(self) -> bool:
        """Whether it is to be run."""
        return self.language in RUN and self.not_run is None


class Differs(AssertionError):
    """A block whose output is not the one in the document."""


def blocks_of(document: str) -> list[Block]:
    """The fenced blocks of a document; a text block right after a Python program is its output."""
    blocks: list[Block] = []
    lines = document.splitlines()
    place, before, ended_at = 0, "", -2
    while place < len(lines):
        opened = re.fullmatch(r"```(\w+)?.*", lines[place])
        if not opened:
            before = lines[place].strip() or before
            place += 1
            continue
        end = next((at for at in range(place + 1, len(lines)) if lines[at] == "```"), None)
        if end is None:
            raise Differs(f"line {place + 1}: the block is never closed")
        text = "".join(f"{line}\n" for line in lines[place + 1 : end])
        reason = NOT_RUN.fullmatch(before)
        block = Block(opened[1] or "", text, place + 1, reason[1] if reason else None)
        between = "".join(lines[ended_at + 1 : place]).strip()
        if block.language == "text" and blocks and blocks[-1].language == "python" and not between:
            blocks[-1] = Block(*(getattr(blocks[-1], name) for name in ("language", "text", "line", "not_run")), text)
        else:
            blocks.append(block)
        place, before, ended_at = end + 1, "", end
    return blocks


def run_document(document: str, folder: Path) -> int:
    """Run every block of a document in a folder; returns how many ran.

    Raises:
        Differs: an output is not the one in the document; the message is the difference.
    """
    environment = _environment(folder)
    names: dict[str, Any] = {"__name__": "__main__"}
    work = folder / "work"
    work.mkdir()
    ran = [block for block in blocks_of(document) if block.runs]
    for block in ran:
        if block.language == "console":
            _run_console(block, work, environment)
        else:
            _run_python(block, work, names)
    return len(ran)


def filled(document: str, folder: Path) -> str:
    """The document with the outputs of its transcripts as they are now."""
    environment = _environment(folder)
    work = folder / "work"
    work.mkdir()
    lines: list[str | None] = list(document.splitlines())
    names: dict[str, Any] = {"__name__": "__main__"}
    for block in blocks_of(document):
        if block.language == "python" and block.runs and ">>> " not in block.text:  # it may write files
            with contextlib.chdir(work), contextlib.redirect_stdout(io.StringIO()):
                exec(compile(block.text, f"line {block.line}: python", "exec"), names)  # noqa: S102 - as when it runs
        if block.language != "console" or not block.runs:
            continue
        transcript = [
            line
            for command, _ in commands_of(block)
            for line in [*_prompted(command), *_output(command, work, environment).rstrip().splitlines()]
        ]
        length = len(block.text.splitlines())
        lines[block.line : block.line + length] = ["\n".join(transcript), *[None] * (length - 1)]
    return "".join(f"{line}\n" for line in lines if line is not None)


def _prompted(command: str) -> list[str]:
    """A command as it stands in a transcript."""
    first, *others = command.split("\n")
    return [f"$ {first}", *(f"> {line}" for line in others)]


def _output(command: str, work: Path, environment: dict[str, str]) -> str:
    """What a command prints, errors included."""
    return subprocess.run(
        ["bash", "-c", command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        encoding="utf-8",
        cwd=work,
        env=environment,
    ).stdout


def commands_of(block: Block) -> list[tuple[str, str]]:
    """The commands of a transcript with their outputs."""
    commands: list[tuple[str, str]] = []
    goes_on = False
    for line in block.text.splitlines():
        if goes_on:
            commands[-1] = (f"{commands[-1][0]}\n{line.removeprefix('> ')}", "")
        elif line.startswith("$ "):
            commands.append((line.removeprefix("$ "), ""))
        elif not commands:
            raise Differs(f"line {block.line}: a transcript begins with a command: `$ `, found {line!r}")
        else:
            commands[-1] = (commands[-1][0], f"{commands[-1][1]}{line}\n")
        goes_on = (goes_on or line.startswith("$ ")) and line.endswith("\\")
    return commands


def _run_console(block: Block, work: Path, environment: dict[str, str]) -> None:
    """Run a transcript."""
    for command, expected in commands_of(block):
        _compare(f"line {block.line}: $ {command}", expected, _output(command, work, environment))


def _run_python(block: Block, work: Path, names: dict[str, Any]) -> None:
    """Run a session or a program."""
    where = f"line {block.line}: python"
    printed = io.StringIO()
    with contextlib.chdir(work), contextlib.redirect_stdout(printed):
        if ">>> " not in block.text:
            exec(compile(block.text, where, "exec"), names)  # noqa: S102 - the document's own example
            _compare(where, block.output or "", printed.getvalue())
            return
        session = doctest.DocTestParser().get_doctest(block.text, names, where, None, block.line)
        runner = doctest.DocTestRunner(verbose=False)
        failed = runner.run(session, clear_globs=False, out=printed.write).failed
        names.update(session.globs)
    if failed:
        raise Differs(f"{where}\n{printed.getvalue()}")


def _compare(where: str, expected: str, found: str) -> None:
    """Refuse an output that differs in a single character, blanks at the ends of lines apart."""
    wanted, got = ([line.rstrip() for line in text.rstrip().splitlines()] for text in (expected, found))
    if wanted != got:
        difference = "\n".join(difflib.unified_diff(wanted, got, "document", "found", lineterm=""))
        raise Differs(f"{where}\n{difference}")


def _environment(folder: Path) -> dict[str, str]:
    """The environment of a command: `gigaledger` and `python` are those under test."""
    programs = folder / "programs"
    programs.mkdir()
    for name, program in (("gigaledger", "-c 'from gigaledger.cli import main; main()'"), ("python", "")):
        script = programs / name
        script.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {program} "$@"\n', encoding="utf-8")
        script.chmod(0o755)
    path = os.pathsep.join([str(programs), str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    modules = os.pathsep.join(part for part in (str(PACKAGE_FOLDER), os.environ.get("PYTHONPATH", "")) if part)
    return {**os.environ, "PATH": path, "PYTHONPATH": modules, "NO_COLOR": "1", "COLUMNS": "100"}


if __name__ == "__main__":
    for name in sys.argv[1:]:
        with tempfile.TemporaryDirectory() as scratch:
            text = filled(Path(name).read_text(encoding="utf-8"), Path(scratch))
        Path(name).write_text(text, encoding="utf-8")
