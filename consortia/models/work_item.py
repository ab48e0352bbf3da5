from __future__ import annotations

from typing import Any

import pghistory
from django.db import models
from django.db.models import Q

from consortia.models.consortium import Consortium
from consortia.models.request import CaseQuerySet
from practices.models import Practice
from registry import clock
from registry.triggers import log_stays, no_removal


class WorkKind(models.TextChoices):
    """What happened to a member."""

    CLOSED = "closed", "Member closed"
    REOPENED = "reopened", "Former member open again"
    DORMANT = "dormant", "Member dormant"
    MOVED = "moved", "Member moved to another PCT"
    NO_GP_PRACTICE = "no_gp_practice", "Member is no GP practice any more"


class WorkQuerySet(CaseQuerySet):
    def open(self) -> Any:
        return self.filter(done_on=None)


@pghistory.track(meta=log_stays())
class WorkItem(models.Model):
    """A change of a practice, from a file or by hand, that touched a membership: for its consortium's lead and for
    staff to look at (never silent loss). Raised in the entry's own transaction; `day`: from when it is so.
    """

    kind = models.CharField(max_length=20, choices=WorkKind)
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="work")
    consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="work")
    entry = models.ForeignKey("registry.Entry", models.PROTECT, related_name="+")
    day = models.DateField()
    raised_at = models.DateTimeField(default=clock.now)
    done_on = models.DateField(null=True, blank=True)
    done_by = models.ForeignKey("registry.User", models.PROTECT, related_name="+", null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)

    objects = WorkQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint("entry", "kind", "practice", "consortium", "day", name="one_work_item_a_change"),
            models.CheckConstraint(name="workitem_kind_known", condition=Q(kind__in=WorkKind.values)),
            models.CheckConstraint(
                name="workitem_done_is_whole",
                condition=Q(done_on=None, done_by=None) | Q(done_on__isnull=False, done_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["consortium"], name="workitem_open", condition=Q(done_on=None))]
        triggers = no_removal("work items")
