"""A lead attaches files to a bid as evidence, and takes them out again."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from pathfinders.actions.drafting import criteria_of
from pathfinders.actions.work import working_on
from pathfinders.models import Attachment, Bid, Criterion
from pathfinders.states import guard
from registry.errors import Refused
from registry.files.documents import Checked, checked
from registry.files.keeping import drop_unnamed, keep, lock
from registry.models import User

MOST = 30
"""Files of one bid."""


def attach(*, by: User, bid: Bid, version: int, criterion: Criterion | str | None, name: str, file: Any) -> Bid:
    """Attach a file (bytes, or anything with `read`) to a draft or a returned bid, on a criterion, its key, or none.

    Raises Refused on `file` where it is no whole PDF, PNG or JPEG, too large, badly named or there already; nothing
    of it is kept then.
    """
    guard(bid, by, "edit")  # before ten megabytes are read; looked at again under the lock
    told = checked(name, file)
    try:
        return _attach(bid, criterion, told, by=by, version=version)
    except BaseException:
        drop_unnamed(told.sha256)
        raise


def _attach(bid: Bid, criterion: Criterion | str | None, file: Checked, *, by: User, version: int) -> Bid:
    key = criterion.key if isinstance(criterion, Criterion) else criterion
    with working_on(bid, by=by, action="edit", version=version, verb="attach") as draft:
        about = criteria_of(draft, [key])[key] if key else None
        lock(file.sha256)
        if draft.attachments.filter(criterion=about, sha256=file.sha256).exists():
            raise Refused("attached_already", f"“{file.name}” is attached here already.", field="file")
        if draft.attachments.count() >= MOST:
            raise Refused(
                "too_many", f"A bid may have {MOST} files. Take one out, or put several into one.", field="file"
            )
        Attachment.objects.create(
            bid=draft,
            criterion=about,
            name=file.name,
            kind=file.kind,
            size=len(file.data),
            sha256=file.sha256,
            added_by=by,
        )
        keep(file.sha256, file.data)
    return draft


def remove_attachment(*, by: User, bid: Bid, version: int, attachment: Attachment | int) -> Bid:
    """Take a file out of a draft or a returned bid. Raises Refused on `attachment` where it is not in it."""
    number = attachment.pk if isinstance(attachment, Attachment) else attachment
    with working_on(bid, by=by, action="edit", version=version, verb="remove_attachment") as draft:
        row = draft.attachments.filter(pk=number).first()
        if row is None:
            raise Refused("no_attachment", "That file is not in this bid any more.", field="attachment")
        row.delete()
        transaction.on_commit(lambda: drop_unnamed(row.sha256))
    return draft
