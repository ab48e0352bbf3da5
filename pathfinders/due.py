"""What falls due in the programme (registry.collected): waves whose time of release has come."""

from __future__ import annotations

from pathfinders.actions.timed_release import due_waves, release_in_time


def run_due() -> list[str]:
    """Release, or hold, each wave that is due; a sentence for each. Safe beside another worker, and after a crash."""
    numbers = list(due_waves().values_list("pk", flat=True))
    return [said for number in numbers if (said := release_in_time(number=number)) is not None]
