"""Decisions of released waves. A bid that was not approved is unnamed unless its lead agreed.

Every decision on a bid is a row of its own, by its number; the highest announced one stands.
"""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import Exists, F, Func, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce, JSONObject, NullIf

from pathfinders.models import (
    APPROVALS,
    FindingValue,
    Outcome,
    Reason,
    ReleasedCondition,
    ReleasedDecision,
    ReleasedFinding,
)
from pathfinders.reads import known
from pathfinders.reads.filtering import CodeFilter, ReadFilters, TextFilter, WholeNumberFilter, WordFilter
from pathfinders.reads.joins import first_day, on_day
from practices.models import BodyParticulars
from registry.models import User
from registry.moment import Moment

KEY = ("bid", "number")
ORDERINGS = {"bid": F("bid"), "decided_on": F("decided_on"), "wave": F("wave")}


def rows(user: Any, moment: Moment) -> QuerySet:
    """Released decisions in force on the day, with the finding on each criterion, reasons, conditions and people.

    `decided_by_name` is the one column that is no fact: a person's name is erasable, and lies with the person.
    """
    of_it = {"bid": OuterRef("bid"), "number": OuterRef("number")}
    findings = ReleasedFinding.objects.visible_to(user).at(moment).order_by("criterion").filter(**of_it)
    conditions = ReleasedCondition.objects.visible_to(user).at(moment).order_by("position").filter(**of_it)
    later = ReleasedDecision.objects.at(moment).filter(bid=OuterRef("bid"), number__gt=OuterRef("number"))
    named = BodyParticulars.objects.filter(moment.recorded_q(), body__code=OuterRef("sha")).order_by("-effective")
    person = User.objects.filter(ref=OuterRef("decided_by"))
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
            "submitted_on",
            "on_behalf_of",
            reason_codes=_Words(F("reasons")),
            pathfinder_ref=F("pathfinder__ref"),
            pathfinder_name=F("_of__name"),
            released_on=first_day(),
            findings=ArraySubquery(findings.values(_=JSONObject(criterion="criterion", finding="finding"))),
            standing=~Exists(later),
            sha_code=NullIf(F("sha"), Value("")),
            sha_name=Subquery(named.values("name")[:1]),
            decided_by_ref=NullIf(F("decided_by"), Value("")),
            decided_by_name=Coalesce(Subquery(person.values("name")[:1]), Value("")),
            conditions=ArraySubquery(conditions.values(_=_CONDITION)),
        )
    )


_CONDITION = JSONObject(position="position", text="text", due_on="due_on", discharged_on="discharged_on")


def finish(user: Any, moment: Moment, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add the reasons in words, and whether one of them is outside the published criteria (domain.md rule 13)."""
    known = {r.key: r for r in Reason.objects.visible_to(user)} if rows else {}
    for row in rows:
        row["reasons_given"] = [_reason(code, known.get(code)) for code in row["reason_codes"]]
        row["outside_criteria"] = any(r["outside_criteria"] for r in row["reasons_given"])
    return rows


def _reason(code: str, reason: Reason | None) -> dict[str, Any]:
    label, outside = (reason.label, reason.outside_criteria) if reason else (code, False)
    return {"reason": code, "label": label, "outside_criteria": outside}


class _Words(Func):
    """Codes parted by spaces, as a list; nothing is an empty list."""

    template = "coalesce(string_to_array(%(expressions)s, ' '), '{}')"
    output_field = ArrayField(TextField())


class Filters(ReadFilters):
    bid = CodeFilter(label="Bid", known=known.DECIDED_BID)
    wave = WholeNumberFilter(label="Wave", known=known.WAVE)
    outcome = django_filters.ChoiceFilter(choices=Outcome.choices, label="Outcome")
    reason = WordFilter(method="by_reason", label="Reason", known=known.REASON)
    pathfinder = CodeFilter("pathfinder_ref", label="Pathfinder", known=known.PATHFINDER)
    sha = CodeFilter(method="by_sha", label="SHA, or none", known=known.SHA_OR_NONE)
    criteria = TextFilter(lookup_expr="iexact", label="Criteria, as national-1", known=known.CRITERIA)
    finding = TextFilter(method="by_finding", label="Finding, as qipp or qipp:met", known=known.FINDING)
    approved = django_filters.BooleanFilter(method="by_approval", label="Approved, with conditions or without")
    standing = django_filters.BooleanFilter(label="Standing: the last decision on its bid")
    outside = django_filters.BooleanFilter(method="by_outside", label="Outside the published criteria")

    def by_reason(self, queryset: QuerySet, name: str, code: str) -> QuerySet:
        return queryset.filter(reason_codes__contains=[code.strip().lower()])

    def by_sha(self, queryset: QuerySet, name: str, code: str) -> QuerySet:
        code = code.strip().upper()
        return queryset.filter(sha_code=None) if code == "NONE" else queryset.filter(sha_code=code)

    def by_finding(self, queryset: QuerySet, name: str, asked: str) -> QuerySet:
        """Decisions with a finding on the criterion, or with this finding on it."""
        criterion, _, value = asked.partition(":")
        found = ReleasedFinding.objects.at(self.moment).filter(criterion=criterion)
        found = found.filter(finding=value) if value in FindingValue.values else found if not value else found.none()
        return queryset.filter(Exists(found.filter(bid=OuterRef("bid"), number=OuterRef("number"))))

    def by_approval(self, queryset: QuerySet, name: str, approved: bool) -> QuerySet:
        return queryset.filter(outcome__in=APPROVALS) if approved else queryset.exclude(outcome__in=APPROVALS)

    def by_outside(self, queryset: QuerySet, name: str, outside: bool) -> QuerySet:
        keys = list(Reason.objects.filter(outside_criteria=True).values_list("key", flat=True))
        given = {"reason_codes__overlap": keys}
        return queryset.filter(**given) if outside else queryset.exclude(**given)
