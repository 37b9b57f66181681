"""The page as one HTML file: template, style, program, charting library and data, with no address to fetch."""

from __future__ import annotations

import base64
import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gigaledger.plots.style import DARK, LIGHT
from gigaledger.report.document import page_document
from gigaledger.report.specs import chart_specs
from gigaledger.report.words import page_words
from gigaledger.writing import WEB_PAGE, replaced_file

if TYPE_CHECKING:
    import datetime as dt

    from gigaledger.ledger import Ledger

HERE = Path(__file__).resolve().parent


def write_page(ledger: Ledger, file: Path, *, as_of: dt.date | None = None) -> dict[str, Any]:
    """Write the page; an existing file is replaced only when the new one is complete.

    Args:
        ledger: an open ledger.
        file: the HTML file.
        as_of: only facts known on this day; none: the newest `known_on`.

    Returns:
        file, bytes, as_of and the number of programmes and deals.

    Raises:
        FileProblem: the folder is missing or cannot be written, or the disk is full.
    """
    with replaced_file(file, WEB_PAGE) as unfinished:
        with ThreadPoolExecutor(max_workers=1) as beside:  # what needs no ledger is ready when its data are
            beside.submit(_library)
            beside.submit(chart_specs)
            document = page_document(ledger, as_of)
        unfinished.write_text(page_html(document), encoding="utf-8", newline="\n")
    counts = {name: len(document[name]) for name in ("programmes", "deals", "sites", "sources")}
    return {"file": str(file), "bytes": file.stat().st_size, "as_of": document["meta"]["as_of"], **counts}


def page_html(document: dict[str, Any]) -> str:
    """The HTML of the page; every text of the document is escaped, as HTML or within JSON."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":"), "allow_nan": False}
    library = _library()
    program = (HERE / "page.js").read_text(encoding="utf-8")
    return environment.get_template("page.html.jinja").render(
        document={**document, "specs": chart_specs()},
        words=page_words(document),
        style=_trusted(_style()),
        scripts=[_trusted(text) for text in (library, program)],
        hashes=[_hash(text) for text in (library, program)],
    )


@lru_cache(maxsize=1)
def _library() -> str:
    """Vega and its embedding, as vl-convert carries them."""
    import vl_convert

    bundle: str = vl_convert.javascript_bundle()  # type: ignore[call-arg] # its types lack the default
    return bundle.replace("</script", "<\\/script")


def _style() -> str:
    """The style sheet with the colours of both palettes, which the charts use by name."""
    text = (HERE / "page.css").read_text(encoding="utf-8")
    for name, palette in (("light", LIGHT), ("dark", DARK)):
        colours = " ".join(f"--{key}: {colour};" for key, colour in asdict(palette).items())
        text = text.replace(f"@@{name}@@", colours)
    return text


def _trusted(text: str) -> Any:
    """A text of this package, which goes into the page as it is."""
    from markupsafe import Markup

    return Markup(text)  # noqa: S704 - a file of this package, never of a dataset


def _hash(text: str) -> str:
    """The hash by which the page's policy admits a script."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
