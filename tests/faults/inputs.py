"""Strategies for nonsense: texts and files that are nearly right, and some that are nothing at all."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from hypothesis import strategies as st

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / name) for name in (".", "sources")]
from vintages import newest  # noqa: E402

from ledgers import write_ledger  # noqa: E402

_SCRAPS = (
    *("", " ", ",", ";", '"', "'", "\0", "\r", "\n", "\t", "\ufeff", "\u202e", "\u2028", "=HYPERLINK(1)", "<script>"),
    *(
        "1e400",
        "-1",
        "NaN",
        "inf",
        "1e-320",
        "0x10",
        "1,5",
        "1_000",
        "２",
        "²",
        "2026-02-30",
        "9999-12-31",
        "%s",
        "{}",
        "$1",
    ),
    *("MW", "GW_it", "USD", "h100", "TPUv7", "billion", "up to", "about", "+", "-", "/", "*", "to", "..", "../..", "~"),
)
_WORDS = (
    *(
        "1e6 TPUv7",
        "$30 billion",
        "up to 1 GW",
        "276k H100e",
        "300 MW_facility",
        "30-35 MW_it",
        "$1.2bn/year",
        "100 chips",
    ),
    *("1.2 GW", "5 chip-hours", "EUR 5", "2 GW_it + 3 GW_it", "1 million", "$5-6 billion", "about 4e5 gb300", "1/2 MW"),
)


def _sound_files() -> dict[str, str]:
    """The files of a small sound ledger."""
    with tempfile.TemporaryDirectory() as name:
        return {path.name: path.read_text(encoding="utf-8") for path in write_ledger(Path(name)).glob("*.csv")}


def _vintage_files() -> dict[str, str]:
    """The files of a small vintage of the public site tables."""
    with tempfile.TemporaryDirectory() as name:
        folder = newest(Path(name) / "vintage")
        return {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.csv")}


_SOUND = _sound_files()
_VINTAGE = _vintage_files()


@st.composite
def _mutated(draw: st.DrawFn, original: str) -> str:
    """A text with a few places overwritten, cut out or repeated."""
    text = original
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 12)))
        middle = draw(st.sampled_from(_SCRAPS) | st.text(max_size=3) | st.just("") | st.just(text[start:end] * 2))
        text = text[:start] + middle + text[end:]
    return text


def _bytes_of(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _files(sound: dict[str, str]) -> st.SearchStrategy[tuple[str, bytes]]:
    """One of several files, changed in a few places; or any bytes in its place."""
    return st.sampled_from(sorted(sound)).flatmap(
        lambda name: st.tuples(st.just(name), _mutated(sound[name]).map(_bytes_of) | st.binary(max_size=80))
    )


_BILL = """ServiceProviderName,BillingCurrency,ChargeCategory,ChargePeriodStart,BilledCost,EffectiveCost,\
ConsumedQuantity,ConsumedUnit,SkuPriceDetails,CommitmentDiscountId,ContractApplied
AWS,USD,Usage,2026-05-03T00:00:00Z,100,100,1,Hours,"{""InstanceType"":""p5.48xlarge"",""GpuCount"":8}",,
AWS,USD,Usage,2026-05-04T00:00:00Z,1.5,1.25,90,Minutes,"{""InstanceType"":""trn2.48xlarge""}",arn:plan/one,\
"{""Elements"":[{""ContractCommitmentId"":""arn:plan/one"",""ContractCommitmentAppliedCost"":0.5}]}"
AWS,USD,Tax,2026-05-04T00:00:00Z,7,7,,,,,
"""
_COMMANDS = (
    *(
        "reconcile",
        "convert",
        "explain",
        "tension",
        "check",
        "build",
        "sql",
        "export",
        "import",
        "init",
        "match",
        "report",
    ),
    *("aggregate", "circular", "overlap", "--help", "--version", "-h", "no-such-command", ""),
)
_OPTIONS = (
    *(
        "--to",
        "--measure",
        "--chip",
        "--year",
        "--term-years",
        "--as-of",
        "--versus",
        "--json",
        "--datasets",
        "--extend",
    ),
    *("--set", "--compare", "--format", "--overwrite", "--known-on", "--into", "--by", "--engine", "--deal", "--"),
)
_VALUES = (
    *(
        "it_power",
        "all",
        "h100",
        "2026",
        "2026-06-30",
        "anthropic-azure",
        "azure-anthropic-2025",
        "peak_pue=1.1,1.2,1.3",
    ),
    *(
        "peak_pue=",
        "=1,2,3",
        "parquet",
        "nowhere",
        ".",
        "/",
        "/proc/self/mem",
        "/dev/null",
        "select 1",
        "drop table deal",
    ),
    *("copy deal to 'x'", "select * from read_csv('/etc/passwd')", "attach 'x'", "pragma version", "from deal limit 1"),
)

STRATEGIES: dict[str, st.SearchStrategy[object]] = {
    "quantity": st.sampled_from(_WORDS).flatmap(_mutated) | st.text(max_size=40),
    "csv": _files(_SOUND),
    "ledger": _files(_SOUND),
    "epoch": _files(_VINTAGE),
    "focus": _mutated(_BILL).map(_bytes_of) | st.binary(max_size=200),
    "command": st.lists(
        st.sampled_from(_COMMANDS)
        | st.sampled_from(_OPTIONS)
        | st.sampled_from(_VALUES)
        | st.sampled_from(_WORDS)
        | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12),
        max_size=6,
    ),
}
