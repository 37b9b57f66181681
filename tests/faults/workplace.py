"""Ledgers in two states, old and new, what commands make of each, and how the state of a file or folder is told."""

from __future__ import annotations

import csv
import hashlib
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / name) for name in (".", "sources")]
from states import NEW_NAME, OLD_NAME  # noqa: E402
from vintages import write_vintage  # noqa: E402

import gigaledger  # noqa: E402
from gigaledger.paths import datasets_folder  # noqa: E402
from ledgers import write_ledger  # noqa: E402

ENGINE = Path(gigaledger.__file__).resolve().parents[1]
COMMAND = [sys.executable, "-c", "from gigaledger.cli import main; main()"]


@dataclass
class Stage:
    """A ledger before and after one change of a name; what commands make of it is made once and copied."""

    root: Path
    size: str  # `small` or `bundled`
    seconds: dict[str, float] = field(default_factory=dict)  # how long each command took [s]

    @cached_property
    def ledgers(self) -> tuple[Path, Path]:
        """The folders of the ledger before and after."""
        return two_ledgers(self.root) if self.size == "small" else two_bundled_ledgers(self.root)

    @cached_property
    def built(self) -> Path:
        """The ledger file of the old state."""
        return self._made("built.duckdb", "build", self.ledgers[0])

    @cached_property
    def exported(self) -> Path:
        """The export of the old state."""
        return self._made("exported", "export", self.ledgers[0])

    @cached_property
    def exported_anew(self) -> dict[str, str]:
        """The digests of the export of the new state."""
        return digests(self._made("exported-anew", "export", self.ledgers[1]))

    def makers(self) -> list[Callable[[], object]]:
        """What makes each of them, so that several can be made at once."""
        _ = self.ledgers
        return [lambda: self.built, lambda: self.exported, lambda: self.exported_anew]

    def _made(self, name: str, command: str, ledger: Path) -> Path:
        began = time.monotonic()
        status, said = run(command, self.root / name, "--datasets", ledger)
        self.seconds[command] = time.monotonic() - began
        if status:
            raise RuntimeError(f"{command} of the {self.size} ledger fails: {said}")
        return self.root / name


def two_ledgers(folder: Path) -> tuple[Path, Path]:
    """The folders of a small ledger before and after one change of a name."""
    renamed = {"programme_id": "lab-campus", "name": NEW_NAME, "organization_id": "lab"}
    return write_ledger(folder / "old"), write_ledger(folder / "new", programme=[renamed])


def two_bundled_ledgers(folder: Path) -> tuple[Path, Path]:
    """Two copies of the bundled ledger with one programme more, whose name changes."""
    for side, name in (("old", OLD_NAME), ("new", NEW_NAME)):
        (folder / side).mkdir(parents=True)
        for path in datasets_folder().glob("*.csv"):
            shutil.copyfile(path, folder / side / path.name)
        programmes = folder / side / "programme.csv"
        with programmes.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        rows.append(["lab-campus", name, "anthropic", "", "a programme without deals"])
        with programmes.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([header, *sorted(rows)])
    return folder / "old", folder / "new"


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


def number_of_deals(ledger: Path) -> int:
    """The number of deals of a ledger's folder."""
    with (ledger / "deal.csv").open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.DictReader(file))


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
