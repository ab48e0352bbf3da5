"""Bodies above practices, with their codes and who came before and after."""

from __future__ import annotations

from rest_framework.serializers import (
    CharField,
    DateField,
    FloatField,
    IntegerField,
    ListField,
    Serializer,
)

from pathfinders.api.serializers.refs import BodyRef
from practices.models import BodyKind, SuccessionKind
from practices.models.identifier import Scheme, Standing
from registry.api.dictionary import told


class Identifier(Serializer):
    scheme = CharField(
        help_text="ods: a code of the NHS; gss: of the Office for National Statistics; other",
        style=told(words=Scheme.values),
    )
    value = CharField(help_text="The code itself, as text")
    standing = CharField(help_text="provisional or confirmed", style=told(words=Standing.values))


class BodySuccession(Serializer):
    code = CharField(help_text="The other's NHS code, as text")
    kind = CharField(
        help_text="recode: the same body under a new code; merge: into a new one; split: among several; transfer: its "
        "functions passed to it",
        style=told(words=SuccessionKind.values),
    )
    on = DateField(allow_null=True, help_text="The first day of the successor in the other's place")
    practice_share = FloatField(
        allow_null=True,
        help_text="The part of the predecessor's practices that went to this successor; over a predecessor they sum to 1. "
        "Null: not recorded; the crosswalk computes it",
    )
    people_share = FloatField(
        allow_null=True, help_text="The same of the people on these practices' lists. Null: not recorded"
    )


class BodyFields(Serializer):
    """Of a body above practices, but for what came before and after it."""

    code = CharField(help_text="Its NHS code, as text: 5E1 is no number")
    name = CharField(help_text="Its name that day")
    kind = CharField(help_text="What kind of body it is", style=told(words=BodyKind.values))
    gss = CharField(
        allow_blank=True, help_text="Its code of the Office for National Statistics; empty where it has none"
    )
    sha = BodyRef(allow_null=True, help_text="The strategic health authority above it that day")
    longitude = FloatField(
        allow_null=True, help_text="Of the point by which it is put on a map", style=told(unit="degrees, WGS 84")
    )
    latitude = FloatField(
        allow_null=True, help_text="Of the point by which it is put on a map", style=told(unit="degrees, WGS 84")
    )
    opened = DateField(allow_null=True, help_text="Its first day; null: before all records")
    closed = DateField(allow_null=True, help_text="The last day, inclusive")
    practices = IntegerField(
        source="practice_count",
        help_text="GP practices active that day, directly under it",
        style=told(unit="practices"),
    )
    identifiers = ListField(
        child=Identifier(),
        source="identifier_list",
        help_text="Beside code and gss: further codes that it bore that day",
    )
    operational_from = DateField(
        allow_null=True, help_text="The first day on which it operated, where known apart from opened and closed"
    )
    operational_to = DateField(
        allow_null=True, help_text="The last day on which it operated, inclusive; it may come after closed"
    )


class Succeeded(Serializer):
    predecessors = ListField(child=BodySuccession(), help_text="Known at known_at, of any day")
    successors = ListField(child=BodySuccession(), help_text="Known at known_at, of any day")


class Parent(BodyFields, Succeeded):
    pass


class Pct(BodyFields, Succeeded):
    pass


class Sha(Serializer):
    code = CharField(help_text="Its NHS code, as text")
    name = CharField(help_text="Its name that day")
    gss = CharField(
        allow_blank=True, help_text="Its code of the Office for National Statistics; empty where it has none"
    )
    longitude = FloatField(
        allow_null=True, help_text="Of the point by which it is put on a map", style=told(unit="degrees, WGS 84")
    )
    latitude = FloatField(
        allow_null=True, help_text="Of the point by which it is put on a map", style=told(unit="degrees, WGS 84")
    )
    opened = DateField(allow_null=True, help_text="Its first day; null: before all records")
    closed = DateField(allow_null=True, help_text="The last day, inclusive")
    pcts = IntegerField(help_text="Primary care trusts under it that day", style=told(unit="trusts"))
