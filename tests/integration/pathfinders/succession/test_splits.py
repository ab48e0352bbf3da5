"""Splits, names, going live; and many mergers and splits at random, in which nobody is lost (domain.md rules 11, 14)."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from consortia.models import Consortium, ConsortiumParticulars, ConsortiumSuccession, Membership
from pathfinders.actions import (
    merge_consortia,
    rename_consortium,
    rename_pathfinder,
    set_going_live,
    split_consortium,
    split_pathfinder,
)
from pathfinders.models import Pathfinder, PathfinderParticulars, PathfinderSuccession, ProgrammePlace
from pathfinders.succession.consortia import plan_merger, plan_split
from pathfinders.succession.pathfinders import plan_pathfinder_split
from registry import clock
from registry.authorization import objects_of
from registry.errors import Refused
from registry.models import Entry, EntryKind
from tests import factories as make
from tests.integration.pathfinders.succession.conftest import FOUNDED, Land
from tests.integration.pathfinders.succession.test_mergers import ON, belongs, broken, foretold, written

WHY = "They go their own ways."
PARTS: list[dict[str, Any]] = [
    {"name": "Hill", "practices": ["Z01001"]},
    {"ref": "GC0003", "practices": ["Z01002"]},
    {"left": "undecided", "practices": ["Z01003"]},
]


def split(land: Land, parts: list[dict[str, Any]] = PARTS, name: str = "North", on: date = ON, **more: Any) -> Entry:
    return split_consortium(by=land.admin, consortium=land.groups[name], parts=parts, on=on, reason=WHY, **more)


def refused(land: Land, parts: list[dict[str, Any]], **more: Any) -> Refused:
    before = Entry.objects.count()
    with pytest.raises(Refused) as caught:
        split(land, parts, **more)
    assert Entry.objects.count() == before
    return caught.value


def test_each_member_goes_where_it_is_placed(land: Land) -> None:
    plan = plan_split(consortium=land.groups["North"], parts=PARTS, on=ON)
    entry = split(land, fingerprint=plan.fingerprint)
    assert foretold(plan, {"Hill (new)": "GC0005"}) == written(entry)
    assert belongs("Z01001", ON) == ("GC0005", "claimed", "transferred")
    assert belongs("Z01002", ON) == ("GC0003", "claimed", "transferred")
    assert belongs("Z01003", ON) is None
    assert entry.reason == f"{WHY} Left in no consortium: Z01003 (undecided)."
    shares = ConsortiumSuccession.objects.current().values_list("successor__ref", "kind", "share")
    assert {(ref, kind, float(share)) for ref, kind, share in shares} == {
        ("GC0005", "split", 0.5),
        ("GC0003", "split", 0.5),
    }
    standing = ProgrammePlace.objects.current().filter(effective__contains=ON, pathfinder=land.one)
    assert sorted(standing.values_list("consortium__ref", flat=True)) == ["GC0002", "GC0003", "GC0005"]
    assert objects_of(land.lead, "consortium_lead") == {"GC0005"}  # the new part; GC0003 has its own
    assert any("do not come to lead GC0003" in w for w in plan.warnings)
    assert not broken()


def test_nobody_is_forgotten_and_no_stranger_placed(land: Land) -> None:
    two = [{"name": "Hill", "practices": ["Z01001"]}, {"name": "Dale", "practices": ["Z01002"]}]
    told = refused(land, two)
    assert told.code == "unplaced" and told.detail == [{"code": "Z01003"}] and "Z01003" in told.message
    assert refused(land, [*two, {"left": "whim", "practices": ["Z01003"]}]).code == "bad_reason"
    assert refused(land, [*two, {"left": "dispute", "practices": ["Z01003", "Z02001"]}]).code == "not_a_member"
    assert refused(land, [*two, {"name": "Dale", "practices": ["Z01003"]}]).code == "same_name"
    assert refused(land, [*two, {"name": "Moor", "practices": ["Z01003", "Z01002"]}]).code == "placed_twice"
    assert refused(
        land, [*two, {"name": "Moor", "practices": []}, {"left": "dispute", "practices": ["Z01003"]}]
    ).code == ("empty_part")
    assert refused(land, [{"name": "Hill", "practices": ["Z01001", "Z01002", "Z01003"]}]).code == "too_few"
    assert refused(land, [*two, {"ref": "GC0001", "practices": ["Z01003"]}]).code == "same"
    assert refused(land, [*two, {"ref": "GC0777", "practices": ["Z01003"]}]).code == "unknown_object"
    split(land, [{**two[0], "rest": True}, two[1]])  # those not named go to the one that takes the rest
    assert belongs("Z01003", ON) == ("GC0005", "claimed", "transferred")


def test_a_pathfinder_splits_into_new_ones_of_its_wave(land: Land) -> None:
    parts = [{"name": "Upper", "consortia": ["GC0001"]}, {"name": "Lower", "consortia": ["gc0002"]}]
    plan = plan_pathfinder_split(pathfinder=land.one, parts=parts, on=ON)
    entry = split_pathfinder(
        by=land.admin, pathfinder=land.one, parts=parts, on=ON, reason=WHY, fingerprint=plan.fingerprint
    )
    assert foretold(plan, {"Upper (new)": "PF0003", "Lower (new)": "PF0004"}) == written(entry)
    told = PathfinderParticulars.objects.current().filter(effective__contains=ON).order_by("pathfinder__ref")
    assert list(told.values_list("pathfinder__ref", "name", "wave", "announced_on")) == [
        ("PF0002", "Two", 1, FOUNDED),
        ("PF0003", "Upper", 1, FOUNDED),
        ("PF0004", "Lower", 1, FOUNDED),
    ]
    assert sum(PathfinderSuccession.objects.current().values_list("share", flat=True)) == 1
    for wrong in (parts[:1], [parts[0], {"name": "Lower", "consortia": ["GC0003"]}], [parts[0], parts[0]]):
        with pytest.raises(Refused):
            split_pathfinder(by=land.admin, pathfinder=land.two, parts=wrong, on=ON, reason=WHY)
    assert not broken()


def names(body: Any) -> list[tuple[str, date | None]]:
    model = ConsortiumParticulars if isinstance(body, Consortium) else PathfinderParticulars
    rows = model.objects.current().filter(**{model.KEY[0]: body}).order_by("effective")
    return [(row.name, row.effective.upper) for row in rows]


def test_a_name_holds_until_the_next_that_is_recorded(land: Land) -> None:
    north = land.groups["North"]
    rename_consortium(by=land.admin, consortium=north, name="Far North", on=date(2011, 9, 1), reason=WHY)
    rename_consortium(by=land.admin, consortium=north, name=" Near  North ", on=ON, reason=WHY)
    assert names(north) == [("North", ON), ("Near North", date(2011, 9, 1)), ("Far North", None)]
    rename_pathfinder(by=land.admin, pathfinder=land.one, name="The One", on=ON, reason=WHY)
    assert names(land.one) == [("One", ON), ("The One", None)]
    for name, on in (("Near North", ON), ("", ON), ("Early", date(2010, 1, 1))):
        with pytest.raises(Refused):
            rename_consortium(by=land.admin, consortium=north, name=name, on=on, reason=WHY)
    assert not broken()


def test_going_live_is_told_moved_and_corrected(land: Land) -> None:
    today = clock.today()

    def told(day: date | None) -> EntryKind:
        return EntryKind(set_going_live(by=land.admin, pathfinder=land.one, goes_live_on=day, reason=WHY).kind)

    def on(day: date) -> date | None:
        return PathfinderParticulars.objects.current().get(pathfinder=land.one, effective__contains=day).goes_live_on

    assert told(today + timedelta(days=30)) == EntryKind.EVENT
    assert on(today - timedelta(days=1)) is None and on(today) == today + timedelta(days=30)
    assert told(today + timedelta(days=60)) == EntryKind.EVENT  # the plan moves
    assert told(date(2011, 4, 1)) == EntryKind.LATE
    assert on(FOUNDED) == on(today) == date(2011, 4, 1)
    assert told(date(2011, 5, 1)) == EntryKind.CORRECTION and on(FOUNDED) == date(2011, 5, 1)
    assert told(None) == EntryKind.CORRECTION and on(today) is None
    for wrong in (None, FOUNDED - timedelta(days=1)):
        with pytest.raises(Refused) as caught:
            told(wrong)
        assert caught.value.field == "goes_live_on"
    assert not broken()


@pytest.mark.parametrize("seed", range(3))
def test_many_at_random_and_nobody_is_lost(land: Land, seed: int) -> None:
    """Each is foretold row by row; no circle; shares sum to 1; who was a member is one, or was left out by name."""
    draw, left = Random(seed), set()
    everybody = {p.code for held in land.members.values() for p in held}
    day, done = date(2011, 1, 1), 0
    for _ in range(12):
        day += timedelta(days=draw.randint(1, 60))
        living = list(
            Consortium.objects.filter(particulars__recorded__upper_inf=True, particulars__effective__contains=day)
        )
        number = Consortium.objects.count() + 1
        if len(living) > 2 and draw.random() < 0.6:
            chosen = draw.sample(living, 3)
            into = {"into": chosen[0]} if draw.random() < 0.5 else {"name": f"New {number}"}
            given: dict[str, Any] = {"consortia": chosen[1:], "on": day, **into}
            plan_of, do = plan_merger, merge_consortia
        else:
            whole = draw.choice(living)
            codes = sorted(members(whole, day))
            if len(codes) < 3:
                continue
            draw.shuffle(codes)
            left.add(codes[0])
            other = draw.choice([c for c in living if c != whole] or [None])
            second = {"ref": other.ref} if other and draw.random() < 0.5 else {"name": f"B {number}"}
            parts = [
                {"name": f"A {number}", "practices": codes[1:2]},
                {**second, "practices": codes[2:]},
                {"left": "undecided", "practices": codes[:1]},
            ]
            given = {"consortium": whole, "parts": parts, "on": day}
            plan_of, do = plan_split, split_consortium
        plan = plan_of(**given)  # type: ignore[operator]
        entry = do(by=land.admin, reason=WHY, fingerprint=plan.fingerprint, **given)  # type: ignore[operator]
        assert foretold(plan, minted(plan, number)) == written(entry)
        after = {
            f.ref: f.practices_after for f in plan.figures if f.kind == "consortium" and f.practices_after is not None
        }
        assert all(len(members(Consortium.objects.get(ref=ref), day)) == n for ref, n in after.items() if ref)
        done += 1
    assert done > 5 and not broken()
    now = Membership.objects.current().filter(effective__contains=day)
    assert set(now.values_list("practice__code", flat=True)) == everybody - left
    assert Pathfinder.objects.count() == 2


def members(consortium: Consortium, day: date) -> set[str]:
    held = Membership.objects.current().filter(consortium=consortium, effective__contains=day)
    return set(held.values_list("practice__code", flat=True))


def minted(plan: Any, number: int) -> dict[str, str]:
    """The references that a plan's new bodies got: minted in the order in which it names them."""
    labels = {v: None for c in plan.changes for _, v in c.values if v.endswith(" (new)")}
    return {label: f"GC{number + n:04d}" for n, label in enumerate(sorted(labels))}


def test_a_lost_race_leaves_nothing(land: Land) -> None:
    """What was merged a moment ago is not merged again, into whatever."""
    split(land)
    before = make.at().known_at
    for again in ({"into": land.groups["South"]}, {"name": "Northsouth"}):
        with pytest.raises(Refused) as caught:
            merge_consortia(
                by=land.admin, consortia=[land.groups["North"], land.groups["West"]], on=ON, reason=WHY, **again
            )
        assert caught.value.status == 409
    assert make.at().known_at == before
