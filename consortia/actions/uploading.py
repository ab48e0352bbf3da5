"""Lists of memberships that people send: each is kept with its hash, its dry run's answer and its entry.

A lead's list is of one consortium (`consortia.claims`); staff's is of many (`import_memberships`). A long list is
checked and written in the background (`consortia.actions.listed_work`).
"""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import ForeignKey

from consortia.actions.claiming import claims_of, require_claim
from consortia.actions.lists import PASTED, checked, is_long, lines_of, written
from consortia.actions.lives import require_inside_lives
from consortia.models import Consortium, ConsortiumParticulars, Membership, MembershipReason, MembershipUpload
from consortia.permissions import require_keeper
from consortia.states import UploadState, moved
from registry import journal
from registry.actions.checks import require_reason
from registry.authorization import Permission, require
from registry.casework import step
from registry.errors import Refused, stale, wrong_state
from registry.files.documents import plain_name
from registry.files.keeping import drop_unnamed, keep, lock
from registry.journal import Key, Writer
from registry.models import Entry, EntryKind, User
from registry.models.fact import Fact, fact_kinds
from registry.undoing import take_back


def send_list(
    *,
    by: User,
    consortium: Consortium | None,
    name: str,
    data: bytes,
    on: date | None = None,
    reason: str = MembershipReason.JOINED,
    create: bool = False,
) -> MembershipUpload:
    """Keep a list and check it, at once or, a long one, in the background. Writes no membership.

    `consortium`: whose lead sends it, with `on` and `reason` for the rows that do not say; None: a file of many, by
    staff, where `create` registers consortia that are not known. `name`: PASTED for what was typed into a box.
    Raises Refused on `file` (no list, too long, no column), `on`, `reason`, `name`; then nothing is kept.
    """
    require_sender(by, consortium)
    name = plain_name(name)
    options: dict[str, Any] = {"create": create}
    if consortium is not None:
        assert on is not None
        require_claim(on, reason)
        options = {"on": on.isoformat(), "reason": str(reason)}
    upload = MembershipUpload(
        consortium=consortium,
        name=name,
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        options=options,
        sent_by=by,
    )
    upload.total = len(lines_of(upload, data))
    if consortium is not None and name == PASTED:
        claims_of(data.decode())
    if not upload.total:
        raise Refused("no_rows", f"{name} has no rows under its first line.", field="file")
    answer = None if is_long(upload) else checked(upload, data)
    try:
        with step(by=by, action="send_list", consortium=consortium.ref if consortium else ""):
            lock(upload.sha256)
            keep(upload.sha256, data)
            upload.save()
            if answer is not None:
                _answered(upload, answer)
    except BaseException:
        drop_unnamed(upload.sha256)
        raise
    return upload


def check_list(*, by: User, upload: MembershipUpload) -> MembershipUpload:
    """Check again a list that was checked: the register may have moved on."""
    require_sender(by, upload.consortium)
    with step(by=by, action="check_list", upload=upload.pk):
        row = _locked(upload)
        row.state = moved(row, UploadState, "check")
        row.done = 0
        row.save(update_fields=["state", "done"])
        if not is_long(row):
            _answered(row, checked(row))
    return row


def commit_list(
    *, by: User, upload: MembershipUpload, ready: int, skip_refused: bool = False, why: str = ""
) -> MembershipUpload:
    """Write the rows that the dry run found ready: all of them, in one entry, or none. `ready`: how many the person saw.

    A lead's rows that are not ready stay out; of staff's file none is written while one row is refused, unless
    `skip_refused`. A long list is written in the background. Raises Refused: 409 where a row is ready no more (checked
    anew then, nothing written), 412 where the person saw another answer, 409 in a wrong state.
    """
    require_sender(by, upload.consortium)
    with step(by=by, action="commit_list", upload=upload.pk):
        row = _locked(upload)
        state = moved(row, UploadState, "queue" if is_long(row) else "commit")
        if row.answer["counts"]["ready"] != ready:
            raise stale("This list was checked again since you saw it. Look at what was found, then add it.")
        if not ready:
            raise Refused("none_ready", "No row of this list is ready, so nothing can be written.", status=409)
        if upload.consortium is None and row.answer["counts"]["wrong"] and not skip_refused:
            raise Refused(
                "rows_refused",
                f"{row.answer['counts']['wrong']:,} rows cannot be written. Correct the file and send it again, or "
                "leave them out.",
                status=409,
            )
        row.options |= {"why": why.strip(), "skip_refused": skip_refused, "by": by.ref}
        if is_long(row):
            row.state, row.done = state, 0
            row.save(update_fields=["state", "done", "options"])
            return row
    return write_list(by=by, upload=upload, options=row.options)


def write_list(*, by: User, upload: MembershipUpload, options: dict[str, Any], told: Any = None) -> MembershipUpload:
    """Write a list that may be written: the entry and the row's new state in one transaction. In the background whoever
    asked for it must still be one who may: access ends with the post."""
    try:
        require_sender(by, upload.consortium)
        with transaction.atomic():
            number = written(upload, by=by, options=options, told=told)
            with step(by=by, action="commit_list", upload=upload.pk):
                row = _locked(upload)
                row.state = moved(row, UploadState, "commit")
                row.entry_id, row.options, row.done = number, options, row.total
                row.save(update_fields=["state", "entry", "options", "done"])
        return row
    except Refused as refused:
        _checked_again(upload, refused)
        raise


def _checked_again(upload: MembershipUpload, refused: Refused) -> None:
    """After a refusal under the lock: the answer as things now stand, so that the page shows which row it was."""
    with transaction.atomic():
        row = _locked(upload)
        if row.state == UploadState.COMMITTING:
            row.state = moved(row, UploadState, "recheck")
        if row.state == UploadState.CHECKED:
            row.answer = checked(row) | {"problem": refused.message}
            row.save(update_fields=["state", "answer"])


def discard_list(*, by: User, upload: MembershipUpload) -> MembershipUpload:
    """A list that was checked and shall not be written. What was sent stays kept."""
    require_sender(by, upload.consortium)
    with step(by=by, action="discard_list", upload=upload.pk):
        row = _locked(upload)
        row.state = moved(row, UploadState, "discard")
        row.save(update_fields=["state"])
    return row


def undo_list(*, by: User, upload: MembershipUpload, why: str) -> Entry:
    """Take a whole list back by one compensating entry (a correction), while nothing builds on it.

    Raises Refused (409) where something does, or where what would be restored can no longer be true.
    """
    require_sender(by, upload.consortium)
    reason = require_reason(why)
    with transaction.atomic(), step(by=by, action="undo_list", upload=upload.pk):
        moved(_locked(upload), UploadState, "undo")
        entry = upload.entry or MembershipUpload.objects.get(pk=upload.pk).entry
        assert entry is not None
        with journal.entry(
            by=by,
            action="undo_list",
            kind=EntryKind.CORRECTION,
            reason=reason,
            source={"undoes": entry.number},
        ) as writer:
            touched = take_back(writer, entry)
            _nothing_is_in(writer, touched.get(ConsortiumParticulars, set()), entry)
            require_inside_lives(writer, touched.get(Membership, set()))
        row = _locked(upload)
        row.state, row.undone_by = moved(row, UploadState, "undo"), writer.entry
        row.save(update_fields=["state", "undone_by"])
    assert writer.entry is not None
    return writer.entry


def _nothing_is_in(writer: Writer, keys: set[Key], undone: Entry) -> None:
    """Refuse (409) to take back consortia that a later entry says something of."""
    if not keys:
        return
    for model in fact_kinds().values():
        for field in _to_consortia(model):
            later = model._default_manager.filter(
                opened_by__gt=undone.number, recorded__upper_inf=True, **{f"{field}__in": [key[0] for key in keys]}
            ).first()
            if later is not None:
                raise wrong_state(
                    f"This list cannot be undone: entry {later.opened_by_id} has since recorded something of a "
                    "consortium that the list registered. Undo that first."
                )


def _to_consortia(model: type[Fact]) -> list[str]:
    fields = [*model.key_fields(), *model.value_fields()]
    return [f.name for f in fields if isinstance(f, ForeignKey) and f.related_model is Consortium]


def require_sender(by: User, consortium: Consortium | None) -> None:
    """A lead's list: who keeps the consortium; a file of many: who loads files and changes the register."""
    if consortium is not None:
        require_keeper(by, consortium)
        return
    require(by, Permission.IMPORT_FILES)
    require(by, Permission.CHANGE_REGISTER)


def _locked(upload: MembershipUpload) -> MembershipUpload:
    return MembershipUpload.objects.select_for_update(of=("self",)).get(pk=upload.pk)


def _answered(row: MembershipUpload, answer: dict[str, Any]) -> None:
    row.state, row.answer, row.done = moved(row, UploadState, "checked"), answer, row.total
    row.save(update_fields=["state", "answer", "done"])
