"""Small ledgers in two states, old and new, and the commands that lead from the one to the other."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import duckdb

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / name) for name in (".", "sources")]
from vintages import write_vintage  # noqa: E402

import gigaledger  # noqa: E402
from ledgers import write_ledger  # noqa: E402

ENGINE = Path(gigaledger.__file__).resolve().parents[1]
COMMAND = [sys.executable, "-c", "from gigaledger.cli import main; main()"]
OLD_NAME, NEW_NAME = "Campus of Lab", "Campus of Lab, renamed"


def two_ledgers(folder: Path) -> tuple[Path, Path]:
    """The folders of a small ledger before and after one change of a name."""
    renamed = {"programme_id": "lab-campus", "name": NEW_NAME, "organization_id": "lab"}
    return write_ledger(folder / "old"), write_ledger(folder / "new", programme=[renamed])


def start(*arguments: str | Path, cwd: Path | None = None) -> subprocess.Popen[str]:
    """A command of gigaledger in a process group of its own."""
    return subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(ENGINE)},
    )


def run(*arguments: str | Path, cwd: Path | None = None) -> tuple[int, str]:
    """Run a command to its end: exit status and what it said on standard error."""
    process = start(*arguments, cwd=cwd)
    _, said = process.communicate(timeout=120)
    return process.returncode, said


def state_of_file(file: Path) -> str:
    """`old` or `new` for a whole ledger file; otherwise what is wrong with it."""
    try:
        with duckdb.connect(str(file), read_only=True) as connection:
            name, balance, deals = connection.execute(
                "select (select name from programme where programme_id = 'lab-campus'), "
                "(select count(*) from dictionary), (select count(*) from deal)"
            ).fetchall()[0]
    except duckdb.Error as error:
        return f"unreadable: {error}"
    if not balance or deals != 4:  # the small ledger has four deals
        return f"not whole: {balance} rows of dictionary, {deals} deals"
    return {OLD_NAME: "old", NEW_NAME: "new"}.get(name, f"neither: {name}")


def digests(folder: Path) -> dict[str, str]:
    """The visible files of a folder with the hash of their bytes."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.iterdir())
        if path.is_file() and not path.name.startswith(".")
    }


def state_of_folder(folder: Path, old: dict[str, str], new: dict[str, str]) -> str:
    """`old`, `new` or `between` when every file is whole, as it was before or as it will be; otherwise what is wrong.

    A file that only one of the two has may be there or not.
    """
    found = digests(folder)
    if found in (old, new):
        return "old" if found == old else "new"
    missing = (set(old) & set(new)) - set(found)
    strange = [name for name, digest in found.items() if digest not in (old.get(name), new.get(name))]
    if missing or strange:
        return f"missing {sorted(missing)}, neither old nor new {strange}"
    return "between"


def epoch_vintage(folder: Path, edition: int, sites: int = 40) -> Path:
    """A vintage of the public site tables with that many sites; each edition gives other megawatts."""
    names = [f"Campus {number}" for number in range(sites)]
    common = {"Owner": "Acme Cloud #confident", "Users": "OpenAI #likely", "Country": "United States"}
    table = [{"Name": name, **common, "Address": "1 Long Rd, Abilene, TX 79601"} for name in names]
    timelines = [
        {
            "Data center": name,
            "Date": f"{year}-0{1 + place % 9}-01",
            "Construction status": "Hall operational",
            "IT power (MW)": 10 * edition * (year - 2024) + place,
            "Power (MW)": 13 * edition * (year - 2024) + 2 * place,
        }
        for place, name in enumerate(names)
        for year in (2025, 2026, 2027)
    ]
    return write_vintage(folder, table, timelines)
