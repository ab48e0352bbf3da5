"""Primary care trusts, care trusts among them, as they were on a day. After 31 March 2013 there are none."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from pathfinders.reads import parents
from pathfinders.reads.parents import KEY, ORDERINGS, finish
from practices.models import PCT_KINDS
from registry.moment import Moment

__all__ = ["KEY", "ORDERINGS", "Filters", "finish", "rows"]


def rows(user: Any, moment: Moment) -> QuerySet:
    return parents.rows(user, moment).filter(kind__in=PCT_KINDS)


class Filters(parents.Filters):
    pass
