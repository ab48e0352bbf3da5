"""What a person can read of the site, byte by byte: to compare two moments, or two people."""

from __future__ import annotations

import http.client
import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client

FREE_HEADERS = ("date", "expires")
"""The clock's, which may differ between two answers that tell the same. A test that stops
the clock compares all there are."""
COUNTED = "ratelimit"
"""How often this reader may still ask: it differs with each asking, and comes from that alone."""
COOKIE_EXPIRES = re.compile(r"(?<=; )expires=[^;]+; ")
CSRF_TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value=")[^"]+')
CSRF_COOKIE = "0123456789abcdefghijklmnopqrstuv"  # sent along, so that no page sets one
BACKEND = "registry.accounts.backend.WithGrants"


class Answer(NamedTuple):
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


Ask = Callable[[str], Answer]


def session(user: Any) -> Client:
    """A client of the test's own, signed in as this user; nobody for None."""
    client = Client(HTTP_HOST="localhost")
    if user is not None:
        client.force_login(user, backend=BACKEND)
    client.cookies[settings.CSRF_COOKIE_NAME] = CSRF_COOKIE
    return client


def in_process(user: Any, *, free: Iterable[str] = FREE_HEADERS) -> Ask:
    """Ask through Django's test client, inside the test's transaction."""
    client = session(user)

    def ask(path: str) -> Answer:
        response: Any = client.get(path)
        cookies = [("Set-Cookie", morsel.OutputString()) for morsel in response.cookies.values()]
        return _answer(response.status_code, [*response.items(), *cookies], response.getvalue(), free)

    return ask


def over_http(address: str, user: Any) -> Ask:
    """Ask a served site, over one connection."""
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in session(user).cookies.items())
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=120)

    def ask(path: str) -> Answer:
        connection.request("GET", path, headers={"Cookie": cookies} if user is not None else {})
        response = connection.getresponse()
        return _answer(response.status, response.getheaders(), response.read())

    return ask


def _answer(
    status: int, headers: Iterable[tuple[str, str]], body: bytes, free: Iterable[str] = FREE_HEADERS
) -> Answer:
    free = (*free, COUNTED)
    kept = sorted((name.lower(), COOKIE_EXPIRES.sub("", value)) for name, value in headers if name.lower() not in free)
    return Answer(status, tuple(kept), CSRF_TOKEN.sub(rb"\1...", body))


def read(ask: Ask, paths: Iterable[str]) -> dict[str, Answer]:
    return {path: ask(path) for path in paths}


LINK = re.compile(rb'href="(/[^"#]*)')


def links(answers: dict[str, Answer]) -> set[str]:
    """The addresses on this site that these pages link to."""
    found = (link.decode().replace("&amp;", "&") for a in answers.values() for link in LINK.findall(a.body))
    return {link for link in found if not link.startswith(("/static/", "/accounts/"))}


def differences(before: dict[str, Answer], after: dict[str, Answer]) -> list[str]:
    """Each answer that differs, with the first place at which it does."""
    return [f"{path}: {_first(before[path], after[path])}" for path in before if before[path] != after[path]]


def _first(one: Answer, two: Answer) -> str:
    if one.status != two.status:
        return f"{one.status} became {two.status}"
    if one.headers != two.headers:
        return f"headers {sorted(set(one.headers) ^ set(two.headers))}"
    pairs = zip(one.body, two.body, strict=False)
    at = next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one.body), len(two.body)))
    return f"at byte {at}: {one.body[at - 60 : at + 60]!r} became {two.body[at - 60 : at + 60]!r}"
