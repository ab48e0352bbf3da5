"""What a bid says, for reading: the same to its lead and to the PCTs and SHAs of its practices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pathfinders.bid_members import Named, confirmations
from pathfinders.models import Bid


def contents(bid: Bid, named: Sequence[Named], user: Any, base: str) -> dict[str, Any]:
    """Consortia with their practices, an answer per criterion, leaders, files. `base`: the address of the bid's page."""
    groups = [
        {"name": c.name, "form": c.form, "practices": [n for n in named if n.consortium == c.pk]}
        for c in bid.consortia.visible_to(user)
    ]
    answers = dict(bid.answers.visible_to(user).values_list("criterion", "text"))
    told = [(criterion, answers.get(criterion.pk, "")) for criterion in bid.asked()]
    return {
        "groups": groups,
        "answers": told,
        "practice_count": len(named),
        "leaders": list(bid.leaders.visible_to(user)),
        "partners": bid.partners,
        "files": list(bid.attachments.visible_to(user).select_related("criterion")),
        "files_at": f"{base}files/",
        "confirmed": confirmations(named) if bid.submitted_on else None,
        "objecting": [n for n in named if n.answer_text],
    }
