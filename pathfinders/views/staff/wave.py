"""One wave: what it is, what comes next, its dates, its bids, what was done; other parts of the page are under `parts`."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.views.generic import TemplateView

from pathfinders.models import WaveState
from pathfinders.views.access import staff_bids
from pathfinders.views.shown import OUTCOME_TAGS, STAFF_TAGS
from pathfinders.views.staff.parts.announcement import announcement
from pathfinders.views.staff.parts.release_status import release_status
from pathfinders.views.staff.parts.simulator import simulator
from pathfinders.views.staff.waves import WAVE_TAGS, WAVES, OneWave
from registry.authorization import Permission, may
from registry.pages.tables import Column, Table


class WavePage(OneWave, TemplateView):
    """The builder: bids in the wave, what a release would make of it, what stands in the way."""

    template_name = "staff/wave.html"
    columns = (
        Column("ref", "Reference", href="/staff/bids/{ref}/"),
        Column("name", "Name"),
        Column("state", "State", kind="tag", tags=STAFF_TAGS),
        Column("outcome", "Outcome", kind="tag", tags=OUTCOME_TAGS),
        Column("practice_count", "Practices", kind="number"),
        Column("assessor", "Assessor", show=lambda bid: bid.assessor, empty="Nobody"),
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        wave, user = self.wave, self.request.user
        bids = staff_bids(user).filter(wave=wave).select_related("assessor")
        rows = list(bids.annotate(practice_count=Count("practices")).order_by("name", "ref"))
        return super().get_context_data(
            title=f"Wave {wave.number}",
            crumbs=[WAVES],
            wave=wave,
            wave_tag=WAVE_TAGS[WaveState(wave.state)],
            table=Table(self.columns, rows, "Bids in the wave", caption_spoken=True),
            bids=rows,
            may_date=may(user, Permission.MANAGE_WAVES),
            may_release=may(user, Permission.RELEASE_WAVE) and not self.withheld,
            open=wave.state != WaveState.RELEASED,
            withheld=self.withheld,
            **self.simulation(),
            **simulator(wave, user, self.request.GET, self.withheld),
            **announcement(wave, user, self.withheld),
            **release_status(wave, user, self.withheld),
            **kwargs,
        )
