"""What falls due in memberships (registry.collected): each function does its part and says what it did."""

from __future__ import annotations

from collections.abc import Callable

from consortia.actions.asking import expire_requests
from consortia.actions.listed_work import do_lists
from consortia.actions.regular_letters import write_attestation_reminders, write_monday_letters


def _expire() -> list[str]:
    expired = expire_requests()
    return [f"Questions to practices that expired: {expired}."] if expired else []


FUNCTIONS: tuple[Callable[[], list[str]], ...] = (
    _expire,
    do_lists,
    write_monday_letters,
    write_attestation_reminders,
)


def run_due() -> list[str]:
    """Safe beside another worker, and after a crash: each part takes its rows under a lock, or writes its notice.

    A part that fails in a way nobody foresaw does not keep another from its time: it is raised once all were tried.
    """
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
