from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from consortia.models import Consortium
from registry.models.fact import Fact, Identity, fact_constraints, fact_indexes
from registry.models.naming import name_index


class Pathfinder(Identity):
    """An announced unit of the programme: one consortium or several (domain.md section 1). Reference: PF0001."""

    NATURAL = "ref"
    ref = models.CharField(max_length=10, unique=True, db_collation="C")

    class Meta(Identity.Meta):
        constraints = [models.CheckConstraint(name="pathfinder_ref_shape", condition=Q(ref__regex=r"^PF\d{4,}$"))]


class PathfinderParticulars(Fact):
    """A pathfinder's name, wave and dates. Effective from its announcement; approval and going live are attributes.

    Three dates: approved_on <= announcement <= goes_live_on (domain.md rule 11).
    """

    NAME = "pathfinder_particulars"
    KEY = ("pathfinder",)
    pathfinder = models.ForeignKey(Pathfinder, models.PROTECT, related_name="particulars", db_index=False)
    name = models.CharField(max_length=200)
    wave = models.PositiveSmallIntegerField()
    approved_on = models.DateField()
    announced_on = models.DateField()
    goes_live_on = models.DateField(null=True)

    class Meta(Fact.Meta):
        constraints = fact_constraints(
            "pathfinder",
            named=~Q(name=""),
            dates=Q(approved_on__lte=F("announced_on"))
            & (Q(goes_live_on=None) | Q(goes_live_on__gte=F("announced_on"))),
        )
        indexes = [*fact_indexes("pathfinder"), name_index("pathfinderparticulars_name")]


class ProgrammePlace(Fact):
    """A consortium's place in a pathfinder: dated, many to many."""

    NAME = "programme_place"
    KEY = ("pathfinder", "consortium")
    pathfinder = models.ForeignKey(Pathfinder, models.PROTECT, related_name="places")
    consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="programme_places")

    class Meta(Fact.Meta):
        constraints = fact_constraints("pathfinder", "consortium")
        indexes = fact_indexes("pathfinder", "consortium")
