"""Who opened pages that tell of outcomes before their release (architecture.md section 5, Embargo)."""

from __future__ import annotations

from collections.abc import Iterable

from pathfinders.models import EmbargoView
from registry import clock
from registry.models import User

Told = tuple[int | None, str]
"""What a page told of: the number of a wave, the reference of a bid or ""."""


def record_embargo_views(*, by: User, path: str, told: Iterable[Told]) -> None:
    """One row for each wave and bid that the page told of, unless this person opened it on this day before.

    It needs no right of its own, since whoever sees such a page is recorded; one statement, without a lock.
    """
    pairs = sorted(set(told), key=str)
    if not pairs:
        return
    at, real_at = clock.now(), clock.real_now()
    day = clock.london_date(at)
    EmbargoView.objects.bulk_create(
        [
            EmbargoView(who=by, path=path[:300], wave=wave, bid=bid, day=day, at=at, real_at=real_at)
            for wave, bid in pairs
        ],
        ignore_conflicts=True,
    )
