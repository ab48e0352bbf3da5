"""The files of a bid, given out to those who may read it: its lead, programme staff, its PCTs and SHAs."""

from __future__ import annotations

import logging
from typing import Any

from django.http import FileResponse, Http404
from django.views import View

from pathfinders.models import Attachment, Bid
from pathfinders.views.access import Guarded, LeadOnly, StaffOnly, own_bid, staff_bid
from registry.authorization import Permission
from registry.files.documents import KINDS
from registry.files.keeping import path_of

log = logging.getLogger(__name__)
HEADERS = {
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
}
"""No cache keeps it, and no browser runs what might be in it."""


class BidFile(View):
    """One file, always as a download. A file of another bid is not found."""

    def bid(self) -> Bid:
        raise NotImplementedError

    def get(self, request: Any, ref: str, pk: int) -> FileResponse:
        row = Attachment.objects.visible_to(request.user).filter(bid=self.bid(), pk=pk).first()
        if row is None:
            raise Http404("There is no such file in this bid. It may have been taken out.")
        try:
            file = path_of(row.sha256).open("rb")
        except FileNotFoundError:
            log.error("the bytes of attachment %s of %s are gone", row.pk, ref)
            raise Http404("The register has lost this file. Tell a programme administrator.") from None
        kind = KINDS[row.kind]
        return FileResponse(file, as_attachment=True, filename=row.name, content_type=kind.media_type, headers=HEADERS)


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
