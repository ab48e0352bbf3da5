"""What a bid's own form tells staff beside its evidence: leaders, partners, files, and what its practices answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pathfinders.bid_members import Named, confirmations
from pathfinders.models import Bid
from registry.authorization import Permission, may


def form_part(bid: Bid, user: Any, named: Sequence[Named]) -> dict[str, Any]:
    """Context of `staff/parts/form.html`. `named`: the bid's practices (`bid_members.named_in`). Three queries."""
    return {
        "leaders": list(bid.leaders.visible_to(user)),
        "may_erase": may(user, Permission.MANAGE_USERS),
        "partners": bid.partners,
        "files": list(bid.attachments.visible_to(user).select_related("criterion")),
        "files_at": f"/staff/bids/{bid.ref}/files/",
        "confirmed": confirmations(named) if bid.submitted_on else None,
        "objecting": [n for n in named if n.answer_text],
    }
