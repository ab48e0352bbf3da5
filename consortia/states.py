"""How the casework of membership moves: one table for each kind, read by guards, buttons, Postgres and tests.

This module imports no model, so that the models can build their triggers from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, NamedTuple

import pgtrigger
from django.db.models import TextChoices

from registry.errors import wrong_state


class RequestState(TextChoices):
    """A question to a practice: is it right that the consortium lists it, or does it agree to move to it?"""

    OPEN = "open", "Not answered"
    ANSWERED = "answered", "Answered"
    WITHDRAWN = "withdrawn", "Withdrawn"
    EXPIRED = "expired", "Expired"


class TransferState(TextChoices):
    """A wish that a practice moves to a consortium. Both agree; the one that is left is told."""

    AT_PRACTICE = "at_practice", "Waiting for the practice"
    AT_CONSORTIUM = "at_consortium", "Waiting for the consortium"
    AGREED = "agreed", "Agreed"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"


class UploadState(TextChoices):
    """A list of memberships that somebody sent: checked (a dry run), then committed whole, or not at all."""

    WAITING = "waiting", "Waiting to be checked"
    CHECKING = "checking", "Being checked"
    CHECKED = "checked", "Checked, nothing written"
    COMMITTING = "committing", "Being written"
    COMMITTED = "committed", "Written"
    UNDONE = "undone", "Undone"
    DISCARDED = "discarded", "Discarded"
    FAILED = "failed", "Could not be read"


class ReportState(TextChoices):
    """An error that somebody reported in a record."""

    OPEN = "open", "Being looked at"
    PASSED_ON = "passed_on", "Passed on to the owner of the data"
    CORRECTED = "corrected", "Corrected"
    UNCHANGED = "unchanged", "Looked at, not changed"


class Side(StrEnum):
    """Who takes a step."""

    PRACTICE = "the practice, signed in or by its link or letter"
    LEAD = "the lead or a deputy of the consortium"
    OTHER = "the side that was asked"
    ASKER = "the side that asked"
    OWNER = "the owner of the data, or a programme administrator"
    SENDER = "who sent it"
    CLOCK = "the register, in time"


class Step(NamedTuple):
    """One step: `moves`, from each state in which it can be taken the state it leads to; `otherwise`: what is said in
    another state ("{state}" is filled in)."""

    name: str
    label: str
    moves: dict[str, str]
    side: Side
    otherwise: str


R, T, U, E = RequestState, TransferState, UploadState, ReportState
WAITING_TRANSFERS = (T.AT_PRACTICE, T.AT_CONSORTIUM)
REQUEST = (
    Step("answer", "Answer", {R.OPEN: R.ANSWERED}, Side.PRACTICE, "This question is {state}; it is answered once."),
    Step(
        "withdraw",
        "Withdraw",
        {R.OPEN: R.WITHDRAWN},
        Side.LEAD,
        "Only an open question is withdrawn; this one is {state}.",
    ),
    Step("expire", "Expire", {R.OPEN: R.EXPIRED}, Side.CLOCK, "Only an open question expires; this one is {state}."),
)
TRANSFER = (
    Step(
        "agree", "Agree", dict.fromkeys(WAITING_TRANSFERS, T.AGREED), Side.OTHER, "This transfer is {state} already."
    ),
    Step(
        "decline",
        "Decline",
        dict.fromkeys(WAITING_TRANSFERS, T.DECLINED),
        Side.OTHER,
        "This transfer is {state} already.",
    ),
    Step(
        "withdraw",
        "Withdraw",
        dict.fromkeys(WAITING_TRANSFERS, T.WITHDRAWN),
        Side.ASKER,
        "This transfer is {state} already.",
    ),
)
UPLOAD = (
    Step(
        "check",
        "Check",
        {U.WAITING: U.CHECKING, U.CHECKED: U.CHECKING, U.CHECKING: U.CHECKING},
        Side.SENDER,
        "A list that is {state} is not checked again.",
    ),
    Step(
        "checked",
        "Checked",
        {U.WAITING: U.CHECKED, U.CHECKING: U.CHECKED},
        Side.CLOCK,
        "A list that is {state} is not being checked.",
    ),
    Step(
        "fail",
        "Fail",
        {U.WAITING: U.FAILED, U.CHECKING: U.FAILED},
        Side.CLOCK,
        "A list that is {state} is not being checked.",
    ),
    Step(
        "commit",
        "Write",
        {U.CHECKED: U.COMMITTED, U.COMMITTING: U.COMMITTED},
        Side.SENDER,
        "A list is written once it is checked; this one is {state}.",
    ),
    Step(
        "queue",
        "Write in the background",
        {U.CHECKED: U.COMMITTING},
        Side.SENDER,
        "A list is written once it is checked; this one is {state}.",
    ),
    Step(
        "recheck", "Check again", {U.COMMITTING: U.CHECKED}, Side.CLOCK, "A list that is {state} is not being written."
    ),
    Step("discard", "Discard", {U.CHECKED: U.DISCARDED}, Side.SENDER, "A list that is {state} is not discarded."),
    Step(
        "undo",
        "Undo",
        {U.COMMITTED: U.UNDONE},
        Side.SENDER,
        "Only a list that was written is undone; this one is {state}.",
    ),
)
REPORT = (
    Step(
        "pass_on",
        "Pass on to the owner of the data",
        {E.OPEN: E.PASSED_ON},
        Side.OWNER,
        "This report is {state} already.",
    ),
    Step(
        "settle_corrected",
        "It was corrected",
        dict.fromkeys((E.OPEN, E.PASSED_ON), E.CORRECTED),
        Side.OWNER,
        "This report is {state} already.",
    ),
    Step(
        "settle_unchanged",
        "It stays as it is",
        dict.fromkeys((E.OPEN, E.PASSED_ON), E.UNCHANGED),
        Side.OWNER,
        "This report is {state} already.",
    ),
)
TABLES: dict[type[TextChoices], tuple[Step, ...]] = {R: REQUEST, T: TRANSFER, U: UPLOAD, E: REPORT}


FIRST: dict[type[TextChoices], tuple[TextChoices, ...]] = {
    R: (R.OPEN,),
    T: (T.AT_PRACTICE, T.AT_CONSORTIUM),
    U: (U.WAITING,),
    E: (E.OPEN,),
}
"""The states in which a row begins."""


def moved(row: Any, states: type[TextChoices], name: str) -> str:
    """The state that the step leads to from the row's. Raises Refused (409) where it cannot be taken."""
    step = next(s for s in TABLES[states] if s.name == name)
    if row.state not in step.moves:
        raise wrong_state(step.otherwise.format(state=states(row.state).label.lower()))
    return step.moves[row.state]


def steps_from(states: type[TextChoices], state: str) -> list[Step]:
    """The steps that can be taken in a state."""
    return [step for step in TABLES[states] if state in step.moves]


def rows() -> Iterator[tuple[str, str, str, str, Side]]:
    """(kind, from, step, to, who): for the documentation and the tests."""
    for states, table in TABLES.items():
        for step in table:
            for state, to in step.moves.items():
                yield states.__name__.removesuffix("State").lower(), state, step.name, to, step.side


def begins(states: type[TextChoices]) -> pgtrigger.Trigger:
    """Postgres takes a new row only in a first state. After the row's own checks, which say more."""
    first = ", ".join(f"'{state}'" for state in FIRST[states])
    return pgtrigger.Trigger(
        name="begins",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        func=f"""
IF NEW.state NOT IN ({first}) THEN
    RAISE EXCEPTION 'nothing begins as % (%)', NEW.state, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END IF;
RETURN NULL;
""",
    )


def moves_by_the_table(states: type[TextChoices]) -> pgtrigger.Trigger:
    """Postgres lets a row's state move by the table only."""
    pairs = sorted({f"'{a}>{b}'" for step in TABLES[states] for a, b in step.moves.items() if a != b})
    return pgtrigger.Trigger(
        name="moves_by_the_table",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=f"""
IF NEW.state <> OLD.state AND (OLD.state || '>' || NEW.state) NOT IN ({", ".join(pairs)}) THEN
    RAISE EXCEPTION 'it does not go from % to % (%)', OLD.state, NEW.state, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
""",
    )
