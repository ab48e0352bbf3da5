"""The words of the transition, beside the facts that hold their keys."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import F, OuterRef, Subquery

from registry.actions.checks import said
from registry.errors import Refused
from registry.models import Entry
from registry.moment import Moment, once
from transitions.models import TransitionWord, TransitionWordKind

NEAR_TOTAL = "near_total_delegation"


def of_word(kind: str, column: str, outer: str) -> Any:
    """A column of the word whose key the outer row holds: its label, position, or whether it has begun. The vocabulary
    is public."""
    return Subquery(
        TransitionWord.objects.visible_to(None).of(kind).filter(key=OuterRef(outer)).order_by().values(column)[:1]
    )


def given(user: Any, moment: Moment, kind: str, used: Collection[str] = ()) -> list[TransitionWord]:
    """The words of a kind that may be given of the day, and those `used` all the same, in their order.

    As the vocabulary stood when the newest entry that the moment knows was written, so that what is answered at both
    dates never changes. Words are never reworded: only which there were, and for which days, is another then.
    """
    words = once(("vocabulary", kind, moment.entry), lambda: _as_it_stood(user, moment, kind))
    return [word for word in words if word.key in used or word.then is not None and _given_in(word.then, moment.as_of)]


def _as_it_stood(user: Any, moment: Moment, kind: str) -> list[Any]:
    """All words of the kind, each with `then`: its days as they were; None where it was no word yet."""
    words = TransitionWord.objects.visible_to(user).of(kind)
    if moment.entry is None:
        return list(words.annotate(then=F("period")))
    written = Entry.objects.filter(number=moment.entry.number).values("written_at")
    log = TransitionWord.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
        pgh_obj=OuterRef("pk"), pgh_created_at__lte=Subquery(written)
    )
    return list(words.annotate(then=Subquery(log.order_by("-pgh_id").values("period")[:1])))


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
    return _given_in(word.period, on)


def _given_in(period: Any, on: date) -> bool:
    first, end = period.lower, period.upper
    return (first is None or first <= on) and (end is None or on < end)
