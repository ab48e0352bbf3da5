"""A practice moves to another consortium: it and the gaining lead agree; the losing lead is told (issue: membership).

Either of the two asks and the other agrees. Nothing but the agreement changes the register: one entry, under the
journal's lock, where everything is looked at again. The consortium that is left cannot block it.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date

from consortia.actions.asking import ask_about_transfer, withdraw_requests
from consortia.actions.lives import shared_life
from consortia.actions.membership import belong
from consortia.actions.transfer_letters import tell_agreed, tell_asked, tell_declined, tell_withdrawn
from consortia.models import (
    Consortium,
    Membership,
    MembershipReason,
    MembershipStatus,
    Proof,
    TransferRequest,
)
from consortia.permissions import require_keeper, require_manager
from consortia.states import TransferState, moved
from practices.models import Practice
from registry import clock, journal
from registry.actions.checks import kind_on, require_day, require_reason, said
from registry.authorization import Permission, require
from registry.casework import step
from registry.errors import Refused, wrong_state
from registry.journal import Writer
from registry.models import Entry, User

PRACTICE, CONSORTIUM = "practice", "consortium"
MOST = 2_000


def ask_transfer(
    *, by: User, practice: Practice, to: Consortium, on: date, text: str = "", side: str
) -> TransferRequest:
    """The practice's manager (side "practice") or the gaining consortium's lead (side "consortium") asks that the
    practice belong to `to` from `on`: past, today or to come. The other side is written to.

    Raises Refused: 403; 409 where it is a member there on that day already, or the same is asked already; 422 where
    either is not there on that day.
    """
    if side == PRACTICE:
        require_manager(by, practice)
    elif side == CONSORTIUM:
        require_keeper(by, to)
    else:
        raise ValueError(f"a transfer is asked by the practice or by the consortium, not by “{side}”")
    require_day(on)
    if len(text) > MOST:
        raise Refused("long_text", f"Write up to {MOST:,} characters.", field="text")
    with step(by=by, action="ask_transfer"):
        journal.lock()  # so that two wishes, or a wish and a move, are one after the other
        left = _looked_at(journal.sketch(), practice, to, on)
        if TransferRequest.objects.waiting().filter(practice=practice, to_consortium=to).exists():
            raise wrong_state(
                f"That {practice.code} moves to {to.ref} is asked already and waits for an answer. Withdraw that first "
                "to ask for another day."
            )
        transfer = TransferRequest.objects.create(
            practice=practice,
            from_consortium=left,
            to_consortium=to,
            on=on,
            state=TransferState.AT_CONSORTIUM if side == PRACTICE else TransferState.AT_PRACTICE,
            text=text.strip(),
            asked_by=by,
            asked_on=clock.today(),
        )
        question = ask_about_transfer(by=by, transfer=transfer) if side == CONSORTIUM else None
        tell_asked(transfer, question)
    return transfer


def agree_transfer(*, by: User, transfer: TransferRequest) -> Entry:
    """The side that was asked agrees, signed in: the practice belongs to the consortium from the day, confirmed.

    Raises Refused: 403 for anybody else; 409 where it was answered already, or the practice has meanwhile moved; 422
    where one of the two is not there on that day any more.
    """
    _require_asked(by, transfer)
    return agree_by_answer(by=by, transfer=transfer, proof=Proof.SIGNED_IN)


def decline_transfer(*, by: User, transfer: TransferRequest) -> None:
    """The side that was asked says no. Raises Refused as `agree_transfer` does."""
    _require_asked(by, transfer)
    decline_by_answer(by=by, transfer=transfer)


def withdraw_transfer(*, by: User, transfer: TransferRequest) -> None:
    """The side that asked takes its wish back. Raises Refused: 403; 409 where it was answered already."""
    if transfer.state == TransferState.AT_PRACTICE:
        require_keeper(by, transfer.to_consortium)
    elif transfer.state == TransferState.AT_CONSORTIUM:
        require_manager(by, transfer.practice)
    with step(by=by, action="withdraw_transfer"):
        tell_withdrawn(_end(transfer, "withdraw", by))


def agree_by_answer(*, by: User | str, transfer: TransferRequest, proof: str) -> Entry:
    """The agreement itself, whoever was found to be the side that was asked: signed in, or by a link or a letter (`by`
    is then the journal's word for the actor, on behalf of the practice). Writes one entry and tells everybody."""
    kind, code = kind_on(transfer.on), transfer.practice.code
    why = f"{code} moves to {transfer.to_consortium.ref}: both have agreed."
    spoke = "" if isinstance(by, User) else code
    with _step(by, "agree_transfer"):
        with journal.entry(by=by, action="agree_transfer", kind=kind, reason=why, on_behalf_of=spoke) as entry:
            held = _locked(transfer)
            state = moved(held, TransferState, "agree")
            _refuse_moved(held, _looked_at(entry, held.practice, held.to_consortium, held.on))
            _move(entry, held, proof)
        return _agreed(entry, held, by, state)


def decline_by_answer(*, by: User | str, transfer: TransferRequest) -> None:
    with _step(by, "decline_transfer"):
        tell_declined(_end(transfer, "decline", by))


def transfer_on_paper(*, by: User, practice: Practice, to: Consortium, on: date, why: str) -> Entry:
    """Both sides have agreed on paper, and staff record it: the same move, in one entry. Raises Refused as an agreement
    does."""
    require(by, Permission.CHANGE_REGISTER)
    require_day(on)
    with step(by=by, action="transfer_on_paper"):
        with journal.entry(by=by, action="transfer_on_paper", kind=kind_on(on), reason=require_reason(why)) as entry:
            left = _looked_at(entry, practice, to, on)
            asked = TransferRequest.objects.select_for_update().waiting().filter(practice=practice, to_consortium=to)
            transfer = asked.first() or TransferRequest.objects.create(
                practice=practice,
                from_consortium=left,
                to_consortium=to,
                on=on,
                state=TransferState.AT_CONSORTIUM,
                asked_by=by,
                asked_on=clock.today(),
            )
            transfer.from_consortium, transfer.on = left, on
            _move(entry, transfer, Proof.PAPER)
        return _agreed(entry, transfer, by, TransferState.AGREED)


def _agreed(entry: Writer, transfer: TransferRequest, by: User | str, state: str) -> Entry:
    """In the same transaction, once the entry is written: the wish is settled, and everybody told."""
    assert entry.entry is not None  # it was no member there on that day
    transfer.state, transfer.ended_on, transfer.entry = state, clock.today(), entry.entry
    transfer.ended_by = by if isinstance(by, User) else None
    transfer.save()
    withdraw_requests(transfer=transfer.pk)
    tell_agreed(transfer)
    return entry.entry


def _step(by: User | str, action: str) -> AbstractContextManager[None]:
    """Casework of a person; or of the register, where an answer came by a link."""
    return step(by=by if isinstance(by, User) else User.objects.system(), action=action)


def _require_asked(by: User, transfer: TransferRequest) -> None:
    """By the state that was seen; it is looked at again under the lock."""
    if transfer.state == TransferState.AT_PRACTICE:
        require_manager(by, transfer.practice)
    elif transfer.state == TransferState.AT_CONSORTIUM:
        require_keeper(by, transfer.to_consortium)
    else:
        moved(transfer, TransferState, "agree")


def _locked(transfer: TransferRequest) -> TransferRequest:
    rows = TransferRequest.objects.select_for_update(of=("self",))
    return rows.select_related("practice", "from_consortium", "to_consortium", "asked_by").get(pk=transfer.pk)


def _end(transfer: TransferRequest, name: str, by: User | str) -> TransferRequest:
    journal.lock()  # before any row: an answer by link holds it, then the question, then the transfer
    held = _locked(transfer)
    held.state, held.ended_on = moved(held, TransferState, name), clock.today()
    held.ended_by = by if isinstance(by, User) else None
    held.save()
    withdraw_requests(transfer=held.pk)
    return held


def _looked_at(entry: Writer, practice: Practice, to: Consortium, on: date) -> Consortium | None:
    """The consortium that is left, or None. Raises Refused where either is not there, or it is a member already."""
    shared_life(entry, practice, to, on)
    values = entry.timeline(Membership, (practice.pk,)).at(on)
    if values is not None and values[0] == to.pk:
        raise wrong_state(f"{practice.code} is a member of {to.ref} on {said(on)} already. There is nothing to move.")
    return Consortium.objects.get(pk=values[0]) if values is not None else None


def _refuse_moved(transfer: TransferRequest, left: Consortium | None) -> None:
    if (left.pk if left else None) != transfer.from_consortium_id:
        was = transfer.from_consortium.ref if transfer.from_consortium else "no consortium"
        raise wrong_state(
            f"{transfer.practice.code} has moved since this was asked: on {said(transfer.on)} it is in "
            f"{left.ref if left else 'no consortium'}, no longer in {was}. Withdraw or decline this, and ask anew."
        )


def _move(entry: Writer, transfer: TransferRequest, proof: str) -> None:
    belong(
        entry,
        transfer.practice,
        transfer.to_consortium,
        transfer.on,
        status=MembershipStatus.CONFIRMED,
        reason=MembershipReason.TRANSFERRED if transfer.from_consortium else MembershipReason.JOINED,
        proof=proof,
    )
