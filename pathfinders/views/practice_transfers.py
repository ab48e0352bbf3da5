"""The practice's answer to a transfer, signed in; and the transfers that there were."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import Http404
from django.views.generic import TemplateView

from consortia.models import TransferRequest
from consortia.permissions import manages
from consortia.states import TransferState
from pathfinders.views.access import Guarded
from pathfinders.views.lead.membership.transfers import COLUMNS, TransferStep
from pathfinders.views.member_history import name_of
from practices.models import Practice
from registry.authorization import Permission
from registry.pages.tables import Column, Table

PRACTICE = ("Your practice", "/practice/")


class OwnPractice(Guarded):
    """Mixin: `self.practice`, one that the reader manages. Any other is not found."""

    permission = Permission.KEEP_PRACTICE

    @cached_property
    def practice(self) -> Practice:
        code, user = self.kwargs["code"].upper(), self.request.user  # type: ignore[attr-defined]
        found = Practice.objects.visible_to(user).filter(code=code).first()
        if found is None or not manages(user, found):
            raise Http404(f"{code[:20]} is not your practice.")
        return found

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        return [PRACTICE]

    @property
    def list_href(self) -> str:
        return f"/practice/{self.practice.code}/transfers/"


class PracticeTransfers(OwnPractice, TemplateView):
    template_name = "area/transfers.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = TransferRequest.objects.visible_to(self.request.user).filter(practice=self.practice)
        found = list(rows.select_related("practice", "from_consortium", "to_consortium").order_by("-pk"))
        words = {TransferState.AT_PRACTICE.value: "Answer it", TransferState.AT_CONSORTIUM.value: "Withdraw it"}
        column = Column(
            "pk",
            "What you can do",
            href=lambda t: f"{self.list_href}{t.pk}/" if t.state in words else None,
            show=lambda t: f"{words[t.state]}: {t.to_consortium.ref}" if t.state in words else "",
            empty="",
        )
        return super().get_context_data(
            title="Transfers of your practice",
            crumbs=self.crumbs,
            practice=self.practice,
            name=name_of(self.practice),
            transfers=Table((*COLUMNS[1:], column), found, "Transfers", caption_spoken=True) if found else None,
            **kwargs,
        )


class AnswerTransfer(OwnPractice, TransferStep):
    template_name = "lead/membership/transfer.html"
    asked_state = TransferState.AT_PRACTICE

    def which(self) -> dict[str, Any]:
        return {"practice": self.practice}

    @property
    def back(self) -> tuple[str, str]:  # type: ignore[override]
        return ("Back to the transfers", self.list_href)

    def get_success_url(self) -> str:
        return self.list_href
