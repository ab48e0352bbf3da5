"""What happened to waves, newest first: each announcement, and each later correction or change of its pathfinders. All of
it is in the journal, so none of it is under embargo."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet

from pathfinders.models import (
    AnnouncedClaim,
    PathfinderParticulars,
    ProgrammePlace,
    WaveAnnouncement,
    WaveListing,
    WaveRelease,
)
from registry.models import Entry

MOST = 100
TITLES = {
    "correct_region": "region corrected",
    "correct_claim": "announced figure corrected",
    "merge_pathfinders": "pathfinders merged",
}


@dataclass
class News:
    """One event of the feed. `number`: of its journal entry; with the wave's, its identity for ever."""

    number: int
    at: datetime
    waves: list[int]
    title: str
    summary: str
    text: str = ""
    path: str = ""
    released: bool = field(default=False)


def news(user: Any, only: int | None = None, most: int = MOST) -> list[News]:
    """The newest events: of all waves, or `only` of one, which are none before its release. A handful of questions,
    however many waves."""
    releases = {f.wave: f for f in _first_releases(user) if only in (None, f.wave)}
    if only is not None and not releases:
        return []
    words = {a.wave: a for a in WaveAnnouncement.objects.visible_to(user).current()}
    found = [_release(fact, words.get(wave)) for wave, fact in releases.items()]
    touched: dict[int, set[int]] = {}
    for number, wave in _touched(only):
        if wave in releases and number > releases[wave].opened_by_id:
            touched.setdefault(number, set()).add(wave)
    for entry in Entry.objects.visible_to(user).filter(number__in=touched).exclude(kind="release"):
        found.append(_later(entry, sorted(touched[entry.number])))
    return sorted(found, key=lambda n: (n.number, n.waves), reverse=True)[:most]


def _first_releases(user: Any) -> list[WaveRelease]:
    facts = WaveRelease.objects.visible_to(user).select_related("opened_by").order_by("wave", "opened_by")
    return list(facts.distinct("wave"))


def _touched(only: int | None) -> list[tuple[int, int]]:
    """(entry, wave) of every entry that opened or closed a fact of a wave (`only` of one): its pathfinders, their consortia, its list, its
    announcement; of its claims, those that were corrected."""
    of_pathfinder = F("pathfinder__particulars__wave")
    parts: list[QuerySet] = []
    kinds: list[tuple[Any, Any, tuple[str, ...]]] = [
        (PathfinderParticulars, F("wave"), ("opened_by", "closed_by")),
        (ProgrammePlace, of_pathfinder, ("opened_by", "closed_by")),
        (WaveListing, F("wave"), ("opened_by", "closed_by")),
        (WaveAnnouncement, F("wave"), ("opened_by", "closed_by")),
        (AnnouncedClaim, F("wave"), ("closed_by",)),
    ]
    for model, wave, ends in kinds:
        for end in ends:
            facts = model.objects.order_by().filter(**{f"{end}__isnull": False}).annotate(_wave=wave)
            facts = facts if only is None else facts.filter(_wave=only)
            parts.append(facts.values_list(end, "_wave"))
    found = parts[0].union(*parts[1:])
    return [(entry, wave) for entry, wave in found if wave is not None]


def _release(fact: WaveRelease, told: WaveAnnouncement | None) -> News:
    title = told.title if told else f"Wave {fact.wave}"
    text = "\n\n".join(part for part in (told.text, told.notes) if part) if told else ""
    summary = f"Wave {fact.wave} was announced on {fact.announced_on.day} {fact.announced_on:%B %Y}."
    path = f"/waves/{fact.wave}/"
    return News(fact.opened_by_id, fact.opened_by.at, [fact.wave], title, summary, text, path, released=True)


def _later(entry: Entry, waves: list[int]) -> News:
    of = f"Wave{'s' if len(waves) > 1 else ''} {' and '.join(map(str, waves))}"
    what = TITLES.get(entry.action, f"{entry.get_kind_display().lower()} recorded")  # type: ignore[attr-defined]
    return News(entry.number, entry.at, waves, f"{of}: {what}", entry.reason, "", f"/changes/{entry.number}/")
