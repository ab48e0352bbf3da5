"""A work item is looked at, and done."""

from __future__ import annotations

from consortia.models import WorkItem
from consortia.permissions import require_keeper
from registry import clock
from registry.casework import step
from registry.errors import Refused, wrong_state
from registry.models import User

MOST = 500


def finish_work(*, by: User, item: WorkItem, note: str = "") -> WorkItem:
    """The consortium's lead, a deputy or staff have looked at it; `note` says what was done. Raises Refused: 403; 409
    where it is done already."""
    require_keeper(by, item.consortium)
    if len(note) > MOST:
        raise Refused("long_note", f"Write up to {MOST} characters.", field="note")
    with step(by=by, action="finish_work"):
        held = WorkItem.objects.select_for_update().get(pk=item.pk)
        if held.done_on is not None:
            raise wrong_state("This was marked as done already.")
        held.done_on, held.done_by, held.note = clock.today(), by, note.strip()
        held.save(update_fields=["done_on", "done_by", "note"])
    return held
