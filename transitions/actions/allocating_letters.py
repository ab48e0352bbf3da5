"""The letters of the steps towards a practice in no consortium after the deadline."""

from __future__ import annotations

from datetime import date
from typing import Any

from consortia.letters import consortium_named, page, practice_named, to_keepers, to_pct, to_practice
from consortia.models import ComplianceStep, ComplianceStepKind, Consortium
from practices.models import Practice
from registry.actions.checks import said

STEP = """To {to},

{opening}

{text}

What the register says of the practice: {url}
Answer this letter or, with an account, say why at {home}."""
OPENINGS = {
    ComplianceStepKind.ASKED: "The register has {practice} in no consortium, and the deadline has passed. Please tell us "
    "why, and what would help.",
    ComplianceStepKind.PCT: "The register has {practice}, a practice of your PCT, in no consortium, and the deadline has "
    "passed. Please help it find one.",
    ComplianceStepKind.NOTICE: "Notice: {practice} is in no consortium, and the deadline has passed. Unless it joins one, "
    "it will be allocated to one.",
}
SUBJECTS = {
    ComplianceStepKind.ASKED: "{practice} is in no consortium: please tell us why",
    ComplianceStepKind.PCT: "{practice} is in no consortium: please help",
    ComplianceStepKind.NOTICE: "Notice of allocation of {practice}",
}
HOMES = {ComplianceStepKind.PCT: "/pct/left-out/"}
ALLOCATION = """To {to},

{practice} is allocated to {consortium} from {day}.

The legal basis: {basis}
The reason that was recorded: {reason}

{next}

The register says so: {url}"""
REVIEW = """If you think that this is wrong, you can ask for a review: answer this letter, or sign in at {home} and dispute
the membership. A programme administrator who did not decide this looks at it again. You can also ask to move to another
consortium that agrees."""
WELCOME = "The practice counts among your members from that day. It was told how it can have this reviewed."


def tell_of_step(step: ComplianceStep, pct: Any) -> None:
    kind = ComplianceStepKind(step.kind)
    named = practice_named(step.practice)
    to_body = kind == ComplianceStepKind.PCT
    body = STEP.format(
        to=f"the lead of {pct}" if to_body else named,
        opening=OPENINGS[kind].format(practice=named),
        text=step.text,
        url=page(f"/practices/{step.practice.code}/"),
        home=page(HOMES.get(kind, "/practice/")),
    )
    subject = SUBJECTS[kind].format(practice=named)
    if to_body:
        to_pct(pct or "", step.practice, subject, body)
    else:
        to_practice(step.practice, subject, body)


def tell_of_allocation(practice: Practice, consortium: Consortium, on: date, basis: str, reason: str) -> None:
    told = {
        "practice": practice_named(practice),
        "consortium": consortium_named(consortium),
        "day": said(on),
        "basis": basis,
        "reason": reason,
        "url": page(f"/practices/{practice.code}/"),
    }
    subject = f"{told['practice']} is allocated to {told['consortium']}"
    review = REVIEW.format(home=page("/practice/"))
    to_practice(practice, subject, ALLOCATION.format(**told, to=told["practice"], next=review))
    keepers = f"those who keep {told['consortium']}"
    to_keepers(consortium, practice, subject, ALLOCATION.format(**told, to=keepers, next=WELCOME))
