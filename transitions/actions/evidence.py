"""The sources of what the register says of the transition: recorded once, named by reference ever after, and corrected
with a reason where the register said wrongly what one is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max

from consortia.actions.mint import next_ref
from registry import clock, journal
from registry.actions.checks import require_day, require_reason, said
from registry.errors import Refused, stale
from registry.files.documents import Checked
from registry.journal import Writer
from registry.models import Entry, EntryKind, User
from registry.timeline import Timeline
from transitions.actions.documents import hold
from transitions.evidence_permissions import require_correct, require_give_file
from transitions.models import Evidence, EvidenceKind, EvidenceParticulars

LENGTHS = {"title": 300, "publisher": 200, "words": 100, "url": 500}


@dataclass(frozen=True)
class Source:
    """A source as a person gives it. `said_on`: the day on which it said so, where known; `words`: how it is dated;
    `file`: the document itself, as `documents.document` checked it."""

    kind: str
    title: str
    publisher: str = ""
    said_on: date | None = None
    words: str = ""
    url: str = ""
    file: Checked | None = None

    def checked(self) -> Source:
        """The same, trimmed. Raises Refused (422) with the field that is wrong."""
        if self.kind not in EvidenceKind.values:
            known = ", ".join(EvidenceKind.values)
            raise Refused("bad_kind", f"“{self.kind[:40]}” is no kind of evidence; give one of {known}.", field="kind")
        told = {name: getattr(self, name).strip() for name in LENGTHS}
        for name, text in told.items():
            if len(text) > LENGTHS[name]:
                raise Refused("too_long", f"Give at most {LENGTHS[name]} characters.", field=name)
        if not told["title"]:
            raise Refused("no_source", "Say what the evidence is: the document, report or letter.", field="title")
        if told["url"] and not told["url"].lower().startswith(("http://", "https://")):
            raise Refused("bad_url", "Give an address that begins with https:// or http://.", field="url")
        if self.said_on is not None:
            require_day(self.said_on, "said_on")
            if self.said_on > clock.today():
                raise Refused("not_yet", f"{said(self.said_on)} is still to come.", field="said_on")
        return Source(self.kind, said_on=self.said_on, file=self.file, **told)

    def values(self) -> tuple[Any, ...]:
        """As the fact has them."""
        return (self.kind, self.title, self.publisher, self.said_on, self.words, self.url)


def recorded(entry: Writer, source: Source | Evidence, *, by: User | None = None) -> Evidence:
    """The evidence, minted in the open entry where it is told as a source; a source that stands word for word is the
    same evidence. `by`: who may tell of a source without keeping a trust, and gives no file to what others recorded.
    Raises Refused: 403; 422."""
    if isinstance(source, Evidence):
        return source
    told = source.checked()
    standing = same_as(told)
    evidence = standing or _minted(entry, told)
    if told.file is not None:
        if by is not None and standing is not None:
            require_give_file(by, standing)
        hold(entry, evidence, told.file)
    return evidence


def same_as(told: Source) -> Evidence | None:
    """The evidence that stands word for word."""
    fields = dict(zip([f.name for f in EvidenceParticulars.value_fields()], told.values(), strict=True))
    same = EvidenceParticulars.objects.current().filter(**fields).select_related("evidence").order_by("pk").first()
    return same.evidence if same is not None else None


def _minted(entry: Writer, told: Source) -> Evidence:
    evidence = Evidence.objects.create(ref=next_ref(Evidence, "EV"))
    entry.new(EvidenceParticulars, [(evidence.pk,)])
    entry.set(EvidenceParticulars, (evidence.pk,), told.said_on, None, told.values())
    return evidence


def newest_telling(evidence: Evidence) -> int:
    """The newest entry that told what the evidence is. A form carries it as `seen`."""
    told = EvidenceParticulars.objects.filter(evidence=evidence).aggregate(newest=Max("opened_by"))
    return told["newest"] or 0


def correct_evidence(*, by: User, evidence: Evidence, source: Source, why: str, seen: int | None = None) -> Entry:
    """What the register said that the evidence is was wrong: it is `source`, and ever was. What rests on it stays; of
    another kind it may count for more or less beside other evidence. Its documents stay.

    `seen`: `newest_telling` when the form was drawn. Raises Refused: 403; 409 where the register says just that, or where
    it is another evidence word for word; 412; 422 with the field.
    """
    require_correct(by, evidence)
    reason = require_reason(why)
    told = source.checked()
    with journal.entry(by=by, action="correct_evidence", kind=EntryKind.CORRECTION, reason=reason) as entry:
        require_correct(by, evidence)
        if seen is not None and newest_telling(evidence) > seen:
            raise stale(f"{evidence.ref} was corrected since you opened this page. Look at what is saved now.")
        _require_other(evidence, told)
        entry.load(EvidenceParticulars, [(evidence.pk,)])
        entry.put(EvidenceParticulars, (evidence.pk,), Timeline().set(told.said_on, None, told.values()))
    if entry.entry is None:
        raise Refused("no_change", "The register says just that already.", status=409)
    return entry.entry


def _require_other(evidence: Evidence, told: Source) -> None:
    """Two references for one source are one too many."""
    same = same_as(told)
    if same is not None and same != evidence:
        raise Refused("told_already", f"{same.ref} is that already, word for word.", field="title", status=409)


def evidence_of(ref: str) -> Evidence:
    """Raises Refused (422) for a reference that nothing has."""
    found = Evidence.objects.filter(ref=ref.strip().upper()).first()
    if found is None:
        raise Refused(
            "no_evidence", f"There is no evidence “{ref[:20]}”. Its reference looks like EV0001.", field="evidence"
        )
    return found
