"""What falls due in memberships (registry.collected): each line does its part and says what it did."""

from __future__ import annotations

from consortia.actions.asking import expire_requests


def run_due() -> list[str]:
    """Safe beside another worker, and after a crash: each part takes its rows under a lock, or writes its notice."""
    expired = expire_requests()
    return [f"Questions to practices that expired: {expired}."] if expired else []
