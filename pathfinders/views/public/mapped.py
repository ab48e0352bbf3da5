"""The map of trusts: what it shows of a day, its figures as a file, and its drawing as a picture to be cited."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.utils.safestring import SafeString
from django.views.generic import View

from pathfinders.api.accountable import HEADER
from pathfinders.mapping import Cell, Layer, Stamp, draw, outlines_loaded, standalone
from pathfinders.reads import layers, transitions
from pathfinders.reads.layers import SHOWN, Value
from pathfinders.views.public.base import PublicDated
from pathfinders.views.public.growth import Embedding
from pathfinders.views.public.picture_files import written
from registry import clock
from registry.api.about import ATTRIBUTION, LICENCE
from registry.errors import Refused
from registry.pages.dates import accountable_words
from registry.pages.forms import long_date
from registry.pages.tables import with_query

PAGE, PICTURE, FIGURES = "/transitions/", "/transitions/map.svg", "/transitions/map.csv"
FILE = ("code", "name", "sha", "figure", "class", "words")
DRAWINGS = ("hexagons", "outlines")


def cells_of(values: list[Value]) -> list[Cell]:
    return [Cell(v.code, v.name, v.sha, v.klass, v.words) for v in values]


def drawn_map(values: list[Value], layer: Layer, dates: str, *, outlines: bool = False) -> SafeString:
    """The part of a page, each trust a link to its own page of the day."""
    return draw(cells_of(values), layer, outlines=outlines, link=lambda code: f"/pcts/{code}/{dates}")


class Mapped(PublicDated):
    """Mixin: the layer and the drawing asked for (Refused, 400, for a word that is none), and what the layer says of
    each trust of the day."""

    @cached_property
    def show(self) -> str:
        return self._one_of("show", tuple(SHOWN))

    @cached_property
    def outlines(self) -> bool:
        """Real outlines where they are asked for and loaded; the hexagons give every trust the same room."""
        return self._one_of("drawing", DRAWINGS) == "outlines" and outlines_loaded()

    def _one_of(self, name: str, words: tuple[str, ...]) -> str:
        """The first where nothing is asked."""
        asked = self.request.GET.get(name, "") or words[0]
        if asked not in words:
            known = ", ".join(words)
            sentence = f"{name} must be one of {known}; “{asked[:40]}” is not."
            raise Refused("bad_value", sentence, field=name, status=400)
        return asked

    @cached_property
    def trusts(self) -> list[dict[str, Any]]:
        """All that the programme knew by the day: one statement for the map, the counts and the table."""
        return list(transitions.rows(self.request.user, self.moment).order_by("code"))

    @cached_property
    def values(self) -> list[Value]:
        return layers.values(self.request.user, self.moment, self.show, self.trusts)

    @cached_property
    def layer(self) -> Layer:
        return layers.layer(self.request.user, self.moment, self.show, self.values)

    def of_map(self, path: str, **dates: Any) -> str:
        """An address for this layer and drawing, without what else was asked."""
        query = QueryDict(mutable=True)
        for name in ("show", "drawing"):
            if value := self.request.GET.get(name):
                query[name] = value
        return path + with_query(query, **dates)

    def embedding(self) -> Embedding:
        """How to show the picture elsewhere, its address with both dates in it."""
        asked = {name: self.request.GET[name] for name in ("as_of", "known_at") if self.request.GET.get(name)}
        words = f"Map of primary care trusts: {self.layer.title}, on {long_date(self.moment.as_of)}"
        address = settings.PUBLIC_URL + self.of_map(PICTURE, **self.moment.pinned())
        return Embedding(address, words, 900, self.of_map(PICTURE, **asked), self.of_map(FIGURES, **asked), width=700)


class MapFile(Mapped, View):
    """The figures of the map, as its table has them."""

    def get(self, request: Any) -> HttpResponse:
        labels = {klass.key: klass.label for klass in self.layer.classes}
        rows = ((v.code, v.name, v.sha, v.figure, labels[v.klass], v.words) for v in self.values)
        answer = written(f"map-{self.show}-{self.moment.as_of}.csv", [FILE, *rows])
        answer[HEADER] = accountable_words(self.moment.as_of)
        return answer


class MapPicture(Mapped, View):
    """The drawing alone, with its stamp, for a page or a paper elsewhere: an image may be shown anywhere."""

    def get(self, request: Any) -> HttpResponse:
        page = settings.PUBLIC_URL + self.of_map(PAGE, **self.moment.pinned())
        known = self.moment.known_at or clock.now()
        stamp = Stamp(self.moment.as_of, known, settings.SERVICE_NAME, f"{LICENCE}. {ATTRIBUTION}", page)
        drawn = standalone(cells_of(self.values), self.layer, outlines=self.outlines, stamp=stamp)
        return HttpResponse(drawn, content_type="image/svg+xml; charset=utf-8")
