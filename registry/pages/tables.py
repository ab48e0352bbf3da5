"""Lists: filters, table, sorting, pages, CSV and API links with one small class.

    class PracticeList(PublicPage, DatedPage, ListPage):
        title = "Practices"
        noun = ("practice", "practices")
        filterset_class = PracticeFilter            # the same one as the API's
        api_path = "/api/v1/practices/"
        key = "code"                                # unique: ends every ordering
        columns = (
            Column("code", "Code", href="/practices/{code}/", sort="code"),
            Column("name", "Name", sort="name"),
            Column("status", "Status", kind="tag", tags={"active": ("Active", "green")}),
            Column("list_size", "Patients", kind="number", sort="list_size"),
            Column("opened", "Opened", kind="date"),
        )

        def get_queryset(self):
            return Practice.objects.visible_to(self.request.user).rows(self.moment)   # objects or .values()

The template is `ui/list_page.html`; a page that wants words above the table extends it and fills `lead`.
Rows are dicts (`queryset.values()`) or objects; a key may be a path (`pct.name`).
"""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence, Sized
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import quote

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.safestring import SafeString, mark_safe
from django.views.generic import ListView

from registry.errors import Refused
from registry.pages.forms import long_date

ABSENT = "–"


@dataclass(frozen=True)
class Column:
    """One column.

    key    where the value is: a dict key, an attribute, or a path with dots
    kind   "text", "number" (thousands separated, to the right), "date" (1 April 2011), "tag"
    sort   the name in `ordering=`; the queryset orders by `order_by` or, without it, by the same name
    href   a pattern filled from the row ("/practices/{code}/"), or a function of the row; None: no link
    tags   for "tag": value -> (words, colour of the design system; "" for its plain blue)
    show   a function of the row giving the words (or safe HTML) itself
    """

    key: str
    label: str
    kind: str = "text"
    sort: str = ""
    order_by: str = ""
    href: str | Callable[[Any], str | None] | None = None
    tags: Mapping[Any, tuple[str, str]] = field(default_factory=dict)
    show: Callable[[Any], Any] | None = None
    empty: str = ABSENT

    @property
    def numeric(self) -> bool:
        return self.kind == "number"

    def content(self, row: Any) -> str:
        """Escaped HTML of one cell."""
        value = self.show(row) if self.show else look_up(row, self.key)
        if value is None or value == "":
            return escape(self.empty)
        words = self._tag(value) if self.kind == "tag" else self._words(value)
        href = self._href(row)
        return f'<a class="nhsuk-link" href="{escape(href)}">{words}</a>' if href else words

    def _words(self, value: Any) -> str:
        if hasattr(value, "__html__"):
            return value.__html__()
        if self.kind == "number" and isinstance(value, int):
            return f"{value:,}"
        if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
            return long_date(value)
        return escape(str(value))

    def _tag(self, value: Any) -> str:
        words, colour = self.tags.get(value, (str(value), ""))
        extra = f" nhsuk-tag--{colour}" if colour else ""
        return f'<strong class="nhsuk-tag nhsuk-tag--no-wrap{extra}">{escape(words)}</strong>'

    def _href(self, row: Any) -> str | None:
        if callable(self.href):
            return self.href(row)
        if self.href is None:
            return None
        return self.href.format_map(_Quoted(row))


class _Quoted(dict):
    """The row as `str.format_map` wants it, each value quoted for a URL."""

    def __init__(self, row: Any) -> None:
        super().__init__()
        self.row = row

    def __getitem__(self, key: str) -> str:
        return quote(str(look_up(self.row, key)), safe="")


def look_up(row: Any, path: str) -> Any:
    """`row["a"]["b"]`, `row.a.b` or a mix, for "a.b"; None as soon as a step is None or missing."""
    for step in path.split("."):
        if row is None:
            return None
        row = row.get(step) if isinstance(row, Mapping) else getattr(row, step, None)
    return row


@dataclass
class Table:
    """Columns and rows, drawn by `{% include "ui/table.html" with table=table %}`.

    Without `query`, the headings do not sort.
    """

    columns: Sequence[Column]
    rows: Iterable[Any]
    caption: str
    query: QueryDict | None = None
    caption_size: str = "m"
    caption_spoken: bool = False  # read out but not shown: under a heading of the same words
    empty: str = "Nothing to show."
    compact: bool = False
    flowing: bool = False
    """On a telephone each row as a paragraph, not as a card of its cells: for many rows on one page."""

    @property
    def tight(self) -> bool:
        """Many columns, or many rows, take the design system's compact table."""
        return self.compact or len(self.columns) > 7 or (isinstance(self.rows, Sized) and len(self.rows) > 20)

    @property
    def head(self) -> list[dict[str, Any]]:
        return [self._heading(column) for column in self.columns]

    def _heading(self, column: Column) -> dict[str, Any]:
        heading: dict[str, Any] = {"label": column.label, "numeric": column.numeric}
        if self.query is None or not column.sort:
            return heading
        now = self.query.get("ordering", "")
        heading["sorted"] = {column.sort: "ascending", f"-{column.sort}": "descending"}.get(now, "none")
        heading["href"] = with_query(
            self.query, ordering=f"-{column.sort}" if now == column.sort else column.sort, page=None
        )
        return heading

    @property
    def body(self) -> SafeString:
        """The rows, built in Python and not in template loops: 100 rows of 8 columns take 3 ms."""
        opening = [
            f'<td class="nhsuk-table__cell{" nhsuk-table__cell--numeric" if column.numeric else ""}" role="cell">'
            f'<span class="nhsuk-table__heading" aria-hidden="true">{escape(column.label)} </span>'
            for column in self.columns
        ]
        cells = list(zip(opening, self.columns, strict=True))
        return mark_safe(
            "".join(
                '<tr class="nhsuk-table__row" role="row">'
                + "".join(f"{start}{column.content(row)}</td>" for start, column in cells)
                + "</tr>"
                for row in self.rows
            )
        )


def with_query(query: QueryDict, /, **changes: Any) -> str:
    """`?...` of the query with some parameters replaced, or dropped where the new value is None."""
    changed = query.copy()
    for name, value in changes.items():
        if value is None:
            changed.pop(name, None)
        else:
            changed[name] = str(value)
    return f"?{changed.urlencode()}" if changed else "?"


class ListPage(ListView):
    """A filtered, sorted, paged list. See the module's example."""

    template_name = "ui/list_page.html"
    title = ""
    noun: tuple[str, str] = ("row", "rows")
    columns: Sequence[Column] = ()
    filterset_class: Any = None
    api_path = ""
    key = "pk"
    default_order: Sequence[Any] = ()  # names of columns, or expressions
    paginate_by = 100
    #: parameters that are not filters
    own_parameters = frozenset({"page", "ordering", "as_of", "known_at"})

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if any(value == "" for values in request.GET.lists() for value in values[1]):
            return HttpResponseRedirect(request.path + without_empty(request.GET))
        self.filterset = self.get_filterset()
        self.object_list = self.get_rows()
        return self.render_to_response(self.get_context_data())

    def get_columns(self) -> Sequence[Column]:
        return self.columns

    def get_filterset(self) -> Any:
        if self.filterset_class is None:
            return None
        data = self.request.GET.copy()
        for name in self.own_parameters:
            data.pop(name, None)
        return self.filterset_class(data, queryset=self.get_queryset(), request=self.request)

    def get_rows(self) -> Any:
        """Filtered and ordered; nothing where a filter is wrong, so that no figure is read as its answer."""
        if self.filterset is None:
            return self.order(self.get_queryset())
        if not self.filterset.is_valid():
            return self.filterset.queryset.none()
        return self.order(self.filterset.qs)

    def order(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        asked = self.request.GET.get("ordering", "")
        if not asked:
            return rows.order_by(*self.default_order, self.key) if self.default_order else rows.order_by(self.key)
        sorts = {column.sort: column.order_by or column.sort for column in self.get_columns() if column.sort}
        name = asked.removeprefix("-")
        if name not in sorts:
            known = ", ".join(sorts)
            message = f"This list cannot be ordered by “{asked}”. It can be ordered by: {known}."
            raise Refused("bad_ordering", message, field="ordering", status=400)
        direction = "-" if asked.startswith("-") else ""
        return rows.order_by(f"{direction}{sorts[name]}", self.key)

    def paginate_queryset(self, queryset: Any, page_size: int) -> Any:
        paginator = self.get_paginator(queryset, page_size)
        asked = self.request.GET.get("page", "1")
        if self.filterset is not None and not self.filterset.is_valid():
            asked = "1"
        if not asked.isdecimal() or not 1 <= int(asked[:9]) <= paginator.num_pages:
            raise Http404(f"This list has {paginator.num_pages:,} pages: there is no page {asked[:20]}.")
        page = paginator.page(asked)
        return paginator, page, page.object_list, page.has_other_pages()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        page = context["page_obj"]
        total = page.paginator.count if page else len(self.object_list)
        filters = self.filterset.form if self.filterset is not None else None
        return {
            "title": self.title,
            "filters": filters,
            "has_errors": bool(filters is not None and filters.errors),
            "filters_on": bool(filters is not None and self._asked()),
            "clear_href": with_query(self._kept_when_cleared()),
            "kept": self._hidden(filters),
            "table": Table(
                self.get_columns(),
                page or self.object_list,
                self.caption(total),
                self.request.GET,
                caption_spoken=True,
            ),
            "result_count": self.count_sentence(total, page),
            "total": total,
            "pages": page_links(page, self.request.GET) if page and page.has_other_pages() else None,
            "api_href": self.api_path + self.api_query() if self.api_path else "",
            "csv_href": self.api_path + self.api_query(format="csv") if self.api_path else "",
            "xlsx_href": self.api_path + self.api_query(format="xlsx") if self.api_path else "",
            **context,
        }

    def caption(self, total: int) -> str:
        return self.title

    def count_sentence(self, total: int, page: Page | None) -> str:
        words = f"{total:,} {self.noun[0] if total == 1 else self.noun[1]}"
        if page is None or not page.has_other_pages():
            return words
        return f"{words}, showing {page.start_index():,} to {page.end_index():,}"

    def api_query(self, **extra: str) -> str:
        return with_query(self.request.GET, page=None, **extra)

    def _asked(self) -> list[str]:
        return [name for name in self.request.GET if name not in self.own_parameters]

    def _kept_when_cleared(self) -> QueryDict:
        kept = self.request.GET.copy()
        for name in [*self._asked(), "page"]:
            kept.pop(name, None)
        return kept

    def _hidden(self, filters: Any) -> list[tuple[str, str]]:
        """What the filter form carries along: dates and ordering."""
        return [
            (name, self.request.GET[name]) for name in ("as_of", "known_at", "ordering") if name in self.request.GET
        ]


def without_empty(query: QueryDict) -> str:
    """The query without empty parameters: one address for one list."""
    kept = QueryDict(mutable=True)
    for name, values in query.lists():
        if full := [value for value in values if value != ""]:
            kept.setlist(name, full)
    return f"?{kept.urlencode()}" if kept else ""


def page_links(page: Page, query: QueryDict) -> dict[str, Any]:
    """Previous, next and numbered links for `ui/pagination.html`."""
    paginator: Paginator = page.paginator
    numbers = [
        {
            "ellipsis": number == Paginator.ELLIPSIS,
            "number": number,
            "href": "" if number == Paginator.ELLIPSIS else with_query(query, page=number),
            "current": number == page.number,
        }
        for number in paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]
    return {
        "numbers": numbers,
        "previous": with_query(query, page=page.previous_page_number()) if page.has_previous() else "",
        "next": with_query(query, page=page.next_page_number()) if page.has_next() else "",
    }
