"""Buckets in a Parquet file: rated again at any time, without their source."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from gigaledger.aggregation.question import Key, Question
from gigaledger.aggregation.sources import Files
from gigaledger.errors import BadSource
from gigaledger.writing import replaced_file

if TYPE_CHECKING:
    from gigaledger.aggregation.plan import Plan

_ENTRY = "gigaledger.buckets"
FORM = 1  # counts up when a file of the same columns comes to mean something else


class _FileOfBuckets:
    """A file that may be replaced by buckets: one of them, or an empty one."""

    name = "file of kept buckets"

    def is_that_of(self, file: Path) -> bool:
        try:
            return not file.stat().st_size or _ENTRY in pl.read_parquet_metadata(file)
        except (pl.exceptions.PolarsError, OSError):
            return False


def write_buckets(plan: Plan, path: Path) -> None:
    """Write the buckets of a plan with its question and the names of the files that they count.

    Raises:
        FileProblem: the file cannot be written, or holds no buckets, such as the source; an existing one is as it was.
    """
    question, files = plan.question, plan.files
    about = {
        "form": FORM,
        "keys": [[key.column, key.grain] for key in question.keys],
        "grouping_sets": question.grouping_sets,
        "columns": question.columns,
        "files": [str(Path(name).resolve()) for name in files.paths] if files else None,
        "stamps": files.stamps if files else None,
    }
    categories = [name for name, kind in plan.buckets.schema.items() if isinstance(kind, pl.Categorical | pl.Enum)]
    texts = plan.buckets.with_columns(pl.col(categories).cast(pl.String))
    with replaced_file(path, _FileOfBuckets()) as unfinished:
        texts.write_parquet(unfinished, metadata={_ENTRY: json.dumps(about)})


def read_buckets(path: Path) -> tuple[pl.DataFrame, Question, Files | None]:
    """The buckets of a file, the question that they answer, and the files that they count.

    Raises:
        BadSource: there is no such file, or it holds no buckets.
    """
    try:
        text = pl.read_parquet_metadata(path).get(_ENTRY)
        buckets = pl.read_parquet(path) if text else None
    except (pl.exceptions.PolarsError, OSError) as error:
        reason = "no such file" if isinstance(error, FileNotFoundError) else " ".join(str(error).split())
        raise BadSource(f"{path} cannot be read as kept buckets: {reason}") from None
    if text is None or buckets is None:
        raise BadSource(f"{path} holds no kept buckets; expected a file that --keep-buckets or plan.save has written")
    about = json.loads(text)
    if about["form"] != FORM:
        raise BadSource(f"{path} was kept by another version of gigaledger; keep the buckets of the source anew")
    question = Question(
        tuple(Key(column, grain) for column, grain in about["keys"]),
        tuple(tuple(names) for names in about["grouping_sets"]),
        about["columns"],
    )
    stamps = tuple((size, changed) for size, changed in about["stamps"] or ())
    return buckets, question, Files(tuple(about["files"]), stamps) if about["files"] else None
