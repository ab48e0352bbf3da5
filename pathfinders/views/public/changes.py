"""The journal as pages: entries, newest first, and one entry with its changes, header and hash."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from typing import Any

from django.core.paginator import Paginator
from django.db.models import CharField, DateField, F, QuerySet, Value
from django.http import Http404
from django.utils.html import format_html, format_html_join
from django.views.generic import TemplateView

from pathfinders.views.public.base import Snapshot
from pathfinders.views.public.history import instant, kind_tag
from registry.canonical import plain
from registry.models import Entry, EntryKind, Fact, Installation, fact_kinds
from registry.models.fact import Lower, Upper
from registry.pages import PublicPage
from registry.pages.tables import Column, ListPage, Table, page_links
from registry.timeline import last_day

PAGE = 100
REFERENCE = re.compile(r"[A-Z]{2}\d{4,}")
PAGES = {
    "EV": "/transitions/evidence/",
    "GC": "/consortia/",
    "LB": "/transitions/local-bodies/",
    "PF": "/pathfinders/",
    "SV": "/transitions/surveys/",
}
"""Where the page of a thing is, by the letters that its reference begins with. A practice's code is longer or other."""


class ChangeList(PublicPage, Snapshot, ListPage):
    template_name = "public/changes.html"
    title = "Changes"
    noun = ("entry", "entries")
    paginate_by = 50
    default_order = ("-number",)
    key = "number"
    columns = (
        Column("number", "Entry", href="/changes/{number}/"),
        Column("at", "Recorded", show=lambda entry: instant(entry.at)),
        Column("kind", "Kind", show=lambda entry: kind_tag(entry.kind)),
        Column("reason", "Why"),
        Column("action", "Action", show=lambda entry: entry.action.replace("_", " ")),
        Column("actor", "By"),
        Column("changes", "Changes", kind="number"),
    )

    def get_queryset(self) -> QuerySet:
        entries = Entry.objects.visible_to(self.request.user)
        kind = self.request.GET.get("kind", "")
        return entries.filter(kind=kind) if kind in EntryKind.values else entries

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kinds = [("", "All")] + list(EntryKind.choices)
        return super().get_context_data(kinds=kinds, kind=self.request.GET.get("kind", ""), **kwargs)


class ChangePage(PublicPage, Snapshot, TemplateView):
    template_name = "public/change.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        number = self.kwargs["number"]
        entry = Entry.objects.visible_to(self.request.user).filter(number=number).first() if number < 2**31 else None
        if entry is None:
            raise Http404(f"The journal has no entry {number}. The newest entries are listed under Changes.")
        page = self._page(entry)
        return super().get_context_data(
            title=f"Entry {entry.number}",
            crumbs=[("Changes", "/changes/")],
            entry=entry,
            recorded=instant(entry.at),
            written=instant(entry.written_at),
            kind=kind_tag(entry.kind),
            source=json.dumps(entry.source, indent=2, ensure_ascii=False) if entry.source else "",
            demonstration=Installation.is_demonstration(),
            page=page,
            table=Table(COLUMNS, self._changes(entry, page.object_list), "Changes of the entry", caption_spoken=True),
            pages=page_links(page, self.request.GET) if page.has_other_pages() else None,
            newer=Entry.objects.visible_to(self.request.user).filter(number=number + 1).exists(),
            **kwargs,
        )

    def _page(self, entry: Entry) -> Any:
        """Positions of one page. They are numbered without a gap, so that no query counts them."""
        paginator = Paginator(range(1, entry.changes + 1), PAGE)
        asked = self.request.GET.get("page", "1")
        if not asked.isdecimal() or not 1 <= int(asked[:9]) <= paginator.num_pages:
            raise Http404(f"Entry {entry.number} has {paginator.num_pages:,} pages of changes.")
        return paginator.page(asked)

    @staticmethod
    def _changes(entry: Entry, positions: range) -> list[dict[str, Any]]:
        """The changes at these positions: one question for where they are, one for each kind of fact among them."""
        if not positions:
            return []
        span = (positions[0], positions[-1])
        kinds = fact_kinds()
        found: dict[tuple[str, str], list[int]] = defaultdict(list)
        for name, end, pk in _where(entry, span, kinds):
            found[name, end].append(pk)
        rows = [
            _row(fact, fields, kinds[name], end)
            for (name, end), pks in found.items()
            for fact, fields in _facts(kinds[name], pks)
        ]
        return sorted(rows, key=lambda row: row["position"])


def _where(entry: Entry, span: tuple[int, int], kinds: dict[str, type[Fact]]) -> list[tuple[str, str, int]]:
    parts = [
        model._default_manager.order_by()
        .filter(**{f"{end}_by": entry.pk, f"{end}_position__range": span})
        .annotate(_kind=Value(name, CharField()), _end=Value(end, CharField()))
        .values_list("_kind", "_end", "pk")
        for name, model in kinds.items()
        for end in ("opened", "closed")
    ]
    return list(parts[0].union(*parts[1:], all=True))


def _facts(model: type[Fact], pks: list[int]) -> list[tuple[dict[str, Any], list[str]]]:
    """Facts as dicts with the public values of their own fields."""
    own = [*model.key_fields(), *model.value_fields()]
    public = {f"own_{f.name}": F(model.public_path(f)) for f in own}
    ends = {
        "first": Lower("effective", output_field=DateField()),
        "after": Upper("effective", output_field=DateField()),
    }
    places = ("opened_by_id", "opened_position", "closed_by_id", "closed_position")
    rows = model._default_manager.filter(pk__in=pks).values(*places, **ends, **public)
    return [(row, [f.name for f in own]) for row in rows]


def _row(fact: dict[str, Any], fields: list[str], model: type[Fact], end: str) -> dict[str, Any]:
    values = [(name, plain(fact[f"own_{name}"])) for name in fields]
    told = [(name.replace("_", " "), _flat(value)) for name, value in values if value not in (None, "")]
    opened = f"{fact['opened_by_id']}.{fact['opened_position']}"
    return {
        "position": fact[f"{end}_position"],
        "action": "Recorded" if end == "opened" else "Replaced or taken back",
        "kind": model.NAME.replace("_", " ").capitalize(),
        "values": format_html_join("; ", "{}: {}", told),
        "first": fact["first"],
        "last": last_day(fact["after"]),
        "said_by": fact["opened_by_id"] if end == "closed" else None,
        "opened": opened,
    }


def _flat(value: Any) -> str:
    """On one line; a reference leads to its page."""
    path = PAGES.get(value[:2]) if isinstance(value, str) and REFERENCE.fullmatch(value) else None
    if path:
        return format_html('<a class="nhsuk-link" href="{}{}/">{}</a>', path, value, value)
    return ", ".join(str(value).splitlines())


def _said_by(row: dict[str, Any]) -> Any:
    number = row["said_by"]
    return format_html('<a class="nhsuk-link" href="/changes/{}/">{}</a>', number, row["opened"]) if number else ""


COLUMNS = (
    Column("position", "Position"),
    Column("action", "Change"),
    Column("kind", "Kind of fact"),
    Column("values", "What it says"),
    Column("first", "From", kind="date", empty="before records"),
    Column("last", "To (last day)", kind="date", empty="no last day"),
    Column("said_by", "First recorded as", show=_said_by),
)
