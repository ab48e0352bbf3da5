"""Members that count, as seen from their consortium or pathfinder: how many, how many people, in which areas."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, IntegerField, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from pathfinders.reads import practices
from pathfinders.reads.joins import area
from registry.moment import Moment


def counted(user: Any, moment: Moment, **condition: Any) -> QuerySet:
    """Eligible practices (domain.md rule 5) whose membership meets the condition."""
    return practices.eligible(practices.joined(user, moment)).filter(**condition)


def figures(members: QuerySet) -> dict[str, Any]:
    """`practices`, `practices_confirmed`, `people`, `pcts` and `shas` of members picked by an OuterRef."""
    return {
        "practices": _one(members, Count("pk")),
        "practices_confirmed": _one(members.alias(_sure=F("_member__status")).filter(_sure="confirmed"), Count("pk")),
        "people": _one(members, Sum("_list__patients")),
        "pcts": _codes(members, "pct_code"),
        "shas": _codes(members, "sha_code"),
    }


def _one(members: QuerySet, aggregate: Any) -> Coalesce:
    # Grouped by a constant, so that the aggregate is over all members of the outer row.
    figure = members.order_by().values(_all=Value(1)).annotate(_n=aggregate).values("_n")
    return Coalesce(Subquery(figure), Value(0), output_field=IntegerField())


def _codes(members: QuerySet, column: str) -> ArraySubquery:
    codes = members.order_by().values(_code=area()[column]).filter(_code__isnull=False)
    return ArraySubquery(codes.distinct().order_by("_code"))
