"""Steps of a wave's life, each on a page of its own: opened, closed, opened again, decided, taken up again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.http import HttpResponse

from pathfinders.actions import close_wave, complete_wave, open_forecast, reconsider_wave, reopen_wave
from pathfinders.actions.wave_work import OUTCOMES
from pathfinders.forms.lead import Versioned
from pathfinders.forms.waves import ReasonForm
from pathfinders.views.staff.waves import OneWave
from pathfinders.views.steps import StepPage
from pathfinders.wave_states import ACTIONS, why_not
from registry.authorization import Permission
from registry.errors import Refused, not_allowed, wrong_state


class WaveStepPage(OneWave, StepPage):
    """A step on a wave that `wave_states.ACTIONS` names; where it cannot be taken, the page says why instead of a form.

    Nobody whose own bid waits gets to a step that tells something of the wave's bids.
    """

    action = ""
    template_name = "staff/wave_step.html"
    words: tuple[str, ...] = ()
    wrong: Any = ()

    @property
    def permission(self) -> Permission:  # type: ignore[override]
        return ACTIONS[self.action].permission

    @property
    def title(self) -> str:  # type: ignore[override]
        return ACTIONS[self.action].label

    def get(self, *args: Any, **kwargs: Any) -> Any:
        if sentence := why_not(self.wave, self.request.user, self.action):
            raise wrong_state(sentence)
        self._not_withheld()
        return super().get(*args, **kwargs)

    def post(self, *args: Any, **kwargs: Any) -> Any:
        self._not_withheld()
        return super().post(*args, **kwargs)

    def _not_withheld(self) -> None:
        if self.action in OUTCOMES and self.withheld:
            raise not_allowed(self.withheld)

    def current(self) -> int:
        del self.wave
        return self.wave.version

    def get_initial(self) -> dict[str, Any]:
        return {"version": self.wave.version}

    def get_success_url(self) -> str:
        return self.href

    def refused(self, form: Any, refused: Refused) -> HttpResponse:
        self.wrong = refused.detail or ()
        return super().refused(form, refused)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        more = {"wave": self.wave, "words": self.words, "wrong": self.wrong}
        return super().get_context_data(**{**more, **kwargs})


class Plain(NamedTuple):
    """A step that asks for no more than a press of the button, or for a reason too."""

    act: Callable[..., Any]
    button: str
    done: str
    words: tuple[str, ...]
    reasoned: bool = False


PLAIN = {
    "open": Plain(
        open_forecast,
        "Open the wave",
        "The wave is open to bids",
        ("Bids can then be put into it and decided. Today becomes the day on which it opened.",),
    ),
    "close": Plain(
        close_wave,
        "Close the wave to bids",
        "The wave is closed to bids",
        (
            "Its cut-off has come: the bids that are in it are decided, and can still be decided again.",
            "The day of the cut-off becomes the one that was set, where that has come, otherwise today.",
        ),
    ),
    "reopen": Plain(
        reopen_wave, "Open it again", "The wave is open again", ("The wave takes bids again.",), reasoned=True
    ),
    "complete": Plain(
        complete_wave,
        "All its bids are decided",
        "The wave is decided",
        (
            "Nothing is decided in it after this, unless its decisions are taken up again. Then its list can be frozen.",
            "It is refused, and says why, while a bid of the wave has no decision.",
        ),
    ),
    "reconsider": Plain(
        reconsider_wave,
        "Take its decisions up again",
        "Its bids can be decided again",
        ("Its bids can then be decided again, and other bids be decided in it.",),
        reasoned=True,
    ),
}


class TakeStep(WaveStepPage):
    """One of `PLAIN`, chosen by the address."""

    @property
    def plain(self) -> Plain:
        return PLAIN[self.action]

    @property
    def form_class(self) -> Any:  # type: ignore[override]
        return ReasonForm if self.plain.reasoned else Versioned

    @property
    def button(self) -> str:  # type: ignore[override]
        return self.plain.button

    @property
    def done(self) -> str:  # type: ignore[override]
        return self.plain.done

    @property
    def words(self) -> tuple[str, ...]:  # type: ignore[override]
        return self.plain.words

    def act(self, form: Any) -> None:
        self.plain.act(by=self.request.user, wave=self.wave, **form.cleaned_data)
