"""Practices in no consortium today with the steps taken towards each: the worklist of programme staff (rule 20)."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django.db.models import DateField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from consortia.models import ComplianceStep, Membership
from pathfinders.reads import unaffiliated
from registry.models.fact import Upper
from registry.moment import Moment
from transitions.compliance import STEPS

NONE_TAKEN = "none"
STEP_WORDS = {rule.kind.value: rule.label for rule in STEPS}


def rows(user: Any, moment: Moment) -> QuerySet:
    """The rows of the left out, with `since` (the day after the last membership), and the last step since then."""
    members = Membership.objects.visible_to(user).known(moment).filter(practice=OuterRef("pk"))
    ended = members.annotate(_end=Upper("effective", output_field=DateField())).filter(_end__lte=moment.as_of)
    first = Value(date.min, DateField())
    steps = ComplianceStep.objects.visible_to(user).filter(
        practice=OuterRef("pk"), on__gte=Coalesce(OuterRef("since"), first)
    )
    last = steps.order_by("-pk")
    return unaffiliated.rows(user, moment).annotate(
        since=Subquery(ended.order_by("-_end").values("_end")[:1]),
        last_step=Subquery(last.values("kind")[:1]),
        last_step_on=Subquery(last.values("on")[:1]),
    )


class Filters(unaffiliated.Filters):
    step = django_filters.ChoiceFilter(
        label="Last step",
        choices=[(NONE_TAKEN, "None yet"), *STEP_WORDS.items()],
        method="by_step",
    )

    def by_step(self, queryset: QuerySet, name: str, kind: str) -> QuerySet:
        return queryset.filter(Q(last_step=None) if kind == NONE_TAKEN else Q(last_step=kind))
