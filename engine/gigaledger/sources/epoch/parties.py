"""Owners and users of a vintage: attribution tags become confidence, users become claims."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gigaledger.sources.epoch.places import slug
from gigaledger.sources.epoch.rules import declared_organization, declared_tag, normal_name

if TYPE_CHECKING:
    from gigaledger.folder import Rows

_ATTRIBUTION = re.compile(r"(?P<name>.*?)\s*(?:#\s*(?P<tag>[\w-]+))?")
USERS = "epoch-users"  # before the organization_id: the programme and the deal of what a party uses by the table


@dataclass(frozen=True, slots=True)
class Attribution:
    """A party that a vintage names in a role, with how sure it is."""

    name: str
    tag: str

    @property
    def confidence(self) -> str:
        """The confidence of the ledger; empty for a tag that is not declared."""
        declared = declared_tag(self.tag)
        return declared["confidence"] if declared else ""

    def __str__(self) -> str:
        """The party with its tag in brackets."""
        return f"{self.name} ({self.tag})" if self.tag else self.name


def attributions(text: str) -> list[Attribution]:
    """The parties of a cell such as `OpenAI #likely, Microsoft #confident`, each once."""
    found: dict[str, Attribution] = {}
    for part in re.split(r"[,;]", text):
        match = _ATTRIBUTION.fullmatch(part.strip())
        if match and match["name"]:
            one = Attribution(" ".join(match["name"].split()), (match["tag"] or "").casefold())
            found.setdefault(normal_name(one.name), one)
    return list(found.values())


class Parties:
    """The organisations that a vintage names, by the identifiers of the ledger."""

    def __init__(self, known: Rows, bundled: Rows) -> None:
        """Take the organisations of the user's ledger, then those of the bundled one."""
        self._rows = bundled | known
        self._ids = {normal_name(row["name"]): key for key, row in self._rows.items()}
        self.named: dict[str, dict[str, str]] = {}

    def organization_id(self, name: str) -> str:
        """The identifier of a party: declared, of that name, or made of its name."""
        found = declared_organization(name) or self._ids.get(normal_name(name)) or slug(name)
        row = self._rows.get(found)
        self.named[found] = row or {"organization_id": found, "name": name}
        return found

    def name(self, organization_id: str) -> str:
        """The name of a party that was named."""
        return self.named[organization_id]["name"]


def user_shares(users: list[Attribution]) -> dict[Attribution, dict[str, str]]:
    """The share of a site that each user may have: by its tag, divided among them, since no split is stated."""
    shares = {}
    for user in users:
        tag = declared_tag(user.tag) or declared_tag("") or {}
        shares[user] = {
            "share_low": _divided(tag["share_low"], len(users)) or ("" if len(users) == 1 else "0"),
            "share_best": _divided(tag["share_best"], len(users)),
            "share_high": tag["share_high"] or ("" if len(users) == 1 else "1"),
            "confidence": tag["confidence"] if declared_tag(user.tag) else "",
        }
    return shares


def _divided(share: str, count: int) -> str:
    """A share in equal parts, to four digits, never more than the whole together."""
    return format(int(float(share) / count * 10_000) / 10_000, "g") if share else ""
