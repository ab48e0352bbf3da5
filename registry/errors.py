"""The one error that a refused action raises."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """An action that may not be done, said to a person.

    `code` is a stable word for programs; `message` says what is wrong, where, and what to do; `field` names the
    form field or query parameter it belongs to. `status` is the HTTP status: 400 a question that cannot be
    answered, 403 not allowed, 409 a wrong state or a lost race, 412 a stale version, 422 bad input, 503 not
    just now. `detail` holds
    rows for a page to list (a bulk check, the names that block a release).
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        field: str | None = None,
        status: int = 422,
        detail: list[dict[str, Any]] | None = None,
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.field, self.status = code, message, field, status
        self.detail = detail or []


def not_allowed(message: str) -> Refused:
    return Refused("not_allowed", message, status=403)


def wrong_state(message: str) -> Refused:
    return Refused("wrong_state", message, status=409)


def stale(message: str) -> Refused:
    return Refused("stale", message, status=412)
