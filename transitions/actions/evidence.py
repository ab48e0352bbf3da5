"""The sources of what the register says of the transition: recorded once, named by reference ever after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from consortia.actions.mint import next_ref
from registry import clock
from registry.actions.checks import require_day, said
from registry.errors import Refused
from registry.journal import Writer
from transitions.models import Evidence, EvidenceKind, EvidenceParticulars

LENGTHS = {"title": 300, "publisher": 200, "words": 100, "url": 500}


@dataclass(frozen=True)
class Source:
    """A source as a person gives it. `said_on`: the day on which it said so, where known; `words`: how it is dated."""

    kind: str
    title: str
    publisher: str = ""
    said_on: date | None = None
    words: str = ""
    url: str = ""

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
        return Source(self.kind, said_on=self.said_on, **told)


def recorded(entry: Writer, source: Source | Evidence) -> Evidence:
    """The evidence, minted in the open entry where it is told as a source; a source that stands word for word is the
    same evidence. Raises Refused (422)."""
    if isinstance(source, Evidence):
        return source
    told = source.checked()
    values = (told.kind, told.title, told.publisher, told.said_on, told.words, told.url)
    fields = dict(zip([f.name for f in EvidenceParticulars.value_fields()], values, strict=True))
    same = EvidenceParticulars.objects.current().filter(**fields).select_related("evidence").order_by("pk").first()
    if same is not None:
        return same.evidence
    evidence = Evidence.objects.create(ref=next_ref(Evidence, "EV"))
    entry.new(EvidenceParticulars, [(evidence.pk,)])
    entry.set(EvidenceParticulars, (evidence.pk,), told.said_on, None, values)
    return evidence


def evidence_of(ref: str) -> Evidence:
    """Raises Refused (422) for a reference that nothing has."""
    found = Evidence.objects.filter(ref=ref.strip().upper()).first()
    if found is None:
        raise Refused(
            "no_evidence", f"There is no evidence “{ref[:20]}”. Its reference looks like EV0001.", field="evidence"
        )
    return found
