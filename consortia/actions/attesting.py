"""Each quarter a consortium's lead says "this list is right" of its members."""

from __future__ import annotations

from consortia.attested import attested_list, differences, rows_of, sha256_of
from consortia.models import Attestation, AttestedList, Consortium, ConsortiumParticulars, own_consortia
from consortia.quarters import quarter_of, said_quarter
from registry import clock, journal
from registry.actions.checks import require_reason, said
from registry.authorization import Permission, require
from registry.errors import Refused, not_allowed, wrong_state
from registry.journal import Writer
from registry.models import Entry, EntryKind, User
from registry.moment import Moment

THIS_IS_RIGHT = "This list is right."


def attest(*, by: User, consortium: Consortium, sha256_seen: str, entry_seen: int = 0) -> Entry:
    """The list, as its keeper has just seen it, is right: a fact of the quarter that today lies in, and its bytes.

    `sha256_seen`: of the list that was shown; `entry_seen`: the newest entry of the journal it was read at, by which
    a refusal can say what changed. Raises Refused: 403 but for the lead and deputies; 409 where the quarter is
    attested, or the consortium is not there today; 412 where the list is another by now, with `detail` a row for each
    practice.
    """
    require(by, Permission.KEEP_MEMBERSHIP)
    if consortium.ref not in own_consortia(by):
        raise not_allowed(f"Only the lead and deputies of {consortium.ref} say that its list is right.")
    today = clock.today()
    quarter = quarter_of(today)
    with journal.entry(by=by, action="attest", kind=EntryKind.EVENT, reason=THIS_IS_RIGHT) as entry:
        if entry.timeline(ConsortiumParticulars, (consortium.pk,)).at(today) is None:
            raise wrong_state(f"{consortium.ref} is not there on {said(today)}; its list is not attested.")
        _require_open(entry, consortium, quarter)
        content = attested_list(Moment.of(today), consortium)
        sha256 = sha256_of(content)
        if sha256 != sha256_seen:
            raise _changed(consortium, content, entry_seen)
        AttestedList.objects.bulk_create([AttestedList(sha256=sha256, content=content)], ignore_conflicts=True)
        entry.set(Attestation, (consortium.pk, quarter), today, None, (len(rows_of(content)), sha256))
    assert entry.entry is not None  # nothing stood for the quarter
    return entry.entry


def withdraw_attestation(*, by: User, consortium: Consortium, quarter: str, why: str) -> Entry | None:
    """Staff put right that a list was attested which should not have been: a correction, as if it never was."""
    require(by, Permission.CHANGE_REGISTER)
    with journal.entry(
        by=by, action="withdraw_attestation", kind=EntryKind.CORRECTION, reason=require_reason(why)
    ) as entry:
        if not len(entry.timeline(Attestation, (consortium.pk, quarter))):
            raise wrong_state(f"{consortium.ref} has no attestation of {quarter}.")
        entry.clear(Attestation, (consortium.pk, quarter), None, None)
    return entry.entry


def _require_open(entry: Writer, consortium: Consortium, quarter: str) -> None:
    if len(entry.timeline(Attestation, (consortium.pk, quarter))):
        raise wrong_state(
            f"The list of {consortium.ref} has been attested for {said_quarter(quarter)} already. It is attested again "
            "in the next quarter."
        )


def _changed(consortium: Consortium, content: str, entry_seen: int) -> Refused:
    """The list is not the one that was seen: what is different."""
    seen = Entry.objects.filter(number=entry_seen).first()
    told: list[str] = []
    if seen is not None:
        told = differences(attested_list(Moment.of(clock.today(), seen.at), consortium), content)
    what = f" {'; '.join(told[:5])}{' and more' if len(told) > 5 else ''}." if told else ""
    return Refused(
        "list_changed",
        f"The list has changed since you opened this page.{what} Read the list below again, then say whether it is right.",
        status=412,
        detail=[{"message": sentence} for sentence in told],
    )
