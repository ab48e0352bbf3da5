"""The two clocks of a row that is one version of a fact, after its own fields."""

from __future__ import annotations

from rest_framework.serializers import CharField, DateField, DateTimeField, Serializer

from registry.api.dictionary import told
from registry.models import EntryKind


class VersionClocks(Serializer):
    effective_from = DateField(
        allow_null=True, help_text="The first day of the version; null: from before all records"
    )
    effective_to = DateField(allow_null=True, help_text="Its last day, inclusive; null where it goes on")
    recorded_from = DateTimeField(help_text="When the register said so")
    recorded_to = DateTimeField(allow_null=True, help_text="When the register took it back, if it had by known_at")
    opened = CharField(help_text="Where in the change feed: entry.position")
    closed = CharField(allow_null=True, help_text="Where in the change feed it was taken back; null where it was not")
    recorded_kind = CharField(
        help_text="The kind of journal entry that recorded it", style=told(words=EntryKind.values)
    )
    recorded_why = CharField(help_text="The reason that this entry gives")
