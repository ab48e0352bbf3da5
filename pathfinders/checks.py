"""What staff alone are told of a bid's practices, beside the warnings that its lead reads too: never a refusal."""

from __future__ import annotations

from pathfinders.bid_members import Named
from practices.models import Status

OPEN = (Status.ACTIVE.label, Status.DORMANT.label)
LISTED = 10


def checks_of(named: list[Named]) -> list[str]:
    """Sentences; none where all is well. Other bids are casework: only programme staff have them in `named`."""
    found = [
        f"{n.code} {n.name} was not open on the bid’s date: {n.status.lower()}." for n in named if n.status not in OPEN
    ]
    claimed = [f"{n.code} ({', '.join(n.other_bids)})" for n in named if n.other_bids]
    if claimed:
        found.append(f"Named in other bids that wait for their outcome: {_listed(claimed)}.")
    return found


def _listed(words: list[str]) -> str:
    more = len(words) - LISTED
    return ", ".join(words[:LISTED]) + (f" and {more} more" if more > 0 else "")
