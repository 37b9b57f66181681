"""Errors named for the mistake; each says what was wrong, where, what was expected and what to do."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class GigaledgerError(Exception):
    """A mistake of the user or of the data, told in one sentence; the command line ends with `exit_status`."""

    exit_status = 2


class BadQuantity(GigaledgerError):
    """A text that is not a quantity with a unit."""


class UnknownUnit(GigaledgerError):
    """A unit that is neither a unit of a measure nor a chip."""


class UnknownMeasure(GigaledgerError):
    """A measure that the vocabulary does not know."""


class UnknownBuilder(GigaledgerError):
    """A builder that is neither a kind of organisation nor an organisation of the ledger."""


class UnknownChip(GigaledgerError):
    """A chip or mix that the ledger does not know."""


class UnknownAssumption(GigaledgerError):
    """An assumption that the ledger does not know, or a setting of one that cannot be read."""


class MixedMeasures(GigaledgerError):
    """Two quantities of different measures where one measure was needed."""


class NotCapacity(GigaledgerError):
    """A conversion to or from a measure that is never capacity, such as equity."""


class MissingRate(GigaledgerError):
    """A conversion for which the ledger lacks an assumption."""


class NotFound(GigaledgerError):
    """A programme, deal or file that is not there."""


class FileProblem(GigaledgerError):
    """A file or folder that cannot be read or written."""


class FolderNotEmpty(GigaledgerError):
    """A folder that holds what an export would have to replace."""


class UnknownFormat(GigaledgerError):
    """A format of an export that there is not."""


class BadVintage(GigaledgerError):
    """A vintage of a public table whose figures do not say what they measure, or that comes out of order."""


class BadQuery(GigaledgerError):
    """A SQL query that DuckDB refuses."""


class BadQuestion(GigaledgerError):
    """A key, grain, target or option of an aggregation that is none."""


class BadSource(GigaledgerError):
    """Rows that cannot be aggregated: a missing column, a wrong type, no rows, a file that cannot be read."""


class UnreadableSource(BadSource):
    """Rows that an engine could not read to their end."""


class SourceChanged(BadSource):
    """A file that changed while it was read."""


class UnknownPath(BadSource):
    """Rows that cannot be rated: an unknown measure, chip or year, or no amount."""


class EngineUnavailable(GigaledgerError):
    """An engine that is not installed, or a cluster that does not answer."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a dataset: where it stands, what was found, what was expected."""

    file: str
    line: int | None
    column: str | None
    value: str | None
    expected: str

    def __str__(self) -> str:
        """The problem as one line, `file:line: column: found 'value'; expected ...`."""
        where = f"{self.file}:{self.line}" if self.line is not None else self.file
        column = f"{self.column}: " if self.column else ""
        found = f"found {_shortened(self.value)}; " if self.value is not None else ""
        return f"{where}: {column}{found}{self.expected}"


class DatasetProblems(GigaledgerError):
    """All problems of all files of a ledger, in the order of files and lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems; the message lists every one on a line of its own."""
        self.problems = list(problems)
        count = len(self.problems)
        head = f"{count} problem{'s' if count != 1 else ''} in the datasets:"
        super().__init__("\n".join([head, *(f"  {problem}" for problem in self.problems)]))


def did_you_mean(value: str, known: Iterable[str]) -> str:
    """A hint `; did you mean 'x'?` for a misspelt name, or nothing when no known name is close."""
    names = list(known)
    by_folded = {name.casefold(): name for name in names}
    close = difflib.get_close_matches(value.casefold(), list(by_folded), n=1, cutoff=0.6)
    return f"; did you mean {by_folded[close[0]]!r}?" if close else ""


def _shortened(value: str, limit: int = 60) -> str:
    """The value in quotes, cut when it is long."""
    return repr(value if len(value) <= limit else value[: limit - 1] + "…")
