"""Transfers as the gaining lead sees them: asked of them, asked by them, settled; and those by which they lost one."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import Q
from django.http import Http404
from django.views.generic import TemplateView

from consortia.actions.transfer_letters import name_of as consortium_name
from consortia.actions.transferring import (
    CONSORTIUM,
    agree_transfer,
    ask_transfer,
    decline_transfer,
    withdraw_transfer,
)
from consortia.models import TransferRequest
from consortia.states import WAITING_TRANSFERS, TransferState
from pathfinders.forms.change import AnswerTransferForm, AskTransferForm
from pathfinders.views.lead.membership.keeping import Kept
from pathfinders.views.member_history import name_of
from pathfinders.views.steps import StepPage
from registry.pages.tables import Column, Table

TAGS = {
    TransferState.AT_PRACTICE.value: ("Waits for the practice", "yellow"),
    TransferState.AT_CONSORTIUM.value: ("Waits for the consortium", "yellow"),
    TransferState.AGREED.value: ("Agreed", "green"),
    TransferState.DECLINED.value: ("Declined", "red"),
    TransferState.WITHDRAWN.value: ("Withdrawn", "grey"),
}
COLUMNS = (
    Column("practice.code", "Practice", href=lambda row: f"/practices/{row.practice.code}/"),
    Column("from_consortium.ref", "From", empty="No consortium"),
    Column("to_consortium.ref", "To"),
    Column("on", "On", kind="date"),
    Column("state", "State", kind="tag", tags=TAGS),
    Column("asked_on", "Asked", kind="date"),
    Column("entry_id", "Entry", href="/changes/{entry_id}/", empty=""),
)


class Transfers(Kept, TemplateView):
    template_name = "lead/membership/transfers.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        rows = TransferRequest.objects.visible_to(user).filter(
            Q(to_consortium=self.consortium) | Q(from_consortium=self.consortium)
        )
        found = list(rows.select_related("practice", "from_consortium", "to_consortium").order_by("-pk"))
        return super().get_context_data(
            title="Transfers",
            waiting=self._table([t for t in found if t.state in WAITING_TRANSFERS], "Waiting for an answer"),
            settled=self._table([t for t in found if t.state not in WAITING_TRANSFERS], "Settled"),
            **kwargs,
        )

    def _table(self, rows: list[TransferRequest], caption: str) -> Table | None:
        open_it = Column("pk", "What you can do", href=self._step, show=self._words, empty="")
        return Table((*COLUMNS, open_it), rows, caption, caption_spoken=True) if rows else None

    def _step(self, row: TransferRequest) -> str | None:
        return f"{self.href}transfers/{row.pk}/" if self._words(row) else None

    def _words(self, row: TransferRequest) -> str:
        words = {TransferState.AT_CONSORTIUM.value: "Answer it", TransferState.AT_PRACTICE.value: "Withdraw it"}
        return f"{words[row.state]}: {row.practice.code}" if row.state in words else ""


class AskTransfer(Kept, StepPage):
    title = "Ask a practice to move to you"
    template_name = "lead/membership/ask_transfer.html"
    form_class = AskTransferForm
    button = "Ask it"
    done = "The practice was asked"

    @property
    def back(self) -> tuple[str, str]:  # type: ignore[override]
        return ("Cancel", f"{self.href}transfers/")

    def get_initial(self) -> dict[str, Any]:
        return {"practice": self.request.GET.get("practice", "")[:10]}

    def act(self, form: Any) -> None:
        user: Any = self.request.user
        ask_transfer(by=user, to=self.consortium, side=CONSORTIUM, **form.cleaned_data)

    def get_success_url(self) -> str:
        return f"{self.href}transfers/"


class TransferStep(StepPage):
    """Mixin for one waiting transfer: answered by the side that was asked, withdrawn by the one that asked."""

    asked_state: str

    @cached_property
    def transfer(self) -> TransferRequest:
        user: Any = self.request.user
        rows = TransferRequest.objects.visible_to(user).filter(pk=self.kwargs["pk"], **self.which())
        found = rows.select_related("practice", "from_consortium", "to_consortium").first()
        if found is None:
            raise Http404("There is no such transfer for you.")
        return found

    def which(self) -> dict[str, Any]:
        raise NotImplementedError

    @property
    def answers(self) -> bool:
        return self.transfer.state == self.asked_state

    @property
    def title(self) -> str:  # type: ignore[override]
        return "Answer a transfer" if self.answers else "Withdraw a transfer"

    @property
    def button(self) -> str:  # type: ignore[override]
        return "Send this answer" if self.answers else "Withdraw it"

    def get_form_class(self) -> Any:
        return AnswerTransferForm if self.answers else WithdrawForm

    def act(self, form: Any) -> None:
        user: Any = self.request.user
        if not self.answers:
            withdraw_transfer(by=user, transfer=self.transfer)
        elif form.cleaned_data["answer"] == "agree":
            agree_transfer(by=user, transfer=self.transfer)
        else:
            decline_transfer(by=user, transfer=self.transfer)

    done = "Your answer was kept, and the others are told"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        transfer = self.transfer
        told = {
            "transfer": transfer,
            "name": name_of(transfer.practice),
            "gains": consortium_name(transfer.to_consortium),
            "loses": consortium_name(transfer.from_consortium) if transfer.from_consortium else "",
            "waiting": transfer.state in WAITING_TRANSFERS,
            "tag": TAGS[transfer.state],
            "answers": self.answers,
        }
        return super().get_context_data(**{**told, **kwargs})


class WithdrawForm(AnswerTransferForm):
    answer = None  # type: ignore[assignment]


class OneTransfer(Kept, TransferStep):
    template_name = "lead/membership/transfer.html"
    asked_state = TransferState.AT_CONSORTIUM

    def which(self) -> dict[str, Any]:
        return {"to_consortium": self.consortium}

    @property
    def back(self) -> tuple[str, str]:  # type: ignore[override]
        return ("Back to the transfers", f"{self.href}transfers/")

    def get_success_url(self) -> str:
        return f"{self.href}transfers/"
