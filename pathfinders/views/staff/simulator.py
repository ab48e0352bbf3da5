"""The simulator by itself: recomputed by a button or, as ticks change, by a script; scenarios saved, copied, deleted."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.views.generic import TemplateView

from pathfinders.actions import copy_scenario, delete_scenario, save_scenario
from pathfinders.models import Scenario, WaveState
from pathfinders.views.staff.parts.simulator import NEW, Board, Side
from pathfinders.views.staff.waves import OneWave
from registry.errors import Refused, not_allowed, wrong_state
from registry.moment import read_snapshot
from registry.pages.forms import add_refusal


class Simulate(OneWave, TemplateView):
    """A GET shows two scenarios; a POST does what its button says with the ticks as sent: `look` answers with the
    results alone and keeps nothing; `save`, `copy-a`, `delete-b` and the like lead back to the wave's page."""

    template_name = "staff/simulate.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self._allowed()
        board = Board(self.wave, request.user)
        return self.render_to_response(self.page(board, board.chosen(request.GET)))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self._allowed()
        do, _, letter = request.POST.get("do", "save").partition("-")
        if do == "look":
            with read_snapshot(settings.READ_SECONDS):
                board = Board(self.wave, request.user)
                found = board.results(board.typed(request.POST))
                return TemplateResponse(request, "staff/parts/simulated.html", found).render()
        board = Board(self.wave, request.user)
        sides = board.typed(request.POST)
        try:
            shown = self._step(do, letter.upper(), board, sides)
        except Refused as refused:
            return self._refused(refused)
        except _Typed:
            return self.render_to_response(self.page(board, sides), status=422)
        query = urlencode({s.letter.lower(): kept.pk if kept else NEW for s, kept in zip(sides, shown, strict=True)})
        page = f"{self.href}simulate/" if self.wave.state == WaveState.FROZEN else self.href
        return HttpResponseRedirect(f"{page}?{query}#simulator")

    def page(self, board: Board, sides: list[Side]) -> dict[str, Any]:
        return self.get_context_data(
            title=f"Wave {self.wave.number}: simulator",
            crumbs=self.crumbs,
            wave=self.wave,
            forms=[side.form for side in sides],
            has_errors=any(side.form.is_bound and side.form.errors for side in sides),
            **board.context(sides),
        )

    def _allowed(self) -> None:
        if self.withheld:
            raise not_allowed(self.withheld)
        if self.wave.state == WaveState.RELEASED:
            raise wrong_state(
                f"Wave {self.wave.number} has been released: there is nothing to simulate in it any more."
            )

    def _step(self, do: str, letter: str, board: Board, sides: list[Side]) -> list[Scenario | None]:
        """The scenarios to show after it, in the order of the sides."""
        with transaction.atomic():
            if do == "delete":
                for side in sides:
                    if side.letter == letter:
                        self._delete(side)
                return [None if side.letter == letter else side.scenario for side in sides]
            kept = [self._save(side) for side in sides]
            if do == "copy":
                source = next((k for k, side in zip(kept, sides, strict=True) if side.letter == letter), None)
                if source is not None:
                    name = Board(self.wave, self.request.user).free_name(f"Copy of {source.name}"[:50])
                    copied = copy_scenario(by=self.request.user, scenario=source, name=name)  # type: ignore[arg-type]
                    return [source if side.letter == letter else copied for side in sides]
            return kept

    def _save(self, side: Side) -> Scenario | None:
        if not side.form.is_valid():
            raise _Typed
        if not side.changed and not self._gone(side):
            return side.scenario
        told = side.form.cleaned_data
        try:
            return save_scenario(
                by=self.request.user,  # type: ignore[arg-type]
                wave=self.wave,
                name=told["name"],
                bids=side.ticks,
                scenario=side.scenario,
                version=told["version"],
            )
        except Refused as refused:
            self.wrong = side.letter
            raise refused

    def _gone(self, side: Side) -> bool:
        """Whether the scenario that was shown was deleted meanwhile: its ticks are then saved as a new one."""
        return side.scenario is None and side.form.cleaned_data["scenario"] is not None

    def _delete(self, side: Side) -> None:
        if side.scenario is not None:
            seen = side.form.cleaned_data.get("version") or 0
            self.wrong = side.letter
            delete_scenario(by=self.request.user, scenario=side.scenario, version=seen)  # type: ignore[arg-type]
            messages.success(self.request, f"“{side.scenario.name}” was deleted")

    def _refused(self, refused: Refused) -> HttpResponse:
        """The page with what was typed, and the versions taken up as they are now."""
        board = Board(self.wave, self.request.user)
        data = self.request.POST.copy()
        for side in board.typed(data):
            version = side.scenario.version if side.scenario else ""
            data[side.form.add_prefix("version")] = str(version)
        sides = board.typed(data)
        for side in sides:
            if side.letter == getattr(self, "wrong", "A"):
                add_refusal(side.form, refused)
        return self.render_to_response(self.page(board, sides), status=refused.status)


class _Typed(Exception):
    """A form is wrong in itself."""
