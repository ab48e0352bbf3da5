"""The crosswalk: what of each PCT, consortium, CCG or SHA is whose on another day."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join

from pathfinders.reads import crosswalk_rows as read
from pathfinders.reads.crosswalk import KINDS, Crosswalk, question
from pathfinders.views.public.base import PublicRecord
from registry.errors import Refused
from registry.pages.forms import add_refusal, long_date
from registry.pages.tables import Column, Table, page_links, with_query, without_empty

NOUNS = {
    "pct": ("PCT", "PCTs"),
    "consortium": ("consortium", "consortia"),
    "ccg": ("CCG", "CCGs"),
    "sha": ("SHA", "SHAs"),
}
PATHS = {"pct": "/pcts/", "consortium": "/consortia/", "ccg": "/pcts/", "sha": "/shas/"}
WHY = {
    "in_none": "in none on the day",
    "closed": "had closed, with no successor known",
    "opened": "had not opened yet",
    "not_counted": "were no active GP practices on the day",
}
SHOWN = ("source", "target", "from_day", "code", "target_code", "left_out")
LABELS = {
    "source": "From",
    "target": "To",
    "from_day": "From what it was on",
    "code": "From this code",
    "target_code": "To this code",
    "left_out": "Rows",
}
PAGE = 100


class CrosswalkPage(PublicRecord):
    template_name = "public/crosswalk.html"
    api_path = "/api/v1/crosswalk/"

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if "" in request.GET.values():
            return HttpResponseRedirect(request.path + without_empty(request.GET))
        return super().get(request, *args, **kwargs)

    @cached_property
    def filters(self) -> Any:
        """The words of the address. The kinds that they leave open are filled in."""
        data, open_ = self.request.GET.copy(), question(self.request.user, self.moment)
        for name in ("source", "target"):
            data.setdefault(name, getattr(open_, name))
        form = read.Filters(data, moment=self.moment).form
        form.for_people = True
        for name in ("source", "target"):
            form.fields[name].widget = forms.Select(choices=list(KINDS.items()))
        for name in list(form.fields):
            if name in SHOWN:
                form.fields[name].label = LABELS[name]
            elif not self.request.GET.get(name):
                del form.fields[name]
        form.fields["from_day"].widget.input_type = "date"
        return form

    @cached_property
    def found(self) -> tuple[Crosswalk, list[dict[str, Any]]] | None:
        """None where the words are wrong; the form then says which."""
        if not self.filters.is_valid():
            return None
        asked = dict.fromkeys(read.Filters.base_filters) | self.filters.cleaned_data
        try:
            return read.asked(self.request.user, self.moment, asked)
        except Refused as refused:
            add_refusal(self.filters, refused)
            return None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shared = {"filters": self.filters, "has_errors": self.found is None, **self._around()}
        if self.found is None:
            return super().get_context_data(title="Crosswalk", **shared, **kwargs)
        found, rows = self.found
        told = Told(found, self.dates)
        ordering = self.request.GET.get("ordering", "")
        page = self._page(self._ordered(rows, ordering))
        return super().get_context_data(
            title=told.title(self.request.GET),
            found=found,
            told=told,
            total=len(rows),
            table=Table(told.columns(rows), page.object_list, told.caption, self.request.GET, caption_spoken=True),
            pages=page_links(page, self.request.GET) if page.has_other_pages() else None,
            absent=told.absent(rows),
            citation=self.cite(told.figures(rows)),
            pinned_api=settings.PUBLIC_URL + self.api_path + self._api(**self.moment.pinned()),
            api_href=self.api_path + self._api(),
            csv_href=self.api_path + self._api(format="csv"),
            xlsx_href=self.api_path + self._api(format="xlsx"),
            carry_href="/transitions/crosswalk/carry/"
            + with_query(QueryDict(), source=found.asked.source, target=found.asked.target,
                from_day=found.asked.from_day, as_of=self.moment.as_of),
            **shared,
            **kwargs,
        )  # fmt: skip

    def _around(self) -> dict[str, Any]:
        """What the form carries along, and the address without its filters."""
        names = ("as_of", "known_at", "ordering")
        kept = [(name, self.request.GET[name]) for name in names if self.request.GET.get(name)]
        on = [name for name in self.request.GET if name in read.Filters.base_filters]
        return {
            "kept": kept,
            "filters_on": bool(on),
            "clear_href": with_query(self.request.GET, page=None, **dict.fromkeys(on)),
        }

    def _ordered(self, rows: list[dict[str, Any]], asked: str) -> list[dict[str, Any]]:
        name = asked.removeprefix("-")
        if not asked:
            return rows
        if name not in read.ORDERINGS:
            words = f"This list cannot be ordered by “{name[:40]}”. It can be ordered by: {', '.join(read.ORDERINGS)}."
            raise Refused("bad_ordering", words, field="ordering", status=400)
        return sorted(rows, key=read.ORDERINGS[name], reverse=asked.startswith("-"))

    def _page(self, rows: list[dict[str, Any]]) -> Any:
        asked = self.request.GET.get("page", "1")
        paginator = Paginator(rows, PAGE)
        if not (asked.isascii() and asked.isdecimal()) or not 1 <= int(asked[:9]) <= paginator.num_pages:
            raise Http404(f"This list has {paginator.num_pages:,} pages: there is no page {asked[:20]}.")
        return paginator.page(asked)

    def _api(self, **more: str) -> str:
        known = {"as_of", "known_at", "ordering", *read.Filters.base_filters}
        dropped = dict.fromkeys(name for name in self.request.GET if name not in known)
        return with_query(self.request.GET, **dropped | more)


class Told:
    """A crosswalk in words."""

    def __init__(self, found: Crosswalk, dates: str) -> None:
        self.found, self.dates = found, dates
        self.source, self.target = found.asked.source, found.asked.target
        self.one, self.many = zip(NOUNS[self.source], NOUNS[self.target], strict=True)

    @property
    def caption(self) -> str:
        days = f"on {long_date(self.found.asked.from_day)}", f"on {long_date(self.found.moment.as_of)}"
        return f"{KINDS[self.source]} {days[0]}, {KINDS[self.target].lower()} {days[1]}"

    def title(self, asked: Any) -> str:
        if name := self.found.sources.get(asked.get("code", "").upper()):
            return f"What became of {name}"
        if name := self.found.targets.get(asked.get("target_code", "").upper()):
            return f"What {name} came from"
        return f"Crosswalk: {self.many[0]} to {self.many[1]}"

    def columns(self, rows: list[dict[str, Any]]) -> list[Column]:
        chain = [Column("chain", "Between the days", show=_chain)] if any(row["chain"] for row in rows) else []
        return [
            Column("source_name", "From", sort="source", show=lambda row: self._end(row, "source")),
            Column("target_name", "To", sort="target", show=lambda row: self._end(row, "target")),
            Column("practices", "Practices", kind="number", sort="practices"),
            Column("practice_share", "Of its practices", kind="number", show=lambda row: _percent(row["practice_share"])),
            Column("people", "People", kind="number", sort="people", show=_people),
            Column("people_share", "Of its people", kind="number", sort="people_share", show=lambda row: _percent(row["people_share"])),
            Column("people_share_of_target", f"Of the {self.one[1]}’s people", kind="number", show=lambda row: _percent(row["people_share_of_target"])),
            *chain,
        ]  # fmt: skip

    def _end(self, row: dict[str, Any], end: str) -> str:
        kind = getattr(self, end)
        code = row[f"{end}_code"]
        if code is None:
            tag = '<strong class="nhsuk-tag nhsuk-tag--orange">No {}</strong> {}'
            return format_html(tag, NOUNS[kind][0], WHY[row[f"{end}_absent"]])
        day = self.found.asked.from_day if end == "source" else self.found.moment.as_of
        query = with_query(QueryDict(self.dates.removeprefix("?")), as_of=day)
        link = '<a class="nhsuk-link" href="{}{}/{}">{} ({})</a>'
        return format_html(link, PATHS[kind], code, query, row[f"{end}_name"], code)

    def absent(self, rows: list[dict[str, Any]]) -> list[str]:
        """Sentences of what has no target, then of what had no source."""
        found = []
        for end, noun, verb in (("target", self.one[1], "have"), ("source", self.one[0], "had")):
            practices: Counter[str] = Counter()
            people = 0
            for row in rows:
                if row[f"{end}_code"] is None:
                    practices[row[f"{end}_absent"]] += row["practices"]
                    people += row["people"]
            if practices:
                why = "; ".join(f"{n:,} {WHY[word]}" for word, n in sorted(practices.items()))
                many = practices.total()
                what = "practice" if many == 1 else "practices"
                found.append(
                    f"{many:,} {what} with {people:,} people on {'its list' if many == 1 else 'their lists'} {verb if many > 1 else verb.replace('have', 'has')} no {noun}: {why}."
                )
        return found

    def figures(self, rows: list[dict[str, Any]]) -> list[str]:
        practices, people = (sum(row[name] for row in rows) for name in ("practices", "people"))
        pairs = sum(None not in (row["source_code"], row["target_code"]) for row in rows)
        return [
            f"{self.caption}: {pairs:,} pairs; {practices:,} practices, {people:,} people on their lists of "
            f"{long_date(self.found.lists_on)}"
        ]


def _percent(share: Decimal | None) -> str | None:
    """A share in words: what is not all is never told as 100%, what is something never as 0%."""
    if share is None:
        return None
    percent = (100 * share).quantize(Decimal("0.01"))
    if 0 < share < 1 and percent in (0, 100):
        return "under 0.01%" if percent == 0 else "over 99.99%"
    return f"{percent.normalize():f}%"


def _people(row: dict[str, Any]) -> str:
    words = f"{row['people']:,}"
    return f"{words}, without {row['practices_without_list']:,}" if row["practices_without_list"] else words


def _chain(row: dict[str, Any]) -> str:
    steps = ((s["predecessor"], s["successor"], s["kind"], s["on"]) for s in row["chain"])
    return format_html_join("; ", "{} to {} ({}, {})", steps)
