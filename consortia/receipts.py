"""Receipts of answers: to the practice, with the way back, and to those who keep the consortium's membership."""

from __future__ import annotations

from consortia import wording
from consortia.addressing import addressees
from consortia.links import about_answer, about_question
from consortia.models import Channel, ConfirmationRequest, MembershipAnswer, Origin, Proof
from consortia.permissions import keepers
from registry import outbox


def send(answer: MembershipAnswer, *, address: str = "") -> None:
    """In the answer's transaction. `address`: where the answer came from; else where the practice is written to."""
    if to := address or _address_of(answer):
        letter = wording.receipt(answer)
        outbox.post_to_address(
            address=to,
            recipient=answer.practice.code,
            subject=letter.subject,
            body=letter.body,
            about=about_answer(answer),
        )
    _tell_keepers(answer, wording.to_lead(answer))


def send_taken_back(answer: MembershipAnswer, again: ConfirmationRequest | None, *, address: str = "") -> None:
    """In the transaction that takes it back. `again`: the question that is open in its place."""
    asked = answer.request.address if answer.request is not None else ""
    if to := address or asked or _address_of(answer):
        link = again is not None and again.channel == Channel.MAIL
        letter = wording.taken_back(answer, again=link)
        outbox.post_to_address(
            address=to,
            recipient=answer.practice.code,
            subject=letter.subject,
            body=letter.body,
            about=about_question(again) if again is not None and link else about_answer(answer),
        )
    _tell_keepers(answer, wording.taken_back_to_lead(answer))


def _tell_keepers(answer: MembershipAnswer, letter: wording.Letter) -> None:
    for keeper in keepers(answer.consortium):
        outbox.post(to=keeper, subject=letter.subject, body=letter.body, about=answer.consortium.ref)


def _address_of(answer: MembershipAnswer) -> str:
    """Where the practice is written to; never at an address that its lead gave what the practice said itself: with the
    receipt's link the lead could take it back."""
    told = addressees(answer.consortium, [answer.practice]).get(answer.practice_id)
    if told is None or (told.origin == Origin.LEAD and answer.how != Proof.PAPER):
        return ""
    return told.address
