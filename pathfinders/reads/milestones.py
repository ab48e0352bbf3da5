"""Dates of the programme, as planned on a day or as they came; or version by version (domain.md section 3.1)."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django.db.models import DateField, F, QuerySet, Value
from django.db.models.functions import Coalesce

from pathfinders.reads import known
from pathfinders.reads.filtering import ReadFilters, WordFilter
from pathfinders.reads.joins import both_clocks, first_day
from registry.moment import Moment
from transitions.models import Milestone

KEY = ("key", "opened_by_id", "opened_position")
ORDERINGS = {
    "key": F("key"),
    "day": F("day"),
    "effective_from": Coalesce(F("_from"), Value(date.min, DateField())),
}


def rows(user: Any, moment: Moment) -> QuerySet:
    """The version of each milestone that was made known by the day and stands on it."""
    return _rows(Milestone.objects.visible_to(user).at(moment), moment)


def history(user: Any, moment: Moment, *, superseded: bool = False) -> QuerySet:
    """Every version, of any day, as known at the moment; with `superseded` also those taken back by then."""
    versions = Milestone.objects.visible_to(user)
    if not superseded:
        return _rows(versions.known(moment), moment)
    return _rows(versions if moment.latest else versions.filter(recorded__startswith__lte=moment.known_at), moment)


def _rows(versions: QuerySet, moment: Moment) -> QuerySet:
    return versions.alias(_from=first_day()).values(
        "key",
        "name",
        "day",
        "words",
        "settled",
        "why",
        "source",
        "opened_by_id",
        "opened_position",
        **both_clocks(moment),
        recorded_kind=F("opened_by__kind"),
        recorded_why=F("opened_by__reason"),
    )


class Filters(ReadFilters):
    key = WordFilter(label="Key, as deadline", known=known.MILESTONE)
    q = django_filters.CharFilter("name", lookup_expr="icontains", label="Name")
    settled = django_filters.BooleanFilter(label="Settled: no longer a plan")
    day_from = django_filters.DateFilter("day", lookup_expr="gte", label="On this day or later")
    day_to = django_filters.DateFilter("day", lookup_expr="lte", label="On this day or earlier")
