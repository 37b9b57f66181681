"""On which formulas a formula rests: those whose names stand in it, since a file is named as its object."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def needed_files(sections: Mapping[str, list[Path]], section: str) -> list[Path]:
    """The files of a section and those on which it rests, in order of dependence.

    Args:
        sections: the files that are not installed yet, by section.
        section: the section.
    """
    files = [path for paths in sections.values() for path in paths]
    named: dict[str, list[Path]] = {}
    for path in files:
        named.setdefault(path.stem, []).append(path)
    needed: set[Path] = set()
    waiting = list(sections.get(section, []))
    while waiting:
        path = waiting.pop()
        if path not in needed:
            needed.add(path)
            waiting += [other for word in _words_of_formula(path) for other in named.get(word, [])]
    return [path for path in dict.fromkeys(files) if path in needed]


def _words_of_formula(path: Path) -> set[str]:
    """The words of a formula without those of its comments."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return set(re.findall(r"\w+", "\n".join(line for line in lines if not line.startswith(("--", "comment on")))))
