"""Staff's steps after an announcement: reviews, reversals, deferrals, wishes to leave, conditions."""

from __future__ import annotations

from typing import Any

from pathfinders.actions import discharge_condition, reverse_decision, settle_review, settle_withdrawal, take_up_again
from pathfinders.forms.after import DischargeForm, ReverseForm, ReviewForm, SettleLeavingForm
from pathfinders.forms.lead import Versioned
from pathfinders.views.letters import LetterPage
from pathfinders.views.staff.parts.after import decided
from pathfinders.views.staff.steps import CasePage
from registry import clock


class UpholdReview(LetterPage, CasePage):
    title = "Uphold the review"
    template_name = "staff/review.html"
    form_class = ReviewForm
    action = "uphold_review"
    upheld = True
    send_button = "Uphold it, and send exactly this"
    done = "The review was upheld. The bid is being assessed again"

    def act(self, form: Any) -> None:
        settle_review(by=self.request.user, bid=self.bid, upheld=self.upheld, **form.cleaned_data)  # type: ignore[arg-type]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        review, announced = self.bid.review(), decided(self.bid, self.request.user)
        reviewed = [row for row in announced if review and row["decision"].pk == review.decision_id]
        return super().get_context_data(review=review, reviewed=reviewed[0] if reviewed else None, **kwargs)


class TurnDownReview(UpholdReview):
    title = "Turn the review down"
    action = "turn_down_review"
    upheld = False
    send_button = "Turn it down, and send exactly this"
    done = "The review was turned down. The decision stands"


class TakeUpAgain(LetterPage, CasePage):
    title = "Take up again"
    template_name = "staff/take_up_again.html"
    form_class = Versioned
    action = "take_up_again"
    send_button = "Take it up again, and send exactly this"
    done = "The bid is being assessed again"

    def act(self, form: Any) -> None:
        take_up_again(by=self.request.user, bid=self.bid, **form.cleaned_data)  # type: ignore[arg-type]


class Reverse(LetterPage, CasePage):
    title = "Open for a minister’s new decision"
    template_name = "staff/reverse.html"
    form_class = ReverseForm
    action = "reverse"
    send_button = "Open it, and send exactly this"
    done = "The bid is open for a new decision"

    def act(self, form: Any) -> None:
        reverse_decision(by=self.request.user, bid=self.bid, **form.cleaned_data)  # type: ignore[arg-type]


class SettleLeaving(LetterPage, CasePage):
    title = "Settle its wish to leave"
    template_name = "staff/leaving.html"
    form_class = SettleLeavingForm
    action = "settle_withdrawal"
    send_button = "Settle it, and send exactly this"
    done = "The wish to leave was settled"

    def act(self, form: Any) -> None:
        fields = dict(form.cleaned_data)
        if not fields["granted"]:
            fields["ends_on"] = None
        settle_withdrawal(by=self.request.user, bid=self.bid, **fields)  # type: ignore[arg-type]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(wish=self.bid.withdrawal(), pathfinder=self.bid.pathfinder(), **kwargs)


class Discharge(LetterPage, CasePage):
    title = "Discharge a condition"
    template_name = "staff/discharge.html"
    form_class = DischargeForm
    action = "discharge_condition"
    send_button = "Discharge it, and send exactly this"
    done = "The condition was discharged"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"conditions": self.bid.conditions()}

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | {"discharged_on": clock.today()}

    def act(self, form: Any) -> None:
        discharge_condition(by=self.request.user, bid=self.bid, **form.cleaned_data)  # type: ignore[arg-type]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(conditions=list(self.bid.conditions()), **kwargs)
