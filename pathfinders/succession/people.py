"""The roles held for a body that ends, and the letters to those concerned.

Access is of today: a role ends on the day of the change, or today where that has passed, for what its holder could
open until now cannot be taken back.
"""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db.models import Q

from consortia.models import Consortium
from pathfinders.models import Pathfinder, ProgrammePlace
from pathfinders.succession.draft import Draft
from pathfinders.succession.plan import Plan, RoleMove, listed
from registry import clock, outbox
from registry.actions.checks import said
from registry.authorization import ROLES
from registry.models import Entry, RoleGrant, User

HELD = ("consortium_lead", "consortium_deputy")
LETTER = """Dear {name},

{title}. The register has it under {refs}.

This holds from {day}. The reason that was recorded: {reason}

What it means for the practices concerned, day by day, is in the register: {url}
If this is not what you expected, answer this letter or write to the programme."""


def role_moves(draft: Draft) -> tuple[RoleMove, ...]:
    """The roles that end with the bodies that go, and for which their holders receive them."""
    return tuple(
        RoleMove(
            grant.user.ref,
            str(grant.user),
            ROLES[grant.role].name,
            grant.object_ref,
            tuple(draft.label(to) for to in draft.lead_to.get(grant.object_ref, ())) if grant.user.is_active else (),
            _day(draft),
        )
        for grant in _grants(draft)
    )


def move_roles(draft: Draft, by: User) -> None:
    """Do it, within the open entry and a step of casework."""
    day = _day(draft)
    for grant in _grants(draft):
        start = max(grant.period.lower or day, day)
        end = grant.period.upper
        for to in draft.lead_to.get(grant.object_ref, ()) if grant.user.is_active else ():
            _give(grant, to, start, end, by)
        grant.period = (
            (grant.period.lower, day) if (grant.period.lower or day) < day else type(grant.period)(empty=True)
        )
        grant.save()


def _give(grant: RoleGrant, to: Consortium, start: date, end: date | None, by: User) -> None:
    held = grant.user.grants.filter(role=grant.role, object_ref=to.ref, period__overlap=(start, end))
    if not held.exists():
        RoleGrant.objects.create(
            user=grant.user,
            role=grant.role,
            object_kind="consortium",
            object_ref=to.ref,
            period=(start, end),
            given_by=by.ref,
        )


def _day(draft: Draft) -> date:
    return max(draft.on, clock.today())


def _grants(draft: Draft) -> list[RoleGrant]:
    refs = [b.ref for b in draft.gone if isinstance(b, Consortium)]
    held = RoleGrant.objects.filter(
        role__in=HELD, object_kind="consortium", object_ref__in=refs, period__overlap=(_day(draft), None)
    )
    return list(held.select_related("user").order_by("object_ref", "user__ref", "pk"))


def concerned(draft: Draft) -> list[User]:
    """Who leads a consortium that goes, stays or is moved, on the day or today. Asked before roles are moved."""
    bodies = [*draft.gone, *draft.kept]
    refs = {b.ref for b in bodies if isinstance(b, Consortium)}
    inside = [b.pk for b in bodies if isinstance(b, Pathfinder)]
    if inside:
        places = ProgrammePlace.objects.current().filter(pathfinder__in=inside, effective__overlap=(draft.on, None))
        refs |= set(places.values_list("consortium__ref", flat=True))
    on = Q(period__contains=clock.today()) | Q(period__contains=_day(draft))
    held = RoleGrant.objects.filter(on, role__in=HELD, object_kind="consortium", object_ref__in=refs)
    people = User.objects.filter(pk__in=held.values("user"), is_active=True)
    return list(people.exclude(email=None).order_by("pk"))


def tell(people: list[User], plan: Plan, entry: Entry) -> None:
    """Write to them, in the transaction of the entry."""
    refs = [*plan.gone, *plan.made]
    for person in people:
        body = LETTER.format(
            name=person.name or person.ref,
            title=plan.title,
            refs=listed(refs),
            day=said(plan.on),
            reason=entry.reason,
            url=f"{settings.PUBLIC_URL}/changes/{entry.number}/",
        )
        outbox.post(to=person, subject=plan.title[:200], body=body, about=refs[0] if refs else "")
