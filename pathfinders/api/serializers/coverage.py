"""Coverage, with the denominator of each figure."""

from __future__ import annotations

from rest_framework.serializers import (
    CharField,
    DateField,
    FloatField,
    IntegerField,
    JSONField,
    Serializer,
)

from registry.api.dictionary import told
from registry.api.schema import Dates


class DenominatorUsed(Serializer):
    name = CharField(help_text="The word by which it can be asked for")
    value = IntegerField(help_text="How many there are", style=told(unit="people"))
    date = DateField(help_text="The day that it is of")
    source = CharField(help_text="Whose figure it is")  # type: ignore[assignment]  # a field named source, not Field.source


class Coverage(Serializer):
    key = CharField(help_text="What the row is of: a code, a reference, a wave's number, or England")
    name = CharField(help_text="The key in words")
    pathfinders = IntegerField(help_text="With a member that counts under the key", style=told(unit="pathfinders"))
    consortia = IntegerField(help_text="With a member that counts under the key", style=told(unit="consortia"))
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
    people_confirmed = IntegerField(
        help_text="Of these, patients of practices that have confirmed", style=told(unit="people")
    )
    practices_without_list = IntegerField(
        help_text="Of practices, those of which no list size is known: they have no part in people",
        style=told(unit="practices"),
    )
    practices_list_later = IntegerField(
        help_text="Of practices, those of which the first list size known is of a quarter after the day",
        style=told(unit="practices"),
    )
    denominator = DenominatorUsed(help_text="What percent is of")
    percent = FloatField(allow_null=True, help_text="people over the denominator", style=told(unit="percent"))


class CoverageAnswer(Dates):
    by = CharField(
        help_text="What a row is of", style=told(words=("national", "sha", "pct", "wave", "consortium", "pathfinder"))
    )
    basis = CharField(
        help_text="Pathfinders announced by the day, or gone live by it", style=told(words=("announced", "live"))
    )
    scope = CharField(
        help_text="Members of pathfinders, or of any consortium", style=told(words=("pathfinder", "consortium"))
    )
    count = IntegerField(help_text="Rows of the answer")
    next = CharField(allow_null=True, help_text="Always null: the answer is whole")
    previous = CharField(allow_null=True, help_text="Always null")
    results = Coverage(many=True, help_text="A row for each key")
    explanation = JSONField(required=False, help_text="With explain=1: the rule in words. Each row then has `links`.")
