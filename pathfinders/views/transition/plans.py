"""Forms on what a trust plans: a day for a stage, and that it is planned no more."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from pathfinders.forms.transition import DropForm, PlanForm
from pathfinders.views.transition.stages import TrustStep
from registry import clock
from registry.moment import Moment
from transitions.actions import drop_plan, plan_stage
from transitions.models import EvidenceKind, PlannedStage, TransitionWord, TransitionWordKind


class PlanStage(TrustStep):
    template_name = "area/transition/stage.html"
    title = "Record a plan"
    button = "Record it"
    done = "The plan was recorded; the trust’s public page says so now"
    form_class = PlanForm

    def get_initial(self) -> dict[str, Any]:
        first = {
            "version": self.current(),
            "known_from": clock.today(),
            "source_kind": EvidenceKind.STATEMENT,
            "source_title": f"The lead of {self.named.name}"[:300],
            "source_publisher": self.named.name,
            "source_said_on": clock.today(),
        }
        stage = self.request.GET.get("stage", "")[:30]
        stands = PlannedStage.objects.at(Moment.now()).filter(body=self.pct, stage=stage).first()
        return first | ({"stage": stage, "day": stands.day, "words": stands.words} if stands else {"stage": stage})

    def act(self, form: Any) -> None:
        plan_stage(by=self.request.user, pct=self.pct, **form.action_fields())


class DropPlan(TrustStep):
    button = "Record it"
    warning = True
    done = "The plan was given up"
    form_class = DropForm

    @property
    def title(self) -> str:  # type: ignore[override]
        words = TransitionWord.objects.visible_to(self.request.user).of(TransitionWordKind.STAGE)
        word = words.filter(key=self.kwargs["stage"]).first()
        if word is None or not PlannedStage.objects.current().filter(body=self.pct, stage=word.key).exists():
            raise Http404(f"{self.pct.code} has no plan for that. See the trust’s page.")
        return f"“{word.label}” is planned no more"

    def get_initial(self) -> dict[str, Any]:
        return {"version": self.current(), "on": clock.today()}

    def act(self, form: Any) -> None:
        data = form.cleaned_data
        drop_plan(
            by=self.request.user,
            pct=self.pct,
            stage=self.kwargs["stage"],
            on=data["on"],
            why=data["why"],
            correction=data["correction"],
            seen=data["version"],
        )
