"""An error in a practice's record: reported by its manager, looked at by who owns the data, answered in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from consortia.actions import report_letters as letters
from consortia.models import Consortium, ErrorReport, Membership, own_consortia
from consortia.permissions import keepers, require_manager
from consortia.record_parts import STAFF, RecordPart
from consortia.states import ReportState, moved
from practices.models import Practice
from registry import clock
from registry.authorization import Permission, may, require
from registry.casework import step
from registry.errors import Refused, not_allowed
from registry.models import User
from registry.moment import Moment

MOST = 4_000


def report_error(*, by: User, practice: Practice, about: str, text: str) -> ErrorReport:
    """The manager of a practice says what is wrong in its record. Its reference is mailed; who is to look at it is
    written to where that is a consortium's lead, and finds it in the queue where it is programme staff.

    Raises Refused: 403 for another practice; 422.
    """
    if about not in RecordPart.values:
        raise Refused("unknown_part", "Select which part of the record is wrong.", field="about")
    text = _written(text, "Say what is wrong, and what would be right.", "text")
    with step(by=by, action="report_error", permission=Permission.KEEP_PRACTICE, practice=practice.code):
        require_manager(by, practice)
        consortium = _belongs_to(practice) if about == RecordPart.MEMBERSHIP else None
        owners = keepers(consortium) if consortium else []
        report = ErrorReport.objects.create(
            ref=next_ref(clock.today().year),
            practice=practice,
            consortium=consortium,
            about=about,
            text=text,
            owner=consortium.ref if consortium and owners else STAFF,  # without a lead nobody there would look
            reported_by=by,
            reported_on=clock.today(),
        )
        letters.receipt(report)
        for owner in owners:
            letters.to_owner(report, owner)
    return report


def pass_on(*, by: User, report: ErrorReport, text: str) -> ErrorReport:
    """Programme staff have passed it on to the owner of the data in the NHS; `text` says to whom, and is mailed to who
    reported it. Raises Refused: 403; 409 where it is past that; 422."""
    text = _written(text, "Say to whom it was passed on, and when an answer can be hoped for.", "text")
    require(by, Permission.CHANGE_REGISTER)
    with _moving(by, report, "pass_on") as held:
        held.owner, held.outcome = STAFF, text
    return held


def settle_report(*, by: User, report: ErrorReport, outcome: str, text: str) -> ErrorReport:
    """Programme staff, or for its own list the consortium's lead or deputy, say what came of it: "corrected" or
    "unchanged", and why, in words that are mailed to who reported it.

    The correction itself is recorded where such a change is (a membership, an import): this says that it was. Raises
    Refused: 403; 409 where it is settled; 422.
    """
    if outcome not in (ReportState.CORRECTED, ReportState.UNCHANGED):
        raise Refused("unknown_outcome", "Select what came of it.", field="outcome")
    text = _written(text, "Say what was corrected, or why it stays as it is.", "text")
    with _moving(by, report, f"settle_{outcome}") as held:
        held.outcome, held.settled_by, held.settled_on = text, by, clock.today()
    return held


def blank_reports(user: User) -> None:
    """What an erased person wrote goes; that they reported, of what, and what came of it stays."""
    ErrorReport.objects.filter(reported_by=user).update(text="")


def may_settle(user: User, report: ErrorReport) -> bool:
    return may(user, Permission.CHANGE_REGISTER) or report.owner in own_consortia(user)


def next_ref(year: int) -> str:
    """The next reference of a year. Under a lock until the transaction ends, so that no two are alike."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('consortia.report.ref'), %s)", [year])
        cursor.execute(
            "SELECT coalesce(max(substr(ref, 9)::int), 0) + 1 FROM consortia_errorreport WHERE ref LIKE %s",
            [f"ER-{year}-%"],
        )
        return f"ER-{year}-{cursor.fetchone()[0]:04}"


@contextmanager
def _moving(by: User, report: ErrorReport, name: str) -> Iterator[ErrorReport]:
    """One step on a report: locked, looked at again, moved by the table, and told to who reported it."""
    with step(by=by, action=name, report=report.ref):
        held = ErrorReport.objects.select_for_update().get(pk=report.pk)
        if not may_settle(by, held):
            raise not_allowed(f"{held.ref} is not yours to answer: it is with {held.owner}.")
        held.state = moved(held, ReportState, name)
        yield held
        held.save()
        letters.outcome(held)


def _belongs_to(practice: Practice) -> Consortium | None:
    """The consortium that the register says it belongs to today."""
    member = Membership.objects.at(Moment.now()).filter(practice=practice).select_related("consortium").first()
    return member.consortium if member else None


def _written(text: str, needed: str, field: str) -> str:
    text = text.strip()
    if not text:
        raise Refused("no_text", needed, field=field)
    if len(text) > MOST:
        raise Refused("long_text", f"Write up to {MOST:,} characters.", field=field)
    return text
