"""The roles of a person that ended, or will end, with the trust or authority that they were held for."""

from __future__ import annotations

from typing import Any

from practices.models import BodyKind, BodyParticulars
from registry import clock
from registry.authorization import ROLES
from registry.timeline import last_day
from transitions.models import RoleEnding


def ended(user: Any) -> list[dict[str, Any]]:
    """The person's own, by the code of the body: `{code, name, role, last_day, closed, entry, over, page}`.

    `last_day`: on which the role is held, `over` whether that is past; `closed`: the body's own last day, `page` its page
    as of then."""
    if not getattr(user, "is_authenticated", False):
        return []
    rows = RoleEnding.objects.visible_to(user).standing().filter(grant__user=user).select_related("grant")
    found = {row.grant.object_ref: row for row in rows}
    lives = BodyParticulars.objects.visible_to(user).current().filter(body__code__in=found).select_related("body")
    bodies = {life.body.code: life for life in lives.order_by("effective")} if found else {}
    return [_told(row, bodies[code]) for code, row in sorted(found.items()) if code in bodies]


def is_over(user: Any) -> bool:
    """Whether a role of the person has ended so, and none is held today."""
    if user.grants_now():
        return False
    rows = RoleEnding.objects.visible_to(user).standing()
    return rows.filter(grant__user=user, day__lte=clock.today()).exists()


def _told(row: RoleEnding, life: BodyParticulars) -> dict[str, Any]:
    closed, code = last_day(life.effective.upper), row.grant.object_ref
    kind = "shas" if life.kind == BodyKind.SHA else "pcts"
    return {
        "code": code,
        "name": life.name,
        "role": ROLES[row.grant.role].name,
        "last_day": last_day(row.day),
        "closed": closed,
        "entry": row.entry_id,
        "over": row.day <= clock.today(),
        "page": f"/{kind}/{code}/" + (f"?as_of={closed:%Y-%m-%d}" if closed else ""),
    }
