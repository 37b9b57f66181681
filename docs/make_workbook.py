# ruff: noqa: INP001 - a script, no package
"""Draws docs/workbook.png: the charts of the exported workbook as LibreOffice shows them.

Needs the programs soffice and pdftoppm: python docs/make_workbook.py
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

import gigaledger

PICTURE = Path(__file__).resolve().parent / "workbook.png"
PAGE_CUT = ("-r", "110", "-png", "-singlefile", "-x", "70", "-y", "75", "-W", "1050", "-H", "535")
FIRST_PAGE = '{"PageRange":{"type":"string","value":"1"}}'


def main() -> None:
    """Export, print the first sheet, and keep its picture."""
    soffice, pdftoppm = (shutil.which(name) or name for name in ("soffice", "pdftoppm"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "book"
        gigaledger.open().export(folder, "xlsx")
        for command in (
            [
                soffice,
                f"-env:UserInstallation={(Path(name) / 'profile').as_uri()}",
                "--headless",
                "--convert-to",
                f"pdf:calc_pdf_Export:{FIRST_PAGE}",
                "--outdir",
                str(folder),
                str(folder / "ledger.xlsx"),
            ],
            [pdftoppm, *PAGE_CUT, str(folder / "ledger.pdf"), str(PICTURE.with_suffix(""))],
        ):
            subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - programs just found


if __name__ == "__main__":
    main()
