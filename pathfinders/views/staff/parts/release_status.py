"""The wave's page: frozen, read, confirmed, timed or held; what its release waits for."""

from __future__ import annotations

from typing import Any

from pathfinders.models import Wave, WaveState, WaveStep
from pathfinders.wave_states import why_not

SIGNATURES = {
    "freeze": ("List frozen", "freeze/"),
    "read_letters": ("Letters read", "letters/"),
    "confirm": ("Confirmed by a second person", "confirm/"),
}


def release_status(wave: Wave, user: Any, withheld: str) -> dict[str, Any]:
    """The context of `staff/parts/release_status.html`. `withheld`: why this person may not see it, or ""."""
    if wave.state == WaveState.RELEASED:
        return {}
    shown: dict[str, Any] = hold_shown(wave, user)
    if wave.state == WaveState.FROZEN and not withheld:
        shown |= {"signatures": _signatures(wave), "release_at": wave.release_at, "early_hours": wave.early_hours}
    return shown


def hold_shown(wave: Wave, user: Any) -> dict[str, Any]:
    """The context of `staff/parts/hold.html`, beside `wave`: until its release a wave is held, or let go again, by one button."""
    return {
        "holdable": why_not(wave, user, "hold") is None and wave.held_by_id is None,
        "liftable": why_not(wave, user, "lift_hold") is None and wave.held_by_id is not None,
        "held_by": wave.held_by,
    }


def _signatures(wave: Wave) -> list[dict[str, Any]]:
    """The last step of each kind since the list was frozen. Whether it still is of what there is now, the checks say."""
    last: dict[str, WaveStep] = {}
    for step in WaveStep.objects.filter(wave=wave, action__in=SIGNATURES).select_related("by").order_by("pk"):
        if step.action == "freeze":
            last = {}
        last[step.action] = step
    return [{"label": label, "href": href, "step": last.get(a)} for a, (label, href) in SIGNATURES.items()]
