"""Gross, overlap and counted once on a terminal of 100 columns, and the tree of what lies in what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.table import Table
from rich.tree import Tree

from gigaledger.figures import figure, scaled
from gigaledger.terminal import console, interval_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rich.console import Console

MOST_ROWS = 12
_KINDS = {"industry": "Industry", "layer": "By layer", "beneficiary": "By beneficiary", "programme": "By programme"}
_TOTALS = ("gross", "overlap", "counted_once")
_HEADINGS = ("Gross", "Told twice", "Counted once")
_RELATIONS = {
    "part_of": "",
    "funds": "funds it: ",
    "backs": "backs it: ",
    "chips_for": "chips for it: ",
    "site_for": "site for it: ",
    "cloud_for": "cloud for it: ",
    "build_for": "building for it: ",
    "capacity_for": "capacity for it: ",
    "power_for": "power for it: ",
}


def print_overlap(document: Mapping[str, Any]) -> None:
    """Print one scope with its tree, or all scopes."""
    out = console()
    out.print(
        f"[bold]Counted once[/bold]  as known on {document['as_of']}, {document['measure']}, "
        f"{document['draws']:,} draws, seed {document['seed']}; median (5 % to 95 %)"
    )
    for note in document["notes"]:
        out.print(f"Note: {escape(note)}")
    if "tree" in document:
        _print_scope(out, document["scopes"][0], document["tree"])
        return
    for kind, title in _KINDS.items():
        scopes = [one for one in document["scopes"] if one["scope_kind"] == kind and (one["layers"] or one["money"])]
        _print_scopes(out, title, kind, scopes)
    out.print("Across layers one gigawatt is a lease, a chip order and a cloud contract at once; no sum of layers is.")


def _print_scopes(out: Console, title: str, kind: str, scopes: list[Mapping[str, Any]]) -> None:
    """Print the totals of scopes of one kind, the largest first."""
    rows = [(one, _main_layer(one, kind), _commitments(one)) for one in scopes]
    rows.sort(key=lambda row: -(row[1]["gross"]["mean"] if row[1] and row[1]["gross"] else 0))
    table = _table(title)
    unit = next((scaled(row[1]["gross"]["unit"])[1] for row in rows if row[1] and row[1]["gross"]), "")
    table.add_column("", overflow="fold", min_width=28)
    table.add_column("Deals", justify="right", no_wrap=True)
    for heading in (*(f"{one}\n{unit}" for one in _HEADINGS), "Stated\nB USD", "once\nB USD"):
        table.add_column(heading, justify="right", no_wrap=True)
    for scope, layer, money in rows[:MOST_ROWS]:
        amounts = _short_amounts(layer)
        dollars = [figure(money[f"{name}_face_usd"] / 1e9) if money else "" for name in ("gross", "counted_once")]
        table.add_row(escape(scope["scope_id"]), f"{layer['deal_count']}" if layer else "", *amounts, *dollars)
    if rows:
        out.print()
        out.print(table)
    if len(rows) > MOST_ROWS:
        out.print(f"  and {len(rows) - MOST_ROWS} smaller ones (--json lists all)")


def _short_amounts(layer: Mapping[str, Any] | None) -> list[str]:
    """Medians of gross and overlap, and what is counted once with its interval."""
    if layer is None or layer["gross"] is None:
        return ["", "", ""]
    divisor = scaled(layer["gross"]["unit"])[0]
    medians = [figure(layer[name]["p50"] / divisor) for name in _TOTALS[:2]]
    return [*medians, interval_text(layer["counted_once"])]


def _main_layer(scope: Mapping[str, Any], kind: str) -> Mapping[str, Any] | None:
    """The total over the layers of a scope; a layer is its own."""
    wanted = scope["scope_id"] if kind == "layer" else "all"
    return next((row for row in scope["layers"] if row["layer"] == wanted), None)


def _commitments(scope: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The stated dollars of a scope that are no equity, debt or guarantee."""
    return next((row for row in scope["money"] if row["money_kind"] == "commitment"), None)


def _table(title: str) -> Table:
    """A table without lines."""
    return Table(box=None, pad_edge=False, padding=(0, 1), title=title, title_justify="left", title_style="bold")


def _add_columns(table: Table, row: Mapping[str, Any] | None) -> None:
    """Add the columns of capacity totals."""
    unit = scaled(row["gross"]["unit"])[1] if row and row["gross"] else ""
    table.add_column("", overflow="fold")
    table.add_column("Deals", justify="right", no_wrap=True)
    for heading in _HEADINGS:
        table.add_column(f"{heading}\n{unit}", justify="right", no_wrap=True)


def _print_scope(out: Console, scope: Mapping[str, Any], tree: list[Mapping[str, Any]]) -> None:
    """Print the layers, the money and the tree of one scope."""
    out.print(f"\n[bold]{escape(scope['name'])}[/bold]  {escape(scope['scope_kind'])} {escape(scope['scope_id'])}")
    if not scope["layers"] and not scope["money"]:
        out.print("No deal of it states capacity or dollars that are reckoned.")
    if scope["layers"]:
        table = _table("Capacity")
        _add_columns(table, scope["layers"][0])
        layers = sorted(scope["layers"], key=lambda row: row["layer"] == "all")
        for row in layers:
            name = "all layers, once" if row["layer"] == "all" else row["layer"]
            style = "bold" if row["layer"] == "all" else None
            table.add_row(name, f"{row['deal_count']}", *(interval_text(row[one]) for one in _TOTALS), style=style)
        out.print(table)
        _print_reasons(out, layers[-1])
    if scope["money"]:
        table = _table("Stated dollars, at face value and with the spread of about, up to and at least")
        table.add_column("")
        table.add_column("Deals", justify="right", no_wrap=True)
        for heading in (*_HEADINGS, "Counted once"):
            table.add_column(f"{heading}\nB USD", justify="right", no_wrap=True)
        for row in scope["money"]:
            faces = (figure(row[f"{name}_face_usd"] / 1e9) for name in _TOTALS)
            table.add_row(row["money_kind"], f"{row['deal_count']}", *faces, interval_text(row["counted_once"]))
        out.print(table)
    if tree:
        out.print("[bold]What lies in what[/bold]")
    for root in tree:
        out.print(_branch(root, None))


def _print_reasons(out: Console, row: Mapping[str, Any]) -> None:
    """Print why capacity is told twice, in means."""
    if row["gross"] is None:
        return
    divisor, unit = scaled(row["gross"]["unit"])
    reasons = row["overlap_by_reason_mean"]
    out.print(
        f"  told twice, in means: {figure(reasons['inside'] / divisor)} {unit} inside other deals, "
        f"{figure(reasons['shared'] / divisor)} at shared sites, {figure(reasons['included'] / divisor)} by inclusions"
    )


def _branch(node: Mapping[str, Any], tree: Tree | None) -> Tree:
    """A deal as a branch, with what it shares, where it stands and what lies in it."""
    branch = Tree(_deal_text(node)) if tree is None else tree.add(_deal_text(node))
    for site in node["sites"]:
        branch.add(f"at {escape(site['name'])}, {site['share_best']:.0%} of it")
    for link in node["included_in"]:
        branch.add(f"{link['share_best']:.0%} of it is told again by {escape(link['deal_id'])}")
    for site_id, others in _by_site(node["shares_site"]).items():
        branch.add(f"[dim]shares {escape(site_id)} with {escape(', '.join(others))}[/dim]")
    for part in node["parts"]:
        _branch(part, branch)
    return branch


def _by_site(links: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """The deals that share a site, by site."""
    found: dict[str, list[str]] = {}
    for link in links:
        found.setdefault(link["site_id"], []).append(link["deal_id"])
    return found


def _deal_text(node: Mapping[str, Any]) -> str:
    """One deal: what it is to its whole, its title, layer, status, dollars and capacity."""
    facts = [node["layer"], node["status"].replace("_", " ")]
    if node["face_usd"] is not None:
        facts.append(f"{figure(node['face_usd'] / 1e9)} B USD")
    if node["amount"] is not None:
        facts.append(f"{interval_text(node['amount'])} {scaled(node['amount']['unit'])[1]}")
    if node["status"] in {"rumoured", "cancelled"}:
        facts.append("not reckoned")
    return f"{_RELATIONS.get(node['relation'] or 'part_of', '')}{escape(node['title'])}  [dim]{', '.join(facts)}[/dim]"
