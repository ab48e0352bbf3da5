"""A practice answers whether it is right that a consortium lists it; it takes an answer back.

An answer is an event on its day: status and proof of the membership change from then (or from the first day of one to
come) to its end, or to where another consortium takes its place. The first day itself is never moved by an answer.
"""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from consortia import links, receipts
from consortia.actions.asking import ask_anew
from consortia.holding import gone, held
from consortia.letter_codes import plain
from consortia.models import (
    Answer,
    Belonging,
    Channel,
    ConfirmationRequest,
    Consortium,
    Membership,
    MembershipAnswer,
    MembershipReason,
    MembershipStatus,
    MembershipWord,
    Proof,
    WordKind,
)
from consortia.permissions import manages, require_keeper, require_manager
from consortia.states import RequestState, moved
from consortia.wording import SHOWN, WAYS, last_day_to_take_back
from practices.models import Practice
from registry import clock, journal, undoing
from registry.actions.checks import kind_on, require_day, said
from registry.authorization import Permission, may
from registry.casework import step
from registry.errors import Refused, not_allowed, wrong_state
from registry.files import keeping
from registry.files.documents import Checked, checked
from registry.models import Entry, EntryKind, User
from registry.timeline import Timeline

MOST_TEXT, MOST_WHO = 2_000, 200
OWN_VOICE = (Proof.LINK, Proof.LETTER, Proof.SIGNED_IN)
"""Ways by which the practice itself spoke; signed paper is brought by somebody else."""
WAY_OF = {Channel.MAIL: Proof.LINK, Channel.LETTER: Proof.LETTER}
CLOSED = {
    RequestState.ANSWERED: "This question was answered already, and is answered once. The receipt of that answer says "
    "how it can be taken back.",
    RequestState.WITHDRAWN: "This question was withdrawn: the consortium does not list the practice as it did any more.",
    RequestState.EXPIRED: "The time to answer by this link is over. Ask the consortium’s lead for a new letter, or sign "
    "in as the practice’s manager.",
}
AGREES, DECLINES = "agree", "decline"
"""What is answered to a question whether the practice agrees to move."""


class Said(NamedTuple):
    """What was said: the answer, the reason of a dispute, and words that can be erased."""

    answer: str
    reason: str = ""
    text: str = ""
    who: str = ""


def answer_by_link(
    *, token: str, answer: str, reason: str = "", text: str = "", who: str = ""
) -> MembershipAnswer | None:
    """Answer the question that a signed link is to, and spend it; None where the question was about a move.

    The actor is the register, on behalf of the practice: nobody signed in. Raises Refused: 404 for a link that the
    register did not make; 410 where it was used, withdrawn or is too old; 409 where the membership has ended or changed
    hands since; 422 with the field.
    """
    return _answer(links.request_of(token), Said(answer, reason, text, who))


def answer_by_code(
    *, practice_code: str, code: str, answer: str, reason: str = "", text: str = "", who: str = ""
) -> MembershipAnswer | None:
    """The same, by the code of a printed letter."""
    return _answer(request_by_code(practice_code=practice_code, code=code), Said(answer, reason, text, who))


def request_by_code(*, practice_code: str, code: str) -> ConfirmationRequest:
    """The question of a printed letter. Raises Refused (404) where there is none of this practice and code."""
    letters = ConfirmationRequest.objects.select_related("practice", "consortium", "transfer")
    typed = plain(code)
    found = letters.filter(practice__code=practice_code.strip().upper(), channel=Channel.LETTER, code=typed).last()
    if not typed or found is None:
        raise Refused(
            "no_such_code",
            "There is no letter with this code for this practice. Check both against the letter.",
            field="code",
            status=404,
        )
    return found


def answer_signed_in(
    *, by: User, practice: Practice, consortium: Consortium, answer: str, reason: str = "", text: str = ""
) -> MembershipAnswer:
    """The practice's manager answers, also again after an earlier answer. Links that are open are spent by it.

    Raises Refused: 403; 409 where the practice is no member (any more) or was allocated; 422 with the field.
    """
    require_manager(by, practice)
    with step(by=by, action="answer", practice=practice.code, consortium=consortium.ref):
        journal.lock()
        row = _record(by, practice, consortium, Said(answer, reason, text), Proof.SIGNED_IN, recorded_by=by)
        receipts.send(row, address=by.email or "")
    return row


def record_on_paper(
    *,
    by: User,
    practice: Practice,
    consortium: Consortium,
    answer: str,
    on: date,
    file: Any,
    name: str,
    reason: str = "",
    who: str = "",
) -> MembershipAnswer:
    """A lead, or programme staff, record what a practice signed on paper on a day, with a scan of it (`file`, `name`).

    It counts apart from what practices answer themselves, and spends no link: the practice can still speak for itself.
    Raises Refused: 403; 409 where the practice has answered on or after that day, or (to a lead) has answered itself
    or disputes; 422 with the field.
    """
    require_keeper(by, consortium)
    require_day(on)
    if on > clock.today():
        raise Refused("not_yet", f"{said(on)} is to come: give the day on which it was signed.", field="on")
    scan = checked(name, file)
    try:
        with step(by=by, action="record_on_paper", practice=practice.code, consortium=consortium.ref):
            journal.lock()
            keeping.lock(scan.sha256)
            _require_nothing_since(by, practice, consortium, on)
            told = Said(answer, reason, "", who)
            row = _record(by, practice, consortium, told, Proof.PAPER, recorded_by=by, on=on, scan=scan)
            keeping.keep(scan.sha256, scan.data)
            receipts.send(row)
    except BaseException:
        keeping.drop_unnamed(scan.sha256)
        raise
    return row


def take_back_answer(*, answer: MembershipAnswer, by: User | None = None) -> MembershipAnswer:
    """Within 14 days the answer counts no more: the register says again, on each day, what it said before it.

    `by`: the practice's manager or, of signed paper, who keeps the consortium's membership; None: whoever has the link
    of its receipt. Where a link was answered, a new question takes its place. Raises Refused: 403; 410 where it was
    taken back before or is too old; 409 where something recorded since builds on it.
    """
    if by is not None:
        _require_may_take_back(by, answer)
    actor = by or User.objects.system()
    with step(by=actor, action="take_back_answer", practice=answer.practice.code, answer=answer.pk):
        journal.lock()
        rows = MembershipAnswer.objects.select_for_update(of=("self",))
        row = rows.select_related("practice", "consortium", "request", "entry").get(pk=answer.pk)
        require_can_be_taken_back(row)
        row.taken_back_entry = _undone(actor, row, row.entry) if row.entry is not None else None
        row.taken_back_on = clock.today()
        row.save(update_fields=["taken_back_on", "taken_back_entry"])
        again = ask_anew(by=row.request.asked_by, old=row.request) if row.request is not None else None
        receipts.send_taken_back(
            row, again, address=by.email or "" if by is not None and row.how != Proof.PAPER else ""
        )
    return row


def require_open(request: ConfirmationRequest) -> None:
    """Raise Refused (410), with the sentence, unless the question can still be answered."""
    state = RequestState(request.state)
    if state == RequestState.OPEN and request.expires_on < clock.today():
        state = RequestState.EXPIRED
    if state != RequestState.OPEN:
        raise Refused(f"question_{state}", CLOSED[state], status=410)


def require_can_be_taken_back(answer: MembershipAnswer) -> None:
    """Raise Refused (410), with the sentence, where it was taken back before, or its 14 days are over."""
    if answer.taken_back_on is not None:
        raise Refused("taken_back", f"This answer was taken back on {said(answer.taken_back_on)}.", status=410)
    until = last_day_to_take_back(answer)
    if clock.today() > until:
        raise Refused(
            "too_late",
            f"This answer could be taken back until {said(until)}. To answer otherwise, sign in as the practice’s "
            "manager, or ask the consortium’s lead for a new letter.",
            status=410,
        )


def can_be_taken_back(answer: MembershipAnswer) -> bool:
    """By its dates; whether something recorded since builds on it is looked at when it is taken back."""
    return answer.taken_back_on is None and clock.today() <= last_day_to_take_back(answer)


def _answer(found: ConfirmationRequest, told: Said) -> MembershipAnswer | None:
    actor = User.objects.system()
    with step(by=actor, action="answer", practice=found.practice.code, request=found.pk):
        journal.lock()  # before the row: whoever ends a claim holds the lock and then asks for the row
        rows = ConfirmationRequest.objects.select_for_update(of=("self",))
        request = rows.select_related("practice", "consortium", "transfer").get(pk=found.pk)
        require_open(request)
        if request.transfer is not None:
            _answer_transfer(request, told)
            return None
        row = _record(actor, request.practice, request.consortium, told, WAY_OF[Channel(request.channel)], request)
        receipts.send(row, address=request.address)
    return row


def _answer_transfer(request: ConfirmationRequest, told: Said) -> None:
    """The question was whether the practice agrees to a move: the move's own action takes it from here."""
    from consortia.actions.transferring import agree_by_answer, decline_by_answer

    if told.answer not in (AGREES, DECLINES):
        raise Refused("no_answer", "Say whether the practice agrees to move.", field="answer")
    assert request.transfer is not None
    _spend(request)  # before the move, which withdraws what is still open about it
    by = User.objects.system().ref
    if told.answer == AGREES:
        agree_by_answer(by=by, transfer=request.transfer, proof=WAY_OF[Channel(request.channel)])
    else:
        decline_by_answer(by=by, transfer=request.transfer)


def _record(
    by: User,
    practice: Practice,
    consortium: Consortium,
    told: Said,
    how: str,
    request: ConfirmationRequest | None = None,
    *,
    recorded_by: User | None = None,
    on: date | None = None,
    scan: Checked | None = None,
) -> MembershipAnswer:
    """Fact, answer and spent links in one transaction, under the journal's lock."""
    told = _checked(told)
    day = on or clock.today()
    entry = _written(by, practice, consortium, told, how, day)
    row = MembershipAnswer.objects.create(
        practice=practice,
        consortium=consortium,
        request=request,
        **told._asdict(),
        how=how,
        origin=request.origin if request else "",
        flag=request.flag if request else "",
        document=scan.sha256 if scan else "",
        document_name=f"signed-{practice.code}-{day}.{_ending(scan)}" if scan else "",
        recorded_by=recorded_by,
        answered_on=day,
        entry=entry,
    )
    if how != Proof.PAPER:
        open_ones = ConfirmationRequest.objects.select_for_update().filter(
            practice=practice, consortium=consortium, transfer=None, state=RequestState.OPEN
        )
        for question in open_ones:
            _spend(question)
    return row


def _written(by: User, practice: Practice, consortium: Consortium, told: Said, how: str, day: date) -> Entry | None:
    reason = f"The practice answered {WAYS[Proof(how)]}: {SHOWN[Answer(told.answer)]}"
    with journal.entry(
        by=by, action="answer_membership", kind=kind_on(day), reason=reason, on_behalf_of=practice.code
    ) as writer:
        timeline = writer.timeline(Membership, (practice.pk,))
        mine = held(timeline, consortium.pk, day)
        if mine is None:
            raise gone(timeline, practice, consortium, day)
        if mine.values.status == MembershipStatus.ALLOCATED:
            raise wrong_state(
                f"{practice.code} was allocated to {consortium.ref}, with a legal basis: that is not answered here. "
                "Tell a programme administrator if it is wrong."
            )
        _require_nothing_later(timeline.within(mine.on, mine.period.end), practice, consortium, mine.on, how)
        why = told.reason or _why_member(practice, consortium, mine.values.reason)
        values = Belonging(consortium=consortium.pk, status=told.answer, reason=why, proof=how)
        writer.set(Membership, (practice.pk,), mine.on, mine.period.end, values)
    return writer.entry


def _require_nothing_later(days: Timeline, practice: Practice, consortium: Consortium, on: date, how: str) -> None:
    """An answer, which tells of all days to come, never speaks over an allocation of one of them; nor paper over what
    was settled after it was signed."""
    for spell in days:
        values = Belonging(*spell.values)
        settled = how == Proof.PAPER and values.proof == Proof.SETTLED and spell.start is not None and spell.start > on
        if settled or values.status == MembershipStatus.ALLOCATED:
            done = "settled" if settled else "allocated"
            since = f" from {said(spell.start)} on" if spell.start else ""
            raise wrong_state(
                f"The membership of {practice.code} in {consortium.ref} was {done} by the programme{since}; that stands. "
                "Tell a programme administrator if it is wrong."
            )


def _why_member(practice: Practice, consortium: Consortium, now: str) -> str:
    """Why it is a member: what stands or, where that is why it was disputed, what was said last before that."""
    joins = set(MembershipWord.objects.of(WordKind.JOIN).values_list("key", flat=True))
    if now in joins:
        return now
    told = Membership.objects.filter(practice=practice, consortium=consortium, reason__in=joins)
    last = told.order_by("-opened_by_id", "-opened_position").values_list("reason", flat=True).first()
    return last or MembershipReason.JOINED


def _checked(told: Said) -> Said:
    """The answer as it is kept. Raises Refused (422) with the field."""
    if told.answer not in Answer.values:
        raise Refused("no_answer", "Say whether it is right, wrong, or not decided yet.", field="answer")
    text, who = told.text.strip(), told.who.strip()
    for words, most, field in ((text, MOST_TEXT, "text"), (who, MOST_WHO, "who")):
        if len(words) > most:
            raise Refused("too_long", f"That is {len(words):,} characters; {most:,} are allowed.", field=field)
        if "\0" in words:
            raise Refused("bad_text", "There is a character in it that cannot be kept: type it anew.", field=field)
    if told.answer != Answer.DISPUTED:
        return Said(told.answer, "", text, who)
    if told.reason not in MembershipWord.objects.of(WordKind.DISPUTE).values_list("key", flat=True):
        raise Refused("no_reason", "Select what is wrong.", field="reason")
    return Said(told.answer, told.reason, text, who)


def _spend(request: ConfirmationRequest) -> None:
    request.state = moved(request, RequestState, "answer")
    request.ended_on = clock.today()
    request.save(update_fields=["state", "ended_on"])


def _require_nothing_since(by: User, practice: Practice, consortium: Consortium, on: date) -> None:
    """Paper never speaks over what the practice said itself, nor, at a lead's word, over a dispute."""
    answers = MembershipAnswer.objects.filter(practice=practice, consortium=consortium, taken_back_on=None)
    if later := answers.filter(answered_on__gte=on).order_by("-answered_on").first():
        raise wrong_state(
            f"{practice.code} answered on {said(later.answered_on)}, not before this paper was signed; the later word "
            "stands."
        )
    if may(by, Permission.CHANGE_REGISTER):
        return
    stands = Membership.objects.current().filter(practice=practice, consortium=consortium)
    if stands.filter(effective__contains=clock.today(), status=MembershipStatus.DISPUTED).exists():
        raise wrong_state(f"{practice.code} disputes its membership; a programme administrator settles that.")
    if answers.filter(how__in=OWN_VOICE).exists():
        raise wrong_state(
            f"{practice.code} has answered itself. It changes its answer itself, or programme staff record the paper."
        )


def _require_may_take_back(by: User, answer: MembershipAnswer) -> None:
    if answer.how == Proof.PAPER and not _is_manager(by, answer.practice):
        require_keeper(by, answer.consortium)
        return
    if not _is_manager(by, answer.practice):
        raise not_allowed(f"Only the manager of {answer.practice.code} takes its answer back.")


def _is_manager(by: User, practice: Practice) -> bool:
    return may(by, Permission.KEEP_PRACTICE) and manages(by, practice)


def _undone(actor: User, answer: MembershipAnswer, entry: Entry) -> Entry | None:
    with journal.entry(
        by=actor,
        action="take_back_answer",
        kind=EntryKind.CORRECTION,
        reason=f"The answer of entry {entry.number} was taken back",
        on_behalf_of=answer.practice.code,
    ) as writer:
        try:
            undoing.take_back(writer, entry)
        except Refused as refused:
            raise wrong_state(
                f"This answer cannot be taken back any more: what the register says of the membership of "
                f"{answer.practice.code} has changed since, and builds on it. Answer again, or tell the consortium’s lead."
            ) from refused
    return writer.entry


def _ending(scan: Checked) -> str:
    return {"jpeg": "jpg"}.get(scan.kind, scan.kind)
