from __future__ import annotations

from django.db import models

from consortia.models import SuccessionKind, succession_constraints
from pathfinders.models.pathfinder import Pathfinder
from registry.models.fact import Fact, fact_indexes


class PathfinderSuccession(Fact):
    """The pathfinder that another has become, or part of it, from the first day of `effective` on (domain.md rule 14).

    The wave of either, as released, is not touched (rule 12). `share`: of a split, the part of the consortia that went
    to this successor; the shares of one pathfinder sum to 1.
    """

    NAME = "pathfinder_succession"
    KEY = ("predecessor", "successor")
    predecessor = models.ForeignKey(Pathfinder, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Pathfinder, models.PROTECT, related_name="predecessions")
    kind = models.CharField(max_length=10, choices=SuccessionKind)
    share = models.DecimalField(max_digits=7, decimal_places=6, null=True)

    class Meta(Fact.Meta):
        constraints = succession_constraints()
        indexes = fact_indexes("predecessor", "successor")
