"""Deciding a bid: the form, then the letter exactly as the bidder will read it."""

from __future__ import annotations

from typing import Any

from pathfinders.actions import decide_bid
from pathfinders.case_log import opened_for
from pathfinders.forms.staff import CONDITIONS, DecisionForm
from pathfinders.models import Condition, Reason
from pathfinders.views.letters import LetterPage
from pathfinders.views.shown import OUTCOME_TAGS
from pathfinders.views.staff.bid import evidence
from pathfinders.views.staff.steps import CasePage, open_waves
from registry import clock


class Decide(LetterPage, CasePage):
    title = "Decide"
    template_name = "staff/decide.html"
    form_class = DecisionForm
    refusal_fields = {"conditions": "condition_1"}
    action = "decide"
    send_button = "Decide"
    done = "The decision was recorded. The bidder learns of it when the wave is released"

    def get_form_kwargs(self) -> dict[str, Any]:
        reasons = Reason.objects.visible_to(self.request.user)
        conditions = max(CONDITIONS, len(self._conditions()) + 1)
        told = {"reasons": list(reasons), "waves": open_waves(self.request.user), "conditions": conditions}
        return super().get_form_kwargs() | told

    def _conditions(self) -> list[Condition]:
        """Those of the standing decision."""
        mine = Condition.objects.visible_to(self.request.user).filter(decision__bid=self.bid)
        return list(mine.filter(decision__number=self.bid.decision_number).order_by("position"))

    def get_initial(self) -> dict[str, Any]:
        initial = super().get_initial() | {"wave": self.bid.wave_id, "decided_on": clock.today()}
        standing = self.bid.decisions.visible_to(self.request.user).order_by("-number").first()
        if standing is not None:
            outside = set(Reason.objects.filter(outside_criteria=True).values_list("key", flat=True))
            initial |= {
                "outcome": standing.outcome,
                "reasons": [key for key in standing.reasons if key not in outside],
                "outside": [key for key in standing.reasons if key in outside],
                "text": standing.text,
            }
            for condition in self._conditions():
                initial |= {
                    f"condition_{condition.position}": condition.text,
                    f"due_{condition.position}": condition.due_on,
                }
        minister = opened_for(self.bid)
        return initial | ({"on_behalf_of": minister} if minister else {})

    @property
    def letter_note(self) -> str:  # type: ignore[override]
        """Shown once the form is right: the wave is one of those that it offers."""
        return f"The letter waits for the release of wave {self.request.POST.get('wave', '')}."

    def outcome(self, form: Any) -> str:
        return OUTCOME_TAGS[form.cleaned_data["outcome"]][0]

    def act(self, form: Any) -> None:
        decide_bid(by=self.request.user, bid=self.bid, **form.action_fields())  # type: ignore[arg-type]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        bid, user = self.bid, self.request.user
        findings = list(bid.findings.visible_to(user).select_related("by"))
        return super().get_context_data(
            tests=evidence(bid, user, findings),
            recommended=OUTCOME_TAGS[bid.recommendation] if bid.recommendation else None,
            **kwargs,
        )
