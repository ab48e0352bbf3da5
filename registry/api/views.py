"""The views that every resource is made of. Closed by default: a view that says `public = True` is read by all."""

from __future__ import annotations

import json
from contextlib import nullcontext
from typing import IO, Any, ClassVar, cast
from urllib.parse import urlencode

import django_filters
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from registry.api import caching, editions, exports, limits, questions
from registry.api.about import About
from registry.api.cursors import Cursor, Ordering, fingerprint
from registry.api.editions import Edition, Title
from registry.api.negotiation import FORMATS, chosen
from registry.api.schema import ResourceSchema
from registry.api.scopes import require_scope
from registry.api.shapes import Shape
from registry.moment import Moment, read_snapshot
from registry.scopes import Scope

PAGE, LARGEST_PAGE = 100, 1_000
OF_EDITIONS = {"as_of", "known_at", "cursor", "page_size", "fields", "format"}


class PublicRead(APIView):
    """Where `public`, its answer sets no cookie: a stale session's is not even taken away (`registry.pages.public`)."""

    public: ClassVar[bool] = False
    write_scope: ClassVar[Scope] = Scope.READ
    """What a token needs that writes here; one that reads needs `read`."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.public_page = self.public  # type: ignore[attr-defined]
        return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        require_scope(request, Scope.READ if request.method in SAFE_METHODS else self.write_scope)


class ResourceView(PublicRead):
    """A read of the register at a moment: dates understood, unknown parameters refused, one snapshot, cache headers.

    A subclass says `answer(moment, form)`; DRF ignores Django's LoginRequiredMiddleware, so the permission here is
    what guards it.
    """

    formats: ClassVar[tuple[str, ...]] = ("json",)
    parameters: ClassVar[tuple[str, ...]] = ()
    dated: ClassVar[bool] = True
    names_people: ClassVar[bool] = False
    """A name is erasable, so no cache keeps an answer that holds one: it has no tag, and is never settled."""
    http_method_names = ["get", "head", "options"]
    schema = ResourceSchema()

    def get_permissions(self) -> list[BasePermission]:
        """None for a public read; none either for a method that there is not, which is answered 405 to anyone."""
        asked = (self.request.method or "").lower()
        if self.public and self.request.method in SAFE_METHODS or asked not in self.http_method_names:
            return []
        return cast("list[BasePermission]", super().get_permissions())

    def allowed_parameters(self) -> set[str]:
        return {*self.parameters, "format", *(("as_of", "known_at") if self.dated else ())}

    def many_parameters(self) -> set[str]:
        """Parameters that may be given more than once."""
        return set()

    def get(self, request: Request, **kwargs: Any) -> HttpResponseBase:
        questions.refuse_unknown(request.GET, self.allowed_parameters(), self.many_parameters())
        form = chosen(request, self.formats)
        response = self.answer_of_edition(form)
        if response is not None:
            return response
        with read_snapshot(limits.seconds(form)):
            moment = self.moment()
            tag = self.tag(moment)
            if tag and caching.matches(request.headers.get("If-None-Match", ""), tag):
                return caching.dress(HttpResponseNotModified(), request, moment, tag)
            response = self.answer(moment, form)
        return caching.dress(response, request, None if self.names_people else moment, tag)

    def answer_of_edition(self, form: str) -> HttpResponseBase | None:
        """The same answer without a question to the register, where all of it was written before."""
        return None

    def tag(self, moment: Moment) -> str:
        kept = not (self.request.user.is_authenticated or self.names_people)
        return caching.etag(self.request, moment) if kept else ""

    def moment(self) -> Moment:
        return questions.moment_of(self.request.GET)

    def answer(self, moment: Moment, form: str) -> HttpResponseBase:
        raise NotImplementedError

    def json(self, body: Any) -> HttpResponse:
        return HttpResponse(json.dumps(body, ensure_ascii=False), content_type=FORMATS["json"])


class ReadView(ResourceView):
    """A resource of one module of reads (`pathfinders.reads`): its rows, filters, orderings and key."""

    read: ClassVar[Any]
    serializer: ClassVar[type[Serializer]]
    _shapes: ClassVar[dict[type[Serializer], Shape]] = {}

    @property
    def shape(self) -> Shape:
        if self.serializer not in self._shapes:
            self._shapes[self.serializer] = Shape(self.serializer)
        return self._shapes[self.serializer]

    def allowed_parameters(self) -> set[str]:
        return super().allowed_parameters() | {"fields"}

    def rows(self, moment: Moment) -> QuerySet:
        return self.read.rows(self.request.user, moment)

    def finished(self, moment: Moment, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        finish = getattr(self.read, "finish", None)
        return finish(self.request.user, moment, rows) if finish else rows

    def wanted(self) -> list[str]:
        """`fields=`, in the order asked; all without it."""
        asked = [f.strip() for f in self.request.GET.get("fields", "").split(",") if f.strip()]
        for name in asked:
            if name not in self.shape.fields:
                known = ", ".join(self.shape.names())
                raise questions.bad("fields", "unknown_field", f"There is no field “{name[:40]}”; there are {known}.")
        return list(dict.fromkeys(asked)) or self.shape.names()


class DetailView(ReadView):
    """One row, by the column that names it."""

    def answer(self, moment: Moment, form: str) -> HttpResponse:
        ((column, value),) = self.kwargs.items()
        found = list(self.rows(moment).filter(**{column: self.named(value)})[:1]) if "\x00" not in str(value) else []
        if not found:
            said = f"“{str(value)[:40]}” is not in the register at that moment ({moment.as_of})."
            raise Http404(said)
        whole = self.finished(moment, found)[0]
        told = {"result": self.shape.shape(whole, self.wanted()), **self.beside(moment, whole)}
        return self.json({**(moment.echo() if self.dated else {}), **told})

    def named(self, value: Any) -> Any:
        """The key as the column has it: a code in any case."""
        return value.upper() if isinstance(value, str) else value

    def beside(self, moment: Moment, row: dict[str, Any]) -> dict[str, Any]:
        """What the answer tells beside its row."""
        return {}


class ListView(ReadView):
    """A list: filtered, ordered, paged by cursor, or whole as a file (`registry.api.exports`)."""

    in_editions: ClassVar[bool] = False
    """Whether all of it is public facts, the same for every reader, so that it may be kept (registry.api.editions)."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if hasattr(cls, "serializer"):
            cls.formats = exports.forms_of(Shape(cls.serializer))

    @property
    def filters(self) -> type[django_filters.FilterSet]:
        return self.read.Filters

    def allowed_parameters(self) -> set[str]:
        return super().allowed_parameters() | {*self.filters.base_filters, "ordering", "cursor", "page_size"}

    def many_parameters(self) -> set[str]:
        return {n for n, f in self.filters.base_filters.items() if isinstance(f, django_filters.MultipleChoiceFilter)}

    def moment(self) -> Moment:
        """The dates asked; with a cursor, those of its walk."""
        cursor = self.cursor()
        if cursor is None:
            return super().moment()
        query = self.request.GET.copy()
        for name, pinned in cursor.dates.items():
            if query.get(name) and str(query[name]).replace(" ", "+") != pinned:
                raise questions.bad(name, "other_dates", f"cursor walks at {name}={pinned}; start again without it.")
            query[name] = pinned
        return questions.moment_of(query)

    def cursor(self) -> Cursor | None:
        text = self.request.GET.get("cursor", "")
        return Cursor.read(text, fingerprint(self.request.path, self.request.GET)) if text else None

    def ordering(self) -> Ordering:
        orderings = self.read.ORDERINGS
        asked = self.request.GET.get("ordering", "")
        if not asked:
            return Ordering("", None, self.read.KEY)
        name = asked.removeprefix("-")
        if name not in orderings:
            known = ", ".join(orderings)
            raise questions.bad("ordering", "bad_choice", f"ordering is one of {known}, with - before it to reverse.")
        by = None if (name,) == self.read.KEY else orderings[name]
        return Ordering(name, by, self.read.KEY, asked.startswith("-"))

    def filtered(self, moment: Moment) -> QuerySet:
        filters = self.filters(self.request.GET, self.rows(moment), moment=moment)
        require_valid(filters)
        return filters.qs

    def answer(self, moment: Moment, form: str) -> HttpResponseBase:
        rows, ordering, wanted = self.filtered(moment), self.ordering(), self.wanted()
        if form == "json":
            with limits.room() if self.request.GET.get("history") in ("1", "all") else nullcontext():
                return self._page(moment, rows, ordering, wanted)
        title = self.title(moment)
        if title is not None and wanted == self.shape.names() and _may_keep(title, form):
            edition = editions.write(title, self.read, self.shape, ordering.apply)
            return exports.download(self._file(title, edition, form), form, self.about(moment, form))
        with limits.room():
            found = ordering.apply(rows).iterator(chunk_size=exports.CHUNK)
            pages = (self.finished(moment, page) for page in exports.chunks(found))
            return exports.file_answer(form, self.shape, wanted, pages, self.about(moment, form))

    def about(self, moment: Moment, form: str) -> About:
        """What the file of the answer says of itself. A whole list says the same however it was asked for."""
        query = {} if self.title(moment) is not None else self.request.GET
        return About.asked(self.request.path, query, moment, form, dated=self.dated)

    def title(self, moment: Moment) -> Title | None:
        """The edition that holds the answer: only a whole list in its own order has one."""
        plain = all(name in OF_EDITIONS for name, value in self.request.GET.items() if value)
        return Title.of(self.request.path, moment) if self.in_editions and plain else None

    def answer_of_edition(self, form: str) -> HttpResponseBase | None:
        moment = self.moment()
        title = self.title(moment)
        edition = editions.find(title) if title is not None else None
        if title is None or edition is None:
            if title is not None and form == "json":
                editions.want(title)
            return None
        tag, wanted = self.tag(moment), self.wanted()
        if tag and caching.matches(self.request.headers.get("If-None-Match", ""), tag):
            return caching.dress(HttpResponseNotModified(), self.request, moment, tag)
        if form == "json":
            response: HttpResponseBase = self._page_of(edition, moment, wanted)
        elif wanted == self.shape.names() and _may_keep(title, form):
            response = exports.download(self._file(title, edition, form), form, self.about(moment, form))
        else:
            return None
        return caching.dress(response, self.request, moment, tag)

    def _file(self, title: Title, edition: Edition, form: str) -> IO[bytes]:
        def make(out: IO[bytes]) -> None:
            with read_snapshot():
                pages = editions.pages_of(self.read, title.moment, self.ordering().apply)
                about = self.about(title.moment, form)
                exports.WRITERS[form](out, self.shape, self.shape.names(), pages, about=about)

        return editions.file(title, edition, form, make)

    def _page(self, moment: Moment, rows: QuerySet, ordering: Ordering, wanted: list[str]) -> HttpResponse:
        size, cursor = self._size(), self.cursor()
        count = cursor.count if cursor else rows.count()
        backwards = cursor is not None and cursor.backwards
        ordered = ordering.apply(rows, backwards=backwards)
        if cursor is not None:
            ordered = ordered.filter(ordering.after(cursor.values, backwards=backwards))
        found = list(ordered[: size + 1])
        more, found = len(found) > size, found[:size]
        if backwards:
            found.reverse()
        position = cursor.position if cursor else 0
        start = position - len(found) if backwards else position
        before = (cursor is not None and not backwards) or (backwards and more)
        link = Links(self.request, moment, ordering, count, dated=self.dated)
        columns = ordering.columns()
        ends = {
            "next": ([found[-1][c] for c in columns], start + len(found)) if found and (backwards or more) else None,
            "previous": ([found[0][c] for c in columns], start) if found and before else None,
        }
        results = [self.shape.shape(row, wanted) for row in self.finished(moment, found)]
        return self.json({**self._head(moment, count, link, ends), "results": results})

    def _page_of(self, edition: Edition, moment: Moment, wanted: list[str]) -> HttpResponse:
        """The same page, to the byte, cut from an edition."""
        size, cursor, ordering = self._size(), self.cursor(), self.ordering()
        backwards = cursor is not None and cursor.backwards
        position = cursor.position if cursor else 0
        start, stop = (max(0, position - size), position) if backwards else (position, position + size)
        stop = min(stop, len(edition))
        link = Links(self.request, moment, ordering, len(edition), dated=self.dated)
        ends = {
            "next": (edition.key(stop - 1), stop) if start < stop < len(edition) else None,
            "previous": (edition.key(start), start) if 0 < start < stop else None,
        }
        head = json.dumps(self._head(moment, len(edition), link, ends), ensure_ascii=False).encode()
        rows = edition.page(start, stop, None if wanted == self.shape.names() else wanted)
        return HttpResponse(head[:-1] + b', "results": [' + rows + b"]}", content_type=FORMATS["json"])

    def _size(self) -> int:
        return questions.whole_number(self.request.GET, "page_size", PAGE, 1, LARGEST_PAGE)

    def _head(self, moment: Moment, count: int, link: Links, ends: dict[str, Any]) -> dict[str, Any]:
        links = {
            name: link.to(*end, backwards=name == "previous") if end is not None else None
            for name, end in ends.items()
        }
        return {**self.envelope(moment), "count": count, **links}

    def envelope(self, moment: Moment) -> dict[str, Any]:
        """What the answer tells of all its rows."""
        return moment.echo() if self.dated else {}


class Links:
    """Addresses of the pages beside this one, with both dates pinned."""

    def __init__(self, request: Request, moment: Moment, ordering: Ordering, count: int, *, dated: bool) -> None:
        self.request, self.moment, self.ordering, self.count = request, moment, ordering, count
        self.dated = dated

    def to(self, values: list[Any], position: int, *, backwards: bool) -> str:
        query = self.request.GET
        cursor = Cursor(
            values,
            backwards,
            self.count,
            position,
            fingerprint(self.request.path, query),
            self.moment.pinned(),
        )
        kept = [(k, v) for k in query for v in query.getlist(k) if k not in ("cursor", "as_of", "known_at")]
        dates = self.moment.pinned().items() if self.dated else ()
        asked = [*kept, *dates, ("cursor", cursor.text())]
        return self.request.build_absolute_uri(f"{self.request.path}?{urlencode(asked)}")


def require_valid(filters: django_filters.FilterSet) -> None:
    """Raises Refused (400) with the first parameter that a filter does not take."""
    if not filters.is_valid():
        for field, errors in filters.errors.get_json_data().items():
            raise questions.bad(field, errors[0]["code"] or "invalid", f"{field}: {errors[0]['message']}")


def _may_keep(title: Title, form: str) -> bool:
    """Whether the edition's file is of the very moment asked for: those that tell it would tell another's."""
    return form in exports.SAY_NO_MOMENT or title.moment.latest
