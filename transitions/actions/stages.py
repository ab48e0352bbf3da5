"""The stage of a trust's hand-over, as evidence says it (domain.md section 4; features F4)."""

from __future__ import annotations

from datetime import date

from practices.models import ParentBody
from registry import journal
from registry.actions.checks import kind_on, require_reason, said
from registry.errors import Refused, wrong_state
from registry.journal import Writer
from registry.models import Entry, EntryKind, User
from registry.moment import Moment
from registry.timeline import Timeline
from transitions.actions.evidence import Source, recorded
from transitions.actions.trust import life_on, require_come, require_own, require_seen
from transitions.models import (
    Evidence,
    TransitionStage,
    TransitionWord,
    TransitionWordKind,
)
from transitions.stages import stage_on
from transitions.words import require_word

NOTE = 500


def set_stage(
    *,
    by: User,
    pct: ParentBody,
    stage: str,
    on: date,
    source: Source | Evidence,
    note: str = "",
    why: str = "",
    correction: bool = False,
    until: date | None = None,
    seen: int | None = None,
) -> Entry:
    """From `on` (up to, not including, `until`) the evidence says the trust is at `stage`, until it says otherwise.

    An earlier stage than before is an ordinary change that says `why`; so does what this evidence said otherwise of that
    day. `correction`: what the evidence was recorded to say of this trust was wrong, and is this one stage on these days
    and nothing on others. `seen`: `newest_entry` when the form was drawn. Raises Refused: 403; 409 where the register
    says just that, or there is nothing to correct; 412; 422 with the field.
    """
    require_own(by, pct)
    word = require_word(TransitionWordKind.STAGE, stage, require_come(on), "stage")
    told = note.strip()
    if len(told) > NOTE:
        raise Refused("too_long", f"Give at most {NOTE} characters.", field="note")
    kind = EntryKind.CORRECTION if correction else kind_on(on)
    reason = why.strip() or f"{pct.code}: {word.label}, from {said(on)}"
    with journal.entry(by=by, action="set_stage", kind=kind, reason=reason) as entry:
        require_seen(pct, seen)
        life = life_on(entry, pct, on)
        evidence = recorded(entry, source)
        key = (pct.pk, evidence.pk)
        before = entry.timeline(TransitionStage, key)
        if correction and not len(before):
            raise wrong_state(
                f"{evidence.ref} was never recorded to say anything of {pct.code}: nothing is to correct."
            )
        if not why.strip() and (correction or _needs_why(entry, pct, before, word, on)):
            sentence = "Say why: the trust goes back, or this evidence was recorded to say something else."
            raise Refused("no_reason", sentence, field="why")
        kept = Timeline() if correction else before
        end = _end(kept, on, until, life.end)
        after = kept.set(on, end, (stage, told))
        if after == before:
            raise Refused("no_change", "The register says just that already.", status=409)
        entry.put(TransitionStage, key, after)
    assert entry.entry is not None
    return entry.entry


def clear_stage(
    *,
    by: User,
    pct: ParentBody,
    evidence: Evidence,
    why: str,
    on: date | None = None,
    seen: int | None = None,
) -> Entry:
    """The evidence says nothing of this trust from `on`; without a day, it never did: what was recorded was an error.

    Raises Refused: 403; 409 where it says nothing then; 412; 422.
    """
    require_own(by, pct)
    reason = require_reason(why)
    kind = EntryKind.VOID if on is None else kind_on(require_come(on))
    with journal.entry(by=by, action="clear_stage", kind=kind, reason=reason) as entry:
        require_seen(pct, seen)
        key = (pct.pk, evidence.pk)
        before = entry.timeline(TransitionStage, key)
        after = Timeline() if on is None else before.cap(on)
        if after == before:
            raise wrong_state(f"{evidence.ref} says nothing of {pct.code}{f' from {said(on)}' if on else ''}.")
        entry.put(TransitionStage, key, after)
    assert entry.entry is not None
    return entry.entry


def _needs_why(entry: Writer, pct: ParentBody, before: Timeline, word: TransitionWord, on: date) -> bool:
    """Whether this evidence said otherwise of the day, or the trust was further on, as the best evidence said."""
    if before.at(on) is not None:
        return True
    shown = stage_on(Moment.of(on), pct)
    if shown is None:
        return False
    positions = dict(TransitionWord.objects.of(TransitionWordKind.STAGE).values_list("key", "position"))
    return word.position < positions[shown.stage]


def _end(timeline: Timeline, on: date, until: date | None, life_ends: date | None) -> date | None:
    """The first day on which it says so no more: asked, where it says otherwise next, or where the trust ends."""
    if until is not None and until <= on:
        raise Refused("bad_period", f"Give a last day from {said(on)} on.", field="until")
    other = timeline.next_start(on)
    if until is not None and other is not None and until > other:
        raise Refused(
            "bad_period",
            f"From {said(other)} this evidence says otherwise. Give an earlier last day, or correct all that it says.",
            field="until",
        )
    return min((d for d in (until, other, life_ends) if d is not None), default=None)
