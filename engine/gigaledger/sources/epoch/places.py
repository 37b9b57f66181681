"""Places by name: identifiers, addresses and distances, and the state and country that an address names."""

from __future__ import annotations

import hashlib
import math
import re
import unicodedata
from functools import cache

from gigaledger.paths import datasets_folder
from gigaledger.sources.epoch.rules import declared_country, normal_name

_ZIP_CODE = re.compile(r",?\s*\b([A-Z]{2})\b,?\s*\d{5}(-\d{4})?\b")
_LAST_STATE = re.compile(r",\s*([A-Z]{2})\.?\s*(,\s*(USA|United States))?$")
EARTH_RADIUS_KM = 6371.0


def slug(name: str) -> str:
    """An identifier made of a name: lower-case letters and digits joined by hyphens."""
    plain = unicodedata.normalize("NFKD", name.replace("ø", "o").replace("Ø", "O").replace("ß", "ss"))
    plain = plain.encode("ascii", "ignore").decode()
    text = re.sub(r"[^a-z0-9]+", "-", plain.casefold()).strip("-")[:80].strip("-")
    return text if len(text) > 1 else f"site-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def normal_address(address: str) -> str:
    """An address without case, punctuation, postcode and country, for comparison."""
    text = re.sub(r"\b\d{5}(-\d{4})?\b(?=\W*(usa|united states)?\W*$)", " ", address.casefold())
    text = re.sub(r"\b(usa|united states)\b", " ", text)
    return " ".join(re.findall(r"\w+", text))


def distance_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """The great-circle distance of two places given as latitude and longitude [km]."""
    (lat_a, lon_a), (lat_b, lon_b) = ((math.radians(value) for value in place) for place in (a, b))
    half = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(half)))


def country_of(country: str, address: str) -> str:
    """The ISO code of the country that a row names, or that its address ends in or implies by a state; else empty."""
    if country:
        return country.upper() if re.fullmatch(r"[A-Za-z]{2}", country) else declared_country(country) or ""
    for part in reversed([part.strip() for part in address.split(",")]):
        if code := declared_country(part):
            return code
    return "US" if state_of(address) else ""


def state_of(address: str) -> str:
    """The code of the US state that an address names before its postcode or at its end; else empty."""
    codes = states()
    for pattern in (_ZIP_CODE, _LAST_STATE):
        for match in reversed(list(pattern.finditer(address))):
            if match[1] in codes.values():
                return match[1]
    words = normal_name(address)
    named = {words.rfind(name): code for name, code in codes.items() if re.search(rf"\b{re.escape(name)}\b", words)}
    return named[max(named)] if named else ""


@cache
def states() -> dict[str, str]:
    """The codes of the states by their names in lower case."""
    import csv

    path = datasets_folder() / "vocabulary" / "state.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["name"].casefold(): row["state"] for row in csv.DictReader(file)}
