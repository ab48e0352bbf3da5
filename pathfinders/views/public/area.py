"""What is happening in my area: a postcode's, or a town's, story from 2010 to 2013 on one page (K4)."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from pathfinders.reads import transitions
from pathfinders.reads.addresses import FEWEST_LETTERS, MOST_PRACTICES, too_short
from pathfinders.reads.area import Area, Story, area
from pathfinders.views.public.base import PublicRecord, dated, people_words
from pathfinders.views.public.practices import NAME, PATIENTS
from pathfinders.views.public.story import Told, england, tell
from registry.pages.tables import Column, Table

MOST_LINES = 15
"""Of a year that are shown at once; the others are folded."""
PRACTICES = (
    Column("code", "Code", href="/practices/{code}/"),
    NAME,
    Column("postcode", "Postcode"),
    PATIENTS,
    Column("pct_name", "PCT", href="/pcts/{pct_code}/", empty="none on the day"),
    Column("consortium_name", "Consortium", href="/consortia/{consortium_ref}/", empty="none"),
)
TRUSTS = (
    Column("name", "Primary care trust", href="/pcts/{code}/"),
    Column("practices", "Practices here", kind="number"),
    Column("stage_label", "Stage on the day", empty="Not known"),
    Column("since", "Since", kind="date"),
    Column("evidence_title", "Evidence", href="/transitions/evidence/{evidence_ref}/"),
)
OF_STAGE = ("stage_label", "since", "evidence_title", "evidence_ref")


class AreaPage(PublicRecord):
    template_name = "public/area.html"
    crumbs = (("Transition", "/transitions/"),)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        place = area(self.request.user, self.moment, self.request.GET.get("postcode", ""))
        found = self._told(place) if place.everybody and not place.too_many else {}
        return super().get_context_data(
            title=f"What happened in {place.district or place.text}" if place.text else "What is happening in my area",
            place=place,
            too_short=too_short(place.text),
            fewest=FEWEST_LETTERS,
            most=MOST_PRACTICES,
            **found,
            **kwargs,
        )

    def _told(self, place: Area) -> dict[str, Any]:
        words, story = people_words(place.practices), Story(self.request.user, self.moment, place)
        return {
            "trusts": self._trusts(place),
            "practices": Table(
                dated(PRACTICES, self.dates), place.practices, "Practices on the day", caption_size="s", compact=True
            ),
            "people": words,
            "years": by_year(tell(story, self.dates), england(story)),
            "citation": self.cite([_figure(place, words)]),
        }

    def _trusts(self, place: Area) -> Table | None:
        """The trusts of the practices there with their stages; None after the last day of the trusts."""
        if not place.trusts:
            return None
        told = transitions.rows(self.request.user, self.moment).filter(code__in=[t["code"] for t in place.trusts])
        stages = {row["code"]: {name: row[name] for name in OF_STAGE} for row in told}
        rows = [trust | stages.get(trust["code"], dict.fromkeys(OF_STAGE)) for trust in place.trusts]
        return Table(dated(TRUSTS, self.dates), rows, "Trusts of the practices here", caption_size="s")


def by_year(lines: list[Told], meanwhile: list[Told]) -> list[tuple[int, list[Told], list[Told], list[Told]]]:
    """(year, what is shown, what is folded, what happened in England): a year of one line too many is shown whole."""
    years = {year: list(told) for year, told in groupby(lines, key=lambda line: line.day.year)}
    programme = {year: list(told) for year, told in groupby(meanwhile, key=lambda line: line.day.year)}
    found = []
    for year in sorted(years.keys() | (programme.keys() if years else set())):
        told = years.get(year, [])
        cut = MOST_LINES if len(told) > MOST_LINES + 1 else len(told)
        found.append((year, told[:cut], told[cut:], programme.get(year, [])))
    return found


def _figure(place: Area, words: dict[str, Any]) -> str:
    trusts = ", ".join(f"{t['name']} ({t['practices']})" for t in place.trusts)
    where = f"postcode district {place.district}" if place.district else f"“{place.text}”"
    here = f"{words['practices']:,} GP practices with an address in {where}"
    return f"{here}; their primary care trusts: {trusts or 'none'}"
