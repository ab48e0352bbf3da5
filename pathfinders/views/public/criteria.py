"""The criteria that bids are judged by, as they were published: a page a set, for ever at its own address."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.views.generic import TemplateView

from pathfinders.models import CriteriaSet, ReleasedDecision
from pathfinders.published import published_sets, scope_names
from pathfinders.views.criteria import sets_table
from pathfinders.views.public.base import Snapshot
from registry.pages import PublicPage


class CriteriaList(PublicPage, Snapshot, TemplateView):
    template_name = "public/criteria.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        table = sets_table(published_sets(self.request.user))
        return super().get_context_data(title="Criteria", table=table, **kwargs)


class CriteriaPage(PublicPage, Snapshot, TemplateView):
    template_name = "public/criteria_set.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        key = kwargs.pop("key")
        scope, _, version = key.rpartition("-")
        known = published_sets(self.request.user, scope) if version.isdecimal() and len(version) < 5 else []
        row = next((r for r in known if r["key"] == key), None)
        if row is None:
            raise Http404("No criteria were published under that name. The sets are listed under “Criteria”.")
        found = CriteriaSet.objects.visible_to(self.request.user).get(scope=scope, version=row["version"])
        later = next((r for r in known if r["version"] == row["version"] + 1), None)
        decided = ReleasedDecision.objects.visible_to(self.request.user).current().filter(criteria=key)
        return super().get_context_data(
            title=f"{scope_names({scope})[scope]} criteria, version {row['version']}",
            crumbs=[("Criteria", "/criteria/")],
            row=row,
            later=later,
            criteria=list(found.criteria.all()),
            others=[r for r in known if r["key"] != key],
            decided=decided.count(),
            **kwargs,
        )
