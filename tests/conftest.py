"""Tests that need a program from outside Python: they run where it is found and are named where it is not.

Mark such a test `@pytest.mark.needs("hledger")`; the fixture `find_program` gives the path of the program.
With GIGALEDGER_REQUIRE_ALL=1 a missing program is a failure, and so is any other test that did not run.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

# Fixtures hold no doctests, and two modules of one name cannot be collected.
collect_ignore_glob = ["conftest.py", "*/conftest.py"]

REQUIRE_ALL = os.environ.get("GIGALEDGER_REQUIRE_ALL", "") not in {"", "0"}


def program_path(name: str) -> str | None:
    """The path of a program beside the running Python or on PATH; None where it is not installed."""
    return shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)


@pytest.fixture(scope="session")
def find_program() -> Callable[[str], str]:
    """A function from a program's name to its path, which skips or fails the test where it is missing."""
    return _needed_program


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker, for runs that do not read pyproject.toml."""
    config.addinivalue_line("markers", "needs(program): runs where the named program is found")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip or fail a test before it starts when a program that it needs is missing."""
    for marker in item.iter_markers("needs"):
        for name in marker.args:
            _needed_program(name)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List by name the tests that did not run, each with its reason."""
    not_run = terminalreporter.stats.get("skipped", [])
    if not not_run:
        return
    terminalreporter.section("tests that did not run")
    for line in sorted(f"{report.nodeid}: {_reason(report)}" for report in not_run):
        terminalreporter.write_line(line)
    if REQUIRE_ALL:
        terminalreporter.write_line("GIGALEDGER_REQUIRE_ALL is set, so this run has failed.", red=True)


@pytest.fixture(scope="session")
def built_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled ledger as a DuckDB file, built once; tests must not change it."""
    from gigaledger.build import build_file

    path = tmp_path_factory.mktemp("build") / "ledger.duckdb"
    build_file(path)
    return path


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run in which every test was required and one did not run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if REQUIRE_ALL and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _needed_program(name: str) -> str:
    """The path of a program; where it is missing the test is skipped, or fails if every test is required."""
    path = program_path(name)
    if path is not None:
        return path
    reason = f"the program {name} is not installed"
    if REQUIRE_ALL:
        pytest.fail(f"{reason}, and GIGALEDGER_REQUIRE_ALL is set", pytrace=False)
    pytest.skip(reason)


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Why a test was skipped, without the place of the skip."""
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2]).removeprefix("Skipped: ")
    return str(report.longrepr)
