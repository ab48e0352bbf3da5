"""What people wrote beside answers, and addresses that practices were written to, are erased; what was answered stays."""

from __future__ import annotations

from consortia.actions.asking import withdraw_rows
from consortia.models import ConfirmationRequest, MembershipAnswer, PracticeContact
from registry import clock, journal
from registry.actions.checks import require_reason
from registry.authorization import Permission
from registry.casework import step
from registry.models import Mail, MailState, User

ERASED = "The person's details were erased."


def erase_answer_words(*, by: User, answer: MembershipAnswer, reason: str) -> MembershipAnswer:
    """Blank who answered and what they wrote; the answer, its day and its way stay, and who erased and why is logged.

    Raises Refused: 403; 422 where no reason is given.
    """
    why = require_reason(reason, "reason")
    with step(by=by, action="erase_answer_words", permission=Permission.MANAGE_USERS, reason=why, answer=answer.pk):
        row = MembershipAnswer.objects.select_for_update().get(pk=answer.pk)
        row.text = row.who = ""
        row.save(update_fields=["text", "who"])
    return row


def erase_address(*, by: User, address: str, reason: str) -> int:
    """Blank an address of somebody without an account wherever practices were written to at it; how many rows."""
    why = require_reason(reason, "reason")
    with step(by=by, action="erase_address", permission=Permission.MANAGE_USERS, reason=why):
        journal.lock()  # before any row, as whoever answers does
        return blank_address(address)


def blank_address(address: str) -> int:
    """In the caller's transaction: contacts end, questions and letters lose the address, what was written beside
    answers from it goes, open questions are withdrawn (their link was the person's), queued letters stay here."""
    contacts = PracticeContact.objects.filter(address__iexact=address)
    contacts.filter(ended_on=None).update(ended_on=clock.today())
    blanked = contacts.update(address="", name="")
    asked = ConfirmationRequest.objects.filter(address__iexact=address)
    MembershipAnswer.objects.filter(request__in=asked).exclude(text="", who="").update(text="", who="")
    withdraw_rows(asked)
    blanked += asked.update(address="")
    letters = Mail.objects.select_for_update().filter(to__iexact=address)
    letters.filter(state__in=(MailState.QUEUED, MailState.HELD)).update(state=MailState.FAILED, last_error=ERASED)
    return blanked + letters.update(to="", subject="(erased)", body="")
