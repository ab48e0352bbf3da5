"""What the programme writes to bidders: `{"subject", "body"}` of each letter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from registry.actions.checks import said

if TYPE_CHECKING:
    from pathfinders.models import Bid, Decision, Reason

Letter = dict[str, str]


def receipt(bid: Bid) -> Letter:
    """A submission's receipt: the reference and what happens next."""
    return _letter(
        bid,
        "We have your bid",
        f"Your bid “{bid.name}” was submitted on {said(bid.locked()[0])}. Its reference is {bid.ref}.",
        "An assessor will look at it against the published criteria, and somebody else will decide. You will be told "
        "the outcome, with the reasons, when the wave that it is decided in is announced. Until then it is shown to "
        "you as under assessment, and you may withdraw it.",
    )


def withdrawn(bid: Bid) -> Letter:
    return _letter(
        bid,
        "Your bid is withdrawn",
        f"Your bid “{bid.name}” ({bid.ref}) has been withdrawn and goes no further. You may make a new bid.",
    )


def decision(bid: Bid, decision: Decision, reasons: Sequence[Reason]) -> Letter:
    """The outcome, the finding on each criterion with its note, and the reasons, all in the one letter."""
    findings = [
        f"- {f.criterion.title}: {f.get_finding_display().lower()}{f'. {f.note}' if f.note else ''}"
        for f in _findings(bid)
    ]
    why = [f"- {r.label}{' (not one of the published criteria)' if r.outside_criteria else ''}" for r in reasons]
    return _letter(
        bid,
        f"The outcome of your bid: {decision.get_outcome_display().lower()}",
        f"Your bid “{bid.name}” ({bid.ref}) was decided on {said(decision.decided_on)}: "
        f"{decision.get_outcome_display().lower()}.",
        "What was found on each criterion:\n" + "\n".join(findings),
        "The reasons:\n" + "\n".join(why) if why else "",
        decision.text,
    )


def _findings(bid: Bid) -> list:
    return list(bid.findings.select_related("criterion").order_by("criterion__position"))


def _letter(bid: Bid, subject: str, *paragraphs: str) -> Letter:
    greeting = f"Dear {bid.lead.name}," if bid.lead.name else "Hello,"
    body = "\n\n".join(p for p in (greeting, *paragraphs, "The pathfinder programme") if p)
    return {"subject": f"{subject} ({bid.ref})"[:200], "body": body + "\n"}
