"""What would come of asking practices about their membership, practice by practice: read before and when they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from consortia.addressing import Addressee, addressees
from consortia.holding import Held, held, standing
from consortia.models import Channel, ConfirmationRequest, Consortium, MembershipStatus
from consortia.states import RequestState
from practices.models import Practice
from registry import clock
from registry.actions.checks import said

ASKED_ABOUT = (MembershipStatus.CLAIMED, MembershipStatus.UNDECIDED)


class Verdict(StrEnum):
    """Whether a practice can be asked, and why not."""

    READY = "ready"
    OPEN = "open"
    NO_ADDRESS = "no_address"
    ANSWERED = "answered"
    NOT_MEMBER = "not_member"


@dataclass
class Question:
    """One practice: its membership (None: none), where a letter goes (None: nobody gave an address), the open question
    of the channel, and whether it can be asked now."""

    practice: Practice
    consortium: Consortium
    held: Held | None
    addressee: Addressee | None
    open: ConfirmationRequest | None
    verdict: Verdict

    @property
    def sentence(self) -> str:
        code, ref = self.practice.code, self.consortium.ref
        status = MembershipStatus(self.held.values.status).label.lower() if self.held else ""
        return {
            Verdict.READY: f"{code} can be asked.",
            Verdict.OPEN: f"{code} was asked on {said(self.open.asked_on)} and has not answered yet; it can be reminded."
            if self.open
            else "",
            Verdict.NO_ADDRESS: f"Nobody has given an address for {code}: give one, or print a letter.",
            Verdict.ANSWERED: f"The membership of {code} is not open to ask about: {status}.",
            Verdict.NOT_MEMBER: f"{code} is not a member of {ref}, today or to come.",
        }[self.verdict]


def prepared(consortium: Consortium, practices: Iterable[Practice], channel: str = Channel.MAIL) -> list[Question]:
    """The practices in the order given. A fixed number of queries, however many they are."""
    wanted = list(practices)
    timelines = standing([p.pk for p in wanted])
    to = addressees(consortium, wanted)
    asked = ConfirmationRequest.objects.filter(
        consortium=consortium, practice__in=wanted, channel=channel, transfer=None, state=RequestState.OPEN
    )
    there = {r.practice_id: r for r in asked.select_related("practice", "consortium")}
    today = clock.today()
    rows = []
    for practice in wanted:
        mine = held(timelines[practice.pk], consortium.pk, today)
        at, waiting = to.get(practice.pk), there.get(practice.pk)
        rows.append(Question(practice, consortium, mine, at, waiting, _verdict(mine, at, waiting, channel)))
    return rows


def _verdict(mine: Held | None, to: Addressee | None, waiting: ConfirmationRequest | None, channel: str) -> Verdict:
    if mine is None:
        return Verdict.NOT_MEMBER
    if mine.values.status not in ASKED_ABOUT:
        return Verdict.ANSWERED
    if waiting is not None:
        return Verdict.OPEN
    return Verdict.NO_ADDRESS if channel == Channel.MAIL and to is None else Verdict.READY
