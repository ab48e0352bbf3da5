"""The words of the transition, beside the facts that hold their keys."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import OuterRef, Subquery

from registry.actions.checks import said
from registry.errors import Refused
from transitions.models import TransitionWord, TransitionWordKind

NEAR_TOTAL = "near_total_delegation"


def of_word(kind: str, column: str, outer: str) -> Any:
    """A column of the word whose key the outer row holds: its label, position, or whether it has begun."""
    return Subquery(TransitionWord.objects.of(kind).filter(key=OuterRef(outer)).order_by().values(column)[:1])


def choices(kind: str) -> list[tuple[str, str]]:
    """What a form offers: the words of a kind that may still be given."""
    return list(TransitionWord.objects.offered(kind).values_list("key", "label"))


def require_word(kind: TransitionWordKind, key: str, on: date, field: str) -> TransitionWord:
    """The word. Raises Refused (422) where there is none such, or none that may be given of that day."""
    found = {word.key: word for word in TransitionWord.objects.of(kind)}
    word = found.get(key)
    if word is None:
        raise Refused("bad_choice", f"“{key[:30]}” is none of {', '.join(found)}.", field=field)
    if not _given_on(word, on):
        raise Refused("word_ended", f"“{word.label}” is not given of {said(on)}. Choose another.", field=field)
    return word


def _given_on(word: TransitionWord, on: date) -> bool:
    first, end = word.period.lower, word.period.upper
    return (first is None or first <= on) and (end is None or on < end)
