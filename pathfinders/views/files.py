"""The files of a bid, given out to those who may read it: its lead, programme staff, its PCTs and SHAs."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404
from django.views import View

from pathfinders.models import Attachment, Bid
from pathfinders.views.access import Guarded, LeadOnly, StaffOnly, own_bid, staff_bid
from registry.authorization import Permission
from registry.files.giving import given


class BidFile(View):
    """One file, always as a download. A file of another bid is not found."""

    def bid(self) -> Bid:
        raise NotImplementedError

    def get(self, request: Any, ref: str, pk: int) -> FileResponse:
        row = Attachment.objects.visible_to(request.user).filter(bid=self.bid(), pk=pk).first()
        if row is None:
            raise Http404("There is no such file in this bid. It may have been taken out.")
        return given(row.sha256, row.name, row.kind, f"attachment {row.pk} of {ref}")


class LeadFile(LeadOnly, BidFile):
    def bid(self) -> Bid:
        return own_bid(self.request.user, self.kwargs["ref"])


class StaffFile(StaffOnly, BidFile):
    def bid(self) -> Bid:
        return staff_bid(self.request.user, self.kwargs["ref"])


class RegionFile(Guarded, BidFile):
    permission = Permission.SEE_REGION_CASEWORK

    def bid(self) -> Bid:
        ref = self.kwargs["ref"]
        found = Bid.objects.in_region(self.request.user).filter(ref=ref).first()
        if found is None:
            raise Http404(f"There is no bid {ref} in your area.")
        return found
