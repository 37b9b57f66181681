"""A small sound ledger of CSV files to break, and the command line to show it to.

Two programmes, three deals, two sites; assumptions of its own, so that no bundled fact is needed.
"""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unittest import mock

from gigaledger.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILES = {
    "organization.csv": """\
organization_id,name,kind,country,source_id
landlord,"Landlord, Inc.",landlord,US,
lab,Lab,lab,US,press
nvidia,Nvidia,chip_designer,US,
""",
    "source.csv": """\
source_id,title,publisher,url,published_on,accessed_on,licence,kind
filing,Filing,Registry,https://example.org/filing,2026-02-01,2026-02-02,,filing
press,"A ""plain"" release",Lab,https://example.org/press,2026-01-01,2026-01-02,,press_release
""",
    "chip.csv": """\
chip_id,name,designer_id,aliases,released_on,fp8_dense_tflops,bf16_dense_tflops,hbm_gb,hbm_tb_per_s,tdp_w,source_id
b200,Nvidia B200,nvidia,B200 SXM;Blackwell,2024-11-15,4500,2250,192,8,1000,press
h100,Nvidia H100,nvidia,H100 SXM,2022-10-05,1979,989.4,80,3.35,700,press
""",
    "chip_mix.csv": """\
mix_id,year,chip_id,share,source_id
industry-mix,2025,b200,0.5,
industry-mix,2025,h100,0.5,
industry-mix,2026,b200,0.75,
industry-mix,2026,h100,0.25,
industry-mix,2027,b200,1,
""",
    "assumption.csv": """\
assumption_id,applies_to,year,low,best,high,unit,distribution,source_id,note
about_factor,*,*,0.93,1,1.075,ratio,,press,
at_least_overshoot,*,*,1,1.1,1.5,ratio,uniform,press,
bf16_to_fp8_rate,*,*,0.25,0.5,1,ratio,,press,
billed_share,*,*,0.6,0.88,0.98,share,logit,press,
chip_price_level,*,*,0.8,1,1.25,ratio,,press,
chip_price_usd_per_h100e,*,*,6500,10000,16000,USD/H100e,,press,
chip_useful_life_years,*,*,3,5,6.3,year,,press,
cloud_term_years,*,*,4,5.6,8.5,year,,press,
cloud_usd_per_h100e_hour,*,*,0.5,0.85,1.5,USD/H100e-hour,,press,
delivery_lag_years,*,*,0.3,1.1,2.5,year,,press,
it_to_chip_capex,*,*,1.2,1.4,2,ratio,,press,
it_to_server_power,*,*,1.03,1.14,1.3,ratio,,press,
lease_term_years,*,*,9.5,14,22,year,,press,
lease_usd_per_it_kw_month,*,*,125,165,206,USD/kW/month,,press,
peak_pue,*,*,1.2,1.3,1.4,ratio,,press,
planned_horizon_years,*,*,5,5,5,year,fixed,press,
server_to_chip_power,*,*,1.4,1.55,1.85,ratio,,press,
site_capex_usd_per_it_w,*,*,8,12,19,USD/W,,press,
site_useful_life_years,*,*,14,22,38,year,,press,
unstated_capex_position,*,*,0.02,0.22,0.97,share,uniform,press,
unstated_power_position,*,*,0.03,0.4,0.97,share,uniform,press,
up_to_realised_share,*,*,0.4,0.8,0.98,share,uniform,press,
utilisation,*,*,0.6,0.74,0.87,share,logit,press,
utility_to_facility_power,*,*,1.01,1.07,1.18,ratio,,press,
""",
    "programme.csv": """\
programme_id,name,organization_id,states,description
plain,The plain programme,lab,,"One deal,
on two lines"
texas,Texas and New York,lab,NY;TX,Two states
""",
    "deal.csv": """\
deal_id,title,programme_id,buyer_id,seller_id,beneficiary_id,layer,announced_on,starts_on,ends_on,term_years,status,chip_id,part_of,note
build,Build in Texas,texas,lab,landlord,lab,build,2026-01-01,2026-06-01,,,binding,,,
chips,Chips for the build,texas,lab,nvidia,lab,chips,2026-01-01,2026-06-01,,,announced,b200,build,
cloud,Cloud contract,plain,lab,landlord,lab,cloud,2026-02-01,2026-07-01,2031-07-01,5,announced,industry-mix,,
round,A round,,nvidia,lab,lab,equity,2026-02-01,,,,closed,,,
""",
    "statement.csv": """\
statement_id,deal_id,measure,amount_low,amount_best,amount_high,unit,qualifier,known_on,source_id,locator,confidence
build.power,build,it_power,,1,,GW,about,2026-01-01,press,p. 1,high
build.usd,build,total_capex,40,,50,billion USD,range,2026-01-01,press,"Forty, ""to"" fifty",as good as certain
chips.count,chips,chips,,100000,,chip,exact,2026-02-01,filing,,
cloud.usd,cloud,cloud_contract,,,3e9,USD,up_to,2026-02-01,filing,,medium
round.usd,round,equity,,5000000000,,USD,exact,2026-02-01,filing,,
""",
    "site.csv": """\
site_id,name,state,country,latitude,longitude,operator_id,owner_id,note
abilene,Abilene,TX,US,32.4,-99.7,landlord,,
oslo,Oslo,,NO,59.9,10.7,,landlord,
""",
    "milestone.csv": """\
milestone_id,site_id,on_date,stage,measure,amount_low,amount_best,amount_high,unit,chip_id,known_on,source_id,locator
abilene.planned,abilene,2027-01-01,planned,it_power,,500,,MW,,2026-01-15,press,
abilene.running,abilene,2026-02-01,operational,it_power,90,100,120,MW,b200,2026-02-15,filing,
oslo.planned,oslo,2028-01-01,planned,facility_power,,0.2,,GW,,2026-01-15,press,
""",
    "claim.csv": """\
claim_id,deal_id,site_id,share_low,share_best,share_high,known_on,source_id,evidence,confidence
build.abilene,build,abilene,0.7,0.8,0.9,2026-01-20,press,"Named, with a date",high
cloud.oslo,cloud,oslo,,1,,2026-01-20,press,,no idea
""",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a command ended."""

    status: int
    out: str
    err: str


def write_ledger(folder: Path, **overrides: str | bytes | None) -> Path:
    """Write the ledger; an override is the text of one file by its name without .csv, None leaves the file out."""
    folder.mkdir(parents=True, exist_ok=True)
    contents: dict[str, str | bytes | None] = {**FILES, **{f"{name}.csv": text for name, text in overrides.items()}}
    for name, text in contents.items():
        if text is not None:
            (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
    return folder


def replaced(file: str, old: str, new: str) -> str:
    """The text of one file of the ledger with the only `old` in it replaced."""
    assert FILES[file].count(old) == 1, f"{old!r} must stand once in {file}"
    return FILES[file].replace(old, new)


def with_line(file: str, line: str) -> str:
    """The text of one file of the ledger with one more line."""
    return f"{FILES[file]}{line}\n"


def run(*arguments: str | Path) -> Outcome:
    """Run the command line in this process, as its script would; a traceback fails the test by itself."""
    out, err = io.StringIO(), io.StringIO()
    status: object = 0
    with (
        mock.patch.object(sys, "argv", ["gigaledger", *map(str, arguments)]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            status = end.code or 0
    assert isinstance(status, int)
    return Outcome(status, out.getvalue(), err.getvalue())


def run_process(*arguments: str | Path) -> Outcome:
    """Run the command line in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", "from gigaledger.cli import main; main()", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONWARNINGS": "default"},
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def problems(outcome: Outcome, folder: Path) -> list[str]:
    """The problems that a refused ledger shows, without the folder, after the checks of every refusal."""
    assert_refused(outcome)
    head, *lines = outcome.err.splitlines()
    assert head == f"gigaledger: {len(lines)} problem{'s' if len(lines) != 1 else ''} in the datasets:"
    return [line.removeprefix(f"  {folder}/") for line in lines]


def assert_refused(outcome: Outcome) -> None:
    """Bad input ends with status 2, a message, nothing on standard output and no traceback."""
    assert outcome.status == 2, outcome
    assert outcome.out == ""
    assert outcome.err.strip()
    assert "Traceback" not in outcome.err


def files_in(folder: Path) -> Iterator[str]:
    """The names of all files below a folder."""
    return (path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")))
