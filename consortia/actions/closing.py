"""A practice closes, and what depends on it ends with it (domain.md rules 1 and 4)."""

from __future__ import annotations

from datetime import date

from practices.models import LIVING, Practice, PracticeParent, PracticeStatus, Status
from registry import journal
from registry.actions.checks import kind_on, require_day, require_reason, said
from registry.authorization import Permission, require
from registry.errors import wrong_state
from registry.journal import Writer
from registry.models import Entry, EntryKind, User
from registry.timeline import first_day_out


def close_practice(*, by: User, practice: Practice, last_day: date, reason: str) -> Entry | None:
    """The practice is open to the end of `last_day` (inclusive), then closed; its membership, its branches and its
    parent end then.

    All in one entry, late or not. A later reopening that is recorded stays. Raises Refused where the practice is not
    open on that day.
    """
    require(by, Permission.CHANGE_REGISTER)
    require_day(last_day, "last_day")
    why = require_reason(reason, "reason")
    with journal.entry(by=by, action="close_practice", kind=_kind(last_day), reason=why) as entry:
        close(entry, practice, last_day)
    return entry.entry


def close(entry: Writer, practice: Practice, last_day: date) -> None:
    """Close a practice within an open entry; nothing where that is its last day already.

    Its membership and its branches end by the `consequences` of their apps.
    """
    key, out = (practice.pk,), first_day_out(last_day)
    assert out is not None
    life = entry.timeline(PracticeStatus, key).stretch(last_day, lambda values: values[0] in LIVING)
    if life is None:
        raise wrong_state(
            f"{practice.code} is not open on {said(last_day)}, so that cannot be its last day. "
            + _what_it_is(entry.timeline(PracticeStatus, key).next_start(last_day))
        )
    if life.end != out:
        entry.set(PracticeStatus, key, out, life.end, (Status.CLOSED,))
        entry.clear(PracticeParent, key, out, life.end)


def _kind(last_day: date) -> EntryKind:
    out = first_day_out(last_day)
    assert out is not None
    return kind_on(out)


def _what_it_is(opens: date | None) -> str:
    return f"It opens on {said(opens)}." if opens else "Look at its record for the days on which it was open."
