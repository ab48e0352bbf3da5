from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from practices.models.practice import Practice
from registry.models.fact import Fact, fact_constraints, fact_indexes


class PracticeMergerKind(models.TextChoices):
    """How one practice follows another (domain.md rule 14)."""

    MERGE = "merge", "Merged into a new practice"
    ABSORB = "absorb", "Became part of one that goes on"


class PracticeSuccession(Fact):
    """The practice that another one has become part of, from the first day of `effective` on (domain.md rule 14).

    `kind`: whether the successor is a new practice or one that was there before; facts of before the field are of the
    second kind.

    Several practices may have one successor. That nobody succeeds themselves, however long the chain, is kept by the
    action that writes it (consortia.actions.merge_practices) and looked for by `check_invariants`.
    """

    NAME = "practice_succession"
    KEY = ("predecessor", "successor")
    ADDED = ("kind",)
    predecessor = models.ForeignKey(Practice, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Practice, models.PROTECT, related_name="predecessions")
    kind = models.CharField(max_length=10, choices=PracticeMergerKind, default=PracticeMergerKind.ABSORB)

    class Meta(Fact.Meta):
        constraints = fact_constraints(
            "predecessor",
            "successor",
            kind_known=Q(kind__in=PracticeMergerKind.values),
            not_itself=~Q(predecessor=F("successor")),
        )
        indexes = fact_indexes("predecessor", "successor")
