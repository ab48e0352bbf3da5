"""The description of the API, made from what the views run on: filters, orderings, serializers, docstrings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import django_filters
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, inline_serializer
from rest_framework import serializers

from registry.api.about import API
from registry.api.negotiation import FORMATS

FILES = {
    "csv": OpenApiTypes.STR,
    "ndjson": OpenApiTypes.STR,
    "geojson": OpenApiTypes.OBJECT,
    "xlsx": OpenApiTypes.BINARY,
    "zip": OpenApiTypes.BINARY,
}
WORDS = {
    "as_of": "The day of the world, YYYY-MM-DD; today in London without it.",
    "known_at": "What the register knew: an ISO 8601 time with its zone, or a date for the end of that London day; "
    "its newest entry without it.",
    "fields": "Names of fields, parted by commas; all without it.",
    "ordering": "What to order by, with - before it to reverse.",
    "cursor": "Where a page starts: take it from next or previous.",
    "page_size": "Rows in a page, 1 to 1,000; 100 without it.",
    "format": "The format of the answer; else by the Accept header.",
}


class Fault(serializers.Serializer):
    field = serializers.CharField(allow_null=True, help_text="The parameter or field at fault.")
    code = serializers.CharField(help_text="A stable word for programs.")
    message = serializers.CharField(help_text="What is wrong and what to do.")


class Problem(serializers.Serializer):
    type = serializers.CharField(help_text="about:blank: the status says all that there is to it.")
    title = serializers.CharField(help_text="The status in words.")
    status = serializers.IntegerField(help_text="The status of the answer.")
    detail = serializers.CharField(help_text="What is wrong and what to do, in a sentence.")
    errors = Fault(many=True, help_text="Each parameter or field at fault.")  # type: ignore[assignment]  # the stubs take it for Serializer.errors


class Dates(serializers.Serializer):
    as_of = serializers.DateField(help_text="The day of the world that was used.")
    known_at = serializers.DateTimeField(allow_null=True, help_text="The instant of knowledge that was used.")


ROWS: set[str] = set()
"""Names of the serializers whose fields a reader may pick with `fields`."""


def pickable(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """A hook of the description: no field of a row is promised, for `fields` may leave out any."""
    for name, component in result.get("components", {}).get("schemas", {}).items():
        if name in ROWS:
            component.pop("required", None)
    return result


ENVELOPES: dict[tuple[str, type[serializers.Serializer], bool], type[serializers.Serializer]] = {}
"""The envelopes that were described already: one that several answers share is described once."""


def envelope(
    name: str,
    serializer: type[serializers.Serializer],
    *,
    paged: bool,
    dated: bool = True,
    linked: bool = False,
    beside: Mapping[str, serializers.Field] | None = None,
) -> serializers.Serializer:
    """The answer's envelope around a resource's rows (a list) or row (`result`), with what it tells `beside`."""
    fields: dict[str, Any] = {**(Dates().fields if dated else {}), **(beside or {})}
    ROWS.add(serializer.__name__)
    if paged:
        fields |= {
            "count": serializers.IntegerField(help_text="Rows of the whole list."),
            "next": serializers.URLField(allow_null=True, help_text="The next page, with both dates pinned."),
            "previous": serializers.URLField(allow_null=True, help_text="The page before, with both dates pinned."),
            "results": serializer(many=True, help_text="The rows of the page."),
        }
    else:
        fields["result"] = serializer(help_text="The row.")
        if linked:
            fields["links"] = serializers.DictField(
                child=serializers.CharField(), help_text="Addresses of the row, its page, and the lists about it."
            )
    title = f"{name}{'Page' if paged else 'Result'}"
    known = ENVELOPES.setdefault((title, serializer, dated), type(inline_serializer(title, fields)))
    return known()


class ResourceSchema(AutoSchema):
    """Reads a ResourceView's declarations, so that the description cannot drift from what is accepted."""

    view: Any

    def get_override_parameters(self) -> list[OpenApiParameter]:
        view = self.view
        if not hasattr(view, "allowed_parameters"):
            return []
        filters = view.filters.base_filters if hasattr(view, "filters") else {}
        return [self._parameter(name, filters.get(name)) for name in sorted(view.allowed_parameters())]

    def _parameter(self, name: str, found: django_filters.Filter | None) -> OpenApiParameter:
        kind: Any = str
        choices: list[str] | None = None
        words = getattr(self.view, "words", {}) | WORDS
        if isinstance(found, (django_filters.ChoiceFilter, django_filters.MultipleChoiceFilter)):
            choices = [str(value) for value, _ in found.extra["choices"]]
        elif isinstance(found, django_filters.BooleanFilter):
            kind = bool
        elif found is not None and "Integer" in found.field_class.__name__:
            kind = int
        if name == "format":
            choices = list(self.view.formats)
        if name == "page_size":
            kind = int
        if name == "as_of":
            kind = OpenApiTypes.DATE
        if name == "ordering":
            choices = [sign + o for o in self._orderings() for sign in ("", "-")]
        choices = choices or getattr(self.view, "choices", {}).get(name)
        many = isinstance(found, django_filters.MultipleChoiceFilter)
        label = str(found.label) if found is not None and found.label else words.get(name, "")
        return OpenApiParameter(name, kind, description=label, enum=choices, many=many)

    def _orderings(self) -> list[str]:
        return [*self.view.read.ORDERINGS, *getattr(self.view, "more_orderings", ())]

    def get_response_serializers(self) -> Any:
        view = self.view
        if not hasattr(view, "described"):
            return super().get_response_serializers()
        refusal = OpenApiResponse(Problem, description="Refused, saying which parameter and why.")
        found: dict[Any, Any] = {(200, "application/json"): self._described(view)}
        for form in view.formats:
            if form != "json":
                found[(200, FORMATS[form])] = FILES[form]
        found |= {(code, "application/problem+json"): refusal for code in (400, 401, 403, 406, 429, 503)}
        if "{" in self.path:
            found[(404, "application/problem+json")] = refusal
        return found

    def _described(self, view: Any) -> Any:
        """The answer, or either answer where a parameter changes its rows (an empty page is of both kinds)."""
        if not hasattr(view, "described_otherwise"):
            return view.described()
        found = (view.described(), view.described_otherwise())
        return {"anyOf": [self.resolve_serializer(answer, "response").ref for answer in found]}

    def get_auth(self) -> list[dict[str, Any]]:
        """What is public is read without a key; a key lifts the limit."""
        nobody: list[dict[str, Any]] = [{}] if getattr(self.view, "public", False) else []
        return nobody + super().get_auth()

    def get_operation_id(self) -> str:
        words = [w.strip("{}") for w in self.path.removeprefix(API).strip("/").split("/")]
        return "_".join([*(w.replace("-", "_") for w in words if w), "read"])

    def get_tags(self) -> list[str]:
        return [self.path.removeprefix(API).split("/")[0] or "index"]
