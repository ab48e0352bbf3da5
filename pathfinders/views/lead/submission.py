"""Check the answers and hand the bid in; take it back."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from pathfinders.actions import answer_return, submit_bid, withdraw_bid
from pathfinders.bid_members import named_in
from pathfinders.forms.lead import SendBackForm, SubmitForm, WithdrawForm
from pathfinders.views.bid_contents import contents
from pathfinders.views.lead.home import EDITED, DraftPage, tasks
from pathfinders.warnings import warnings_of
from registry import clock
from registry.errors import Refused


class Check(DraftPage):
    title = "Check your answers before you submit"
    template_name = "lead/check.html"
    form_class = SubmitForm
    button = "Submit the bid"
    action = "submit"

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | {"submitted_on": clock.today()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        editing = self.bid.shown_state(self.request.user) in EDITED
        wanting = [step for step in tasks(self.bid) if not step["done"]] if editing else []
        named = named_in(self.bid, self.request.user)
        told = contents(self.bid, named, self.request.user, self.href) | {"warned": warnings_of(self.bid, named)}
        return super().get_context_data(bid=self.bid, wanting=wanting, **told, **kwargs)

    def act(self, form: Any) -> None:
        submit_bid(by=self.request.user, bid=self.bid, **form.cleaned_data)  # type: ignore[arg-type]

    def refused(self, form: Any, refused: Refused) -> HttpResponse:
        """An incomplete bid says all that is missing at once, each beside its own place."""
        if not refused.detail:
            return super().refused(form, refused)
        for row in refused.detail:
            form.add_error(row["field"] if row["field"] in form.fields else None, row["message"])
        return self.render_to_response(self.get_context_data(form=form), status=refused.status)


class SendBack(Check):
    """As `Check`, for a bid that was returned for information."""

    title = "Check your answers before you send the bid back"
    form_class = SendBackForm  # type: ignore[assignment]
    button = "Send the bid back"
    action = "answer_return"

    def get_initial(self) -> dict[str, Any]:
        return DraftPage.get_initial(self) | {"answered_on": clock.today()}

    def act(self, form: Any) -> None:
        answer_return(by=self.request.user, bid=self.bid, **form.cleaned_data)  # type: ignore[arg-type]


class Withdraw(DraftPage):
    """Confirm, and the bid goes no further."""

    title = "Withdraw this bid"
    template_name = "lead/withdraw.html"
    form_class = WithdrawForm
    button = "Withdraw the bid"
    warning = True
    action = "withdraw"
    done = "The bid was withdrawn"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(bid=self.bid, **kwargs)

    def act(self, form: Any) -> None:
        withdraw_bid(by=self.request.user, bid=self.bid, **form.cleaned_data)  # type: ignore[arg-type]
