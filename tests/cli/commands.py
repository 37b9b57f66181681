"""The command line in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import gigaledger

PACKAGE_FOLDER = Path(gigaledger.__file__).resolve().parents[1]


def command() -> list[str]:
    """The console script beside the running Python; without an installation, the function that it calls."""
    script = Path(sys.executable).parent / "gigaledger"
    if script.exists():
        return [str(script)]
    return [sys.executable, "-c", "from gigaledger.cli import run; run()"]


def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command; variables of the environment can be set."""
    path = os.pathsep.join(part for part in (str(PACKAGE_FOLDER), os.environ.get("PYTHONPATH", "")) if part)
    return subprocess.run(
        [*command(), *map(str, arguments)],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": path, **environment},
    )
