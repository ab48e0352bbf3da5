"""What both sides read of a dispute that was settled. Neither is told the other's address or words."""

from __future__ import annotations

from datetime import date

from consortia.letters import consortium_named, page, practice_named, to_keepers, to_practice
from consortia.models import Settlement, SettlementOutcome
from registry.actions.checks import said

SUBJECT = "Membership of {consortium}: the dispute is settled"
LETTER = """To {to},

{practice} disputed that it is a member of {consortium}. The programme has settled this on {settled_on}.

{outcome}

The reason that was recorded: {reason}

The register says so from now on: {url}
{next}"""
OUTCOMES = {
    SettlementOutcome.NEVER: "The practice never was a member. The register is corrected from {day} on.",
    SettlementOutcome.LEAVES: "The practice is no member any more from {day}.",
    SettlementOutcome.ACCEPTED: "The practice agrees after all: its membership is confirmed from {day}.",
    SettlementOutcome.ALLOCATED: "The practice is allocated to the consortium from {day}. The legal basis: {basis}",
}
REVIEW = (
    "If the practice thinks that this is wrong, it can ask for a review by answering this letter or, with an account, "
    "at {home}. A programme administrator who did not allocate it looks at it again."
)
NEW = "If this is not what you expected, answer this letter or write to the programme."


def tell_both_sides(settled: Settlement, day: date, basis: str) -> None:
    """Post the letters, in the transaction that settles it."""
    practice, consortium = settled.practice, settled.consortium
    told = {
        "practice": practice_named(practice),
        "consortium": consortium_named(consortium),
        "settled_on": said(settled.settled_on),
        "outcome": OUTCOMES[SettlementOutcome(settled.outcome)].format(day=said(day), basis=basis),
        "reason": settled.reason,
        "url": page(f"/practices/{practice.code}/"),
    }
    subject = SUBJECT.format(consortium=told["consortium"])
    allocated = settled.outcome == SettlementOutcome.ALLOCATED
    review = REVIEW.format(home=page("/practice/")) if allocated else NEW
    to_practice(practice, subject, LETTER.format(**told, to=told["practice"], next=review))
    to_keepers(
        consortium, practice, subject, LETTER.format(**told, to=f"those who keep {told['consortium']}", next=NEW)
    )
