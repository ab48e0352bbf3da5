"""Surveys: the list, one with its results and every trust, and what one trust answered."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404

from pathfinders.reads import survey_answers, surveys
from pathfinders.views.public.bars import bar
from pathfinders.views.public.base import PublicList, dated
from registry.pages.forms import long_date
from registry.pages.tables import Column, Table
from transitions.models import EvidenceKind, SurveyReply
from transitions.models.survey import Asked

LIST = ("Surveys", "/transitions/surveys/")
ANSWER_TAGS = {
    SurveyReply.YES: ("Yes", "green"),
    SurveyReply.PARTIAL: ("In part", "aqua-green"),
    SurveyReply.NO: ("No", "orange"),
    SurveyReply.DECLINED: ("Declined to answer", "purple"),
    SurveyReply.NO_REPLY: ("No reply", "grey"),
    SurveyReply.NOT_ASKED: ("Not asked", "grey"),
}
NOT_KNOWN = "Not known"


class SurveyList(PublicList):
    title = "Surveys"
    noun = ("survey", "surveys")
    template_name = "public/transition/accountable_list.html"
    read = surveys
    api_path = "/api/v1/surveys/"
    crumbs = (("Transition", "/transitions/"),)
    lead = (
        "What primary care trusts, GPs and practices were asked about handing over, and what they answered. Every result "
        "is given with its base; a trust of which nothing is known is never counted as a no."
    )
    shown_filters = {"q": "Title", "asked_of": "Who was asked"}
    columns = (
        Column("ref", "Reference", href="/transitions/surveys/{ref}/", sort="ref"),
        Column("title", "Survey"),
        Column("question", "Question"),
        Column("asked_of", "Asked", show=lambda row: Asked(row["asked_of"]).label),
        Column("day", "On", kind="date", sort="day"),
        Column("sentence", "Said yes"),
    )


class SurveyPage(PublicList):
    """One survey. Its list is of all trusts of its day: those that answered, and those of which nothing is known."""

    noun = ("trust", "trusts")
    read = survey_answers
    template_name = "public/transition/survey.html"
    crumbs = (("Transition", "/transitions/"), LIST)
    paginate_by = 200
    shown_filters = {"answer": "Answer", "sha": "Strategic health authority", "q": "Name or code"}
    columns = (
        Column("code", "Code", href="/pcts/{code}/", sort="code"),
        Column("name", "Trust", sort="name", empty="Name not known"),
        Column("sha_name", "Strategic health authority", sort="sha", href="/shas/{sha_code}/"),
        Column("answer", "Answer", kind="tag", tags=ANSWER_TAGS, sort="answer", empty=NOT_KNOWN),
        Column("words", "In its words"),
        Column("answered_on", "From", kind="date"),
    )

    @cached_property
    def survey(self) -> dict[str, Any]:
        found = surveys.one(self.request.user, self.moment, self.kwargs["ref"])
        if found is None:
            known = "The register knows no survey of this reference on the day. See them all under “Surveys”."
            raise Http404(known)
        return found

    @property
    def title(self) -> str:  # type: ignore[override]
        return self.survey["title"]

    @property
    def api_path(self) -> str:  # type: ignore[override]
        return f"/api/v1/surveys/{self.survey['ref']}/answers/"

    @property
    def pinned_survey(self) -> str:
        """The survey itself in the API, with both dates."""
        return f"{settings.PUBLIC_URL}/api/v1/surveys/{self.survey['ref']}/?{urlencode(self.moment.pinned())}"

    def get_queryset(self) -> QuerySet:
        return survey_answers.rows(self.request.user, self.moment, self.survey)

    def choices(self) -> dict[str, list[tuple[str, str]]]:
        shas = self.get_queryset().exclude(sha_code=None).order_by("sha_name").values_list("sha_code", "sha_name")
        return {"sha": list(shas.distinct()), "answer": survey_answers.CHOICES}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row, by_name = self.survey, self.survey["asked_of"] == Asked.TRUSTS
        only = {} if by_name else {"filters": None, "result_count": "Counts only", "pinned_api": self.pinned_survey}
        return {
            **super().get_context_data(**kwargs),
            **only,
            "survey": row,
            "asked_label": Asked(row["asked_of"]).label,
            "results": results_table(row),
            "beside": beside(row),
            "all_asked": by_name and all_asked(row),
            "by_name": by_name,
            "evidence_kind": EvidenceKind(row["evidence_kind"]).label if row["evidence_kind"] else "",
            "when": when(row),
            "citation": self.cite([f"{row['title']}: {row['sentence'].rstrip('.')}", *beside_words(row)]),
        }


def results_table(row: dict[str, Any]) -> Table:
    """Each answer with a bar of its share of the base; what is not known stays unknown."""
    columns = [
        Column("label", "Answer"),
        Column("number", "How many", show=_how_many),
        Column("percent", "Share of the base", show=_share, empty=NOT_KNOWN),
    ]
    if row["asked_of"] == Asked.TRUSTS:
        columns.append(Column("named", "Of these known by name", kind="number"))
    return Table(columns, row["results"], f"Results: {row['base_words']}", caption_size="s")


def _share(found: dict[str, Any]) -> Any:
    """Who declines gives no answer to the question: no part of the base."""
    return "Not in the base" if found["answer"] == SurveyReply.DECLINED else bar(found["percent"])


def _how_many(found: dict[str, Any]) -> str:
    if found["number"] is not None:
        return f"{found['number']:,}"
    if found["share_words"]:
        return f"“{found['share_words']}”"
    return f"At least {found['named']:,}" if found["named"] else NOT_KNOWN


def beside(row: dict[str, Any]) -> list[tuple[str, str]]:
    """What is no answer to the question, each by itself: (what, how many)."""
    told = []
    if row["unreported"]:
        told.append(("Replied, but the source does not say what", f"{row['unreported']:,}"))
    if row["asked_of"] == Asked.TRUSTS:
        names = {"no_reply": "Asked, and gave no reply", "not_asked": "Not asked"}
        told += [(words, NOT_KNOWN if row[n] is None else f"{row[n]:,}") for n, words in names.items()]
        silent = "Asked, no answer recorded" if all_asked(row) else "Not known whether asked"
        told.append((silent, f"{row['not_known']:,} of {row['trusts']:,} trusts"))
    return told


def all_asked(row: dict[str, Any]) -> bool:
    """As many were asked as there were trusts on the day, and of none it is said that it was not: each was asked."""
    return bool(row["trusts"]) and row["asked"] == row["trusts"] and row["not_asked"] == 0


def beside_words(row: dict[str, Any]) -> list[str]:
    if row["asked_of"] != Asked.TRUSTS:
        return []
    if all_asked(row):
        return [f"All {row['trusts']:,} trusts were asked; of {row['not_known']:,} no answer is recorded"]
    return [f"Of {row['not_known']:,} of all {row['trusts']:,} trusts it is not known whether they were asked"]


def when(row: dict[str, Any]) -> str:
    """The days on which it asked, or as the source dates it."""
    days = [f"{word} {long_date(row[n])}" for n, word in (("begins", "from"), ("ends", "to")) if row[n]]
    told = " ".join(days)
    quoted = f"“{row['words']}”" if row["words"] else ""
    return ", ".join(part for part in (told, quoted) if part) or NOT_KNOWN


def section(rows: list[dict[str, Any]], dates: str) -> dict[str, Any]:
    """For a trust's page: what it answered to which survey (`public/transition/surveys.html`)."""
    columns: Sequence[Column] = (
        Column("title", "Survey", href="/transitions/surveys/{ref}/"),
        Column("question", "Question"),
        Column("answer", "Answer", kind="tag", tags=ANSWER_TAGS),
        Column("words", "In its words"),
        Column("answered_on", "From", kind="date"),
    )
    table = Table(dated(columns, dates), rows, "Answers to surveys", caption_spoken=True) if rows else None
    return {"survey_answers": table}
