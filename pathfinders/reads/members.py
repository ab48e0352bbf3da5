"""Members that count, as seen from their consortium, pathfinder or wave."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from consortia.models import Membership
from pathfinders.reads.england import england
from pathfinders.reads.joins import area, eligible_q, on_day, with_parent
from pathfinders.reads.tally import NOBODY, members
from registry.moment import Moment

FIGURES = ("practices", "practices_confirmed", "people", "pcts", "shas")


def with_figures(
    user: Any, moment: Moment, rows: list[dict[str, Any]], *, by: str, key: str, scope: str = "pathfinder"
) -> list[dict[str, Any]]:
    """Add `FIGURES` to each row, counted as coverage counts, so that a list and the coverage page can never differ."""
    found = members(england(user, moment), by, "announced", scope) if rows else {}
    for row in rows:
        row.update({f: found.get(str(row[key]), NOBODY)[f] for f in FIGURES})
    return rows


def has_member(moment: Moment, path: str, **areas: str) -> Exists:
    """Whether the outer row has an eligible member under this PCT or SHA; `path` leads from membership to it."""
    standing = Membership.objects.at(moment).annotate(
        _status=on_day("practice__statuses", moment), _own=on_day("practice__particulars", moment)
    )
    located = with_parent(standing, moment, prefix="practice__").alias(**area())
    codes = {name: code.strip().upper() for name, code in areas.items()}
    return Exists(_through(located, moment, path).filter(eligible_q("practice__"), **codes))


def _through(members: QuerySet, moment: Moment, path: str) -> QuerySet:
    if path == "consortium":
        return members.filter(consortium=OuterRef("pk"))
    standing = moment.q("consortium__programme_places__")
    return members.filter(standing, **{path: OuterRef("pk")})
