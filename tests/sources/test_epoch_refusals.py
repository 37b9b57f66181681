"""What no vintage is: each refused in one sentence that says where and what was expected, and nothing is written."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from vintages import ATLAS, BERG, ledger_bytes, newest, oldest, run_import, write_table

from gigaledger.errors import DatasetProblems, GigaledgerError
from gigaledger.folder import LOCK, locked
from gigaledger.sources.epoch import importing

if TYPE_CHECKING:
    from collections.abc import Callable

SITES, TIMELINES = "data_centers.csv", "data_center_timelines.csv"


def refusal_of(folder: Path, known_on: str = "2026-07-10", *options: str) -> str:
    """The sentence by which an import is refused; the ledger's folder stays empty."""
    into = folder.parent / "ledger"
    result = run_import(folder, known_on, into, *options)
    assert isinstance(result.exception, GigaledgerError), result.exception or result.output
    assert not into.exists() or set(ledger_bytes(into)) <= {LOCK}
    return str(result.exception)


def write(text: bytes | str) -> Callable[[Path], object]:
    """A change that puts other contents in the place of a file."""
    content = text.encode() if isinstance(text, str) else text
    return lambda path: path.write_bytes(content)


def replace(old: str, new: str) -> Callable[[Path], object]:
    """A change of a text within a file, which must hold it."""

    def change(path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return change


@pytest.mark.parametrize(
    ("file", "change", "sentence"),
    [
        (SITES, write("<!DOCTYPE html><html><body>Sign in</body></html>"), r"centers.csv:1: the file is a web page"),
        (SITES, write(gzip.compress(b"Name\nA\n")), r"the file is a gzip archive; expected CSV text"),
        (SITES, write(b"PK\x03\x04" + bytes(50)), r"the file is a ZIP archive or a workbook; expected CSV text"),
        (SITES, write('{"sites": []}'), r"the file is JSON; expected CSV"),
        (SITES, write("Name\nA\n".encode("utf-16")), r":1: the file is UTF-16; save it as UTF-8"),
        (SITES, write(b"Name\nZ\xfcrich\n"), r":2: byte 0xfc is not UTF-8"),
        (SITES, write(b"Name\nA\0B\n"), r":2: a NUL character"),
        (SITES, write("\n\n"), r":1: the file is empty; expected a header and rows"),
        (SITES, write('Name,Owner\nAtlas,"Acme\n'), r":2: a quote that opens here is never closed"),
        (SITES, write("Name,Owner\nAtlas,Acme,Texas\n"), r":2: expected 2 fields as in the header, found 3"),
        (TIMELINES, replace(",", ";"), r":1: the fields are separated by semicolons; expected commas$"),
        (SITES, replace("Name,", "Site label,"), r":1: no column of these: Name, Title"),
        (SITES, replace("Current power (MW)", "Current power (GW)"), r"\(GW\): the column is not declared; did you"),
        (TIMELINES, replace("IT power (MW)", "IT power (kW)"), r"\(kW\): the column is not declared; did you"),
        (TIMELINES, replace("2025-11-01", "01/11/2025"), r":3: Date: found '01/11/2025'; expected a date"),
        (TIMELINES, replace("2025-11-01", "2025-11-31"), r":3: Date: found '2025-11-31'; expected a date"),
        (TIMELINES, replace(",200,240,", ",200,n/a,"), r":4: Power \(MW\): found 'n/a'; expected a number"),
        (TIMELINES, replace(",200,240,", ",200,-240,"), r":4: Power \(MW\): found '-240'; expected a number from 0"),
        (TIMELINES, replace("Data center,Date", "Date,Data center"), r":2: Date: found 'Atlas Works'; expected a date"),
        (TIMELINES, replace("IT power (MW),Power (MW)", "Power (MW),IT power (MW)"), r"columns may be swapped"),
    ],
)  # fmt: skip
def test_file_that_is_none_of_a_vintage_is_refused(
    tmp_path: Path, file: str, change: Callable[[Path], object], sentence: str
) -> None:
    folder = newest(tmp_path / "v")
    change(folder / file)
    assert re.search(sentence, refusal_of(folder))


def test_swapped_coordinates_are_refused(tmp_path: Path) -> None:
    folder = oldest(tmp_path / "v")
    replace("Latitude,Longitude", "Longitude,Latitude")(folder / SITES)
    assert "Latitude: found '99°45\\'00\"W'; expected degrees N or S" in refusal_of(folder, "2025-12-13")


def test_single_odd_coordinate_is_left_empty(tmp_path: Path) -> None:
    folder = oldest(tmp_path / "v")
    replace('99°45\'00""W', "west of town")(folder / SITES)
    assert run_import(folder, "2025-12-13", tmp_path / "l").exit_code == 0
    assert ",US,32.5,,," in (tmp_path / "l/site.csv").read_text()


def test_rates_that_fit_no_h100_are_refused(tmp_path: Path) -> None:
    folder = newest(tmp_path / "v")
    replace("Performance (8-bit OP/s)", "Performance (16-bit OP/s)")(folder / TIMELINES)
    assert "which the rate beside it does not give" in refusal_of(folder)


def test_power_that_is_facility_here_and_it_there_is_refused(tmp_path: Path) -> None:
    sites = [ATLAS | {"Current power (MW)": 240}, BERG | {"Current power (MW)": 40}]
    folder = newest(tmp_path / "v", sites=sites)
    sentence = refusal_of(folder)
    assert "equals the facility power of 1 and the IT power of 1 of 2 sites" in sentence
    assert "--power facility or --power it" in sentence


def test_lone_power_of_the_timelines_is_refused_once_it_may_be_either(tmp_path: Path) -> None:
    folder = oldest(tmp_path / "v")
    assert "stands alone and may be facility or IT power in a vintage of 2026-09-01" in refusal_of(folder, "2026-09-01")
    result = run_import(folder, "2026-09-01", tmp_path / "l", "--power", "it")
    assert result.exit_code == 0, result.exception
    assert ",operational,it_power," in (tmp_path / "l/milestone.csv").read_text()


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    folder = newest(tmp_path / "v")
    replace("2025-11-01", "soon")(folder / TIMELINES)
    replace(",80000,", ",many,")(folder / "data_center_chip_quantities.csv")
    with pytest.raises(DatasetProblems) as refused:
        importing.read_vintage(folder)
    assert [Path(one.file).name for one in refused.value.problems] == [TIMELINES, "data_center_chip_quantities.csv"]


def test_symbolic_link_is_refused(tmp_path: Path) -> None:
    folder = newest(tmp_path / "v")
    (folder / SITES).rename(tmp_path / "elsewhere.csv")
    (folder / SITES).symlink_to(tmp_path / "elsewhere.csv")
    assert "the file is a symbolic link; expected the file itself" in refusal_of(folder)


def test_file_and_cell_beyond_any_vintage_are_refused(tmp_path: Path) -> None:
    folder = newest(tmp_path / "v")
    with (folder / SITES).open("r+b") as file:
        file.truncate(10 * 2**30)  # sparse: 10 GB that take no room
    assert re.search(r"the file has 10,737,418,240 bytes; expected at most", refusal_of(folder))
    write_table(folder / SITES, [ATLAS | {"Notes": "x" * 2_000_000}])
    assert re.search(r"a field is longer than 1,048,576 characters", refusal_of(folder))


def test_folder_without_the_files_says_what_it_holds(tmp_path: Path) -> None:
    (tmp_path / "v").mkdir()
    (tmp_path / "v/sites.csv").write_text("a\n")
    assert "holds no data_centers.csv and no data_center_timelines.csv; found sites.csv" in refusal_of(tmp_path / "v")
    assert "does not exist" in refusal_of(tmp_path / "none")
    assert "is a file; expected the folder that holds it" in refusal_of(tmp_path / "v/sites.csv")


def test_spelling_of_a_file_name_does_not_matter_but_two_of_a_kind_are_refused(tmp_path: Path) -> None:
    folder = newest(tmp_path / "v")
    (folder / SITES).rename(folder / "Data-Centers.csv")
    (folder / TIMELINES).rename(folder / "data_center_timelines (1).csv")
    assert run_import(folder, "2026-07-10", tmp_path / "mine").exit_code == 0
    again = run_import(folder, "2026-07-10", tmp_path / "mine")
    assert "nothing was written" in again.output
    (folder / SITES).write_text("Name\nAtlas\n", encoding="utf-8")
    assert "Data-Centers.csv and data_centers.csv are both data_centers.csv" in refusal_of(folder)


def test_names_of_sites_make_no_paths(tmp_path: Path) -> None:
    sites = [ATLAS | {"Name": "../../outside; drop table site", "Current power (MW)": 200}]
    folder = newest(tmp_path / "v", sites=sites, chips=[])
    replace("Atlas Works", "../../outside; drop table site")(folder / TIMELINES)
    assert run_import(folder, "2026-07-10", tmp_path / "l").exit_code == 0
    assert "outside-drop-table-site," in (tmp_path / "l/site.csv").read_text()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["l", "v"]


def test_vintages_out_of_order_are_refused(tmp_path: Path) -> None:
    into = tmp_path / "l"
    assert run_import(newest(tmp_path / "a"), "2026-07-10", into).exit_code == 0
    before = ledger_bytes(into)
    earlier = run_import(oldest(tmp_path / "b"), "2025-12-13", into)
    assert "holds the vintage of 2026-07-10, which is later than 2025-12-13" in str(earlier.exception)
    other = run_import(newest(tmp_path / "c", chips=[]), "2026-07-10", into)
    assert "holds another vintage of 2026-07-10" in str(other.exception)
    assert ledger_bytes(into) == before


def test_ledger_that_is_not_valid_is_not_added_to(tmp_path: Path) -> None:
    into = tmp_path / "l"
    into.mkdir()
    (into / "claim.csv").write_text(
        "claim_id,deal_id,site_id,share_low,share_best,share_high,known_on,source_id,evidence,confidence\n"
        "mine,my-deal,atlas-works,,1,,2026-01-01,,,\n"
    )
    before = ledger_bytes(into)
    result = run_import(newest(tmp_path / "v"), "2026-07-10", into)
    assert re.search(r"claim.csv:\d+: deal_id: found 'my-deal'; expected a deal_id of deal.csv", str(result.exception))
    assert {name: text for name, text in ledger_bytes(into).items() if name != LOCK} == before


def test_second_writer_waits_and_then_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gigaledger.folder.SECONDS_TO_WAIT", 0.1)
    into = tmp_path / "l"
    into.mkdir()
    with locked(into):
        result = run_import(newest(tmp_path / "v"), "2026-07-10", into)
    assert str(result.exception) == f"another gigaledger is writing into {into}; try again when it has finished"


def test_writer_that_fails_half_way_leaves_the_old_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    into = tmp_path / "l"
    assert run_import(newest(tmp_path / "a"), "2026-07-10", into).exit_code == 0
    before = ledger_bytes(into)

    def full_disk(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full_disk)
    result: Any = run_import(newest(tmp_path / "b", chips=[]), "2026-08-20", into)
    assert str(result.exception) == f"{into} cannot be written: No space left on device"
    assert ledger_bytes(into) == before
    assert [path.name for path in into.iterdir() if path.is_dir()] == []
