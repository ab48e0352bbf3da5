"""Who may open the lead's and the staff's pages, and one consistent picture for each page read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from pathfinders.actions.embargo import Told, record_embargo_views
from pathfinders.models import Bid, Wave
from registry.authorization import Permission, require
from registry.moment import read_snapshot


class Guarded:
    """Mixin, first in the bases: `permission` is needed to open the page (403 with the sentence that says which).

    A GET is one snapshot of the register, drawn inside it. Whoever is shown what is under embargo (`embargoed`) is
    recorded before the answer leaves: where that cannot be written, nothing is shown.
    """

    permission: Permission

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        require(request.user, self.permission)
        response = self._answer(request, *args, **kwargs)
        if shown(request, response):
            record_embargo_views(by=request.user, path=request.path, told=self.embargoed())  # type: ignore[arg-type]
        return response

    def embargoed(self) -> Iterable[Told]:
        """The waves and bids of whose undisclosed outcome the page that was answered tells: (wave, bid)."""
        return ()

    def _answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        with read_snapshot(settings.READ_SECONDS):
            response = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
            if hasattr(response, "render") and not response.is_rendered:
                response.render()
        return response


def shown(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether the answer showed the page: to a GET, to a POST that asks for a figure, or again to a form that was
    refused."""
    again = request.method == "POST" and isinstance(response, TemplateResponse)
    return again or (request.method in ("GET", "POST") and response.status_code == 200)


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
