"""A lead's steps after an announcement: ask for a review, bid again, ask to leave, give evidence on a condition."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.views.generic import TemplateView

from pathfinders.actions import answer_condition, ask_to_withdraw, request_review, resubmit
from pathfinders.differences import difference
from pathfinders.forms.after import AgainForm, EvidenceForm, GroundsForm, LeavingForm
from pathfinders.views.access import own_bid
from pathfinders.views.lead.home import DraftPage, OwnBid
from pathfinders.views.lead.parts.after import announced_findings
from registry import clock


class AfterPage(DraftPage):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(bid=self.bid, **kwargs)


class RequestReview(AfterPage):
    title = "Ask for a review"
    template_name = "lead/request_review.html"
    form_class = GroundsForm
    button = "Ask for the review"
    action = "request_review"
    done = "Your request was received"

    def act(self, form: Any) -> None:
        request_review(by=self.request.user, bid=self.bid, **form.cleaned_data)  # type: ignore[arg-type]


class Again(AfterPage):
    title = "Bid again"
    template_name = "lead/again.html"
    form_class = AgainForm
    button = "Make the new bid"
    action = "resubmit"
    done = "The new bid was made, with all that the old one said"

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | {"as_at": clock.today()}

    def act(self, form: Any) -> None:
        self.new = resubmit(by=self.request.user, bid=self.bid, **form.cleaned_data)  # type: ignore[arg-type]

    def get_success_url(self) -> str:
        return f"/lead/bids/{self.new.ref}/"


class Leave(AfterPage):
    title = "Ask to leave the programme"
    template_name = "lead/leaving.html"
    form_class = LeavingForm
    button = "Ask to leave"
    warning = True
    action = "ask_to_withdraw"
    done = "Your wish was received"

    def act(self, form: Any) -> None:
        ask_to_withdraw(by=self.request.user, bid=self.bid, **form.cleaned_data)  # type: ignore[arg-type]


class AnswerCondition(AfterPage):
    title = "Evidence on a condition"
    template_name = "lead/answer_condition.html"
    form_class = EvidenceForm
    button = "Give the evidence"
    action = "answer_condition"
    done = "Your evidence was received"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"conditions": self.bid.conditions()}

    def act(self, form: Any) -> None:
        answer_condition(by=self.request.user, bid=self.bid, **form.cleaned_data)  # type: ignore[arg-type]


class Difference(OwnBid, TemplateView):
    """The own bid beside the one that it resubmits, with the findings that were announced."""

    template_name = "staff/difference.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        bid, user = self.bid, self.request.user
        if bid.earlier is None:
            raise Http404(f"{bid.ref} does not resubmit another bid.")
        old = own_bid(user, bid.earlier.ref)
        found = (announced_findings(old, user), announced_findings(bid, user))
        return super().get_context_data(
            title="What differs from the bid before",
            crumbs=self.crumbs,
            home="/lead/bids/",
            bid=bid,
            old=old,
            difference=difference(old, bid, user, *found),
            **kwargs,
        )
