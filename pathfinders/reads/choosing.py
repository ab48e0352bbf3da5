"""Which bodies can have a spell that a filter finds, by facts of any day and of any entry.

A history works out the spells of each body before its filters can be asked of them. A filter that names something to
which a body belongs leaves few: those that the register ever said belong to it. That is more than the filter finds, or
as much, and the filter is asked of their spells as of all others.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

from consortia.models import Membership
from pathfinders.reads.finding import PRACTICES, narrowed
from practices.models import Practice, PracticeParent, PracticeParticulars, bare_postcode
from registry.moment import Moment

Choice = Callable[[Any], QuerySet]
PLACES = "consortium__programme_places__pathfinder"


def _under(path: str) -> Choice:
    return lambda code: _keys(PracticeParent.objects.visible_to(None).filter(**{path: code.strip().upper()}))


def _member(path: str) -> Choice:
    return lambda ref: _keys(Membership.objects.visible_to(None).filter(**{path: ref.strip().upper()}))


def _in_wave(number: int) -> QuerySet:
    return _keys(Membership.objects.visible_to(None).filter(**{f"{PLACES}__particulars__wave": number}))


def _at_postcode(text: str) -> QuerySet:
    ever = PracticeParticulars.objects.visible_to(None).alias(_bare=bare_postcode())
    return _keys(ever.filter(_bare__startswith=text.replace(" ", "").upper()))


def _keys(facts: QuerySet) -> QuerySet:
    return facts.order_by().values("practice_id")


def practices_meant(moment: Moment, text: str) -> QuerySet:
    """Those that words mean: of all filters the one that goes by what was known (`pathfinders.reads.finding`)."""
    return narrowed(Practice.objects.visible_to(None).order_by(), PRACTICES, None, moment, text).values("pk")


LONE_PRACTICES: dict[str, Choice] = {
    "parent": _under("parent__code"),
    "pct": _under("parent__code"),
    "sha": _under("parent__particulars__above__code"),
    "postcode": _at_postcode,
}
ALL_PRACTICES: dict[str, Choice] = LONE_PRACTICES | {
    "consortium": _member("consortium__ref"),
    "pathfinder": _member(f"{PLACES}__ref"),
    "wave": _in_wave,
}
"""By the name of the filter."""
