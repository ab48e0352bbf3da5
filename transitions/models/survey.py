from __future__ import annotations

from django.db import models
from django.db.models import Q

from practices.models import ParentBody
from registry.models.fact import Fact, Identity, fact_constraints, fact_indexes
from transitions.models.evidence import Evidence


class Asked(models.TextChoices):
    """Who was asked. Of GPs and practices there are counts only."""

    TRUSTS = "trusts", "Primary care trusts"
    GPS = "gps", "GPs"
    PRACTICES = "practices", "Practices"


class SurveyReply(models.TextChoices):
    """domain.md rule 24: what is absent is no "no"."""

    YES = "yes", "Yes"
    PARTIAL = "partial", "In part"
    NO = "no", "No"
    DECLINED = "declined", "Declined to answer"
    NO_REPLY = "no_reply", "No reply"
    NOT_ASKED = "not_asked", "Not asked"


GIVEN = (SurveyReply.YES, SurveyReply.PARTIAL, SurveyReply.NO)
"""Replies that answer the question: the base of a share."""


class Survey(Identity):
    """A survey campaign: SV0001."""

    NATURAL = "ref"
    ref = models.CharField(max_length=10, unique=True, db_collation="C")

    class Meta(Identity.Meta):
        constraints = [models.CheckConstraint(name="survey_ref_shape", condition=Q(ref__regex=r"^SV\d{4,}$"))]


class SurveyParticulars(Fact):
    """What was asked of whom, and when. `asked`: how many were asked, `replied`: how many replied, where the source
    says (F6). `effective` begins on the day on which its results were known."""

    NAME = "survey_particulars"
    KEY = ("survey",)
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="particulars", db_index=False)
    title = models.CharField(max_length=200)
    question = models.CharField(max_length=500)
    asked_of = models.CharField(max_length=10, choices=Asked)
    asked = models.PositiveIntegerField(null=True)
    replied = models.PositiveIntegerField(null=True)
    begins = models.DateField(null=True)
    ends = models.DateField(null=True)
    words = models.CharField(max_length=100, blank=True)
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="surveys")

    class Meta(Fact.Meta):
        constraints = fact_constraints(
            "survey",
            titled=~Q(title="") & ~Q(question=""),
            asked_known=Q(asked_of__in=Asked.values),
            order=Q(begins=None) | Q(ends=None) | Q(ends__gte=models.F("begins")),
            base=Q(asked=None) | Q(replied=None) | Q(replied__lte=models.F("asked")),
        )
        indexes = fact_indexes("survey")
        verbose_name_plural = "survey particulars"


class SurveyAnswer(Fact):
    """What one trust answered, from the day on which it did."""

    NAME = "survey_answer"
    KEY = ("survey", "body")
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="answers")
    body = models.ForeignKey(ParentBody, models.PROTECT, related_name="survey_answers")
    answer = models.CharField(max_length=10, choices=SurveyReply)
    words = models.CharField(max_length=500, blank=True)

    class Meta(Fact.Meta):
        constraints = fact_constraints("survey", "body", known=Q(answer__in=SurveyReply.values))
        indexes = fact_indexes("survey", "body")


class SurveyCount(Fact):
    """How many gave an answer, as the source reports it: beside the named answers, or without any.

    `share_words`: where the source gives no number ("a quarter").
    """

    NAME = "survey_count"
    KEY = ("survey", "answer")
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="counts")
    answer = models.CharField(max_length=10, choices=SurveyReply)
    count = models.PositiveIntegerField(null=True)
    share_words = models.CharField(max_length=100, blank=True)

    class Meta(Fact.Meta):
        constraints = fact_constraints(
            "survey",
            "answer",
            known=Q(answer__in=SurveyReply.values),
            said=Q(count__isnull=False) | ~Q(share_words=""),
        )
        indexes = fact_indexes("survey", "answer")
