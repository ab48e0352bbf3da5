"""The roles that are held for a trust or an authority, and until when (domain.md rule 17)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import QuerySet

from registry import clock
from registry.models import RoleGrant

OBJECTS = ("pct", "sha")
"""What a role is held for that ends so: an SHA's reviewer, a trust's lead."""


def held(codes: Collection[str], on: date) -> QuerySet[RoleGrant]:
    """The roles of these bodies that would be held on the day or after it."""
    rows = RoleGrant.objects.filter(object_kind__in=OBJECTS, object_ref__in=codes, period__isempty=False)
    return rows.filter(period__overlap=(on, None)).order_by("object_ref", "role", "user__ref")


def last_day_out(on: date) -> date:
    """The first day on which nobody holds them: the body's own, or today where that is past. What was done meanwhile
    was done by right, and no day on which somebody held a role is taken from them."""
    return max(on, clock.today())
