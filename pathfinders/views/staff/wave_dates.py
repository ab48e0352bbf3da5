"""A wave's dates, what the public is told of them, and when its pathfinders go live."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from pathfinders.actions import date_wave, publish_dates, set_going_live_months
from pathfinders.actions.wave_days import untold
from pathfinders.forms.waves import DatesForm, GoingLiveForm, PublishForm
from pathfinders.models import Outcome
from pathfinders.models.wave import WaveDateKind
from pathfinders.views.access import staff_bids
from pathfinders.views.staff.wave_steps import WaveStepPage
from registry.errors import Refused
from registry.pages.tables import Column, Table


class Dates(WaveStepPage):
    action = "date"
    form_class = DatesForm
    done = "The dates were saved"
    words = (
        "The dates as they are expected; one that was given can be moved, not taken away. Each slip is kept with its "
        "reason. What happens on a day, the opening or the cut-off, is recorded by that step.",
    )

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | {kind: getattr(self.wave, kind) for kind in WaveDateKind.values}

    def act(self, form: Any) -> None:
        date_wave(by=self.request.user, wave=self.wave, **form.cleaned_data)  # type: ignore[arg-type]


class Publish(WaveStepPage):
    """The dates that the public would be told, and the button that tells it."""

    action = "publish_dates"
    template_name = "staff/publish_dates.html"
    form_class = PublishForm
    button = "Publish these dates"
    done = "The dates were published"
    columns = (
        Column("kind", "What", show=lambda row: row.get_kind_display()),
        Column("day", "Day", kind="date"),
        Column("actual", "Expected or actual", show=lambda row: "actual" if row.actual else "expected"),
        Column("reason", "Why it was moved", empty=""),
        Column("said_on", "Said on", kind="date"),
    )

    def act(self, form: Any) -> None:
        publish_dates(by=self.request.user, wave=self.wave, **form.cleaned_data)  # type: ignore[arg-type]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = untold(self.wave)
        table = Table(self.columns, rows, "Not published yet", caption_spoken=True) if rows else None
        return super().get_context_data(table=table, **kwargs)


class GoingLive(WaveStepPage):
    """One form for the whole wave: a month for each bid that is, or may yet be, approved."""

    action = "set_going_live"
    form_class = GoingLiveForm
    done = "The months were saved"
    words = (
        "When each bid of the wave goes live, once it is a pathfinder: a month, for example 4 2011 or April 2011. Leave "
        "it empty where nobody knows yet.",
        "Approval, announcement and going live are three dates. None goes live before the announcement.",
    )

    def get_form_kwargs(self) -> dict[str, Any]:
        bids = staff_bids(self.request.user).filter(wave=self.wave)
        bids = bids.exclude(outcome__in=(Outcome.DECLINED, Outcome.DEFERRED)).order_by("name", "ref")
        return super().get_form_kwargs() | {"bids": bids, "announced_on": self.wave.announced_on}

    def get_initial(self) -> dict[str, Any]:
        bids = staff_bids(self.request.user).filter(wave=self.wave).exclude(goes_live_on=None)
        months = {GoingLiveForm.name(ref): day for ref, day in bids.values_list("ref", "goes_live_on")}
        return super().get_initial() | months

    def act(self, form: Any) -> None:
        version = form.cleaned_data["version"]
        set_going_live_months(by=self.request.user, wave=self.wave, version=version, months=form.months())  # type: ignore[arg-type]

    def refused(self, form: Any, refused: Refused) -> HttpResponse:
        """Each fault stands at its bid's month."""
        if refused.code != "bad_month":
            return super().refused(form, refused)
        for fault in refused.detail:
            name = form.name(fault["bid"])
            form.add_error(name if name in form.fields else None, fault["message"])
        return self.render_to_response(self.get_context_data(form=form), status=refused.status)
