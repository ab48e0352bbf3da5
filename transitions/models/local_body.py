from __future__ import annotations

from django.db import models
from django.db.models import Q

from consortia.models import Consortium
from practices.models import ParentBody
from registry.models.fact import Fact, Identity, fact_constraints, fact_indexes
from registry.models.naming import name_index
from transitions.models.evidence import Evidence
from transitions.models.word import TransitionWordKind, word_known


class LocalBodyStatus(models.TextChoices):
    PLANNED = "planned", "Planned"
    RUNNING = "running", "Running"
    HALTED = "halted", "Halted"


class LocalBody(Identity):
    """A body or arrangement under a trust or a consortium: a locality board, a clinical senate, a polysystem. LB0001."""

    NATURAL = "ref"
    ref = models.CharField(max_length=10, unique=True, db_collation="C")

    class Meta(Identity.Meta):
        verbose_name_plural = "local bodies"
        constraints = [models.CheckConstraint(name="localbody_ref_shape", condition=Q(ref__regex=r"^LB\d{4,}$"))]


class LocalBodyParticulars(Fact):
    """What a local body is, and under whom (F9). Its spells are its life.

    `reserved`: the decisions that are reserved to it. `clinical_leads`: how many, where that is said; `people_words`:
    who sits on it. `agreed_until`: the last day of what was agreed, and `exit_terms`, how it is left earlier.
    """

    NAME = "local_body_particulars"
    KEY = ("local_body",)
    local_body = models.ForeignKey(LocalBody, models.PROTECT, related_name="particulars", db_index=False)
    kind = models.CharField(max_length=30)
    name = models.CharField(max_length=200)
    pct = models.ForeignKey(ParentBody, models.PROTECT, related_name="local_bodies", null=True)
    consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="local_bodies", null=True)
    status = models.CharField(max_length=10, choices=LocalBodyStatus)
    reserved = models.CharField(max_length=1000, blank=True)
    people_words = models.CharField(max_length=500, blank=True)
    clinical_leads = models.PositiveSmallIntegerField(null=True)
    agreed_until = models.DateField(null=True)
    exit_terms = models.CharField(max_length=1000, blank=True)
    replaces = models.ForeignKey(LocalBody, models.PROTECT, related_name="replaced_by", null=True)
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="local_bodies")

    class Meta(Fact.Meta):
        constraints = fact_constraints(
            "local_body",
            named=~Q(name=""),
            status_known=Q(status__in=LocalBodyStatus.values),
            under_somebody=Q(pct__isnull=False) | Q(consortium__isnull=False),
            replaces_another=Q(replaces=None) | ~Q(replaces=models.F("local_body")),
        )
        indexes = [*fact_indexes("local_body"), name_index("localbodyparticulars_name")]
        triggers = [*Fact.Meta.triggers, word_known("kind", TransitionWordKind.ARRANGEMENT)]
        verbose_name_plural = "local body particulars"
