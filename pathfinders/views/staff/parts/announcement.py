"""The wave's page: how far its announcement is, and its claims against what the register would count."""

from __future__ import annotations

from typing import Any

from pathfinders.models import Wave


def announcement(wave: Wave, user: Any, withheld: str) -> dict[str, Any]:
    """The context of `staff/parts/announcement.html`. `withheld`: why this person may not see it, or ""."""
    return {}
