from __future__ import annotations

from django.db import models

from practices.models import ParentBody
from registry.models.fact import Fact, fact_constraints, fact_indexes
from transitions.models.evidence import Evidence
from transitions.models.word import TransitionWordKind, word_known


class TransitionStage(Fact):
    """How far a trust had handed over, as one source says (domain.md section 4; F4).

    Each source tells a timeline of its own, so that sources that differ stand side by side; what the register shows
    for a day is the last word of the strongest voice (`EvidenceKind.voice`). No fact on a day: not known, which is not "no contact".
    """

    NAME = "transition_stage"
    KEY = ("body", "evidence")
    body = models.ForeignKey(ParentBody, models.PROTECT, related_name="stages")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="stages")
    stage = models.CharField(max_length=30)
    note = models.CharField(max_length=500, blank=True)

    class Meta(Fact.Meta):
        constraints = fact_constraints("body", "evidence")
        indexes = fact_indexes("body", "evidence")
        triggers = [*Fact.Meta.triggers, word_known("stage", TransitionWordKind.STAGE)]


class PlannedStage(Fact):
    """The day from which a trust plans to be at a stage (F8).

    A plan that moves is a new version: effective from the day on which it was made known, with why. `day`: the first
    day of the stage; `words`: how the source dates it ("during 2011", whose last day is then `day`).
    """

    NAME = "planned_stage"
    KEY = ("body", "stage")
    body = models.ForeignKey(ParentBody, models.PROTECT, related_name="planned_stages")
    stage = models.CharField(max_length=30)
    day = models.DateField()
    words = models.CharField(max_length=100, blank=True)
    why = models.CharField(max_length=500, blank=True)
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="planned_stages")

    class Meta(Fact.Meta):
        constraints = fact_constraints("body", "stage")
        indexes = fact_indexes("body", "stage")
        triggers = [*Fact.Meta.triggers, word_known("stage", TransitionWordKind.STAGE)]
