from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q

from consortia.models.consortium import Consortium
from consortia.models.request import CaseQuerySet
from practices.models import Practice
from registry import clock
from registry.triggers import append_only, log_stays


class SettlementOutcome(models.TextChoices):
    """How a programme administrator settles a dispute."""

    NEVER = "never", "It never was a member: corrected from its first day"
    LEAVES = "leaves", "It leaves from a day"
    ACCEPTED = "accepted", "The practice agrees after all: confirmed"
    ALLOCATED = "allocated", "It stays against its wish: allocated, with a legal basis"


@pghistory.track(meta=log_stays())
class Settlement(models.Model):
    """A dispute of a membership, settled: the outcome, the recorded reason, and the entry that it made."""

    practice = models.ForeignKey(Practice, models.PROTECT, related_name="settlements")
    consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="settlements")
    outcome = models.CharField(max_length=10, choices=SettlementOutcome)
    reason = models.TextField()
    settled_by = models.ForeignKey("registry.User", models.PROTECT, related_name="+")
    settled_on = models.DateField()
    at = models.DateTimeField(default=clock.now)
    entry = models.ForeignKey("registry.Entry", models.PROTECT, related_name="+")

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="settlement_outcome_known", condition=Q(outcome__in=SettlementOutcome.values)),
            models.CheckConstraint(name="settlement_says_why", condition=~Q(reason="")),
        ]
        triggers = append_only("settlements of disputes")
