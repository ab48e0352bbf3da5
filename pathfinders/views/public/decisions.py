"""Decisions of released waves: outcome, reasons and findings in words."""

from __future__ import annotations

from typing import Any

from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from pathfinders.models import Criterion, FindingValue, Outcome, Reason
from pathfinders.reads import decisions as read
from pathfinders.views.public.base import PublicList
from registry.pages.tables import Column

OUTCOME_TAGS = {
    Outcome.APPROVED: ("Approved", "green"),
    Outcome.CONDITIONS: ("Approved with conditions", "aqua-green"),
    Outcome.DEFERRED: ("Deferred", "yellow"),
    Outcome.DECLINED: ("Declined", "red"),
}
BREAK = mark_safe("<br>")
UNNAMED = "Not named: its lead did not agree to be"


class Words:
    """Codes of reasons and criteria in words. Two questions, asked when first needed."""

    @cached_property
    def reasons(self) -> dict[str, Reason]:
        return {reason.key: reason for reason in Reason.objects.visible_to(None)}

    @cached_property
    def criteria(self) -> dict[tuple[str, str], str]:
        """(set, criterion) -> title, as ("national-1", "qipp")."""
        found = Criterion.objects.visible_to(None).select_related("set")
        return {(criterion.set.key, criterion.key): criterion.title for criterion in found}

    def reason_list(self, row: dict[str, Any]) -> list[str]:
        return [self._reason(code) for code in row["reason_codes"] or ()]

    def _reason(self, code: str) -> str:
        """A reason outside the published criteria is said to be one wherever it shows (domain.md rule 13)."""
        reason = self.reasons.get(code)
        if reason is None:
            return code
        return f"{reason.label} (outside the published criteria)" if reason.outside_criteria else reason.label

    def finding_list(self, row: dict[str, Any]) -> list[tuple[str, str]]:
        said = dict(FindingValue.choices)
        return [
            (
                self.criteria.get((row["criteria"], f["criterion"]), f["criterion"]),
                said.get(f["finding"], f["finding"]),
            )
            for f in row["findings"]
        ]


class DecisionList(PublicList):
    title = "Decisions"
    noun = ("decision", "decisions")
    read = read
    api_path = "/api/v1/decisions/"
    lead = (
        "Decisions on bids to be a pathfinder, with their reasons and the finding on each published criterion. A "
        "decision is published when its wave is released. A bid that was not approved is named only if its lead "
        "agreed to it."
    )
    shown_filters = {"wave": "Wave", "outcome": "Outcome", "bid": "Bid"}

    def get_columns(self) -> list[Column]:
        words, dates = Words(), self.dates

        def name(row: dict[str, Any]) -> Any:
            if row["pathfinder_ref"]:
                shown = row["pathfinder_name"] or row["name"]
                href = f"/pathfinders/{row['pathfinder_ref']}/{dates}"
                return format_html('<a class="nhsuk-link" href="{}">{}</a>', href, shown)
            return row["name"] or UNNAMED

        def reasons(row: dict[str, Any]) -> Any:
            if not row["reason_codes"]:
                return ""
            return format_html("<div>{}</div>", format_html_join(BREAK, "{}", ((r,) for r in words.reason_list(row))))

        def findings(row: dict[str, Any]) -> Any:
            return format_html("<div>{}</div>", format_html_join(BREAK, "{}: {}", words.finding_list(row)))

        return [
            Column("bid", "Bid", sort="bid"),
            Column("wave", "Wave", href="/waves/{wave}/" + dates, sort="wave"),
            Column("name", "Group", show=name),
            Column("outcome", "Outcome", kind="tag", tags=OUTCOME_TAGS),
            Column("decided_on", "Decided", kind="date", sort="decided_on"),
            Column("reason_codes", "Reasons", show=reasons),
            Column("findings", "Findings", show=findings),
        ]
