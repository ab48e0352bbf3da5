"""The documents of evidence: attached when it is recorded or later, withdrawn with a reason, kept for ever."""

from __future__ import annotations

from typing import Any

from registry import journal
from registry.actions.checks import require_reason
from registry.errors import Refused, not_allowed, wrong_state
from registry.files.documents import SOURCES, Checked, checked
from registry.journal import Writer
from registry.models import Entry, EntryKind, User
from registry.timeline import Timeline
from transitions.evidence_permissions import require_attach, require_withdraw
from transitions.models import Evidence, EvidenceDocument
from transitions.permissions import everywhere

MOST = 10
"""Documents of one evidence."""


def document(name: str, file: Any) -> Checked:
    """The file (bytes, or anything with `read`) as it may be attached. Raises Refused (422) on `file`."""
    return checked(name, file, SOURCES)


def attach_document(*, by: User, evidence: Evidence, name: str, file: Any, why: str = "") -> Entry:
    """The register holds this document of the evidence from now on, for everybody to read.

    Raises Refused: 403; 409 where it holds just that; 422 on `file` where it is of no kind that is taken, damaged, too
    large, badly named, or one too many. Nothing of it is kept then.
    """
    require_attach(by, evidence)  # before ten megabytes are read
    told = document(name, file)
    reason = why.strip() or f"“{told.name}” is attached to {evidence.ref}"
    with journal.entry(by=by, action="attach_document", kind=EntryKind.EVENT, reason=reason) as entry:
        require_attach(by, evidence)
        if not hold(entry, evidence, told):
            raise Refused("attached_already", f"“{told.name}” is attached here already.", field="file", status=409)
    assert entry.entry is not None
    return entry.entry


def hold(entry: Writer, evidence: Evidence, file: Checked) -> bool:
    """In the open entry: the evidence has this document. False where it has it already. Raises Refused: 403 where
    somebody else withdrew it, to all but programme staff; 422."""
    key = (evidence.pk, file.sha256)
    if len(entry.timeline(EvidenceDocument, key)):
        return False
    _may_come_back(entry, evidence, file)
    if EvidenceDocument.objects.current().filter(evidence=evidence).count() >= MOST:
        raise Refused(
            "too_many",
            f"Evidence may have {MOST} documents. Withdraw one, or put several into one.",
            field="file",
        )
    entry.set(EvidenceDocument, key, None, None, (file.name, file.kind, len(file.data)))
    entry.keep(file.sha256, file.data)
    return True


def _may_come_back(entry: Writer, evidence: Evidence, file: Checked) -> None:
    gone = EvidenceDocument.objects.filter(evidence=evidence, sha256=file.sha256, closed_by__isnull=False)
    last = gone.select_related("closed_by").order_by("-closed_by").first()
    if last is None or last.closed_by.actor == entry.actor:  # type: ignore[union-attr]
        return
    if not everywhere(User.objects.get(ref=entry.actor)):
        raise not_allowed(f"“{file.name}” was withdrawn by somebody else: ask programme staff to attach it again.")


def withdraw_document(*, by: User, document: EvidenceDocument, why: str) -> Entry:
    """The register gives the document out no more, but to programme staff; that it held it stays told, with the reason.

    Raises Refused: 403; 409 where it is withdrawn already; 422 without a reason.
    """
    require_withdraw(by, document)
    reason = require_reason(why)
    with journal.entry(by=by, action="withdraw_document", kind=EntryKind.VOID, reason=reason) as entry:
        key = (document.evidence_id, document.sha256)
        if not EvidenceDocument.objects.current().filter(pk=document.pk).exists():
            raise wrong_state(f"“{document.name}” is withdrawn already.")
        entry.load(EvidenceDocument, [key])
        entry.put(EvidenceDocument, key, Timeline())
    assert entry.entry is not None
    return entry.entry
