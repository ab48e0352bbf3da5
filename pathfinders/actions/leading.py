"""The leaders of a bid, and what each could gain (published at release, as `LeaderInterest`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pathfinders.actions.work import text_of, working_on
from pathfinders.models import Bid, BidLeader
from registry import clock
from registry.actions.checks import require_reason
from registry.authorization import Permission
from registry.casework import step
from registry.errors import Refused, wrong_state
from registry.models import User

MOST = 30
ERASED = "Erased."
"""Stands where an erased leader said how they gain: that they said so stays, what they said goes."""


def set_leaders(*, by: User, bid: Bid, version: int, leaders: Sequence[Mapping[str, Any]]) -> Bid:
    """The leaders of a draft or a returned bid, in order: `[{"name", "post", "could_gain", "how"}]`; these and no others.

    Raises Refused on `leaders`: a blank name, no answer to the question, a gain without how; 409 once the leaders'
    answers were announced.
    """
    with working_on(bid, by=by, action="edit", version=version, verb="set_leaders") as draft:
        if draft.was_approved:
            raise wrong_state("What this bid's leaders answered has been published, so it is not changed here.")
        if len(leaders) > MOST:
            raise Refused("too_many", f"Name up to {MOST} leaders.", field="leaders")
        rows = [_leader(draft, n, told) for n, told in enumerate(leaders, start=1)]
        draft.leaders.all().delete()
        BidLeader.objects.bulk_create(rows)
    return draft


def erase_leader(*, by: User, bid: Bid, position: int, reason: str) -> BidLeader:
    """Blank a leader's name, post and words; that a leader answered, and what, stays. The case log keeps who and why.

    Raises Refused: 403; 409 where it was done already; 422 without a reason.
    """
    reason = require_reason(reason, "reason")
    with step(
        by=by, action="erase_leader", permission=Permission.MANAGE_USERS, bid=bid.ref, leader=position, reason=reason
    ):
        Bid.objects.select_for_update(no_key=True).get(pk=bid.pk)
        leader = bid.leaders.select_for_update().filter(position=position).first()
        if leader is None:
            raise Refused("no_leader", f"{bid.ref} names no leader {position}.", field="position")
        if leader.erased_at is not None:
            raise wrong_state(f"Leader {position} of {bid.ref} has been erased already.")
        leader.name = leader.post = ""
        leader.how = ERASED if leader.could_gain else ""
        leader.erased_at = clock.real_now()
        leader.save()
    return leader


def _leader(bid: Bid, position: int, told: Mapping[str, Any]) -> BidLeader:
    name = " ".join(text_of(told.get("name"), field="leaders", what="A leader's name", most=200).split())
    post = text_of(told.get("post"), field="leaders", what="A leader's post", most=200)
    how = text_of(told.get("how"), field="leaders", what="How a leader could gain", most=2_000)
    gains = told.get("could_gain")
    if not name:
        raise Refused("blank", f"Leader {position} has no name: enter it.", field="leaders")
    if gains not in (True, False):
        raise Refused("unanswered", f"Say whether {name} or their practice could gain.", field="leaders")
    if gains and not how:
        raise Refused("how_missing", f"Say how {name} or their practice could gain.", field="leaders")
    return BidLeader(
        bid=bid, position=position, name=name, post=post, could_gain=bool(gains), how=how if gains else ""
    )
