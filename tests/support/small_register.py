"""A small register for the tests of the public pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from consortia.models import Belonging, Membership
from pathfinders.models import (
    LeftOutAtRelease,
    Pathfinder,
    PathfinderParticulars,
    ProgrammePlace,
    ReleasedDecision,
    ReleasedFinding,
    WaveRelease,
)
from practices.models import BodySuccession, PracticeParticulars
from registry.models import EntryKind, Installation
from tests.factories import make_body, make_consortium, make_membership, make_pct, make_practice, make_sha, writing

ANNOUNCED = date(2010, 12, 8)


def small_register() -> None:
    """Four practices of Southwark, one of them left out at release and closed; one wave; one late move corrected."""
    Installation.declare(demonstration=False)
    london = make_sha("Q36", "London")
    southwark = make_pct("5LE", sha=london, name="Southwark PCT")
    later = make_body("08Q", "NHS Southwark CCG", kind="ccg", start=date(2013, 4, 1))
    with writing("succeed") as entry:
        entry.set(BodySuccession, (southwark.pk, later.pk), date(2013, 4, 1), None, ("transfer", None, None))
    one = make_practice("G85001", pct=southwark, name="FOREST HILL SURGERY", postcode="SE22 9AA", patients=1000)
    two = make_practice("G85002", pct=southwark, name="WALWORTH SURGERY", patients=2000, quarter="2013Q2")
    make_practice("G85003", pct=southwark, name="PECKHAM SURGERY", patients=4000)
    closed = make_practice("G85004", pct=southwark, name="OLD SURGERY", last_day=date(2010, 11, 30))
    first = make_consortium("GC0001", name="Southwark Group", start=ANNOUNCED)
    second = make_consortium("GC0002", name="Other Group", start=ANNOUNCED)
    release(first, [one, two], closed)
    make_membership(two, second, date(2011, 5, 1), reason="transferred", kind=EntryKind.LATE)
    make_membership(two, second, date(2011, 4, 1), reason="transferred", kind=EntryKind.CORRECTION)
    with writing("rename") as entry:
        entry.set(PracticeParticulars, (one.pk,), date(2011, 6, 1), None, ("NEW NAME", "9 Road", "SE22 9AB", "", 4))


def release(group: Any, members: list[Any], closed: Any) -> None:
    with writing("release_wave", EntryKind.RELEASE) as entry:
        pathfinder = Pathfinder.objects.create(ref="PF0001")
        told = ("Southwark", 1, date(2010, 11, 30), ANNOUNCED, date(2011, 4, 1))
        entry.set(PathfinderParticulars, (pathfinder.pk,), ANNOUNCED, None, told)
        entry.set(ProgrammePlace, (pathfinder.pk, group.pk), ANNOUNCED, None, ())
        for practice in members:
            entry.set(Membership, (practice.pk,), ANNOUNCED, None, Belonging(group.pk, "claimed", "founding"))
        entry.set(WaveRelease, (1,), ANNOUNCED, None, (ANNOUNCED,))
        approved = (1, "Southwark", "approved_with_conditions", date(2010, 11, 30), "governance", "national-1")
        entry.set(
            ReleasedDecision,
            ("BID-2010-0001", 1),
            ANNOUNCED,
            None,
            (*approved, pathfinder.pk, date(2010, 11, 1), "Q36", "P-APPROVER", ""),
        )
        declined = (1, "", "declined", date(2010, 11, 30), "wave_capacity", "national-1", None)
        declined += (date(2010, 11, 10), "Q36", "P-APPROVER", "the Secretary of State")
        entry.set(ReleasedDecision, ("BID-2010-0002", 1), ANNOUNCED, None, declined)
        entry.set(ReleasedFinding, ("BID-2010-0001", 1, "qipp"), ANNOUNCED, None, ("partly",))
        entry.set(LeftOutAtRelease, ("BID-2010-0001", closed.pk), ANNOUNCED, None, ("closed",))
