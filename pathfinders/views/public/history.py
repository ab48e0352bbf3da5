"""The history on a record page: every dated fact of it, on both clocks.

A line says what held, its first and last day in the world (inclusive), when the register recorded it, by which
entry of what kind and why, and, where the register has since taken it back or replaced it, by which entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import DateField, F, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from consortia.models import ConsortiumParticulars
from practices.models import BodyParticulars, PracticeParticulars
from registry.models import EntryKind
from registry.models.fact import Fact, Lower, Upper
from registry.moment import Moment
from registry.pages.forms import long_date
from registry.pages.tables import Column, Table
from registry.timeline import last_day

KIND_TAGS = {
    EntryKind.EVENT: ("Event", "blue"),
    EntryKind.CORRECTION: ("Correction", "orange"),
    EntryKind.LATE: ("Late notification", "purple"),
    EntryKind.RESTATEMENT: ("Restatement", "orange"),
    EntryKind.VOID: ("Void", "red"),
    EntryKind.IMPORT: ("Import", "grey"),
    EntryKind.RELEASE: ("Release", "green"),
}


@dataclass(frozen=True)
class Line:
    """One fact. `closed_*` only where it was closed by the instant asked."""

    what: str
    words: str | SafeString
    start: date | None
    last: date | None
    recorded: datetime
    entry: int
    kind: str
    why: str
    closed: datetime | None = None
    closed_entry: int | None = None
    closed_kind: str = ""
    closed_why: str = ""

    @property
    def order(self) -> tuple:
        return (self.start or date.min, self.what, self.recorded, self.entry)


def lines(
    facts: QuerySet | list[Any], moment: Moment, what: str, words: Callable[[Any], str | SafeString]
) -> list[Line]:
    """Facts of one kind as lines: a queryset, or what `heard` gave for one."""
    found = facts if isinstance(facts, list) else heard(facts, moment)
    return [_line(fact, moment, what, words(fact)) for fact in found]


def heard(facts: QuerySet, moment: Moment) -> list[Any]:
    """Facts that the register had ever said by the instant, with their entries, in the order of the days."""
    known = facts if moment.latest else facts.filter(recorded__startswith__lte=moment.known_at)
    joined = known.select_related("opened_by", "closed_by").annotate(
        first=Lower("effective", output_field=DateField()), after=Upper("effective", output_field=DateField())
    )
    return list(joined.order_by(F("first").asc(nulls_first=True), "opened_by", "opened_position"))


def standing(facts: list[Any], moment: Moment) -> list[Any]:
    """Those of them that the register had not taken back by the instant."""
    return [fact for fact in facts if _closing_entry(fact, moment) is None]


def _closing_entry(fact: Fact, moment: Moment) -> Any:
    closed = fact.closed_by
    if closed is None or moment.latest or moment.known_at is None or closed.at <= moment.known_at:
        return closed
    return None  # not yet taken back


def _line(fact: Fact, moment: Moment, what: str, words: str | SafeString) -> Line:
    opened, closed = fact.opened_by, _closing_entry(fact, moment)
    return Line(
        what,
        words,
        fact.first,  # type: ignore[attr-defined]
        last_day(fact.after),  # type: ignore[attr-defined]
        opened.at,
        opened.number,
        opened.kind,
        opened.reason,
        *((closed.at, closed.number, closed.kind, closed.reason) if closed else ()),
    )


def name_then(names: QuerySet, key: str, outer: str, moment: Moment) -> Any:
    """The name that the body `outer` bore when the outer fact began, as known at the moment."""
    spells = names.filter(moment.recorded_q(), effective__overlap=OuterRef("effective"), **{key: OuterRef(outer)})
    return Subquery(spells.order_by("effective").values("name")[:1])


def last_body_name(outer: str, moment: Moment) -> Any:
    """The last name that the body `outer` had, as known at the moment."""
    spells = BodyParticulars.objects.filter(moment.recorded_q(), body=OuterRef(outer))
    return Subquery(spells.order_by("-effective").values("name")[:1])


def body_name(outer: str, moment: Moment) -> Any:
    return name_then(BodyParticulars.objects.all(), "body", outer, moment)


def consortium_name(outer: str, moment: Moment) -> Any:
    return name_then(ConsortiumParticulars.objects.all(), "consortium", outer, moment)


def practice_name(outer: str, moment: Moment) -> Any:
    """The name of a practice at the start of the outer fact, or the last before."""
    spells = PracticeParticulars.objects.filter(moment.recorded_q(), practice=OuterRef(outer))
    begun = spells.filter(effective__startswith__lte=Lower(OuterRef("effective"), output_field=DateField()))
    return Subquery(begun.order_by("-effective").values("name")[:1])


def named(code: str, name: str | None, path: str, dates: str) -> SafeString:
    """A link to a record, with its code."""
    return format_html(
        '<a class="nhsuk-link" href="{}{}/{}">{}</a>', path, code, dates, f"{name} ({code})" if name else code
    )


def changed(names: dict[str, str], moment: Moment) -> Callable[[Any], str]:
    """Words for a fact of several fields (field -> label): all of them where it is the first of its subject, only
    the fields that differ where it follows another in force. To be called in the order of the days."""
    before: dict[Any, Any] = {}

    def words(fact: Any) -> str:
        key = tuple(getattr(fact, f.attname) for f in fact.key_fields())
        now = {name: _shown(fact, name) for name in names}
        stands = _closing_entry(fact, moment) is None
        last = before.get(key)
        if stands:
            before[key] = now
        if not stands or last is None:
            return "; ".join(f"{names[n]}: {_flat(v)}" for n, v in now.items() if v not in ("", None))
        moved = [f"{names[n]}: {_flat(last[n])} → {_flat(v)}" for n, v in now.items() if v != last[n]]
        return "; ".join(moved) or "unchanged"

    return words


def _shown(fact: Fact, name: str) -> Any:
    """A field's value as a person reads it: the words of a choice, a date in full."""
    choice = getattr(fact, f"get_{name}_display", None)
    value = choice() if choice else getattr(fact, name)
    return long_date(value) if isinstance(value, date) else value


def _flat(value: Any) -> str:
    return "none" if value in ("", None) else ", ".join(str(value).splitlines())


def tables(found: Iterable[Line]) -> dict[str, Any]:
    """The two tables of a record: what holds as the register knows it, and what it said before."""
    ordered = sorted(found, key=lambda line: line.order)
    now = [line for line in ordered if line.closed is None]
    before = [line for line in ordered if line.closed is not None]
    return {
        "history": Table(_columns(entry=True), now, "What the register says, day by day", caption_spoken=True),
        "superseded": Table(
            [*_columns(entry=False), *_closing()], before, "What the register said before", caption_spoken=True
        )
        if before
        else None,
    }


def kind_tag(kind: str) -> SafeString:
    label, colour = KIND_TAGS.get(kind, (kind, "grey"))  # type: ignore[call-overload]
    return format_html('<strong class="nhsuk-tag nhsuk-tag--no-wrap nhsuk-tag--{}">{}</strong>', colour, label)


def instant(at: datetime | None) -> str:
    """London time to the minute."""
    return f"{timezone.localtime(at):%-d %B %Y, %H:%M}" if at else ""


def _columns(*, entry: bool) -> list[Column]:
    columns = [
        Column("what", "What"),
        Column("words", "Value", show=lambda line: format_html("<div>{}</div>", line.words)),
        Column("start", "From", kind="date", empty="before records"),
        Column("last", "To (last day)", kind="date", empty="still so"),
    ]
    if not entry:
        return columns
    return [
        *columns,
        Column("recorded", "Recorded", show=lambda line: instant(line.recorded)),
        Column("kind", "Kind of entry and why", show=lambda line: _entry(line.kind, line.why, line.entry)),
    ]


def _closing() -> list[Column]:
    """Of a line that was replaced: both entries, each in one cell."""
    return [
        Column("recorded", "Recorded", show=lambda line: _entry(line.kind, line.why, line.entry, line.recorded)),
        Column(
            "closed",
            "Replaced",
            show=lambda line: _entry(line.closed_kind, line.closed_why, line.closed_entry, line.closed),
        ),
    ]


def _entry(kind: str, why: str, number: int | None, at: datetime | None = None) -> SafeString:
    """Kind, reason and link of an entry. In one element: a cell is a row of boxes on a narrow screen."""
    link = format_html('<a class="nhsuk-link" href="/changes/{}/">entry {}</a>', number, number)
    when = format_html("{}<br>", instant(at)) if at else ""
    return format_html("<div>{}{}<br>{} ({})</div>", when, kind_tag(kind), why, link)
