"""Values that a column or a rule refuses: each is told with file, line, column, value and what was expected."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sound_ledger import FILES, problems, replaced, run, run_process, with_line, write_ledger

if TYPE_CHECKING:
    from pathlib import Path

STATUSES = "rumoured, announced, letter_of_intent, binding, closed, cancelled"
STAGES = "planned, under_construction, operational, cancelled"
LAYERS = "build, site, chips, cloud, capacity, power, equity, debt, guarantee"
CHIP_EXPECTED = "expected a chip_id of chip or a mix_id of chip_mix; did you mean"
IT_UNIT = "expected MW, alone or with a prefix such as k or M, for it_power"

# What stands in a file, what is put there instead, and how the one problem that is shown begins.
UNKNOWN_WORDS = [
    ("deal.csv", ",b200,", ",b20,", f"3: chip_id: found 'b20'; {CHIP_EXPECTED} 'b200'?"),
    ("milestone.csv", ",b200,", ",h10,", f"3: chip_id: found 'h10'; {CHIP_EXPECTED} 'h100'?"),
    ("deal.csv", "industry-mix", "industri-mix", f"4: chip_id: found 'industri-mix'; {CHIP_EXPECTED} 'industry-mix'?"),
    ("statement.csv", ",GW,", ",gigawats,", "2: unit: found 'gigawats'; 'gigawats' is neither a unit nor a chip"),
    ("statement.csv", ",GW,", ",GWh,", "2: unit: found 'GWh'; 'GWh' is "),
    ("statement.csv", ",GW,", ",USD,", "2: unit: found 'USD'; 'USD' is not a unit of it_power"),
    ("statement.csv", ",GW,", ",mW,", "2: unit: found 'mW'; 'mW' is a thousandth by its small m; did you mean 'MW'?"),
    ("milestone.csv", ",GW,", ",chip,", "4: unit: found 'chip'; 'chip' is not a unit of facility_power"),
    ("assumption.csv", "1.2,1.3,1.4,ratio", "1.2,1.3,1.4,share", "16: unit: found 'share'; expected ratio"),
    ("assumption.csv", "1.2,1.3,1.4,ratio", "1.2,1.3,1.4,", "16: unit: found ''; expected ratio"),
    (
        "statement.csv",
        "it_power",
        "it_pwer",
        "2: measure: found 'it_pwer'; expected a measure; did you mean 'it_power'?",
    ),
    (
        "milestone.csv",
        "facility_power",
        "facility",
        "4: measure: found 'facility'; expected a measure; did you mean 'facility_power'?",
    ),
    ("site.csv", ",TX,", ",TY,", "2: state: found 'TY'; expected the postal code of a US state"),
    (
        "site.csv",
        ",TX,",
        ",Texas,",
        "2: state: found 'Texas'; expected the postal code of a US state; did you mean 'TX'?",
    ),
    (
        "programme.csv",
        "NY;TX",
        "NY;Txas",
        "4: states: found 'Txas'; expected the postal code of a US state; did you mean 'TX'?",
    ),
    (
        "milestone.csv",
        "operational",
        "operating",
        f"3: stage: found 'operating'; expected one of {STAGES}; did you mean 'operational'?",
    ),
    (
        "deal.csv",
        "binding",
        "bindin",
        f"2: status: found 'bindin'; expected one of {STATUSES}; did you mean 'binding'?",
    ),
    (
        "statement.csv",
        "up_to",
        "upto",
        "5: qualifier: found 'upto'; expected one of exact, about, up_to, at_least, range; did you mean 'up_to'?",
    ),
    # The statements of the deal are not blamed for a layer that is none.
    (
        "deal.csv",
        ",cloud,2026",
        ",clod,2026",
        f"4: layer: found 'clod'; expected one of {LAYERS}; did you mean 'cloud'?",
    ),
    (
        "assumption.csv",
        "5,5,5,year,fixed",
        "5,5,5,year,fixd",
        "17: distribution: found 'fixd'; expected one of lognormal, normal, logit, uniform, fixed; did you",
    ),
    (
        "assumption.csv",
        "peak_pue",
        "peak_pu",
        "16: assumption_id: found 'peak_pu'; expected an id that begins with a parameter; did you mean 'peak_pue'?",
    ),
    ("site.csv", ",NO,", ",Norway,", "3: country: found 'Norway'; expected two capital letters"),
    (
        "claim.csv",
        "build.abilene",
        "Build/Abilene",
        "2: claim_id: found 'Build/Abilene'; expected lower-case letters and digits joined by hyphens",
    ),
    ("deal.csv", ",announced,b200", ", announced,b200", "3: status: found ' announced'; expected no spaces around"),
    ("deal.csv", ",closed,", ",,", "5: status: found ''; expected a value, the field is empty"),
]

A_DATE = "expected a date as YYYY-MM-DD"
A_NUMBER = "expected a number with . as decimal point"
NUMBERS = [
    *(
        ("deal.csv", ",2026-06-01,,,binding", f",{text},,,binding", f"2: starts_on: found '{text}'; {A_DATE}")
        for text in ("2026-02-30", "2026-13-01", "12/03/2026", "2026-1-5", "2026-W01-1", "2026", "today", "-2026-01-01")
    ),
    (
        "deal.csv",
        ",2026-06-01,,,binding",
        ",0000-01-01,,,binding",
        "2: starts_on: found '0000-01-01'; expected a date from",
    ),
    (
        "deal.csv",
        ",2026-06-01,,,binding",
        ",9999-12-31,,,binding",
        "2: starts_on: found '9999-12-31'; expected a date from",
    ),
    *(
        ("statement.csv", ",,1,,GW", f",,{text},,GW", f"2: amount_best: found '{text}'; {A_NUMBER}")
        for text in (
            "NaN",
            "nan",
            "Infinity",
            "inf",
            "-inf",
            "1 000",
            "1_000",
            "0x10",
            "one",
            "$1",
            "N/A",
            "1e",
            ".",
            "\uff11",
        )
    ),
    ("statement.csv", ",,1,,GW", ',,"1,000",,GW', f"2: amount_best: found '1,000'; {A_NUMBER}"),
    ("statement.csv", ",,1,,GW", ",,1e400,,GW", "2: amount_best: found '1e400'; expected a finite number"),
    ("statement.csv", ",,1,,GW", ",,-1e400,,GW", "2: amount_best: found '-1e400'; expected a finite number"),
    ("statement.csv", ",,1,,GW", ",,1e308,,GW", "2: amount_best: found '1e308'; expected a number of at most 1e+30"),
    ("statement.csv", ",,1,,GW", ",,-5,,GW", "2: amount_best: found '-5'; expected at least 0"),
    ("milestone.csv", ",90,100,120,", ",-90,100,120,", "3: amount_low: found '-90'; expected at least 0"),
    ("statement.csv", ",40,,50,", ",60,,50,", "3: amount_low: found '60.0, 50.0'; expected low <= best <= high"),
    (
        "milestone.csv",
        ",90,100,120,",
        ",90,130,120,",
        "3: amount_low: found '90.0, 130.0, 120.0'; expected low <= best",
    ),
    (
        "claim.csv",
        ",0.7,0.8,0.9,",
        ",0.85,0.8,0.9,",
        "2: share_low: found '0.85, 0.8, 0.9'; expected low <= best <= high",
    ),
    ("assumption.csv", "1.2,1.3,1.4", "1.4,1.3,1.2", "16: low: found '1.4, 1.3, 1.2'; expected low <= best <= high"),
    ("claim.csv", ",0.7,0.8,0.9,", ",0.7,0.8,1.1,", "2: share_high: found '1.1'; expected at most 1"),
    ("chip_mix.csv", "2027,b200,1,", "2027,b200,1.5,", "6: share: found '1.5'; expected at most 1"),
    (
        "chip_mix.csv",
        "2026,b200,0.75",
        "2026,b200,0.7",
        "4: share: found '0.95'; expected the shares of industry-mix in 2026",
    ),
    ("chip_mix.csv", "2026,b200,0.75", "2026,b200,x", f"4: share: found 'x'; {A_NUMBER}"),
    ("chip_mix.csv", "2027", "2027.5", "6: year: found '2027.5'; expected a whole number"),
    ("assumption.csv", "1.2,1.4,2,", "1.2,1.4,200,", "12: high: found '200.0'; expected it_to_chip_capex between 1"),
    ("assumption.csv", "1.2,1.3,1.4", "0.2,1.3,1.4", "16: low: found '0.2'; expected peak_pue between 1"),
    ("assumption.csv", "0.6,0.88,0.98", "0,0.88,0.98", "5: distribution: found 'logit'; expected low above 0"),
    ("assumption.csv", "5,5,5", "4,5,6", "17: distribution: found 'fixed'; expected low = best = high"),
    ("site.csv", "32.4", "132.4", "2: latitude: found '132.4'; expected at most 90"),
    ("deal.csv", ",2031-07-01,5,", ",2026-07-01,5,", "4: ends_on: found '2026-07-01'; expected a date after starts_on"),
    ("deal.csv", ",2031-07-01,5,", ",2031-07-01,0,", "4: term_years: found '0.0'; expected more than 0"),
    ("deal.csv", ",2031-07-01,5,", ",2031-07-01,500,", "4: term_years: found '500'; expected at most 100"),
    ("chip.csv", "1979", "0", "3: fp8_dense_tflops: found '0.0'; expected more than 0, or an empty field"),
    # An amount that is not there is told once, and not again where it stands but cannot be read.
    ("statement.csv", ",,1,,GW", ",,,,GW", "2: amount_best: found ''; expected an amount in amount_low"),
    ("statement.csv", ",40,,50,", ",40,,,", "3: amount_low: found ''; expected amount_low and amount_high, because"),
    ("statement.csv", ",40,,50,", ",40,,fifty,", f"3: amount_high: found 'fifty'; {A_NUMBER}"),
]

MISFITS = [
    (
        "statement.csv",
        "build,total_capex,40,,50,billion USD",
        "build,cloud_spend,40,,50,billion USD/year",
        "3: measure: found 'cloud_spend'; deal build is of layer build, which states chip_capex, ",
    ),
    (
        "statement.csv",
        ",equity,,5",
        ",debt,,5",
        "6: measure: found 'debt'; deal round is of layer equity, which states ",
    ),
    (
        "milestone.csv",
        "facility_power,,0.2,,GW",
        "equity,,0.2,,USD",
        "4: measure: found 'equity'; expected a measure of capacity",
    ),
    (
        "chip.csv",
        "H100 SXM",
        "b-200",
        "3: aliases: found 'b-200'; expected a name that no other chip has; b200 has it",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "problem"), [*UNKNOWN_WORDS, *NUMBERS, *MISFITS])
def test_a_bad_value_is_told_once_with_its_place(tmp_path: Path, file: str, old: str, new: str, problem: str) -> None:
    folder = write_ledger(tmp_path, **{file.removesuffix(".csv"): replaced(file, old, new)})
    [shown] = problems(run("check", "--datasets", folder), folder)
    assert shown.startswith(f"{file}:{problem}")


REFERENCES = [
    ("organization.csv", "source_id", "press\nnvidia", "pres\nnvidia", 3, "source"),
    ("chip.csv", "designer_id", "B200,nvidia", "B200,nvidea", 2, "organization"),
    ("chip.csv", "source_id", "1000,press", "1000,pres", 2, "source"),
    ("chip_mix.csv", "chip_id", "2027,b200", "2027,b20", 6, "chip"),
    ("chip_mix.csv", "source_id", "2027,b200,1,", "2027,b200,1,pres", 6, "source"),
    ("assumption.csv", "source_id", "1.4,ratio,,press", "1.4,ratio,,pres", 16, "source"),
    ("programme.csv", "organization_id", "York,lab", "York,labs", 4, "organization"),
    ("deal.csv", "programme_id", "Texas,texas", "Texas,texs", 2, "programme"),
    ("deal.csv", "buyer_id", "texas,lab,landlord", "texas,labs,landlord", 2, "organization"),
    ("deal.csv", "seller_id", "texas,lab,landlord", "texas,lab,landlrd", 2, "organization"),
    ("deal.csv", "beneficiary_id", "nvidia,lab,lab,", "nvidia,lab,labs,", 5, "organization"),
    ("deal.csv", "part_of", "b200,build", "b200,buildd", 3, "deal"),
    ("statement.csv", "deal_id", ",cloud,cloud", ",clouds,cloud", 5, "deal"),
    ("statement.csv", "source_id", "press,p. 1", "pres,p. 1", 2, "source"),
    ("site.csv", "operator_id", "-99.7,landlord", "-99.7,landlrd", 2, "organization"),
    ("site.csv", "owner_id", ",,landlord", ",,landlrd", 3, "organization"),
    ("milestone.csv", "site_id", "running,abilene", "running,abilen", 3, "site"),
    ("milestone.csv", "source_id", "02-15,filing", "02-15,filng", 3, "source"),
    ("claim.csv", "deal_id", "oslo,cloud", "oslo,clouds", 3, "deal"),
    ("claim.csv", "site_id", "abilene,build,abilene", "abilene,build,abilen", 2, "site"),
    ("claim.csv", "source_id", "press,,no", "pres,,no", 3, "source"),
]


@pytest.mark.parametrize(("file", "column", "old", "new", "line", "table"), REFERENCES)
def test_a_reference_to_nothing_is_told_with_the_nearest_key(  # noqa: PLR0913, PLR0917 - one case
    tmp_path: Path, file: str, column: str, old: str, new: str, line: int, table: str
) -> None:
    folder = write_ledger(tmp_path, **{file.removesuffix(".csv"): replaced(file, old, new)})
    [shown] = problems(run("check", "--datasets", folder), folder)
    assert shown.startswith(f"{file}:{line}: {column}: found '")
    assert f"; expected {'an' if table == 'organization' else 'a'} {table}_id of {table}.csv; did you mean '" in shown


def test_an_assumption_applies_to_a_chip_a_mix_a_designer_or_all(tmp_path: Path) -> None:
    row = "chip_price_usd.x,{},*,1,2,3,USD/chip,,,"
    rows = [
        row.format(name).replace(".x", f".{place}")
        for place, name in enumerate(["h100", "nvidia", "industry-mix", "*"])
    ]
    folder = write_ledger(tmp_path / "sound", assumption=FILES["assumption.csv"] + "\n".join(rows) + "\n")
    assert run("convert", "1 h100", "--to", "compute", "--datasets", folder).status == 0
    folder = write_ledger(tmp_path / "broken", assumption=with_line("assumption.csv", row.format("h10")))
    [shown] = problems(run("check", "--datasets", folder), folder)
    assert shown == (
        "assumption.csv:26: applies_to: found 'h10'; expected a chip_id, a mix_id, the designer_id of a chip, or *; "
        "did you mean 'h100'?"
    )


def test_a_kind_of_organisation_has_a_position_in_every_year_and_nothing_else(tmp_path: Path) -> None:
    row = "{0}.x,landlord,{1},0.1,0.2,0.3,share,uniform,,"
    lines = {
        ("unstated_capex_position", "*"): None,
        ("unstated_capex_position", "2026"): "year: found '2026'; expected * in a row that applies to a kind",
        ("billed_share", "*"): "applies_to: found 'landlord'; expected a chip_id, a mix_id, the designer_id of a chip",
    }
    for place, (columns, expected) in enumerate(lines.items()):
        folder = write_ledger(tmp_path / str(place), assumption=with_line("assumption.csv", row.format(*columns)))
        found = run("check", "--datasets", folder)
        if expected is None:
            assert found.status == 0
        else:
            [shown] = problems(found, folder)
            assert f"assumption.csv:26: {expected}" in shown


DUPLICATES = [
    ("organization", "lab,Other,lab,US,", "organization_id", "lab", 3),
    ("source", "filing,Other,,,,,,", "source_id", "filing", 2),
    ("chip", "b200,Other,nvidia,,,1,1,1,1,1,", "chip_id", "b200", 2),
    ("chip_mix", "industry-mix,2025,b200,0.5,", "mix_id+year+chip_id", "industry-mix, 2025, b200", 2),
    ("assumption", "peak_pue,*,*,1.2,1.3,1.4,ratio,,,", "assumption_id+applies_to+year", "peak_pue, *, *", 16),
    ("programme", "plain,Other,,,", "programme_id", "plain", 2),
    ("deal", "build,Other,,,,,power,2026-01-01,,,,closed,,,", "deal_id", "build", 2),
    ("statement", "build.power,build,it_power,,2,,GW,exact,2026-01-01,,,", "statement_id", "build.power", 2),
    ("site", "oslo,Other,,,,,,,", "site_id", "oslo", 3),
    (
        "milestone",
        "oslo.planned,oslo,2029-01-01,planned,it_power,,1,,MW,,2026-01-15,,",
        "milestone_id",
        "oslo.planned",
        4,
    ),
    ("claim", "cloud.oslo,cloud,oslo,,1,,2026-01-20,,,", "claim_id", "cloud.oslo", 3),
]


@pytest.mark.parametrize(("table", "line", "column", "key", "first"), DUPLICATES)
def test_a_key_that_stands_twice_is_told_with_both_lines(  # noqa: PLR0913, PLR0917 - one case
    tmp_path: Path, table: str, line: str, column: str, key: str, first: int
) -> None:
    text = with_line(f"{table}.csv", line)
    folder = write_ledger(tmp_path, **{table: text})
    shown = problems(run("check", "--datasets", folder), folder)
    last = len(text.splitlines())
    if table == "programme":  # one of its values runs over two lines
        assert last == 5
    expected = f"expected a key that stands once; it stands on line {first} too"
    assert f"{table}.csv:{last}: {column}: found '{key}'; {expected}" in shown
    # A deal of another layer under the same id is blamed for its statements as well; nothing else echoes.
    assert all(one.startswith(("deal.csv", "statement.csv")) if table == "deal" else len(shown) == 1 for one in shown)


def test_a_key_is_found_again_thousands_of_lines_away(tmp_path: Path) -> None:
    others = "".join(f"org-{number},Organisation {number},,,\n" for number in range(5000))
    text = f"{FILES['organization.csv']}{others}lab,Lab,,,\n"
    folder = write_ledger(tmp_path, organization=text)
    assert problems(run("check", "--datasets", folder), folder) == [
        "organization.csv:5005: organization_id: found 'lab'; expected a key that stands once; it stands on line 3 too"
    ]


def _deals(*whole_of: tuple[str, str]) -> str:
    rows = "".join(f"{deal},A deal,,,,,build,2026-01-01,,,,closed,,{whole},\n" for deal, whole in whole_of)
    return FILES["deal.csv"] + rows


@pytest.mark.parametrize(
    ("whole_of", "in_loop"),
    [
        ([("a", "a")], {6: "a"}),
        ([("a", "b"), ("b", "a")], {6: "a", 7: "b"}),
        ([("a", "b"), ("b", "c"), ("c", "a")], {6: "a", 7: "b", 8: "c"}),
        ([("a", "b"), ("b", "c"), ("c", "b")], {7: "b", 8: "c"}),
    ],
    ids=["itself", "two", "three", "chain into a loop"],
)
def test_a_loop_of_part_of_is_told_for_every_deal_in_it(
    tmp_path: Path, whole_of: list[tuple[str, str]], in_loop: dict[int, str]
) -> None:
    folder = write_ledger(tmp_path, deal=_deals(*whole_of))
    wholes = dict(whole_of)
    assert problems(run("check", "--datasets", folder), folder) == [
        f"deal.csv:{line}: part_of: found '{wholes[deal]}'; expected no loop; {deal} is part of itself"
        for line, deal in in_loop.items()
    ]


def test_a_long_chain_of_parts_is_no_loop(tmp_path: Path) -> None:
    chain = [(f"part-{number}", f"part-{number + 1}") for number in range(150)]
    folder = write_ledger(tmp_path, deal=_deals(*chain, ("part-150", "")))
    assert run("sql", "select count(*) from deal", "--datasets", folder).status == 0


def test_confidence_is_free(tmp_path: Path) -> None:
    folder = write_ledger(
        tmp_path,
        statement=replaced("statement.csv", "as good as certain", "9 of 10"),
        claim=replaced("claim.csv", "no idea", "¯\\_(ツ)_/¯"),
    )
    assert run("reconcile", "--json", "--datasets", folder).status == 0


TWENTY = {
    "chip": [("1979", "-1979"), ("2024-11-15", "15.11.2024"), ("700", "1e999")],
    "deal": [
        ("binding", "binded"),
        (",b200,", ",b2000,"),
        ("2026-07-01", "2026-06-31"),
        (",cloud,2", ",clod,2"),
        ("lab,lab,e", "lap,lab,e"),
    ],
    "milestone": [
        ("running,abilene", "running,abilena"),
        ("operational", "operatonal"),
        ("90,100", "110,100"),
        ("facility_power", "power"),
        (",MW,,", ",MWh,,"),
    ],
    "site": [(",TX,", ",Texas,"), ("59.9", "north"), (",landlord,,", ",lord,,")],
    "statement": [(",,1,,GW", ",,NaN,,GW"), ("range", "rang"), ("100000", "-100000"), (",equity,", ",equty,")],
}


def test_twenty_mistakes_in_five_files_are_told_at_once_in_order(tmp_path: Path) -> None:
    texts = {}
    for table, changes in TWENTY.items():
        texts[table] = FILES[f"{table}.csv"]
        for old, new in changes:
            assert texts[table].count(old) == 1, (table, old)
            texts[table] = texts[table].replace(old, new)
    folder = write_ledger(tmp_path, **texts)
    outcome = run_process("reconcile", "--json", "--datasets", folder)
    assert [" ".join(one.split()[:2]) for one in problems(outcome, folder)] == [
        "chip.csv:2: released_on:",
        "chip.csv:3: fp8_dense_tflops:",
        "chip.csv:3: tdp_w:",
        "deal.csv:2: status:",
        "deal.csv:3: chip_id:",
        "deal.csv:4: layer:",
        "deal.csv:4: starts_on:",
        "deal.csv:5: seller_id:",
        "milestone.csv:2: unit:",
        "milestone.csv:3: amount_low:",
        "milestone.csv:3: site_id:",
        "milestone.csv:3: stage:",
        "milestone.csv:4: measure:",
        "site.csv:2: operator_id:",
        "site.csv:2: state:",
        "site.csv:3: latitude:",
        "statement.csv:2: amount_best:",
        "statement.csv:3: qualifier:",
        "statement.csv:4: amount_best:",
        "statement.csv:6: measure:",
    ]


@pytest.mark.parametrize("command", [["reconcile"], ["explain", "build"], ["check"], ["sql", "from deal"]])
def test_every_command_refuses_a_broken_ledger(tmp_path: Path, command: list[str]) -> None:
    folder = write_ledger(tmp_path, deal=replaced("deal.csv", "binding", "bindin"))
    for form in ([], ["--json"]):
        [shown] = problems(run(*command, *form, "--datasets", folder), folder)
        assert shown.startswith("deal.csv:2: status: found 'bindin'; ")


def test_a_conversion_reads_chips_and_assumptions_and_needs_no_sound_deals(tmp_path: Path) -> None:
    folder = write_ledger(tmp_path / "deals", statement=FILES["statement.csv"].replace("2026-02-01", "2026-02-30"))
    assert run("convert", "1 h100", "--to", "compute", "--datasets", folder).status == 0
    folder = write_ledger(tmp_path / "chips", chip=replaced("chip.csv", "1979", "NaN"))
    [shown] = problems(run_process("convert", "1 h100", "--to", "compute", "--json", "--datasets", folder), folder)
    assert shown == f"chip.csv:3: fp8_dense_tflops: found 'NaN'; {A_NUMBER}"
