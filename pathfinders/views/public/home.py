"""The home page: what the register counts on a day, and where to go from there."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q

from pathfinders.reads import practices, waves
from pathfinders.reads.coverage import coverage
from pathfinders.views.public.base import PublicRecord, dated
from pathfinders.views.public.pcts import coverage_words
from pathfinders.views.public.waves import COLUMNS
from registry.pages.tables import Table


class HomePage(PublicRecord):
    template_name = "public/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, moment = self.request.user, self.moment
        row = coverage(user, moment)[0]
        counted = practices.eligible(practices.joined(user, moment)).aggregate(
            eligible=Count("pk"), left_out=Count("pk", filter=Q(_consortium=None))
        )
        eligible, left_out = counted["eligible"], counted["left_out"]
        rows = waves.finish(user, moment, list(waves.rows(user, moment).order_by("number")))
        return super().get_context_data(
            title="GP commissioning pathfinders",
            row=row,
            eligible=eligible,
            left_out=left_out,
            in_consortia=eligible - left_out,
            waves=Table(dated(COLUMNS, self.dates), rows, "Waves released by the day", caption_spoken=True)
            if rows
            else None,
            empty=moment.known_at is None,
            citation=self.cite(
                [coverage_words(row), f"{left_out:,} of {eligible:,} active GP practices were in no consortium"]
            ),
            **kwargs,
        )
