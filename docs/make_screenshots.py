# ruff: noqa: INP001, S603, T201 - a script, no package; it runs programs that it has looked up, and says what it wrote
"""Makes the pictures of the README in docs/screenshots/: the page, the terminal and the workbook of the bundled ledger.

    python docs/make_screenshots.py

Chromium draws the page and the terminal's text; LibreOffice and pdftoppm the workbook, which is left out without them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gigaledger.ledger import open_ledger
from gigaledger.report import write_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FOLDER = Path(__file__).resolve().parent / "screenshots"
LARGEST_BYTES = 400_000
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
ARGUMENTS += ["--disable-sync", "--no-first-run"]
# Width and height of the window [pixel].
WINDOWS = {"1280": (1280, 1500), "390": (390, 1500)}
CROP = ("-x", "70", "-y", "70", "-W", "1040", "-H", "545")  # the sheet without the margins of its paper
TERMINAL_COMMAND = ("reconcile", "anthropic-50b-texas-new-york")
TERMINAL = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; display: inline-block; background: #14171b; }}
pre {{ margin: 0; padding: 18px 22px; color: #ece8df; font: 13px/1.35 "DejaVu Sans Mono", Menlo, Consolas, monospace; }}
</style><pre>{code}</pre>"""


def main() -> None:
    """Make every picture and refuse one that is too large to keep."""
    from playwright.sync_api import sync_playwright

    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        scratch = Path(name)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        picture_page(browser, scratch)
        picture_terminal(browser, scratch)
        browser.close()
        picture_workbook(scratch)
    for file in sorted(FOLDER.glob("*.png")):
        size = file.stat().st_size
        print(f"{file.name}: {size:,} bytes")
        if size > LARGEST_BYTES:
            sys.exit(f"{file.name} is larger than {LARGEST_BYTES:,} bytes; show less of it")


def picture_page(browser: Browser, scratch: Path) -> None:
    """The top of the page, wide and narrow, by day and by night, and one derivation."""
    page_file = scratch / "page.html"
    write_page(open_ledger(), page_file)
    for width, (x, y) in WINDOWS.items():
        for scheme in ("light", "dark"):
            page = _opened(browser, page_file, x, y, scheme)
            page.screenshot(path=FOLDER / f"page-{width}-{scheme}.png")
            page.context.close()
    page = _opened(browser, page_file, 1280, 900, "light")
    page.locator(".tiles button").first.click()
    page.screenshot(path=FOLDER / "page-derivation.png")
    page.keyboard.press("Escape")
    page.locator("#map-title").scroll_into_view_if_needed()
    page.evaluate("document.getElementById('map-title').scrollIntoView()")
    page.screenshot(path=FOLDER / "page-map.png")
    page.context.close()


def _opened(browser: Browser, file: Path, width: int, height: int, scheme: Any) -> Any:
    """The page with its charts drawn."""
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page = context.new_page()
    page.goto(file.as_uri())
    page.wait_for_selector("html[data-drawn]", state="attached")
    return page


def picture_terminal(browser: Browser, scratch: Path) -> None:
    """What a terminal of 100 columns shows of the main job for one programme."""
    from rich.console import Console
    from rich.text import Text

    script = Path(sys.executable).parent / "gigaledger"
    colours = {**os.environ, "FORCE_COLOR": "1", "COLUMNS": "100", "TERM": "xterm-256color"}
    told = subprocess.run([script, *TERMINAL_COMMAND], check=True, capture_output=True, encoding="utf-8", env=colours)
    lines = told.stdout.splitlines()
    sources = next(place for place, line in enumerate(lines) if Text.from_ansi(line).plain == "Sources")
    shown = "\n".join([f"$ gigaledger {' '.join(TERMINAL_COMMAND)}", *lines[: sources - 1]])
    with (scratch / "unused.txt").open("w", encoding="utf-8") as unused:
        console = Console(record=True, width=100, file=unused, force_terminal=True)
        console.print(Text.from_ansi(shown), soft_wrap=True)
        html = console.export_html(inline_styles=True, code_format=TERMINAL)
    file = scratch / "terminal.html"
    file.write_text(html, encoding="utf-8")
    page = browser.new_page(viewport={"width": 1000, "height": 600})
    page.goto(file.as_uri())
    page.locator("pre").screenshot(path=FOLDER / "terminal.png")
    page.close()


def picture_workbook(scratch: Path) -> None:
    """The first sheet of the workbook as LibreOffice prints it."""
    office, to_png = shutil.which("soffice"), shutil.which("pdftoppm")
    if office is None or to_png is None:
        print("workbook: left out, since LibreOffice or pdftoppm is not installed")
        return
    files = open_ledger().export(scratch / "workbook", "xlsx")["file"]
    workbook = next(scratch / "workbook" / name for name in files if name.endswith(".xlsx"))
    profile = f"-env:UserInstallation={(scratch / 'office').as_uri()}"
    convert = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", scratch, workbook]
    subprocess.run(convert, check=True, capture_output=True)
    pdf = scratch / f"{workbook.stem}.pdf"
    picture = [to_png, "-png", "-r", "110", "-f", "1", "-singlefile", *CROP, pdf, FOLDER / "workbook"]
    subprocess.run(picture, check=True, capture_output=True)


if __name__ == "__main__":
    main()
