"""A pathfinder that an announcement listed under the wrong region: corrected, with the reason, beside the list."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import Http404

from pathfinders.actions import correct_region
from pathfinders.forms.announcement import CorrectRegionForm
from pathfinders.models import PathfinderParticulars, WaveListing
from pathfinders.region_list import names_of
from pathfinders.views.access import StaffOnly
from pathfinders.views.steps import StepPage
from practices.models import BodyKind, BodyParticulars
from registry.authorization import Permission


class CorrectRegion(StaffOnly, StepPage):
    """What stands, where it is, why."""

    permission = Permission.CHANGE_REGISTER
    template_name = "staff/correct_region.html"
    form_class = CorrectRegionForm
    button = "Correct the region"
    done = "The region was corrected"

    @cached_property
    def listing(self) -> WaveListing:
        ref = self.kwargs["ref"]
        found = WaveListing.objects.visible_to(self.request.user).current().filter(pathfinder__ref=ref)
        listing = found.select_related("pathfinder").first()
        if listing is None:
            raise Http404(f"No announcement lists {ref} under a region.")
        return listing

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        return [("Waves", "/staff/waves/"), (f"Wave {self.listing.wave}", f"/staff/waves/{self.listing.wave}/")]

    @property
    def back(self) -> tuple[str, str]:
        return ("Cancel", self.get_success_url())

    def get_form_kwargs(self) -> dict[str, Any]:
        day = self.listing.effective.lower
        bodies = BodyParticulars.objects.visible_to(self.request.user).current()
        shas = bodies.filter(kind=BodyKind.SHA, effective__contains=day).order_by("name")
        return super().get_form_kwargs() | {"regions": list(shas.values_list("body__code", "name"))}

    def get_initial(self) -> dict[str, Any]:
        return {"region": self.listing.region}

    def act(self, form: Any) -> None:
        correct_region(by=self.request.user, pathfinder=self.listing.pathfinder, **form.cleaned_data)  # type: ignore[arg-type]

    def get_success_url(self) -> str:
        return f"/staff/waves/{self.listing.wave}/announcement/"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        listing, day = self.listing, self.listing.effective.lower
        particulars = PathfinderParticulars.objects.visible_to(self.request.user).current()
        own = particulars.filter(pathfinder=listing.pathfinder).order_by("effective")
        name = own.values_list("name", flat=True).first() or listing.pathfinder.ref
        return super().get_context_data(
            title=f"Correct the region of {name}",
            listing=listing,
            name=name,
            region=names_of([listing.region], day).get(listing.region, "no region"),
            **kwargs,
        )
