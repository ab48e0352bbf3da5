from __future__ import annotations

import pghistory
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q

from registry.authorization import ROLES
from registry.triggers import no_removal


@pghistory.track()
class RoleGrant(models.Model):
    """A role held by a person, for an object (named by kind and reference) and a time (half-open days).

    An empty period: it was withdrawn on or before its first day."""

    user = models.ForeignKey("registry.User", models.PROTECT, related_name="grants")
    role = models.CharField(max_length=30)
    object_kind = models.CharField(max_length=20, blank=True)
    object_ref = models.CharField(max_length=20, blank=True)
    period = DateRangeField()
    given_by = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.CheckConstraint(name="role_is_known", condition=Q(role__in=sorted(ROLES))),
            models.CheckConstraint(
                name="role_object_is_whole",
                condition=Q(object_kind="", object_ref="") | (~Q(object_kind="") & ~Q(object_ref="")),
            ),
            models.CheckConstraint(
                name="role_begins",
                condition=Q(period__isempty=True) | Q(period__startswith__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["user"], name="role_of_user")]
        triggers = no_removal("roles (end them)")

    def __str__(self) -> str:
        held_for = f" for {self.object_ref}" if self.object_ref else ""
        return ROLES[self.role].name + held_for
