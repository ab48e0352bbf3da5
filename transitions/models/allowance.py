from __future__ import annotations

from django.db import models
from django.db.models import Q

from practices.models import ParentBody
from registry.models.fact import Fact, fact_constraints, fact_indexes
from transitions.models.budget import YEAR


class AllowanceKind(models.TextChoices):
    """What a consortium gets for each person on its lists (Operating Framework 2011-12)."""

    DEVELOPMENT = "development", "Development"
    RUNNING = "running", "Running costs"


class WeightedPopulation(Fact):
    """The people of a trust as the allocation formula weights them, for a financial year (G6)."""

    NAME = "weighted_population"
    KEY = ("body", "year")
    body = models.ForeignKey(ParentBody, models.PROTECT, related_name="weighted_populations")
    year = models.CharField(max_length=7)
    people = models.PositiveIntegerField()
    source = models.CharField(max_length=500)

    class Meta(Fact.Meta):
        constraints = fact_constraints("body", "year", year_shape=Q(year__regex=YEAR), sourced=~Q(source=""))
        indexes = fact_indexes("body", "year")


class Allowance(Fact):
    """Pounds per head for a consortium in a year, and whether they were paid (G5). `paid_on` null: not known to be."""

    NAME = "allowance"
    KEY = ("holder", "year", "kind")
    holder = models.CharField(max_length=10, db_collation="C")
    year = models.CharField(max_length=7)
    kind = models.CharField(max_length=12, choices=AllowanceKind)
    pounds_per_head = models.DecimalField(max_digits=6, decimal_places=2)
    people = models.PositiveIntegerField()
    amount = models.BigIntegerField()
    paid_on = models.DateField(null=True)
    source = models.CharField(max_length=500)

    class Meta(Fact.Meta):
        constraints = fact_constraints(
            "holder",
            "year",
            "kind",
            year_shape=Q(year__regex=YEAR),
            holder_shape=Q(holder__regex=r"^GC\d{4,}$"),
            kind_known=Q(kind__in=AllowanceKind.values),
            sourced=~Q(source=""),
            not_negative=Q(pounds_per_head__gte=0, amount__gte=0),
        )
        indexes = fact_indexes("holder", "year", "kind")
