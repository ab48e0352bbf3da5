from __future__ import annotations

from datetime import date
from typing import Any

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import Q

from registry.triggers import no_removal

ENDED_NOT_EDITED = """
IF (NEW.key, NEW.label, NEW.outside_criteria, lower(NEW.period))
    IS DISTINCT FROM (OLD.key, OLD.label, OLD.outside_criteria, lower(OLD.period))
    OR upper(OLD.period) IS NOT NULL AND NEW.period <> OLD.period THEN
    RAISE EXCEPTION 'a reason is never reworded: end it and add another' USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
"""
REASON_KINDS = {
    "declined": "decline",
    "deferred": "defer",
    "approved_with_conditions": "conditions",
    "returned": "return",
}
"""Which kind of reason an outcome, or a return for information, takes."""


class ReasonQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> ReasonQuerySet:
        """The vocabulary is public."""
        return self

    def usable(self, outcome: str, day: date) -> ReasonQuerySet:
        """Reasons that a decision of this outcome and day may give."""
        kind = REASON_KINDS.get(outcome)
        return self.filter(kinds__contains=[kind], period__contains=day) if kind else self.none()


@pghistory.track()
class Reason(models.Model):
    """Why a bid is declined, deferred, returned or approved with conditions (domain.md section 4).

    `outside_criteria`: not one of the published criteria, such as the capacity of a wave; a decision that gives it is
    flagged wherever it shows. `period` (half-open days): when it may be given.
    """

    key = models.SlugField(max_length=40, unique=True)
    position = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=200)
    kinds = ArrayField(models.CharField(max_length=12))
    outside_criteria = models.BooleanField(default=False)
    period = DateRangeField()

    objects = ReasonQuerySet.as_manager()

    class Meta:
        ordering = ["position", "key"]
        constraints = [
            models.CheckConstraint(
                name="reason_kinds_known",
                condition=Q(kinds__contained_by=sorted(REASON_KINDS.values())) & ~Q(kinds=[]),
            ),
            models.CheckConstraint(name="reason_period_is_real", condition=Q(period__isempty=False)),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="ended_not_edited", when=pgtrigger.Before, operation=pgtrigger.Update, func=ENDED_NOT_EDITED
            ),
            *no_removal("reasons (end them)"),
        ]

    def __str__(self) -> str:
        return self.label
