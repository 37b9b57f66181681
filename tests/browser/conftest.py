"""One browser, one page of the bundled ledger and one of a hostile ledger for all tests of this folder."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from hostile_ledger import write_hostile_ledger

from gigaledger.report import write_page
from ledgers import bundled_ledger, open_whole

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
ARGUMENTS += ["--disable-sync", "--no-first-run"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium; a test that asks for it is marked as in need of it."""
    reason = "playwright, a development tool, is not installed under this Python"
    sync_playwright = pytest.importorskip("playwright.sync_api", reason=reason).sync_playwright
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the bundled ledger."""
    file = tmp_path_factory.mktemp("page") / "page.html"
    write_page(bundled_ledger(), file)
    return file


@pytest.fixture(scope="session")
def hostile_page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a ledger whose every text tries to do harm."""
    folder = tmp_path_factory.mktemp("hostile")
    write_page(open_whole(write_hostile_ledger(folder / "ledger")), folder / "page.html")
    return folder / "page.html"
