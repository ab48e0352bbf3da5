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
    """A decision, once its wave is released. A bid that was not approved is unnamed unless its lead agreed."""

    NAME = "decision"
    KEY = ("bid",)
    bid = models.CharField(max_length=20)
    wave = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=30, choices=Outcome)
    decided_on = models.DateField()
    reasons = models.CharField(max_length=400, blank=True)  # codes, sorted, parted by spaces
    criteria = models.CharField(max_length=40)  # the criteria set in force at submission, as "national-1"
    pathfinder = models.ForeignKey(Pathfinder, models.PROTECT, related_name="decisions", null=True)

    class Meta(Fact.Meta):
        constraints = fact_constraints(
            "bid",
            known=Q(outcome__in=Outcome.values),
            reasoned=Q(outcome="approved") | ~Q(reasons=""),
            placed=Q(outcome__in=APPROVALS, pathfinder__isnull=False)
            | (~Q(outcome__in=APPROVALS) & Q(pathfinder=None)),
        )
        indexes = fact_indexes("bid")


class ReleasedFinding(Fact):
    """What the assessor found on one criterion, once released."""

    NAME = "finding"
    KEY = ("bid", "criterion")
    bid = models.CharField(max_length=20)
    criterion = models.CharField(max_length=40)
    finding = models.CharField(max_length=12)

    class Meta(Fact.Meta):
        constraints = fact_constraints("bid", "criterion")
        indexes = fact_indexes("bid", "criterion")


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
