"""An SHA's own criteria, published by its assessors beside the national ones (domain.md rule 13)."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.views.generic import TemplateView

from pathfinders.models import NATIONAL
from pathfinders.published import published_sets, scope_names
from pathfinders.views.access import Guarded
from pathfinders.views.criteria import PublishCriteria, sets_table
from registry.authorization import Permission, objects_of

OWN = ("Your criteria", "/pct/criteria/")


class SHAOnly(Guarded):
    permission = Permission.PUBLISH_LOCAL_CRITERIA


class Criteria(SHAOnly, TemplateView):
    template_name = "staff/criteria.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        own = objects_of(user, "sha_assessor")  # type: ignore[arg-type]
        names = scope_names(own)
        return super().get_context_data(
            title="Your criteria",
            about="A bid that names a practice of your region answers your criteria beside the national ones, where "
            "they were published by the bid’s date.",
            table=sets_table(published_sets(user, NATIONAL, *own)),
            publish=[(f"/pct/criteria/{code}/", f"Publish criteria of {names[code]}") for code in sorted(own)],
            **kwargs,
        )


class PublishLocal(SHAOnly, PublishCriteria):
    back = ("Cancel", "/pct/criteria/")
    crumbs = (OWN,)

    @property
    def scope(self) -> str:  # type: ignore[override]
        code = self.kwargs["scope"]
        if code not in objects_of(self.request.user, "sha_assessor"):  # type: ignore[arg-type]
            raise Http404("That is not a region of yours. Yours are listed under “Your criteria”.")
        return code

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        name = scope_names({self.scope})[self.scope]
        about = f"These are the criteria of {name}, which bids with a practice of the region answer beside the national ones."
        return super().get_context_data(**kwargs) | {"title": f"Publish criteria of {name}", "about": about}
