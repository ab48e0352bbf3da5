"""Waves, with what was announced of them."""

from __future__ import annotations

from rest_framework.serializers import (
    BooleanField,
    CharField,
    DateField,
    IntegerField,
    ListField,
    Serializer,
)

from pathfinders.models import WaveDateKind
from registry.api.dictionary import told


class WaveDay(Serializer):
    kind = CharField(help_text="Of which step of the wave it is the day", style=told(words=WaveDateKind.values))
    version = IntegerField(help_text="1 as first said; each slip is the next")
    day = DateField(help_text="The day that was told")
    actual = BooleanField(help_text="Whether it happened on that day, or was expected for it")
    reason = CharField(allow_blank=True, help_text="Why it was moved there")
    said_on = DateField(help_text="The day on which the public was told")


class AnnouncementWords(Serializer):
    title = CharField(help_text="Its heading")
    text = CharField(help_text="What was announced")
    notes = CharField(allow_blank=True, help_text="To editors")


class Wave(Serializer):
    number = IntegerField(help_text="1 for the first")
    announced_on = DateField(help_text="The day on which it was announced")
    pathfinders = IntegerField(help_text="How many it has that day", style=told(unit="pathfinders"))
    pathfinder_refs = ListField(child=CharField(), help_text="Their references")
    practices = IntegerField(
        help_text="Members that count: GP practices of England active that day, each once",
        style=told(unit="practices"),
    )
    practices_confirmed = IntegerField(
        help_text="Of these, those whose practice has confirmed", style=told(unit="practices")
    )
    people = IntegerField(
        help_text="Registered patients of these practices, by their list sizes", style=told(unit="people")
    )
    pcts = ListField(child=CharField(), help_text="Codes of the trusts of these practices")
    shas = ListField(child=CharField(), help_text="Codes of the authorities above these trusts")
    dates = ListField(child=WaveDay(), help_text="Each version of each of its dates, as told by the day")
    announcement = AnnouncementWords(allow_null=True, help_text="Its words; its figures are under announcements")
    manifest_sha256 = CharField(
        allow_null=True, help_text="Of /waves/N/manifest.txt; null where it was released before manifests were made"
    )
