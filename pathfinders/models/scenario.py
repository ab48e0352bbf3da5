from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q

from pathfinders.models.bid import Bid
from pathfinders.models.wave import Wave, WavePartQuerySet
from registry.triggers import log_stays


@pghistory.track(meta=log_stays())
class Scenario(models.Model):
    """Bids ticked together to see what a wave of them would be. It decides nothing and belongs to all programme staff."""

    wave = models.ForeignKey(Wave, models.PROTECT, related_name="scenarios")
    name = models.CharField(max_length=60)
    bids = models.ManyToManyField(Bid, related_name="+")
    made_by = models.ForeignKey("registry.User", models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = WavePartQuerySet.as_manager()

    class Meta:
        ordering = ["wave", "name"]
        constraints = [
            models.UniqueConstraint("wave", "name", name="one_scenario_a_name"),
            models.CheckConstraint(name="scenario_named", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name
