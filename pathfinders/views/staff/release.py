"""A wave on its way to release: frozen, letters read, confirmed, timed or held, checked, released."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from pathfinders import letters_of_wave
from pathfinders.actions import (
    confirm_wave,
    freeze_wave,
    hold_wave,
    lift_hold,
    read_letters,
    release_wave,
    schedule_release,
    thaw_wave,
)
from pathfinders.actions.wave_life import not_second
from pathfinders.forms.lead import Versioned
from pathfinders.forms.release import HoldForm, ReleaseForm, ScheduleForm
from pathfinders.forms.waves import ReasonForm
from pathfinders.models import WaveState
from pathfinders.plan import plan_release
from pathfinders.release_checks import release_checks
from pathfinders.views.staff.frozen_list import announcement_shown, frozen_shown
from pathfinders.views.staff.parts.release_status import hold_shown
from pathfinders.views.staff.wave_steps import WaveStepPage
from pathfinders.views.staff.waves import simulated
from pathfinders.wave_states import ACTIONS, why_not
from registry import clock
from registry.authorization import Permission, may
from registry.errors import Refused, not_allowed


class ReleaseStep(WaveStepPage):
    """A step towards release. Nobody whose own bid waits opens its page, whatever the wave's state."""

    template_name = "staff/release_step.html"

    def get(self, *args: Any, **kwargs: Any) -> Any:
        self._not_withheld()
        return super().get(*args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**hold_shown(self.wave, self.request.user), **kwargs)


class Freeze(ReleaseStep):
    action = "freeze"
    form_class = Versioned
    button = "Freeze the list"
    done = "The list is frozen"
    words = (
        "This makes the list that will be announced: who, under which region, with which practices, and its figures.",
        "A frozen list is what the letters, the announcement and the second person are about. It can be unfrozen until "
        "the release.",
    )

    def act(self, form: Any) -> None:
        freeze_wave(by=self.request.user, wave=self.wave, version=form.cleaned_data["version"])  # type: ignore[arg-type]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**simulated(plan_release(self.wave)), **kwargs)


class Thaw(ReleaseStep):
    action = "thaw"
    form_class = ReasonForm
    button = "Unfreeze the list"
    done = "The list is unfrozen"
    words = (
        "Bids can be changed again, once the wave’s decisions are taken up again. What was read and confirmed, and the "
        "time of release, are void. The list as it was frozen is kept.",
    )

    def act(self, form: Any) -> None:
        thaw_wave(by=self.request.user, wave=self.wave, **form.cleaned_data)  # type: ignore[arg-type]


class SignedPage(ReleaseStep):
    """What somebody signs. All programme staff may read it; the form is there for whoever may sign."""

    permission = Permission.SEE_CASEWORK  # type: ignore[assignment]

    def get(self, *args: Any, **kwargs: Any) -> Any:
        self._not_withheld()
        return super(WaveStepPage, self).get(*args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(why_not=why_not(self.wave, self.request.user, self.action) or "", **kwargs)


class Letters(SignedPage):
    """Every letter that will leave, whole, one after another."""

    action = "read_letters"
    template_name = "staff/letters_of_wave.html"
    form_class = Versioned
    button = "I have read them"
    done = "It was noted that you have read the letters"

    def act(self, form: Any) -> None:
        read_letters(by=self.request.user, wave=self.wave, version=form.cleaned_data["version"])  # type: ignore[arg-type]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        letters = list(letters_of_wave.waiting(self.wave.number))
        title = f"Letters of wave {self.wave.number}"
        return super().get_context_data(**{"letters": letters, "title": title, **kwargs})


class Confirm(SignedPage):
    """List by region, figures and announcement, as a second person confirms them."""

    action = "confirm"
    template_name = "staff/confirm.html"
    form_class = Versioned
    button = "Confirm as second person"
    done = "You confirmed the wave"

    def act(self, form: Any) -> None:
        confirm_wave(by=self.request.user, wave=self.wave, version=form.cleaned_data["version"])  # type: ignore[arg-type]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        title = f"What wave {self.wave.number} will announce"
        shown = frozen_shown(self.wave) | announcement_shown(self.wave, self.request.user)
        context = super().get_context_data(**{"title": title, **shown, **kwargs})
        why = context["why_not"] or not_second(self.wave, self.request.user)  # type: ignore[arg-type]
        return context | {"why_not": why}


class Schedule(ReleaseStep):
    """The instant at which the wave goes by itself, in this person's name; or that there is none."""

    action = "schedule"
    template_name = "staff/schedule.html"
    form_class = ScheduleForm
    button = "Set the time"
    done = "The time of release was saved"

    def get_initial(self) -> dict[str, Any]:
        wave, at = self.wave, self.wave.release_at and self.wave.release_at.astimezone(clock.LONDON)
        given = {"day": at.date(), "at": at.time()} if at else {"day": wave.announced_on, "at": None}
        return super().get_initial() | given | {"early_hours": wave.early_hours}

    refusal_fields = {"release_at": "at"}

    def form_invalid(self, form: Any) -> HttpResponse:
        if "none" in self.request.POST and "version" in form.cleaned_data:
            form.cleaned_data = {"version": form.cleaned_data["version"], "release_at": None}
            form.errors.clear()
            return self.form_valid(form)
        return super().form_invalid(form)

    def act(self, form: Any) -> None:
        told = dict(form.cleaned_data)
        if "none" in self.request.POST:
            told = {"version": told["version"], "release_at": None}
        schedule_release(by=self.request.user, wave=self.wave, **told)  # type: ignore[arg-type]

    def get_success_url(self) -> str:
        return f"{self.href}release/"


class Hold(WaveStepPage):
    """One press of a button, from wherever it is: nothing is released until the hold is lifted."""

    action = "hold"
    form_class = HoldForm
    button = "Hold"
    warning = True
    done = "The wave is on hold"
    words = ("Nothing of the wave is released until the hold is lifted, at its time or by hand.",)

    def get_initial(self) -> dict[str, Any]:
        return {}

    def act(self, form: Any) -> None:
        hold_wave(by=self.request.user, wave=self.wave, reason=form.cleaned_data["reason"])  # type: ignore[arg-type]


class LiftHold(WaveStepPage):
    action = "lift_hold"
    form_class = Versioned
    button = "Lift the hold"
    done = "The hold was lifted"
    words = (
        "The wave can be released again. A time of release that has passed meanwhile is taken away: set it anew.",
    )

    def act(self, form: Any) -> None:
        lift_hold(by=self.request.user, wave=self.wave, version=form.cleaned_data["version"])  # type: ignore[arg-type]


class Release(WaveStepPage):
    """The seven checks, which all programme staff may read; release by hand, or at a time, for whoever may. Once
    released, the page says so and links to what is public."""

    action = "release"
    permission = Permission.SEE_CASEWORK  # type: ignore[assignment]
    template_name = "staff/release.html"
    form_class = ReleaseForm
    warning = True

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return super(WaveStepPage, self).get(*args, **kwargs)

    def _not_withheld(self) -> None:
        if self.request.method == "POST" and self.withheld:
            raise not_allowed(self.withheld)

    def act(self, form: Any) -> None:
        release_wave(by=self.request.user, wave=self.wave, version=form.cleaned_data["version"])  # type: ignore[arg-type]

    def refused(self, form: Any, refused: Refused) -> HttpResponse:
        if refused.status in (409, 412):
            self.current()
        return super().refused(form, refused)

    def get_success_url(self) -> str:
        return f"{self.href}release/"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        wave, user = self.wave, self.request.user
        released, frozen = wave.state == WaveState.RELEASED, wave.state == WaveState.FROZEN
        context: dict[str, Any] = {
            "title": f"Wave {wave.number} is released" if released else f"Release wave {wave.number}",
            "button": f"Release wave {wave.number} now",
            "released": released,
            "frozen": frozen,
            "withheld": "" if released else self.withheld,
            "may_release": may(user, ACTIONS["release"].permission),
            **hold_shown(wave, user),
        }
        if not released and not self.withheld:
            plan = plan_release(wave)
            context |= simulated(plan)
            if frozen:
                checks = release_checks(wave, plan, user)  # type: ignore[arg-type]
                context |= {"checks": checks, "stopped": [c for c in checks if not c.passed]}
        return super().get_context_data(**context, **kwargs)
