"""A branch surgery opens or closes, by hand; in bulk it is import_branches."""

from __future__ import annotations

import re
from datetime import date

from practices.models import LIVING, Branch, Practice, PracticeStatus
from registry import journal
from registry.actions.checks import kind_on, require_day, require_reason, said
from registry.authorization import Permission, require
from registry.errors import Refused, wrong_state
from registry.models import Entry, User
from registry.timeline import first_day_out


def open_branch(
    *,
    by: User,
    practice: Practice,
    branch: str,
    name: str,
    address: str = "",
    postcode: str = "",
    on: date,
    reason: str,
) -> Entry:
    """The practice has a branch surgery from this day; `branch` is what its code has after the practice's.

    It closes with its practice at the latest. Raises Refused where the practice is not open on the day, or a branch of
    that code is (409): codes are never given to another place while they are in use (domain.md rule 1).
    """
    require(by, Permission.CHANGE_REGISTER)
    require_day(on)
    if not re.fullmatch(r"[A-Z0-9]{3}", branch):
        raise Refused("bad_branch", "A branch's code is its practice's and three letters or digits.", field="branch")
    if not name.strip():
        raise Refused("no_name", "Give the branch a name: people look for it by that.", field="name")
    why = require_reason(reason, "reason")
    with journal.entry(by=by, action="open_branch", kind=kind_on(on), reason=why) as entry:
        life = entry.timeline(PracticeStatus, (practice.pk,)).stretch(on, lambda values: values[0] in LIVING)
        if life is None:
            raise Refused("not_living", f"{practice.code} was not open on {said(on)}.", field="on")
        key = (practice.pk, branch)
        standing = entry.timeline(Branch, key)
        if standing.at(on) is not None:
            raise wrong_state(f"{practice.code}{branch} is open on {said(on)} already. Close it first, or correct it.")
        later = standing.next_start(on)
        end = min([d for d in (life.end, later) if d is not None], default=None)
        entry.set(Branch, key, on, end, (name.strip(), address, postcode))
    return entry.entry  # type: ignore[return-value]


def close_branch(*, by: User, practice: Practice, branch: str, last_day: date, reason: str) -> Entry | None:
    """The branch is open to the end of `last_day` (inclusive). Raises Refused (409) where it is not open on that day;
    None where that is its last day already."""
    require(by, Permission.CHANGE_REGISTER)
    require_day(last_day, "last_day")
    out = first_day_out(last_day)
    assert out is not None
    why = require_reason(reason, "reason")
    with journal.entry(by=by, action="close_branch", kind=kind_on(out), reason=why) as entry:
        key = (practice.pk, branch)
        open_days = entry.timeline(Branch, key).stretch(last_day)
        if open_days is None:
            raise wrong_state(f"{practice.code}{branch} is not open on {said(last_day)}.")
        if open_days.end != out:
            entry.clear(Branch, key, out, open_days.end)
    return entry.entry
