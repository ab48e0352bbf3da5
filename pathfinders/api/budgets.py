"""GET /api/v1/budgets/."""

from __future__ import annotations

from django.db.models import QuerySet
from rest_framework.serializers import (
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    FloatField,
    IntegerField,
    ListField,
    Serializer,
)

from pathfinders.api.accountable import SaysAccountable
from pathfinders.api.evidence import PublishedEvidence
from pathfinders.api.lists import VersionList
from pathfinders.api.serializers import BodyRef
from pathfinders.api.version_rows import VersionClocks
from pathfinders.reads import budgets, versions
from registry.api.dictionary import told
from registry.moment import Moment
from transitions.models import Level

POUNDS = told(unit="pounds")


class LineRef(Serializer):
    key = CharField(help_text="A word for programs; all is the whole budget")
    label = CharField(help_text="The service line in words")  # type: ignore[assignment]  # a field named label, not Field.label


class Holder(Serializer):
    holder = CharField(help_text="The reference of a consortium or of a local body")
    name = CharField(help_text="Its name that day")
    amount = IntegerField(allow_null=True, help_text="What it answers for; null where not stated", style=POUNDS)
    level = CharField(help_text="How far it answers for it", style=told(words=Level.values))


class Budget(Serializer):
    pct = BodyRef(help_text="The trust whose budget it is")
    sha = BodyRef(allow_null=True, help_text="The strategic health authority above it")
    year = CharField(help_text="The financial year, from 1 April to 31 March")
    line = LineRef(help_text="The service line")
    total = IntegerField(allow_null=True, help_text="All of the line; null where not stated", style=POUNDS)
    delegated = IntegerField(allow_null=True, help_text="What is delegated; null where not stated", style=POUNDS)
    retained = IntegerField(allow_null=True, help_text="What the trust keeps; null where not stated", style=POUNDS)
    excluded = IntegerField(
        allow_null=True, help_text="What may not be delegated; null where not stated", style=POUNDS
    )
    rounding = IntegerField(help_text="The unit that the source rounds its figures to; 0 where exact", style=POUNDS)
    difference = IntegerField(
        allow_null=True,
        help_text="Total less its parts; null where total, delegated or retained is not stated",
        style=POUNDS,
    )
    adds_up = CharField(
        help_text="Whether the parts make the total: exactly, to the stated rounding, or not stated",
        style=told(words=budgets.ADDS_UP),
    )
    eligible = BooleanField(help_text="Whether the line may be delegated at all")
    eligible_total = IntegerField(
        allow_null=True,
        help_text="Total less what is excluded: what the share is of; null where not known",
        style=POUNDS,
    )
    share = FloatField(
        allow_null=True,
        help_text="Delegated as a percentage of eligible_total; null where either is not known; 100 where rounded figures make more",
        style=told(unit="per cent"),
    )
    holders = ListField(
        style={"array": True},
        child=Holder(),
        help_text="To whom it is delegated, on the day or the last day of a year that is over; in a cell of CSV or Excel, one JSON array",
    )
    people = IntegerField(
        allow_null=True, help_text="People on the lists of the trust's practices that day", style=told(unit="people")
    )
    people_quarter = CharField(allow_null=True, help_text="The quarter that the lists are of")
    weighted_people = IntegerField(
        allow_null=True,
        help_text="The trust's people as the allocation formula weights them that year",
        style=told(unit="people"),
    )
    total_per_head = FloatField(allow_null=True, help_text="Total for each of people", style=POUNDS)
    total_per_weighted_head = FloatField(allow_null=True, help_text="Total for each of weighted_people", style=POUNDS)
    delegated_per_head = FloatField(allow_null=True, help_text="Delegated for each of people", style=POUNDS)
    delegated_per_weighted_head = FloatField(
        allow_null=True, help_text="Delegated for each of weighted_people", style=POUNDS
    )
    accountable = CharField(
        allow_null=True,
        help_text="The trust that answers for this budget whatever it delegates; null of a year from 2013/14",
    )
    note = CharField(allow_blank=True, help_text="What the source adds")
    evidence = PublishedEvidence(help_text="Where it is said")
    effective_from = DateField(allow_null=True, help_text="The day from which these figures stand")
    effective_to = DateField(allow_null=True, help_text="The last day on which they stood, inclusive")
    recorded_from = DateTimeField(help_text="When the register said so")
    opened = CharField(help_text="Where in the change feed: entry.position")


class BudgetFigures(Serializer):
    pct = BodyRef(help_text="The trust whose budget it is, with its name as last told by as_of")
    sha = BodyRef(allow_null=True, help_text="The strategic health authority above it")
    year = CharField(help_text="The financial year, from 1 April to 31 March")
    line = LineRef(help_text="The service line")
    total = IntegerField(allow_null=True, help_text="All of the line; null where not stated", style=POUNDS)
    delegated = IntegerField(allow_null=True, help_text="What is delegated; null where not stated", style=POUNDS)
    retained = IntegerField(allow_null=True, help_text="What the trust keeps; null where not stated", style=POUNDS)
    excluded = IntegerField(
        allow_null=True, help_text="What may not be delegated; null where not stated", style=POUNDS
    )
    rounding = IntegerField(help_text="The unit that the source rounds its figures to; 0 where exact", style=POUNDS)
    difference = IntegerField(
        allow_null=True, help_text="Total less its parts; null where one of them is not stated", style=POUNDS
    )
    adds_up = CharField(help_text="Whether the parts make the total", style=told(words=budgets.ADDS_UP))
    eligible = BooleanField(help_text="Whether the line may be delegated at all")
    note = CharField(allow_blank=True, help_text="What the source adds")
    evidence = PublishedEvidence(help_text="Where it is said")


class BudgetVersion(BudgetFigures, VersionClocks):
    """A line as one source stated it, over the days for which it stood."""


class Budgets(SaysAccountable, VersionList):
    """Budgets of primary care trusts by financial year and service line, as their sources state them: whole pounds, null
    where not stated. Of the financial year of `as_of` unless `year` says another, or all. `accountable` says who answers
    for them whatever is delegated."""

    in_editions = True
    read, serializer = budgets, Budget
    versions, spell = versions.BUDGETS, BudgetVersion
    words = {**VersionList.words, "year": "A financial year as 2011/12, or all; that of as_of without it."}

    def rows(self, moment: Moment) -> QuerySet:
        if self.by_version:
            return super().rows(moment)
        return budgets.rows(self.request.user, moment, self.request.GET.get("year", "").strip())
