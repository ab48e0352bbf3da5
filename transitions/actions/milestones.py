"""Dates of the programme: a plan that moves is a new version, a mistake is corrected (domain.md section 3.1)."""

from __future__ import annotations

import re
from datetime import date

from registry import clock, journal
from registry.actions.checks import kind_on, require_day, require_reason, said, trimmed
from registry.authorization import Permission, require
from registry.errors import Refused, wrong_state
from registry.models import Entry, EntryKind, User
from registry.timeline import Spell
from transitions.models import Milestone

KEY = re.compile(r"[a-z0-9]+(?:[_-][a-z0-9]+)*")
LENGTHS = {"name": 200, "words": 100, "why": 500, "source": 500}


def set_milestone(
    *,
    by: User,
    key: str,
    name: str,
    day: date,
    words: str = "",
    why: str = "",
    source: str,
    known_from: date,
    settled: bool = False,
    correction: bool = False,
) -> Entry | None:
    """The milestone is (planned for) `day`, made known on `known_from`, until the next version was made known.

    `words`: as the source gives it ("autumn 2012"). `why`: why the plan moved, needed where there was one before.
    `correction`: the version that stands on `known_from` was recorded wrongly, and is this one for all of its days.
    Returns the entry; None where the register said so already. Raises Refused: 403; 409 where a version was made known
    on that very day, or a correction finds none; 422.
    """
    require(by, Permission.CHANGE_REGISTER)
    key = _key(key)
    told = _told(name=name, words=words, why=why, source=source)
    require_day(day, "day")
    if require_day(known_from, "known_from") > clock.today():
        raise Refused("not_yet", "Give the day on which it was made known: today or before.", field="known_from")
    kind = EntryKind.CORRECTION if correction else kind_on(known_from)
    reason = told["why"] or f"{told['name']}: {told['words'] or said(day)}"
    with journal.entry(by=by, action="set_milestone", kind=kind, reason=reason) as entry:
        versions = entry.timeline(Milestone, (key,))
        stands = next((s for s in versions if s.contains(known_from)), None)
        start, end = _days(key, stands, known_from, correction)
        if stands is None:
            end = versions.next_start(known_from)
        if (stands is not None or correction) and not told["why"]:
            raise Refused("no_reason", "Say why it moved, or what was wrong before.", field="why")
        values = (told["name"], day, told["words"], settled, told["why"], told["source"])
        if stands is not None and stands.values == values:
            raise Refused("no_change", "The register says just that already.", status=409)
        entry.set(Milestone, (key,), start, end, values)
    return entry.entry


def _days(key: str, stands: Spell | None, known_from: date, correction: bool) -> tuple[date | None, date | None]:
    """The days of the version to write: until the next was made known."""
    if correction:
        if stands is None:
            raise wrong_state(f"No version of “{key}” was known on {said(known_from)}, so there is none to correct.")
        return stands.start, stands.end
    if stands is not None and stands.start == known_from:
        raise wrong_state(f"A version of “{key}” was made known on {said(known_from)} already. Correct that one.")
    return known_from, stands.end if stands else None


def _key(key: str) -> str:
    key = key.strip().lower()
    if not KEY.fullmatch(key) or len(key) > 40:
        sentence = "Give the milestone a short key of small letters, digits and hyphens, such as “deadline”."
        raise Refused("bad_key", sentence, field="key")
    return key


def _told(**words: str) -> dict[str, str]:
    told = trimmed(LENGTHS, **words)
    if not told["name"]:
        raise Refused("no_name", "Say what the milestone is: “Every practice is in a consortium”.", field="name")
    require_reason(told["source"], "source")
    return told
