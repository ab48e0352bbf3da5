"""How the programme grew wave by wave: one set of figures as a chart, a table and a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.html import format_html
from django.views.generic import View

from pathfinders.reads.glance import WaveSoFar, glance
from pathfinders.views.public.base import PublicDated
from registry.api.delimited import TableWriter
from registry.moment import Moment
from registry.pages.forms import long_date
from registry.pages.tables import Column, with_query

COLUMNS = (
    Column("number", "Wave", href="/waves/{number}/", show=lambda wave: unbroken(f"Wave {wave.number}")),
    Column(
        "announced_on",
        "Announced",
        show=lambda wave: unbroken(long_date(wave.announced_on)),
        href=lambda wave: f"/?as_of={wave.announced_on}",
    ),
    Column("new", "New", kind="number"),
    Column("pathfinders", "Pathfinders so far", kind="number"),
    Column("practices", "Practices so far", kind="number"),
    Column("people", "People so far", kind="number"),
    Column("percent", "Share", kind="number", show=lambda wave: wave.percent and f"{wave.percent}%"),
)
PICTURE, FIGURES = "/waves/so-far.svg", "/waves/so-far.csv"
WIDE, AROUND, TOP, FOOT = 720, 20, 76, 92
"""Of the picture that stands alone, in its own units: its width, its margin, what is above and under the bars."""
ROW = 52
"""Height of a bar with its words, in pixels: 14 of text, 22 of bar, the rest air."""


@dataclass(frozen=True)
class Bar:
    """A wave in the chart. Lengths are percentages of the width, positions down are pixels, so that the words keep
    their size on any screen."""

    wave: WaveSoFar
    before: float
    added: float
    words_at: int
    bar_at: int


@dataclass(frozen=True)
class Chart:
    bars: Sequence[Bar]
    whole: int

    @property
    def height(self) -> int:
        return ROW * len(self.bars)


def chart(waves: Sequence[WaveSoFar], whole: int) -> Chart | None:
    """Bars of the people so far, each of the whole; None where there is nothing to draw."""
    if not waves or not whole:
        return None
    bars, before = [], 0.0
    for position, wave in enumerate(waves):
        upto = 100 * wave.people / whole
        top = ROW * position
        bars.append(Bar(wave, round(before, 2), round(upto - before, 2), top + 16, top + 22))
        before = upto
    return Chart(bars, whole)


def unbroken(words: str) -> str:
    return format_html('<span class="site-nowrap">{}</span>', words)


class GrowthFile(PublicDated, View):
    """The table of the home page as a CSV file."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = glance(request.user, self.moment)
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        name = f"waves-so-far-{self.moment.as_of}.csv"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        write = TableWriter(response).writerow
        write(["wave", "announced_on", "new_pathfinders", "pathfinders", "practices", "people", "percent", "of"])
        for w in found.waves:
            whole = found.row["denominator"]["value"]
            write([w.number, w.announced_on, w.new, w.pathfinders, w.practices, w.people, w.percent, whole])
        return response


@dataclass(frozen=True)
class Embedding:
    """How to show a picture elsewhere: its address with both dates in it, so that it never changes, and its size.

    `here`, `figures`: the picture, and what it shows as CSV, of the day asked for.
    """

    address: str
    words: str
    height: int
    here: str
    figures: str
    width: int = WIDE


def embedding(waves: Sequence[WaveSoFar], moment: Moment, dates: str) -> Embedding | None:
    """None where there is no wave to show."""
    if not waves:
        return None
    last = waves[-1]
    words = (
        f"People in GP commissioning pathfinders, wave by wave: {last.people:,} by wave {last.number}, "
        f"{last.percent}% of all registered, on {long_date(moment.as_of)}"
    )
    query = with_query(QueryDict(), **moment.pinned())
    high = TOP + ROW * len(waves) + FOOT
    return Embedding(f"{settings.PUBLIC_URL}{PICTURE}{query}", words, high, PICTURE + dates, FIGURES + dates)


class GrowthPicture(PublicDated, View):
    """The chart of the home page as an image of its own, which says in itself what it shows, of when, and from where.

    Pages may not be framed elsewhere; an image may be shown anywhere.
    """

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = glance(request.user, self.moment)
        whole = found.row["denominator"]
        drawn = chart(found.waves, whole["value"])
        context = {
            "chart": drawn,
            "waves": found.waves,
            "denominator": whole,
            "moment": self.moment,
            "permalink": self.permalink,
            "service_name": settings.SERVICE_NAME,
            "wide": WIDE,
            "around": AROUND,
            "inside": WIDE - 2 * AROUND,
            "high": TOP + ROW * max(1, len(found.waves)) + FOOT,
            "top": TOP,
            "foot": TOP + ROW * max(1, len(found.waves)),
        }
        return render(request, "public/so_far.svg", context, content_type="image/svg+xml")
