"""One wave: what it is, what comes next, its dates, its bids, what was done; other parts of the page are under `parts`."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db.models import Count
from django.views.generic import TemplateView

from pathfinders.actions.wave_work import OUTCOMES
from pathfinders.models import Wave, WaveDate, WaveDay, WaveState, WaveStep
from pathfinders.models.wave import WaveDateKind
from pathfinders.views.access import staff_bids
from pathfinders.views.shown import OUTCOME_TAGS, STAFF_TAGS
from pathfinders.views.staff.parts.announcement import announcement
from pathfinders.views.staff.parts.release_status import release_status
from pathfinders.views.staff.parts.simulator import simulator
from pathfinders.views.staff.waves import WAVE_TAGS, WAVES, OneWave
from pathfinders.wave_states import ACTIONS, why_not
from registry.pages.forms import long_date
from registry.pages.tables import Column, Table

PATHS = {
    "open": "open/",
    "close": "close/",
    "complete": "complete/",
    "freeze": "freeze/",
    "read_letters": "letters/",
    "confirm": "confirm/",
    "schedule": "schedule/",
    "release": "release/",
    "date": "dates/",
    "publish_dates": "publish/",
    "set_going_live": "going-live/",
    "reopen": "reopen/",
    "reconsider": "again/",
    "thaw": "thaw/",
}
"""The page of each step, those that a wave takes once first: the first that can be taken has the green button."""
LABELS = {name: ACTIONS[name].label for name in PATHS} | {"release": "Check and release"}
ONWARD = ("open", "close", "complete", "freeze", "release")
DONE = {name: action.done for name, action in ACTIONS.items()} | {"forecast": "forecast"}


class Choice(NamedTuple):
    """One thing that can be done to the wave, or the sentence that says why not. `next`: what usually comes now."""

    label: str
    href: str
    why: str | None
    next: bool = False


def offered(wave: Wave, user: Any, withheld: str) -> list[Choice]:
    """Every step that has a page, with the sentence of the table where it cannot be taken now."""
    why = {name: why_not(wave, user, name) for name in PATHS}
    if withheld:
        why |= {name: withheld for name in OUTCOMES if name in why and why[name] is None}
    first = next((name for name in ONWARD if name in why and why[name] is None), None)
    return [Choice(LABELS[name], href, why[name], name == first) for name, href in PATHS.items()]


class WavePage(OneWave, TemplateView):
    """What a wave is and what comes next, with the work of its release and its announcement in their own parts."""

    template_name = "staff/wave.html"
    columns = (
        Column("ref", "Reference", href="/staff/bids/{ref}/"),
        Column("name", "Name"),
        Column("state", "State", kind="tag", tags=STAFF_TAGS),
        Column("outcome", "Outcome", kind="tag", tags=OUTCOME_TAGS),
        Column("practice_count", "Practices", kind="number"),
        Column(
            "goes_live_on",
            "Goes live",
            show=lambda bid: bid.goes_live_on and f"{bid.goes_live_on:%B %Y}",
            empty="Not said",
        ),
        Column("assessor", "Assessor", show=lambda bid: bid.assessor, empty="Nobody"),
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        wave, user = self.wave, self.request.user
        bids = staff_bids(user).filter(wave=wave).select_related("assessor")
        rows = list(bids.annotate(practice_count=Count("practices")).order_by("name", "ref"))
        choices = offered(wave, user, self.withheld)
        return super().get_context_data(
            title=f"Wave {wave.number}",
            crumbs=[WAVES],
            wave=wave,
            wave_tag=WAVE_TAGS[WaveState(wave.state)],
            possible=[c for c in choices if c.why is None],
            impossible=[c for c in choices if c.why is not None],
            dates=dates_table(wave, user),
            table=Table(self.columns, rows, "Bids in the wave", caption_spoken=True),
            bids=rows,
            steps=steps_of(wave, user),
            open=wave.state != WaveState.RELEASED,
            withheld=self.withheld,
            **self.simulation(),
            **simulator(wave, user, self.request.GET, self.withheld),
            **announcement(wave, user, self.withheld),
            **release_status(wave, user, self.withheld),
            **kwargs,
        )


def dates_table(wave: Wave, user: Any) -> Table:
    """Each version of each of the four dates, and since when the public knows it; a date not given yet is said so."""
    told = WaveDay.objects.visible_to(user).current().filter(wave=wave.number)
    public = {(day.kind, day.version): day.effective.lower for day in told}
    said: dict[str, list[WaveDate]] = {}
    for row in WaveDate.objects.visible_to(user).filter(wave=wave).order_by("version").select_related("by"):
        said.setdefault(row.kind, []).append(row)
    rows = [line for kind in WaveDateKind for line in _lines(kind, said.get(kind, []), public)]
    columns = (
        Column("label", "What"),
        Column("day", "Day", kind="date", empty="Not set"),
        Column("words", "Expected or actual"),
        Column("reason", "Why it was moved", empty="–"),
        Column("said", "Said on", empty="–"),
        Column("public", "Public since", kind="date", empty="Not public"),
    )
    return Table(columns, rows, "Dates of the wave, each version", caption_spoken=True)


def _lines(kind: WaveDateKind, said: list[WaveDate], public: dict[tuple[str, int], Any]) -> list[dict[str, Any]]:
    if not said:
        return [{"label": kind.label, "day": None, "words": "", "reason": "", "said": "", "public": None}]
    return [
        {
            "label": kind.label,
            "day": row.day,
            "words": "actual" if row.actual else "expected" if row is said[-1] else "was expected",
            "reason": row.reason,
            "said": f"{long_date(row.said_on)}, by {row.by}",
            "public": public.get((row.kind, row.version)),
        }
        for row in said
    ]


def steps_of(wave: Wave, user: Any) -> list[dict[str, Any]]:
    """The log of the wave, newest first."""
    found = WaveStep.objects.visible_to(user).filter(wave=wave).select_related("by").order_by("-pk")
    return [{"what": _capital(DONE.get(s.action, s.action)), "who": s.by, "at": s.at, "why": s.reason} for s in found]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
