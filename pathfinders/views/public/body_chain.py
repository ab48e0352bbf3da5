"""The chain of a body's predecessors and successors, as a page says it (domain.md rule 14)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pathfinders.reads.succession import Link
from practices import codes
from practices.models import SuccessionKind


def step(link: Link, code: str, gone: str) -> dict[str, Any]:
    """A line of the chain. `gone`: the code of the predecessor in this step, whose parts the shares are;
    where they are not recorded, the crosswalk computes those of a trust."""
    return {
        "code": link.code,
        "name": link.name or "Name not known",
        "on": link.on,
        "kind": SuccessionKind(link.kind).label.lower(),
        "parts": link.kind in (SuccessionKind.SPLIT, SuccessionKind.TRANSFER),
        "through": link.before if link.before != code else "",
        "gone": gone,
        "practices": percent(link.practice_share),
        "people": percent(link.people_share),
        "computed": not link.practice_share and (codes.PCT.fullmatch(gone) or codes.CARE_TRUST.fullmatch(gone)),
    }


def percent(share: Decimal | None) -> str:
    """Of a share: 66.7%; "" where it is not recorded, and "less than 0.1%" where rounding would hide it."""
    if share is None:
        return ""
    if 0 < share < Decimal("0.001"):
        return "less than 0.1%"
    if Decimal("0.999") < share < 1:
        return "more than 99.9%"
    return "all" if share == 1 else f"{100 * share:.1f}%"
