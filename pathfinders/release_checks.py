"""The seven checks of a release: what each found, whether it stops the release, and where to go (domain.md 5.1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pathfinders import draft_claims, letters_of_wave
from pathfinders.frozen import drift, fingerprint_confirmed
from pathfinders.models import Wave, WaveStep
from pathfinders.plan import LeftOut, PlannedBid, ReleasePlan
from registry import clock, outbox
from registry.actions.checks import said
from registry.errors import Refused
from registry.models import User

WHY = {"closed": "it is not open on the day of the announcement", "elsewhere": "it belongs to another consortium"}


@dataclass
class Check:
    """One check. `stops`: sentences that keep the wave from release; `notes`: what is as well to know; `href`, `where`:
    the page on which it is put right."""

    key: str
    title: str
    href: str
    where: str
    stops: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        return not self.stops


def release_checks(wave: Wave, plan: ReleasePlan, by: User) -> list[Check]:
    """All seven, in their order, for a frozen wave that this person would release now."""
    base = f"/staff/waves/{wave.number}/"
    signed = _Signed(wave)
    return [
        _same_list(signed, plan, base),
        _left_out("practices", "Practices are open", "closed", plan, base),
        _left_out("memberships", "No practice is in two consortia", "elsewhere", plan, base),
        _claims(wave, base),
        _letters(signed, base),
        _confirmed(signed, base, by),
        _now(wave, base),
    ]


class _Signed:
    """The wave's list as frozen, and the last steps of each kind since: what was signed, and as what it was."""

    def __init__(self, wave: Wave) -> None:
        frozen = wave.frozen_list()
        assert frozen is not None  # the state says so
        self.wave, self.frozen = wave, frozen
        self.steps: dict[str, WaveStep] = {}
        asked = WaveStep.objects.filter(wave=wave, action__in=("freeze", "read_letters", "confirm"))
        for step in asked.select_related("by").order_by("pk"):
            if step.action == "freeze":
                self.steps = {}
            self.steps[step.action] = step

    def of(self, action: str, fingerprint: str) -> WaveStep | None:
        """The last step of this kind since the list was frozen, where it was about what there is now."""
        found = self.steps.get(action)
        return found if found is not None and found.fingerprint == fingerprint else None


def _same_list(signed: _Signed, plan: ReleasePlan, base: str) -> Check:
    changed = drift(signed.frozen, plan)
    check = Check("list", "The list is the frozen one", f"{base}thaw/", "Unfreeze the list")
    check.stops += [*changed.bids, *(b["message"] for b in plan.blockers)]
    for row in changed.practices:
        then, now = _fate(row["from"]), _fate(row["to"])
        check.notes.append(f"{row['practice']} in {row['bid']} has changed since freezing: {then}, now {now}.")
    return check


def _fate(told: str) -> str:
    return "left out" if told in WHY else f"a member of {told}" if told else "not named"


def _left_out(key: str, title: str, why: str, plan: ReleasePlan, base: str) -> Check:
    """Practices left out for this reason never stop a wave: they are told (architecture.md section 5)."""
    check = Check(key, title, base, "The wave")
    check.notes += [_sentence(planned, out) for planned, out in plan.left_out if out.why == why]
    return check


def _sentence(planned: PlannedBid, out: LeftOut) -> str:
    return f"{out.code}, named by {planned.bid.name}, is left out: {WHY[out.why]}."


def _claims(wave: Wave, base: str) -> Check:
    title = "The announcement is written, its figures agree or are explained"
    check = Check("claims", title, f"{base}announcement/", "The announcement")
    if getattr(wave, "announcement", None) is None:
        check.stops.append("There is no announcement yet.")
    for sentence in draft_claims.unexplained(wave):
        check.stops.append(f"Neither right nor explained: {sentence}")
    return check


def _letters(signed: _Signed, base: str) -> Check:
    check = Check("letters", "The letters have been read", f"{base}letters/", "The letters")
    read = signed.of("read_letters", letters_of_wave.fingerprint(signed.wave.number))
    if read is None:
        check.stops.append("Nobody has read the letters as they are now.")
    return check


def _confirmed(signed: _Signed, base: str, by: User) -> Check:
    title = "A second person has confirmed list and announcement"
    check = Check("confirmed", title, f"{base}confirm/", "Confirm as second person")
    confirmed = signed.of("confirm", fingerprint_confirmed(signed.wave, signed.frozen))
    if confirmed is None:
        check.stops.append("Nobody has confirmed the list and the announcement as they are now.")
    elif confirmed.by_id == by.pk:
        check.stops.append("You confirmed this wave, so somebody else releases it.")
    return check


def _now(wave: Wave, base: str) -> Check:
    title = "It is the day, nobody holds it, and letters can leave"
    check = Check("worker", title, "/staff/outbox/", "The outbox")
    today = clock.today()
    if wave.announced_on > today:
        check.stops.append(f"Wave {wave.number} is announced on {said(wave.announced_on)}; today is {said(today)}.")
    if wave.held_by is not None:
        check.stops.append(f"{wave.held_by} holds this wave.")
    if not outbox.is_alive():
        check.stops.append("The process that sends letters has not been seen for five minutes.")
    return check


def refuse_stopped(checks: list[Check]) -> None:
    """Raise Refused 409 with all that stops the release in `detail`, unless every check passes."""
    stopped: list[dict[str, Any]] = [{"code": c.key, "check": c.title, "message": s} for c in checks for s in c.stops]
    if stopped:
        sentences = " ".join(s["message"] for s in stopped[:3])
        more = f" And {len(stopped) - 3} more." if len(stopped) > 3 else ""
        raise Refused(stopped[0]["code"], sentences + more, status=409, detail=stopped)
