"""Dates of the programme."""

from __future__ import annotations

from rest_framework.serializers import (
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    Serializer,
)


class Milestone(Serializer):
    key = CharField(help_text="A word for programs, as deadline")
    name = CharField(help_text="What it is the day of, in words")
    day = DateField(help_text="The first day on which it takes effect, as planned or as it came")
    words = CharField(allow_blank=True, help_text="How the source gives the day, as “autumn 2012”")
    settled = BooleanField(help_text="No longer a plan")
    why = CharField(allow_blank=True, help_text="Why the plan was moved to this day")
    source = CharField(help_text="Where the day was said")  # type: ignore[assignment]  # a field named source, not Field.source
    effective_from = DateField(allow_null=True, help_text="The day on which this version was made known")
    effective_to = DateField(allow_null=True, help_text="The last day on which it stood, inclusive")
    recorded_from = DateTimeField(help_text="When the register said so")
    recorded_to = DateTimeField(allow_null=True, help_text="When the register took it back, if it had by known_at")
    opened = CharField(help_text="Where in the change feed: entry.position")
    closed = CharField(allow_null=True, help_text="Where in the change feed it was taken back; null where it was not")
    recorded_kind = CharField(help_text="The kind of journal entry that recorded it, as event or correction")
    recorded_why = CharField(help_text="The reason that this entry gives")
