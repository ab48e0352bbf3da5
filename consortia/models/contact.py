from __future__ import annotations

from typing import Any

import pghistory
from django.db import models
from django.db.models import Q

from consortia.models.consortium import Consortium
from practices.models import Practice
from registry.authorization import Permission, may
from registry.triggers import log_stays, no_removal


class Origin(models.TextChoices):
    """Who gave an address to write to a practice at."""

    LEAD = "lead", "Its consortium's lead"
    PCT = "pct", "Its PCT"
    STAFF = "staff", "Programme staff"
    PRACTICE = "practice", "The practice itself"


class ContactQuerySet(models.QuerySet["PracticeContact"]):
    def visible_to(self, user: Any) -> ContactQuerySet:
        """Programme staff see all; anybody else those that they gave themselves (addresses are personal)."""
        if may(user, Permission.SETTLE_MEMBERSHIP):
            return self
        return self.filter(given_by=user.pk) if getattr(user, "is_authenticated", False) else self.none()

    def current(self) -> ContactQuerySet:
        return self.filter(ended_on=None)


@pghistory.track(exclude=["address", "name"], meta=log_stays())
class PracticeContact(models.Model):
    """An address to write to a practice at, and who gave it. `address` and `name` are personal and erasable.

    `consortium`: the one whose lead gave it, and only that one writes to it.
    """

    practice = models.ForeignKey(Practice, models.PROTECT, related_name="contacts")
    address = models.EmailField(blank=True)
    name = models.CharField(max_length=200, blank=True)
    origin = models.CharField(max_length=10, choices=Origin)
    consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="+", null=True, blank=True)
    given_by = models.ForeignKey("registry.User", models.PROTECT, related_name="+")
    given_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                "practice",
                "origin",
                "consortium",
                name="one_contact_an_origin",
                condition=Q(ended_on=None),
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="practicecontact_origin_known", condition=Q(origin__in=Origin.values)),
            models.CheckConstraint(
                name="practicecontact_of_the_lead",
                condition=Q(origin="lead", consortium__isnull=False) | (~Q(origin="lead") & Q(consortium=None)),
            ),
            models.CheckConstraint(
                name="practicecontact_ends_later", condition=Q(ended_on=None) | Q(ended_on__gte=models.F("given_on"))
            ),
        ]
        triggers = no_removal("contacts (end them)")
