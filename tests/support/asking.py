"""A consortium with members of each kind of address, in story time, so that days can pass."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from consortia.actions.asking import ask_practices
from consortia.actions.contacts import name_contact
from consortia.models import ConfirmationRequest, Consortium, Membership, Origin
from practices.models import Practice
from registry import clock
from registry.models import Installation, Mail, User
from registry.models.fact import Lower, Upper
from registry.timeline import last_day
from tests import programme as told
from tests.factories import make_consortium, make_membership, make_pct, make_practice

TODAY = date(2011, 9, 1)
JOINED = date(2011, 4, 1)


class Scene:
    """GC0001 with its lead and deputy, and members Z00001, Z00002 ... that it claims from 1 April 2011."""

    def __init__(self, members: int = 2) -> None:
        self.pct = make_pct("5LE")
        self.group: Consortium = make_consortium("GC0001", name="Meadow Consortium")
        self.practices: list[Practice] = [
            make_practice(f"Z{n:05d}", pct=self.pct, name=f"SURGERY {n}") for n in range(1, members + 1)
        ]
        for practice in self.practices:
            make_membership(practice, self.group, JOINED, reason="joined")
        self.lead: User = told.person(consortium_lead="GC0001", name="Lee Lead")
        self.admin: User = told.person("programme_admin")

    @property
    def first(self) -> Practice:
        return self.practices[0]

    def address(self, practice: Practice, address: str = "", **more: Any) -> None:
        told = {"by": self.lead, "origin": Origin.LEAD, "consortium": self.group} | more
        name_contact(practice=practice, address=address or f"{practice.code}@example.org", **told)

    def asked(self, practice: Practice | None = None, **more: Any) -> ConfirmationRequest:
        practice = practice or self.first
        self.address(practice)
        return ask_practices(by=self.lead, consortium=self.group, practices=[practice], **more)[0]

    def manager(self, practice: Practice | None = None) -> User:
        return told.person(practice_manager=(practice or self.first).code)


@contextmanager
def scene(members: int = 2) -> Iterator[Scene]:
    """Made on 1 September 2011; inside the block it is that day."""
    Installation.declare(demonstration=True)
    with clock.story_time(clock.on_day(TODAY)):
        yield Scene(members)


@contextmanager
def on(day: date) -> Iterator[None]:
    with clock.story_time(clock.on_day(day)):
        yield


def spells(practice: Practice) -> list[tuple[Any, ...]]:
    """Consortium, status, reason, proof, first day, inclusive last day, in order."""
    rows = Membership.objects.current().filter(practice=practice)
    rows = rows.annotate(_from=Lower("effective"), _to=Upper("effective")).order_by("_from")
    names = ("consortium__ref", "status", "reason", "proof", "_from", "_to")
    return [(*row[:-1], last_day(row[-1])) for row in rows.values_list(*names)]


def mails(**about: Any) -> list[Mail]:
    return list(Mail.objects.filter(**about).order_by("pk"))
