"""Decisions of released waves. A bid that was not approved is unnamed unless its lead agreed."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, OuterRef, QuerySet, TextField
from django.db.models.functions import JSONObject

from pathfinders.models import Outcome, ReleasedDecision, ReleasedFinding
from pathfinders.reads.filtering import CodeFilter, ReadFilters, WholeNumberFilter
from pathfinders.reads.joins import first_day, on_day
from registry.moment import Moment

KEY = ("bid", "number")
ORDERINGS = {"bid": F("bid"), "decided_on": F("decided_on"), "wave": F("wave")}


def rows(user: Any, moment: Moment) -> QuerySet:
    """Released decisions in force on the day, with the finding on each criterion."""
    findings = (
        ReleasedFinding.objects.visible_to(user)
        .at(moment)
        .order_by("criterion")
        .filter(bid=OuterRef("bid"), number=OuterRef("number"))
    )
    return (
        ReleasedDecision.objects.visible_to(user)
        .at(moment)
        .annotate(_of=on_day("pathfinder__particulars", moment))
        .values(
            "bid",
            "number",
            "wave",
            "name",
            "outcome",
            "decided_on",
            "criteria",
            reason_codes=_Words(F("reasons")),
            pathfinder_ref=F("pathfinder__ref"),
            pathfinder_name=F("_of__name"),
            released_on=first_day(),
            findings=ArraySubquery(findings.values(_=JSONObject(criterion="criterion", finding="finding"))),
        )
    )


class _Words(Func):
    """Codes parted by spaces, as a list; nothing is an empty list."""

    template = "coalesce(string_to_array(%(expressions)s, ' '), '{}')"
    output_field = ArrayField(TextField())


class Filters(ReadFilters):
    bid = CodeFilter(label="Bid")
    wave = WholeNumberFilter(label="Wave")
    outcome = django_filters.ChoiceFilter(choices=Outcome.choices, label="Outcome")
    reason = django_filters.CharFilter(method="by_reason", label="Reason")
    pathfinder = CodeFilter("pathfinder_ref", label="Pathfinder")

    def by_reason(self, queryset: QuerySet, name: str, code: str) -> QuerySet:
        return queryset.filter(reason_codes__contains=[code])
