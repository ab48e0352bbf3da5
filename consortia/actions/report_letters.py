"""The letters about a reported error: a receipt, one to the lead whose list it is about, one at each outcome.

None repeats what the reporter wrote: that is erasable, and stands in one place.
"""

from __future__ import annotations

from django.conf import settings

from consortia.models import ErrorReport
from consortia.record_parts import STAFF, RecordPart
from consortia.states import ReportState
from registry import outbox
from registry.actions.checks import said
from registry.models import User

RECEIPT = """You reported on {day} that something is wrong in the record of {practice}: {part}.

The reference of your report is {ref}. It is with {owner}. You will be told what comes of it; until then you find it here:
{url}/practice/
"""
TO_OWNER = """The manager of {practice} reported on {day} that something is wrong in what the register says of its membership.

The reference is {ref}. Read it, correct what is wrong, and say what came of it:
{url}/lead/consortia/{owner}/errors/
"""
OUTCOMES = {
    ReportState.PASSED_ON: "It was passed on to the owner of the data. You will be told when there is an answer.",
    ReportState.CORRECTED: "It was corrected.",
    ReportState.UNCHANGED: "It was looked at, and the record stays as it is.",
}
OUTCOME = """You reported on {day} that something is wrong in the record of {practice}: {part}. The reference is {ref}.

{outcome}

{text}

What the register says: {url}/practices/{practice}/
"""


def receipt(report: ErrorReport) -> None:
    owner = "programme staff" if report.owner == STAFF else f"the lead of {report.owner}"
    _post(report, report.reported_by, f"Your report {report.ref}", RECEIPT, owner=owner)


def to_owner(report: ErrorReport, owner: User) -> None:
    subject = f"{report.ref}: an error is reported in your list of members"
    _post(report, owner, subject, TO_OWNER, owner=report.owner)


def outcome(report: ErrorReport) -> None:
    state = ReportState(report.state)
    subject = f"Your report {report.ref}: {state.label.lower()}"
    _post(report, report.reported_by, subject, OUTCOME, outcome=OUTCOMES[state], text=report.outcome)


def _post(report: ErrorReport, to: User, subject: str, words: str, **more: str) -> None:
    """Nobody is written to whose details were erased."""
    if to.erased_at is not None:
        return
    told = {
        "day": said(report.reported_on),
        "practice": report.practice.code,
        "part": RecordPart(report.about).label.lower(),
        "ref": report.ref,
        "url": settings.PUBLIC_URL,
    }
    outbox.post(to=to, subject=subject, body=words.format(**told, **more), about=report.ref)
