from __future__ import annotations

from typing import Any

import pghistory
from django.db import models
from django.db.models import Q

from registry.authorization import Permission, may
from registry.models.fact import Fact, fact_constraints, fact_indexes
from registry.triggers import log_stays, no_removal


class WaveState(models.TextChoices):
    OPEN = "open", "Open"
    RELEASED = "released", "Released"


class WaveQuerySet(models.QuerySet["Wave"]):
    def visible_to(self, user: Any) -> WaveQuerySet:
        """Programme staff see every wave; nobody else sees one before its release (embargo)."""
        return self if may(user, Permission.SEE_CASEWORK) else self.filter(state=WaveState.RELEASED)


@pghistory.track(meta=log_stays())
class Wave(models.Model):
    """A wave of the programme as staff work on it. What the public knows of it is the fact `WaveRelease`."""

    number = models.PositiveSmallIntegerField(primary_key=True)
    state = models.CharField(max_length=10, choices=WaveState, default=WaveState.OPEN)
    announced_on = models.DateField()
    released_by = models.ForeignKey("registry.Entry", models.PROTECT, related_name="+", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = WaveQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(name="wave_is_numbered", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="wave_released_by_an_entry",
                condition=Q(state="released", released_by__isnull=False)
                | (~Q(state="released") & Q(released_by=None)),
            ),
        ]
        triggers = no_removal("waves")

    def __str__(self) -> str:
        return f"Wave {self.number}"


class WaveRelease(Fact):
    """A wave, once released: effective from its announcement (domain.md rule 12)."""

    NAME = "wave_release"
    KEY = ("wave",)
    wave = models.PositiveSmallIntegerField()
    announced_on = models.DateField()

    class Meta(Fact.Meta):
        constraints = fact_constraints("wave", numbered=Q(wave__gte=1))
        indexes = fact_indexes("wave")
