"""What falls due in the programme (registry.collected): waves whose time of release has come; later, snapshots."""

from __future__ import annotations

from pathfinders.actions.snapshots import mend_snapshots, take_snapshot
from pathfinders.actions.timed_release import due_waves, release_in_time
from pathfinders.snapshots.due import next_due


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


def run_later() -> list[str]:
    """What nobody waits for, once a round's letters are sent: one snapshot a round, so that a wave whose time comes
    meanwhile waits for one at most; and what of older ones is gone from the disk."""
    told = mend_snapshots()
    due = next_due()
    made = take_snapshot(**due) if due is not None else None
    return [*told, *([f"Snapshot {made} was made."] if made is not None else [])]
