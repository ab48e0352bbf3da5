"""How a consortium's members stand with the question whether they are: for those who keep its membership."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import Q

from consortia.models import AddressFlag, Consortium, Membership, MembershipAnswer, MembershipStatus, Origin, Proof
from consortia.naming import Place, places
from consortia.questions import Question, Verdict, prepared
from practices.models import Practice
from registry import clock


class Member(NamedTuple):
    """One member, today or to come: what was asked (never at which address) and what it answered."""

    question: Question
    place: Place
    answer: MembershipAnswer | None

    @property
    def code(self) -> str:
        return self.question.practice.code

    @property
    def status(self) -> str:
        return self.question.held.values.status if self.question.held else ""

    @property
    def address_words(self) -> str:
        """Who gave the address that it is or was asked at, and what makes an answer from it weaker."""
        told = self.answer if self.answer and self.answer.origin else self.question.open or self.question.addressee
        return origin_words(told.origin, told.flag) if told and told.origin else ""


class Standing(NamedTuple):
    """How many members there are, by what they said: `paper` are those of `confirmed` that signed on paper."""

    members: int
    confirmed: int
    paper: int
    disputed: int
    undecided: int
    allocated: int
    claimed: int


def members(user: Any, consortium: Consortium) -> list[Member]:
    """By code. A fixed number of queries."""
    today = clock.today()
    ahead = Q(effective__contains=today) | Q(effective__startswith__gt=today)
    mine = Membership.objects.visible_to(user).current().filter(ahead, consortium=consortium)
    practices = list(Practice.objects.visible_to(user).filter(pk__in=mine.values("practice")).order_by("code"))
    answers = MembershipAnswer.objects.visible_to(user).filter(consortium=consortium, taken_back_on=None)
    last = {a.practice_id: a for a in answers.filter(practice__in=practices).order_by("pk")}
    named = places([p.pk for p in practices], today)
    rows = prepared(consortium, practices)
    return [Member(q, named.get(q.practice.pk, Place(q.practice.code, "", "")), last.get(q.practice.pk)) for q in rows]


def tally(found: Sequence[Member]) -> Standing:
    """Of the members of today: one that is still to come is on the list, and not yet counted."""
    today = clock.today()
    found = [m for m in found if m.question.held is not None and m.question.held.on <= today]
    counts = Counter(m.status for m in found)
    paper = sum(
        m.question.held is not None
        and m.status == MembershipStatus.CONFIRMED
        and m.question.held.values.proof == Proof.PAPER
        for m in found
    )
    return Standing(
        len(found),
        counts[MembershipStatus.CONFIRMED],
        paper,
        counts[MembershipStatus.DISPUTED],
        counts[MembershipStatus.UNDECIDED],
        counts[MembershipStatus.ALLOCATED],
        counts[MembershipStatus.CLAIMED],
    )


def to_ask(found: Sequence[Member]) -> list[Practice]:
    return [m.question.practice for m in found if m.question.verdict == Verdict.READY and not said_undecided(m)]


def said_undecided(member: Member) -> bool:
    """It has answered that it has not decided: it is asked again one by one, not with all the others."""
    return member.status == MembershipStatus.UNDECIDED


def without_address(found: Sequence[Member]) -> list[Practice]:
    return [m.question.practice for m in found if m.question.verdict == Verdict.NO_ADDRESS]


def origin_words(origin: str, flag: str) -> str:
    """An address's origin and what weakens an answer from it: "Its consortium’s lead; the lead’s own address"."""
    words = Origin(origin).label
    return f"{words}; {AddressFlag(flag).label[0].lower()}{AddressFlag(flag).label[1:]}" if flag else words
