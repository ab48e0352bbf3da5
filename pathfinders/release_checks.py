"""The seven checks of a release: what each found, whether it stops the release, and where to go (domain.md 5.1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pathfinders import draft_claims, letters_of_wave
from pathfinders.frozen import confirmed_fingerprint, drift
from pathfinders.models import Wave, WaveStep
from pathfinders.plan import ReleasePlan
from registry import clock, outbox
from registry.actions.checks import said
from registry.errors import Refused
from registry.models import User


@dataclass
class Check:
    """One check. `stops`: sentences that keep the wave from release; `notes`: what is as well to know; `href`: where it
    is put right."""

    key: str
    title: str
    href: str
    stops: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        return not self.stops


def release_checks(wave: Wave, plan: ReleasePlan, by: User) -> list[Check]:
    """All seven, in their order, for a frozen wave that this person would release now."""
    base = f"/staff/waves/{wave.number}/"
    frozen = wave.frozen_list()
    assert frozen is not None  # the state says so
    changed = drift(frozen, plan)
    same = Check("list", "The list is the frozen one", base, [*changed.bids, *(b["message"] for b in plan.blockers)])
    practices = Check("practices", "Practices are open", base)
    twice = Check("memberships", "No practice in two consortia", base)
    for planned, out in plan.left_out:
        told = practices if out.why == "closed" else twice
        told.notes.append(f"{out.code}, named by {planned.bid.name}, is left out: {WHY[out.why]}.")
    return [
        same,
        practices,
        twice,
        _claims(wave, base),
        _letters(wave, base),
        _confirmed(wave, base, by),
        _now(wave, base),
    ]


WHY = {"closed": "it is not open on the day of the announcement", "elsewhere": "it belongs to another consortium"}


def _claims(wave: Wave, base: str) -> Check:
    check = Check("claims", "The announcement is written, its figures agree or are explained", f"{base}announcement/")
    if getattr(wave, "announcement", None) is None:
        check.stops.append("There is no announcement yet.")
    for sentence in draft_claims.unexplained(wave):
        check.stops.append(f"Neither right nor explained: {sentence}")
    return check


def _letters(wave: Wave, base: str) -> Check:
    check = Check("letters", "The letters have been read", f"{base}letters/")
    if not _signed(wave, "read_letters", letters_of_wave.fingerprint(wave.number)):
        check.stops.append("Nobody has read the letters as they are now.")
    return check


def _confirmed(wave: Wave, base: str, by: User) -> Check:
    check = Check("confirmed", "A second person has confirmed list and announcement", f"{base}confirm/")
    signed = _signed(wave, "confirm", confirmed_fingerprint(wave))
    if signed is None:
        check.stops.append("Nobody has confirmed the list and the announcement as they are now.")
    elif signed.by_id == by.pk:
        check.stops.append("You confirmed this wave, so somebody else releases it.")
    return check


def _now(wave: Wave, base: str) -> Check:
    check = Check("worker", "It is the day, nobody holds it, and letters can leave", "/staff/outbox/")
    today = clock.today()
    if wave.announced_on > today:
        check.stops.append(f"Wave {wave.number} is announced on {said(wave.announced_on)}; today is {said(today)}.")
    if wave.held_by_id:
        check.stops.append(f"{wave.held_by} holds this wave.")
    if not outbox.is_alive():
        check.stops.append("The process that sends letters has not been seen for five minutes.")
    return check


def _signed(wave: Wave, action: str, fingerprint: str) -> WaveStep | None:
    """The last step of this kind since the list was frozen, where it was about what there is now."""
    frozen = WaveStep.objects.filter(wave=wave, action="freeze").order_by("-pk").first()
    found = WaveStep.objects.filter(wave=wave, action=action).order_by("-pk").first()
    if found is None or frozen is None or found.pk < frozen.pk or found.fingerprint != fingerprint:
        return None
    return found


def refuse_stopped(checks: list[Check]) -> None:
    """Raise Refused 409 with all that stops the release in `detail`, unless every check passes."""
    stopped: list[dict[str, Any]] = [{"code": c.key, "message": s} for c in checks for s in c.stops]
    if stopped:
        sentences = " ".join(s["message"] for s in stopped[:3])
        more = f" And {len(stopped) - 3} more." if len(stopped) > 3 else ""
        raise Refused(stopped[0]["code"], sentences + more, status=409, detail=stopped)
