"""What every action that records something of the world looks at first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from registry import clock
from registry.errors import Refused
from registry.models import EntryKind

EARLIEST = date(1948, 7, 5)  # the first day of the NHS
YEARS_AHEAD = 10


def require_reason(why: str, field: str = "why") -> str:
    """Every entry says why. Returns the reason without blanks around it; Refused where there is none."""
    if not why.strip():
        raise Refused("no_reason", "Say why this is recorded: the journal keeps the reason.", field=field)
    return why.strip()


def trimmed(lengths: Mapping[str, int], **texts: str) -> dict[str, str]:
    """The texts without blanks around them. Raises Refused (422) for one of more characters than its length."""
    told = {field: text.strip() for field, text in texts.items()}
    for field, text in told.items():
        if len(text) > lengths[field]:
            raise Refused("too_long", f"Give at most {lengths[field]:,} characters.", field=field)
    return told


def require_day(day: date, field: str = "on") -> date:
    """Refuse a day that a slip of the hand made: before the NHS was, or many years ahead."""
    latest = clock.today().replace(month=1, day=1)
    latest = latest.replace(year=latest.year + YEARS_AHEAD)
    if not EARLIEST <= day < latest:
        raise Refused(
            "bad_day",
            f"{said(day)} cannot be meant: give a day from {said(EARLIEST)} to the end of {latest.year - 1}.",
            field=field,
        )
    return day


def kind_on(day: date) -> EntryKind:
    """An event of today or to come, or one that the register is told of late."""
    return EntryKind.LATE if day < clock.today() else EntryKind.EVENT


def said(day: date) -> str:
    """A day as a sentence says it: 1 May 2011."""
    return f"{day.day} {day:%B %Y}"
