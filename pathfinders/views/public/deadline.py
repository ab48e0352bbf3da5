"""The deadline by which every practice must be in a consortium, in words, with how it was planned before."""

from __future__ import annotations

from datetime import date
from typing import Any

from registry.pages.tables import Column, Table
from transitions.models import Milestone


def deadline_words(limit: Milestone | None, day: date) -> dict[str, Any]:
    """For the page: `day` (None: none is recorded), `words` as the source gives them, `when` ("in 12 days"), `passed`."""
    if limit is None:
        return {"day": None}
    return {
        "day": limit.day,
        "words": limit.words,
        "source": limit.source,
        "when": days_words((limit.day - day).days),
        "passed": limit.day <= day,
    }


def days_words(days: int) -> str:
    """How far off a day is: 12 days to go, today, 1 day ago."""
    if days == 0:
        return "today"
    number = f"{abs(days):,} day{'' if abs(days) == 1 else 's'}"
    return f"{number} to go" if days > 0 else f"{number} ago"


VERSIONS = (
    Column("known_from", "Made known", kind="date", empty="before all records"),
    Column("day", "The day", kind="date"),
    Column("words", "In the source’s words"),
    Column("why", "Why it moved"),
    Column("source", "Source"),
)


def version_table(told: list[Milestone]) -> Table | None:
    """The versions as made known, the last one first."""
    return Table(VERSIONS, told[::-1], "The deadline as made known") if told else None
