"""How a wave moves: the one table that guard, buttons, their explanations, Postgres and the tests read.

domain.md section 5.1: a wave is forecast, opens to bids, closes at its cut-off, is decided, its list is frozen, and it is
released, once (rule 12). Until its release nobody outside programme staff learns its state (architecture.md section 5).
This module imports no model, so that the model can build its trigger from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import TextChoices

from registry.authorization import SENTENCES, Permission, may
from registry.errors import not_allowed, wrong_state

if TYPE_CHECKING:
    from pathfinders.models import Wave


class WaveState(TextChoices):
    FORECAST = "forecast", "Forecast"
    OPEN = "open", "Open"
    CLOSED = "closed", "Closed to bids"
    DECIDED = "decided", "Decided"
    FROZEN = "frozen", "Frozen"
    RELEASED = "released", "Released"


S = WaveState
DECIDING = (S.OPEN, S.CLOSED)
"""While its bids can be decided, and decided again."""
UNRELEASED = (S.FORECAST, S.OPEN, S.CLOSED, S.DECIDED, S.FROZEN)


class WaveAction(NamedTuple):
    """One thing that can be done to a wave. `otherwise`: what to say in another state ("{state}" is filled in);
    `done`: how the wave's log says that it happened."""

    name: str
    label: str
    moves: dict[WaveState, WaveState]
    permission: Permission
    otherwise: str
    done: str


P = Permission
_TABLE = (
    WaveAction(
        "date",
        "Change its dates",
        {s: s for s in UNRELEASED if s != S.FROZEN},
        P.MANAGE_WAVES,
        "Its dates are changed until its list is frozen; this wave is {state}.",
        "dated",
    ),
    WaveAction(
        "publish_dates",
        "Publish its dates",
        {s: s for s in UNRELEASED},
        P.MANAGE_WAVES,
        "Dates are published before the release, which tells the rest; this wave is {state}.",
        "told of in public: its dates",
    ),
    WaveAction(
        "open",
        "Open to bids",
        {S.FORECAST: S.OPEN},
        P.MANAGE_WAVES,
        "A forecast wave is opened; this one is {state}.",
        "opened to bids",
    ),
    WaveAction(
        "close",
        "Close to bids",
        {S.OPEN: S.CLOSED},
        P.MANAGE_WAVES,
        "An open wave is closed; this one is {state}.",
        "closed to bids",
    ),
    WaveAction(
        "reopen",
        "Open again",
        {S.CLOSED: S.OPEN},
        P.MANAGE_WAVES,
        "A closed wave is opened again; this one is {state}.",
        "opened again",
    ),
    WaveAction(
        "complete",
        "All its bids are decided",
        {S.OPEN: S.DECIDED, S.CLOSED: S.DECIDED},
        P.MANAGE_WAVES,
        "A wave is decided when it is open or closed and each of its bids has its decision; this one is {state}.",
        "decided",
    ),
    WaveAction(
        "reconsider",
        "Take decisions up again",
        {S.DECIDED: S.CLOSED},
        P.MANAGE_WAVES,
        "Decisions are taken up again in a decided wave that is not frozen; this one is {state}.",
        "taken up again",
    ),
    WaveAction(
        "set_going_live",
        "Say when its pathfinders go live",
        {s: s for s in (S.OPEN, S.CLOSED, S.DECIDED)},
        P.MANAGE_WAVES,
        "Months of going live are set until the list is frozen; this wave is {state}.",
        "given months of going live",
    ),
    WaveAction(
        "announce",
        "Draft the announcement",
        {s: s for s in (S.OPEN, S.CLOSED, S.DECIDED, S.FROZEN)},
        P.MANAGE_WAVES,
        "An announcement is drafted from a wave's opening to its release; this one is {state}.",
        "given another announcement",
    ),
    WaveAction(
        "freeze",
        "Freeze the list",
        {S.DECIDED: S.FROZEN},
        P.RELEASE_WAVE,
        "The list of a decided wave is frozen; this one is {state}.",
        "frozen",
    ),
    WaveAction(
        "thaw",
        "Unfreeze the list",
        {S.FROZEN: S.DECIDED},
        P.RELEASE_WAVE,
        "A frozen list is unfrozen; this wave is {state}.",
        "unfrozen",
    ),
    WaveAction(
        "read_letters",
        "The letters have been read",
        {S.FROZEN: S.FROZEN},
        P.RELEASE_WAVE,
        "Letters are read once the list is frozen; this wave is {state}.",
        "given its letters' approval",
    ),
    WaveAction(
        "confirm",
        "Confirm as second person",
        {S.FROZEN: S.FROZEN},
        P.CONFIRM_WAVE,
        "A wave is confirmed once its list is frozen; this one is {state}.",
        "confirmed by a second person",
    ),
    WaveAction(
        "schedule",
        "Set the time of release",
        {S.FROZEN: S.FROZEN},
        P.RELEASE_WAVE,
        "A time of release is set once the list is frozen; this wave is {state}.",
        "given a time of release",
    ),
    WaveAction(
        "hold",
        "Hold",
        {s: s for s in UNRELEASED},
        P.SEE_CASEWORK,
        "A wave is held until its release; this one is {state}.",
        "held",
    ),
    WaveAction(
        "lift_hold",
        "Lift the hold",
        {s: s for s in UNRELEASED},
        P.RELEASE_WAVE,
        "A hold is lifted before the release; this wave is {state}.",
        "let go again",
    ),
    WaveAction(
        "release",
        "Release",
        {S.FROZEN: S.RELEASED},
        P.RELEASE_WAVE,
        "A wave is released, once, when its list is frozen; this one is {state}.",
        "released",
    ),
)
ACTIONS: dict[str, WaveAction] = {a.name: a for a in _TABLE}


def moves() -> list[tuple[str, str]]:
    """Every (from, to) that changes the state, sorted: what the trigger on waves lets through."""
    return sorted({(str(a), str(b)) for rule in _TABLE for a, b in rule.moves.items() if a != b})


def why_not(wave: Wave, user: Any, action: str) -> str | None:
    """The sentence that says why the user may not do this to the wave now, or None where they may."""
    rule = ACTIONS[action]
    if not may(user, rule.permission):
        return f"You may not {SENTENCES[rule.permission]}. Ask a programme administrator for a role that may."
    return None if wave.state in rule.moves else rule.otherwise.format(state=wave.get_state_display().lower())


def allowed_actions(wave: Wave, user: Any) -> list[str]:
    """The actions that the user may take on the wave now, in the table's order."""
    return [name for name in ACTIONS if why_not(wave, user, name) is None]


def guard(wave: Wave, user: Any, action: str) -> WaveState:
    """The state that the action leads to. Raises Refused: 403 without the right, 409 in the wrong state."""
    rule, sentence = ACTIONS[action], why_not(wave, user, action)
    if sentence and not may(user, rule.permission):
        raise not_allowed(sentence)
    if sentence:
        raise wrong_state(sentence)
    return rule.moves[WaveState(wave.state)]
