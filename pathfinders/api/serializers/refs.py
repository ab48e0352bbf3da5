"""What names another row inside a row."""

from __future__ import annotations

from rest_framework.serializers import (
    CharField,
    Serializer,
)

from practices.models import BodyKind
from registry.api.dictionary import told


class BodyRef(Serializer):
    code = CharField(help_text="Its NHS code")
    name = CharField(allow_null=True, help_text="Its name that day")


class ParentRef(BodyRef):
    kind = CharField(allow_null=True, help_text="What kind of body it is", style=told(words=BodyKind.values))


class GroupRef(Serializer):
    ref = CharField(help_text="Its reference")
    name = CharField(allow_null=True, help_text="Its name that day")


class PersonRef(Serializer):
    ref = CharField(help_text="The person's reference")
    name = CharField(help_text="Blank once the person is erased")
