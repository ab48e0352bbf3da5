"""The national close: rehearsed, written in one transaction, taken back whole (domain.md rules 14, 16, 17)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction

from consortia.models import MembershipWord, WordKind
from registry import journal
from registry.actions.checks import kind_on, require_day, require_reason, said
from registry.authorization import Permission, require
from registry.errors import Refused, wrong_state
from registry.journal import Writer
from registry.models import Entry, EntryKind, User
from registry.undoing import take_back
from transitions.actions.evidence import Source, recorded
from transitions.actions.roles_end import end_roles, give_back_roles
from transitions.closing.plan import WRONG, Plan, drawn, sketched
from transitions.closing.rows import NATIONAL, Explanation

CLOSE, UNDO = "close_trusts", "undo_close"
LONGEST = 500


def preview_close(
    *, by: User, on: date = NATIONAL, explained: Mapping[str, str] | None = None, as_if: bool = False
) -> Plan:
    """What a close on the day would do, row by row; nothing is written.

    `explained`: by practice, why it is left without a group: a word of the vocabulary of those in no consortium, a
    sentence, or "word: sentence". `as_if`: suppose that every consortium without a code has become a group.
    Raises Refused: 403; 422 for an explanation that is empty, or of a practice that needs none.
    """
    require(by, Permission.CLOSE_TRUSTS)
    return sketched(require_day(on), _explanations(explained or {}), as_if=as_if)


def close_trusts(
    *, by: User, on: date = NATIONAL, explained: Mapping[str, str] | None = None, plan_hash: str, why: str
) -> Entry:
    """Every trust and authority ends with the day before `on`, in one entry: who follows each, with shares; each practice
    under its group; delegations, places in clusters and plans ended; the stage "closed"; the roles held for them end.

    Planned again under the lock. Raises Refused: 403; 409 `unplaced`, naming all in `detail`, while a practice that
    counts has no group and nobody said why, or `no_change`; 412 where the plan is not the one of `plan_hash`; 422.
    """
    require(by, Permission.CLOSE_TRUSTS)
    require_day(on)
    reason, told = require_reason(why), _explanations(explained or {})
    with transaction.atomic():
        with journal.entry(by=by, action=CLOSE, kind=kind_on(on), reason=reason) as entry:
            plan = drawn(entry, on, told, record=_record)
            plan.refuse_unplaced()
            plan.refuse_other_than(plan_hash)
            words = {row.code: row.explanation for row in plan.unplaced}
            roles = Counter(row.code for row in plan.roles)
            entry.more["source"] = {"on": on.isoformat(), "plan": plan.hash, "explained": words, "roles": dict(roles)}
        if entry.entry is None:
            raise Refused("no_change", f"All of it is closed on {said(on)} already: nothing was recorded.", status=409)
        end_roles(by=by, entry=entry.entry, codes=[row.code for row in plan.closes], on=on)
    return entry.entry


def _record(entry: Writer, particulars: tuple[Any, ...]) -> int:
    return recorded(entry, Source(*particulars)).pk


def undo_close(*, by: User, entry: Entry, why: str) -> Entry:
    """Take a close back whole: on each day the register says again what it said just before, and the roles are held again.

    Raises Refused: 403; 409 where the entry is no close, was taken back, or a later entry builds on it; 422.
    """
    require(by, Permission.CLOSE_TRUSTS)
    reason = require_reason(why)
    if entry.action != CLOSE:
        raise wrong_state(f"Entry {entry.number} is no national close. Undo it where it was recorded.")
    source = {"undoes": entry.number}
    with transaction.atomic():
        with journal.entry(by=by, action=UNDO, kind=EntryKind.VOID, reason=reason, source=source) as writer:
            if undone := undoing(entry):  # by somebody who was quicker to the lock
                raise wrong_state(f"Entry {entry.number} was taken back by entry {undone.number} already.")
            take_back(writer, entry)
        give_back_roles(by=by, ended_by=entry)
    assert writer.entry is not None  # a close that changed nothing wrote no entry that could be undone
    return writer.entry


def undoing(entry: Entry) -> Entry | None:
    """The entry that took a close back."""
    return Entry.objects.filter(action=UNDO, source__undoes=entry.number).first()


class Standing(NamedTuple):
    """A close that was not taken back. `on`: the first day without trusts and authorities."""

    entry: Entry
    on: date


def standing_close() -> Standing | None:
    """The newest."""
    undone = set(Entry.objects.filter(action=UNDO).values_list("source__undoes", flat=True))
    found = Entry.objects.filter(action=CLOSE).exclude(number__in=undone).order_by("-number").first()
    return Standing(found, date.fromisoformat(found.source["on"])) if found else None


def _explanations(given: Mapping[str, str]) -> dict[str, Explanation]:
    labels = MembershipWord.objects.filter(kinds__contains=[WordKind.LEFT_OUT], period__endswith=None)
    words = dict(labels.values_list("key", "label"))
    told = {code.strip().upper(): _explanation(text.strip(), words) for code, text in given.items()}
    if wrong := sorted(code for code, said in told.items() if not said.text or len(said.text) > LONGEST):
        more = f" and {len(wrong) - WRONG:,} more" if len(wrong) > WRONG else ""
        raise Refused(
            "bad_explanation",
            f"Say in up to {LONGEST} characters why {', '.join(code[:20] for code in wrong[:WRONG])}{more} is left without a "
            "group: a reason, a sentence or both.",
            field="explained",
            detail=[{"code": code} for code in wrong],
        )
    return told


def _explanation(text: str, words: Mapping[str, str]) -> Explanation:
    word, _, more = (part.strip() for part in text.partition(":"))
    return Explanation(word, more or words[word]) if word in words else Explanation("", text)
