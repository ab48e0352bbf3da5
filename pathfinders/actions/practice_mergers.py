"""Practices merge as a person has seen and confirmed it (domain.md rules 14 and 23)."""

from __future__ import annotations

from datetime import date

from pathfinders.actions.reshaping import carry_out
from pathfinders.succession.practices import draw_practice_merger
from practices.models import Practice, PracticeMergerKind
from registry.models import Entry, User


def merge_practices(
    *,
    by: User,
    practice: Practice,
    into: Practice,
    on: date,
    reason: str,
    kind: str = PracticeMergerKind.ABSORB,
    fingerprint: str = "",
) -> Entry:
    """From `on` the practice is part of another one, of a kind: `consortia.actions.merge_practices`, planned again
    under the lock. Raises Refused as that does, 409 where the register says so already, and 412 where what would happen
    is no longer what `fingerprint` says."""
    return carry_out(
        by=by,
        action="merge_practices",
        on=on,
        reason=reason,
        fingerprint=fingerprint,
        draw=lambda draft: draw_practice_merger(draft, practice=practice, into=into, kind=kind),
    )
