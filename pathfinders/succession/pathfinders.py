"""Pathfinders merge, split, change their names and go live: each drawn over an entry (domain.md rules 11, 12, 14)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from consortia.models import Consortium, SuccessionKind
from pathfinders.models import Pathfinder, PathfinderParticulars, ProgrammePlace
from pathfinders.succession.draft import PATHFINDERS, Draft
from pathfinders.succession.drawing import preview, shares
from pathfinders.succession.plan import Plan, listed, refuse_name
from registry import clock
from registry.actions.checks import require_day, said
from registry.errors import Refused, wrong_state
from registry.models import EntryKind

LIVE = [f.name for f in PathfinderParticulars.value_fields()].index("goes_live_on")
ANNOUNCED = [f.name for f in PathfinderParticulars.value_fields()].index("announced_on")


def plan_pathfinder_merger(*, pathfinder: Pathfinder, into: Pathfinder, on: date) -> Plan:
    """What merging them would do, from what stands now. Raises Refused as `merge_pathfinders` does."""
    return preview(on, lambda draft: draw_pathfinder_merger(draft, pathfinder=pathfinder, into=into))


def plan_pathfinder_split(*, pathfinder: Pathfinder, parts: Sequence[Mapping[str, Any]], on: date) -> Plan:
    """What splitting it would do, from what stands now. Raises Refused as `split_pathfinder` does."""
    return preview(on, lambda draft: draw_pathfinder_split(draft, pathfinder=pathfinder, parts=parts))


def plan_pathfinder_rename(*, pathfinder: Pathfinder, name: str, on: date) -> Plan:
    return preview(on, lambda draft: draft.rename(PATHFINDERS, pathfinder, refuse_name(name)))


def plan_going_live(*, pathfinder: Pathfinder, goes_live_on: date | None) -> Plan:
    return preview(
        clock.today(), lambda draft: draw_going_live(draft, pathfinder=pathfinder, goes_live_on=goes_live_on)
    )


def draw_pathfinder_merger(draft: Draft, *, pathfinder: Pathfinder, into: Pathfinder) -> None:
    """From the day the one is no more, and its consortia stand in the other; consortia and members stay as they are."""
    require_day(draft.on)
    if pathfinder.pk == into.pk:
        raise Refused("same", f"{into.ref} cannot merge into itself: choose another pathfinder.", field="into")
    draft.goes(PATHFINDERS, pathfinder, "merge", "pathfinder")
    draft.stays(PATHFINDERS, into, [pathfinder], "merge", "into")
    draft.end(PATHFINDERS, pathfinder)
    draft.succeed(PATHFINDERS, pathfinder, into, SuccessionKind.ABSORB)
    draft.carry_places(lambda gone, consortium: [(into.pk, consortium)], pathfinder=pathfinder)
    draft.title = f"{pathfinder.ref} becomes part of {into.ref}"


def draw_pathfinder_split(draft: Draft, *, pathfinder: Pathfinder, parts: Sequence[Mapping[str, Any]]) -> None:
    """It ends on the day; each part, `{"name": ..., "consortia": [refs]}`, is a new pathfinder of the same wave with
    those of its consortia, which must be all there are. Approval, announcement and going live stay as they were."""
    require_day(draft.on)
    told = draft.goes(PATHFINDERS, pathfinder, "split", "pathfinder")
    inside = _consortia_of(draft, pathfinder)
    where: dict[int, Pathfinder] = {}
    made: list[tuple[Pathfinder, int]] = []
    for number, part in enumerate(parts, start=1):
        name = refuse_name(str(part.get("name", "")), field=f"part_{number}")
        if any(label == f"{name} (new)" for label in draft.new.values()):
            raise Refused("same_name", f"Two parts are called {name}: give each its own.", field=f"part_{number}")
        to = draft.make_pathfinder((name, *told[1:]))
        refs = [str(ref).strip().upper() for ref in part.get("consortia", ())]
        for ref in refs:
            if ref not in inside:
                raise Refused("not_inside", f"{ref} is not in {pathfinder.ref} then: take it out.", field="parts")
            if inside[ref] in where:
                raise Refused("placed_twice", f"{ref} is placed twice: name it for one part.", field="parts")
            where[inside[ref]] = to
        made.append((to, len(refs)))
    if len(made) < 2 or any(not n for _, n in made):
        raise Refused("too_few", "A split has at least two parts, each with a consortium.", field="parts")
    if unplaced := sorted(ref for ref, pk in inside.items() if pk not in where):
        raise Refused("unplaced", f"{listed(unplaced)}: name a part for each consortium.", field="parts")
    draft.title = f"{pathfinder.ref} splits into {listed(draft.label(to) for to, _ in made)}"
    draft.end(PATHFINDERS, pathfinder)
    for (to, _), share in zip(made, shares([n for _, n in made]), strict=True):
        draft.succeed(PATHFINDERS, pathfinder, to, SuccessionKind.SPLIT, share)
    draft.carry_places(lambda gone, consortium: [(where[consortium].pk, consortium)], pathfinder=pathfinder)


def _consortia_of(draft: Draft, pathfinder: Pathfinder) -> dict[str, int]:
    """The consortia that stand in it on the day or later, by reference."""
    places = ProgrammePlace.objects.current().filter(pathfinder=pathfinder, effective__overlap=(draft.on, None))
    return dict(Consortium.objects.filter(pk__in=places.values("consortium")).values_list("ref", "pk"))


def going_live_kind(pathfinder: Pathfinder, goes_live_on: date | None) -> EntryKind:
    """A plan told or moved is an event; that it went live by now, told late, is a late notification; what is changed of
    a day that has passed is a correction."""
    today = clock.today()
    known = PathfinderParticulars.objects.current().filter(pathfinder=pathfinder).order_by("-effective")
    old = known.values_list("goes_live_on", flat=True).first()
    if old is not None and old <= today:
        return EntryKind.CORRECTION
    return EntryKind.LATE if goes_live_on is not None and goes_live_on < today else EntryKind.EVENT


def draw_going_live(draft: Draft, *, pathfinder: Pathfinder, goes_live_on: date | None) -> None:
    """The day on which it goes live, or None: not said. Raises Refused where it was announced later (rule 11).

    An event holds from today on, so that what was planned before is still told of the days before; a correction or late
    notification holds for its whole life.
    """
    spells = draft.entry.timeline(PathfinderParticulars, (pathfinder.pk,))
    life = spells.stretch(draft.on)
    if life is None:
        raise wrong_state(f"{pathfinder.ref} is no pathfinder on {said(draft.on)}.")
    if goes_live_on is not None:
        require_day(goes_live_on, field="goes_live_on")
    whole = going_live_kind(pathfinder, goes_live_on) != EntryKind.EVENT
    changed = False
    for spell in spells.within(life.start if whole else draft.on, life.end):
        if goes_live_on is not None and goes_live_on < spell.values[ANNOUNCED]:
            raise Refused(
                "before_announcement",
                f"{pathfinder.ref} was announced on {said(spell.values[ANNOUNCED])}; it cannot have gone live before.",
                field="goes_live_on",
            )
        values = (*spell.values[:LIVE], goes_live_on, *spell.values[LIVE + 1 :])
        changed = changed or values != spell.values
        draft.entry.set(PathfinderParticulars, (pathfinder.pk,), spell.start, spell.end, values)
    if not changed:
        raise Refused("unchanged", "The register says so already.", field="goes_live_on", status=409)
    told = f"goes live on {said(goes_live_on)}" if goes_live_on else "has no day on which it goes live"
    draft.title = f"{pathfinder.ref} {told}"
    draft.kept.append(pathfinder)
