"""Roles are given for an object and a time, and ended (architecture.md section 5).

What goes with a role for an object (a post in a consortium) each app keeps in step with it: `given(by, grant)` and
`ended(by, grant, on)` of its `roles.py` are called in the same transaction (registry.collected).
"""

from __future__ import annotations

from datetime import date

from django.apps import apps
from django.db.models import Q

from registry import clock, journal
from registry.actions.checks import said
from registry.authorization import ROLES, Permission, Role
from registry.casework import step
from registry.collected import collected
from registry.errors import Refused, wrong_state
from registry.models import Identity, RoleGrant, User


def grant_role(
    *, by: User, user: User, role: str, ref: str = "", start: date | None = None, end: date | None = None
) -> RoleGrant:
    """The person holds the role from `start` (today) up to, not including, `end` (None: until it is ended).

    `ref` is the code or reference of the trust, region, consortium or practice of a role that is held for one.
    Raises Refused: 403; 422 for an unknown role, a missing or unknown object, a reversed time; 409 where it is held.
    """
    wanted = _known(role)
    ref = ref.strip().upper()
    _require_object(wanted, ref)
    start = start or clock.today()
    if end is not None and end <= start:
        raise Refused("bad_period", "The role would end before it begins.", field="end")
    with step(by=by, action="grant_role", permission=Permission.MANAGE_USERS, person=user.ref):
        journal.lock()  # before any row: a post may go with the role, and whoever writes facts takes it first
        held = User.objects.select_for_update().get(pk=user.pk)
        if not held.is_active:
            raise wrong_state(f"{held} cannot sign in, so holds no role. Invite the person first.")
        if held.grants.filter(role=role, object_ref=ref, period__overlap=(start, end)).exists():
            raise wrong_state(f"{held} holds {wanted.name}{f' for {ref}' if ref else ''} already in that time.")
        grant = RoleGrant.objects.create(
            user=held,
            role=role,
            object_kind=wanted.object_kind if ref else "",
            object_ref=ref,
            period=(start, end),
            given_by=by.ref,
        )
        grant.refresh_from_db(fields=["period"])
        for _, given in collected("roles", "given"):
            given(by=by, grant=grant)
    return grant


def end_role(*, by: User, grant: RoleGrant, on: date | None = None) -> RoleGrant:
    """The role is not held from `on` (today) on. Ended on or before its first day it was never held: its time becomes
    empty, and the case log keeps what it was. Raises Refused: 403; 409 where it has ended by then.
    """
    on = on or clock.today()
    with step(by=by, action="end_role", permission=Permission.MANAGE_USERS, grant=grant.pk):
        journal.lock()
        held = RoleGrant.objects.select_for_update().get(pk=grant.pk)
        if held.period.isempty or (held.period.upper is not None and held.period.upper <= on):
            raise wrong_state(f"{held.user} does not hold {held} on {said(on)}.")
        return _end(held, on, by)


def end_all_roles(user: User, *, by: User) -> None:
    """Within another step, which holds the journal's lock: none of the person's roles is held from today on."""
    today = clock.today()
    for grant in user.grants.select_for_update().filter(Q(period__endswith=None) | Q(period__endswith__gt=today)):
        if not grant.period.isempty:
            _end(grant, today, by)


def _end(grant: RoleGrant, on: date, by: User) -> RoleGrant:
    cut(grant, on)
    for _, ended in collected("roles", "ended"):
        ended(by=by, grant=grant, on=on)
    return grant


def cut(grant: RoleGrant, on: date) -> RoleGrant:
    """Within another step: not held from the day on; what goes with it is that step's business."""
    begun = grant.period.lower is None or grant.period.lower < on
    grant.period = type(grant.period)(grant.period.lower, on) if begun else type(grant.period)(empty=True)
    grant.save()
    return grant


def _known(role: str) -> Role:
    if role not in ROLES:
        raise Refused("bad_role", f"There is no role “{role}”; there are {', '.join(ROLES)}.", field="role")
    return ROLES[role]


def _require_object(role: Role, ref: str) -> None:
    if role.object_kind and not ref and not role.object_optional:
        raise Refused("no_object", f"{role.name} is held for one {role.object_kind}: say which.", field="ref")
    if not role.object_kind and ref:
        raise Refused("needless_object", f"{role.name} is held for no {ref}: leave that out.", field="ref")
    if ref and not any(m.objects.filter(**{m.NATURAL: ref}).exists() for m in _holders_of(role.object_kind)):
        raise Refused("unknown_object", f"The register knows no {role.object_kind} {ref}.", field="ref")


def _holders_of(kind: str) -> list[type[Identity]]:
    return [m for m in apps.get_models() if issubclass(m, Identity) and kind in m.ROLE_OBJECTS]
