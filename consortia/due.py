"""What falls due in memberships (registry.collected). Each function is safe beside another worker, and after a crash."""

from __future__ import annotations

from collections.abc import Callable

from consortia.actions.regular_letters import write_attestation_reminders, write_monday_letters

FUNCTIONS: tuple[Callable[[], list[str]], ...] = (
    write_monday_letters,
    write_attestation_reminders,
)
"""Each does what of its own is due and tells it, a sentence each."""


def run_due() -> list[str]:
    """All of them: one that fails does not keep the others waiting, and is raised once all were tried."""
    told: list[str] = []
    failed: list[Exception] = []
    for function in FUNCTIONS:
        try:
            told += function()
        except Exception as error:
            failed.append(error)
    if failed:
        raise failed[0]
    return told
