"""One entry for a merger, a split or a change of name: planned again under the lock, and exactly that done."""

from __future__ import annotations

from datetime import date

from pathfinders.succession.draft import Draft
from pathfinders.succession.drawing import Draw, plan_of
from pathfinders.succession.people import concerned, move_roles, tell
from registry import journal
from registry.actions.checks import kind_on, require_reason
from registry.authorization import Permission, require
from registry.casework import step
from registry.models import Entry, EntryKind, User


def carry_out(
    *,
    by: User,
    action: str,
    on: date,
    reason: str,
    draw: Draw,
    fingerprint: str = "",
    kind: EntryKind | None = None,
    also: str = "",
) -> Entry:
    """Draw it over an open entry; facts, roles and letters in one transaction.

    `fingerprint`: of the plan that the person confirmed ("": no matter). `also`: a sentence that the journal keeps with
    the reason. Raises Refused: 403, 412 where the plan would be another one by now, and whatever `draw` refuses.
    """
    require(by, Permission.CHANGE_REGISTER)
    why = require_reason(reason, "reason") + also
    with step(by=by, action=action):
        with journal.entry(by=by, action=action, kind=kind or kind_on(on), reason=why) as entry:
            draft = Draft(entry, on, real=True)
            draw(draft)
            plan = plan_of(draft)
            plan.refuse_other_than(fingerprint)
            people = concerned(draft)
            move_roles(draft, by)
        assert entry.entry is not None  # each of them changes a fact, or is refused
        tell(people, plan, entry.entry)
    return entry.entry
