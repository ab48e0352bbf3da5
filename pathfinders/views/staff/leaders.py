"""Erasing what a bid says of a person who leads it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404

from pathfinders.actions import erase_leader
from pathfinders.models import BidLeader
from pathfinders.views.staff.bid import StaffBid
from pathfinders.views.steps import StepPage
from registry.authorization import Permission


class EraseForm(forms.Form):
    reason = forms.CharField(label="Why these details are erased", max_length=500)


class EraseLeader(StaffBid, StepPage):
    permission = Permission.MANAGE_USERS
    template_name = "staff/erase_leader.html"
    title = "Erase a leader’s details"
    form_class = EraseForm
    button = "Erase these details"
    warning = True
    done = "The leader’s details were erased"

    @property
    def leader(self) -> BidLeader:
        found = self.bid.leaders.visible_to(self.request.user).filter(position=self.kwargs["number"]).first()
        if found is None:
            raise Http404("This bid has no such leader.")
        return found

    @property
    def back(self) -> tuple[str, str]:  # type: ignore[override]
        return ("Back to the bid", self.href)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(leader=self.leader, **kwargs)

    def act(self, form: Any) -> None:
        user: Any = self.request.user
        erase_leader(by=user, bid=self.bid, position=self.leader.position, **form.cleaned_data)

    def get_success_url(self) -> str:
        return self.href
