"""The days on which a trust plans to reach a stage: a plan that moves is a new version (features F8)."""

from __future__ import annotations

from datetime import date

from practices.models import ParentBody
from registry import journal
from registry.actions.checks import kind_on, require_day, require_reason, said, trimmed
from registry.errors import Refused, wrong_state
from registry.models import Entry, EntryKind, User
from registry.timeline import Period, Timeline
from transitions.actions.evidence import Source, recorded
from transitions.actions.trust import life_on, require_come, require_own, require_seen
from transitions.models import Evidence, PlannedStage, TransitionWordKind
from transitions.words import require_word

LENGTHS = {"words": 100, "why": 500}


def plan_stage(
    *,
    by: User,
    pct: ParentBody,
    stage: str,
    day: date,
    words: str = "",
    known_from: date,
    source: Source | Evidence,
    why: str = "",
    correction: bool = False,
    seen: int | None = None,
) -> Entry:
    """The trust plans to be at `stage` from `day`, as was made known on `known_from`, until the next version.

    `words`: as the source dates it ("during 2011", whose last day is then `day`). `why`: why the plan moved, needed where
    one stood before. `correction`: the version that stands on `known_from` was recorded wrongly, and is this one for all
    of its days. Raises Refused: 403; 409 where a version was made known on that very day, the register says just that,
    or a correction finds none; 412; 422 with the field.
    """
    require_own(by, pct)
    told = trimmed(LENGTHS, words=words, why=why)
    word = require_word(TransitionWordKind.STAGE, stage, require_day(day, "day"), "stage")
    require_come(known_from, "known_from")
    kind = EntryKind.CORRECTION if correction else kind_on(known_from)
    reason = told["why"] or f"{pct.code}: {word.label} planned for {told['words'] or said(day)}"
    with journal.entry(by=by, action="plan_stage", kind=kind, reason=reason) as entry:
        require_seen(pct, seen)
        life = life_on(entry, pct, known_from, "known_from")
        key = (pct.pk, stage)
        before = entry.timeline(PlannedStage, key)
        days = _days(before, word.label, known_from, correction, life)
        if (correction or before.at(known_from) is not None) and not told["why"]:
            raise Refused("no_reason", "Say why it moved, or what was wrong before.", field="why")
        evidence = recorded(entry, source)
        after = before.set(*days, (day, told["words"], told["why"], evidence.pk))
        if after == before:
            raise Refused("no_change", "The register says just that already.", status=409)
        entry.put(PlannedStage, key, after)
    assert entry.entry is not None
    return entry.entry


def drop_plan(
    *, by: User, pct: ParentBody, stage: str, on: date, why: str, correction: bool = False, seen: int | None = None
) -> Entry:
    """From `on` the trust plans this stage no more. `correction`: no version of it was ever made known.

    Raises Refused: 403; 409 where none stands that day; 412; 422.
    """
    require_own(by, pct)
    require_come(on)
    kind = EntryKind.VOID if correction else kind_on(on)
    with journal.entry(by=by, action="drop_plan", kind=kind, reason=require_reason(why)) as entry:
        require_seen(pct, seen)
        before = entry.timeline(PlannedStage, (pct.pk, stage))
        if before.at(on) is None and not (correction and len(before)):
            raise wrong_state(f"{pct.code} had no plan for “{stage[:30]}” on {said(on)}.")
        entry.put(PlannedStage, (pct.pk, stage), Timeline() if correction else before.cap(on))
    assert entry.entry is not None
    return entry.entry


def _days(before: Timeline, label: str, known_from: date, correction: bool, life: Period) -> Period:
    """The days of the version to write: until the next was made known, or the trust ends."""
    stands = next((s for s in before if s.contains(known_from)), None)
    if correction:
        if stands is None:
            raise wrong_state(f"No plan for “{label}” was known on {said(known_from)}, so there is none to correct.")
        return Period(stands.start, stands.end)
    if stands is not None and stands.start == known_from:
        raise wrong_state(
            f"A plan for “{label}” was made known on {said(known_from)} already: tick “This corrects the plan that stands” to "
            "correct that one, or give another day on which this one was made known."
        )
    ends = (stands.end if stands else before.next_start(known_from), life.end)
    return Period(known_from, min((d for d in ends if d is not None), default=None))
