"""The desk in tests: a browser-less client signed in as one person, and a form sent as its page shows it."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from allauth.mfa.models import Authenticator
from django.test import Client

from registry.authorization import is_department
from registry.models import User

BACKEND = "registry.accounts.backend.WithGrants"


def signed_in(user: User) -> Client:
    """A client of the user's; DH's staff have set up their second step."""
    if is_department(user):
        Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, defaults={"data": {}})
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def day(name: str, text: str) -> dict[str, str]:
    """A date's three boxes, from "1 2 2011"."""
    return {f"{name}_{part}": value for part, value in zip(("day", "month", "year"), text.split(), strict=True)}


def text_of(response: Any) -> str:
    return response.content.decode()


def errors_of(response: Any) -> list[str]:
    """All sentences of the page's form, field errors first."""
    form = response.context["form"]
    return [sentence for sentences in form.errors.values() for sentence in sentences]


def letter_sent(page: Any, **changes: Any) -> dict[str, Any]:
    """What the browser sends from "This is the letter": all that the page carries, and the letter's two boxes."""
    words, form = text_of(page), page.context["form"]
    sent: dict[str, Any] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', words):
        sent.setdefault(name, []).append(unescape(value))
    sent.pop("csrfmiddlewaretoken", None)
    return sent | {name: form[name].value() or "" for name in form.fields} | changes
