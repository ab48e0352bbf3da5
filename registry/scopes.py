"""What a token may be used for, within what its person may do: a person signed in on the pages has all of it."""

from __future__ import annotations

from enum import StrEnum


class Scope(StrEnum):
    """One part of the API. The value is a stable word; `SENTENCES` says it to a person."""

    READ = "read"
    BIDS = "bids"
    MEMBERSHIP = "membership"
    DECISIONS = "decisions"


SENTENCES: dict[Scope, str] = {
    Scope.READ: "read what you may read",
    Scope.BIDS: "draft, send and keep bids, and answer them for a practice",
    Scope.MEMBERSHIP: "keep memberships: claim, end, correct, transfer, ask, attest",
    Scope.DECISIONS: "work on bids for the programme: findings, opinions, returns, decisions",
}
