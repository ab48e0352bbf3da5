"""The letter that a step sends to the bid's lead."""

from __future__ import annotations

from collections.abc import Sequence

from pathfinders import letters
from pathfinders.models import Bid
from registry import outbox


def tell_lead(
    bid: Bid,
    step: str,
    *,
    letter: letters.Letter | None = None,
    held_for: str = "",
    must_hold: Sequence[str] = (),
    **values: str,
) -> None:
    """Post the step's letter, as a person edited it or as composed. Nobody is written to whose details were erased."""
    if bid.lead.email:
        words = letters.edited(letter, step, bid, must_hold=must_hold, **values)
        outbox.post(to=bid.lead, about=bid.ref, held_for=held_for, **words)
