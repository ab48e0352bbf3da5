"""The decision register: released decisions in words, and how many there are of which kind."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from pathfinders.models import Criterion, FindingValue, Outcome, Reason, ReleasedDecision
from pathfinders.published import scope_names
from pathfinders.reads import decisions as read
from pathfinders.reads.joins import together
from pathfinders.reads.register import AMONG, links, rule, summary
from pathfinders.views.public.base import PublicList, PublicRecord
from pathfinders.views.shown import OUTSIDE_TAG
from registry.pages.forms import long_date
from registry.pages.tables import Column, Table

Row = dict[str, Any]

OUTCOME_TAGS = {
    Outcome.APPROVED: ("Approved", "green"),
    Outcome.CONDITIONS: ("Approved with conditions", "aqua-green"),
    Outcome.DEFERRED: ("Deferred", "yellow"),
    Outcome.DECLINED: ("Declined", "red"),
}
BREAK = mark_safe("<br>")
UNNAMED = "Not named: its lead did not agree to be"


class Words:
    """Codes of reasons and criteria in words. One question, asked when first needed."""

    @cached_property
    def _words(self) -> list[list[tuple[Any, ...]]]:
        reasons = Reason.objects.visible_to(None).order_by()
        criteria = Criterion.objects.visible_to(None).order_by()
        of = Concat("set__scope", Value("-"), Cast("set__version", CharField()))
        return together(
            reasons.values_list("key", Value("", CharField()), "label", "outside_criteria"),
            criteria.values_list(of, "key", "title", Value(False)),
        )

    @cached_property
    def reasons(self) -> dict[str, tuple[str, bool]]:
        """Reason -> its label, and whether it is outside the published criteria."""
        return {key: (label, outside) for key, _, label, outside in self._words[0]}

    @cached_property
    def criteria(self) -> dict[tuple[str, str], str]:
        """(set, criterion) -> title, as ("national-1", "qipp")."""
        return {(of, key): title for of, key, title, _ in self._words[1]}

    def reason_list(self, row: dict[str, Any]) -> list[str]:
        return [self._reason(code) for code in row["reason_codes"] or ()]

    def _reason(self, code: str) -> str:
        """A reason outside the published criteria is said to be one wherever it shows (domain.md rule 13)."""
        label, outside = self.reasons.get(code, (code, False))
        return f"{label} ({OUTSIDE_TAG.lower()})" if outside else label

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
    template_name = "public/decisions.html"
    api_path = "/api/v1/decisions/"
    lead = (
        "Decisions on bids to be a pathfinder, with their reasons and the finding on each published criterion. A "
        "decision is published when its wave is released. A bid that was not approved is named only if its lead "
        "agreed to it. A decision that was overtaken by a later one on the same bid stays here."
    )
    shown_filters = {"wave": "Wave", "sha": "SHA", "outcome": "Outcome", "reason": "Reason", "bid": "Bid"}

    def choices(self) -> dict[str, list[tuple[str, str]]]:
        reasons = Reason.objects.visible_to(self.request.user)
        shas = ReleasedDecision.objects.visible_to(self.request.user).current().exclude(sha="")
        names = scope_names(set(shas.order_by().values_list("sha", flat=True).distinct()))
        return {"reason": [(r.key, r.label) for r in reasons], "sha": sorted(names.items(), key=lambda n: n[1])}

    def get_columns(self) -> list[Column]:
        cells = Cells(self.dates)
        return [
            Column("bid", "Bid", sort="bid", show=cells.bid),
            Column("wave", "Wave", href="/waves/{wave}/" + self.dates, sort="wave"),
            Column("name", "Group", show=cells.name),
            Column("outcome", "Outcome", show=cells.outcome),
            Column("decided_on", "Decided", sort="decided_on", show=cells.decided),
            Column("reason_codes", "Reasons and conditions", show=cells.reasons),
            Column("findings", "Findings", show=cells.findings),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        figures = summary(self.request.user, self.moment)
        return super().get_context_data(
            figures=linked("national", figures, {}, self.dates)[0] if figures else None,
            groupings=[(label, self.link("/decisions/summary/", by=by)) for by, label in GROUPINGS.items()],
            **kwargs,
        )


class Cells:
    """The cells of a decision's row."""

    def __init__(self, dates: str) -> None:
        self.words, self.dates = Words(), dates

    def bid(self, row: Row) -> Any:
        number = f"decision {row['number']}" if row["number"] > 1 or not row["standing"] else ""
        overtaken = (
            "" if row["standing"] else mark_safe(' <strong class="nhsuk-tag nhsuk-tag--grey">Overtaken</strong>')
        )
        return format_html('<div><span class="site-nowrap">{}</span> {}{}</div>', row["bid"], number, overtaken)

    def name(self, row: Row) -> Any:
        sha = f" ({row['sha_name'] or row['sha_code']})" if row["sha_code"] else ""
        if row["pathfinder_ref"]:
            shown = row["pathfinder_name"] or row["name"]
            href = f"/pathfinders/{row['pathfinder_ref']}/{self.dates}"
            return format_html('<div><a class="nhsuk-link" href="{}">{}</a>{}</div>', href, shown, sha)
        return f"{row['name'] or UNNAMED}{sha}"

    def outcome(self, row: Row) -> Any:
        label, colour = OUTCOME_TAGS[row["outcome"]]
        outside = format_html('<br><strong class="nhsuk-tag nhsuk-tag--orange">{}</strong>', OUTSIDE_TAG)
        return format_html(
            '<div><strong class="nhsuk-tag nhsuk-tag--{}">{}</strong>{}</div>',
            colour,
            label,
            outside if row["outside_criteria"] else "",
        )

    def decided(self, row: Row) -> str:
        by = f", by {row['decided_by_name']}" if row["decided_by_name"] else ""
        for_whom = f", on behalf of {row['on_behalf_of']}" if row["on_behalf_of"] else ""
        since = f" ({_days(row)} after submission)" if row["submitted_on"] else ""
        return f"{long_date(row['decided_on'])}{since}{by}{for_whom}"

    def reasons(self, row: Row) -> Any:
        told = [*self.words.reason_list(row), *(f"Condition: {_condition(c)}" for c in row["conditions"])]
        return format_html("<div>{}</div>", format_html_join(BREAK, "{}", ((t,) for t in told))) if told else ""

    def findings(self, row: Row) -> Any:
        return format_html("<div>{}</div>", format_html_join(BREAK, "{}: {}", self.words.finding_list(row)))


class DecisionSummary(PublicRecord):
    """Figures of the register under one grouping, each linked to the decisions that it counts."""

    template_name = "public/decision_summary.html"
    crumbs = (("Decisions", "/decisions/"),)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        by = self.request.GET.get("by") or "wave"
        among = {name: self.request.GET[name] for name in AMONG if self.request.GET.get(name)}
        rows = linked(by, summary(self.request.user, self.moment, by, **among), among, self.dates)
        told = ", ".join(f"{name} {value}" for name, value in among.items())
        query = urlencode({"by": by} | among)
        return super().get_context_data(
            title=f"Decisions by {'region' if by == 'sha' else by}" + (f" ({told})" if told else ""),
            by=by,
            rule=rule(self.moment),
            table=Table(figure_columns(by), rows, "Figures of the decisions", caption_spoken=True),
            groupings=[
                (label, self.link("/decisions/summary/", by=b, **among), b == by) for b, label in GROUPINGS.items()
            ],
            api_href=f"/api/v1/decisions/summary/?{query}&explain=1{self.dates.replace('?', '&')}",
            csv_href=f"/api/v1/decisions/summary/?{query}&format=csv{self.dates.replace('?', '&')}",
            xlsx_href=f"/api/v1/decisions/summary/?{query}&format=xlsx{self.dates.replace('?', '&')}",
            citation=self.cite([f"{r['name']}: {r['bids']} bids, {r['approved']} approved" for r in rows]),
            **kwargs,
        )


GROUPINGS = {
    "wave": "By wave",
    "sha": "By SHA",
    "criterion": "By criterion",
    "reason": "By reason",
    "outcome": "By outcome",
}


def figure_columns(by: str) -> list[Column]:
    def number(name: str, label: str) -> Column:
        return Column(name, label, kind="number", href=lambda row: row["hrefs"].get(name) if row[name] else None)

    columns = [Column("name", GROUPINGS.get(by, "England").removeprefix("By ").capitalize()), number("bids", "Bids")]
    if by == "criterion":
        return [
            *columns,
            *(number(value, label) for value, label in FindingValue.choices),
            number("approved", "Approved"),
        ]
    columns += [
        number("approved", "Approved"),
        number("deferred", "Deferred"),
        number("declined", "Declined"),
        Column("approval_percent", "Approved %", kind="number", show=lambda row: f"{row['approval_percent']:g}%"),
        Column("median_days", "Median days", kind="number", show=lambda row: _median(row), empty="Not known"),
        number("outside_criteria", "Outside the criteria"),
    ]
    return columns


def linked(by: str, rows: list[Row], among: dict[str, str], dates: str) -> list[Row]:
    """The figures with the address of the list behind each (`hrefs`)."""
    dated = dates.replace("?", "&", 1)
    for row in rows:
        row |= row["findings"] or {}
        row["hrefs"] = {n: f"/decisions/?{query}{dated}" for n, query in links(by, row["key"], among).items()}
    return rows


def _median(row: Row) -> str:
    return "" if row["median_days"] is None else f"{row['median_days']:g}"


def _days(row: Row) -> str:
    days = (row["decided_on"] - row["submitted_on"]).days
    return f"{days:,} day{'' if days == 1 else 's'}"


def _condition(told: dict[str, Any]) -> str:
    """A condition with its date; JSON holds dates as text."""
    due = long_date(date.fromisoformat(told["due_on"]))
    met = f", discharged {long_date(date.fromisoformat(told['discharged_on']))}" if told["discharged_on"] else ""
    return f"{told['text']} (by {due}{met})"
