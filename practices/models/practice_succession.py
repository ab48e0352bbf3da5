from __future__ import annotations

from django.db import models
from django.db.models import F

from practices.models.practice import Practice
from registry.models.fact import Fact, fact_constraints, fact_indexes


class PracticeSuccession(Fact):
    """The practice that another one has become part of, from the first day of `effective` on (domain.md rule 14).

    Several practices may have one successor. That nobody succeeds themselves, however long the chain, is kept by the
    action that writes it (consortia.actions.merge_practices) and looked for by `check_invariants`.
    """

    NAME = "practice_succession"
    KEY = ("predecessor", "successor")
    predecessor = models.ForeignKey(Practice, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Practice, models.PROTECT, related_name="predecessions")

    class Meta(Fact.Meta):
        constraints = fact_constraints("predecessor", "successor", not_itself=~models.Q(predecessor=F("successor")))
        indexes = fact_indexes("predecessor", "successor")
