"""Forms on a trust's stage: what evidence says, and that it says nothing any more."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import Http404

from pathfinders.forms.transition import ClearForm, StageForm
from pathfinders.views.steps import StepPage
from pathfinders.views.transition.base import OfTrust
from registry import clock
from registry.moment import Moment
from transitions.actions import clear_stage, set_stage
from transitions.actions.trust import newest_entry
from transitions.models import Evidence, EvidenceKind
from transitions.near_total import doubt
from transitions.stages import stage_on


class TrustStep(OfTrust, StepPage):
    """A step on the stage or plan of a trust. The hidden version is the newest entry that told of either."""

    def current(self) -> int:
        return newest_entry(self.pct)


class SetStage(TrustStep):
    template_name = "area/transition/stage.html"
    title = "Record the stage"
    button = "Record it"
    done = "The stage was recorded; the trust’s public page says so now"
    form_class = StageForm

    def get_initial(self) -> dict[str, Any]:
        shown = stage_on(Moment.now(), self.pct, self.request.user)
        first = {"version": self.current(), "on": clock.today(), "stage": shown.stage if shown else None}
        ref = self.request.GET.get("evidence", "")[:10]
        if ref:
            return first | {"evidence_ref": ref}
        return first | {
            "source_kind": EvidenceKind.STATEMENT,
            "source_title": f"The lead of {self.named.name}"[:300],
            "source_publisher": self.named.name,
            "source_said_on": clock.today(),
        }

    def act(self, form: Any) -> None:
        told = form.action_fields()
        set_stage(by=self.request.user, pct=self.pct, **told)
        if sentence := doubt(self.pct, told["stage"], told["on"]):
            messages.warning(self.request, sentence)


class ClearStage(TrustStep):
    button = "Record it"
    warning = True
    done = "The evidence says nothing of the trust any more"
    form_class = ClearForm

    @cached_property
    def evidence(self) -> Evidence:
        ref = self.kwargs["ref"].upper()
        found = Evidence.objects.filter(ref=ref, stages__body=self.pct).first() if "\0" not in ref else None
        if found is None:
            raise Http404(f"No evidence {ref[:20]} says anything of {self.pct.code}. See the trust’s page.")
        return found

    @property
    def title(self) -> str:  # type: ignore[override]
        return f"{self.evidence.ref} says nothing of {self.named.name}"

    def get_initial(self) -> dict[str, Any]:
        return {"version": self.current()}

    def act(self, form: Any) -> None:
        data = form.cleaned_data
        clear_stage(
            by=self.request.user,
            pct=self.pct,
            evidence=self.evidence,
            on=data["on"],
            why=data["why"],
            seen=data["version"],
        )
