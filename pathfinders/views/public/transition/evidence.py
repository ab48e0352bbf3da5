"""The sources: the list of them, and the page of one with everything that rests on it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import FileResponse, Http404
from django.utils.html import format_html
from django.views import View

from pathfinders.reads import evidence, pcts
from pathfinders.views.public.base import PublicList, PublicRecord
from pathfinders.views.public.history import changed, lines, tables
from pathfinders.views.public.transition.words import when_words
from registry.authorization import Permission, may
from registry.files.documents import SOURCES
from registry.files.giving import given
from registry.pages import PublicPage
from registry.pages.forms import long_date
from registry.pages.tables import Column, Table
from transitions.evidence_permissions import may_attach, may_correct
from transitions.models import (
    Evidence,
    EvidenceDocument,
    EvidenceKind,
    EvidenceParticulars,
    TransitionWord,
    TransitionWordKind,
)

LIST = ("Evidence", "/transitions/evidence/")
FIELDS = {
    "kind": "Kind",
    "title": "Title",
    "publisher": "Publisher",
    "said_on": "Said on",
    "words": "Dated",
    "url": "Address",
}
PAGES = {"Local body": "/transitions/local-bodies/{}/", "Survey": "/transitions/surveys/{}/"}


class EvidenceList(PublicList):
    title = "Evidence"
    noun = ("source", "sources")
    template_name = "public/transition/accountable_list.html"
    read = evidence
    api_path = "/api/v1/evidence/"
    crumbs = (("Transition", "/transitions/"),)
    lead = (
        "Every document, statement, survey answer and press report on which this register says something of the "
        "hand-over to GPs. Where two of them differ, both are kept: what the body itself wrote or told this register is "
        "shown before a survey, and that before the press; of one voice the newest."
    )
    shown_filters = {
        "q": "Title",
        "kind": "Kind",
        "publisher": "Who published it",
        "pct": "Trust",
        "year": "Year",
        "document": "Document held",
    }
    columns = (
        Column("ref", "Reference", href="/transitions/evidence/{ref}/", sort="ref"),
        Column("title", "What it is"),
        Column("kind", "Kind", show=lambda row: EvidenceKind(row["kind"]).label, sort="kind"),
        Column("publisher", "Publisher"),
        Column("said_on", "Said", show=lambda row: when_words(row["said_on"], row["words"]), sort="said_on"),
        Column("rests", "Facts on it", kind="number"),
        Column("documents", "Documents", show=lambda row: _held(row), kind="number"),
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if may(self.request.user, Permission.KEEP_TRANSITION):
            context["lead"] += " To correct what a source is, or to attach its document, open it."
        return context

    def choices(self) -> dict[str, list[tuple[str, str]]]:
        trusts = pcts.rows(self.request.user, self.moment).order_by("name").values_list("code", "name")
        return {
            "pct": [(code, f"{name} ({code})") for code, name in trusts],
            "document": [("true", "Yes"), ("false", "No")],
        }


class EvidencePage(PublicRecord):
    template_name = "public/transition/evidence.html"
    crumbs = (("Transition", "/transitions/"), LIST)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, ref = self.request.user, self.kwargs["ref"].upper()
        row = evidence.rows(user, self.moment).filter(ref=ref).first() if "\0" not in ref else None
        if row is None:
            raise Http404(f"The register has no evidence “{ref[:20]}” at that time. It is listed under “Evidence”.")
        facts = EvidenceParticulars.objects.visible_to(user).filter(evidence__ref=ref)
        files = EvidenceDocument.objects.visible_to(user).filter(evidence__ref=ref)
        told = lines(facts, self.moment, "Evidence", changed(FIELDS, self.moment))
        rests = evidence.resting(user, self.moment, ref)
        return super().get_context_data(
            title=row["title"],
            row=row,
            kind=EvidenceKind(row["kind"]).label,
            rank=EvidenceKind(row["kind"]).rank,
            when=when_words(row["said_on"], row["words"]),
            rests=self._rests(rests) if rests else None,
            keeps=self._keeps(ref),
            documents=[file | {"label": SOURCES[file["kind"]].label} for file in row["document_list"]],
            citation=self.cite([f"{row['title']} ({ref}): {len(rests):,} facts of this register rest on it"]),
            **tables(told + lines(files, self.moment, "Document", _document_words)),
            **kwargs,
        )

    def _keeps(self, ref: str) -> bool:
        user = self.request.user
        if not may(user, Permission.KEEP_TRANSITION):
            return False
        told_of = Evidence.objects.visible_to(user).get(ref=ref)
        return may_attach(user, told_of) or may_correct(user, told_of)

    def _rests(self, rows: list[dict[str, Any]]) -> Table:
        labels = TransitionWord.objects.visible_to(self.request.user).labels(TransitionWordKind.STAGE)
        columns = (
            Column("what", "What"),
            Column("code", "Of", show=self._link),
            Column("said", "Says", show=lambda row: self._says(row, labels)),
            Column("effective_from", "From", show=lambda row: _day(row["effective_from"]), empty="before records"),
            Column("effective_to", "To (last day)", show=lambda row: _day(row["effective_to"]), empty="still so"),
        )
        return Table(columns, rows, "What rests on it", caption_spoken=True)

    def _link(self, row: dict[str, Any]) -> str:
        page = PAGES.get(row["what"], "/pcts/{}/").format(row["code"])
        words = f"{row['name']} ({row['code']})" if row["name"] else row["code"]
        return format_html('<a class="nhsuk-link" href="{}{}">{}</a>', page, self.dates, words)

    def _says(self, row: dict[str, Any], labels: dict[str, str]) -> str:
        """A stage, name or title; of budgets the year and line, and of what is delegated to whom."""
        if not row["line"]:
            return labels.get(row["said"], row["said"])
        words = f"{row['said']}, {row['line']}"
        if not row["holder"]:
            return words
        folder = "consortia" if row["holder"].startswith("GC") else "transitions/local-bodies"
        link = '<div>{}, to <a class="nhsuk-link" href="/{}/{}/{}">{}</a></div>'
        return format_html(link, words, folder, row["holder"], self.dates, row["holder_name"] or row["holder"])


class Document(PublicPage, View):
    """A document of evidence, always as a download, as long as it is not withdrawn."""

    def get(self, request: Any, ref: str, sha256: str) -> FileResponse:
        told = EvidenceDocument.objects.visible_to(request.user).filter(evidence__ref=ref.upper(), sha256=sha256)
        row = told.current().first()
        if row is not None:
            return given(row.sha256, row.name, row.kind, f"document {row.pk} of {ref}")
        if told.exists():
            raise Http404("This document was withdrawn. Why is said in the history on the page of the evidence.")
        raise Http404("The register has no such document of this evidence. See the page of the evidence.")


def _held(row: dict[str, Any]) -> str:
    gone = len(row["withdrawn_list"])
    return f"{len(row['document_list'])}" + (f" ({gone} withdrawn)" if gone else "")


def _document_words(fact: Any) -> str:
    return f"{fact.name}, {fact.size:,} bytes, SHA-256 {fact.sha256[:16]}…"


def _day(text: str | None) -> str:
    return long_date(date.fromisoformat(text)) if text else ""
