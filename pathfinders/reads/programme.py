"""Which consortium stands in which pathfinder at a moment."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet

from pathfinders.models import ProgrammePlace
from pathfinders.reads.joins import on_day
from registry.moment import Moment

BASES = ("announced", "live")


def standing_places(user: Any, moment: Moment, basis: str = "announced") -> QuerySet:
    """Places in pathfinders announced (or, by `basis="live"`, gone live) by the day; `_of` is the pathfinder's
    particulars. Announcement is the first day of the facts; going live is a dated attribute (domain.md rule 11)."""
    places = (
        ProgrammePlace.objects.visible_to(user)
        .at(moment)
        .annotate(_of=on_day("pathfinder__particulars", moment))
        .filter(_of__announced_on__lte=moment.as_of)
    )
    return places.filter(_of__goes_live_on__lte=moment.as_of) if basis == "live" else places


def pathfinder_refs(user: Any, moment: Moment, consortium: str) -> ArraySubquery:
    """The references of the pathfinders that a consortium stands in; `consortium` is the outer path to its key."""
    places = standing_places(user, moment).filter(consortium=OuterRef(consortium))
    return ArraySubquery(places.order_by("pathfinder__ref").values("pathfinder__ref"))
