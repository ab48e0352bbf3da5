from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Q

from registry.authorization import Permission, may
from registry.models import Entry, RoleGrant
from registry.triggers import append_only


class RoleEndingQuerySet(models.QuerySet["RoleEnding"]):
    def visible_to(self, user: Any) -> RoleEndingQuerySet:
        """One's own; administrators of people see all."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self if may(user, Permission.MANAGE_USERS) else self.filter(grant__user=user)

    def standing(self) -> RoleEndingQuerySet:
        """Those that hold: the role still ends where its body's end put it, and was not given back."""
        cut = Q(grant__period__endswith=F("day")) | Q(grant__period__isempty=True)
        return self.filter(cut)


class RoleEnding(models.Model):
    """A role that ended with the trust or authority that it was held for.

    `entry` ended the body; `period` is what the role was given for, and stands again where that entry is undone; `day`
    is the first on which it is not held. Who held it is no fact: the journal tells how many, for which body."""

    grant = models.ForeignKey(RoleGrant, models.PROTECT, related_name="endings")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")
    period = DateRangeField()
    day = models.DateField()

    objects = RoleEndingQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "grant"], name="role_ends_once_an_entry"),
            models.CheckConstraint(
                name="role_ending_takes_days",
                condition=Q(period__isempty=False) & (Q(period__endswith=None) | Q(period__endswith__gt=F("day"))),
            ),
        ]
        triggers = append_only("endings of roles")

    def __str__(self) -> str:
        return f"{self.grant}, ended {self.day}"
