"""The record of a strategic health authority: its PCTs, and how much of it pathfinders cover."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect

from pathfinders.reads import consortia, pathfinders, pcts
from pathfinders.reads.coverage import coverage
from pathfinders.views.public.bars import parts_context
from pathfinders.views.public.base import dated
from pathfinders.views.public.bodies import BodyPage
from pathfinders.views.public.history import tables
from pathfinders.views.public.pcts import COLUMNS, coverage_words
from pathfinders.views.public.transition.clusters import cluster_of
from practices.models import BodyKind
from registry.pages.tables import Table


class ShaPage(BodyPage):
    template_name = "public/sha.html"
    noun = "strategic health authority"

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.named.kind != BodyKind.SHA:
            return HttpResponseRedirect(self.link(f"/pcts/{self.body.code}/"))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, moment, code = self.request.user, self.moment, self.body.code
        row = next((r for r in coverage(user, moment, by="sha") if r["key"] == code), None) if self.own else None
        below = pcts.Filters({"sha": code}, pcts.rows(user, moment), moment=moment, checked=False).qs.order_by("code")
        trusts = pcts.finish(user, moment, list(below))
        columns = [c for c in COLUMNS if c.key != "sha_name"]
        return super().get_context_data(
            **self.life(),
            code=code,
            coverage=row,
            practices_under=sum(r["practice_count"] for r in trusts),
            trusts=Table(dated(columns, self.dates), trusts, "PCTs on the day", caption_spoken=True),
            consortia=self._members(consortia),
            pathfinders=self._members(pathfinders),
            **(parts_context(user, moment, self.dates, sha=code) if row else {}),
            **(cluster_of(user, moment, self.body) if self.own else {}),
            **tables(self.own_lines()),
            citation=self.cite([coverage_words(row)] if row else [f"{self.body.code} did not exist on the day"]),
            **kwargs,
        )

    def _members(self, read: Any) -> int:
        rows = read.rows(self.request.user, self.moment)
        return read.Filters({"sha": self.body.code}, rows, moment=self.moment, checked=False).qs.count()
