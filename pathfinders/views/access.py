"""Who may open the lead's and the staff's pages, and one consistent picture for each page read."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from pathfinders.models import Bid, Wave
from registry.authorization import Permission, require
from registry.moment import read_snapshot


class Guarded:
    """Mixin, first in the bases: `permission` is needed to open the page (403 with the sentence that says which).

    A GET is one snapshot of the register, drawn inside it.
    """

    permission: Permission

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        require(request.user, self.permission)
        if request.method not in ("GET", "HEAD"):
            return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        with read_snapshot():
            response = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
            if hasattr(response, "render") and not response.is_rendered:
                response.render()
        return response


class StaffOnly(Guarded):
    """Programme staff's pages."""

    permission = Permission.SEE_CASEWORK


class LeadOnly(Guarded):
    """Pages of those who draft bids."""

    permission = Permission.DRAFT_BID


def own_bid(user: Any, ref: str) -> Bid:
    """The user's own bid. Anybody else's is not found, so that its reference tells nothing."""
    bid = Bid.objects.visible_to(user).own(user).select_related("lead", "criteria").filter(ref=ref).first()
    if bid is None:
        raise Http404(f"You have no bid {ref}. Your bids are listed under “Your bids”.")
    return bid


def area_bid(user: Any, ref: str) -> Bid:
    """A submitted bid with a practice of the user's PCT or SHA."""
    bid = Bid.objects.in_region(user).select_related("criteria").filter(ref=ref).first()
    if bid is None:
        raise Http404(f"There is no bid {ref} in your area. Those there are, are listed under “Bids in your area”.")
    return bid


def staff_bids(user: Any) -> Any:
    """The bids that staff work on. One of their own is read as its lead does, under /lead/."""
    return Bid.objects.visible_to(user).exclude(pk__in=Bid.objects.own(user))


def staff_bid(user: Any, ref: str) -> Bid:
    bid = staff_bids(user).select_related("lead", "assessor", "wave", "criteria").filter(ref=ref).first()
    if bid is None:
        raise Http404(f"There is no bid {ref} for you to work on.")
    return bid


def staff_wave(user: Any, number: int) -> Wave:
    wave = Wave.objects.visible_to(user).filter(pk=number).first()
    if wave is None:
        raise Http404(f"There is no wave {number}. Waves are listed under “Waves”.")
    return wave
