"""The wave as released, as text that never changes: what its SHA-256 is of (domain.md rule 12).

Made of the facts as known at the release and of nothing else, so that anybody who holds the journal makes the same
bytes again, whatever happened since. Lines end with a newline, columns are parted by tabs; a backslash, tab or line
end within a value is written as `\\\\`, `\\t`, `\\n` or `\\r`.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from consortia.models import ConsortiumParticulars, Membership
from pathfinders.models import (
    LeftOutAtRelease,
    PathfinderParticulars,
    ProgrammePlace,
    ReleasedDecision,
    WaveListing,
    WaveRelease,
)
from pathfinders.reads.joins import eligible_q, first_day, on_day
from practices.models import ListSize, Practice
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
    release = WaveRelease.objects.visible_to(user).at(moment).get(wave=wave)
    pathfinders = _pathfinders(user, moment, wave)
    places = _places(user, moment, [row[0] for row in pathfinders])
    members = _members(user, moment, {place[1] for place in places})
    belonging = {practice for here in members.values() for practice, *_ in here}
    counted, sizes = _counted(user, moment, belonging), _sizes(user, moment, belonging)
    left_out = LeftOutAtRelease.objects.visible_to(user).known(moment).filter(opened_by=release.opened_by_id)

    yield "manifest", VERSION
    yield "wave", wave, release.announced_on
    yield from (("pathfinder", *row[1:]) for row in pathfinders)
    yield from (("consortium", ref, *told) for ref, _, *told in places)
    for ref, consortium, consortium_ref, *_ in places:
        for practice, code, status in members[consortium]:
            if practice in counted:
                yield "practice", ref, consortium_ref, code, status, "yes", *sizes.get(practice, ("", "", ""))
            else:
                yield "practice", ref, consortium_ref, code, status, "no", "", "", ""
    out = sorted(left_out.values_list("bid", "practice__code", "why"))
    yield from (("left_out", *row) for row in out)
    yield "total", "pathfinders", len(pathfinders)
    yield "total", "consortia", len({place[1] for place in places})
    yield "total", "practices", len(counted)
    yield "total", "people", sum(sizes[p].people for p in counted if p in sizes)
    yield "total", "practices_without_list", len(counted - sizes.keys())
    yield "total", "left_out", len(out)


def _pathfinders(user: Any, moment: Moment, wave: int) -> list[tuple[Any, ...]]:
    """Per pathfinder its key, reference, name, region and three dates; sorted by reference."""
    own = PathfinderParticulars.objects.visible_to(user).at(moment).filter(wave=wave)
    rows = own.values_list("pathfinder", "pathfinder__ref", "name", "approved_on", "announced_on", "goes_live_on")
    regions = _regions(user, moment, [row[0] for row in rows])
    return sorted((pk, ref, name, regions.get(pk, ""), *dates) for pk, ref, name, *dates in rows)


def _regions(user: Any, moment: Moment, pathfinders: list[int]) -> dict[int, str]:
    """Under which SHA each was announced: as listed, else as its decision has it."""
    decided = ReleasedDecision.objects.visible_to(user).known(moment).filter(pathfinder__in=pathfinders)
    found = dict(decided.order_by("number").values_list("pathfinder", "sha"))
    listed = WaveListing.objects.visible_to(user).at(moment).filter(pathfinder__in=pathfinders)
    return found | dict(listed.values_list("pathfinder", "region"))


def _places(user: Any, moment: Moment, pathfinders: list[int]) -> list[tuple[Any, ...]]:
    """Per place the pathfinder's reference, the consortium's key, reference, name and form; sorted by both references."""
    rows = ProgrammePlace.objects.visible_to(user).at(moment).filter(pathfinder__in=pathfinders)
    places = sorted(rows.values_list("pathfinder__ref", "consortium__ref", "consortium"))
    told = ConsortiumParticulars.objects.visible_to(user).at(moment).filter(consortium__in={p[2] for p in places})
    named = {pk: (name, form) for pk, name, form in told.values_list("consortium", "name", "form")}
    return [(ref, pk, consortium, *named.get(pk, ("", ""))) for ref, consortium, pk in places]


def _members(user: Any, moment: Moment, consortia: set[int]) -> dict[int, list[tuple[int, str, str]]]:
    """Per consortium the key, code and status of each member, sorted by code."""
    rows = Membership.objects.visible_to(user).at(moment).filter(consortium__in=consortia)
    found: dict[int, list[tuple[int, str, str]]] = defaultdict(list)
    for consortium, practice, code, status in rows.values_list(
        "consortium", "practice", "practice__code", "status"
    ).order_by("practice__code"):
        found[consortium].append((practice, code, status))
    return found


def _counted(user: Any, moment: Moment, practices: Iterable[int]) -> set[int]:
    """Those that count in coverage on the day (domain.md rule 5)."""
    known = Practice.objects.visible_to(user).annotate(
        _status=on_day("statuses", moment), _own=on_day("particulars", moment)
    )
    return set(known.filter(eligible_q(), pk__in=practices).values_list("pk", flat=True))


def _sizes(user: Any, moment: Moment, practices: Iterable[int]) -> dict[int, Size]:
    """The list size of each: the latest quarter begun by the day, else the earliest later one (domain.md rule 6)."""
    known = ListSize.objects.visible_to(user).known(moment).filter(practice__in=practices).annotate(_from=first_day())
    found: dict[int, Size] = {}
    for practice, start, quarter, people in known.order_by("practice", "_from").values_list(
        "practice", "_from", "quarter", "patients"
    ):
        if start <= moment.as_of:
            found[practice] = Size(people, quarter, "latest")
        elif practice not in found:
            found[practice] = Size(people, quarter, "later")
    return found
