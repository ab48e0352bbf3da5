from __future__ import annotations

from typing import Any

import pghistory
from django.db import models
from django.db.models import Q

from practices.models import Practice
from registry import clock
from registry.authorization import Permission, may, objects_of
from registry.triggers import append_only, log_stays


class ComplianceStepKind(models.TextChoices):
    """The steps towards a practice in no consortium, the last of them its allocation (domain.md rule 20)."""

    ASKED = "asked", "The practice was asked why"
    PCT = "pct", "Its PCT was asked to help"
    NOTICE = "notice", "Notice of allocation was given"
    ALLOCATED = "allocated", "Allocated"


class ComplianceQuerySet(models.QuerySet["ComplianceStep"]):
    def visible_to(self, user: Any) -> ComplianceQuerySet:
        """Programme staff; a practice's manager those of their practice."""
        if may(user, Permission.SETTLE_MEMBERSHIP):
            return self
        return self.filter(practice__code__in=objects_of(user, "practice_manager"))


@pghistory.track(meta=log_stays())
class ComplianceStep(models.Model):
    """A step taken towards a practice that is in no consortium. Whether an item is open is never stored: it is, while
    the practice counts and belongs nowhere on a day on or after the deadline."""

    practice = models.ForeignKey(Practice, models.PROTECT, related_name="compliance_steps")
    kind = models.CharField(max_length=10, choices=ComplianceStepKind)
    on = models.DateField()
    by = models.ForeignKey("registry.User", models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    at = models.DateTimeField(default=clock.now)
    entry = models.ForeignKey("registry.Entry", models.PROTECT, related_name="+", null=True, blank=True)

    objects = ComplianceQuerySet.as_manager()

    class Meta:
        ordering = ["practice", "pk"]
        constraints = [
            models.CheckConstraint(name="compliance_kind_known", condition=Q(kind__in=ComplianceStepKind.values)),
            models.CheckConstraint(
                name="compliance_allocation_has_an_entry",
                condition=Q(kind="allocated", entry__isnull=False) | ~Q(kind="allocated") & Q(entry=None),
            ),
        ]
        triggers = append_only("steps of compliance")
