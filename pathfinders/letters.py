"""What the programme writes: one letter a step, its words a template with placeholders, its facts filled in.

The built-in words stand here; a newer version saved by staff (`LetterTemplate`) is used in their place. An action that
sends takes `letter=` where a person edited the words before sending, and composes them here where nobody did.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple
from unicodedata import category

from pathfinders.models import LetterTemplate
from registry.actions.checks import said
from registry.errors import Refused

if TYPE_CHECKING:
    from pathfinders.models import Bid, Decision, Finding, Reason

Letter = dict[str, str]
"""`{"subject", "body"}`, exactly as the reader will have it."""
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
ALWAYS = {
    "greeting": "Dear and the reader's name",
    "bid": "the name of the bid",
    "ref": "its reference",
}
"""Placeholders of every letter, with what stands in for each."""


class Step(NamedTuple):
    """One step's letter: what it is called, its built-in words, and its placeholders beside those of every letter."""

    label: str
    subject: str
    body: str
    placeholders: dict[str, str]


STEPS: dict[str, Step] = {
    "receipt": Step(
        "Receipt of a bid",
        "We have your bid",
        "Your bid “{bid}” was submitted on {day}. Its reference is {ref}.\n\n"
        "The PCTs and SHAs of its practices are asked for their comments. An assessor will look at it against the "
        "published criteria, and somebody else will decide. You will be told the outcome, with the reasons, when the "
        "wave that it is decided in is announced. Until then it is shown to you as under assessment, and you may "
        "withdraw it.",
        {"day": "the day of its submission"},
    ),
    "returned": Step(
        "Return for information",
        "We need to know more about your bid",
        "Your bid “{bid}” ({ref}) is returned to you on {day} for information.\n\n{reasons}\n\n{text}\n\n"
        "You can change its evidence, practices and other answers now, and send it back. Our clock stands still until "
        "you do.",
        {"day": "the day of the return", "reasons": "the reasons, a line each", "text": "what is asked"},
    ),
    "return_answered": Step(
        "Receipt of a bid sent back",
        "We have your bid back",
        "You sent your bid “{bid}” ({ref}) back on {day}. Its assessment goes on.",
        {"day": "the day it was sent back"},
    ),
    "withdrawn": Step(
        "Withdrawal of a bid",
        "Your bid is withdrawn",
        "Your bid “{bid}” ({ref}) has been withdrawn and goes no further. You may make a new bid.",
        {},
    ),
    "decision": Step(
        "Decision",
        "The outcome of your bid: {outcome}",
        "Your bid “{bid}” ({ref}) was decided on {day}: {outcome}.\n\n"
        "What was found on each criterion:\n{findings}\n\n{reasons}\n\n{conditions}\n\n{text}",
        {
            "day": "the day of the decision",
            "outcome": "the outcome",
            "findings": "the finding on each criterion with its note, a line each",
            "reasons": "the reasons, a line each",
            "conditions": "the conditions with their dates, a line each",
            "text": "what the approver writes beside",
        },
    ),
    "review_received": Step(
        "Receipt of a request for review",
        "We have your request for a review",
        "You asked on {day} that the decision on your bid “{bid}” ({ref}) be reviewed. Somebody who took no part in it "
        "will look at it and tell you what comes of it. A review is asked for once a decision.",
        {"day": "the day of the request"},
    ),
    "review_upheld": Step(
        "Review upheld",
        "Your request for a review is upheld",
        "The review of the decision on your bid “{bid}” ({ref}) was settled on {day}: it is upheld. The bid is assessed "
        "and decided again; you will be told the outcome when the wave that it is then decided in is announced.\n\n{text}",
        {"day": "the day it was settled", "text": "why"},
    ),
    "review_turned_down": Step(
        "Review turned down",
        "Your request for a review is turned down",
        "The review of the decision on your bid “{bid}” ({ref}) was settled on {day}: the decision stands.\n\n{text}",
        {"day": "the day it was settled", "text": "why"},
    ),
    "taken_up_again": Step(
        "A deferred bid taken up again",
        "Your deferred bid is taken up again",
        "Your bid “{bid}” ({ref}), which was deferred, is being assessed again for a later wave. You need do nothing.",
        {},
    ),
    "opened_again": Step(
        "A decided bid opened for a minister",
        "Your bid is being decided again",
        "The decision on your bid “{bid}” ({ref}) is being looked at again on behalf of {minister}. The earlier "
        "decision stays on record. You will be told the outcome when its wave is announced.",
        {"minister": "on whose behalf"},
    ),
    "withdrawal_received": Step(
        "Receipt of a wish to leave the programme",
        "We have your wish to leave the programme",
        "You asked on {day} that “{bid}” ({ref}) leave the programme. You will be told what comes of it.",
        {"day": "the day of the request"},
    ),
    "withdrawal_granted": Step(
        "Leaving the programme: granted",
        "Your pathfinder leaves the programme",
        "As you asked, “{bid}” ({ref}) leaves the programme on {day}. Its consortia and their members stay as they "
        "are.\n\n{text}",
        {"day": "the first day on which it is no pathfinder", "text": "what is written beside"},
    ),
    "withdrawal_refused": Step(
        "Leaving the programme: refused",
        "Your pathfinder stays in the programme",
        "You asked that “{bid}” ({ref}) leave the programme. It stays in it, for this reason:\n\n{text}",
        {"text": "why"},
    ),
    "condition_discharged": Step(
        "Condition discharged",
        "A condition of your approval is discharged",
        "A condition of the approval of “{bid}” ({ref}) was discharged on {day}:\n\n{condition}\n\n{text}",
        {"day": "the day", "condition": "the condition", "text": "what is written beside"},
    ),
    "opinion_asked": Step(
        "To a PCT or SHA: a bid in your area",
        "A bid in your area: please comment by {day}",
        "The bid “{bid}” ({ref}) names practices of {body}. Please give your comment by {day}, on the page of bids in "
        "your area. Without it by then the assessment goes on.",
        {"day": "the day by which to answer", "body": "the PCT or SHA"},
    ),
}
SIGNED = "The pathfinder programme"
MUST_HOLD = ("outcome", "findings", "reasons", "conditions", "condition", "text")
"""Placeholders that no version of a letter may leave out of its text, where its step fills them: what was decided,
and why."""

EXAMPLE = {
    "bid": "Meadow Practices",
    "ref": "BID-2011-0000",
    "greeting": "Dear Sam Example,",
    "day": "1 March 2011",
    "outcome": "deferred to a later wave",
    "findings": "- Backing of local GPs: met\n- Clinical leadership: partly met. Two practices have no lead yet.",
    "reasons": "The reasons:\n- Governance is not settled\n"
    "- The wave has no room for it (not one of the published criteria)",
    "conditions": "The conditions:\n- Name a lead for finance, by 1 June 2011",
    "condition": "Name a lead for finance, by 1 June 2011",
    "minister": "the Secretary of State",
    "body": "Meadowshire PCT",
    "text": "These are the words that the person who writes the letter adds.",
}
"""A bid that does not exist, to try the words of a template on."""


def compose(step: str, bid: Bid, *, to: Any = None, **values: str) -> Letter:
    """The letter of a step, to the bid's lead or to another reader. Values are words; an empty one leaves no gap."""
    reader = to or bid.lead
    greeting = f"Dear {reader.name}," if reader.name else "Hello,"
    return _letter(*current_words(step), values | {"bid": bid.name, "ref": bid.ref, "greeting": greeting})


def _letter(subject: str, body: str, values: dict[str, str]) -> Letter:
    opening = [] if "{greeting}" in body else ["{greeting}"]
    paragraphs = [_filled(p, values) for p in (*opening, *body.split("\n\n"), SIGNED)]
    text = "\n\n".join(p for p in paragraphs if p.strip())
    return {"subject": f"{_filled(subject, values)} ({values['ref']})"[:200], "body": text + "\n"}


def edited(letter: Letter | None, step: str, bid: Bid, *, must_hold: Sequence[str] = (), **values: str) -> Letter:
    """What is sent: the letter as a person edited it, or the composed one. Raises Refused on `letter` where the edited
    one is blank, too long, has control characters, or leaves out one of the sentences in `must_hold` (a reason, a
    condition), in capitals or not."""
    if letter is None:
        return compose(step, bid, **values)
    subject, body = letter.get("subject", "").strip(), plain_lines(letter.get("body", "")).strip()
    if not subject or not body:
        raise Refused("blank_letter", "The letter needs a subject and a text.", field="letter")
    if len(subject) > 200 or len(body) > 50_000 or "\n" in subject:
        raise Refused(
            "bad_letter", "A subject is one line of up to 200 characters; a text has up to 50,000.", field="letter"
        )
    only_printable(subject, body)
    flat = " ".join(body.split()).casefold()
    for sentence in must_hold:
        if " ".join(sentence.split()).casefold() not in flat:
            raise Refused(
                "letter_leaves_out",
                f"The letter leaves out “{sentence}”, which its reader must be told.",
                field="letter",
            )
    return {"subject": subject, "body": body + "\n"}


def plain_lines(text: str) -> str:
    """A text as a browser sends it, with the line ends that are kept."""
    return text.replace("\r\n", "\n")


def only_printable(subject: str, body: str, *, fields: tuple[str, str] = ("letter", "letter")) -> None:
    """Raise Refused for what a mail's header or a reader's screen would not show as it is: any control or hidden
    character in a subject, any control character but line end and tab in a text."""
    if not subject.replace("\xa0", " ").isprintable():
        raise Refused(
            "bad_subject", "The subject has a character in it that cannot be seen: type it anew.", field=fields[0]
        )
    if any(category(c) == "Cc" and c not in "\n\t" for c in body):
        raise Refused(
            "bad_text", "The text has a control character in it, which cannot be seen: type it anew.", field=fields[1]
        )


def listed(heading: str, lines: Sequence[str]) -> str:
    """Lines under a heading, as a placeholder's value; nothing where there are none."""
    return "\n".join([heading, *(f"- {line}" for line in lines)]) if lines else ""


def reason_lines(reasons: Sequence[Reason]) -> list[str]:
    return [f"{r.label}{' (not one of the published criteria)' if r.outside_criteria else ''}" for r in reasons]


def found_on(bid: Bid) -> list[Finding]:
    """What was found on each criterion of a bid, in their order."""
    return list(bid.findings.select_related("criterion").order_by("criterion__position"))


def finding_lines(findings: Sequence[Finding]) -> list[str]:
    """What was found on each criterion, without the note beside: "Backing of local GPs: met"."""
    return [f"{f.criterion.title}: {f.get_finding_display().lower()}" for f in findings]


def receipt(bid: Bid) -> Letter:
    """A submission's receipt: the reference and what happens next."""
    return compose("receipt", bid, day=said(bid.locked()[0]))


def withdrawn(bid: Bid) -> Letter:
    return compose("withdrawn", bid)


def decision_values(
    found: Sequence[Finding], decision: Decision, reasons: Sequence[Reason], conditions: Sequence[str] = ()
) -> dict[str, str]:
    """The placeholders of a decision's letter: outcome, findings with their notes, reasons and conditions in one mail."""
    notes = [f". {f.note}" if f.note else "" for f in found]
    findings = [f"- {line}{note}" for line, note in zip(finding_lines(found), notes, strict=True)]
    return {
        "day": said(decision.decided_on),
        "outcome": decision.get_outcome_display().lower(),
        "findings": "\n".join(findings),
        "reasons": listed("The reasons:", reason_lines(reasons)),
        "conditions": listed("The conditions:", conditions),
        "text": decision.text,
    }


def step_named(step: str) -> Step:
    """The step of this name. Raises Refused where no letter is called that."""
    if step not in STEPS:
        raise Refused("no_letter", f"There is no letter “{step[:40]}”.", field="step")
    return STEPS[step]


def known_placeholders(step: str) -> dict[str, str]:
    """Every placeholder that the letter may hold, with what stands in for it."""
    return step_named(step).placeholders | ALWAYS


def example(subject: str, body: str) -> Letter:
    """The letter that these words would make, of a bid that does not exist."""
    return _letter(subject, body, EXAMPLE)


def current_words(step: str) -> tuple[str, str]:
    """Subject and text that the step's letter is made of now: the newest saved, or the built-in ones."""
    saved = LetterTemplate.objects.filter(step=step).order_by("-version").first()
    return (saved.subject, saved.body) if saved else (STEPS[step].subject, STEPS[step].body)


def _filled(words: str, values: dict[str, str]) -> str:
    return PLACEHOLDER.sub(lambda found: values.get(found[1], ""), words).strip()
