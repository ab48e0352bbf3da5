"""The list of practices, and how lists of practices show one."""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, QuerySet

from pathfinders.reads import practices as read
from pathfinders.reads import shas
from pathfinders.reads.joins import eligible_q
from pathfinders.views.public.base import PublicList
from registry.pages.tables import Column

STATUS_TAGS = {
    "active": ("Active", "green"),
    "closed": ("Closed", "red"),
    "dormant": ("Dormant", "grey"),
    "proposed": ("Proposed", "yellow"),
}
MEMBERSHIP_TAGS = {
    "claimed": ("Claimed", "blue"),
    "confirmed": ("Confirmed", "green"),
    "disputed": ("Disputed", "orange"),
    "undecided": ("Undecided", "yellow"),
    "allocated": ("Allocated", "purple"),
}
PRACTICE = Column("code", "Code", href="/practices/{code}/", sort="code")
NAME = Column("name", "Name", sort="name")
PATIENTS = Column("list_size", "Patients", kind="number", sort="list_size")
QUARTER = Column("list_size_quarter", "List of", show=lambda row: quarter_words(row))


def quarter_words(row: dict[str, Any]) -> str:
    """The quarter of a list size, and that it is a later one where it is (domain.md rule 6)."""
    quarter = row["list_size_quarter"]
    return f"{quarter} (later)" if quarter and row["list_size_basis"] == "later" else quarter or ""


def with_counts(rows: QuerySet) -> QuerySet:
    """Rows of practices with `counts`: whether each counts in coverage (domain.md rule 5)."""
    return rows.annotate(counts=ExpressionWrapper(eligible_q(), output_field=BooleanField()))


class PracticeList(PublicList):
    title = "Practices"
    noun = ("practice", "practices")
    read = read
    api_path = "/api/v1/practices/"
    lead = (
        "GP practices and other units that prescribe, by their NHS code, as they were on the day shown. Those that "
        "have closed are kept. Only active GP practices of England (setting 4) count in coverage."
    )
    shown_filters = {
        "q": "Name, code or postcode",
        "status": "Status",
        "eligible": "Counts in coverage",
        "sha": "Strategic health authority",
        "pct": "PCT code",
        "consortium": "Consortium reference",
        "wave": "Wave",
        "membership_status": "Membership",
    }
    columns = (
        PRACTICE,
        NAME,
        Column("postcode", "Postcode", sort="postcode"),
        Column("status", "Status", kind="tag", tags=STATUS_TAGS),
        PATIENTS,
        QUARTER,
        Column("pct_code", "PCT", href="/pcts/{pct_code}/"),
        Column("consortium_name", "Consortium", href="/consortia/{consortium_ref}/"),
    )

    def choices(self) -> dict[str, list[tuple[str, str]]]:
        regions = shas.rows(self.request.user, self.moment).order_by("name").values_list("code", "name")
        return {"sha": list(regions), "eligible": [("true", "Yes"), ("false", "No")]}
