"""The sources: the list of them, and the page of one with everything that rests on it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404
from django.utils.html import format_html

from pathfinders.reads import evidence
from pathfinders.views.public.base import PublicDated, PublicRecord, dated
from pathfinders.views.public.history import changed, lines, tables
from pathfinders.views.public.transition.words import when_words
from registry.pages.forms import long_date
from registry.pages.tables import Column, ListPage, Table
from transitions.models import EvidenceKind, EvidenceParticulars, TransitionWord, TransitionWordKind

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


class EvidenceList(PublicDated, ListPage):
    title = "Evidence"
    noun = ("source", "sources")
    template_name = "public/transition/evidence_list.html"
    key = "ref"
    crumbs = (("Transition", "/transitions/"),)

    def get_queryset(self) -> Any:
        return evidence.rows(self.request.user, self.moment)

    def get_filterset(self) -> Any:
        data = self.request.GET.copy()
        for name in self.own_parameters:
            data.pop(name, None)
        return evidence.Filters(data, self.get_queryset(), moment=self.moment)

    def order(self, rows: Any) -> Any:
        asked = self.request.GET.get("ordering", "").removeprefix("-")
        if asked in evidence.ORDERINGS:
            by = evidence.ORDERINGS[asked]
            return rows.order_by(by.desc() if self.request.GET["ordering"].startswith("-") else by.asc(), "ref")
        return super().order(rows)

    def get_columns(self) -> list[Column]:
        columns = (
            Column("ref", "Reference", href="/transitions/evidence/{ref}/", sort="ref"),
            Column("title", "What it is"),
            Column("kind", "Kind", show=lambda row: EvidenceKind(row["kind"]).label, sort="kind"),
            Column("publisher", "Publisher"),
            Column("said_on", "Said", show=lambda row: when_words(row["said_on"], row["words"]), sort="said_on"),
            Column("rests", "Facts on it", kind="number"),
        )
        return dated(columns, self.dates)

    def paginate_queryset(self, queryset: Any, page_size: int) -> Any:
        paginator, page, _, other = super().paginate_queryset(queryset, page_size)
        page.object_list = evidence.finish(self.request.user, self.moment, list(page.object_list))
        return paginator, page, page.object_list, other


class EvidencePage(PublicRecord):
    template_name = "public/transition/evidence.html"
    crumbs = (("Transition", "/transitions/"), LIST)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, ref = self.request.user, self.kwargs["ref"].upper()
        row = evidence.rows(user, self.moment).filter(ref=ref).first() if "\0" not in ref else None
        if row is None:
            raise Http404(f"The register has no evidence “{ref[:20]}” at that time. It is listed under “Evidence”.")
        facts = EvidenceParticulars.objects.visible_to(user).filter(evidence__ref=ref)
        rests = evidence.resting(user, self.moment, ref)
        return super().get_context_data(
            title=row["title"],
            row=row,
            kind=EvidenceKind(row["kind"]).label,
            rank=EvidenceKind(row["kind"]).rank,
            when=when_words(row["said_on"], row["words"]),
            rests=self._rests(rests) if rests else None,
            citation=self.cite([f"{row['title']} ({ref}): {len(rests):,} facts of this register rest on it"]),
            **tables(lines(facts, self.moment, "Evidence", changed(FIELDS, self.moment))),
            **kwargs,
        )

    def _rests(self, rows: list[dict[str, Any]]) -> Table:
        labels = TransitionWord.objects.visible_to(self.request.user).labels(TransitionWordKind.STAGE)
        columns = (
            Column("what", "What"),
            Column("code", "Of", show=self._link),
            Column("said", "Says", show=lambda row: labels.get(row["said"], row["said"])),
            Column("first", "From", show=lambda row: _day(row["first"]), empty="before records"),
            Column("last", "To (last day)", show=lambda row: _day(row["last"]), empty="still so"),
        )
        return Table(columns, rows, "What rests on it", caption_spoken=True)

    def _link(self, row: dict[str, Any]) -> str:
        page = PAGES.get(row["what"], "/pcts/{}/").format(row["code"])
        return format_html('<a class="nhsuk-link" href="{}{}">{}</a>', page, self.dates, row["code"])


def _day(text: str | None) -> str:
    return long_date(date.fromisoformat(text)) if text else ""
