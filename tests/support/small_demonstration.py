"""A demonstration in small: its people, a released wave of each of two days, a correction, and bids to work on.

What the tours and the README say of the whole one can be tried on it; it is made in a few seconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.db import connection
from django.test import override_settings

from consortia.actions.asking import ask_practices
from consortia.actions.contacts import name_contact
from consortia.models import Consortium, Membership
from pathfinders import actions
from pathfinders.demonstration import people
from pathfinders.demonstration.programme import deadline
from pathfinders.models import Bid
from practices.actions.load_reference import load_reference
from practices.models import ParentBody, Practice
from registry import clock
from registry.actions import grant_role
from registry.clock import on_day
from registry.models import EntryKind, Installation, User
from tests import programme as told
from tests.factories import make_consortium, make_membership, make_practice
from tests.support import databases
from transitions.actions import Source, record_survey

WAVES = {1: (date(2010, 12, 8), ("Bexley",)), 4: (date(2011, 4, 4), ("Lambeth", "Southwark"))}
TODAY = date(2011, 9, 1)
ASKED = date(2011, 8, 22)


@contextmanager
def made() -> Iterator[str]:
    """The name of a database that has it, to make clones of."""
    with databases.copied(connection.settings_dict["NAME"]) as name:
        with databases.pointed_at(name), override_settings(DEMO=True):
            small_demonstration()
        yield name


def small_demonstration() -> None:
    Installation.declare(demonstration=True)
    with clock.story_time(on_day(date(2010, 10, 1))):
        load_reference(by=User.objects.system())
        cast = people.cast()
        southwark = ParentBody.objects.get(code="5LE")
        practices = [
            make_practice(f"Z{n:05d}", pct=southwark, patients=1000 * n, name=f"SURGERY {n}") for n in range(1, 15)
        ]
        people.practice_manager(practices[0].code)
        deadline(cast.admin)
        team = told.People(people.leads(1)[0], cast.assessors[0], cast.approver, cast.admin)
    mine = practices[:2]
    for number, (day, names) in WAVES.items():
        _wave(team, number, day, {name: [practices.pop(0), practices.pop(0)] for name in names})
    _asked(cast.demo["consortium_lead"], mine)
    _a_correction(practices.pop(0))
    _open_survey(cast.admin)
    _open_bids(team, cast, practices)


def _open_survey(admin: User) -> None:
    """Of all trusts, none of which has answered yet."""
    with clock.story_time(on_day(ASKED)):
        record_survey(
            by=admin,
            title="Return of September 2011",
            question="Has the trust delegated any of its budget to a consortium?",
            asked_of="trusts",
            known_from=ASKED,
            begins=ASKED,
            ends=date(2011, 9, 30),
            source=Source("survey", "Return of September 2011", "The Department", ASKED),
        )


def _wave(team: told.People, number: int, day: date, groups: dict[str, list[Practice]]) -> None:
    with clock.story_time(on_day(day, hour=8)):
        wave = told.wave(team, number, day)
        for name, practices in groups.items():
            bid = told.assessed(team, practices, name=name, as_at=day)
            told.decide(team, bid, wave, decided_on=day)
        told.release(team, wave)


def _asked(lead: User, practices: list[Practice]) -> None:
    """The demonstration's lead has the consortium of the first wave, and asked its practices ten days ago."""
    with clock.story_time(on_day(ASKED)):
        group = Consortium.objects.get(pk=Membership.objects.current().get(practice=practices[0]).consortium_id)
        grant_role(by=User.objects.system(), user=lead, role="consortium_lead", ref=group.ref)
        for practice in practices:
            address = f"manager@{practice.code.lower()}.invalid"
            name_contact(by=lead, practice=practice, address=address, origin="lead", consortium=group)
        ask_practices(by=lead, consortium=group, practices=practices)


def _a_correction(practice: Practice) -> None:
    with clock.story_time(on_day(date(2011, 6, 20))):
        group = make_consortium("GC0900", name="Peckham Group")
        make_membership(practice, group, date(2011, 5, 1), kind=EntryKind.LATE)
        make_membership(practice, group, date(2011, 4, 1), kind=EntryKind.CORRECTION)


def _open_bids(team: told.People, cast: people.Cast, practices: list[Practice]) -> None:
    """A draft of the demonstration's lead, one bid submitted and one assessed, to be told in the open wave."""
    with clock.story_time(on_day(TODAY, hour=8)):
        wave = told.wave(team, 6, TODAY)
        mine = told.People(cast.demo["consortium_lead"], team.assessor, team.approver, team.admin)
        told.draft(mine, [practices.pop(0)], name="Dulwich", as_at=TODAY)
        told.submitted(team, [practices.pop(0)], name="Camberwell", as_at=TODAY)
        bid: Bid = told.assessed(team, [practices.pop(0)], name="Peckham", as_at=TODAY)
        actions.put_in_wave(by=team.admin, bid=bid, version=bid.version, wave=wave)
