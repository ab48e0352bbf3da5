"""What a bid says, for reading: the same to its lead and to the PCTs and SHAs of its practices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pathfinders.bid_members import Named
from pathfinders.models import Bid


def contents(bid: Bid, named: Sequence[Named], user: Any) -> dict[str, Any]:
    """Consortia with their practices, and an answer per criterion, national and of its SHAs."""
    groups = [
        {"name": c.name, "form": c.form, "practices": [n for n in named if n.consortium == c.pk]}
        for c in bid.consortia.visible_to(user)
    ]
    answers = dict(bid.answers.visible_to(user).values_list("criterion", "text"))
    told = [(criterion, answers.get(criterion.pk, "")) for criterion in bid.asked()]
    return {"groups": groups, "answers": told, "practice_count": len(named)}
