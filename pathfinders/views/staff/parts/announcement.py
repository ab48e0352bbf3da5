"""The wave's page: how far its announcement is, and its claims against what the register would count."""

from __future__ import annotations

from typing import Any

from pathfinders.draft_claims import basis_of, compared
from pathfinders.models import Announcement, Wave, WaveState
from pathfinders.wave_states import why_not


def announcement(wave: Wave, user: Any, withheld: str) -> dict[str, Any]:
    """The context of `staff/parts/announcement.html`. `withheld`: why this person may not see it, or ""."""
    if withheld or wave.state == WaveState.FORECAST:
        return {}
    draft = Announcement.objects.visible_to(user).filter(wave=wave).first()
    rows = compared(draft, basis_of(wave, user)) if draft and wave.state != WaveState.RELEASED else []
    edited = why_not(wave, user, "announce") is None
    return {
        "announcement": draft,
        "announcement_shown": True,
        "announcement_edited": edited,
        "announcement_first": edited and draft is None and wave.state == WaveState.FROZEN,
        "claims_made": len(rows),
        "claims_explained": sum(not row.agrees and row.explained for row in rows),
        "claims_open": [row for row in rows if not row.agrees and not row.explained],
    }
