"""Who keeps what of memberships: the object scope of the permissions."""

from __future__ import annotations

from typing import Any

from consortia.models import Consortium, own_consortia
from practices.models import Practice
from registry import clock
from registry.authorization import Permission, may, objects_of, require
from registry.errors import not_allowed
from registry.models import RoleGrant, User


def keeps(user: Any, consortium: Consortium) -> bool:
    """Whether the user keeps this consortium's membership: its lead or a deputy today, or programme staff who change
    the register."""
    return may(user, Permission.CHANGE_REGISTER) or consortium.ref in own_consortia(user)


def require_keeper(user: Any, consortium: Consortium) -> None:
    """Raise Refused (403) unless the user keeps this consortium's membership."""
    if not may(user, Permission.CHANGE_REGISTER):
        require(user, Permission.KEEP_MEMBERSHIP)
    if not keeps(user, consortium):
        raise not_allowed(f"{consortium.ref} is not your consortium; only its lead and deputies may do this.")


def manages(user: Any, practice: Practice) -> bool:
    """Whether the user is the practice's manager today."""
    return practice.code in objects_of(user, "practice_manager")


def require_manager(user: Any, practice: Practice) -> None:
    """Raise Refused (403) unless the user is the practice's manager."""
    require(user, Permission.KEEP_PRACTICE)
    if not manages(user, practice):
        raise not_allowed(f"{practice.code} is not your practice; only its manager may do this.")


def holders(role: str, ref: str) -> list[User]:
    """Who holds a role for an object today, the longest-standing first; closed accounts left out."""
    return [grant.user for grant in _grants(ref, role)]


def _grants(ref: str, *roles: str) -> list[RoleGrant]:
    """One question, however many the roles: the grants in their order, each role's longest-standing first."""
    grants = RoleGrant.objects.filter(
        role__in=roles, object_ref=ref, period__contains=clock.today(), user__is_active=True
    )
    return sorted(grants.select_related("user").order_by("pk"), key=lambda grant: roles.index(grant.role))


def keepers(consortium: Consortium) -> list[User]:
    """The lead and deputies of a consortium today: who is written to about it."""
    found = _grants(consortium.ref, "consortium_lead", "consortium_deputy")
    return list({grant.user_id: grant.user for grant in found}.values())


def managers(practice: Practice) -> list[User]:
    return holders("practice_manager", practice.code)
