"""Published snapshots: what there is, the newest, one with its files. They are of no date but their own."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import F, QuerySet, Sum

from pathfinders.models import PublishedFile, PublishedSnapshot, SnapshotWhy
from pathfinders.reads import known
from pathfinders.reads.filtering import ReadFilters, WholeNumberFilter
from registry.errors import Refused
from registry.moment import Moment

KEY = ("as_of", "number")
ORDERINGS = {"as_of": F("as_of"), "entry": F("number")}
LATEST = "latest"


def rows(user: Any, moment: Moment) -> QuerySet:
    return PublishedSnapshot.objects.visible_to(user).values(
        "ref",
        "as_of",
        "why",
        "wave",
        known_at=F("entry__at"),
        number=F("entry_id"),
        entry_hash=F("entry__hash"),
        bytes=Sum("files__size"),
    )


class Filters(ReadFilters):
    why = django_filters.ChoiceFilter(choices=SnapshotWhy.choices, label="Why it was made")
    wave = WholeNumberFilter(label="Wave", known=known.WAVE)


def newest(user: Any) -> PublishedSnapshot | None:
    """What `latest` is: of the latest day, as known last."""
    found = PublishedSnapshot.objects.visible_to(user).select_related("entry")
    return found.order_by("-as_of", "-entry_id").first()


def one(user: Any, ref: str) -> PublishedSnapshot | None:
    """By its reference, or `latest`."""
    if ref == LATEST:
        return newest(user)
    return PublishedSnapshot.objects.visible_to(user).select_related("entry").filter(pk=ref[:30]).first()


def files(user: Any, snapshot: PublishedSnapshot) -> list[PublishedFile]:
    return list(PublishedFile.objects.visible_to(user).filter(snapshot=snapshot).order_by("pk"))


def shown(user: Any, nights: int = 10) -> list[PublishedSnapshot]:
    """For a page: those of every release, and the newest of the others; newest first."""
    found = PublishedSnapshot.objects.visible_to(user).select_related("entry")
    others = found.exclude(why=SnapshotWhy.RELEASE).order_by("-as_of", "-entry_id")[:nights]
    both = [*found.filter(why=SnapshotWhy.RELEASE), *others]
    return sorted(both, key=lambda s: (s.as_of, s.entry_id), reverse=True)


def in_order(older: PublishedSnapshot, newer: PublishedSnapshot) -> None:
    """A difference is told from what was known first. Raises Refused (400) for the other way round."""
    if (older.entry_id, older.as_of) > (newer.entry_id, newer.as_of):
        raise Refused(
            "wrong_order",
            f"{older} knows more than {newer}: name the older first, as in {newer} and {older}.",
            status=400,
        )
