"""The tables with bars of the pages of waves, row by row as files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.generic import View

from pathfinders.reads.sizes import Share, shares, sizes
from pathfinders.views.public.base import PublicDated
from pathfinders.views.public.waves import WavePage
from registry.api.delimited import TableWriter
from registry.moment import Moment


def size_rows(user: Any, moment: Moment, wave: int | None) -> Iterator[Sequence[Any]]:
    yield ("people_from", "people_below", "pathfinders", "percent_of_pathfinders", "practices", "people")
    for band in sizes(user, moment, wave).bands:
        yield (band.least, band.below, band.pathfinders, band.percent, band.practices, band.people)


def share_rows(user: Any, moment: Moment, wave: int | None) -> Iterator[Sequence[Any]]:
    yield Share._fields
    yield from shares(user, moment, wave)


ROWS = {"sizes": size_rows, "shas": share_rows}


def written(name: str, rows: Iterable[Sequence[Any]]) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    TableWriter(response).writerows(rows)
    return response


class PictureFile(PublicDated, View):
    """One of `ROWS` for all pathfinders of the day."""

    rows = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = ROWS[self.rows](request.user, self.moment, None)
        return written(f"pathfinder-{self.rows}-{self.moment.as_of}.csv", found)


class WavePictureFile(WavePage):
    """One of `ROWS` for a wave as it was released. A wave that is not released is not found, as its page."""

    rows = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wave = self.release.wave
        return written(f"wave-{wave}-{self.rows}.csv", ROWS[self.rows](request.user, self.then, wave))
