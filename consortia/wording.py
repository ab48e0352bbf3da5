"""The words of letters about a membership: the question, its reminder, and the receipts of an answer.

No letter holds a person's name or what somebody wrote beside an answer: those can be erased where they are kept.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from django.conf import settings

from consortia.models import Answer, ConfirmationRequest, Consortium, MembershipAnswer, MembershipWord, Proof
from consortia.naming import name_of, place_of
from practices.models import Practice
from registry import clock
from registry.actions.checks import said
from registry.outbox import SECRET_LINK

DAYS_TO_TAKE_BACK = 14

EXPLANATION = """What this is about

A GP commissioning consortium is a group of practices that is to commission care for their patients together. Its lead
lists the practices that belong to it. The register of pathfinders asks each practice itself whether that is right.

What you can say

- Yes: the register shows your membership as confirmed by the practice, from the day of your answer.
- No: choose the reason. The register shows it as disputed, and the programme settles it.
- We have not decided: the register shows that.

If you do not answer, nothing is confirmed: your membership stays what the consortium claims, and is shown as that.

What is shown to whom

Your answer, its day and the reason of a dispute are public. Your name and what you write are read by the consortium's
lead and the programme only. You can take an answer back within {days} days.
"""
QUESTION = """To {practice} ({code})

{consortium} ({ref}) lists you as a member from {day}. Is that right?

Open this link to answer. Opening it changes nothing; sending your answer does. It can be used once, until {until}:

{link}

{explanation}
What the register says of the consortium: {url}/consortia/{ref}/
What it says of your practice: {url}/practices/{code}/

If this letter is not for you, do nothing and delete it.
"""
MOVE = """To {practice} ({code})

{consortium} ({ref}) asks that your practice move to it, and belong to it from {day}. Do you agree?

Open this link to answer. Opening it changes nothing; sending your answer does. It can be used once, until {until}:

{link}

If you agree, the register says from that day on that your practice belongs to {consortium}, and the consortium that you
leave is told. If you do not agree, or do not answer, nothing changes.{text}
{signed_in}
What the register says of the consortium: {url}/consortia/{ref}/

If this letter is not for you, do nothing and delete it.
"""
ANSWERS = {
    Answer.CONFIRMED: "Yes, we are a member",
    Answer.DISPUTED: "No, we are not",
    Answer.UNDECIDED: "We have not decided",
}
SHOWN = {
    Answer.CONFIRMED: "confirmed by the practice",
    Answer.DISPUTED: "disputed by the practice",
    Answer.UNDECIDED: "undecided",
}
WAYS = {
    Proof.LINK: "by the link in a letter to it",
    Proof.LETTER: "by the code of a printed letter",
    Proof.SIGNED_IN: "signed in",
    Proof.PAPER: "on signed paper",
}


class Letter(NamedTuple):
    subject: str
    body: str


def question(request: ConfirmationRequest, practice_name: str, consortium_name: str, *, again: bool = False) -> Letter:
    """The question with its one-page explanation; `again`: a reminder of it, with the same link."""
    moves = request.transfer_id is not None
    told = {
        "practice": practice_name,
        "code": request.practice.code,
        "consortium": consortium_name,
        "ref": request.consortium.ref,
        "day": said(request.starts_on),
        "until": said(request.expires_on),
        "link": SECRET_LINK,
        "explanation": EXPLANATION.format(days=DAYS_TO_TAKE_BACK),
        "url": settings.PUBLIC_URL,
        "text": "",
        "signed_in": "",
    }
    if request.transfer is not None:
        told["text"] = "\n\nWhat they write to you stands there too.\n" if request.transfer.text else "\n"
        path = f"/practice/{request.practice.code}/transfers/{request.transfer.pk}/"
        told["signed_in"] = f"The practice’s manager can answer signed in, too: {settings.PUBLIC_URL}{path}"
    what = "Do you agree to move to" if moves else "Are you a member of"
    subject = f"{'Reminder: ' if again else ''}{what} {consortium_name}? ({request.practice.code})"
    return Letter(subject[:200], (MOVE if moves else QUESTION).format(**told))


def receipt(answer: MembershipAnswer) -> Letter:
    """To the practice: what was recorded, and the link by which it is taken back."""
    until = said(last_day_to_take_back(answer))
    return Letter(
        f"Receipt: {ANSWERS[Answer(answer.answer)].lower()} ({answer.consortium.ref})"[:200],
        f"To {_practice(answer.practice)}\n\n{_what(answer)}\n\nThe register shows the membership as "
        f"{SHOWN[Answer(answer.answer)]}.\n\nIf this is not what you meant, or was not you, you can take it back until "
        f"{until}:\n\n{SECRET_LINK}\n",
    )


def to_lead(answer: MembershipAnswer) -> Letter:
    """To those who keep the consortium's membership: what the practice answered, and where all of it stands."""
    shown = SHOWN[Answer(answer.answer)]
    return Letter(
        f"{answer.practice.code}: {shown} ({answer.consortium.ref})",
        f"{_what(answer)}\n\nThe register shows the membership as {shown}. What the practice wrote beside it stands at\n"
        f"{settings.PUBLIC_URL}/lead/consortia/{answer.consortium.ref}/asking/\n\nIt can be taken back until "
        f"{said(last_day_to_take_back(answer))}.\n",
    )


def taken_back(answer: MembershipAnswer, *, again: bool) -> Letter:
    """To the practice: its answer counts no more; `again`: with a new link to answer by."""
    more = f"\n\nTo answer again, open this link:\n\n{SECRET_LINK}" if again else ""
    return Letter(
        f"Receipt: answer taken back ({answer.consortium.ref})",
        f"To {_practice(answer.practice)}\n\n{_undone(answer)}{more}\n",
    )


def taken_back_to_lead(answer: MembershipAnswer) -> Letter:
    return Letter(f"{answer.practice.code}: answer taken back ({answer.consortium.ref})", f"{_undone(answer)}\n")


def last_day_to_take_back(answer: MembershipAnswer) -> date:
    return clock.london_date(answer.at) + timedelta(days=DAYS_TO_TAKE_BACK)


def _what(answer: MembershipAnswer) -> str:
    reason = MembershipWord.objects.labels().get(answer.reason, "") if answer.reason else ""
    because = f" The reason given: {reason}." if reason else ""
    return (
        f"{_practice(answer.practice)} answered {WAYS[Proof(answer.how)]} on {said(answer.answered_on)} to the question "
        f"whether it is a member of {_consortium(answer.consortium)}: {ANSWERS[Answer(answer.answer)]}.{because}"
    )


def _undone(answer: MembershipAnswer) -> str:
    return (
        f"What {_practice(answer.practice)} answered on {said(answer.answered_on)} about its membership of "
        f"{_consortium(answer.consortium)} was taken back. The register says again what it said before."
    )


def _practice(practice: Practice) -> str:
    return f"{place_of(practice, clock.today()).name} ({practice.code})"


def _consortium(consortium: Consortium) -> str:
    return f"{name_of(consortium, clock.today())} ({consortium.ref})"
