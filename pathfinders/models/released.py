from __future__ import annotations

from django.db import models
from django.db.models import Q

from pathfinders.models.pathfinder import Pathfinder
from practices.models import Practice
from registry.models.fact import Fact, fact_constraints, fact_indexes


class Outcome(models.TextChoices):
    APPROVED = "approved", "Approved"
    CONDITIONS = "approved_with_conditions", "Approved with conditions"
    DEFERRED = "deferred", "Deferred to a later wave"
    DECLINED = "declined", "Declined"


APPROVALS = (Outcome.APPROVED, Outcome.CONDITIONS)


class ReleasedDecision(Fact):
    """A decision, once its wave is released. A bid that was not approved is unnamed unless its lead agreed.

    Each decision on a bid is a fact of its own: a changed mind adds the next number and takes nothing away; the
    highest number stands. `decided_by`: a person's reference (their name is erasable, and lies with them);
    `on_behalf_of`: the minister who decided, where one did. `sha`: the SHA of most of its practices, as at its date.
    """

    NAME = "decision"
    KEY = ("bid", "number")
    ADDED = ("number", "submitted_on", "sha", "decided_by", "on_behalf_of")
    bid = models.CharField(max_length=20)
    number = models.PositiveSmallIntegerField(default=1)
    wave = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=30, choices=Outcome)
    decided_on = models.DateField()
    reasons = models.CharField(max_length=400, blank=True)  # codes, sorted, parted by spaces
    criteria = models.CharField(max_length=40)  # the criteria set in force at submission, as "national-1"
    pathfinder = models.ForeignKey(Pathfinder, models.PROTECT, related_name="decisions", null=True)
    submitted_on = models.DateField(null=True)
    sha = models.CharField(max_length=10, blank=True)
    decided_by = models.CharField(max_length=20, blank=True)
    on_behalf_of = models.CharField(max_length=200, blank=True)

    class Meta(Fact.Meta):
        constraints = fact_constraints(
            "bid",
            "number",
            known=Q(outcome__in=Outcome.values),
            reasoned=Q(outcome="approved") | ~Q(reasons=""),
            placed=Q(outcome__in=APPROVALS, pathfinder__isnull=False)
            | (~Q(outcome__in=APPROVALS) & Q(pathfinder=None)),
            numbered=Q(number__gte=1),
        )
        indexes = fact_indexes("bid", "number")


class ReleasedFinding(Fact):
    """What the assessor found on one criterion when decision `number` was made, once released."""

    NAME = "finding"
    KEY = ("bid", "number", "criterion")
    ADDED = ("number",)
    bid = models.CharField(max_length=20)
    number = models.PositiveSmallIntegerField(default=1)
    criterion = models.CharField(max_length=40)
    finding = models.CharField(max_length=12)

    class Meta(Fact.Meta):
        constraints = fact_constraints("bid", "number", "criterion")
        indexes = fact_indexes("bid", "number", "criterion")


class LeaderInterest(Fact):
    """What a leader of an approved bid answered to "Could you or your practice gain from what this consortium buys?".

    `leader` is the position in the bid; who that is, and how they gain, lies in the erasable `BidLeader`.
    """

    NAME = "leader_interest"
    KEY = ("bid", "leader")
    bid = models.CharField(max_length=20)
    leader = models.PositiveSmallIntegerField()
    could_gain = models.BooleanField()

    class Meta(Fact.Meta):
        constraints = fact_constraints("bid", "leader")
        indexes = fact_indexes("bid", "leader")


class LeftOutAtRelease(Fact):
    """A practice that an approved bid named but that did not become a member at release: it was closed by then, or
    belonged elsewhere. It is not moved, counts nowhere, and is listed (domain.md rule 3)."""

    NAME = "left_out_at_release"
    KEY = ("bid", "practice")
    bid = models.CharField(max_length=20)
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="left_out")
    why = models.CharField(max_length=20, choices=[("closed", "Closed"), ("elsewhere", "Belonged elsewhere")])

    class Meta(Fact.Meta):
        constraints = fact_constraints("bid", "practice", known=Q(why__in=("closed", "elsewhere")))
        indexes = fact_indexes("bid", "practice")
