"""Registering a consortium that never bids."""

from __future__ import annotations

from typing import Any

from consortia.actions import register_consortium
from pathfinders.forms.staff import ConsortiumForm
from pathfinders.views.access import StaffOnly
from pathfinders.views.steps import StepPage
from registry.authorization import Permission


class RegisterConsortium(StaffOnly, StepPage):
    permission = Permission.REGISTER_CONSORTIUM
    title = "Register a consortium"
    template_name = "staff/register_consortium.html"
    button = "Register the consortium"
    form_class = ConsortiumForm
    back = ("Cancel", "/staff/")
    crumbs = (("Bids", "/staff/"),)
    done = "The consortium was registered"

    def act(self, form: Any) -> None:
        self.consortium = register_consortium(by=self.request.user, **form.cleaned_data)  # type: ignore[arg-type]

    def get_success_url(self) -> str:
        return f"/consortia/{self.consortium.ref}/"
