"""Waves: the list, one wave with what its release would do, its date, its release."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.views.generic import TemplateView

from pathfinders.actions import forecast_wave, open_wave, plan_release
from pathfinders.actions.embargo import Told
from pathfinders.forms.waves import ForecastForm, OpenWaveForm
from pathfinders.models import Bid, Wave, WaveDate, WaveState
from pathfinders.plan import UNDECIDED, ReleasePlan
from pathfinders.views.access import StaffOnly, staff_bids, staff_wave
from pathfinders.views.steps import StepPage
from practices.list_sizes import people
from registry.authorization import Permission, may
from registry.pages.tables import Column, Table

WAVES = ("Waves", "/staff/waves/")
WAVE_TAGS = {
    WaveState.FORECAST: ("Forecast", "grey"),
    WaveState.OPEN: ("Open", "yellow"),
    WaveState.CLOSED: ("Closed to bids", "orange"),
    WaveState.DECIDED: ("Decided", "blue"),
    WaveState.FROZEN: ("Frozen", "purple"),
    WaveState.RELEASED: ("Released", "green"),
}
OWN_BID_WAITS = (
    "A bid of yours waits for its outcome: until it is announced, what a release would do is shown to colleagues only, "
    "and one of them releases."
)
WHY_LEFT = {"closed": "Not open on the day of the announcement", "elsewhere": "Belongs to another consortium"}


class Waves(StaffOnly, TemplateView):
    """Every wave with its state, its dates as they are expected now, and how often one slipped."""

    template_name = "staff/waves.html"
    columns = (
        Column("number", "Wave", href="/staff/waves/{number}/", show=lambda wave: f"Wave {wave.number}"),
        Column("state", "State", kind="tag", tags=WAVE_TAGS),
        Column("opens_on", "Opens", kind="date", empty="Not set"),
        Column("closes_on", "Cut-off", kind="date", empty="Not set"),
        Column("decides_on", "Decisions by", kind="date", empty="Not set"),
        Column("announced_on", "Announced", kind="date"),
        Column("slips", "Slips", kind="number"),
        Column("all_bids", "Bids", kind="number", href="/staff/?wave={number}"),
        Column("undecided", "Not decided", kind="number"),
        Column("held_by", "Held by", show=lambda wave: wave.held_by, empty="Nobody"),
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        theirs = Q(bids__in=staff_bids(user))
        waiting = Q(bids__state__in=UNDECIDED)
        slips = WaveDate.objects.visible_to(user).filter(wave=OuterRef("pk"), version__gt=1, actual=False)
        waves = (
            Wave.objects.visible_to(user)
            .annotate(
                all_bids=Count("bids", filter=theirs),
                undecided=Count("bids", filter=waiting & theirs),
                slips=_count(slips),
            )
            .select_related("held_by")
            .order_by("number")
        )
        return super().get_context_data(
            title="Waves",
            table=Table(self.columns, waves, "Waves", caption_spoken=True),
            any_wave=bool(waves),
            may_open=may(user, Permission.MANAGE_WAVES),
            **kwargs,
        )


def _count(rows: QuerySet) -> Coalesce:
    """How many of these rows belong to the wave outside."""
    counted = rows.order_by().values("wave").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), Value(0), output_field=IntegerField())


class NewWave(StaffOnly, StepPage):
    """A wave that takes bids from today on."""

    permission = Permission.MANAGE_WAVES
    title = "Open a wave"
    button = "Open the wave"
    form_class: Any = OpenWaveForm
    back = ("Cancel", "/staff/waves/")
    crumbs = (WAVES,)
    done = "The wave was opened"
    begin = staticmethod(open_wave)

    def act(self, form: Any) -> None:
        self.wave = self.begin(by=self.request.user, **form.cleaned_data)  # type: ignore[arg-type]

    def get_success_url(self) -> str:
        return f"/staff/waves/{self.wave.number}/"


class ForecastWave(NewWave):
    """A wave to come, with its dates as they are expected."""

    title = "Forecast a wave"
    button = "Save the forecast"
    form_class = ForecastForm
    done = "The wave was forecast. Nobody else knows of it until its dates are published"
    begin = staticmethod(forecast_wave)


class OneWave(StaffOnly):
    """Mixin: `self.wave`, the wave named by the address. Whoever opens such a page before the release is recorded."""

    def embargoed(self) -> Iterable[Told]:
        return [] if self.wave.state == WaveState.RELEASED else [(self.wave.number, "")]

    @cached_property
    def wave(self) -> Wave:
        return staff_wave(self.request.user, self.kwargs["number"])  # type: ignore[attr-defined]

    @property
    def href(self) -> str:
        return f"/staff/waves/{self.wave.number}/"

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        return [WAVES, (f"Wave {self.wave.number}", self.href)]

    @property
    def back(self) -> tuple[str, str]:
        return ("Back to the wave", self.href)

    @cached_property
    def withheld(self) -> str:
        """Why the user may not see what the release would do, or "": it would tell the outcome of their own bid.

        In whichever wave that is, or none: of one wave only, the refusal would tell where the bid is.
        """
        mine = Bid.objects.own(self.request.user).waiting()  # type: ignore[attr-defined]
        return OWN_BID_WAITS if mine.exists() else ""

    def simulation(self) -> dict[str, Any]:
        """What a release of the open wave would do, where the user may see it."""
        if self.wave.state == WaveState.RELEASED or self.withheld:
            return {}
        return simulated(plan_release(self.wave))


def simulated(plan: ReleasePlan) -> dict[str, Any]:
    """What the release would make public, in figures and lists, from the release's own plan."""
    patients, without_list = people((m.practice for m in plan.members), plan.wave.announced_on)
    left_out = [
        {"bid": b.bid.ref, "name": b.bid.name, "code": out.code, "why": WHY_LEFT[out.why]} for b, out in plan.left_out
    ]
    columns = (
        Column("code", "Practice", href="/practices/{code}/"),
        Column("name", "Named in the bid", href="/staff/bids/{bid}/"),
        Column("why", "Why it is left out"),
    )
    return {
        "figures": plan.figures | {"people": patients, "without_list": without_list},
        "blockers": plan.blockers,
        "left_out": Table(columns, left_out, "Practices left out", caption_spoken=True) if left_out else None,
    }
