"""What every public page shares: one snapshot, one moment, links that carry the dates, words to cite it by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from registry.errors import Refused
from registry.moment import Moment, read_snapshot
from registry.pages import PublicPage
from registry.pages.dates import DATES, DatedPage
from registry.pages.forms import long_date
from registry.pages.tables import Column, ListPage, with_query


@dataclass(frozen=True)
class Citation:
    """What "Cite this" gives: sentences with every figure and its denominator, and an address that always answers
    the same, since both dates are in it."""

    figures: Sequence[str]
    permalink: str
    moment: Moment


class Snapshot:
    """Mixin: the whole page, its template included, is read from one picture of the register."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with read_snapshot(settings.READ_SECONDS):
            response = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
            if hasattr(response, "render") and not response.is_rendered:
                response.render()
            return response


class PublicDated(PublicPage, Snapshot, DatedPage):
    """Mixin of every page that answers for a date."""

    request: HttpRequest
    crumbs: Sequence[tuple[str, str]] = ()

    @cached_property
    def dates(self) -> str:
        """The dates asked for, as the end of an address: "" or "?as_of=2011-04-01"."""
        asked = {name: value for name in ("as_of", "known_at") if (value := self.request.GET.get(name, "").strip())}
        return f"?{urlencode(asked)}" if asked else ""

    def link(self, path: str, **query: Any) -> str:
        """An address on this site, with the dates carried along."""
        return with_more(path + self.dates, **query)

    def on(self, day: Any) -> str:
        """This page on another day."""
        return self.request.path + with_query(self.request.GET, as_of=day, page=None)

    @cached_property
    def permalink(self) -> str:
        """This page with both dates pinned."""
        query = self.request.GET.copy()
        for name in DATES:
            query.pop(name, None)
        return settings.PUBLIC_URL + self.request.path + with_query(query, page=None, **self.moment.pinned())

    def cite(self, figures: Sequence[str]) -> Citation:
        return Citation(figures, self.permalink, self.moment)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        path = self.request.path
        return {
            "dates": self.dates,
            "and_dates": self.dates.replace("?", "&", 1),  # after a query that is there already
            "asked_dates": [(n, self.request.GET[n]) for n in ("as_of", "known_at") if self.request.GET.get(n)],
            "day": self.moment.as_of,
            "moment": self.moment,
            "crumbs": [(label, href + self.dates) for label, href in self.crumbs],
            "nav": [(label, href + self.dates, path.startswith(href)) for label, href in settings.NAVIGATION],
            **context,
        }


class PublicRecord(PublicDated, TemplateView):
    """A page about one thing. The template gets what the page says, not the words of the address."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data())


class PublicStatic(PublicPage, TemplateView):
    """A page of words alone."""


class PublicList(PublicDated, ListPage):
    """A list over one module of `pathfinders.reads`: its rows, filters, orderings and figures, as in the API.

    `shown_filters` are the filters drawn, in order, with the words beside them; the others are taken from the
    address all the same, carried along, and named above the list.
    """

    template_name = "public/list.html"
    read: Any = None
    lead = ""
    shown_filters: Mapping[str, str] = {}

    def get_queryset(self) -> QuerySet:
        return self.read.rows(self.request.user, self.moment)

    @property
    def key(self) -> str:  # type: ignore[override]
        return self.read.KEY[0]

    def get_columns(self) -> Sequence[Column]:
        return dated(self.columns, self.dates)

    def get_filterset(self) -> Any:
        data = self.request.GET.copy()
        for name in self.own_parameters:
            data.pop(name, None)
        filterset = self.read.Filters(data, self.get_queryset(), moment=self.moment)
        filterset.form.for_people = True
        self.also_filtered = self._draw(filterset.form)
        return filterset

    def order(self, rows: QuerySet) -> QuerySet:
        asked = self.request.GET.get("ordering", "") or next(iter(self.read.ORDERINGS))
        name = asked.removeprefix("-")
        if name not in self.read.ORDERINGS:
            known = ", ".join(self.read.ORDERINGS)
            message = f"This list cannot be ordered by “{name[:40]}”. It can be ordered by: {known}."
            raise Refused("bad_ordering", message, field="ordering", status=400)
        by = self.read.ORDERINGS[name]
        return rows.order_by(by.desc() if asked.startswith("-") else by.asc(), *self.read.KEY)

    def paginate_queryset(self, queryset: Any, page_size: int) -> Any:
        paginator, page, rows, other = super().paginate_queryset(queryset, page_size)
        page.object_list = self.finish(list(page.object_list))
        return paginator, page, page.object_list, other

    def finish(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if hasattr(self.read, "finish"):
            return self.read.finish(self.request.user, self.moment, rows)
        return rows

    def api_query(self, **extra: str) -> str:
        """The same question to the API; what this page does not know is left out of it."""
        known = QueryDict(mutable=True)
        names = {"as_of", "known_at", "ordering", *self.filterset.filters}
        for name, values in self.request.GET.lists():
            if name in names:
                known.setlist(name, values)
        return with_query(known, **extra)

    def choices(self) -> dict[str, list[tuple[str, str]]]:
        """Filters drawn as a choice of these values."""
        return {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {
            "lead": self.lead,
            "also_filtered": self.also_filtered,
            "citation": None if context["has_errors"] else self.cite([self.figure(context["total"])]),
            "pinned_api": settings.PUBLIC_URL + self.api_path + self.api_query(**self.moment.pinned()),
            **context,
        }

    def figure(self, total: int) -> str:
        """The count of the list in words, with the filters that it answers to."""
        asked = [f"{n}={v}" for n, v in self.request.GET.items() if n in self.filterset.filters]
        noun = self.noun[0] if total == 1 else self.noun[1]
        return f"{total:,} {noun}" + (f" ({', '.join(asked)})" if asked else "")

    def _draw(self, form: forms.Form) -> list[tuple[str, str]]:
        """Leave in the form what is drawn and what is asked; the latter, where it is not drawn, in hidden fields."""
        also, choices = [], self.choices()
        for name in list(form.fields):
            field = form.fields[name]
            if name in self.shown_filters:
                field.label = self.shown_filters[name]
                if name in choices:
                    field.widget = forms.Select(choices=[("", "All"), *choices[name]])
            elif self.request.GET.get(name):
                also.append((str(field.label or name), ", ".join(self.request.GET.getlist(name))))
                field.widget = field.hidden_widget()
            else:
                del form.fields[name]
        form.order_fields([*self.shown_filters])
        return also


def with_more(address: str, **query: Any) -> str:
    """An address with more parameters."""
    if not query:
        return address
    return address + ("&" if "?" in address else "?") + urlencode(query)


def dated(columns: Sequence[Column], dates: str) -> list[Column]:
    """The columns, their links ending in the dates. (Quoted dates hold no braces.)"""
    return [replace(c, href=c.href + dates) if dates and isinstance(c.href, str) else c for c in columns]


def people_words(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """People on the lists of these practices, the quarters the lists are of, and how many have a later list or none
    (domain.md rules 6 and 8). Each row: `list_size`, `list_size_quarter`, `list_size_basis`."""
    with_list = [r for r in rows if r["list_size"] is not None]
    later = [r for r in with_list if r["list_size_basis"] == "later"]
    quarters = sorted({r["list_size_quarter"] for r in with_list})
    return {
        "practices": len(rows),
        "people": sum(r["list_size"] for r in with_list),
        "without_list": len(rows) - len(with_list),
        "later": len(later),
        "quarters": quarters,
        "quarter_words": _span(quarters),
    }


def _span(quarters: list[str]) -> str:
    if not quarters:
        return "no quarter"
    return quarters[0] if len(quarters) == 1 else f"{quarters[0]} to {quarters[-1]}"


def days_words(start: Any, last: Any) -> str:
    """A period in words; `last` is inclusive, None is open."""
    if start is None and last is None:
        return "at all times"
    if start is None:
        return f"until {long_date(last)}"
    return f"from {long_date(start)}" + (f" to {long_date(last)}" if last else " on")
