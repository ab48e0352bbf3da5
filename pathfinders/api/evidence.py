"""The evidence of a row."""

from __future__ import annotations

from rest_framework.serializers import CharField, DateField, Serializer

from registry.api.dictionary import told
from transitions.models import EvidenceKind


class EvidenceRef(Serializer):
    ref = CharField(help_text="Its reference, as EV0001")
    kind = CharField(
        allow_null=True,
        help_text="What kind of source; a document counts before a statement, a survey and the press",
        style=told(words=EvidenceKind.values),
    )
    title = CharField(allow_null=True, help_text="What it is called")
    said_on = DateField(allow_null=True, help_text="The day on which it said so, where known")
    words = CharField(allow_null=True, allow_blank=True, help_text="How it is dated there, as “summer 2010”")
    url = CharField(allow_null=True, allow_blank=True, help_text="Its address on the web")


class PublishedEvidence(EvidenceRef):
    publisher = CharField(allow_null=True, allow_blank=True, help_text="Who published it")
