"""What is claimed of local services (domain.md rule 25): planned, running or stopped, by whom, since when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import django_filters
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from pathfinders.models import ServiceClaim, ServiceStatus
from pathfinders.reads import known
from pathfinders.reads.announcements import areas_of, last_names
from pathfinders.reads.filtering import CodeFilter, ReadFilters, TextFilter, WholeNumberFilter
from registry.moment import Moment

KEY = ("ref",)
ORDERINGS = {
    "ref": F("ref"),
    "wave": Coalesce(F("wave"), 0),  # those of no wave first
    "published": F("published"),
    "specialty": F("specialty"),
}
OWN = (
    "ref", "wave", "scope_kind", "scope", "specialty", "status", "words", "measure", "value", "unit", "comparator",
    "period", "publisher", "published",
)  # fmt: skip


def rows(user: Any, moment: Moment) -> QuerySet:
    """Claims published by the day."""
    return ServiceClaim.objects.visible_to(user).at(moment).values(*OWN)


def of_wave(user: Any, moment: Moment, wave: int) -> QuerySet:
    """Those of a wave's announcement, published whenever, in their order."""
    return ServiceClaim.objects.visible_to(user).known(moment).filter(wave=wave).values(*OWN).order_by("ref")


def finish(user: Any, moment: Moment, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add the name of the area that a code means: the last that it had."""
    codes = areas_of(rows)
    return named(rows, dict(last_names(user, moment, codes)) if codes else {})


def named(rows: list[dict[str, Any]], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """The same for who has read the names."""
    for row in rows:
        row["scope_name"] = names.get(row["scope"], row["scope"])
    return rows


class Filters(ReadFilters):
    ref = CodeFilter(label="Reference", known=known.SERVICE)
    wave = WholeNumberFilter(label="Wave", known=known.WAVE)
    scope = TextFilter(lookup_expr="iexact", label="A code, a group or a place", known=known.SERVED)
    specialty = django_filters.CharFilter(lookup_expr="icontains", label="Specialty")
    status = django_filters.ChoiceFilter(choices=ServiceStatus.choices, label="Planned, running or stopped")
    source = django_filters.CharFilter("publisher", lookup_expr="icontains", label="Publisher")
