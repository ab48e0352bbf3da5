from __future__ import annotations

from typing import Any

import pghistory
from django.db import models
from django.db.models import Q

from consortia.models.consortium import Consortium
from consortia.models.request import own_consortia
from consortia.states import UploadState, begins, moves_by_the_table
from registry import clock
from registry.authorization import Permission, may
from registry.triggers import log_stays, no_removal


class UploadQuerySet(models.QuerySet["MembershipUpload"]):
    def visible_to(self, user: Any) -> UploadQuerySet:
        """Programme staff see all; leads and deputies those of their consortium."""
        if may(user, Permission.IMPORT_FILES):
            return self
        return self.filter(consortium__ref__in=own_consortia(user))


@pghistory.track(exclude=["answer", "total", "done"], meta=log_stays())
class MembershipUpload(models.Model):
    """A list of memberships that somebody pasted or sent: kept with its hash, its dry run's answer, and its entry.

    `consortium`: whose lead sent it; null: a file of many, by staff. The bytes lie under `sha256`
    (registry.files.keeping). `answer`: the dry run, row by row. `done` of `total` rows: progress. `entry` wrote it,
    `undone_by` took it back.
    """

    consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="uploads", null=True, blank=True)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    options = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=12, choices=UploadState, default=UploadState.WAITING)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    answer = models.JSONField(default=dict, blank=True)
    sent_by = models.ForeignKey("registry.User", models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(default=clock.now)
    entry = models.ForeignKey("registry.Entry", models.PROTECT, related_name="+", null=True, blank=True)
    undone_by = models.ForeignKey("registry.Entry", models.PROTECT, related_name="+", null=True, blank=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="upload_state_known", condition=Q(state__in=UploadState.values)),
            models.CheckConstraint(
                name="upload_undone_is_whole",
                condition=Q(state="undone", entry__isnull=False, undone_by__isnull=False)
                | ~Q(state="undone") & Q(undone_by=None),
            ),
            models.CheckConstraint(
                name="upload_entry_is_whole", condition=Q(entry=None) | Q(state__in=["committed", "undone"])
            ),
            models.CheckConstraint(name="upload_hash_shape", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
        ]
        triggers = [begins(UploadState), moves_by_the_table(UploadState), *no_removal("lists that were sent")]
