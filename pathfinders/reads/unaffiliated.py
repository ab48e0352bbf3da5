"""Practices that count in coverage and are in no consortium on the day: the "left out" page (domain.md rule 20)."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet

from pathfinders.reads import practices
from pathfinders.reads.filtering import CodeFilter, ReadFilters
from pathfinders.reads.practices import KEY, ORDERINGS
from registry.moment import Moment

__all__ = ["KEY", "ORDERINGS", "Filters", "rows"]
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
    lone = practices.eligible(practices.joined(user, moment)).filter(_consortium=None)
    return lone.values("code", **{name: wanted[name] for name in COLUMNS})


class Filters(ReadFilters):
    q = django_filters.CharFilter(method="search", label="Name, code or postcode")
    sha = CodeFilter("sha_code", label="Strategic health authority")
    pct = CodeFilter("pct_code", label="Primary care trust")
    parent = CodeFilter("parent_code", label="Parent body")

    search = practices.Filters.search
