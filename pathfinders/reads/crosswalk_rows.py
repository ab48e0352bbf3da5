"""What may be asked of a crosswalk: which kinds and days, which of its rows, in which order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django_filters
from django.core.validators import MaxValueValidator, MinValueValidator

from pathfinders.reads import known
from pathfinders.reads.crosswalk import KINDS, Crosswalk, crosswalk, question
from pathfinders.reads.filtering import CodeFilter, ReadFilters
from practices.models import ParentBody
from registry.errors import Refused
from registry.moment import FIRST_DAY, LAST_DAY, Moment

KEY = ("source", "target")
Row = dict[str, Any]
ORDERINGS: dict[str, Callable[[Row], Any]] = {
    "source": lambda row: (row["source_code"] is None, row["source_code"] or "", _other(row, "target")),
    "target": lambda row: (row["target_code"] is None, row["target_code"] or "", _other(row, "source")),
    "practices": lambda row: row["practices"],
    "people": lambda row: row["people"],
    "people_share": lambda row: (row["people_share"] is not None, row["people_share"] or 0),
}


def _other(row: Row, end: str) -> tuple[bool, str]:
    return row[f"{end}_code"] is None, row[f"{end}_code"] or ""


def asked(user: Any, moment: Moment, wanted: dict[str, Any]) -> tuple[Crosswalk, list[Row]]:
    """The crosswalk of the words of `Filters`, and those of its rows that they take in, in their own order. Raises
    Refused (400) where a body of a kind is asked of a crosswalk that has none of that kind."""
    found = crosswalk(user, moment, question(user, moment, wanted["source"], wanted["target"], wanted["from_day"]))
    kinds = {"source": found.asked.source, "target": found.asked.target}
    rows = found.rows
    for kind in KINDS:
        code = _code(wanted[kind])
        if code:
            ends = [end for end, of in kinds.items() if of == kind]
            if not ends:
                words = (
                    f"This crosswalk goes from {kinds['source']} to {kinds['target']}: it has no {kind} to ask for."
                )
                raise Refused("bad_value", words, field=kind, status=400)
            rows = [row for row in rows if any(row[f"{end}_code"] == code for end in ends)]
    for name, end in (("code", "source"), ("target_code", "target")):
        if code := _code(wanted[name]):
            rows = [row for row in rows if row[f"{end}_code"] == code]
    if wanted["left_out"]:
        lacking = wanted["left_out"] == "true"
        rows = [row for row in rows if (None in (row["source_code"], row["target_code"])) is lacking]
    return found, rows


def _code(text: str | None) -> str:
    return (text or "").strip().upper()


class Filters(ReadFilters):
    """They check what is asked; `asked` answers it."""

    source = django_filters.ChoiceFilter(choices=list(KINDS.items()), label="From; primary care trusts without it")
    target = django_filters.ChoiceFilter(
        choices=list(KINDS.items()),
        label="To; CCGs without it, or consortia where there are no CCGs on the day",
    )
    from_day = django_filters.DateFilter(
        label="The day of the source, YYYY-MM-DD; without it the day before as_of, for PCTs and SHAs 31 March 2013 at "
        "the latest",
        input_formats=["%Y-%m-%d"],
        validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)],
    )
    code = CodeFilter(label="The source’s code or reference", known=known.ANY)
    target_code = CodeFilter(label="The target’s code or reference", known=known.ANY)
    pct = CodeFilter(label="Primary care trust, at either end", known=known.PCT)
    consortium = CodeFilter(label="Consortium, at either end", known=known.CONSORTIUM)
    ccg = CodeFilter(label="Clinical commissioning group, at either end", known=known.CCG)
    sha = CodeFilter(label="Strategic health authority, at either end", known=known.SHA)
    left_out = django_filters.ChoiceFilter(
        choices=[("true", "Only what lacks a source or a target"), ("false", "Only what has both")],
        label="true: only the rows that lack a source or a target; false: only the others",
    )

    def __init__(self, data: Any = None, queryset: Any = None, **more: Any) -> None:
        super().__init__(data, ParentBody.objects.none() if queryset is None else queryset, **more)
