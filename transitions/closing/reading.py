"""What a close asks of the register: who is there on the day, under whom, in which consortium. A few questions in all,
however many practices: each reads what stands now, so that under the journal's lock it is what is decided on."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Case, DateField, F, Value, When

from consortia.models import Consortium, ConsortiumIdentifier, Membership
from practices.models import (
    GP_PRACTICE,
    PCT_KINDS,
    BodyKind,
    BodyParticulars,
    ListSize,
    ParentBody,
    Practice,
    PracticeParent,
    PracticeParticulars,
    PracticeStatus,
    Scheme,
    Standing,
    Status,
)
from registry.models.fact import Fact, Lower

ENGLISH = re.compile(r"[A-VX-Z]\d{5}")
"""A practice of England by its code (domain.md rule 5, section 3.3): W is Wales."""
CLOSES = (*PCT_KINDS, BodyKind.SHA)


class Body(NamedTuple):
    kind: str
    name: str


@dataclass
class World:
    """By primary key. `before` and `bodies`: who lives on the eve and on the day; `under` and `parents`: the body above
    each practice on those days; `groups`: the bodies that a consortium's confirmed codes name, None for one unknown."""

    on: date
    codes: dict[int, str]
    before: dict[int, Body]
    bodies: dict[int, Body]
    practices: dict[int, str]
    names: dict[int, str]
    statuses: dict[int, str]
    settings: dict[int, int]
    under: dict[int, int]
    parents: dict[int, int]
    members: dict[int, int]
    refs: dict[int, str]
    people: dict[int, int]
    groups: dict[int, list[int | None]] = field(default_factory=dict)

    @property
    def closing(self) -> dict[int, Body]:
        """The trusts and authorities that live on the eve or on the day."""
        return {pk: body for pk, body in (self.bodies | self.before).items() if body.kind in CLOSES}

    def counts(self, practice: int) -> bool:
        """Active on the day, a GP practice, of England (rule 5)."""
        return (
            self.statuses.get(practice) == Status.ACTIVE
            and self.settings.get(practice) == GP_PRACTICE
            and ENGLISH.fullmatch(self.practices[practice]) is not None
        )

    def trust(self, practice: int) -> int | None:
        """The body above it on the eve; of one that is new on the day, on the day."""
        return self.under.get(practice) or self.parents.get(practice)

    def is_group(self, body: int | None) -> bool:
        return body in self.bodies and self.bodies[body].kind == BodyKind.CCG


def world(on: date) -> World:
    """All of it, with the day before for who was there last."""
    eve = on - timedelta(days=1)
    told = _on(PracticeParticulars, on, "practice", "name", "setting")
    codes = dict(ParentBody.objects.values_list("pk", "code"))
    found = World(
        on=on,
        codes=codes,
        before=_bodies(eve),
        bodies=_bodies(on),
        practices=dict(Practice.objects.values_list("pk", "code")),
        names={pk: name for pk, name, _ in told},
        statuses=dict(_on(PracticeStatus, on, "practice", "status")),
        settings={pk: setting for pk, _, setting in told},
        under=dict(_on(PracticeParent, eve, "practice", "parent")),
        parents=dict(_on(PracticeParent, on, "practice", "parent")),
        members=dict(_on(Membership, on, "practice", "consortium")),
        refs=dict(Consortium.objects.values_list("pk", "ref")),
        people=_people(on),
    )
    found.groups = _groups(on, {code: pk for pk, code in codes.items()})
    return found


def last_consortia(practices: set[int], on: date) -> dict[int, int]:
    """The consortium that each was in last before the day: of those closed by then."""
    if not practices:
        return {}
    rows = Membership.objects.current().filter(practice__in=practices, effective__startswith__lt=on)
    return dict(rows.order_by("effective").values_list("practice", "consortium"))


def _on(model: type[Fact], day: date, *fields: str) -> list[tuple[Any, ...]]:
    rows = model._default_manager.filter(recorded__upper_inf=True, effective__contains=day)
    return list(rows.values_list(*fields))


def _bodies(day: date) -> dict[int, Body]:
    return {pk: Body(kind, name) for pk, kind, name in _on(BodyParticulars, day, "body", "kind", "name")}


def _groups(on: date, by_code: dict[str, int]) -> dict[int, list[int | None]]:
    rows = ConsortiumIdentifier.objects.current().filter(
        effective__contains=on, scheme=Scheme.ODS, standing=Standing.CONFIRMED
    )
    found: dict[int, list[int | None]] = defaultdict(list)
    for consortium, code in rows.order_by("value").values_list("consortium", "value"):
        found[consortium].append(by_code.get(code))
    return found


def _people(on: date) -> dict[int, int]:
    """Patients by the latest quarter begun by the day, otherwise by the earliest after it (rule 6)."""
    rows = ListSize.objects.current().annotate(_from=Lower("effective", output_field=DateField()))
    begun = When(_from__lte=on, then=Value(0))
    nearest = Case(When(_from__lte=on, then=Value(on, DateField()) - F("_from")))
    rows = rows.order_by("practice", Case(begun, default=Value(1)), nearest, "_from").distinct("practice")
    return dict(rows.values_list("practice", "patients"))
