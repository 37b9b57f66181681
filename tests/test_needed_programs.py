"""The mechanism of conftest.py, run on small test suites of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

CONFTEST = Path(__file__).with_name("conftest.py").read_text(encoding="utf-8")
ONE_NEEDS_A_MISSING_PROGRAM = """
import pytest

@pytest.mark.needs("no-such-program")
def test_with_missing_program():
    raise AssertionError("must not start")

@pytest.mark.needs("python")
def test_with_python(find_program):
    assert find_program("python")
"""
ONE_IS_SKIPPED = """
import pytest

def test_that_skips():
    pytest.skip("no network")
"""


@pytest.fixture
def run_suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Callable[..., pytest.RunResult]:
    def run(suite: str, require_all: str) -> pytest.RunResult:
        monkeypatch.setenv("GIGALEDGER_REQUIRE_ALL", require_all)
        pytester.makeconftest(CONFTEST)
        pytester.makepyfile(test_suite=suite)
        return pytester.runpytest_inprocess()

    return run


def test_missing_program_is_named_as_not_run(run_suite: Callable[..., pytest.RunResult]) -> None:
    result = run_suite(ONE_NEEDS_A_MISSING_PROGRAM, require_all="")
    result.assert_outcomes(passed=1, skipped=1)
    result.stdout.fnmatch_lines(
        [
            "*tests that did not run*",
            "test_suite.py::test_with_missing_program: the program no-such-program is not installed",
        ]
    )
    assert result.ret == pytest.ExitCode.OK


def test_missing_program_fails_where_every_test_is_required(
    run_suite: Callable[..., pytest.RunResult],
) -> None:
    result = run_suite(ONE_NEEDS_A_MISSING_PROGRAM, require_all="1")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*the program no-such-program is not installed, and *"])
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_any_skip_fails_where_every_test_is_required(run_suite: Callable[..., pytest.RunResult]) -> None:
    result = run_suite(ONE_IS_SKIPPED, require_all="1")
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["test_suite.py::test_that_skips: no network"])
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_any_skip_passes_where_not_every_test_is_required(run_suite: Callable[..., pytest.RunResult]) -> None:
    assert run_suite(ONE_IS_SKIPPED, require_all="0").ret == pytest.ExitCode.OK
