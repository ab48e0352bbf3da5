"""Practices are asked whether it is right that a consortium lists them, and reminded. Silence confirms nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta

import pghistory
from django.db.models import Q, QuerySet

from consortia import wording
from consortia.letter_codes import new_code
from consortia.links import about_question
from consortia.models import (
    Channel,
    ConfirmationRequest,
    Consortium,
    Membership,
    Origin,
    TransferRequest,
)
from consortia.naming import name_of, places
from consortia.permissions import require_keeper
from consortia.questions import Question, Verdict, prepared
from consortia.states import RequestState, TransferState, moved
from practices.models import Practice
from registry import clock, journal, outbox
from registry.casework import step
from registry.errors import Refused, wrong_state
from registry.journal import Writer
from registry.models import User

ANSWER_WITHIN = timedelta(days=60)
"""How long a question stays open."""
AFTER_REMINDER = timedelta(days=21)
"""How long it stays open, at least, after a reminder."""
MANY = 2_000
"""Memberships changed by one entry, beyond which all open questions are looked at."""


def ask_practices(
    *, by: User, consortium: Consortium, practices: Iterable[Practice], channel: str = Channel.MAIL
) -> list[ConfirmationRequest]:
    """Ask those of the practices that can be asked: members whose membership is claimed or undecided, with an address
    where it goes by mail, and no open question of the kind. Returns the new questions; `consortia.questions.prepared`
    says of each practice beforehand what would come of it.

    Raises Refused: 403; 409 where none of them can be asked, with each one's reason in `detail`.
    """
    require_keeper(by, consortium)
    wanted = list({p.pk: p for p in practices}.values())
    with step(by=by, action="ask_practices", consortium=consortium.ref):
        journal.lock()  # no claim ends, and nobody else asks, between the look and the question
        rows = prepared(consortium, wanted, channel)
        ready = [row for row in rows if row.verdict == Verdict.READY]
        if not ready:
            raise _nobody_to_ask(rows)
        made = [_asked(by, consortium, row, channel) for row in ready]
        if channel == Channel.MAIL:
            _mail(consortium, made)
    return made


def ask_elsewhere(*, by: User, consortium: Consortium, practice: Practice) -> ConfirmationRequest:
    """Ask one practice at the address that it is written to now: a question that went elsewhere is withdrawn first, so
    that a letter to a wrong address answers nothing. Raises Refused as `ask_practices` does."""
    require_keeper(by, consortium)
    with step(by=by, action="ask_elsewhere", consortium=consortium.ref, practice=practice.code):
        journal.lock()
        [row] = prepared(consortium, [practice])
        if row.open is not None and row.addressee is not None and row.open.address != row.addressee.address:
            _ended(ConfirmationRequest.objects.select_for_update().filter(pk=row.open.pk), "withdraw")
        return ask_practices(by=by, consortium=consortium, practices=[practice])[0]


def ask_about_transfer(*, by: User, transfer: TransferRequest) -> ConfirmationRequest | None:
    """Ask the practice by mail whether it agrees to a move that waits for it; None where nobody gave an address, or
    the lead alone did, perhaps while the practice was its member: then it agrees signed in.

    In the caller's transaction, or one of its own. Who may ask for the move is the calling action's business.
    """
    with step(by=by, action="ask_about_transfer", practice=transfer.practice.code):
        if transfer.state != TransferState.AT_PRACTICE:
            raise wrong_state("This transfer does not wait for the practice, so it is not asked.")
        [row] = prepared(transfer.to_consortium, [transfer.practice], Channel.MAIL)
        if row.addressee is None or row.addressee.origin == Origin.LEAD:
            return None  # by an address of its own giving a lead would agree to its own wish
        made = _new(by, transfer.to_consortium, row, Channel.MAIL, transfer.on, transfer=transfer)
        _mail(transfer.to_consortium, [made])
    return made


def remind(*, by: User, consortium: Consortium, practices: Iterable[Practice] | None = None) -> int:
    """Send the open questions once more, each with the link that it had; how many. `practices`: these alone.

    Nobody is written to twice a day. Raises Refused: 403; 409 where nobody is left to remind.
    """
    require_keeper(by, consortium)
    with step(by=by, action="remind", consortium=consortium.ref):
        journal.lock()
        rows = to_remind(consortium, practices).select_related("practice", "consortium")
        found = list(rows.select_for_update(of=("self",)))
        if not found:
            raise wrong_state("There is nobody to remind: each open question was sent today, or none is open.")
        today = clock.today()
        for request in found:
            request.reminded += 1
            request.reminded_on = today
            request.expires_on = max(request.expires_on, today + AFTER_REMINDER)
            request.save(update_fields=["reminded", "reminded_on", "expires_on"])
        _mail(consortium, found, again=True)
    return len(found)


def to_remind(consortium: Consortium, practices: Iterable[Practice] | None = None) -> QuerySet[ConfirmationRequest]:
    """The open questions by mail that a reminder would send now: the N of "Remind N"."""
    today = clock.today()
    rows = ConfirmationRequest.objects.filter(
        consortium=consortium,
        state=RequestState.OPEN,
        channel=Channel.MAIL,
        transfer=None,
        asked_on__lt=today,
        expires_on__gte=today,
    ).exclude(Q(reminded_on__gte=today) | Q(address=""))
    return rows if practices is None else rows.filter(practice__in=[p.pk for p in practices])


def print_letters(*, by: User, consortium: Consortium, practices: Iterable[Practice]) -> list[ConfirmationRequest]:
    """A printed letter with a code for each of the practices: the one that is open already, or a new one.

    Raises Refused: 403; 409 where one of them cannot be asked, and none is printed then.
    """
    require_keeper(by, consortium)
    wanted = list({p.pk: p for p in practices}.values())
    with step(by=by, action="print_letters", consortium=consortium.ref):
        journal.lock()
        rows = prepared(consortium, wanted, Channel.LETTER)
        wrong = [row for row in rows if row.verdict not in (Verdict.READY, Verdict.OPEN)]
        if wrong or not rows:
            raise _nobody_to_ask(wrong)
        return [row.open or _asked(by, consortium, row, Channel.LETTER) for row in rows]


def withdraw_requests(
    *, consortium: Consortium | None = None, practices: Collection[int] | None = None, transfer: int | None = None
) -> int:
    """In the caller's transaction: these open questions are answered no more; their links say so. How many."""
    rows = ConfirmationRequest.objects.filter(state=RequestState.OPEN, transfer=transfer)
    if consortium is not None:
        rows = rows.filter(consortium=consortium)
    if practices is not None:
        rows = rows.filter(practice__in=practices)
    return _ended(rows.select_for_update(), "withdraw")


def withdraw_rows(rows: QuerySet[ConfirmationRequest]) -> int:
    """In the caller's transaction: those of the questions that are open are answered no more. How many."""
    return _ended(rows.filter(state=RequestState.OPEN).select_for_update(), "withdraw")


def withdraw_overtaken(entry: Writer) -> int:
    """After an entry: a question about a membership that it ended, or took away, is withdrawn (domain.md rule 3)."""
    keys = {key for key in entry.changed(Membership) if entry.before(Membership, key).spells}
    if not keys:  # nobody asks about what never stood
        return 0
    rows = ConfirmationRequest.objects.filter(state=RequestState.OPEN, transfer=None)
    if len(keys) < MANY:
        rows = rows.filter(practice__in={key[0] for key in keys})
    today = clock.today()
    gone = [
        pk
        for pk, practice, consortium in rows.values_list("pk", "practice", "consortium")
        if (practice,) in keys and not _to_come(entry, practice, consortium, today)
    ]
    if not gone:
        return 0
    with pghistory.context(actor=entry.actor, action="withdraw_requests", entry=entry.number):
        return _ended(rows.filter(pk__in=gone).select_for_update(), "withdraw")


def expire_requests() -> int:
    """Questions whose last day is over expire. Safe beside another worker; how many."""
    with step(by=User.objects.system(), action="expire_requests"):
        rows = ConfirmationRequest.objects.filter(state=RequestState.OPEN, expires_on__lt=clock.today())
        return _ended(rows.select_for_update(skip_locked=True), "expire")


def _to_come(entry: Writer, practice: int, consortium: int, today: date) -> bool:
    timeline = entry.timeline(Membership, (practice,))
    return any(s.values[0] == consortium and (s.end is None or s.end > today) for s in timeline)


def _ended(rows: QuerySet[ConfirmationRequest], name: str) -> int:
    found = list(rows)
    for request in found:
        request.state = moved(request, RequestState, name)
        request.ended_on = clock.today()
        request.save(update_fields=["state", "ended_on"])
    return len(found)


def _asked(by: User, consortium: Consortium, row: Question, channel: str) -> ConfirmationRequest:
    assert row.held is not None
    return _new(by, consortium, row, channel, row.held.period.start or row.held.on)


def _new(
    by: User,
    consortium: Consortium,
    row: Question,
    channel: str,
    starts_on: date,
    *,
    transfer: TransferRequest | None = None,
) -> ConfirmationRequest:
    to = row.addressee if channel == Channel.MAIL else None
    today = clock.today()
    return ConfirmationRequest.objects.create(
        practice=row.practice,
        consortium=consortium,
        transfer=transfer,
        starts_on=starts_on,
        channel=channel,
        address=to.address if to else "",
        origin=to.origin if to else "",
        flag=to.flag if to else "",
        code="" if channel == Channel.MAIL else new_code(),
        asked_by=by,
        asked_on=today,
        expires_on=today + ANSWER_WITHIN,
    )


def _mail(consortium: Consortium, requests: list[ConfirmationRequest], *, again: bool = False) -> None:
    today = clock.today()
    group = name_of(consortium, today)
    named = places([r.practice_id for r in requests], today)
    for request in requests:
        practice = named[request.practice_id].name if request.practice_id in named else request.practice.code
        letter = wording.question(request, practice, group, again=again)
        outbox.post_to_address(
            address=request.address,
            recipient=request.practice.code,
            subject=letter.subject,
            body=letter.body,
            about=about_question(request),
        )


def ask_anew(*, by: User, old: ConfirmationRequest) -> ConfirmationRequest | None:
    """In the caller's transaction: the question that an answer taken back leaves open again, at the same address and
    with a new link; None where one is open already. The caller writes the letter."""
    there = ConfirmationRequest.objects.filter(
        practice=old.practice, consortium=old.consortium, channel=old.channel, transfer=None, state=RequestState.OPEN
    )
    if old.transfer_id is not None or there.exists():
        return None
    today = clock.today()
    return ConfirmationRequest.objects.create(
        practice=old.practice,
        consortium=old.consortium,
        starts_on=old.starts_on,
        channel=old.channel,
        address=old.address,
        origin=old.origin,
        flag=old.flag,
        code=new_code() if old.channel == Channel.LETTER else "",
        asked_by=by,
        asked_on=today,
        expires_on=today + ANSWER_WITHIN,
    )


def _nobody_to_ask(rows: list[Question]) -> Refused:
    detail = [{"code": row.practice.code, "verdict": str(row.verdict), "message": row.sentence} for row in rows]
    if not rows:
        return Refused("nobody", "Choose at least one practice.", field="practices")
    more = f" {len(rows) - 1} more cannot be asked either." if len(rows) > 1 else ""
    return Refused("cannot_ask", rows[0].sentence + more, field="practices", status=409, detail=detail)
