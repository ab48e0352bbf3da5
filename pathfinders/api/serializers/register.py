"""What tells of the register itself: its feed, its index, its dictionary."""

from __future__ import annotations

from rest_framework.serializers import (
    BooleanField,
    CharField,
    DateTimeField,
    DictField,
    IntegerField,
    JSONField,
    ListField,
    Serializer,
)

from registry.api.dictionary import told
from registry.models.entry import EntryKind


class ChangeEntry(Serializer):
    number = IntegerField(help_text="Entries are numbered from 1 without a gap")
    at = DateTimeField(help_text="The instant of knowledge that it made", style=told(unit="UTC"))
    written_at = DateTimeField(help_text="When it was written, by the database's clock", style=told(unit="UTC"))
    actor = CharField(help_text="A person's reference, or system")
    on_behalf_of = CharField(allow_blank=True, help_text="For whom, where not in their own name")
    kind = CharField(help_text="What sort of entry it is", style=told(words=EntryKind.values))
    action = CharField(help_text="The action that wrote it")
    reason = CharField(help_text="Why, in words")
    source = JSONField(help_text="From what: a file with its hash, a letter, a decision")  # type: ignore[assignment]  # a field named source, not Field.source
    request = CharField(allow_blank=True, help_text="The request's own number, where it came by one")
    changes = IntegerField(help_text="How many facts it opened or closed", style=told(unit="changes"))
    previous_hash = CharField(help_text="The hash of the entry before it")
    hash = CharField(help_text="SHA-256 over the hash before it, its header and its changes")


class Changes(Serializer):
    demonstration = BooleanField(help_text="In a demonstration the hash leaves out written_at")
    entries = ChangeEntry(many=True, help_text="Headers of the entries, in order")
    results = ListField(child=JSONField(), help_text="Each change, with its place in the feed as `change`")
    next = CharField(allow_null=True, help_text="The next page; null at the end of the journal")


class Index(Serializer):
    resources = DictField(child=CharField(), help_text="The address of each resource by its name")
    licence = CharField(help_text="The licence that everything here is under")
    attribution = CharField(help_text="The words that the licence asks for")


class DictionaryField(Serializer):
    resource = CharField(help_text="The resource, as in its address: practices, decisions/summary")
    field = CharField(help_text="Its place in JSON: pct.code; branches[].name is of each of a list")
    column = CharField(
        allow_blank=True, help_text="Its heading in CSV and Excel; empty where it lies within the column above it"
    )
    type = CharField(help_text="What its values are; codes are text, whatever they look like")
    nullable = BooleanField(help_text="Whether it may be null in JSON: an empty cell in CSV and Excel")
    meaning = CharField(help_text="What it says")
    unit = CharField(allow_blank=True, help_text="What it is counted in")
    vocabulary = CharField(allow_blank=True, help_text="The words that it may be, where they are few")
    since = CharField(help_text="The version of the API that it is there since")


class DictionaryAnswer(Serializer):
    count = IntegerField(help_text="Rows of the answer")
    next = CharField(allow_null=True, help_text="Always null: the answer is whole")
    previous = CharField(allow_null=True, help_text="Always null")
    results = DictionaryField(many=True, help_text="A row for each field")
