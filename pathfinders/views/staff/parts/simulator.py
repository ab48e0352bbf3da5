"""The wave's page: what chosen bids would make of it, scenarios of it, two of them side by side."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from pathfinders.models import Wave


def simulator(wave: Wave, user: Any, query: QueryDict, withheld: str) -> dict[str, Any]:
    """The context of `staff/parts/simulator.html`. `withheld`: why this person may not see it, or ""."""
    return {}
