"""Who followed whom, as the register knows it at a moment: of any day, each with its date (domain.md rule 14).

A body that ends on a day has its successor from that day, so that on no day it could be asked for both: what is known
is told whatever the day, both ways.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from pathfinders.reads.joins import first_day
from practices.models import BodySuccession, ParentBody
from registry.models.fact import Fact
from registry.moment import Moment

SHARES = ("practice_share", "people_share")


@dataclass(frozen=True)
class Link:
    """One step of a chain: whom it leads to, from which day, how, and which parts went there (None: not recorded).

    `before`: the body that it leads from, on the side of the one asked for. `depth`: 1 for a direct one.
    """

    code: str
    name: str
    before: str
    kind: str
    on: date | None
    practice_share: Decimal | None
    people_share: Decimal | None
    depth: int


def both_ways(user: Any, moment: Moment, succession: type[Fact]) -> dict[str, ArraySubquery]:
    """Columns `predecessors` and `successors`: `[{ref, kind, on, share}]` by day and reference."""
    return {
        "predecessors": _others(user, moment, succession, "successor", "predecessor"),
        "successors": _others(user, moment, succession, "predecessor", "successor"),
    }


def both_ways_of_bodies(user: Any, moment: Moment) -> dict[str, ArraySubquery]:
    """The same of the bodies above practices: `[{code, kind, on, practice_share, people_share}]`."""
    shares = {name: name for name in SHARES}
    return {
        "predecessors": _others(user, moment, BodySuccession, "successor", "predecessor", "code", **shares),
        "successors": _others(user, moment, BodySuccession, "predecessor", "successor", "code", **shares),
    }


def _others(
    user: Any, moment: Moment, succession: type[Fact], of: str, other: str, name: str = "ref", **shares: str
) -> ArraySubquery:
    facts = succession._default_manager.visible_to(user).known(moment).filter(**{of: OuterRef("pk")})  # type: ignore[attr-defined]
    told = JSONObject(**{name: f"{other}__{name}"}, kind="kind", on=first_day(), **(shares or {"share": "share"}))
    return ArraySubquery(facts.order_by("effective", f"{other}__{name}").values(_=told))


def chain(user: Any, moment: Moment, body: ParentBody, names: dict[str, Any]) -> tuple[list[Link], list[Link]]:
    """All that came before a body, and all that follow it, however many steps: each with the day and the shares.

    Nearest first down each branch. `names`: columns `before` and `later`, the last names of both ends. One question,
    for the register holds a few hundred. A circle, which no action writes, is walked once.
    """
    facts = BodySuccession.objects.visible_to(user).known(moment).annotate(_on=first_day(), **names)
    steps = facts.order_by("effective", "successor__code", "predecessor__code").values_list(
        "predecessor__code", "successor__code", "before", "later", "kind", "_on", *SHARES
    )
    return walked(steps, body.code)


def walked(steps: Iterable[tuple[Any, ...]], code: str) -> tuple[list[Link], list[Link]]:
    """The same of steps in the order of their days: (from, to, before, later, kind, day, practice share, people share)."""
    back, forth = defaultdict(list), defaultdict(list)
    for gone, follows, before, later, *told in steps:
        back[follows].append((gone, before, *told))
        forth[gone].append((follows, later, *told))
    return list(_walk(back, code, {code}, 1)), list(_walk(forth, code, {code}, 1))


def _walk(steps: dict[str, list[Any]], code: str, seen: set[str], depth: int) -> Iterable[Link]:
    for other, name, kind, on, practices, people in steps.get(code, ()):
        if other not in seen:
            yield Link(other, name or "", code, kind, on, practices, people, depth)
            yield from _walk(steps, other, {*seen, other}, depth + 1)
