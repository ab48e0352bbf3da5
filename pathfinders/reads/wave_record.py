"""A released wave with all that its page tells of it, each kept apart from the others and each read once.

What several parts of the page need is asked for them together: names of areas, and pathfinders, at two moments or three.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from pathfinders.models import ReleasedDecision, WaveAnnouncement, WaveListing, WaveManifest, WaveRelease
from pathfinders.reads import announcements, listings, pathfinders, services, sizes
from pathfinders.reads.joins import together
from pathfinders.region_list import names_on
from registry.moment import Known, Moment

Rows = dict[str, dict[str, Any]]


def releases(user: Any, moment: Moment, wave: int) -> QuerySet:
    """Every fact of the wave's release; beside it, as known at the moment, `announcement` ({title, text, notes}),
    `outcomes` ([{outcome, n}]) and `manifest_sha256`: None where there is none."""
    said = WaveAnnouncement.objects.visible_to(user).known(moment).filter(wave=OuterRef("wave"))
    decided = ReleasedDecision.objects.visible_to(user).filter(moment.recorded_q(), wave=OuterRef("wave"))
    counted = decided.order_by().values("outcome").annotate(n=Count("pk"))
    kept = WaveManifest.objects.visible_to(user).filter(pk=OuterRef("wave"))
    return (
        WaveRelease.objects.visible_to(user)
        .filter(wave=wave)
        .annotate(
            announcement=Subquery(said.values(_=JSONObject(title="title", text="text", notes="notes"))[:1]),
            outcomes=ArraySubquery(counted.values(_=JSONObject(outcome="outcome", n=F("n")))),
            manifest_sha256=Subquery(kept.values("sha256")),
        )
    )


@dataclass(frozen=True)
class WaveRecord:
    """`first`, `now`: its pathfinders with their figures by reference, as released and at the moment (none on a day
    before the announcement). `claims` and `services` are finished; `regions`: names on the day of the release, and
    `shas`: of each SHA as known then, by code."""

    first: Rows
    now: Rows
    claims: list[dict[str, Any]]
    services: list[dict[str, Any]]
    listed: list[WaveListing]
    regions: dict[str, str]
    shas: dict[str, str]


def of_wave(user: Any, moment: Moment, then: Moment, release: WaveRelease) -> WaveRecord:
    """Five questions beside those of England. `then`: the day of the announcement, as known at the `release`."""
    wave = release.wave
    claims = list(announcements.of_wave(user, moment, wave))
    claimed = list(services.of_wave(user, moment, wave))
    listed = listings.listings_of(user, moment, wave)

    areas = announcements.areas_of(claims) | announcements.areas_of(claimed)
    last, on_the_day, shas = together(
        announcements.last_names(user, moment, areas),
        names_on({f.region for f in listed if f.region}, then.as_of),
        sizes.named(user, then),
    )
    day = announcements.Day(release.announced_on, then.known_at, Known.beside(moment.newest, release.opened_by))
    groups = announcements.groups_of(claims)
    moments = [then, *([moment] if moment.as_of >= release.announced_on else [])]
    wanted = Q(_own__wave=wave) | announcements.meant_by(groups)
    named = pathfinders.names_at(user, [*moments, *(day.moments(moment) if groups else [])], wanted)
    first, now = (_counted(user, m, wave, named.get(m, []) if m in moments else []) for m in (then, moment))
    return WaveRecord(
        first,
        now,
        announcements.compared(user, moment, claims, {wave: day}, dict(last), named),
        services.named(claimed, dict(last)),
        listed,
        dict(on_the_day),
        dict(shas),
    )


def _counted(user: Any, moment: Moment, wave: int, named: list[tuple[str, str, int]]) -> Rows:
    rows = [{"ref": ref, "name": name} for ref, name, of in named if of == wave]
    return {row["ref"]: row for row in pathfinders.counted(user, moment, rows)}
