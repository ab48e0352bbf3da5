"""What every write of the API is made of: the token's scope, the body, the version that was read, acting once."""

from __future__ import annotations

import io
import re
from typing import Any, ClassVar

from django.http import HttpResponse
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.request import Request
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from registry.api import idempotency, questions
from registry.api.schema import Problem
from registry.api.scopes import require_scope
from registry.errors import Refused
from registry.scopes import Scope

LARGEST = 2_500_000
"""Bytes of a body, unless a view takes more."""
CODES = (400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 429)
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="The version that was last read, in quotes.",
)
IDEMPOTENCY_KEY = OpenApiParameter(
    idempotency.HEADER,
    {"type": "string", "minLength": 1, "maxLength": 255},
    OpenApiParameter.HEADER,
    description="A word of the client's, new for each write: the same request sent again within 7 days is answered as "
    "the first time, with Idempotency-Replayed, and acts no second time.",
)


class WriteView(APIView):
    """A POST that calls an action: `act(request, **kwargs)`."""

    scope: ClassVar[Scope]
    largest: ClassVar[int] = LARGEST
    http_method_names = ["post", "options"]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        require_scope(request, self.scope)

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        return idempotency.once(request, body_of(request, self.largest), lambda: self.act(request, **kwargs))

    def act(self, request: Request, **kwargs: Any) -> HttpResponse:
        raise NotImplementedError


class WriteSchema(AutoSchema):
    """Describes a write by what its view says: `operation`, `tag`, `body`, `versioned`, `answers()`."""

    view: Any

    def get_operation_id(self) -> str:
        return str(self.view.operation)

    def get_tags(self) -> list[str]:
        return [self.view.tag]

    def get_override_parameters(self) -> list[OpenApiParameter]:
        return [*([IF_MATCH] if self.view.versioned else []), IDEMPOTENCY_KEY]

    def get_request_serializer(self) -> Any:
        return self.view.body

    def get_response_serializers(self) -> Any:
        return self.view.answers()


def answered(described: Any, *statuses: int) -> dict[Any, Any]:
    """What a write answers, and how it is refused."""
    refusal = OpenApiResponse(Problem, description="Refused, saying why.")
    found: dict[Any, Any] = {(status, "application/json"): described for status in statuses or (200,)}
    return found | {(code, "application/problem+json"): refusal for code in CODES}


def body_of(request: Request, largest: int = LARGEST) -> bytes:
    """The body's bytes, which are then still there to be understood. Raises Refused (413) for one that is too long."""
    http = request._request
    if not hasattr(http, "_body"):
        length = http.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > largest:
            raise Refused("too_large", f"The body is larger than {largest // 1_000:,} kB.", status=413)
        # as HttpRequest.body does, whose own limit is of forms
        http._body = http.read()  # type: ignore[attr-defined]
        http._stream = io.BytesIO(http._body)  # type: ignore[attr-defined]
    return http.body


def understood(body: type[Serializer], request: Request) -> dict[str, Any]:
    """The body's fields; Refused 422 with every field at fault, an unknown one too."""
    if not isinstance(request.data, dict):
        raise Refused("not_an_object", "Send the step's fields as a JSON object.", status=400)
    questions.refuse_unknown(request.GET, {"format"})
    return valid(body, request.data)


def valid(body: type[Serializer], given: dict[str, Any]) -> dict[str, Any]:
    found = body(data=given)
    faults: list[dict[str, Any]] = [
        {"field": name, "code": "unknown_field", "message": f"“{name[:80]}” is not a field of this step."}
        for name in given
        if name not in found.fields
    ]
    if not found.is_valid():
        faults += [
            {"field": name, "code": "invalid", "message": f"{name}: {_flat(said)}"}
            for name, said in found.errors.items()
        ]
    if faults:
        first, *more = faults  # the refusal is itself the first fault
        raise Refused(first["code"], first["message"], field=first["field"], detail=more)
    return dict(found.validated_data)


def _flat(said: Any) -> str:
    if isinstance(said, dict):
        return " ".join(f"{key}: {_flat(value)}" for key, value in said.items())
    return " ".join(_flat(one) for one in said) if isinstance(said, list) else str(said)


def version_of(request: Request) -> int:
    """The version in If-Match: a number, in quotes or not."""
    header = request.headers.get("If-Match", "")
    if not header:
        said = 'Give the version that you last read as If-Match, such as If-Match: "3".'
        raise Refused("no_version", said, field="If-Match", status=428)
    found = re.fullmatch(r'(?:W/)?"?(\d{1,9})"?', header.strip())
    if found is None:
        raise Refused("bad_version", 'If-Match is a version in quotes, such as "3".', field="If-Match", status=400)
    return int(found[1])
