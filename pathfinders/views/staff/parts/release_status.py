"""The wave's page: frozen, read, confirmed, timed or held; what its release waits for."""

from __future__ import annotations

from typing import Any

from pathfinders.models import Wave


def release_status(wave: Wave, user: Any, withheld: str) -> dict[str, Any]:
    """The context of `staff/parts/release_status.html`. `withheld`: why this person may not see it, or ""."""
    return {}
