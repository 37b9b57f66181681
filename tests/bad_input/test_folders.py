"""Folders and files that are not there or not writable, and files that must stay as they were."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, NoReturn

import duckdb
import pytest
from sound_ledger import FILES, assert_refused, files_in, problems, replaced, run, run_process, write_ledger

if TYPE_CHECKING:
    from pathlib import Path


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    for refused in (run, run_process):
        outcome = refused("reconcile", "--json", "--datasets", tmp_path / "nowhere")
        assert_refused(outcome)
        assert outcome.err == (
            f"gigaledger: the folder {tmp_path / 'nowhere'} does not exist; "
            "expected a folder of CSV files such as deal.csv, a workbook (.xlsx) or a ledger built before (.duckdb)\n"
        )


def test_a_file_in_place_of_a_folder_is_named(tmp_path: Path) -> None:
    file = write_ledger(tmp_path) / "deal.csv"
    for command in (["reconcile"], ["convert", "1 h100", "--to", "compute"], ["check", "--extend"]):
        outcome = run(*command, "--datasets", file)
        assert_refused(outcome)
        assert f"the folder {file} is a file; expected a folder of CSV files" in outcome.err


def test_a_folder_without_datasets_is_named_with_what_was_expected(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing")
    outcome = run("reconcile", "--datasets", tmp_path)
    assert_refused(outcome)
    assert f"the folder {tmp_path} holds no dataset; expected at least one of {', '.join(FILES)}\n"[:60] in outcome.err
    assert all(file in outcome.err for file in FILES)


def test_a_folder_whose_only_file_is_misspelt_gets_a_hint(tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text(FILES["deal.csv"])
    outcome = run("reconcile", "--datasets", tmp_path)
    assert_refused(outcome)
    assert "found deals.csv, the file is no dataset; did you mean 'deal.csv'?" in outcome.err


@pytest.mark.parametrize(
    ("name", "meant"), [("deals.csv", "deal.csv"), ("Site.csv", "site.csv"), ("chip-mix.csv", "chip_mix.csv")]
)
def test_a_misspelt_file_among_others_is_told(tmp_path: Path, name: str, meant: str) -> None:
    folder = write_ledger(tmp_path)
    (folder / name).write_text("anything")
    assert problems(run("reconcile", "--datasets", folder), folder) == [
        f"{name}: the file is no dataset; did you mean '{meant}'?"
    ]


def test_a_folder_in_place_of_a_file_is_told(tmp_path: Path) -> None:
    folder = write_ledger(tmp_path, site=None)
    (folder / "site.csv").mkdir()
    assert problems(run("reconcile", "--datasets", folder), folder) == [
        "site.csv: expected a file, found a folder, a pipe or a device"
    ]


def test_other_files_of_a_folder_are_left_alone(tmp_path: Path) -> None:
    folder = write_ledger(tmp_path)
    (folder / "inventory.csv").write_bytes(b"\xff\0")
    assert run("reconcile", "--datasets", folder).status == 0


def test_missing_tables_are_empty_and_missing_assumptions_are_the_bundled_ones(tmp_path: Path) -> None:
    """A chip of one's own must not be held against the bundled assumptions about other chips."""
    own = {file.removesuffix(".csv"): None for file in FILES}
    folder = write_ledger(
        tmp_path, **{**own, "chip": FILES["chip.csv"].replace(",nvidia,", ",,").replace(",press", ",")}
    )
    outcome = run("convert", "1 b200", "--to", "it_power", "--datasets", folder)
    assert outcome.status == 0, outcome.err


def test_a_table_that_is_referred_to_and_missing_is_named(tmp_path: Path) -> None:
    folder = write_ledger(tmp_path, programme=None)
    assert problems(run("reconcile", "--datasets", folder), folder) == [
        "deal.csv:2: programme_id: found 'texas'; expected a programme_id of programme.csv, which has no rows",
        "deal.csv:3: programme_id: found 'texas'; expected a programme_id of programme.csv, which has no rows",
        "deal.csv:4: programme_id: found 'plain'; expected a programme_id of programme.csv, which has no rows",
    ]


def test_extend_needs_a_ledger_to_lay_over_the_bundled_one() -> None:
    outcome = run("reconcile", "--extend")
    assert_refused(outcome)
    assert "--extend layers a ledger over the bundled one; say which with --datasets DIR" in outcome.err


# What a DuckDB file begins with, and nothing more.
OLD = bytes(8) + b"DUCK" + b"old"


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def test_build_with_a_broken_ledger_leaves_the_old_file_byte_for_byte(tmp_path: Path) -> None:
    file = tmp_path / "built" / "ledger.duckdb"
    file.parent.mkdir()
    file.write_bytes(OLD)
    before = _digest(file)
    broken = write_ledger(tmp_path / "broken", deal=replaced("deal.csv", "binding", "bindin"))
    for refused in (run, run_process):
        [shown] = problems(refused("build", file, "--json", "--datasets", broken), broken)
        assert shown.startswith("deal.csv:2: status")
        assert _digest(file) == before
        assert list(files_in(file.parent)) == ["ledger.duckdb"]
    assert list(files_in(broken)) == sorted(FILES)


def test_build_replaces_an_old_file_and_what_a_link_points_to(tmp_path: Path) -> None:
    folder = write_ledger(tmp_path / "ledger")
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "old.duckdb").write_bytes(OLD)
    (tmp_path / "link.duckdb").symlink_to(tmp_path / "real" / "old.duckdb")
    outcome = run("build", tmp_path / "link.duckdb", "--datasets", folder)
    assert outcome.status == 0, outcome.err
    assert list(files_in(tmp_path / "real")) == ["old.duckdb"]
    assert (tmp_path / "link.duckdb").is_symlink()
    with duckdb.connect(str(tmp_path / "real" / "old.duckdb"), read_only=True) as connection:
        assert connection.execute("select count(*) from deal").fetchall() == [(4,)]


def test_build_into_a_missing_folder_is_one_sentence(tmp_path: Path) -> None:
    folder = write_ledger(tmp_path / "ledger")
    file = tmp_path / "nowhere" / "ledger.duckdb"
    for refused in (run, run_process):
        outcome = refused("build", file, "--datasets", folder)
        assert_refused(outcome)
        assert outcome.err == (
            f"gigaledger: {file} cannot be written: the folder {file.parent} does not exist; create it first\n"
        )
    assert not file.parent.exists()


def test_build_into_a_folder_or_below_a_file_is_one_sentence(tmp_path: Path) -> None:
    folder = write_ledger(tmp_path / "ledger")
    outcome = run("build", tmp_path, "--datasets", folder)
    assert_refused(outcome)
    assert outcome.err == f"gigaledger: {tmp_path} is a folder; expected the name of a file\n"
    below = folder / "deal.csv" / "ledger.duckdb"
    outcome = run("build", below, "--datasets", folder)
    assert_refused(outcome)
    assert outcome.err == f"gigaledger: {below} cannot be written: the folder {folder / 'deal.csv'} is a file\n"


def test_build_into_a_folder_that_cannot_be_written_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise PermissionError(13, "Permission denied")

    folder = write_ledger(tmp_path / "ledger")
    # The superuser may write everywhere, so a folder without write permission would prove nothing.
    monkeypatch.setattr(os, "mkdir", refuse)
    outcome = run("build", tmp_path / "ledger.duckdb", "--datasets", folder)
    assert_refused(outcome)
    assert outcome.err == f"gigaledger: {tmp_path / 'ledger.duckdb'} cannot be written: Permission denied\n"


def test_build_that_breaks_off_leaves_the_old_file_and_no_scratch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> NoReturn:
        raise duckdb.IOException("No space left on device")

    folder = write_ledger(tmp_path / "ledger")
    file = tmp_path / "built" / "ledger.duckdb"
    file.parent.mkdir()
    file.write_bytes(OLD)
    monkeypatch.setattr("gigaledger.build.keep_summaries", full)
    outcome = run("build", file, "--datasets", folder)
    assert_refused(outcome)
    assert "cannot be written: No space left on device" in outcome.err
    assert file.read_bytes() == OLD
    assert list(files_in(file.parent)) == ["ledger.duckdb"]
