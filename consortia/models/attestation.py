from __future__ import annotations

from django.db import models
from django.db.models import Q

from consortia.models.consortium import Consortium
from registry.models.fact import Fact, fact_constraints, fact_indexes
from registry.triggers import append_only


class Attestation(Fact):
    """For a quarter, a consortium's lead said "this list is right": effective from the day on which it was said.

    `sha256` is the hash of the list's bytes (`AttestedList`): its members at that day as the register knew them.
    """

    NAME = "attestation"
    KEY = ("consortium", "quarter")
    consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="attestations")
    quarter = models.CharField(max_length=6)
    practices = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta(Fact.Meta):
        constraints = fact_constraints(
            "consortium",
            "quarter",
            quarter_shape=Q(quarter__regex=r"^\d{4}Q[1-4]$"),
            hash_shape=Q(sha256__regex=r"^[0-9a-f]{64}$"),
        )
        indexes = fact_indexes("consortium", "quarter")


class AttestedListQuerySet(models.QuerySet["AttestedList"]):
    def visible_to(self, user: object) -> AttestedListQuerySet:
        """Members of consortia are public, and so is what was said of them."""
        return self


class AttestedList(models.Model):
    """The bytes of an attested list (CSV), under their SHA-256. Two equal lists are one row."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    content = models.TextField()

    objects = AttestedListQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="attestedlist_hash_shape", condition=Q(sha256__regex=r"^[0-9a-f]{64}$"))
        ]
        triggers = append_only("attested lists")
