"""Who followed whom, as the register knows it at a moment: of any day, each with its date (domain.md rule 14).

A body that ends on a day has its successor from that day, so that on no day it could be asked for both: what is known
is told whatever the day, both ways.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from pathfinders.reads.joins import first_day
from registry.models.fact import Fact
from registry.moment import Moment


def both_ways(user: Any, moment: Moment, succession: type[Fact]) -> dict[str, ArraySubquery]:
    """Columns `predecessors` and `successors`: `[{ref, kind, on, share}]` by day and reference."""
    return {
        "predecessors": _others(user, moment, succession, "successor", "predecessor"),
        "successors": _others(user, moment, succession, "predecessor", "successor"),
    }


def _others(user: Any, moment: Moment, succession: type[Fact], of: str, other: str) -> ArraySubquery:
    facts = succession._default_manager.visible_to(user).known(moment).filter(**{of: OuterRef("pk")})  # type: ignore[attr-defined]
    told = JSONObject(ref=f"{other}__ref", kind="kind", on=first_day(), share="share")
    return ArraySubquery(facts.order_by("effective", f"{other}__ref").values(_=told))
