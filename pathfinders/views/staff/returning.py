"""Returning a bid to its lead for information."""

from __future__ import annotations

from typing import Any

from pathfinders.actions import return_bid
from pathfinders.forms.staff import ReturnForm
from pathfinders.models import Reason
from pathfinders.views.letters import LetterPage
from pathfinders.views.staff.steps import CasePage
from registry import clock


class ReturnBid(LetterPage, CasePage):
    title = "Return for information"
    template_name = "staff/return.html"
    form_class = ReturnForm
    action = "return_bid"
    send_button = "Return the bid, and send exactly this"
    done = "The bid was returned to its lead, who is told by letter"

    def get_form_kwargs(self) -> dict[str, Any]:
        reasons = Reason.objects.visible_to(self.request.user).usable("returned", clock.today())
        return super().get_form_kwargs() | {"reasons": list(reasons)}

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | {"returned_on": clock.today()}

    def act(self, form: Any) -> None:
        return_bid(by=self.request.user, bid=self.bid, **form.cleaned_data)  # type: ignore[arg-type]
