"""The letters of a transfer: to the side that is asked, to both once it is settled, and to the consortium that is left
once it is agreed. None repeats what the asker wrote: that is erasable, and stands in one place."""

from __future__ import annotations

from collections.abc import Iterable

from consortia.models import (
    ConfirmationRequest,
    Consortium,
    ConsortiumParticulars,
    Origin,
    TransferRequest,
)
from consortia.permissions import keepers, managers
from consortia.states import RequestState, TransferState
from practices.models import Practice, PracticeParticulars
from registry import outbox
from registry.actions.checks import said
from registry.models import User


def tell_asked(transfer: TransferRequest, question: ConfirmationRequest | None = None) -> None:
    """To the side that is to answer. `question`: the letter with a link that the practice was sent; where it went to
    the practice's own address (its manager's is one), it is the only letter."""
    asked = transfer.text and "\n\nWhat they write stands there too."
    if transfer.state == TransferState.AT_CONSORTIUM:
        body = (
            f"{practice_name(transfer.practice)} asks to become a member of {name_of(transfer.to_consortium)} from "
            f"{said(transfer.on)}.\n\nNothing changes until you answer, signed in:\n{lead_path(transfer)}{asked}"
        )
        _post(keepers(transfer.to_consortium), f"{transfer.practice.code} asks to join you", body, transfer)
        return
    if question is not None and question.origin == Origin.PRACTICE:
        return
    body = (
        f"{name_of(transfer.to_consortium)} asks that {practice_name(transfer.practice)} become its member from "
        f"{said(transfer.on)}.{_left(transfer)}\n\nNothing changes until you answer, signed in:\n"
        f"{practice_path(transfer)}{asked}"
    )
    subject = f"{transfer.to_consortium.ref} asks {transfer.practice.code} to move to it"
    _post(managers(transfer.practice), subject, body, transfer)


def tell_agreed(transfer: TransferRequest) -> None:
    """To the practice, to the consortium that gains it, and to the one that is left: the day, and the entry."""
    assert transfer.entry is not None
    on, recorded = said(transfer.on), f"Entry {transfer.entry.number} of the journal records it."
    practice, to = practice_name(transfer.practice), name_of(transfer.to_consortium)
    subject = f"{transfer.practice.code} moves to {transfer.to_consortium.ref} on {on}"
    both = [*keepers(transfer.to_consortium), *managers(transfer.practice)]
    body = f"{practice} belongs to {to} from {on}: both have agreed. {recorded}"
    _post(both, subject, body, transfer)
    _post_to_asked(transfer, subject, body)
    if transfer.from_consortium is not None:
        body = (
            f"{practice} leaves {name_of(transfer.from_consortium)} and belongs to {to} from {on}. The practice and its "
            f"new consortium have agreed on this; you are told so that your list is right, and nothing is asked of you. "
            f"{recorded}"
        )
        _post(keepers(transfer.from_consortium), subject, body, transfer)


def tell_declined(transfer: TransferRequest) -> None:
    """To both sides; the consortium of today hears nothing of what did not happen."""
    body = (
        f"{practice_name(transfer.practice)} does not move to {name_of(transfer.to_consortium)}: the wish of "
        f"{said(transfer.asked_on)} was declined. Nothing has changed."
    )
    _post(_both(transfer), f"{transfer.practice.code} does not move to {transfer.to_consortium.ref}", body, transfer)


def tell_withdrawn(transfer: TransferRequest) -> None:
    body = (
        f"That {practice_name(transfer.practice)} move to {name_of(transfer.to_consortium)} was withdrawn by who asked "
        "for it. Nothing has changed, and no answer is needed."
    )
    _post(_both(transfer), f"Withdrawn: {transfer.practice.code} to {transfer.to_consortium.ref}", body, transfer)


def tell_undone(transfer: TransferRequest, entry: int) -> None:
    """To all three: the move was taken back."""
    left = transfer.from_consortium
    body = (
        f"The move of {practice_name(transfer.practice)} to {name_of(transfer.to_consortium)} on {said(transfer.on)} was "
        f"taken back: the register says again what it said before. Entry {entry} of the journal records it."
    )
    readers = [*_both(transfer), *(keepers(left) if left else [])]
    subject = f"Taken back: {transfer.practice.code} to {transfer.to_consortium.ref}"
    _post(readers, subject, body, transfer)
    _post_to_asked(transfer, subject, body)


def practice_name(practice: Practice) -> str:
    name = _latest(PracticeParticulars.objects.current().filter(practice=practice))
    return f"{name} ({practice.code})" if name else practice.code


def name_of(consortium: Consortium) -> str:
    name = _latest(ConsortiumParticulars.objects.current().filter(consortium=consortium))
    return f"{name} ({consortium.ref})" if name else consortium.ref


def lead_path(transfer: TransferRequest) -> str:
    return f"/lead/consortia/{transfer.to_consortium.ref}/transfers/{transfer.pk}/"


def practice_path(transfer: TransferRequest) -> str:
    return f"/practice/{transfer.practice.code}/transfers/{transfer.pk}/"


def _left(transfer: TransferRequest) -> str:
    if transfer.from_consortium is None:
        return " You are in no consortium then."
    return f" You would leave {name_of(transfer.from_consortium)}, which is told once you have agreed."


def _latest(names: object) -> str:
    return names.order_by("-effective").values_list("name", flat=True).first() or ""  # type: ignore[attr-defined]


def _both(transfer: TransferRequest) -> list[User]:
    return [*keepers(transfer.to_consortium), *managers(transfer.practice)]


def _post(readers: Iterable[User], subject: str, body: str, transfer: TransferRequest) -> None:
    """One letter each, to those who have an address."""
    for reader in {user.pk: user for user in readers if user.email}.values():
        outbox.post(to=reader, subject=subject, body=body, about=transfer.to_consortium.ref)


def _post_to_asked(transfer: TransferRequest, subject: str, body: str) -> None:
    """To the address from which the practice agreed by a link, unless its manager was written to there."""
    written = {(user.email or "").lower() for user in managers(transfer.practice)}
    answered = transfer.requests.filter(state=RequestState.ANSWERED).exclude(address="")
    for address in {row.address.lower() for row in answered} - written:
        outbox.post_to_address(
            address=address,
            recipient=transfer.practice.code,
            subject=subject,
            body=body,
            about=transfer.to_consortium.ref,
        )


def transfers_of_entry(number: int) -> list[TransferRequest]:
    rows = TransferRequest.objects.filter(entry=number)
    return list(rows.select_related("practice", "from_consortium", "to_consortium"))
