"""Words of the transition: added and ended, never reworded (domain.md section 4)."""

from __future__ import annotations

from datetime import date

from django.db import connection
from django.utils.text import slugify

from registry import casework
from registry.actions.checks import require_day, said, trimmed
from registry.authorization import Permission
from registry.errors import Refused, wrong_state
from registry.models import User
from transitions.models import TransitionWord, TransitionWordKind

LENGTHS = {"label": 100, "meaning": 300}
UNKNOWN = "unknown"
"""No word has this key: lists, filters and maps mean by it that nothing is known, which is no stage."""


def add_word(
    *,
    by: User,
    kind: str,
    label: str,
    meaning: str = "",
    key: str = "",
    after: str = "",
    begun: bool = False,
    eligible: bool = True,
    start: date | None = None,
) -> TransitionWord:
    """A word that may be given of days from `start` on (None: of any day), after the word `after`, else at the end.

    `begun`: of a stage, that the hand-over has begun; `eligible`: of a line, that it counts in the eligible budget.
    Raises Refused: 403; 422 with the field.
    """
    with casework.step(by=by, action="add_transition_word", permission=Permission.EDIT_VOCABULARY):
        if kind not in TransitionWordKind.values:
            raise Refused("bad_kind", f"A word is one of {', '.join(TransitionWordKind.values)}.", field="kind")
        told = trimmed(LENGTHS, label=label, meaning=meaning)
        key = slugify(key or told["label"]).replace("-", "_")[:30].strip("_")
        if not told["label"] or not key:
            raise Refused("blank", "Say the word as people will read it, with letters in it.", field="label")
        if key == UNKNOWN:
            raise Refused(
                "exists", "What is not known is said by recording nothing: word this otherwise.", field="label"
            )
        if start is not None:
            require_day(start, "start")
        _one_at_a_time()
        words = TransitionWord.objects.of(kind)
        if words.filter(key=key).exists():
            raise Refused("exists", f"There is a word “{key}” already; word this one otherwise.", field="label")
        return TransitionWord.objects.create(
            kind=kind,
            key=key,
            position=_room(kind, after),
            begun=begun,
            eligible=eligible,
            period=(start, None),
            **told,
        )


def end_word(*, by: User, kind: str, key: str, on: date) -> TransitionWord:
    """The word is not given of days from `on` on; what was said with it keeps it. Raises Refused: 403; 409; 422."""
    with casework.step(by=by, action="end_transition_word", permission=Permission.EDIT_VOCABULARY):
        held = TransitionWord.objects.select_for_update().filter(kind=kind, key=key).first()
        if held is None:
            raise Refused("bad_choice", f"There is no word “{key[:30]}”.", field="key")
        require_day(on)
        if held.period.upper is not None:
            raise wrong_state(f"“{held.label}” has not been given since {said(held.period.upper)} already.")
        if held.period.lower is not None and on <= held.period.lower:
            raise Refused("too_early", f"It is given from {said(held.period.lower)}: end it later.", field="on")
        held.period = type(held.period)(held.period.lower, on)
        held.save()
    return held


def _room(kind: str, after: str) -> int:
    """The position after that word: those behind it move on by one."""
    words = list(TransitionWord.objects.of(kind).select_for_update())
    before = next((w for w in words if w.key == after), None)
    if before is None:
        if after:
            raise Refused("bad_choice", f"There is no word “{after[:30]}” of this kind.", field="after")
        return max((w.position for w in words), default=0) + 1
    for word in words:
        if word.position > before.position:
            word.position += 1
            word.save()
    return before.position + 1


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", ["transitions.words"])
