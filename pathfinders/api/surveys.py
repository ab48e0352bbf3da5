"""Surveys, their results with the base, and what each trust answered."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from rest_framework.serializers import CharField, DateField, FloatField, IntegerField, ListField, Serializer

from pathfinders.api.accountable import SaysAccountable
from pathfinders.api.evidence import PublishedEvidence
from pathfinders.api.lists import PublicDetail, VersionList
from pathfinders.api.serializers import BodyRef
from pathfinders.api.version_rows import VersionClocks
from pathfinders.reads import survey_answers, surveys, versions
from registry.api.dictionary import told
from registry.moment import Moment
from transitions.models import SurveyReply
from transitions.models.survey import Asked
from transitions.surveys import REPLIED

NO_NO = "; never a no"


class SurveyReplies(Serializer):
    answer = CharField(help_text="The answer", style=told(words=[r.value for r in REPLIED]))
    label = CharField(help_text="The answer in words")  # type: ignore[assignment]  # a field named label, not Field.label
    count = IntegerField(
        allow_null=True, help_text="How many gave it, as the source reports", style=told(unit="replies")
    )
    share_words = CharField(allow_blank=True, help_text="The share in the source's words, where it gives no number")
    named = IntegerField(help_text="Trusts recorded with it by name", style=told(unit="trusts"))
    number = IntegerField(
        allow_null=True, help_text="How many gave it: count, or named where these are all; null: not known"
    )
    percent = FloatField(
        allow_null=True, help_text="number over base; null where either is not known", style=told(unit="percent")
    )


class Survey(Serializer):
    ref = CharField(help_text="Its reference, as SV0001")
    title = CharField(help_text="What it is called")
    question = CharField(help_text="What was asked")
    asked_of = CharField(
        help_text="Who was asked; of GPs and practices there are counts only", style=told(words=Asked.values)
    )
    asked = IntegerField(allow_null=True, help_text="How many were asked; null: not said")
    replied = IntegerField(allow_null=True, help_text="How many replied; null: not said")
    begins = DateField(allow_null=True, help_text="The first day on which it asked; null: not known")
    ends = DateField(allow_null=True, help_text="The last day on which it asked; null: not known")
    words = CharField(allow_blank=True, help_text="How the source dates it")
    known_from = DateField(allow_null=True, help_text="The day from which the register knows of it")
    day = DateField(allow_null=True, help_text="The day whose trusts it is held against")
    evidence = PublishedEvidence(help_text="Where it is reported")
    sentence = CharField(help_text="How many said yes, of how many")
    base = IntegerField(
        allow_null=True, help_text="Replies that answer the question, what percent is of; null: not known"
    )
    base_words = CharField(help_text="The base in words, with what is not known of it")
    unreported = IntegerField(allow_null=True, help_text="Replies of which the source does not say what they were")
    trusts = IntegerField(
        allow_null=True, help_text="Trusts there were on the day; null: they were not asked", style=told(unit="trusts")
    )
    no_reply = IntegerField(
        allow_null=True, help_text=f"Trusts that were asked and gave no reply; null: not known{NO_NO}"
    )
    not_asked = IntegerField(allow_null=True, help_text=f"Trusts that were not asked; null: not known{NO_NO}")
    not_known = IntegerField(
        allow_null=True, help_text=f"Trusts of which it is not known whether they were asked or replied{NO_NO}"
    )
    results = ListField(child=SurveyReplies(), help_text="For each answer that a reply can give")


class SurveyAnswer(Serializer):
    code = CharField(help_text="The trust's NHS code")
    name = CharField(allow_null=True, help_text="Its name on the day of the survey")
    sha = BodyRef(allow_null=True, help_text="The authority above it that day")
    answer = CharField(
        allow_null=True, help_text=f"What it answered; null: not known{NO_NO}", style=told(words=SurveyReply.values)
    )
    words = CharField(allow_blank=True, help_text="In its words")
    answered_on = DateField(allow_null=True, help_text="The day from which it answered so")


class AnswerOfSurvey(SurveyAnswer):
    """A row of the file of all surveys' answers in a snapshot."""

    survey = CharField(help_text="The survey’s reference")


class SurveyTold(Serializer):
    ref = CharField(help_text="Its reference, as SV0001")
    title = CharField(help_text="What it is called")
    question = CharField(help_text="What was asked")
    asked_of = CharField(help_text="Who was asked", style=told(words=Asked.values))
    asked = IntegerField(allow_null=True, help_text="How many were asked; null: not said")
    replied = IntegerField(allow_null=True, help_text="How many replied; null: not said")
    begins = DateField(allow_null=True, help_text="The first day on which it asked; null: not known")
    ends = DateField(allow_null=True, help_text="The last day on which it asked; null: not known")
    words = CharField(allow_blank=True, help_text="How the source dates it")
    evidence = PublishedEvidence(help_text="Where it is reported")


class SurveyVersion(SurveyTold, VersionClocks):
    """What was told of a survey over the days for which it stood."""


class AnswerTold(Serializer):
    code = CharField(help_text="The trust's NHS code")
    name = CharField(allow_null=True, help_text="Its name as last told by as_of")
    sha = BodyRef(allow_null=True, help_text="The authority above it")
    answer = CharField(help_text="What it answered", style=told(words=SurveyReply.values))
    words = CharField(allow_blank=True, help_text="In its words")


class AnswerVersion(AnswerTold, VersionClocks):
    """What a trust answered; a trust of which no answer is known has no version."""


class Surveys(SaysAccountable, VersionList):
    """Surveys of trusts, GPs or practices on handing over, known by the day, each with its results and their base."""

    in_editions = True
    read, serializer = surveys, Survey
    versions, spell = versions.SURVEYS, SurveyVersion


class OneSurvey(SaysAccountable, PublicDetail):
    """One survey; its link `answers` leads to what each trust of its day answered."""

    resource = "surveys"
    read, serializer = surveys, Survey


class SurveyAnswers(SaysAccountable, VersionList):
    """What each trust of the survey's day answered: a row for every trust, `answer` null where it is not known."""

    read, serializer = survey_answers, SurveyAnswer
    versions, spell = versions.ANSWERS, AnswerVersion

    @cached_property
    def ref(self) -> str:
        return str(self.kwargs["ref"])

    def rows(self, moment: Moment) -> QuerySet:
        survey = surveys.one(self.request.user, moment, self.ref)
        if survey is None:
            raise Http404(f"“{self.ref[:40]}” is not in the register at that moment ({moment.as_of}).")
        if self.by_version:
            asked: Any = self.read
            return asked.of(survey__ref=survey["ref"]).rows(self.request.user, moment)
        return survey_answers.rows(self.request.user, moment, survey)
