"""What may be odd about a bid: warnings, never refusals (domain.md 3.2 and rules 3 and 8).

Worked out from the bid and from public facts alone, so that its lead may read them: never from other bids.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pathfinders.bid_members import Named
from pathfinders.models import Bid
from pathfinders.regions import Body, bodies_of
from practices.models import BodyParticulars, Status
from registry.actions.checks import said

LISTED = 10
"""Practices that a sentence names before it says how many more."""


class Size(NamedTuple):
    """People of a pathfinder to compare with, and whose they were."""

    people: int
    whose: str


SMALLEST = Size(18_900, "Red House Group, Radlett, in the first wave")
LARGEST = Size(500_000, "Wyvernhealth, Somerset, in the first wave")
"""Reference values, not limits: no size was ever laid down, and groups of one practice were approved."""


class Warned(NamedTuple):
    """One warning. `code`: size_small, size_large, single_practice, several_pcts, several_shas, claimed_elsewhere,
    without_list, dormant, no_leader. `practices`: the codes of those it is about."""

    code: str
    sentence: str
    practices: tuple[str, ...] = ()


def warnings_of(bid: Bid, named: Sequence[Named]) -> list[Warned]:
    """The warnings about a bid with these practices (`bid_members.named_in`). Three queries."""
    found = [] if bid.leaders.exists() else [Warned("no_leader", "No leader is named.")]
    if not named:
        return found
    bodies = bodies_of([bid.pk]).get(bid.pk, [])
    return [*_size(named), *_straddling(bid, bodies), *_practices(bid, named), *found]


def _size(named: Sequence[Named]) -> list[Warned]:
    people = sum(n.patients.count for n in named if n.patients)
    found = []
    if len(named) == 1:
        found.append(Warned("single_practice", "It names a single practice.", (named[0].code,)))
    if 0 < people < SMALLEST.people:
        than = f"fewer than {SMALLEST.people:,} ({SMALLEST.whose})"
        found.append(Warned("size_small", f"It is small: {people:,} people, {than}."))
    if people > LARGEST.people:
        than = f"more than {LARGEST.people:,} ({LARGEST.whose})"
        found.append(Warned("size_large", f"It is large: {people:,} people, {than}."))
    return found


def _straddling(bid: Bid, bodies: Sequence[Body]) -> list[Warned]:
    pcts = {b.pct_code: b.practices for b in bodies}
    shas: dict[str, int] = {}
    for body in bodies:
        if body.sha_code:
            shas[body.sha_code] = shas.get(body.sha_code, 0) + body.practices
    found = []
    told = BodyParticulars.objects.current().filter(effective__contains=bid.as_at, body__code__in={*pcts, *shas})
    names = dict(told.values_list("body__code", "name")) if len(pcts) > 1 else {}
    if len(pcts) > 1:
        found.append(Warned("several_pcts", f"Its practices are of {len(pcts)} PCTs: {_bodies(pcts, names)}."))
    if len(shas) > 1:
        found.append(Warned("several_shas", f"Its practices are of {len(shas)} SHAs: {_bodies(shas, names)}."))
    return found


def _bodies(counts: dict[str, int], names: dict[str, str]) -> str:
    most = sorted(counts, key=lambda code: (-counts[code], code))
    return ", ".join(f"{names.get(code, code)} ({code}, {counts[code]})" for code in most)


def _practices(bid: Bid, named: Sequence[Named]) -> list[Warned]:
    day = said(bid.as_at)
    elsewhere = [n for n in named if n.belongs_to]
    listless = [n for n in named if n.patients is None]
    dormant = [n for n in named if n.status == Status.DORMANT.label]
    found = []
    if elsewhere:
        to = [f"{n.code} ({n.belongs_to[1] or n.belongs_to[0]})" for n in elsewhere if n.belongs_to]
        sentence = (
            f"{_count(elsewhere)} belonged to another consortium on {day}: {_few(to)}. A practice that still does at "
            "release is not moved."
        )
        found.append(_about("claimed_elsewhere", sentence, elsewhere))
    if listless:
        sentence = f"{_count(listless)} without a list size, so without people: {_few([n.code for n in listless])}."
        found.append(_about("without_list", sentence, listless))
    if dormant:
        sentence = f"{_count(dormant)} dormant on {day}: {_few([n.code for n in dormant])}."
        found.append(_about("dormant", sentence, dormant))
    return found


def _about(code: str, sentence: str, practices: Sequence[Named]) -> Warned:
    return Warned(code, sentence, tuple(n.code for n in practices))


def _count(practices: Sequence[Named]) -> str:
    return f"{len(practices)} practice{'' if len(practices) == 1 else 's'}"


def _few(words: Sequence[str]) -> str:
    more = len(words) - LISTED
    return ", ".join(words[:LISTED]) + (f" and {more} more" if more > 0 else "")
