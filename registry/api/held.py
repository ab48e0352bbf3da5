"""A list that is worked out whole in the process, not by a query: filtered, ordered and paged there."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from registry.api import exports, limits
from registry.api.shapes import Row
from registry.api.views import Links, ListView, require_valid
from registry.moment import Moment


class HeldList(ListView):
    """A subclass says `held`; its read's ORDERINGS are functions of a row, and its Filters only check what is asked.

    Its pages are found by their place: with both dates pinned the list is the same for the whole of a walk.
    """

    def held(self, moment: Moment, asked: dict[str, Any]) -> tuple[list[Row], dict[str, Any]]:
        """The filtered rows in their own order, and what the answer says beside its dates."""
        raise NotImplementedError

    def rows(self, moment: Moment) -> Any:
        return None

    def answer(self, moment: Moment, form: str) -> HttpResponseBase:
        wanted, ordering = self.wanted(), self.ordering()
        with limits.room():
            rows, beside = self.held(moment, self.checked(moment))
        by: Any = ordering.by
        if by is not None:
            rows = sorted(rows, key=by, reverse=ordering.descending)
        if form == "json":
            return self._held_page(moment, rows, beside, wanted)
        return exports.file_answer(form, self.shape, wanted, exports.chunks(rows), self.about(moment, form))

    def checked(self, moment: Moment) -> dict[str, Any]:
        """What is asked, by parameter. Raises Refused (400) for what no filter takes."""
        filters = self.filters(self.request.GET, None, moment=moment)
        require_valid(filters)
        return filters.form.cleaned_data

    def _held_page(self, moment: Moment, rows: list[Row], beside: dict[str, Any], wanted: list[str]) -> HttpResponse:
        size, cursor = self._size(), self.cursor()
        at = cursor.position if cursor else 0
        start, stop = (max(0, at - size), at) if cursor and cursor.backwards else (at, min(at + size, len(rows)))
        link = Links(self.request, moment, self.ordering(), len(rows), dated=self.dated)
        ends: dict[str, Any] = {
            "next": ([], stop) if start < stop < len(rows) else None,
            "previous": ([], start) if 0 < start < stop else None,
        }
        head = self._head(moment, len(rows), link, ends)
        dates = moment.echo() if self.dated else {}
        results = [self.shape.shape(row, wanted) for row in rows[start:stop]]
        return self.json({**dates, **beside, **head, "results": results})
