"""The steps that the API takes on memberships: those of the pages, by the same actions. One table, by whom they concern."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

from rest_framework.serializers import Serializer

from consortia.actions.answering import answer_signed_in, record_on_paper
from consortia.actions.asking import ask_practices, remind
from consortia.actions.attesting import attest
from consortia.actions.changing import correct_claim, end_membership
from consortia.actions.claiming import claim
from consortia.actions.membership import correct_membership, join, leave
from consortia.actions.settling import settle_dispute
from consortia.actions.transferring import (
    CONSORTIUM,
    PRACTICE,
    agree_transfer,
    ask_transfer,
    decline_transfer,
    transfer_on_paper,
    withdraw_transfer,
)
from consortia.actions.undoing import undo_change
from consortia.actions.uploading import undo_list
from consortia.models import Consortium, MembershipUpload, TransferRequest, own_consortia
from consortia.permissions import require_keeper, require_manager
from pathfinders.api import membership_bodies as body
from pathfinders.reads.standing import Target, touched
from practices.models import Practice
from registry.authorization import Permission, require
from registry.errors import Refused, not_allowed
from registry.models import Entry, User
from registry.timeline import first_day_out

Who = Callable[[User, Any], None]


class Step(NamedTuple):
    """One step: its name in the address, its body, what it calls (`act(by=, of=, **body)`, giving the entry, where it
    wrote one), who may take it, and what is said of it. `versioned`: it takes If-Match."""

    name: str
    body: type[Serializer]
    act: Callable[..., Entry | None]
    who: Who
    words: str
    versioned: bool = True
    largest: int = 2_500_000


def _lead(by: User, consortium: Consortium) -> None:
    require(by, Permission.KEEP_MEMBERSHIP)
    if consortium.ref not in own_consortia(by):
        raise not_allowed(f"Only the lead and deputies of {consortium.ref} say that its list is right.")


def _staff(by: User, of: Target) -> None:
    require(by, Permission.CHANGE_REGISTER)


def _settler(by: User, of: Target) -> None:
    require(by, Permission.SETTLE_MEMBERSHIP)


def may_take(step: Step, by: User, of: Target) -> bool:
    try:
        step.who(by, of)
    except Refused:
        return False
    return True


# What a body names


def _practices(by: User, codes: Sequence[str], field: str = "practices") -> list[Practice]:
    wanted = list(dict.fromkeys(code.strip().upper() for code in codes))
    found = {p.code: p for p in Practice.objects.visible_to(by).filter(code__in=wanted)}
    if missing := [code for code in wanted if code not in found]:
        raise Refused("no_practice", f"There is no practice {', '.join(missing[:10])}.", field=field)
    return [found[code] for code in wanted]


def _practice(by: User, code: str) -> Practice:
    return _practices(by, [code], "practice")[0]


def _consortium(by: User, ref: str) -> Consortium:
    found = Consortium.objects.visible_to(by).filter(ref=ref.strip().upper()).first()
    if found is None:
        raise Refused("no_consortium", f"There is no consortium {ref}.", field="consortium")
    return found


def _transfer(by: User, of: Target, number: int) -> TransferRequest:
    """One that this consortium gains by, or of this practice."""
    whose = {"to_consortium": of} if isinstance(of, Consortium) else {"practice": of}
    rows = TransferRequest.objects.visible_to(by).select_related("practice", "from_consortium", "to_consortium")
    found = rows.filter(pk=number, **whose).first()
    if found is None:
        raise Refused("no_transfer", f"There is no transfer {number} here.", field="transfer")
    return found


# The steps


def _claim(*, by: User, of: Consortium, practices: list[str], **given: Any) -> Entry:
    try:
        return claim(by=by, consortium=of, practices=[p.strip().upper() for p in practices], **given)
    except Refused as refused:
        raise with_rows(refused) from refused


def with_rows(refused: Refused) -> Refused:
    """A bulk check's rows as a problem lists them: each at its line, with its verdict."""
    if not any("verdict" in row for row in refused.detail):
        return refused
    rows = [
        {"field": f"line {row['line']}", "code": row["verdict"], "message": row["message"]}
        if "line" in row
        else {"field": row["code"], "code": row["verdict"], "message": row["message"]}
        for row in refused.detail
        if not row.get("accepted")
    ]
    return Refused(refused.code, refused.message, field=refused.field, status=refused.status, detail=rows)


def _end(*, by: User, of: Consortium, practice: str, **given: Any) -> Entry | None:
    return end_membership(by=by, consortium=of, practice=_practice(by, practice), **given)


def _correct(*, by: User, of: Consortium, practice: str, **given: Any) -> Entry | None:
    return correct_claim(by=by, consortium=of, practice=_practice(by, practice), **given)


def _offer(*, by: User, of: Consortium, practice: str, **given: Any) -> None:
    ask_transfer(by=by, practice=_practice(by, practice), to=of, side=CONSORTIUM, **given)


def _ask_to_move(*, by: User, of: Practice, consortium: str, **given: Any) -> None:
    ask_transfer(by=by, practice=of, to=_consortium(by, consortium), side=PRACTICE, **given)


def _answer_transfer(act: Callable[..., Entry | None], *, by: User, of: Target, transfer: int) -> Entry | None:
    return act(by=by, transfer=_transfer(by, of, transfer))


def _undo(*, by: User, of: Target, entry: int, **given: Any) -> Entry:
    found = Entry.objects.visible_to(by).filter(number=entry).first() if touched(of, entry) else None
    if found is None:
        raise Refused("no_entry", f"Entry {entry} says nothing of this membership.", field="entry")
    return undo_change(by=by, entry=found, **given)


def _undo_list(*, by: User, of: Consortium, list: int, why: str) -> Entry:
    found = MembershipUpload.objects.visible_to(by).filter(pk=list, consortium=of).first()
    if found is None:
        raise Refused("no_list", f"There is no list {list} of {of.ref}.", field="list")
    return undo_list(by=by, upload=found, why=why)


def _attest(*, by: User, of: Consortium, sha256: str) -> Entry:
    return attest(by=by, consortium=of, sha256_seen=sha256)


def _ask(*, by: User, of: Consortium, practices: list[str], channel: str) -> None:
    try:
        ask_practices(by=by, consortium=of, practices=_practices(by, practices), channel=channel)
    except Refused as refused:
        raise with_rows(refused) from refused


def _remind(*, by: User, of: Consortium, practices: list[str] | None = None) -> None:
    remind(by=by, consortium=of, practices=None if practices is None else _practices(by, practices))


def _paper(*, by: User, of: Consortium, practice: str, document: dict[str, str], **given: Any) -> Entry | None:
    try:
        data = base64.b64decode(document["content"], validate=True)
    except (binascii.Error, ValueError):
        raise Refused("bad_document", "The content of the document is no base64.", field="document") from None
    found = _practice(by, practice)
    return record_on_paper(by=by, consortium=of, practice=found, file=data, name=document["name"], **given).entry


def _answer(*, by: User, of: Practice, consortium: str, **given: Any) -> Entry | None:
    return answer_signed_in(by=by, practice=of, consortium=_consortium(by, consortium), **given).entry


def _join(*, by: User, of: Practice, consortium: str, **given: Any) -> Entry | None:
    return join(by=by, practice=of, consortium=_consortium(by, consortium), **given)


def _leave(*, by: User, of: Practice, **given: Any) -> Entry | None:
    return leave(by=by, practice=of, **given)


def _put_right(
    *, by: User, of: Practice, consortium: str | None, first_day: Any, last_day: Any, **given: Any
) -> Entry | None:
    """Last days are inclusive here, as everywhere outside."""
    group = None if consortium is None else _consortium(by, consortium)
    return correct_membership(
        by=by, practice=of, consortium=group, start=first_day, end=first_day_out(last_day), **given
    )


def _on_paper(*, by: User, of: Practice, consortium: str, **given: Any) -> Entry:
    return transfer_on_paper(by=by, practice=of, to=_consortium(by, consortium), **given)


def _settle(*, by: User, of: Practice, consortium: str, **given: Any) -> Entry:
    return settle_dispute(by=by, practice=of, consortium=_consortium(by, consortium), **given).entry


def _transfer_steps(who: Who) -> tuple[Step, ...]:
    """The same three for both sides: each answers what the other asked, and withdraws what it asked itself."""
    return (
        Step("agree_transfer", body.Transfer, partial(_answer_transfer, agree_transfer), who, "Agree to a move"),
        Step(
            "decline_transfer",
            body.Transfer,
            partial(_answer_transfer, decline_transfer),
            who,
            "Say no to a move",
            versioned=False,
        ),
        Step(
            "withdraw_transfer",
            body.Transfer,
            partial(_answer_transfer, withdraw_transfer),
            who,
            "Take back a wish to move",
            versioned=False,
        ),
    )


OF_CONSORTIUM = (
    Step("claim", body.Claimed, _claim, require_keeper, "Claim practices as members, all or none"),
    Step("end", body.Ended, _end, require_keeper, "End a membership"),
    Step("correct", body.Corrected, _correct, require_keeper, "Correct the first day of a membership, or that it was"),
    Step("undo", body.Undone, _undo, require_keeper, "Take back one's own latest change"),
    Step("undo_list", body.UndoneList, _undo_list, require_keeper, "Take back a whole list"),
    Step("offer_transfer", body.Offered, _offer, require_keeper, "Ask a practice to move here", versioned=False),
    *_transfer_steps(require_keeper),
    Step("ask", body.Questions, _ask, require_keeper, "Ask practices whether they are members", versioned=False),
    Step("remind", body.Reminded, _remind, require_keeper, "Send open questions once more", versioned=False),
    Step(
        "record_on_paper",
        body.Paper,
        _paper,
        require_keeper,
        "Record what a practice signed on paper",
        largest=body.SCAN + 100_000,
    ),
    Step("attest", body.Attested, _attest, _lead, "Say that the list of members is right"),
)
OF_PRACTICE = (
    Step("answer", body.Answered, _answer, require_manager, "Say whether it is right that a consortium lists it"),
    Step("ask_transfer", body.Asked, _ask_to_move, require_manager, "Ask to move", versioned=False),
    *_transfer_steps(require_manager),
    Step("join", body.Joined, _join, _staff, "Record that it joined or moved"),
    Step("leave", body.Left, _leave, _staff, "Record that it left"),
    Step("correct", body.PutRight, _put_right, _staff, "Put right what was wrongly recorded of some days"),
    Step("transfer_on_paper", body.OnPaper, _on_paper, _staff, "Record a move that both sides agreed on paper"),
    Step("settle_dispute", body.Settled, _settle, _settler, "Settle what it disputes"),
    Step("undo", body.Undone, _undo, _staff, "Take back one's own latest change"),
)
