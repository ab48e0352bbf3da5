from __future__ import annotations

from django.db import models
from django.db.models import Q

from registry.models.fact import Fact, Identity, fact_constraints, fact_indexes
from registry.models.naming import name_index


class Consortium(Identity):
    """A group of practices that commissions together. Its reference is opaque and never reused: GC0001."""

    NATURAL = "ref"
    ROLE_OBJECTS = ("consortium",)
    ref = models.CharField(max_length=10, unique=True, db_collation="C")

    class Meta(Identity.Meta):
        verbose_name_plural = "consortia"
        constraints = [models.CheckConstraint(name="consortium_ref_shape", condition=Q(ref__regex=r"^GC\d{4,}$"))]


class ConsortiumParticulars(Fact):
    """A consortium's name and organisational form (free to vary: no size or shape is imposed). Its spells are its
    life."""

    NAME = "consortium_particulars"
    KEY = ("consortium",)
    consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="particulars", db_index=False)
    name = models.CharField(max_length=200)
    form = models.CharField(max_length=200, blank=True)

    class Meta(Fact.Meta):
        constraints = fact_constraints("consortium", named=~Q(name=""))
        indexes = [*fact_indexes("consortium"), name_index("consortiumparticulars_name")]


class Post(Fact):
    """A post held in a consortium, by a person's reference (their details are erasable, this is not)."""

    NAME = "post"
    KEY = ("consortium", "post", "person")
    consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="posts")
    post = models.CharField(max_length=60)
    person = models.CharField(max_length=20)

    class Meta(Fact.Meta):
        constraints = fact_constraints("consortium", "post", "person")
        indexes = fact_indexes("consortium", "post", "person")
