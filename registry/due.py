"""What falls due in the registry itself (registry.collected): answers kept for the API's clients are swept."""

from __future__ import annotations

from registry.api.idempotency import sweep


def run_due() -> list[str]:
    swept = sweep()
    return [f"Answers of the API that need be kept no more: {swept}."] if swept else []
