"""No role is given for a trust or an authority on days after the national close (registry.collected, domain.md 17)."""

from __future__ import annotations

from datetime import timedelta

from practices.models import BodyParticulars
from registry.actions.checks import said
from registry.errors import Refused
from registry.models import RoleGrant, User
from transitions.actions.closing import standing_close
from transitions.closing.holders import OBJECTS


def given(*, by: User, grant: RoleGrant) -> None:
    """Raises Refused (409) where the body has closed before the role's last day: say which day that was."""
    if grant.object_kind not in OBJECTS:
        return
    close = standing_close()
    if close is None or BodyParticulars.objects.current().filter(
        body__code=grant.object_ref, effective__contains=close.on
    ):
        return
    if grant.period.upper is not None and grant.period.upper <= close.on:
        return
    last = said(close.on - timedelta(days=1))
    begun = grant.period.lower < close.on
    do = f"Give {last} as the last day." if begun else "Nobody can hold a role for it after that."
    raise Refused(
        "body_closed",
        f"{grant.object_ref} closed on {last} (entry {close.entry.number}). {do}",
        field="end" if begun else "ref",
        status=409,
    )
