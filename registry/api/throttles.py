"""How often one address, one person and one token may ask, and the headers that tell a client where it stands.

Each has a quota for a window that starts with its first request (rates are settings). An anonymous reader is counted
by address, an IPv6 one by its network of 64 bits; a signed-in one by person, and by token where it came with one, so
that one program of a person cannot use up what the others need. An answer "unchanged" (304) is given back; every
other, a refusal too, is counted. A token that is none is counted against its address before it is looked up.

Counted in memory that all workers share (`registry.tallies`): a read must not cost a write to the database. The
headers are `RateLimit-Policy` and `RateLimit` of the IETF's draft-ietf-httpapi-ratelimit-headers, and `Retry-After`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from knox.models import AuthToken
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from registry import tallies


@dataclass(frozen=True)
class Standing:
    """Where a client stands after a request."""

    policy: str
    quota: int
    window: int
    key: str
    used: int
    seconds: int

    @property
    def left(self) -> int:
        return max(self.quota - self.used, 0)


class Quota(SimpleRateThrottle):
    """One policy. What it counts is kept on the request, for the headers."""

    policy = ""
    num_requests: int
    duration: int
    standing: Standing | None = None

    def allow_request(self, request: Request, view: Any) -> bool:
        who = self.get_cache_key(request, view)
        if who is None:
            return True
        self.standing = self.take(who)
        _standings(request._request).append(self.standing)
        return self.standing.used <= self.standing.quota

    def take(self, who: str, by: int = 1) -> Standing:
        key = f"{self.policy}:{who}"
        used, seconds = tallies.add(key, self.duration, by)
        return Standing(self.policy, self.num_requests, self.duration, key, used, math.ceil(seconds))

    def wait(self) -> float | None:
        return self.standing.seconds if self.standing else None


class AddressThrottle(Quota):
    """Who is not signed in."""

    scope, policy = "anon", "address"

    def get_cache_key(self, request: Any, view: Any) -> str | None:
        return None if request.user and request.user.is_authenticated else of_address(self, request)


class PersonThrottle(Quota):
    """All that one person's programs and sessions ask together."""

    scope, policy = "user", "person"

    def get_cache_key(self, request: Any, view: Any) -> str | None:
        return str(request.user.pk) if request.user and request.user.is_authenticated else None


class TokenThrottle(Quota):
    scope, policy = "token", "token"

    def get_cache_key(self, request: Any, view: Any) -> str | None:
        return request.auth.digest[:32] if isinstance(request.auth, AuthToken) else None


class GuessThrottle(Quota):
    """Tokens that are none, by address: apart, so that one who asked too much without a token may go on with one."""

    scope, policy = "anon", "wrong-tokens"


def refuse_guesses(request: Request) -> None:
    """Before a token is looked up: raises Throttled for an address that has sent too many wrong ones."""
    throttle = GuessThrottle()
    standing = throttle.take(of_address(throttle, request), by=0)
    if standing.used >= standing.quota:
        _standings(request._request).append(standing)
        raise Throttled(standing.seconds)


def of_address(throttle: Quota, request: Any) -> str:
    """Whose address the request comes from: the proxy's word for it, where there is a proxy."""
    return network(throttle.get_ident(request))


def network(address: str | None) -> str:
    """An IPv4 address; of an IPv6 one the network, for whoever has one address there has them all."""
    try:
        found = ip_address((address or "").partition("%")[0])
    except ValueError:
        return (address or "")[:64]
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return found.exploded[:19]


def settle(request: HttpRequest, response: HttpResponseBase) -> None:
    """The headers of an answer of the API. A 304 is given back; one who was not let in is counted by address."""
    standings = _standings(request)
    if not standings and response.status_code == 401:
        throttle = GuessThrottle() if request.headers.get("Authorization") else AddressThrottle()
        standings = [throttle.take(of_address(throttle, request))]
    if response.status_code == 304:
        for standing in standings:
            tallies.add(standing.key, standing.window, -1)
    if not standings:
        return
    back = 1 if response.status_code == 304 else 0
    response["RateLimit-Policy"] = ", ".join(f'"{s.policy}";q={s.quota};w={s.window}' for s in standings)
    response["RateLimit"] = ", ".join(f'"{s.policy}";r={min(s.left + back, s.quota)};t={s.seconds}' for s in standings)


def _standings(request: HttpRequest) -> list[Standing]:
    found: list[Standing] | None = getattr(request, "quota_standings", None)
    if found is None:
        found = []
        request.quota_standings = found  # type: ignore[attr-defined]
    return found
