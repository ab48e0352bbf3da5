"""Sets of criteria as they are published: for the public pages, staff and SHAs."""

from __future__ import annotations

from typing import Any

from django.db.models import Count

from pathfinders.models import NATIONAL, CriteriaSet
from practices.models import BodyParticulars


def published_sets(user: Any, *scopes: str) -> list[dict[str, Any]]:
    """Every set, or those of some scopes: the national ones first, the newest version of each first."""
    found = CriteriaSet.objects.visible_to(user).annotate(size=Count("criteria")).order_by("scope", "-version")
    if scopes:
        found = found.filter(scope__in=scopes)
    names = scope_names({s.scope for s in found})
    rows: list[dict[str, Any]] = []
    for s in sorted(found, key=lambda s: s.scope != NATIONAL):  # stable: the order within each scope stays
        rows.append(
            {
                "key": s.key,
                "scope": s.scope,
                "name": names[s.scope],
                "version": s.version,
                "published_on": s.published_on,
                "size": s.size,
                "newest": not any(r["scope"] == s.scope for r in rows),
            }
        )
    return rows


def scope_names(scopes: set[str]) -> dict[str, str]:
    """Whose criteria these are: "National", or an SHA's name, as it was last called."""
    bodies = BodyParticulars.objects.current().filter(body__code__in=scopes).order_by("effective")
    names = dict(bodies.values_list("body__code", "name"))
    return {scope: "National" if scope == NATIONAL else names.get(scope, scope) for scope in scopes}
