"""What is known of one practice's memberships, as tables: for its lead and for staff."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from consortia.actions.undoing import undoable
from consortia.models import LeftOut, Membership
from consortia.words import label_of
from pathfinders.views.public.history import consortium_name, instant, kind_tag
from pathfinders.views.public.practices import MEMBERSHIP_TAGS
from practices.models import Practice, PracticeParticulars
from registry import clock
from registry.models import Entry, User
from registry.models.fact import Lower, Upper
from registry.moment import Moment
from registry.pages.tables import Column, Table
from registry.timeline import last_day

MOST = 30
"""So many changes are listed; the practice's public record has all."""
FACTS = (
    Column("first", "From", kind="date"),
    Column("last", "To (last day)", kind="date", empty="no last day"),
    Column(
        "consortium.ref", "Consortium", href=lambda row: f"/consortia/{row.consortium.ref}/", show=lambda f: f.group
    ),
    Column("status", "Membership", kind="tag", tags=MEMBERSHIP_TAGS),
    Column("get_proof_display", "Answered by", show=lambda f: f.get_proof_display() if f.proof else ""),
    Column("reason_label", "Why"),
    Column("opened_by_id", "Entry", href="/changes/{opened_by_id}/"),
    Column("note", "Note", empty=""),
)


def name_of(practice: Practice) -> str:
    names = PracticeParticulars.objects.current().filter(practice=practice).order_by("-effective")
    return names.values_list("name", flat=True).first() or practice.code


def facts(user: User, practice: Practice) -> list[Any]:
    """Its memberships as the register says now, each with `first`, `last` and what is still to come of it."""
    rows = Membership.objects.visible_to(user).current().filter(practice=practice).select_related("consortium")
    rows = rows.annotate(
        group=consortium_name("consortium", Moment.now()),
        reason_label=label_of(),
        first=Lower("effective"),
        after=Upper("effective"),
    ).order_by("first")
    found: list[Any] = list(rows)
    today = clock.today()
    for fact in found:
        fact.last = last_day(fact.after)
        fact.note = coming(fact, today)
    return found


def coming(fact: Any, today: date) -> str:
    if fact.first is not None and fact.first > today:
        return "Begins on its day by itself"
    return "Ends on its day by itself" if fact.after is not None and fact.after > today else ""


def table(rows: list[Any]) -> Table:
    return Table(FACTS, rows, "Memberships by day", caption_spoken=True)


def entries_of(user: User, which: Q, left: Q | None = None) -> list[Entry]:
    """The newest entries that changed such memberships, and why practices are in none."""
    numbers: set[int] = set()
    rows: QuerySet[Any] = Membership.objects.visible_to(user).filter(which)
    sources = [rows] if left is None else [rows, LeftOut.objects.visible_to(user).filter(left)]
    for source in sources:
        for end in ("opened_by", "closed_by"):
            found = source.exclude(**{end: None}).order_by(f"-{end}").values_list(end, flat=True).distinct()[:MOST]
            numbers |= set(found)
    return list(Entry.objects.visible_to(user).filter(number__in=numbers).order_by("-number")[:MOST])


def changes(user: User, entries: list[Entry], undo: str, colleagues: Iterable[User] | None = None) -> Table:
    """Entries, with a link to undo those that the reader may. `undo`: the path with {number}. `colleagues`: whom the
    reader is told by name (None: everybody); others are their references, as in the public journal."""
    may = undoable(by=user, entries=entries)
    known = User.objects.filter(ref__in={e.actor for e in entries}) if colleagues is None else colleagues
    people = {person.ref: person.name for person in known}
    columns = (
        Column("number", "Entry", href="/changes/{number}/"),
        Column("at", "Recorded", show=lambda e: instant(e.at)),
        Column("kind", "Kind", show=lambda e: kind_tag(e.kind)),
        Column("reason", "Why"),
        Column("actor", "By", show=lambda e: people.get(e.actor) or e.actor),
        Column(
            "number",
            "Undo",
            href=lambda e: undo.format(number=e.number) if e.number in may else None,
            show=lambda e: f"Undo entry {e.number}" if e.number in may else "",
            empty="",
        ),
    )
    return Table(columns, entries, "Changes, the newest first", caption_spoken=True)
