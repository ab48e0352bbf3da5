"""Errors as application/problem+json (RFC 9457): type, title, status, detail, errors [{field, code, message}]."""

from __future__ import annotations

import logging
import os
import traceback
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.signals import got_request_exception
from django.http import Http404, JsonResponse
from rest_framework import exceptions
from rest_framework.views import set_rollback

from registry import metrics
from registry.errors import Refused
from registry.patience import was_stopped

log = logging.getLogger(__name__)
BUSY_SECONDS = 10
MEDIA_TYPE = "application/problem+json"
NEEDS_TOKEN = (
    "This needs a token, in the header “Authorization: Token …”. Who has an account makes one at /accounts/tokens/."
)
NO_TOKEN = (
    "The token is not one that is good now: it is mistyped, has expired or was revoked. Give it as “Authorization: Token "
    "…”, or make another at /accounts/tokens/."
)


def problem(status: int, detail: str, errors: Iterable[dict[str, Any]] = ()) -> JsonResponse:
    """One shape for every error; `errors` names each parameter or field at fault."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "errors": list(errors),
    }
    response = JsonResponse(body, status=status, content_type=MEDIA_TYPE, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "no-store"
    return response


def fault(field: str | None, code: str, message: str) -> dict[str, Any]:
    return {"field": field, "code": code, "message": message}


def handle(error: Exception, context: dict[str, Any]) -> JsonResponse:
    """DRF's exception handler: everything that goes wrong in the API, a defect too, leaves as a problem."""
    set_rollback()
    if isinstance(error, Refused):
        rows = [
            fault(row.get("field"), row.get("code", error.code), str(row.get("message", ""))) for row in error.detail
        ]
        response = problem(error.status, error.message, [fault(error.field, error.code, error.message), *rows])
        if error.status == HTTPStatus.SERVICE_UNAVAILABLE:
            response["Retry-After"] = str(BUSY_SECONDS)
        return response
    if was_stopped(error):
        return too_slow()
    if _is_nested_too_deeply(error):
        said = "The body’s lists and objects stand inside each other too deeply to be read."
        return problem(400, said, [fault(None, "nested_too_deeply", said)])
    if isinstance(error, Http404):
        said = str(error)
        return problem(404, said if said.endswith(".") else "There is nothing at this address.")
    if isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if isinstance(error, exceptions.APIException):
        return _of_drf(_in_our_words(error, context))
    log.exception("the API failed at %s", context["request"].path)
    got_request_exception.send(sender=type(context["view"]), request=context["request"]._request)
    return problem(500, "Something went wrong on our side; it has been logged. Try again later.")


def _is_nested_too_deeply(error: Exception) -> bool:
    """Python's reader of JSON gives up at a depth that no body of ours has."""
    if not isinstance(error, RecursionError):
        return False
    return traceback.extract_tb(error.__traceback__)[-1].filename.endswith(os.path.join("json", "decoder.py"))


def too_slow() -> JsonResponse:
    """The problem that answers a read that Postgres gave up."""
    metrics.count(metrics.TOO_SLOW)
    said = (
        "The register took too long over this question and stopped. Ask for less at once: a filter such as sha= or "
        "pct=, a smaller page_size, fewer fields; or take the whole list as a file, format=csv or format=ndjson."
    )
    response = problem(503, said, [fault(None, "too_slow", said)])
    response["Retry-After"] = "60"
    return response


def _in_our_words(error: exceptions.APIException, context: dict[str, Any]) -> exceptions.APIException:
    """What to do, where the framework's sentence only says what is wrong."""
    if isinstance(error, exceptions.NotAuthenticated):
        error.detail = exceptions.ErrorDetail(NEEDS_TOKEN, "not_authenticated")
    elif isinstance(error, exceptions.AuthenticationFailed) and str(error.detail).startswith("Invalid token"):
        error.detail = exceptions.ErrorDetail(NO_TOKEN, "authentication_failed")
    elif isinstance(error, exceptions.MethodNotAllowed):
        takes = ", ".join(context["view"].allowed_methods)
        said = f"This address does not take {context['request'].method}: it takes {takes}."
        error.detail = exceptions.ErrorDetail(said, "method_not_allowed")
    return error


def _of_drf(error: exceptions.APIException) -> JsonResponse:
    code = error.get_codes() if isinstance(error.detail, str) else "invalid"
    response = problem(error.status_code, _sentence(error), [fault(None, str(code), _sentence(error))])
    if scheme := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = scheme
    if seconds := getattr(error, "wait", None):
        response["Retry-After"] = str(int(seconds) + 1)
    return response


def _sentence(error: exceptions.APIException) -> str:
    return str(error.detail) if isinstance(error.detail, str) else "The request was not understood."
