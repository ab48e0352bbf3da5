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
from practices.models import GP_PRACTICE, ListSize, PracticeParticulars, PracticeStatus, Status
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
    pathfinders = _pathfinders(user, moment, wave)
    places = _places(user, moment, [row[0] for row in pathfinders])
    members = _members(user, moment, {place[1] for place in places})
    belonging = {practice for here in members.values() for practice, *_ in here}
    counted, sizes = _counted(user, moment, belonging)
    left_out = LeftOutAtRelease.objects.visible_to(user).known(moment).filter(opened_by__at=moment.known_at)

    yield "manifest", VERSION
    yield "wave", wave, moment.as_of
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


def _counted(user: Any, moment: Moment, practices: Iterable[int]) -> tuple[set[int], dict[int, Size]]:
    """Those that count in coverage on the day (domain.md rule 5), and the list size of each: of the latest quarter begun
    by the day, else of the earliest later one (rule 6)."""

    def asked(facts: Any, what: str, *told: Any) -> Any:
        of = facts.filter(practice__in=practices).order_by()
        return of.values_list(Value(what), "practice", *(told or NOTHING_TOLD))

    parts = [
        asked(PracticeStatus.objects.visible_to(user).at(moment).filter(status=Status.ACTIVE), "active"),
        asked(PracticeParticulars.objects.visible_to(user).at(moment).filter(english_code("practice__"), setting=GP_PRACTICE), "surgery"),
        asked(ListSize.objects.visible_to(user).known(moment), "list", first_day(), "quarter", "patients"),
    ]
    # Side by side, not joined: Postgres would look each fact of the day up by its period, a hundred times slower.
    found = parts[0].union(*parts[1:], all=True)
    here: dict[str, set[int]] = defaultdict(set)
    sizes: dict[int, Size] = {}
    for what, practice, start, quarter, people in sorted(found, key=lambda row: (row[0], row[1], row[2] or date.min)):
        here[what].add(practice)
        if what == "list" and start <= moment.as_of:
            sizes[practice] = Size(people, quarter, "latest")
        elif what == "list" and practice not in sizes:
            sizes[practice] = Size(people, quarter, "later")
    return here["active"] & here["surgery"], sizes


NOTHING_TOLD = (Value(None, DateField()), Value(None, CharField()), Value(None, IntegerField()))
