"""Decisions of released waves, and their figures."""

from __future__ import annotations

from rest_framework.serializers import (
    BooleanField,
    CharField,
    DateField,
    DictField,
    FloatField,
    IntegerField,
    JSONField,
    ListField,
    Serializer,
)

from pathfinders.api.serializers.refs import BodyRef, GroupRef, PersonRef
from pathfinders.models import FindingValue, Outcome
from registry.api.dictionary import told
from registry.api.schema import Dates


class Finding(Serializer):
    criterion = CharField(help_text="The criterion's word in its set")
    finding = CharField(help_text="How far the bid met it", style=told(words=FindingValue.values))


class ReasonGiven(Serializer):
    reason = CharField(help_text="Its word in the register's vocabulary")
    label = CharField(help_text="In words")  # type: ignore[assignment]  # a field named label, not Field.label
    outside_criteria = BooleanField(help_text="Not one of the published criteria")


class ConditionSet(Serializer):
    position = IntegerField(help_text="1 for the first")
    text = CharField(help_text="What has to be done")
    due_on = DateField(help_text="The day by which")
    discharged_on = DateField(allow_null=True, help_text="The day on which it was found done")


class Decision(Serializer):
    bid = CharField(help_text="The bid's reference")
    wave = IntegerField(help_text="The number of the wave that it was decided in")
    name = CharField(allow_blank=True, help_text="Blank where a bid was not approved and its lead did not agree")
    outcome = CharField(help_text="How it was decided", style=told(words=Outcome.values))
    decided_on = DateField(help_text="The day of the decision")
    released_on = DateField(allow_null=True, help_text="The day on which it became public")
    reasons = ListField(child=CharField(), source="reason_codes", help_text="Words of the reasons given")
    criteria = CharField(help_text="The set of criteria that the bid answered, as national-1")
    pathfinder = GroupRef(allow_null=True, help_text="The pathfinder that it made")
    findings = ListField(child=Finding(), help_text="On each criterion")
    number = IntegerField(help_text="Of the decisions on this bid; an earlier one still has its row")
    standing = BooleanField(help_text="Whether it is the last on its bid at that moment")
    submitted_on = DateField(allow_null=True, help_text="The day on which the bid was sent in")
    sha = BodyRef(allow_null=True, help_text="The authority of the bid's region")
    decided_by = PersonRef(allow_null=True, help_text="Who decided")
    on_behalf_of = CharField(allow_blank=True, help_text="For whom, where not in their own name")
    conditions = ListField(child=ConditionSet(), help_text="That the approval depends on")
    reasons_given = ListField(child=ReasonGiven(), help_text="The reasons in words")
    outside_criteria = BooleanField(help_text="Whether a reason given is outside the published criteria")


class DecisionFigures(Serializer):
    key = CharField(help_text="What the row is of: a wave's number, an authority's code, a criterion or a reason")
    name = CharField(help_text="The key in words")
    bids = IntegerField(help_text="Bids decided, each once", style=told(unit="bids"))
    approved = IntegerField(help_text="With conditions or without", style=told(unit="bids"))
    approved_with_conditions = IntegerField(help_text="Of these, with conditions", style=told(unit="bids"))
    deferred = IntegerField(help_text="Put off to a later wave", style=told(unit="bids"))
    declined = IntegerField(help_text="Turned down", style=told(unit="bids"))
    approval_percent = FloatField(help_text="approved over bids", style=told(unit="percent"))
    median_days = FloatField(
        allow_null=True, help_text="Calendar days from submission to decision", style=told(unit="days")
    )
    days_known = IntegerField(
        help_text="Decisions whose bid has a day of submission: those of which median_days is the median",
        style=told(unit="bids"),
    )
    outside_criteria = IntegerField(
        help_text="Bids whose decision gives a reason outside the published criteria", style=told(unit="bids")
    )
    findings = DictField(
        child=IntegerField(), allow_null=True, help_text="By criterion: bids by finding", style=told(unit="bids")
    )


class DecisionSummary(Dates):
    by = CharField(
        help_text="What a row is of", style=told(words=("national", "wave", "sha", "criterion", "reason", "outcome"))
    )
    count = IntegerField(help_text="Rows of the answer")
    next = CharField(allow_null=True, help_text="Always null: the answer is whole")
    previous = CharField(allow_null=True, help_text="Always null")
    results = DecisionFigures(many=True, help_text="A row for each key")
    explanation = JSONField(required=False, help_text="With explain=1: the rule in words. Each row then has `links`.")
