"""The pictures of the README: those that the script makes, and small enough to keep."""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"
LARGEST_BYTES = 400_000


def test_pictures_are_small_and_of_the_kind_that_their_name_says() -> None:
    pictures = sorted((DOCS / "screenshots").glob("*"))
    assert {"page-1280-light.png", "page-390-dark.png", "terminal.png"} <= {picture.name for picture in pictures}
    for picture in pictures:
        assert picture.read_bytes().startswith(b"\x89PNG"), picture.name
        assert picture.stat().st_size <= LARGEST_BYTES, picture.name


def test_every_picture_is_made_by_the_script() -> None:
    script = (DOCS / "make_screenshots.py").read_text(encoding="utf-8")
    for picture in (DOCS / "screenshots").glob("*.png"):
        stem = re.sub(r"-(?:1280|390)-(?:light|dark)$", "-", picture.stem)
        assert stem in script, f"{picture.name} is not made by docs/make_screenshots.py"
