"""Rows for tests, written as every fact is: through the journal.

Each function writes one entry and returns the identity row. Days are days of the world; `last_day` is inclusive.
Give `quarter` and `patients` for a list size. `at(...)` is short for a Moment.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from consortia.models import Belonging, Consortium, ConsortiumParticulars, Membership
from pathfinders.models import Pathfinder, PathfinderParticulars, ProgrammePlace, WaveRelease
from practices.models import (
    BodyParticulars,
    ListSize,
    ParentBody,
    Practice,
    PracticeParent,
    PracticeParticulars,
    PracticePlace,
    PracticeStatus,
)
from registry import journal
from registry.models import EntryKind
from registry.moment import Moment
from registry.timeline import first_day_out

LONG_AGO = date(2000, 4, 1)
_numbers = count(5001)  # beyond the codes that tests name themselves


def writing(action: str = "make", kind: EntryKind = EntryKind.EVENT) -> Any:
    """An open journal entry of the operator's, for facts that a test wants to write itself."""
    return journal.entry(by="system", action=action, kind=kind, reason="a test needs it")


def at(as_of: date | None = None, known_at: Any = None) -> Moment:
    return Moment.of(as_of, known_at)


def quarter_days(quarter: str) -> tuple[date, date]:
    """First day of a quarter and of the next: 2011Q1 is January to March 2011."""
    year, number = int(quarter[:4]), int(quarter[5])
    return date(year, number * 3 - 2, 1), date(year + number // 4, number % 4 * 3 + 1, 1)


def make_sha(code: str = "Q36", name: str = "", *, start: date = LONG_AGO, last_day: date | None = None) -> ParentBody:
    return make_body(code, name or f"SHA {code}", kind="sha", start=start, last_day=last_day)


def make_pct(
    code: str = "5QV",
    *,
    sha: ParentBody | None = None,
    name: str = "",
    kind: str = "pct",
    gss: str = "",
    start: date = LONG_AGO,
    last_day: date | None = date(2013, 3, 31),
) -> ParentBody:
    return make_body(code, name or f"PCT {code}", kind=kind, above=sha, gss=gss, start=start, last_day=last_day)


def make_body(
    code: str,
    name: str,
    *,
    kind: str,
    above: ParentBody | None = None,
    gss: str = "",
    start: date = LONG_AGO,
    last_day: date | None = None,
    point: tuple[str, str] | None = None,
) -> ParentBody:
    with writing("make_body") as entry:
        body = ParentBody.objects.create(code=code)
        entry.new(BodyParticulars, [(body.pk,)])
        where = tuple(map(Decimal, point)) if point else (None, None)
        values = (kind, name, gss, above.pk if above else None, *where)
        entry.set(BodyParticulars, (body.pk,), start, first_day_out(last_day), values)
    return body


def make_practice(
    code: str = "",
    *,
    pct: ParentBody | None = None,
    name: str = "",
    address: str = "1 High Street\nTown",
    postcode: str = "ZZ1 1ZZ",
    setting: int = 4,
    opened: date = LONG_AGO,
    last_day: date | None = None,
    status: str = "A",
    patients: int | None = None,
    quarter: str = "2010Q4",
    place: tuple[str, str] | None = None,
) -> Practice:
    """A practice open from `opened`; `last_day`, where given, is its last day and the parent's too."""
    with writing("make_practice") as entry:
        practice = Practice.objects.create(code=code or f"Z{next(_numbers):05d}")
        key, end = (practice.pk,), first_day_out(last_day)
        for model in (PracticeParticulars, PracticeStatus, PracticeParent, ListSize, PracticePlace):
            entry.new(model, [key])  # no need to ask what stands of a practice made just now
        particulars = (name or f"SURGERY {practice.code}", address, postcode, "", setting)
        entry.set(PracticeParticulars, key, opened, None, particulars)
        entry.set(PracticeStatus, key, opened, end, (status,))
        if end:
            entry.set(PracticeStatus, key, end, None, ("C",))
        if pct:
            entry.set(PracticeParent, key, opened, end, (pct.pk,))
        if patients is not None:
            entry.set(ListSize, key, *quarter_days(quarter), (quarter, patients))
        if place:
            entry.set(PracticePlace, key, opened, None, tuple(map(Decimal, place)))
    return practice


def make_list_size(practice: Practice, quarter: str, patients: int) -> None:
    with writing("make_list_size") as entry:
        entry.set(ListSize, (practice.pk,), *quarter_days(quarter), (quarter, patients))


def make_parent(practice: Practice, parent: ParentBody, start: date, last_day: date | None = None) -> None:
    """The practice belongs to this parent from `start`, whatever stood there."""
    with writing("make_parent") as entry:
        entry.set(PracticeParent, (practice.pk,), start, first_day_out(last_day), (parent.pk,))


def make_consortium(
    ref: str = "", *, name: str = "", form: str = "", start: date = date(2010, 10, 1), last_day: date | None = None
) -> Consortium:
    with writing("make_consortium") as entry:
        consortium = Consortium.objects.create(ref=ref or f"GC{next(_numbers):04d}")
        entry.new(ConsortiumParticulars, [(consortium.pk,)])
        values = (name or f"Consortium {consortium.ref}", form)
        entry.set(ConsortiumParticulars, (consortium.pk,), start, first_day_out(last_day), values)
    return consortium


def make_membership(
    practice: Practice,
    consortium: Consortium,
    on: date = date(2011, 1, 1),
    *,
    last_day: date | None = None,
    status: str = "claimed",
    reason: str = "founding",
    proof: str = "",
    kind: EntryKind = EntryKind.EVENT,
) -> None:
    """The practice is a member from `on`, whatever stood there."""
    with writing("make_membership", kind) as entry:
        values = Belonging(consortium.pk, status, reason, proof)
        entry.set(Membership, (practice.pk,), on, first_day_out(last_day), values)


def make_pathfinder(
    ref: str = "",
    *,
    consortia: list[Consortium],
    name: str = "",
    wave: int = 1,
    announced_on: date = date(2010, 12, 8),
    approved_on: date | None = None,
    goes_live_on: date | None = None,
) -> Pathfinder:
    """A pathfinder announced that day, with these consortia in it from then on."""
    with writing("make_pathfinder") as entry:
        pathfinder = Pathfinder.objects.create(ref=ref or f"PF{next(_numbers):04d}")
        entry.new(PathfinderParticulars, [(pathfinder.pk,)])
        entry.new(ProgrammePlace, [(pathfinder.pk, consortium.pk) for consortium in consortia])
        values = (
            name or f"Pathfinder {pathfinder.ref}",
            wave,
            approved_on or announced_on,
            announced_on,
            goes_live_on,
        )
        entry.set(PathfinderParticulars, (pathfinder.pk,), announced_on, None, values)
        for consortium in consortia:
            entry.set(ProgrammePlace, (pathfinder.pk, consortium.pk), announced_on, None, ())
    return pathfinder


def make_wave(number: int = 1, announced_on: date = date(2010, 12, 8)) -> None:
    """A wave as released."""
    with writing("make_wave", EntryKind.RELEASE) as entry:
        entry.set(WaveRelease, (number,), announced_on, None, (announced_on,))
