"""The wave as released, as text that never changes: what its SHA-256 is of (domain.md rule 12).

Made of the facts as known at the release and of nothing else, so that anybody who holds the journal makes the same
bytes again, whatever happened since. Lines end with a newline, columns are parted by tabs; a backslash, tab or line
end within a value is written as `\\\\`, `\\t`, `\\n` or `\\r`.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any, NamedTuple

from django.db.models import CharField, DateField, IntegerField, Value

from consortia.models import ConsortiumParticulars, Membership
from pathfinders.models import (
    LeftOutAtRelease,
    PathfinderParticulars,
    ProgrammePlace,
    ReleasedDecision,
    WaveListing,
)
from pathfinders.reads.joins import english_code, first_day
from practices.models import GP_PRACTICE, ListSize, Practice, PracticeParticulars, PracticeStatus, Status
from registry.moment import Moment

COLUMNS: dict[str, tuple[str, ...]] = {
    "manifest": ("version",),
    "wave": ("number", "announced_on"),
    "pathfinder": ("ref", "name", "region", "approved_on", "announced_on", "goes_live_on"),
    "consortium": ("pathfinder", "ref", "name", "form"),
    "practice": ("pathfinder", "consortium", "code", "status", "counted", "people", "quarter", "basis"),
    "left_out": ("bid", "practice", "why"),
    "total": ("of", "count"),
}
"""The kinds of line in their order, each with its columns. `region`: the SHA under which it was announced; `counted`:
yes or no (domain.md rule 5); `people`, its `quarter` and `basis` (latest, later): of a practice that counts (rule 6)."""
VERSION = "1"
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class Size(NamedTuple):
    people: int
    quarter: str
    basis: str


def manifest_of(user: Any, moment: Moment, wave: int) -> str:
    """The manifest of a wave as released. `moment`: the day of its announcement, as known by its release."""
    return "".join("\t".join(_text(v) for v in line) + "\n" for line in _lines(user, moment, wave))


def sha256_of(content: str) -> str:
    """In hexadecimal, of the text in UTF-8."""
    return hashlib.sha256(content.encode()).hexdigest()


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value).translate(ESCAPES)


def _lines(user: Any, moment: Moment, wave: int) -> Iterator[tuple[Any, ...]]:
    own = PathfinderParticulars.objects.visible_to(user).at(moment).filter(wave=wave)
    rows = own.values_list("pathfinder", "pathfinder__ref", "name", "approved_on", "announced_on", "goes_live_on")
    pathfinders = {row[0]: row[1:] for row in rows}
    regions, places, left_out = _programme(user, moment, pathfinders)
    names, members = _groups(user, moment, {group for _, _, group in places})
    belonging = {practice for here in members.values() for _, _, practice in here}
    counted, sizes = _counted(user, moment, belonging)

    yield "manifest", VERSION
    yield "wave", wave, moment.as_of
    for pk, (ref, name, *days) in sorted(pathfinders.items(), key=lambda item: str(item[1][0])):
        yield "pathfinder", ref, name, regions.get(pk, ""), *days
    groups = sorted((pathfinders[pk][0], ref, group) for pk, ref, group in places)
    for ref, group_ref, group in groups:
        yield "consortium", ref, group_ref, *names.get(group, ("", ""))
    for ref, group_ref, group in groups:
        for code, status, practice in sorted(members[group]):
            told = ("yes", *sizes.get(practice, NO_SIZE)) if practice in counted else ("no", *NO_SIZE)
            yield "practice", ref, group_ref, code, status, *told
    yield from (("left_out", *row) for row in sorted(left_out))
    yield "total", "pathfinders", len(pathfinders)
    yield "total", "consortia", len({group for _, _, group in groups})
    yield "total", "practices", len(counted)
    yield "total", "people", sum(sizes[p].people for p in counted if p in sizes)
    yield "total", "practices_without_list", len(counted - sizes.keys())
    yield "total", "left_out", len(left_out)


Place = tuple[int, str, int]  # pathfinder, reference of the consortium, its key


def _programme(
    user: Any, moment: Moment, pathfinders: Collection[int]
) -> tuple[dict[int, str], list[Place], list[tuple[str, str, str]]]:
    """By pathfinder the SHA under which it was announced (as listed, else as its decision has it); places; left out."""
    decided = ReleasedDecision.objects.visible_to(user).known(moment).filter(pathfinder__in=pathfinders)
    listed = WaveListing.objects.visible_to(user).at(moment).filter(pathfinder__in=pathfinders)
    places = ProgrammePlace.objects.visible_to(user).at(moment).filter(pathfinder__in=pathfinders)
    out = LeftOutAtRelease.objects.visible_to(user).known(moment).filter(opened_by__at=moment.known_at)
    nothing = Value("")
    found = _side_by_side(
        decided.values_list(Value("decided"), "pathfinder", "sha", nothing, "number"),
        listed.values_list(Value("listed"), "pathfinder", "region", nothing, Value(0)),
        places.values_list(Value("place"), "pathfinder", "consortium__ref", nothing, "consortium"),
        out.values_list(Value("out"), Value(0), "bid", "why", "practice"),
    )
    left = [row[3] for row in found["out"]]
    codes = dict(Practice.objects.visible_to(user).filter(pk__in=left).values_list("pk", "code"))
    regions = {pk: sha for pk, sha, _, _ in sorted(found["decided"], key=lambda row: row[3])}
    regions |= {pk: region for pk, region, _, _ in found["listed"]}
    left_out = [(bid, codes[practice], why) for _, bid, why, practice in found["out"]]
    return regions, [(pk, ref, group) for pk, ref, _, group in found["place"]], left_out


def _groups(
    user: Any, moment: Moment, groups: Collection[int]
) -> tuple[dict[int, tuple[str, str]], dict[int, list[tuple[str, str, int]]]]:
    """By consortium its name and form, and its members: code, status and key of each."""
    told = ConsortiumParticulars.objects.visible_to(user).at(moment).filter(consortium__in=groups)
    members = Membership.objects.visible_to(user).at(moment).filter(consortium__in=groups)
    found = _side_by_side(
        told.values_list(Value("named"), "consortium", "name", "form", Value(0)),
        members.values_list(Value("member"), "consortium", "practice__code", "status", "practice"),
    )
    within: dict[int, list[tuple[str, str, int]]] = defaultdict(list)
    for group, code, status, practice in found["member"]:
        within[group].append((code, status, practice))
    return {group: (name, form) for group, name, form, _ in found["named"]}, within


def _side_by_side(first: Any, *more: Any) -> dict[str, list[tuple[Any, ...]]]:
    """Several questions in one statement; each row's first column says whose it is."""
    found: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for what, *row in first.order_by().union(*(part.order_by() for part in more), all=True):
        found[what].append(tuple(row))
    return found


def _counted(user: Any, moment: Moment, practices: Collection[int]) -> tuple[set[int], dict[int, Size]]:
    """Those that count in coverage on the day (domain.md rule 5), and the list size of each: of the latest quarter begun
    by the day, else of the earliest later one (rule 6)."""

    def of(facts: Any, what: str, *told: Any) -> Any:
        return facts.filter(practice__in=practices).values_list(Value(what), "practice", *(told or NOTHING_TOLD))

    active = PracticeStatus.objects.visible_to(user).at(moment).filter(status=Status.ACTIVE)
    surgeries = PracticeParticulars.objects.visible_to(user).at(moment).filter(setting=GP_PRACTICE)
    # Side by side, not joined: Postgres would look each fact of the day up by its period, a hundred times slower.
    found = _side_by_side(
        of(ListSize.objects.visible_to(user).known(moment), "list", first_day(), "quarter", "patients"),
        of(active, "active"),
        of(surgeries.filter(english_code("practice__")), "surgery"),
    )
    sizes: dict[int, Size] = {}
    for practice, start, quarter, people in sorted(found["list"], key=lambda row: row[1] or date.min):
        if start is None or start <= moment.as_of:
            sizes[practice] = Size(people, quarter, "latest")
        elif practice not in sizes:
            sizes[practice] = Size(people, quarter, "later")
    return {row[0] for row in found["active"]} & {row[0] for row in found["surgery"]}, sizes


NOTHING_TOLD = (Value(None, DateField()), Value(None, CharField()), Value(None, IntegerField()))
NO_SIZE = ("", "", "")
