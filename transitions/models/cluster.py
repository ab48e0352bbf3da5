from __future__ import annotations

from django.db import models
from django.db.models import Q

from practices.models import ParentBody
from registry.models.fact import Fact, Identity, fact_constraints, fact_indexes


class ClusterKind(models.TextChoices):
    PCT = "pct", "Cluster of primary care trusts"
    SHA = "sha", "Cluster of strategic health authorities"


class Cluster(Identity):
    """Trusts, or authorities, under one management: CL0001. An overlay, the statutory bodies stay (domain.md rule 17)."""

    NATURAL = "ref"
    ref = models.CharField(max_length=10, unique=True, db_collation="C")

    class Meta(Identity.Meta):
        constraints = [models.CheckConstraint(name="cluster_ref_shape", condition=Q(ref__regex=r"^CL\d{4,}$"))]


class ClusterParticulars(Fact):
    """A cluster's name and what it is made of. Its spells are its life."""

    NAME = "cluster_particulars"
    KEY = ("cluster",)
    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="particulars", db_index=False)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=3, choices=ClusterKind)
    source = models.CharField(max_length=500)

    class Meta(Fact.Meta):
        constraints = fact_constraints(
            "cluster", named=~Q(name="") & ~Q(source=""), kind_known=Q(kind__in=ClusterKind.values)
        )
        indexes = fact_indexes("cluster")
        verbose_name_plural = "cluster particulars"


class ClusterPlace(Fact):
    """The cluster that a trust, or an authority, was in: at most one a day."""

    NAME = "cluster_place"
    KEY = ("body",)
    body = models.ForeignKey(ParentBody, models.PROTECT, related_name="cluster_places", db_index=False)
    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="places")

    class Meta(Fact.Meta):
        constraints = fact_constraints("body")
        indexes = fact_indexes("body")
