"""Who keeps what the register says of a trust's hand-over."""

from __future__ import annotations

from typing import Any

from practices.models import PCT_KINDS, BodyParticulars, ParentBody
from registry.authorization import Permission, is_department, may, objects_of, require
from registry.errors import Refused, not_allowed
from registry.moment import Moment
from transitions.models import RoleEnding


def keeps_transition(user: Any, pct: ParentBody) -> bool:
    """Whether the user records this trust's stages, budgets and local bodies: its lead today, or programme staff."""
    if not may(user, Permission.KEEP_TRANSITION):
        return False
    return everywhere(user) or pct.code in objects_of(user, "pct_lead")


def everywhere(user: Any) -> bool:
    """Whether the user records them for every trust: programme staff, and the operator at the command line."""
    return may(user, Permission.KEEP_TRANSITION) and (is_department(user) or getattr(user, "is_system", False))


def require_transition_keeper(user: Any, pct: ParentBody) -> None:
    """Raise Refused (403) unless the user keeps this trust's transition."""
    if not keeps_transition(user, pct) and _led(user, pct):
        raise not_allowed(
            f"{pct.code} closed, and your role as its lead ended with it: you can read what is recorded of it, but record "
            "nothing. Tell programme staff what is wrong or missing."
        )
    require(user, Permission.KEEP_TRANSITION)
    if not keeps_transition(user, pct):
        raise not_allowed(f"{pct.code} is not your trust; only its lead and programme staff may do this.")


def _led(user: Any, pct: ParentBody) -> bool:
    """Whether a role of the user for this trust ended with it."""
    rows = RoleEnding.objects.visible_to(user).standing()
    return rows.filter(grant__user=user, grant__object_ref=pct.code).exists()


def require_everywhere(user: Any) -> None:
    """Raise Refused (403) unless the user records the transition of every trust."""
    require(user, Permission.KEEP_TRANSITION)
    if not everywhere(user):
        raise not_allowed("This is for programme staff: it concerns more than one trust.")


def require_trust(pct: ParentBody) -> None:
    """Raise Refused (422) unless the body is, or ever was, a primary care trust."""
    if not BodyParticulars.objects.known(Moment.now()).filter(body=pct, kind__in=PCT_KINDS).exists():
        raise Refused("no_trust", f"{pct.code} is no primary care trust. Check the code.", field="pct")
