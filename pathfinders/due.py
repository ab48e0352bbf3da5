"""What falls due in the programme (registry.collected): waves whose time of release has come."""

from __future__ import annotations

from pathfinders.actions.timed_release import due_waves, release_in_time


def run_due() -> list[str]:
    """Release, or hold, each wave that is due; a sentence for each. Safe beside another worker, and after a crash.

    A wave that fails in a way nobody foresaw does not keep another from its time: it is raised once all were tried.
    """
    told: list[str] = []
    failed: list[Exception] = []
    for number in list(due_waves().values_list("pk", flat=True)):
        try:
            said = release_in_time(number=number)
        except Exception as error:
            failed.append(error)
        else:
            told += [said] if said is not None else []
    if failed:
        raise failed[0]
    return told
