"""The national page of the transition: the map of trusts, and the board with what is known of each."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any

from django.utils.html import format_html, format_html_join

from pathfinders.mapping import outlines_loaded
from pathfinders.reads import milestones, transitions
from pathfinders.reads.known_trusts import PROGRAMME
from pathfinders.reads.layers import SHOWN, closed_words
from pathfinders.views.public.base import PublicList, dated
from pathfinders.views.public.mapped import Mapped, drawn_map
from pathfinders.views.public.slider import stops
from practices.models import BodyParticulars
from registry.pages.forms import long_date
from registry.pages.tables import Column, Table, with_query

MILESTONES = (
    Column("day", "Day", kind="date"),
    Column("name", "What"),
    Column("words", "As its source says"),
)
MOST_DEADLINES = 6
COLUMNS = (
    Column("name", "Primary care trust", href="/pcts/{code}/", sort="name"),
    Column("code", "Code", sort="code"),
    Column("sha_name", "SHA", href="/shas/{sha_code}/"),
    Column("stage_label", "Stage", show=lambda row: stage_words(row), sort="stage", empty="Not known"),
    Column("since", "Since", kind="date"),
)
"""Those of every layer."""
LAYER_NAMES = {
    "stage": "Stage",
    "coverage": "People in pathfinders",
    "budget": "Budget delegated",
    "left_out": "In no consortium",
}


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
        "postcode": "Postcode or town of its practices",
        "sha": "Strategic health authority",
        "stage": "Stage",
        "behind": "Behind its own plan",
        "evidence_before": "Evidence older than",
    }

    def get_columns(self) -> list[Column]:
        figures = {value.code: value.words for value in self.values}
        value = Column("value", LAYER_NAMES[self.show], show=lambda row: figures[row["code"]])
        more = () if self.show == "stage" else (value,)
        planned = Column("planned_day", "Planned next", show=planned_words, sort="planned_day", empty="Nothing known")
        evidence = Column("evidence_title", "Evidence", show=self._evidence, sort="evidence_date")
        followed = Column("followed", "Followed by", show=self._followed)
        ends = [c for c, told in ((planned, "trusts"), (followed, "closed")) if self.counted[told]]
        return dated((*COLUMNS, *more, evidence, *ends), self.dates)

    def _followed(self, row: dict[str, Any]) -> str | None:
        """Who came after a trust that has closed: each by its code, the name beside it where the register knows one."""
        names = self.followers
        link = '<a class="nhsuk-link" href="{}">{}</a>'
        if not row["closed"]:
            return None
        parts = [(f"/pcts/{s['code']}/{self.dates}", names.get(s["code"], s["code"])) for s in row["successors"]]
        return format_html_join(", ", link, parts) if parts else "Not known"

    @cached_property
    def followers(self) -> dict[str, str]:
        """The last known names of all that followed one of these trusts."""
        codes = {told["code"] for row in self.trusts if row["closed"] for told in row["successors"]}
        own = BodyParticulars.objects.visible_to(self.request.user).known(self.moment).filter(body__code__in=codes)
        return dict(own.order_by("effective").values_list("body__code", "name")) if codes else {}

    def _evidence(self, row: dict[str, Any]) -> str | None:
        if row["evidence_ref"]:
            return self._source(row["evidence_ref"], row["evidence_title"], row["evidence_said_on"])
        if row["closed"] and row["said_list"]:
            last = row["said_list"][0]
            said_on = date.fromisoformat(last["said_on"]) if last["said_on"] else None
            source = self._source(last["ref"], last["title"], said_on)
            return format_html("<div>{} on its last day: {}</div>", last["stage_label"], source)
        return None

    def _source(self, ref: str, title: str, said_on: date | None) -> str:
        said = f" ({long_date(said_on)})" if said_on else ""
        href = f"/transitions/evidence/{ref}/{self.dates}"
        return format_html('<a class="nhsuk-link" href="{}">{}</a>{}', href, title, said)

    def get_rows(self) -> Any:
        """Those that the filters leave, in the order asked, out of the trusts that the map has read."""
        found = super().get_rows()
        if not self._asked() and "ordering" not in self.request.GET:
            return self.trusts
        by = {row["code"]: row for row in self.trusts}
        return [by[code] for code in found.values_list("code", flat=True)]

    def choices(self) -> dict[str, list[tuple[str, str]]]:
        areas = {row["sha_name"]: row["sha_code"] for row in self.trusts if row["sha_code"]}
        stages = [(row["stage"], row["label"]) for row in self.counted["stages"]]
        return {
            "sha": [(code, name) for name, code in sorted(areas.items())],
            "stage": [*stages, (transitions.UNKNOWN, "Not known")],
            "behind": [("true", "Yes"), ("false", "No")],
        }

    def get_filterset(self) -> Any:
        filterset = super().get_filterset()
        filterset.form.fields["evidence_before"].widget.input_type = "date"
        return filterset

    @cached_property
    def counted(self) -> dict[str, Any]:
        return transitions.counts(self.request.user, self.moment, self.trusts)

    def _hidden(self, filters: Any) -> list[tuple[str, str]]:
        """The filters keep the map as it is."""
        kept = [(name, self.request.GET[name]) for name in ("show", "drawing") if self.request.GET.get(name)]
        return [*super()._hidden(filters), *kept]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, query, right = self.request.user, self.request.GET, self.filterset.is_valid()
        context = super().get_context_data(
            map=drawn_map(self.values, self.layer, self.dates, outlines=self.outlines)
            if self.trusts and right
            else None,
            layers=[
                (label, with_query(query, show=key, page=None), key == self.show) for key, label in LAYER_NAMES.items()
            ],
            layer_title=SHOWN[self.show],
            counted=self.counted,
            all_closed=self.counted["closed"] and not self.counted["trusts"],
            programme=PROGRAMME,
            last_day=self.on(self._last_day()) if self.counted["closed"] else "",
            has_outlines=outlines_loaded(),
            outlines=self.outlines,
            other_drawing=with_query(query, drawing=None if self.outlines else "outlines", page=None),
            oldest=with_query(query, ordering="evidence_date", evidence_before=self.moment.as_of, page=None)
            + "#trusts",
            behind=with_query(query, behind="true", page=None) + "#trusts",
            filters_to="#trusts",
            embed=self.embedding() if self.trusts and right else None,
            deadlines=self._deadlines(),
            stops=stops(user, self.moment),
            **kwargs,
        )
        context["table"].flowing = True
        return context

    def _last_day(self) -> date:
        """The last day of the trusts that have closed."""
        return max(row["closed"] for row in self.trusts if row["closed"])

    def _deadlines(self) -> Table:
        """What was still to come on the day."""
        rows = milestones.rows(self.request.user, self.moment).filter(settled=False, day__gte=self.moment.as_of)
        found = list(rows.order_by("day")[:MOST_DEADLINES])
        return Table(
            dated(MILESTONES, self.dates), found, "Dates to come", caption_spoken=True, compact=True, flowing=True
        )


def stage_words(row: dict[str, Any]) -> str | None:
    return closed_words(row) if row["closed"] else row["stage_label"]


def planned_words(row: dict[str, Any]) -> str | None:
    """The next planned stage, how often it was moved to a later day, and whether that day has passed."""
    if not row["planned_stage"]:
        return None
    slipped, behind = row["planned_slipped"], ""
    moved = f", moved later {'once' if slipped == 1 else f'{slipped} times'}" if slipped else ""
    if row["behind"]:
        behind = format_html(' <strong class="nhsuk-tag nhsuk-tag--orange">{}</strong>', "Behind plan")
    when = row["planned_words"] or long_date(row["planned_day"])
    return format_html("{}: {}{}{}", row["planned_stage_label"], when, moved, behind)
