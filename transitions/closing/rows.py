"""The rows of a plan: what a person sees of a close, confirms, and finds in the register after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

NATIONAL = date(2013, 4, 1)
"""The first day without trusts and authorities: their last is 31 March 2013 (domain.md rule 17)."""
BOARD, BOARD_NAME, BOARD_FROM = "X24", "NHS Commissioning Board", date(2012, 10, 1)
"""Recall: the code and the first day by which the register knows the successor of the authorities, where nobody told
it better (domain.md 3.1)."""
WHY = {
    "no_consortium": "It is in no consortium on the day",
    "no_code": "Its consortium has no confirmed code of a clinical commissioning group",
    "two_codes": "Its consortium has more than one confirmed code",
    "not_there": "The group of its consortium’s code is not there on the day",
}


class Explanation(NamedTuple):
    """Why a practice has no group: a word of the vocabulary of those left out ("": none), and a sentence."""

    word: str
    text: str


@dataclass(frozen=True)
class Closing:
    """A trust or authority, its last day, and whether the register said so already."""

    code: str
    name: str
    kind: str
    last_day: date
    recorded: bool


@dataclass(frozen=True)
class Succeeding:
    """Who follows, with the parts of the predecessor's practices and of their people. Each sums to 1 over a trust; both
    are unknown where it has no list size, and of an authority."""

    predecessor: str
    successor: str
    name: str
    kind: str
    practices: int
    people: int
    practice_share: Decimal | None
    people_share: Decimal | None


@dataclass(frozen=True)
class Placed:
    """A practice and its group on the day. `way`: "recorded" already, or through its "consortium". `flag`: "dormant" or
    "closed", carried with its consortium without counting (rule 16)."""

    code: str
    name: str
    trust: str
    successor: str
    way: str
    consortium: str
    flag: str


@dataclass(frozen=True)
class Unplaced:
    """A practice that counts and has no group: `why` is a key of WHY. `explanation`: what was said of it."""

    code: str
    name: str
    trust: str
    consortium: str
    why: str
    explanation: str

    @property
    def reason(self) -> str:
        return WHY[self.why]


@dataclass(frozen=True)
class Released:
    """What does not count and stood under a trust that ends, in no consortium: under no body from the day on."""

    code: str
    name: str
    trust: str
    status: str


@dataclass(frozen=True)
class Money:
    """A delegation that ends on the day, or (holder "") a line of a year that the trust does not live to see.

    `to`: who follows its holder; "": nobody, so that the budget is unassigned.
    """

    trust: str
    year: str
    line: str
    holder: str
    amount: int | None
    to: str


@dataclass(frozen=True)
class Holding:
    """A role that ends with its trust or authority. `person`: the reference of who holds it."""

    code: str
    role: str
    person: str
