"""A pathfinder's wish to leave the programme, and what comes of it."""

from __future__ import annotations

from datetime import date, timedelta

from pathfinders.actions.telling import tell_lead
from pathfinders.actions.waves import end_pathfinder
from pathfinders.actions.work import text_of, working_on
from pathfinders.letters import Letter
from pathfinders.models import Bid, PathfinderParticulars, Withdrawal, WithdrawalOutcome
from registry import clock, journal
from registry.actions.checks import kind_on, require_day, said
from registry.authorization import Permission, require
from registry.errors import Refused
from registry.journal import Writer
from registry.models import User

MOST = 20_000


def ask_to_withdraw(*, by: User, bid: Bid, version: int, text: str) -> Withdrawal:
    """The lead of a pathfinder asks that it leave the programme. Raises Refused on `text`."""
    with working_on(bid, by=by, action="ask_to_withdraw", version=version) as case:
        why = text_of(text, field="text", what="The text", most=MOST)
        if not why:
            raise Refused("no_text", "Say why your pathfinder wishes to leave.", field="text")
        wish = Withdrawal.objects.create(bid=case, text=why, asked_by=by, asked_on=clock.today())
        tell_lead(case, "withdrawal_received", day=said(wish.asked_on))
    return wish


def settle_withdrawal(
    *,
    by: User,
    bid: Bid,
    version: int,
    granted: bool,
    ends_on: date | None = None,
    note: str = "",
    letter: Letter | None = None,
) -> Withdrawal:
    """Grant the wish, so that from `ends_on` on it is no pathfinder, or refuse it with a note.

    Granted, one journal entry ends its facts in the programme; its consortia and their members stay as they are.
    Raises Refused on `ends_on` (not a day on which it was a pathfinder until then) or `note`.
    """
    require(by, Permission.SETTLE_WITHDRAWAL)
    if not granted:
        return _settle(bid, by=by, version=version, ends_on=None, note=note, letter=letter)
    if ends_on is None:
        raise Refused("no_day", "Give the first day on which it is no pathfinder.", field="ends_on")
    day = require_day(ends_on, field="ends_on")
    reason = f"The pathfinder of {bid.ref} leaves the programme at its own wish"
    with journal.entry(by=by, action="settle_withdrawal", kind=kind_on(day), reason=reason) as entry:
        wish = _settle(bid, by=by, version=version, ends_on=day, note=note, letter=letter)
        _end(entry, bid, day)
    return wish


def _settle(bid: Bid, *, by: User, version: int, ends_on: date | None, note: str, letter: Letter | None) -> Withdrawal:
    with working_on(bid, by=by, action="settle_withdrawal", version=version) as case:
        wish, text = case.withdrawal(), text_of(note, field="note", what="The note", most=MOST)
        if ends_on is None and not text:
            raise Refused("no_note", "Say why it is to stay: the lead reads this.", field="note")
        wish.outcome = WithdrawalOutcome.GRANTED if ends_on else WithdrawalOutcome.REFUSED
        wish.ends_on, wish.note, wish.settled_by, wish.settled_on = ends_on, text, by, clock.today()
        wish.save()
        told = {"text": text} | ({"day": said(ends_on)} if ends_on else {})
        must_hold = [text] if text else []
        tell_lead(case, f"withdrawal_{wish.outcome}", letter=letter, must_hold=must_hold, **told)
    return wish


def _end(entry: Writer, bid: Bid, day: date) -> None:
    pathfinder = bid.pathfinder()
    life = entry.timeline(PathfinderParticulars, (pathfinder.pk,)).stretch(day - timedelta(days=1))
    if life is None or (life.end is not None and life.end <= day):
        raise Refused(
            "not_in_programme",
            f"{pathfinder.ref} was not a pathfinder up to {said(day)}, so it cannot leave then.",
            field="ends_on",
        )
    end_pathfinder(entry, pathfinder, day)
