"""What releases announced: the words, the list by region as released, and how it was corrected since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery

from pathfinders.models import PathfinderParticulars, WaveListing, WaveRelease
from pathfinders.reads import pathfinders
from pathfinders.region_list import NO_REGION, Listed, Region, in_regions
from registry.moment import Moment


@dataclass(frozen=True)
class Correction:
    """A pathfinder that stood under the wrong region. `was`, `now`: the regions' names; `at`: when
    the register was told, by which entry and why."""

    ref: str
    name: str
    was: str
    now: str
    at: datetime
    entry: int
    reason: str


def release_of(user: Any, wave: int) -> tuple[WaveRelease, Moment] | None:
    """The fact by which a wave was released, the first that the register ever said of it, and its moment: the day of the
    announcement, as known at the release."""
    facts = WaveRelease.objects.visible_to(user).filter(wave=wave).select_related("opened_by").order_by("opened_by")
    first = facts.first()
    return (first, Moment(first.announced_on, first.opened_by.at, latest=False)) if first else None


def released_rows(user: Any, moment: Moment, wave: int) -> dict[str, dict[str, Any]]:
    """The wave's pathfinders at a moment, with their figures, by reference."""
    rows = list(pathfinders.rows(user, moment).filter(wave=wave).order_by("ref"))
    return {row["ref"]: row for row in pathfinders.counted(user, moment, rows)}


def listings_of(user: Any, moment: Moment, wave: int) -> list[WaveListing]:
    """Every listing of a wave that the register had made by the moment, those taken back included, by pathfinder."""
    own = PathfinderParticulars.objects.known(moment).filter(pathfinder=OuterRef("pathfinder"), wave=wave)
    facts = WaveListing.objects.visible_to(user).filter(wave=wave, opened_by__at__lte=moment.known_at)
    named = facts.annotate(first_name=Subquery(own.order_by("effective").values("name")[:1]))
    return list(named.select_related("pathfinder", "opened_by").order_by("pathfinder", "opened_by"))


def as_released(
    told: list[WaveListing], then: Moment, rows: dict[str, dict[str, Any]], names: Mapping[str, str] | None = None
) -> list[Region]:
    """The list by region as its release announced it. `rows`: the wave's pathfinders then; `names`: of every region
    listed, on the day of the release, for who has read them."""
    first = {f.pathfinder.ref: f.region for f in told if f.opened_by.at == then.known_at}
    listed = [
        (region, Listed(ref, rows[ref]["name"], rows[ref]["practices"], rows[ref]["people"]))
        for ref, region in first.items()
        if ref in rows
    ]
    return in_regions(listed, then.as_of, names)


def corrections(told: list[WaveListing], names: Mapping[str, str]) -> list[Correction]:
    """Regions corrected after the release of a wave, in their order. `names`: as for `as_released`."""
    pairs = [
        (before, after)
        for before, after in zip(told, told[1:], strict=False)
        if before.pathfinder_id == after.pathfinder_id and before.closed_by_id == after.opened_by_id
    ]
    found = [
        Correction(
            after.pathfinder.ref,
            after.first_name or after.pathfinder.ref,  # type: ignore[attr-defined]
            names.get(before.region, before.region) or NO_REGION,
            names.get(after.region, after.region) or NO_REGION,
            after.opened_by.at,
            after.opened_by_id,
            after.opened_by.reason,
        )
        for before, after in pairs
    ]
    return sorted(found, key=lambda c: (c.entry, c.ref))
