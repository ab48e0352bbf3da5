from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from registry.models.fact import Fact, Identity, fact_constraints, fact_indexes
from registry.models.naming import name_index


class BodyKind(models.TextChoices):
    SHA = "sha", "Strategic health authority"
    PCT = "pct", "Primary care trust"
    CARE_TRUST = "care_trust", "Care trust acting as PCT"
    PCG = "pcg", "Primary care group"
    CCG = "ccg", "Clinical commissioning group"
    OTHER = "other", "Other body"


PCT_KINDS = (BodyKind.PCT, BodyKind.CARE_TRUST)
"""What counts as a primary care trust."""


class ParentBody(Identity):
    """A body above practices: SHA, PCT, care trust, CCG, or one known only by reference."""

    ROLE_OBJECTS = ("pct", "sha")
    code = models.CharField(max_length=10, unique=True, db_collation="C")

    class Meta(Identity.Meta):
        verbose_name_plural = "parent bodies"
        constraints = [models.CheckConstraint(name="body_code_shape", condition=Q(code__regex=r"^[A-Z0-9]{3,10}$"))]


class BodyParticulars(Fact):
    """A body's kind, name, codes, the body above it, and a representative point inside it. Its spells are its life."""

    NAME = "body_particulars"
    KEY = ("body",)
    body = models.ForeignKey(ParentBody, models.PROTECT, related_name="particulars", db_index=False)
    kind = models.CharField(max_length=12, choices=BodyKind)
    name = models.CharField(max_length=200)
    gss = models.CharField(max_length=9, blank=True)
    above = models.ForeignKey(ParentBody, models.PROTECT, related_name="below", null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)

    class Meta(Fact.Meta):
        constraints = fact_constraints(
            "body",
            known=Q(kind__in=BodyKind.values),
            point=Q(longitude=None, latitude=None) | Q(longitude__isnull=False, latitude__isnull=False),
        )
        indexes = [*fact_indexes("body"), name_index("bodyparticulars_name")]


class SuccessionKind(models.TextChoices):
    RECODE = "recode", "New code, same body"
    MERGE = "merge", "Merged into"
    SPLIT = "split", "Split into"
    TRANSFER = "transfer", "Functions transferred to"


class BodySuccession(Fact):
    """One body's successor, from the first day of `effective` on (domain.md rule 14).

    `practice_share`, `people_share`: the part of the predecessor's practices, and of the people on their lists, that
    went to this successor. Of a split each sums to 1 over the successors of one day.
    """

    NAME = "body_succession"
    KEY = ("predecessor", "successor")
    ADDED = ("practice_share", "people_share")
    predecessor = models.ForeignKey(ParentBody, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(ParentBody, models.PROTECT, related_name="predecessions")
    kind = models.CharField(max_length=10, choices=SuccessionKind)
    practice_share = models.DecimalField(max_digits=9, decimal_places=8, null=True, default=None)
    people_share = models.DecimalField(max_digits=9, decimal_places=8, null=True, default=None)

    class Meta(Fact.Meta):
        constraints = fact_constraints(
            "predecessor",
            "successor",
            known=Q(kind__in=SuccessionKind.values),
            not_itself=~Q(predecessor=F("successor")),
            shares=Q(practice_share=None, people_share=None)
            | Q(
                practice_share__gt=0,
                practice_share__lte=1,
                people_share__gte=0,
                people_share__lte=1,
                practice_share__isnull=False,
                people_share__isnull=False,
            ),
        )
        indexes = fact_indexes("predecessor", "successor")


class Outline(models.Model):
    """The drawn outline of a body (GeoJSON geometry, WGS 84): display grade, a picture and not a fact."""

    body = models.ForeignKey(ParentBody, models.PROTECT, related_name="outlines")
    vintage = models.DateField()
    geometry = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint("body", "vintage", name="one_outline_a_vintage")]
