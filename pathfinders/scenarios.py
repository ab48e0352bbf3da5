"""Which bids a scenario of a wave may hold, and which would be its pathfinders as things stand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from pathfinders.models import APPROVALS, Bid, BidState, Outcome, Wave, WaveState
from pathfinders.states import OPEN_STATES


def candidates(user: Any, wave: Wave) -> QuerySet[Bid]:
    """The wave's own bids; those recommended for approval that no wave has told of yet; those deferred that were not
    bid again. None of the user's own."""
    recommended = Q(state=BidState.ASSESSED, recommendation__in=APPROVALS)
    recommended &= Q(wave=None) | ~Q(wave__state=WaveState.RELEASED) | Q(released_number__gt=0)
    deferred = Q(state__in=(BidState.DECIDED, BidState.RELEASED), outcome=Outcome.DEFERRED, later=None)
    mine = Q(wave=wave, state__in=OPEN_STATES)
    seen = Bid.objects.visible_to(user).exclude(pk__in=Bid.objects.own(user))
    return seen.filter(mine | recommended | deferred)


def as_it_stands(wave: Wave, bids: Iterable[Bid], pathfinders: Iterable[str] = ()) -> set[str]:
    """References of the wave's bids that are approved, or recommended while they are undecided; a pathfinder
    (`pathfinders`: references of their bids) that nobody recommends anything of yet stands."""
    standing = set(pathfinders)
    return {bid.ref for bid in bids if bid.wave_id == wave.pk and _approved(bid, bid.ref in standing)}


def _approved(bid: Bid, stands: bool) -> bool:
    if bid.state == BidState.DECIDED:
        return bid.outcome in APPROVALS
    return bid.recommendation in APPROVALS or (stands and not bid.recommendation)
