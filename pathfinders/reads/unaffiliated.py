"""Practices that count in coverage and are in no consortium on the day: the "left out" page (domain.md rule 20).

Why, where somebody was asked; the deadline as planned on the day; and the consortia with members in the same PCT, which is
no more than that: membership is never derived from geography (rule 23).
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import django_filters
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce

from consortia.models import MembershipWord, WordKind
from pathfinders.reads import known, practices
from pathfinders.reads.england import england
from pathfinders.reads.filtering import CodeFilter, ReadFilters, WordFilter
from pathfinders.reads.joins import nothing_at, on_day
from pathfinders.reads.practices import KEY, ORDERINGS
from registry.moment import Moment
from transitions.milestones import deadline, is_open

__all__ = ["KEY", "ORDERINGS", "Filters", "finish", "nearby", "reason_choices", "rows"]
NOT_ASKED = "not_asked"
NOT_ASKED_WORDS = "Not asked"
COLUMNS = (
    "name",
    "postcode",
    "opened",
    "list_size",
    "list_size_quarter",
    "list_size_basis",
    "pct_code",
    "pct_name",
    "sha_code",
    "sha_name",
    "longitude",
    "latitude",
    "parent_code",
    "parent_name",
    "parent_kind",
)


def rows(user: Any, moment: Moment) -> QuerySet:
    wanted = practices.columns(user, moment)
    joined = practices.joined(user, moment).annotate(_why=on_day("reasons_left_out", moment))
    lone = practices.eligible(joined).filter(nothing_at("_consortium"))
    return lone.values(
        "code",
        **{name: wanted[name] for name in COLUMNS},
        reason=Coalesce("_why__reason", Value(NOT_ASKED)),
        reason_said_by=F("_why__said_by"),
    )


def finish(user: Any, moment: Moment, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add what holds of the day or of the row's PCT: the deadline, whether each is an open item, the consortia near."""
    limit = deadline(user, moment) if rows else None
    there = nearby(user, moment) if rows else {}
    told = {
        "compliance": "open" if is_open(limit, moment.as_of) else "none",
        "deadline": limit.day if limit else None,
        "days_to_deadline": (limit.day - moment.as_of).days if limit else None,
    }
    for row in rows:
        row |= told
        row["consortia_nearby"] = there.get(row["pct_code"], [])
    return rows


def nearby(user: Any, moment: Moment) -> dict[str | None, list[str]]:
    """By PCT, the references of the consortia with a member there that counts. Practices under no PCT have none near."""
    found: dict[str | None, set[str]] = defaultdict(set)
    for cell in england(user, moment).cells:
        if cell.consortium and cell.pct:
            found[cell.pct].add(cell.consortium)
    return {pct: sorted(refs) for pct, refs in found.items()}


def reason_choices() -> list[tuple[str, str]]:
    """The reasons, ended ones too, and that nobody was asked."""
    words = MembershipWord.objects.of(WordKind.LEFT_OUT).values_list("key", "label")
    return [*words, (NOT_ASKED, NOT_ASKED_WORDS)]


class Filters(ReadFilters):
    code = CodeFilter(label="Practice code", known=known.PRACTICE)
    q = django_filters.CharFilter(method="search", label="Name, code or postcode")
    postcode = django_filters.CharFilter(method="by_postcode", label="Postcode or its beginning")
    sha = CodeFilter("sha_code", label="Strategic health authority", known=known.SHA)
    pct = CodeFilter("pct_code", label="Primary care trust", known=known.PCT)
    parent = CodeFilter("parent_code", label="Parent body", known=known.BODY)
    reason = WordFilter("reason", label="Recorded reason", known=known.Words(lambda moment: dict(reason_choices())))

    search = practices.Filters.search
    by_postcode = practices.Filters.by_postcode
