"""The list of evidence, one of it with what rests on it, and their fields. Fields are added at the end."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework.serializers import CharField, DateField, IntegerField, ListField, Serializer

from pathfinders.api.accountable import SaysAccountable, said_beside
from pathfinders.api.lists import PublicDetail, VersionList
from pathfinders.api.version_rows import VersionClocks
from pathfinders.reads import evidence
from pathfinders.reads.evidence_history import History
from registry.api.dictionary import told
from registry.api.schema import envelope
from registry.files.documents import SOURCES
from registry.moment import Moment
from transitions.models import EvidenceKind


class Source(Serializer):
    ref = CharField(help_text="Its reference, as EV0001")
    kind = CharField(
        help_text="What kind of source; a document counts before a statement, a survey and the press",
        style=told(words=EvidenceKind.values),
    )
    title = CharField(help_text="What it is called")
    publisher = CharField(allow_blank=True, help_text="Who published it")
    said_on = DateField(allow_null=True, help_text="The day on which it said so, where known")
    words = CharField(allow_blank=True, help_text="How it is dated there, as “summer 2010”")
    url = CharField(allow_blank=True, help_text="Its address on the web")


class Held(Serializer):
    name = CharField(help_text="The name of the file")
    kind = CharField(help_text="What it is by its content", style=told(words=list(SOURCES)))
    size = IntegerField(help_text="How long it is", style=told(unit="bytes"))
    sha256 = CharField(help_text="The SHA-256 of its bytes, which are at /transitions/evidence/REF/documents/SHA-256/")


class EvidenceRow(Source):
    rests = IntegerField(help_text="How many facts of the register rest on it", style=told(unit="facts"))
    documents = ListField(
        child=Held(), source="document_list", help_text="The documents that the register holds of it"
    )


class Resting(Serializer):
    what = CharField(help_text="What kind of fact", style=told(words=list(evidence.RESTS)))
    code = CharField(allow_null=True, help_text="The code of the trust, or the reference of the local body or survey")
    said = CharField(help_text="What it says: a stage, a name or a title, or of budgets the financial year")
    effective_from = DateField(
        allow_null=True, help_text="The first day of which it is said; null: before all records"
    )
    effective_to = DateField(allow_null=True, help_text="The last day, inclusive; null: it goes on")
    name = CharField(allow_null=True, help_text="Of a trust, the last name that it had; null of others")
    line = CharField(allow_null=True, help_text="Of budgets, the service line as people read it; null of others")
    holder = CharField(allow_null=True, help_text="Of a delegated budget, who answers for it, as GC0001")
    holder_name = CharField(allow_null=True, help_text="The last name of that consortium or local body")


class EvidenceSpell(Source, VersionClocks):
    pass


class EvidenceList(SaysAccountable, VersionList):
    """The sources on which the register says something of the transition, known at the moment: a source has no life, so
    that as_of does not matter. `history=1`: what the register said that each is, a row for each telling."""

    in_editions = True
    read, serializer = evidence, EvidenceRow
    words: ClassVar[dict[str, str]] = {
        "history": "1: a row for what the register says that each source is, as known at known_at; all: also what it had "
        "corrected by then. Its filters are ref, q, kind, publisher and year."
    }
    versions, spell = History(), EvidenceSpell


class OneEvidence(SaysAccountable, PublicDetail):
    """One source; beside it, everything that rests on it, of any day."""

    resource = "evidence"
    read, serializer = evidence, EvidenceRow

    def beside(self, moment: Moment, row: dict[str, Any]) -> dict[str, Any]:
        resting = evidence.resting(self.request.user, moment, row["ref"])
        return {**super().beside(moment, row), "resting": resting}

    def described(self) -> Serializer:
        told: dict[str, Any] = {
            **said_beside(),
            "resting": ListField(child=Resting(), help_text="Everything that rests on it, of any day"),
        }
        return envelope("OneEvidence", EvidenceRow, paged=False, linked=True, beside=told)
