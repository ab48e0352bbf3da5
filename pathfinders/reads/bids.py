"""Bids as their reader may know them: a lead's own, those of a PCT's or SHA's area, all for programme staff."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import F, Q, QuerySet

from pathfinders.models import Bid
from pathfinders.reads import known
from pathfinders.reads.filtering import CodeFilter, ReadFilters
from pathfinders.states import SHOWN_LABELS
from registry.moment import Moment

KEY = ("ref",)
ORDERINGS = {"ref": F("ref"), "name": F("name"), "submitted_on": F("submitted_on")}


def rows(user: Any, moment: Moment) -> QuerySet:
    """Casework has no two clocks: the bids as they are now, in the state that the user may know (the embargo)."""
    shown = Bid.objects.shown_to(user)
    return shown.annotate(lead_ref=F("lead__ref"), earlier_ref=F("earlier__ref")).values(
        "ref",
        "name",
        "form",
        "partners",
        "as_at",
        "submitted_on",
        "agrees_to_be_named",
        "lead_ref",
        "earlier_ref",
        state=F("shown_state"),
        version=F("shown_version"),
    )


class Filters(ReadFilters):
    ref = CodeFilter(label="Bid", known=known.OWN)
    state = django_filters.ChoiceFilter(label="State", choices=list(SHOWN_LABELS.items()))
    q = django_filters.CharFilter(method="search", label="Name or reference")

    def search(self, queryset: QuerySet, name: str, text: str) -> QuerySet:
        return queryset.filter(Q(ref__icontains=text.strip()) | Q(name__icontains=text.strip()))
