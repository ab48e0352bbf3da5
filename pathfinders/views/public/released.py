"""What a release announced, on the page of its wave: its words, the list by region with later corrections, services."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.generic import View

from pathfinders.models import ServiceStatus
from pathfinders.reads import listings
from pathfinders.reads.wave_record import WaveRecord
from pathfinders.region_list import HEADINGS, csv_rows
from pathfinders.views.public.base import PublicDated
from registry.api.delimited import TableWriter
from registry.moment import Moment
from registry.pages.tables import Column, Table

STATUS_TAGS = {
    ServiceStatus.PLANNED: ("Planned", "yellow"),
    ServiceStatus.RUNNING: ("Running", "green"),
    ServiceStatus.STOPPED: ("Stopped", "grey"),
}


def of_wave(record: WaveRecord, then: Moment) -> dict[str, Any]:
    """For the page of a wave. `then`: the day of the announcement, as known at its release."""
    claimed = record.services
    return {
        "regions": listings.as_released(record.listed, then, record.first, record.regions),
        "corrections": listings.corrections(record.listed, record.regions),
        "services": Table(SERVICES, claimed, "Local services claimed", caption_spoken=True) if claimed else None,
    }


def measured(row: dict[str, Any]) -> str:
    """Outpatient referrals: −2.5 per cent (against the year before; a year)."""
    if row["value"] is None:
        return row["measure"]
    value = f"{abs(row['value']):,.2f}".rstrip("0").rstrip(".")
    beside = "; ".join(part for part in (row["comparator"] and f"against {row['comparator']}", row["period"]) if part)
    sign = "−" if row["value"] < 0 else ""
    return f"{row['measure']}: {sign}{value} {row['unit']}" + (f" ({beside})" if beside else "")


SERVICES = (
    Column("scope_name", "Where, or whose"),
    Column("specialty", "Specialty"),
    Column("status", "Status", kind="tag", tags=STATUS_TAGS),
    Column("words", "What is claimed", show=lambda row: f"“{row['words']}”"),
    Column("measure", "Measure", show=measured, empty="none given"),
)


class ListFile(PublicDated, View):
    """The list by region as released, as a CSV file."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        number, user = self.kwargs["number"], request.user
        found = listings.release_of(user, number) if number < 32_768 else None
        if found is None or found[0].opened_by.at > (self.moment.known_at or found[0].opened_by.at):
            raise Http404(f"No wave {number} has been released.")
        then = found[1]
        told = listings.listings_of(user, then, number)
        regions = listings.as_released(told, then, listings.released_rows(user, then, number))
        if not regions:
            raise Http404(f"Wave {number} was released without a list by region.")
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="wave-{number}-as-released.csv"'
        write = TableWriter(response)
        write.writerow(HEADINGS)
        write.writerows(csv_rows(regions))
        return response
