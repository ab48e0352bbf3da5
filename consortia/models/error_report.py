from __future__ import annotations

from typing import Any

import pghistory
from django.db import models
from django.db.models import Q

from consortia.models.consortium import Consortium
from consortia.states import ReportState, begins, moves_by_the_table
from practices.models import Practice
from registry import clock
from registry.authorization import Permission, may, objects_of
from registry.triggers import log_stays, no_removal


class ReportQuerySet(models.QuerySet["ErrorReport"]):
    def visible_to(self, user: Any) -> ReportQuerySet:
        """Programme staff see all; who reported it; and, of what a consortium owns, its lead and deputies."""
        if may(user, Permission.CHANGE_REGISTER):
            return self
        if not getattr(user, "is_authenticated", False):
            return self.none()
        own = objects_of(user, "consortium_lead") | objects_of(user, "consortium_deputy")
        return self.filter(Q(reported_by=user.pk) | Q(owner__in=own))


@pghistory.track(exclude=["text"], meta=log_stays())
class ErrorReport(models.Model):
    """An error that somebody reported in a practice's record: a request to the owner of the data, with an outcome.

    `ref` (ER-2011-0001) is told to who reported it. `about`: which part of the record. `owner`: "staff", or the
    reference of the consortium whose membership it is about. `text` is free and erasable; `outcome` is what they are told.
    """

    ref = models.CharField(max_length=14, unique=True, db_collation="C")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="error_reports")
    consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="+", null=True, blank=True)
    about = models.CharField(max_length=20)
    text = models.TextField()
    owner = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=ReportState, default=ReportState.OPEN)
    outcome = models.TextField(blank=True)
    reported_by = models.ForeignKey("registry.User", models.PROTECT, related_name="+")
    reported_on = models.DateField()
    at = models.DateTimeField(default=clock.now)
    settled_by = models.ForeignKey("registry.User", models.PROTECT, related_name="+", null=True, blank=True)
    settled_on = models.DateField(null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="report_ref_shape", condition=Q(ref__regex=r"^ER-\d{4}-\d{4,}$")),
            models.CheckConstraint(
                name="report_state_is_whole",
                condition=Q(state__in=["open", "passed_on"], settled_on=None, settled_by=None)
                | Q(
                    state__in=["corrected", "unchanged"],
                    settled_on__isnull=False,
                    settled_on__gte=models.F("reported_on"),
                    settled_by__isnull=False,
                )
                & ~Q(outcome=""),
            ),
            models.CheckConstraint(name="report_owner_known", condition=Q(owner__regex=r"^(staff|GC\d{4,})$")),
        ]
        triggers = [begins(ReportState), moves_by_the_table(ReportState), *no_removal("reports of errors")]
