"""Which snapshot is to be made next: of each day that has ended, and of each release."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser

from pathfinders.models import PublishedSnapshot, SnapshotWhy, WaveRelease
from registry import clock
from registry.models import Entry


def next_due() -> dict[str, Any] | None:
    """The arguments of `take_snapshot`: last night's first, then the newest release that has none.

    Last night's is of the day that has ended, as known at its end, whenever it is made. Nights on which nothing ran
    are not made up for: both dates can be asked of the API.
    """
    return _night(clock.today() - timedelta(days=1)) or _release()


def _night(day: date) -> dict[str, Any] | None:
    entry = Entry.objects.filter(at__lte=clock.end_of_london_day(day)).order_by("-number").first()
    if entry is None or PublishedSnapshot.objects.filter(as_of=day, entry=entry).exists():
        return None
    return {"as_of": day, "entry": entry, "why": SnapshotWhy.NIGHT}


def _release() -> dict[str, Any] | None:
    """The day of an announcement, as known at the release."""
    facts = WaveRelease.objects.visible_to(AnonymousUser()).select_related("opened_by")
    first = facts.order_by("wave", "opened_by_id").distinct("wave")
    made = set(PublishedSnapshot.objects.values_list("as_of", "entry_id"))
    due = [fact for fact in first if (fact.announced_on, fact.opened_by_id) not in made]
    if not due:
        return None
    newest = max(due, key=lambda fact: fact.opened_by_id)
    return {
        "as_of": newest.announced_on,
        "entry": newest.opened_by,
        "why": SnapshotWhy.RELEASE,
        "wave": newest.wave,
    }
