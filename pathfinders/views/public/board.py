"""The national page of the transition: the map of trusts, and the board with what is known of each."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.html import format_html
from django.views.generic import View

from pathfinders.mapping import Cell, Stamp, draw, outlines_loaded, standalone
from pathfinders.reads import layers, milestones, shas, transitions
from pathfinders.reads.layers import SHOWN, Value
from pathfinders.views.public.base import PublicDated, PublicList, dated
from pathfinders.views.public.picture_files import written
from pathfinders.views.public.slider import stops
from registry import clock
from registry.api.about import ATTRIBUTION, LICENCE
from registry.errors import Refused
from registry.pages.tables import Column, Table, with_query

MILESTONES = (
    Column("day", "Day", kind="date"),
    Column("name", "What"),
    Column("words", "As its source says"),
)
COLUMNS = (
    Column("name", "Primary care trust", href="/pcts/{code}/", sort="name"),
    Column("code", "Code", sort="code"),
    Column("sha_name", "SHA", href="/shas/{sha_code}/"),
    Column("stage_label", "Stage", sort="stage", empty="Not known"),
    Column("since", "Since", kind="date"),
)
EVIDENCE = Column("evidence_title", "Evidence", href="/transitions/evidence/{evidence_ref}/", sort="evidence_date")
LAYER_NAMES = {
    "stage": "Stage",
    "coverage": "People in pathfinders",
    "budget": "Budget delegated",
    "left_out": "In no consortium",
}


FILE = ("code", "name", "sha", "figure", "class", "words")


def shown(query: Any) -> str:
    """The layer that is asked for. Raises Refused (400) for a word that is none."""
    show = query.get("show", "") or "stage"
    if show not in SHOWN:
        known = ", ".join(SHOWN)
        raise Refused("bad_value", f"show must be one of {known}; “{show[:40]}” is not.", field="show", status=400)
    return show


class Mapped(PublicDated):
    """Mixin: the layer asked for, and what it says of each trust of the day."""

    @cached_property
    def show(self) -> str:
        return shown(self.request.GET)

    @cached_property
    def trusts(self) -> list[dict[str, Any]]:
        return list(transitions.rows(self.request.user, self.moment).order_by("code"))

    @cached_property
    def values(self) -> list[Value]:
        return layers.values(self.request.user, self.moment, self.show, self.trusts)

    @cached_property
    def layer(self) -> Any:
        return layers.layer(self.request.user, self.show)

    @cached_property
    def outlines(self) -> bool:
        """Real outlines where they are loaded and asked for; the hexagons give every trust the same room."""
        return self.request.GET.get("drawing") == "outlines" and outlines_loaded()

    @property
    def cells(self) -> list[Cell]:
        return [Cell(v.code, v.name, v.sha, v.klass, v.words) for v in self.values]


class Board(Mapped, PublicList):
    title = "How trusts hand over"
    template_name = "public/board.html"
    noun = ("trust", "trusts")
    read = transitions
    api_path = "/api/v1/transitions/"
    paginate_by = 400  # the whole country on one page, beside its map
    own_parameters = PublicList.own_parameters | {"show", "drawing"}
    lead = (
        "How far each primary care trust had handed over to GP consortia, who says so, and what was planned. A trust "
        "of which nothing is known is counted apart: its silence is no answer."
    )
    shown_filters = {
        "q": "Name or code",
        "sha": "Strategic health authority",
        "stage": "Stage",
        "behind": "Behind its own plan",
        "evidence_before": "Evidence older than",
    }
    columns = COLUMNS

    def get_columns(self) -> list[Column]:
        figures = {value.code: value.words for value in self.values}
        value = Column("value", LAYER_NAMES[self.show], show=lambda row: figures.get(row["code"]))
        more = () if self.show == "stage" else (value,)
        planned = Column("planned_stage_label", "Planned next", show=self._planned, sort="planned_day")
        return dated((*COLUMNS, *more, EVIDENCE, planned), self.dates)

    def choices(self) -> dict[str, list[tuple[str, str]]]:
        areas = shas.rows(self.request.user, self.moment).order_by("name").values_list("code", "name")
        stages = [(row["stage"], row["label"]) for row in self.counted["stages"]]
        return {"sha": list(areas), "stage": [*stages, (transitions.UNKNOWN, "Not known")]}

    @cached_property
    def counted(self) -> dict[str, Any]:
        return transitions.counts(self.request.user, self.moment)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, query = self.request.user, self.request.GET
        rows = milestones.rows(user, self.moment).filter(settled=False, day__gte=self.moment.as_of).order_by("day")
        return super().get_context_data(
            map=draw(self.cells, self.layer, outlines=self.outlines, link=lambda code: f"/pcts/{code}/{self.dates}"),
            layers=[
                (label, self.request.path + with_query(query, show=key, page=None), key == self.show)
                for key, label in LAYER_NAMES.items()
            ],
            layer_title=SHOWN[self.show],
            counted=self.counted,
            has_outlines=outlines_loaded(),
            outlines=self.outlines,
            other_drawing=self.request.path
            + with_query(query, drawing=None if self.outlines else "outlines", page=None),
            picture="/transitions/map.svg" + with_query(query, page=None, ordering=None),
            csv_of_map="/transitions/map.csv" + with_query(query, page=None, ordering=None),
            deadlines=Table(
                dated(MILESTONES, self.dates), list(rows[:6]), "Dates to come", caption_spoken=True, compact=True
            ),
            stops=stops(user, self.moment),
            **kwargs,
        )

    @staticmethod
    def _planned(row: dict[str, Any]) -> str | None:
        if not row["planned_stage"]:
            return None
        when = row["planned_words"] or f"{row['planned_day']:%-d %B %Y}"
        slipped = row.get("planned_slipped")
        behind = (
            format_html(' <strong class="nhsuk-tag nhsuk-tag--orange">{}</strong>', "Behind plan")
            if row["behind"]
            else ""
        )
        moved = f", moved {slipped} time{'' if slipped == 1 else 's'}" if slipped else ""
        return format_html("{}: {}{}{}", row["planned_stage_label"], when, moved, behind)


class MapFile(Mapped, View):
    """The figures of the map, as its table has them."""

    def get(self, request: Any) -> HttpResponse:
        labels = {klass.key: klass.label for klass in self.layer.classes}
        rows = ((v.code, v.name, v.sha, v.figure, labels[v.klass], v.words) for v in self.values)
        return written(f"map-{self.show}-{self.moment.as_of}.csv", [FILE, *rows])


class MapPicture(Mapped, View):
    """The drawing alone, with its stamp, for a page or a paper elsewhere."""

    def get(self, request: Any) -> HttpResponse:
        page = settings.PUBLIC_URL + "/transitions/" + with_query(request.GET, **self.moment.pinned())
        known = self.moment.known_at or clock.now()
        stamp = Stamp(self.moment.as_of, known, settings.SERVICE_NAME, f"{LICENCE}. {ATTRIBUTION}", page)
        drawn = standalone(self.cells, self.layer, outlines=self.outlines, stamp=stamp)
        return HttpResponse(drawn, content_type="image/svg+xml; charset=utf-8")
