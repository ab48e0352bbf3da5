"""Strategic health authorities as they were on a day."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from pathfinders.reads import known, parents
from pathfinders.reads.filtering import CodeFilter, ReadFilters
from pathfinders.reads.finding import PARENTS, narrowed
from practices.models import PCT_KINDS, BodyKind, BodyParticulars
from registry.moment import Moment

KEY = ("code",)
ORDERINGS = {"code": F("code"), "name": F("name"), "pcts": F("pcts")}


def rows(user: Any, moment: Moment) -> QuerySet:
    """SHAs in life on the day; `pcts` counts the trusts under each."""
    below = BodyParticulars.objects.at(moment).filter(above=OuterRef("pk"), kind__in=PCT_KINDS)
    counted = Subquery(below.order_by().values("above").annotate(n=Count("pk")).values("n"))
    return dated(user, moment).annotate(pcts=Coalesce(counted, Value(0), output_field=IntegerField()))


def dated(user: Any, moment: Moment) -> QuerySet:
    """What each is on the day, without what is counted."""
    own = {name: column for name, column in parents.columns().items() if not name.startswith(("sha_", "kind"))}
    return parents.living(user, moment).filter(_own__kind=BodyKind.SHA).values("code", **own)


class Filters(ReadFilters):
    code = CodeFilter(label="Code", known=known.SHA)
    q = django_filters.CharFilter(method="search", label="Name or code")

    def search(self, queryset: QuerySet, name: str, text: str) -> QuerySet:
        return narrowed(queryset, PARENTS, None, self.moment, text)
