"""Questions to practices that have lost their object are taken back."""

from __future__ import annotations

from collections.abc import Iterable

from consortia.models import ConfirmationRequest, Consortium, TransferRequest
from consortia.states import RequestState, moved
from registry import clock


def withdraw_questions(
    practices: Iterable[int], *, consortium: Consortium | None = None, transfer: TransferRequest | None = None
) -> int:
    """In the open transaction: the open questions to these practices about that consortium's claim, or about that
    transfer, are withdrawn, and their links with them. Returns how many."""
    found = ConfirmationRequest.objects.select_for_update().filter(
        practice__in=list(practices), state=RequestState.OPEN, transfer=transfer
    )
    if consortium is not None:
        found = found.filter(consortium=consortium)
    rows = list(found)
    for row in rows:
        row.state, row.ended_on = moved(row, RequestState, "withdraw"), clock.today()
        row.save(update_fields=["state", "ended_on"])
    return len(rows)


def no_longer_claimed(spells: Iterable[tuple], consortium: Consortium) -> bool:
    """Whether a practice of this timeline belongs to the consortium neither today nor on a day to come."""
    today = clock.today()
    return not any(values[0] == consortium.pk and (end is None or end > today) for _, end, values in spells)
