"""The rules of the repository: how SQL, facts, pins and tracked files must look."""

from __future__ import annotations

import csv
import itertools
import json
import re
import subprocess
import tomllib
from pathlib import Path

import duckdb
import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
# sql/install.sql lists the others in the language of the shell.
SQL_FILES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("sql/*/*.sql"))
# Examples are queries to run and read; every other file holds an object.
OBJECT_FILES = [path for path in SQL_FILES if not path.startswith("sql/examples/")]
RESOURCES = json.loads((ROOT / "datasets/datapackage.json").read_text(encoding="utf-8"))["resources"]
FACTS = [resource for resource in RESOURCES if "/" not in resource["path"]]

SQL_COMMENT_OR_STRING = re.compile(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'", re.DOTALL)
CREATED_OBJECT = re.compile(
    r"create\s+(?:or\s+replace\s+)?(?:temp(?:orary)?\s+)?(?:table|view|macro|function|type|sequence)\s+"
    r"(?:if\s+not\s+exists\s+)?([\w.\"]+)",
)
PIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*==[A-Za-z0-9.!+_-]+( ; .+)?")
# Written in pieces, so that this file passes its own rule.
FOREIGN_ADDRESSES = {
    "a path of one machine": re.compile(r"(?<![\w.~*>})-])/(?:work|ro" + r"ot|tmp|home|Users)/\w"),
    "a file address": re.compile("file" + "://"),
    "a registry's address": re.compile(
        r"python" + r"hosted\.org|\bpypi" + r"\.org|registry\." + r"npmjs|deb\." + r"debian|index" + r"-url"
    ),
}


def sql_statements(text: str) -> list[str]:
    """The statements of a SQL text in one line each, without comments and strings."""
    bare = SQL_COMMENT_OR_STRING.sub(" ", text)
    return [" ".join(statement.split()) for statement in bare.split(";") if statement.strip()]


def tracked_files() -> list[Path]:
    """Every file of the checkout that git keeps or would add."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return [path for path in paths if path.is_file()]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def csv_rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, strict=True))


@pytest.mark.parametrize("path", SQL_FILES)
def test_sql_file_opens_with_a_header_and_parses(path: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    assert re.match(r"-- \w", text), f"{path} must open with a comment that says what it holds"
    assert duckdb.extract_statements(text), f"{path} holds no statement"


@pytest.mark.parametrize("path", SQL_FILES)
def test_sql_file_runs_in_the_older_shell_too(path: str) -> None:
    text = SQL_COMMENT_OR_STRING.sub(" ", (ROOT / path).read_text(encoding="utf-8"))
    assert not re.search(r"\bif\s*\(", text), f"{path}: write case when; DuckDB 1.5 has no function called if"


def test_install_names_every_object_once() -> None:
    lines = (ROOT / "sql/install.sql").read_text(encoding="utf-8").splitlines()
    named = [line.removeprefix(".read ") for line in lines if line.startswith(".read ")]
    objects = {
        path.removeprefix("sql/")
        for path in OBJECT_FILES
        if not path.startswith(("sql/input/", "sql/core/", "sql/focus/"))
    }
    on_demand = {"rates/bundle_draw_added.sql"}
    assert set(named) == objects - on_demand
    assert [name for name in sorted(set(named)) if named.count(name) > 1] == ["rates/bundle_draw.sql"]


@pytest.mark.parametrize("path", OBJECT_FILES)
def test_sql_file_holds_one_object_named_as_the_file(path: str) -> None:
    statements = sql_statements((ROOT / path).read_text(encoding="utf-8"))
    objects = [statement for statement in statements if not statement.startswith("comment on ")]
    assert len(objects) == 1, f"{path} must hold one object, found {len(objects)}"
    created = CREATED_OBJECT.match(objects[0])
    if created:
        assert created[1] == Path(path).stem, f"{path} creates {created[1]}; the file must have its name"
        assert len(statements) > 1, f"{path} must say with `comment on` what {created[1]} is"


@pytest.mark.parametrize("path", [path for path in OBJECT_FILES if not path.startswith("sql/core/")])
def test_sql_column_list_over_several_lines_ends_in_a_comma(path: str) -> None:
    # sql/core/ is left out: its text also runs on engines that refuse the last comma.
    lines = [line.split("--")[0].rstrip() for line in (ROOT / path).read_text(encoding="utf-8").splitlines()]
    without = [
        f"{path}:{number}: end the last column of the list with a comma"
        for number, (last, line) in enumerate(itertools.pairwise(lines), start=1)
        if line.lstrip().startswith("from ") and _indent(last) > _indent(line) and not last.endswith(",")
    ]
    assert not without, "\n".join(without)


def test_no_two_sql_files_share_a_name() -> None:
    names = [Path(path).stem for path in OBJECT_FILES]
    assert sorted(names) == sorted(set(names))


@pytest.mark.needs("git")
def test_no_tracked_file_names_a_path_of_one_machine_or_a_registry() -> None:
    found = []
    for path in tracked_files():
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue  # binary
        found += [
            f"{path.relative_to(ROOT)}:{number}: {what}"
            for number, line in enumerate(lines, start=1)
            for what, pattern in FOREIGN_ADDRESSES.items()
            if pattern.search(line)
        ]
    assert not found, "\n".join(found)


def test_constraints_hold_names_and_versions_only() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert lines
    assert [line for line in lines if not PIN.fullmatch(line)] == []
    names = [canonicalize_name(line.split("==")[0]) for line in lines]
    assert "gigaledger" not in names


def test_every_dependency_is_pinned_to_a_version_that_it_allows() -> None:
    pins = {}
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        pin = Requirement(line)
        if pin.marker is None or pin.marker.evaluate(dict(default_environment())):
            pins[canonicalize_name(pin.name)] = str(pin.specifier).removeprefix("==")
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project = settings["project"]
    wanted = [
        *settings["build-system"]["requires"],
        *project["dependencies"],
        *itertools.chain.from_iterable(project["optional-dependencies"].values()),
    ]
    for requirement in map(Requirement, wanted):
        if requirement.name == project["name"]:
            continue  # an extra that takes in another
        pinned = pins.get(canonicalize_name(requirement.name))
        assert pinned is not None, f"{requirement.name} is not pinned: run make constraints"
        assert requirement.specifier.contains(pinned), f"{requirement} does not allow the pinned {pinned}"


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource["name"])
def test_csv_is_utf_8_with_line_feeds_and_the_described_columns(resource: dict[str, object]) -> None:
    path = ROOT / "datasets" / str(resource["path"])
    raw = path.read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf"), "a byte order mark stands before the header"
    assert b"\r" not in raw, "lines must end with a line feed alone"
    assert raw.endswith(b"\n"), "the last line must end with a line feed"
    assert csv_rows(path)[0] == [field["name"] for field in resource["schema"]["fields"]]


@pytest.mark.parametrize("resource", FACTS, ids=lambda resource: resource["name"])
def test_facts_are_sorted_by_a_key_that_is_unique(resource: dict[str, object]) -> None:
    header, *rows = csv_rows(ROOT / "datasets" / str(resource["path"]))
    places = [header.index(column) for column in resource["schema"]["primaryKey"]]
    keys = [tuple(row[place] for place in places) for row in rows]
    assert [key for key, following in itertools.pairwise(keys) if key >= following] == []


def test_every_csv_file_is_described() -> None:
    found = {path.relative_to(ROOT / "datasets").as_posix() for path in ROOT.glob("datasets/**/*.csv")}
    assert found == {resource["path"] for resource in RESOURCES}
