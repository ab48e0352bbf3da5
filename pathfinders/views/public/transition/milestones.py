"""The dates of the programme on one page: as they were planned, how far they slipped and why, and as they came."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from pathfinders.views.public.base import PublicRecord
from registry.pages.forms import long_date
from registry.pages.tables import Column, Table
from transitions.milestones import by_key
from transitions.models import Milestone

VERSIONS = (
    Column("known_from", "Made known", kind="date", empty="before all records"),
    Column("day", "The day", kind="date"),
    Column("words", "In the source’s words"),
    Column("moved", "Moved by"),
    Column("why", "Why"),
    Column("source", "Source"),
)
CAME, OVERDUE, PLANNED = ("Came", "green"), ("Planned, not known to have come", "orange"), ("Planned", "blue")


@dataclass(frozen=True)
class Shown:
    """A milestone as of the day: the version that stands, and all that were made known by then."""

    told: list[Milestone]
    as_of: date

    @property
    def now(self) -> Milestone:
        return self.told[-1]

    @property
    def tag(self) -> tuple[str, str]:
        if self.now.settled:
            return CAME
        return OVERDUE if self.now.day < self.as_of else PLANNED

    @property
    def slip(self) -> str:
        """How far the day is from the one that was planned first: "12 months later"."""
        return moved_words(self.told[0].day, self.now.day)

    @property
    def versions(self) -> Table | None:
        """The versions, the first one first; None where there is but one."""
        if len(self.told) == 1:
            return None
        rows = [vars(row) | {"moved": ""} for row in self.told]
        for before, row in zip(self.told, rows[1:], strict=False):
            row["moved"] = moved_words(before.day, row["day"]) or "not moved"
        return Table(VERSIONS, rows, f"{self.now.name}: as made known", caption_spoken=True)


class MilestonesPage(PublicRecord):
    template_name = "public/transition/milestones.html"
    crumbs = (("Transition", "/transitions/"),)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        day = self.moment.as_of
        shown = sorted(
            (Shown(told, day) for told in by_key(self.request.user, self.moment)), key=lambda m: (m.now.day, m.now.key)
        )
        came = sum(m.now.settled for m in shown)
        moved = sum(bool(m.slip) for m in shown)
        return super().get_context_data(
            title="Milestones",
            years=years(shown),
            came=came,
            planned=len(shown) - came,
            moved=moved,
            citation=self.cite(
                [
                    f"{len(shown)} milestones made known by {long_date(day)}: {came} came, {moved} on another day than first planned"
                ]
            ),
            **kwargs,
        )


def years(shown: Iterable[Shown]) -> list[tuple[int, list[Shown]]]:
    return [(year, list(group)) for year, group in groupby(shown, key=lambda m: m.now.day.year)]


def moved_words(before: date, later: date) -> str:
    """12 months later; 34 days earlier; "" for the same day."""
    if before == later:
        return ""
    first, last = sorted((before, later))
    months = (last.year - first.year) * 12 + last.month - first.month
    number, unit = (months, "month") if first.day == last.day else ((last - first).days, "day")
    return f"{number} {unit}{'' if number == 1 else 's'} {'later' if later > before else 'earlier'}"
