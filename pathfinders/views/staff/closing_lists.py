"""The lists of a rehearsed close: as tables of the first rows, and whole as CSV."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, NamedTuple

from django.http import HttpResponse

from pathfinders.reads.body_news import word_of
from practices.models import BodyKind
from registry.api.delimited import TableWriter
from registry.authorization import ROLES
from registry.changes import Change
from registry.pages.tables import Column, Table
from registry.timeline import last_day
from transitions.closing.plan import Plan
from transitions.closing.rows import Closing, Holding, Money, Placed, Released, Succeeding, Unplaced

SHOWN = 50
BLOCKING = 300
"""Of those that block the close so many are named on the page, each a thing to do; of any other list SHOWN."""


class Listed(NamedTuple):
    """A list: its heading, what a row is, the columns of its table."""

    title: str
    row: type[Any]
    columns: Sequence[Column]


PRACTICE = (Column("code", "Code", href="/practices/{code}/"), Column("name", "Name"), Column("trust", "Trust"))
WAYS = {"recorded": "Recorded already", "consortium": "By its consortium’s code"}
LISTS = {
    "unplaced": Listed(
        "Unplaced practices: each blocks the close",
        Unplaced,
        (*PRACTICE, Column("consortium", "Consortium"), Column("reason", "Why"), Column("explanation", "Explained")),
    ),
    "closes": Listed(
        "What closes",
        Closing,
        (
            Column("code", "Code", href="/pcts/{code}/"),
            Column("name", "Name"),
            Column("kind", "Kind", show=lambda row: BodyKind(row.kind).label),
            Column("last_day", "Last day", kind="date"),
            Column("recorded", "Recorded", show=lambda row: "Already" if row.recorded else "By the close"),
        ),
    ),
    "successions": Listed(
        "Who follows",
        Succeeding,
        (
            Column("predecessor", "Trust or authority"),
            Column("successor", "Successor"),
            Column("name", "Its name"),
            Column("kind", "How", show=lambda row: row.kind.capitalize()),
            Column("practices", "Practices", kind="number"),
            Column("people", "People", kind="number"),
            Column("practice_share", "Share of practices"),
            Column("people_share", "Share of people"),
        ),
    ),
    "budgets": Listed(
        "Budgets",
        Money,
        (
            Column("trust", "Trust"),
            Column("year", "Year"),
            Column("line", "Line"),
            Column("holder", "Delegated to", empty="not delegated"),
            Column("amount", "Pounds", kind="number", empty="not known"),
            Column("to", "Who follows", empty="unassigned"),
        ),
    ),
    "placed": Listed(
        "Practices and their groups",
        Placed,
        (
            *PRACTICE,
            Column("successor", "Group"),
            Column("way", "How", show=lambda row: WAYS[row.way]),
            Column("flag", "Carried", show=lambda row: row.flag.capitalize()),
        ),
    ),
    "released": Listed("Under no body from then on", Released, (*PRACTICE, Column("status", "Status"))),
    "roles": Listed(
        "Roles that end",
        Holding,
        (
            Column("code", "Trust or authority"),
            Column("role", "Role", show=lambda row: ROLES[row.role].name),
            Column("person", "Held by", href="/staff/users/{person}/"),
        ),
    ),
    "changes": Listed(
        "Every fact that ends or begins",
        Change,
        (
            Column("kind", "Fact", show=lambda row: word_of(row.kind).capitalize()),
            Column("about", "About"),
            Column("begins", "Does it begin?", show=lambda row: "Begins" if row.begins else "Ends or is replaced"),
            Column("start", "From", kind="date", empty="before all records"),
            Column("after", "To", show=lambda row: last_day(row.after), empty="no end"),
        ),
    ),
}


def tables(plan: Plan, as_if: bool) -> list[dict[str, Any]]:
    """The lists that are not empty, with the address of each file."""
    query = f"?on={plan.on.isoformat()}{'&as_if=1' if as_if else ''}"
    return [part for name, listed in LISTS.items() for part in _parts(plan, name, listed, query)]


def _parts(plan: Plan, name: str, listed: Listed, query: str) -> list[dict[str, Any]]:
    """The list of that name; of the unplaced two, those that block first."""
    rows, found = getattr(plan, name), [(listed.title, getattr(plan, name), SHOWN)]
    if name == "unplaced":
        explained = [row for row in rows if row.explanation]
        found = [(listed.title, plan.left, BLOCKING), ("Left without a group, explained", explained, SHOWN)]
    return [
        {
            "title": title,
            "total": len(part),
            "table": Table(listed.columns, part[:most], title, caption_spoken=True, compact=True),
            "more": max(len(part) - most, 0),
            "href": f"/staff/close/lists/{name}.csv{query}",
            "file": len(rows),
        }
        for title, part, most in found
        if part
    ]


def explained_csv(on: str, explained: Mapping[str, str]) -> HttpResponse:
    """Who was left at a close that was written, with why."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="close-{on}-explained.csv"'
    writer = TableWriter(response)
    writer.writerow(("code", "explanation"))
    writer.writerows(explained.items())
    return response


def csv_answer(plan: Plan, name: str) -> HttpResponse:
    names = [f.name for f in fields(LISTS[name].row)]
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="close-{plan.on}-{name}.csv"'
    writer = TableWriter(response)
    writer.writerow(names)
    writer.writerows([_cell(getattr(row, field)) for field in names] for row in getattr(plan, name))
    return response


def _cell(value: Any) -> Any:
    if isinstance(value, tuple):  # the values of a change
        return "; ".join(f"{field}: {told}" for field, told in value)
    return str(value).lower() if isinstance(value, bool) else value
