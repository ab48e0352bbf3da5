"""The home page: what the register counts on a day, how that came about, and where to go from there."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import SafeString

from pathfinders.reads import layers, pcts
from pathfinders.reads.glance import glance
from pathfinders.views.public.bars import parts_context
from pathfinders.views.public.base import PublicRecord, dated
from pathfinders.views.public.growth import COLUMNS, chart, embedding
from pathfinders.views.public.mapped import drawn_map
from pathfinders.views.public.pcts import coverage_words
from registry.pages.tables import Table


class HomePage(PublicRecord):
    template_name = "public/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = glance(self.request.user, self.moment)
        left_out = f"{found.left_out:,} of {found.eligible:,} active GP practices were in no consortium"
        return super().get_context_data(
            title="GP commissioning pathfinders",
            found=found,
            row=found.row,
            chart=chart(found.waves, found.row["denominator"]["value"]),
            waves=Table(dated(COLUMNS, self.dates), found.waves, "Waves so far", caption_spoken=True, compact=True),
            embed=embedding(found.waves, self.moment, self.dates),
            map=self._map(),
            **parts_context(self.request.user, self.moment, self.dates),
            empty=self.moment.known_at is None,
            citation=self.cite([coverage_words(found.row), left_out]),
            **kwargs,
        )

    def _map(self) -> SafeString | None:
        """People in pathfinders, trust by trust; None on a day without trusts."""
        user, moment = self.request.user, self.moment
        trusts = pcts.rows(user, moment).order_by("code").values("code", "name", "sha_code")
        values = layers.values(user, moment, "coverage", trusts)
        return drawn_map(values, layers.layer(user, moment, "coverage"), self.dates) if values else None
