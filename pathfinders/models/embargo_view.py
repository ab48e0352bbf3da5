from __future__ import annotations

from typing import Any

from django.db import models

from registry.authorization import Permission, may
from registry.triggers import append_only


class EmbargoViewQuerySet(models.QuerySet["EmbargoView"]):
    def visible_to(self, user: Any) -> EmbargoViewQuerySet:
        """Programme administrators: all but those of a bid of their own, which would tell them that it was decided."""
        from pathfinders.models import Bid

        if not may(user, Permission.MANAGE_USERS):
            return self.none()
        return self.exclude(bid__in=Bid.objects.own(user).values("ref"))


class EmbargoView(models.Model):
    """Somebody opened a page that tells of an outcome before its release: the first time on a day, for each page.

    Shown to programme administrators, kept as long as the register. `at` by the register's clock (in a demonstration,
    story time), `day` its London day; `real_at` always the real instant. `wave`, `bid`: of which it told, as far as it
    was about one.
    """

    who = models.ForeignKey("registry.User", models.PROTECT, related_name="+")
    path = models.CharField(max_length=300)
    wave = models.PositiveSmallIntegerField(null=True, blank=True)
    bid = models.CharField(max_length=20, blank=True)
    day = models.DateField()
    at = models.DateTimeField()
    real_at = models.DateTimeField()

    objects = EmbargoViewQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                name="one_embargo_view_a_day", fields=["who", "path", "wave", "bid", "day"], nulls_distinct=False
            )
        ]
        indexes = [models.Index(fields=["wave", "who"], name="embargo_view_of_wave")]
        triggers = append_only("records of who saw embargoed pages")
