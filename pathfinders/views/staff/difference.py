"""A resubmitted bid beside the one before it, answer by answer, findings beside findings."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.views.generic import TemplateView

from pathfinders.differences import difference
from pathfinders.models import Bid
from pathfinders.views.access import staff_bid
from pathfinders.views.staff.bid import StaffBid


class Difference(StaffBid, TemplateView):
    template_name = "staff/difference.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        bid, user = self.bid, self.request.user
        if bid.earlier is None:
            raise Http404(f"{bid.ref} does not resubmit another bid.")
        old = staff_bid(user, bid.earlier.ref)
        return super().get_context_data(
            title="What differs from the bid before",
            crumbs=self.crumbs,
            home="/staff/bids/",
            bid=bid,
            old=old,
            difference=difference(old, bid, user, self._found(old), self._found(bid)),
            **kwargs,
        )

    def _found(self, bid: Bid) -> dict[str, Any]:
        rows = bid.findings.visible_to(self.request.user).select_related("criterion")
        return {f.criterion.key: f for f in rows}
