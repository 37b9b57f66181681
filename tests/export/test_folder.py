"""The folder of an export: all files or none, and nothing lost that an export did not write."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from gigaledger.cli.main import cli
from gigaledger.errors import FileProblem, FolderNotEmpty, UnknownFormat
from gigaledger.export import formats
from gigaledger.export.folder import MANIFEST, export_ledger
from gigaledger.ledger import Ledger, open_ledger
from gigaledger.writing import move_into, replaced_file
from ledgers import write_ledger

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    return open_ledger(write_ledger(tmp_path_factory.mktemp("small") / "ledger"))


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The texts that the format `toy` writes, by file name; a text `fail` fails after it is written."""
    texts = {"one.txt": "1\n", "two.txt": "2\n"}

    def write(_ledger: Ledger, folder: Path) -> dict[str, int]:
        for name, text in texts.items():
            (folder / name).write_text(text)
            if text == "fail":
                raise OSError(28, "No space left on device")
        return dict.fromkeys(texts, 1)

    monkeypatch.setitem(formats.FORMATS, "toy", formats.Format("a toy", __name__, "write"))
    monkeypatch.setattr(sys.modules[__name__], "write", write, raising=False)
    return texts


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.usefixtures("toy")
def test_a_new_folder_holds_the_files_and_their_list(ledger: Ledger, tmp_path: Path) -> None:
    frame = ledger.export(tmp_path / "new", "toy")
    assert frame.rows() == [("one.txt", 1, 2), ("two.txt", 1, 2)]
    assert set(contents(tmp_path)) == {"new/one.txt", "new/two.txt", f"new/{MANIFEST}"}
    listed = json.loads((tmp_path / "new" / MANIFEST).read_text())
    assert [entry["file"] for entry in listed["toy"]] == ["one.txt", "two.txt"]


@pytest.mark.usefixtures("toy")
def test_an_empty_folder_is_taken_and_a_full_one_is_not(ledger: Ledger, tmp_path: Path) -> None:
    folder = tmp_path / "full"
    folder.mkdir()
    export_ledger(ledger, folder, "toy")
    before = contents(tmp_path)
    with pytest.raises(FolderNotEmpty, match=r"is not empty.*--overwrite"):
        export_ledger(ledger, folder, "toy")
    assert contents(tmp_path) == before


def test_overwriting_replaces_own_files_removes_stale_ones_and_keeps_the_rest(
    ledger: Ledger, toy: dict[str, str], tmp_path: Path
) -> None:
    export_ledger(ledger, tmp_path, "toy")
    (tmp_path / "notes.md").write_text("mine")
    toy.clear()
    toy.update({"one.txt": "new\n", "three.txt": "3\n"})
    export_ledger(ledger, tmp_path, "toy", overwrite=True)
    found = contents(tmp_path)
    found.pop(MANIFEST)
    assert found == {"one.txt": b"new\n", "three.txt": b"3\n", "notes.md": b"mine"}


def test_a_stale_file_that_was_changed_since_is_kept(ledger: Ledger, toy: dict[str, str], tmp_path: Path) -> None:
    export_ledger(ledger, tmp_path, "toy")
    (tmp_path / "two.txt").write_text("edited")
    del toy["two.txt"]
    export_ledger(ledger, tmp_path, "toy", overwrite=True)
    assert (tmp_path / "two.txt").read_text() == "edited"


@pytest.mark.usefixtures("toy")
def test_a_file_of_the_user_in_the_way_is_not_replaced(ledger: Ledger, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("mine")
    with pytest.raises(FolderNotEmpty, match=r"holds one\.txt, not written by an export"):
        export_ledger(ledger, tmp_path, "toy", overwrite=True)
    assert contents(tmp_path) == {"one.txt": b"mine"}


@pytest.mark.parametrize("name", ["../outside.txt", "/outside.txt", ".hidden", "a/../../outside.txt"])
@pytest.mark.usefixtures("toy")
def test_a_list_of_files_that_points_elsewhere_removes_nothing(ledger: Ledger, tmp_path: Path, name: str) -> None:
    (tmp_path / "outside.txt").write_text("mine")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / MANIFEST).write_text(json.dumps({"toy": [{"file": name, "sha256": ""}]}))
    before = contents(tmp_path)
    with pytest.raises(FolderNotEmpty, match="is not the list of files"):
        export_ledger(ledger, folder, "toy", overwrite=True)
    assert contents(tmp_path) == before


@pytest.mark.parametrize(
    "text", ["", "[]", "null", '{"toy": 1}', '{"toy": [{}]}', '{"toy": [{"file": 1, "sha256": 1}]}']
)
@pytest.mark.usefixtures("toy")
def test_a_file_that_is_no_list_of_files_is_not_replaced(ledger: Ledger, tmp_path: Path, text: str) -> None:
    (tmp_path / MANIFEST).write_text(text)
    with pytest.raises(FolderNotEmpty, match="is not the list of files"):
        export_ledger(ledger, tmp_path, "toy", overwrite=True)
    assert contents(tmp_path) == {MANIFEST: text.encode()}


def test_a_full_disk_ends_with_one_sentence_and_the_old_files(
    ledger: Ledger, toy: dict[str, str], tmp_path: Path
) -> None:
    export_ledger(ledger, tmp_path, "toy")
    before = contents(tmp_path)
    toy["two.txt"] = "fail"
    with pytest.raises(FileProblem, match="cannot be written: No space left on device"):
        export_ledger(ledger, tmp_path, "toy", overwrite=True)
    assert contents(tmp_path) == before
    with pytest.raises(FileProblem):
        export_ledger(ledger, tmp_path / "new", "toy")
    assert contents(tmp_path) == before
    assert not (tmp_path / "new").exists()


@pytest.mark.usefixtures("toy")
def test_a_folder_in_the_place_of_a_listed_file_is_not_removed(ledger: Ledger, tmp_path: Path) -> None:
    export_ledger(ledger, tmp_path, "toy")
    (tmp_path / "two.txt").unlink()
    (tmp_path / "two.txt").mkdir()
    (tmp_path / "two.txt" / "mine").write_text("mine")
    before = contents(tmp_path)
    with pytest.raises(FolderNotEmpty, match=r"holds two\.txt"):
        export_ledger(ledger, tmp_path, "toy", overwrite=True)
    assert contents(tmp_path) == before


def test_a_move_that_fails_half_way_is_undone(tmp_path: Path) -> None:
    folder, scratch = tmp_path / "folder", tmp_path / "scratch"
    (folder).mkdir()
    (scratch / "sub").mkdir(parents=True)
    (folder / "one").write_text("old")
    (folder / "stale").write_text("old")
    (scratch / "one").write_text("new")
    (scratch / "two").write_text("new")
    (scratch / "sub" / "three").write_text("new")
    # The folder has no `sub`, so the third move fails after two that went well.
    with pytest.raises(FileNotFoundError):
        move_into(folder, scratch, ["one", "two", "sub/three"], ["stale"])
    assert contents(folder) == {"one": b"old", "stale": b"old"}
    move_into(folder, scratch, ["one", "two"], ["stale"])
    assert contents(folder) == {"one": b"new", "two": b"new"}


@pytest.mark.parametrize("file", ["out", "ledger.duckdb"])
def test_a_real_limit_of_the_file_system_ends_with_one_sentence(tmp_path: Path, file: str) -> None:
    """A limit on the size of a file stands for a full disk: both refuse the write."""
    place = tmp_path / file
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from gigaledger.cli import main; main()",
            "export" if file == "out" else "build",
            place,
        ],
        capture_output=True,
        check=False,
        encoding="utf-8",
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(f"gigaledger: {place} cannot be written: ")
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("toy")
@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ("file", "is a file; expected the name of a folder"),
        ("missing/folder", "does not exist; create it first"),
        ("file/folder", "does not exist; create it first"),
    ],
)
def test_a_place_that_cannot_be_a_folder_is_refused(ledger: Ledger, tmp_path: Path, place: str, sentence: str) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(FileProblem, match=sentence):
        export_ledger(ledger, tmp_path / place, "toy")
    assert contents(tmp_path) == {"file": b"mine"}


def test_a_device_is_not_replaced_by_a_file() -> None:
    from pathlib import Path

    with pytest.raises(FileProblem, match="is a device"), replaced_file(Path("/dev/null")):
        pytest.fail("the block must not run")


def test_an_unknown_format_is_named_with_the_known_ones(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(
        UnknownFormat, match="expected one of parquet, xlsx, beancount, hledger; did you mean 'parquet'"
    ):
        export_ledger(ledger, tmp_path / "out", "parkuet")
    assert list(tmp_path.iterdir()) == []


def test_help_names_every_format() -> None:
    (shown,) = [option.help for option in cli.commands["export"].params if option.name == "format"]
    assert [name for name in formats.FORMATS if name not in shown] == []
