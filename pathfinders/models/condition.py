from __future__ import annotations

from datetime import date

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q

from pathfinders.models.decision import Decision
from pathfinders.querysets import ConditionQuerySet
from registry.models.fact import Fact, fact_constraints, fact_indexes
from registry.triggers import log_stays, no_removal

DISCHARGED_ONCE = """
IF OLD.discharged_on IS NOT NULL OR (NEW.decision_id, NEW.position, NEW.text, NEW.due_on)
    IS DISTINCT FROM (OLD.decision_id, OLD.position, OLD.text, OLD.due_on) THEN
    RAISE EXCEPTION 'a condition is never changed; it is discharged once' USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
"""


@pghistory.track(meta=log_stays())
class Condition(models.Model):
    """A condition of an approval: what, by when; the lead gives evidence, a named officer discharges it.

    Public from the release of its decision on, as `ReleasedCondition`.
    """

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="conditions")
    position = models.PositiveSmallIntegerField()
    text = models.TextField()
    due_on = models.DateField()
    evidence = models.TextField(blank=True)
    evidence_on = models.DateField(null=True, blank=True)
    discharged_on = models.DateField(null=True, blank=True)
    discharged_by = models.ForeignKey("registry.User", models.PROTECT, related_name="+", null=True, blank=True)
    note = models.TextField(blank=True)

    objects = ConditionQuerySet.as_manager()

    class Meta:
        ordering = ["decision", "position"]
        constraints = [
            models.UniqueConstraint("decision", "position", name="one_condition_a_position"),
            models.CheckConstraint(name="condition_says_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="condition_evidence_is_dated",
                condition=Q(evidence="", evidence_on=None) | ~Q(evidence="") & Q(evidence_on__isnull=False),
            ),
            models.CheckConstraint(
                name="condition_discharge_is_whole",
                condition=Q(discharged_on=None, discharged_by=None, note="")
                | Q(discharged_on__isnull=False, discharged_by__isnull=False) & ~Q(note=""),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="discharged_once", when=pgtrigger.Before, operation=pgtrigger.Update, func=DISCHARGED_ONCE
            ),
            *no_removal("conditions"),
        ]

    def __str__(self) -> str:
        return self.text

    def overdue(self, today: date) -> bool:
        return self.discharged_on is None and self.due_on < today


class ReleasedCondition(Fact):
    """A condition of an announced approval: effective from the announcement; the day of its discharge once known."""

    NAME = "condition"
    KEY = ("bid", "number", "position")
    bid = models.CharField(max_length=20)
    number = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField()
    text = models.TextField()
    due_on = models.DateField()
    discharged_on = models.DateField(null=True)

    class Meta(Fact.Meta):
        constraints = fact_constraints("bid", "number", "position", said=~Q(text=""))
        indexes = fact_indexes("bid", "number", "position")
