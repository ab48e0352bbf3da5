"""Deciding a bid: the form, the letter exactly as the bidder will read it, and the confirmation."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpResponse

from pathfinders.actions import decide_bid
from pathfinders.forms.staff import DecisionForm
from pathfinders.models import Reason
from pathfinders.views.shown import OUTCOME_TAGS
from pathfinders.views.staff.bid import evidence
from pathfinders.views.staff.steps import CasePage, open_waves
from registry import clock
from registry.errors import Refused
from registry.models import Mail


class Decide(CasePage):
    """Sent three ways: `preview` (default) shows the letter, `confirm` decides, `change` goes back to the form."""

    title = "Decide"
    template_name = "staff/decide.html"
    form_class = DecisionForm
    action = "decide"
    button = "Preview the letter"
    done = "The decision was recorded. The bidder learns of it when the wave is released"

    def get_form_kwargs(self) -> dict[str, Any]:
        reasons = Reason.objects.visible_to(self.request.user)
        return super().get_form_kwargs() | {"reasons": list(reasons), "waves": open_waves(self.request.user)}

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
        return initial

    def form_valid(self, form: Any) -> HttpResponse:
        if "change" in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form))
        if "confirm" in self.request.POST:
            return super().form_valid(form)
        return self.preview(form)

    def preview(self, form: Any) -> HttpResponse:
        """The letter that the decision would write, from the decision itself, made and undone in one transaction."""
        try:
            letter = self.rehearse(form)
        except Refused as refused:
            return self.refused(form, refused)
        context = self.get_context_data(
            form=form,
            letter=letter,
            carried=self.carried(),
            title="Check the letter",
            outcome_tag=OUTCOME_TAGS[form.cleaned_data["outcome"]],
        )
        self.template_name = "staff/letter.html"
        return self.render_to_response(context)

    def carried(self) -> list[tuple[str, str]]:
        """All that was typed, for the confirmation to send again."""
        ours = ("csrfmiddlewaretoken", "confirm", "change")
        return [(name, value) for name, values in self.request.POST.lists() if name not in ours for value in values]

    def rehearse(self, form: Any) -> dict[str, str]:
        with transaction.atomic():
            decide_bid(by=self.request.user, bid=self.bid, **form.action_fields())  # type: ignore[arg-type]
            mail = Mail.objects.filter(about=self.bid.ref).order_by("-pk")[0]
            letter = {"to": mail.to, "subject": mail.subject, "body": mail.body}
            transaction.set_rollback(True)
        return letter

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
