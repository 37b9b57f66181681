"""The page in a real browser: it loads alone, the switch is right, nothing overlaps, and no text of a dataset runs."""

from __future__ import annotations

import contextlib
import json
import re
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from hostile_ledger import HARM

from gigaledger.cli import cli
from gigaledger.figures import interval_figure
from gigaledger.plots.scales import SCALES
from gigaledger.reconciliation import reconcile
from ledgers import bundled_ledger, write_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.needs("chromium")

LARGEST_BYTES = 3_000_000
BOXES, CONTRAST = (Path(__file__).with_name(name).read_text(encoding="utf-8") for name in ("boxes.js", "contrast.js"))
A4_WIDTH = 688
OUTSIDE = """(width) => [...document.querySelectorAll("main *")]
  .filter((one) => one.checkVisibility())
  .filter((one) => one.getBoundingClientRect().right > width + 1)
  .map((one) => one.outerHTML.slice(0, 80))"""
TEXAS = "anthropic-50b-texas-new-york"
# Words of the page for the keys of the JSON.
ACCOUNTS = {name: name.replace("_", " ") for name in ("pledged", "operational", "under_construction", "planned")}
ACCOUNTS["unidentified"] = "unidentified"


@contextlib.contextmanager
def opened(browser: Browser, file: Path, width: int = 1280, scheme: Any = "light", **more: Any) -> Iterator[Page]:
    """The page once every chart is drawn; a message in the console or a request fails the test."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **more)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    page.wait_for_selector("html[data-drawn]", state="attached")
    yield page
    assert said == []
    assert asked == [file.as_uri()]
    context.close()


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return reconcile(bundled_ledger())


def test_page_is_one_small_file_without_an_address_to_fetch(page_file: Path) -> None:
    html = page_file.read_text(encoding="utf-8")
    assert page_file.stat().st_size <= LARGEST_BYTES
    marked_up = re.sub(r"<script[^>]*>.*?</script>", "", html, flags=re.DOTALL)
    assert re.findall(r"<(?:link|img|script|iframe|object)[^>]*(?:src|href)=[\"']?([^\"' >]+)", marked_up) == ["data:,"]
    assert not re.search(r"<script[^>]+src", html)
    assert "connect-src" not in html
    assert "default-src 'none'" in html
    assert "unsafe-eval" not in html


def test_page_loads_without_messages_or_requests_and_draws_every_chart(browser: Browser, page_file: Path) -> None:
    with opened(browser, page_file) as page:
        charts = page.locator(".chart").evaluate_all(
            "all => all.map(one => [one.dataset.chart, one.querySelectorAll('svg path, svg rect').length])"
        )
        assert len(charts) == 8
        assert all(marks > 5 for _, marks in charts), charts
        assert page.evaluate("document.querySelectorAll('script[type=\"application/json\"]').length") == 1


def test_switch_changes_every_number_to_that_of_reconcile(
    browser: Browser, page_file: Path, document: dict[str, Any]
) -> None:
    with opened(browser, page_file) as page:
        seen = {}
        for measure, scale in SCALES.items():
            page.locator(f"input[value={measure}]").check()
            numbers = page.locator("table.programmes button.number, .tiles button.number, .lede button.number")
            told = numbers.evaluate_all(
                "all => all.map(one => [one.dataset.programme, one.dataset.account, one.textContent])"
            )
            expected = {
                (one["programme_id"], ACCOUNTS[account]): interval_figure(
                    one["measures"][measure][account], scale.divisor
                )
                for one in document["programmes"]
                for account in ACCOUNTS
            }
            assert len(told) == len(expected) + 8
            assert [text for programme, account, text in told if text != expected[programme, account]] == []
            assert page.locator(".unit").first.text_content() == scale.unit
            seen[measure] = page.locator("[data-chart=programmes] svg").evaluate("one => one.outerHTML")
        assert len(set(seen.values())) == len(SCALES)


def test_numbers_of_the_page_are_those_of_the_command(document: dict[str, Any]) -> None:
    done = CliRunner().invoke(cli, ["reconcile", TEXAS, "--json"])
    (told,) = json.loads(done.stdout)["programmes"]
    (held,) = (one for one in document["programmes"] if one["programme_id"] == TEXAS)
    assert told["measures"] == held["measures"]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (768, "light"), (390, "dark")])
def test_no_text_overlaps_or_is_cut(browser: Browser, page_file: Path, width: int, scheme: str) -> None:
    with opened(browser, page_file, width, scheme) as page:
        for measure in SCALES:
            page.locator(f"input[value={measure}]").check()
            page.wait_for_timeout(100)
            assert page.evaluate(BOXES) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_enough_contrast(browser: Browser, page_file: Path, scheme: str) -> None:
    with opened(browser, page_file, 1280, scheme) as page:
        worst = page.evaluate(CONTRAST)
        assert worst[0] >= 4.5, worst


def test_a_number_opens_its_derivation_by_keyboard_and_closes_again(browser: Browser, page_file: Path) -> None:
    with opened(browser, page_file) as page:
        page.keyboard.press("Tab")  # the link that skips to the numbers
        page.keyboard.press("Tab")  # the switch, which the arrows move
        page.keyboard.press("ArrowRight")
        assert page.locator("input[name=measure]:checked").get_attribute("value") == "compute"
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.dataset.account") == "pledged"
        page.keyboard.press("Enter")
        dialog = page.locator("#derivation")
        assert dialog.is_visible()
        told = dialog.text_content() or ""
        for part in ("50.0 B USD unstated capex", "H100e", "Abernathy HPC campus", "of the variance"):
            assert part in told
        links = dialog.locator("a").evaluate_all("all => all.map(one => [one.protocol, one.rel])")
        assert len(links) > 5
        assert {tuple(link) for link in links} <= {("https:", "noopener noreferrer"), ("http:", "noopener noreferrer")}
        page.keyboard.press("Escape")
        assert not dialog.is_visible()
        assert page.evaluate("document.activeElement.dataset.account") == "pledged"


@pytest.mark.parametrize("table", ["timeline", "sites", "overlap", "circular", "tension"])
def test_every_chart_has_a_table_whose_rows_open(browser: Browser, page_file: Path, table: str) -> None:
    with opened(browser, page_file) as page:
        page.locator(f"[data-table={table}] summary").click()
        rows = page.locator(f"[data-table={table}] tbody tr")
        rows.nth(4).wait_for()
        rows.first.locator("button").click()
        assert page.locator("#derivation").is_visible()
        assert len(page.locator("#derivation-body").text_content() or "") > 100


def test_a_mark_tells_its_numbers_on_hovering_and_opens_on_a_click(browser: Browser, page_file: Path) -> None:
    with opened(browser, page_file) as page:
        bar = page.locator("[data-chart=headline] svg g.mark-rect path").first
        bar.scroll_into_view_if_needed()
        bar.hover()
        tooltip = page.locator("#tooltip")
        tooltip.wait_for(state="visible")
        assert "pledged" in (tooltip.text_content() or "")
        bar.click()
        assert page.locator("#derivation").is_visible()


def test_choosing_a_programme_redraws_the_timeline(browser: Browser, page_file: Path) -> None:
    with opened(browser, page_file) as page:
        drawn = page.locator("[data-chart=timeline] svg")
        before = drawn.evaluate("one => one.outerHTML")
        page.locator("#programme").select_option("openai-stargate-oracle")
        page.wait_for_function(
            "before => document.querySelector('[data-chart=timeline] svg').outerHTML !== before", arg=before
        )


def test_dark_and_printed_pages_differ_from_the_light_one_in_colour_only(browser: Browser, page_file: Path) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    with opened(browser, page_file) as light, opened(browser, page_file, scheme="dark") as dark:
        assert light.evaluate(ground) != dark.evaluate(ground)
        assert light.locator("main").text_content() == dark.locator("main").text_content()
        dark.emulate_media(media="print")
        assert light.evaluate(ground) == dark.evaluate(ground)


def test_print_cuts_nothing(browser: Browser, page_file: Path) -> None:
    with opened(browser, page_file) as page:
        page.emulate_media(media="print")
        # As a printer does it: the page becomes as narrow as A4 less its margins, and no window changes its size.
        page.add_style_tag(content=f"body {{ width: {A4_WIDTH}px }}")
        outside = page.evaluate(OUTSIDE, A4_WIDTH)
        assert outside == []
        printed = page.pdf(prefer_css_page_size=True)
        assert 4 <= len(re.findall(rb"/Type\s*/Page\b", printed) or _pages(printed)) <= 20


def _pages(printed: bytes) -> list[bytes]:
    """The page objects of a PDF whose objects are packed."""
    streams = re.findall(rb"stream\r?\n(.*?)endstream", printed, re.DOTALL)
    found: list[bytes] = []
    for stream in streams:
        with contextlib.suppress(zlib.error):
            found += re.findall(rb"/Type\s*/Page\b", zlib.decompress(stream))
    return found


def test_texts_that_want_to_run_stay_texts(browser: Browser, hostile_page_file: Path) -> None:
    with opened(browser, hostile_page_file) as page:
        page.locator("input[value=total_capex]").check()
        for table in ("timeline", "sites", "overlap", "tension"):
            page.locator(f"[data-table={table}] summary").click()
        page.locator(".tiles button.number").first.click()
        body = page.locator("#derivation")
        told = body.text_content() or ""
        for harm in HARM:
            assert " ".join(harm.split()) in " ".join(told.split())
        assert body.locator("a").count() == 0  # the address of its source is a program
        assert page.evaluate("window.harm") is None
        assert page.evaluate("document.querySelectorAll('main img, dialog img, main script').length") == 0
        assert "49" not in (page.locator(".programme").text_content() or "")


def test_a_ledger_without_programmes_makes_a_page_too(browser: Browser, tmp_path: Path) -> None:
    folder = write_ledger(tmp_path / "ledger")
    for table in ("programme", "deal", "statement", "claim"):
        (folder / f"{table}.csv").unlink()
    file = tmp_path / "page.html"
    done = CliRunner().invoke(cli, ["report", str(file), "--datasets", str(folder)])
    assert done.exit_code == 0, done.output
    with opened(browser, file) as page:
        assert "no capacity" in (page.locator("main").text_content() or "")
