"""The list sizes of some practices as of a day (domain.md rules 6 and 8)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from practices.models import ListSize
from registry.models.fact import Lower


@dataclass(frozen=True)
class Patients:
    """A list size: the latest quarter up to the day, otherwise the earliest later one (domain.md rule 6)."""

    count: int
    quarter: str
    later: bool


def list_sizes(practices: Collection[int], day: date) -> dict[int, Patients]:
    """Each practice's list size as of the day; no key where none is known."""
    known = (
        ListSize.objects.current()
        .filter(practice__in=practices)
        .annotate(_from=Lower("effective"))
        .order_by("practice", "_from")
    )
    found: dict[int, Patients] = {}
    for practice, start, quarter, patients in known.values_list("practice", "_from", "quarter", "patients"):
        later = start > day
        if not later or practice not in found:
            found[practice] = Patients(patients, quarter, later)
    return found


def people(practices: Iterable[int], day: date) -> tuple[int, int]:
    """People registered with these distinct practices, and how many of the practices have no list (rule 8)."""
    distinct = set(practices)
    lists = list_sizes(distinct, day)
    return sum(p.count for p in lists.values()), len(distinct) - len(lists)
