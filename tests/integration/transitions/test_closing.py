"""The national close on a small register: what is previewed is what is written, and all of it can be taken back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from consortia.models import LeftOut
from pathfinders.reads import coverage, parents, practices
from practices.models import (
    BodyParticulars,
    BodySuccession,
    ParentBody,
    PracticeParent,
)
from registry.errors import Refused
from registry.models import Entry
from registry.moment import Moment
from tests import factories as make
from tests import programme as told
from tests.integration.transitions.closing_world import EVE, ON, build_world, practice, written
from transitions.actions import close_trusts, preview_close, undo_close
from transitions.models import ClusterPlace, Delegation, LocalBodyParticulars, PlannedStage, TransitionStage

__all__ = ["build_world"]
WHY = "The Act takes effect"
LONE = {"Z00007": "special: It serves a prison."}


@pytest.fixture
def admin(in_world: Any) -> Any:
    return told.person("programme_admin")


def close(by: Any, explained: dict[str, str] | None = None) -> Entry:
    explained = LONE if explained is None else explained
    plan = preview_close(by=by, explained=explained)
    return close_trusts(by=by, explained=explained, plan_hash=plan.hash, why=WHY)


def refused(call: Any, **more: Any) -> Refused:
    before = Entry.objects.count()
    with pytest.raises(Refused) as error:
        call(**more)
    assert Entry.objects.count() == before
    return error.value


def answers() -> list[Any]:
    """What the register's questions say at both clocks' usual days."""
    return [
        [list(read.rows(None, Moment.of(day)).order_by("code")) for read in (parents, practices)]
        + [coverage.coverage(None, Moment.of(day), by="pct")]
        for day in (date(2011, 6, 1), EVE, ON, date(2014, 1, 1))
    ]


def test_what_is_previewed_is_what_is_written(admin) -> None:
    entries = Entry.objects.count()
    plan = preview_close(by=admin, explained=LONE)
    assert Entry.objects.count() == entries and not ParentBody.objects.filter(code="X24").exists()
    entry = close_trusts(by=admin, explained=LONE, plan_hash=plan.hash, why=WHY)
    assert Entry.objects.count() == entries + 1
    evidence = TransitionStage.objects.get(stage="closed", body__code="5LE").evidence
    assert written(entry, {evidence.ref: "The national close of 1 April 2013"}) == set(plan.changes)
    assert entry.changes == len(plan.changes) and entry.source["plan"] == plan.hash
    assert entry.source["explained"] == {"Z00007": "special: It serves a prison."}
    for row in plan.closes:
        life = BodyParticulars.objects.current().get(body__code=row.code)
        assert life.effective.upper == ON
    for row in plan.successions:
        fact = BodySuccession.objects.current().get(predecessor__code=row.predecessor, successor__code=row.successor)
        assert (fact.kind, fact.practice_share, fact.people_share) == (row.kind, row.practice_share, row.people_share)
        assert fact.effective.lower == ON
    under = dict(
        PracticeParent.objects.current().filter(effective__contains=ON).values_list("practice__code", "parent__code")
    )
    assert under == {row.code: row.successor for row in plan.placed}


def test_the_plan_says_who_goes_where(admin) -> None:
    plan = preview_close(by=admin)
    assert [(c.code, c.recorded) for c in plan.closes] == [("5LE", False), ("5LF", True), ("Q36", False)]
    assert {(s.predecessor, s.successor, s.kind, s.practice_share, s.people_share) for s in plan.successions} == {
        ("5LE", "08Q", "split", Decimal("0.66666667"), Decimal("0.75")),
        ("5LE", "08R", "split", Decimal("0.33333333"), Decimal("0.25")),
        ("5LF", "08R", "transfer", 1, 1),
        ("Q36", "X24", "transfer", None, None),
    }
    assert {(p.code, p.successor, p.way, p.flag) for p in plan.placed} == {
        ("Z00001", "08Q", "consortium", ""),
        ("Z00002", "08R", "consortium", ""),
        ("Z00003", "08Q", "consortium", ""),
        ("Z00004", "08R", "recorded", ""),
        ("Z00005", "08Q", "consortium", "dormant"),
        ("Z00006", "08Q", "consortium", "closed"),
    }
    assert [(u.code, u.why) for u in plan.left] == [("Z00007", "no_consortium")]
    assert [r.code for r in plan.released] == ["Z00008"]
    assert [(m.holder, m.year, m.to) for m in plan.budgets] == [
        ("GC0001", "2012/13", "08Q"),
        ("LB0001", "2012/13", ""),
        ("LB0002", "2012/13", "08R"),
        ("", "2013/14", "08Q, 08R"),
    ]


def test_what_depends_on_a_trust_ends_with_it(admin) -> None:
    close(admin)
    for model in (ClusterPlace, Delegation, PlannedStage):
        rows = model.objects.current()  # type: ignore[attr-defined]
        assert rows.exists() and not rows.filter(effective__overlap=(ON, None)).exists()
    stages = TransitionStage.objects.current().filter(effective__contains=ON)
    assert set(stages.values_list("body__code", "stage")) == {("5LE", "closed"), ("5LF", "closed")}
    assert TransitionStage.objects.current().get(effective__contains=EVE).stage == "shadow_form"
    bodies = LocalBodyParticulars.objects.current().filter(effective__contains=ON)
    assert list(bodies.values_list("local_body__ref", "pct", "consortium__ref")) == [("LB0002", None, "GC0002")]
    left = LeftOut.objects.current().get()
    assert (left.practice.code, left.reason, left.said_by, left.effective.lower) == (
        "Z00007",
        "special",
        "staff",
        ON,
    )


def test_nothing_closes_while_somebody_is_unplaced(admin) -> None:
    plan = preview_close(by=admin)
    error = refused(close_trusts, by=admin, plan_hash=plan.hash, why=WHY)
    assert (error.code, error.status) == ("unplaced", 409) and "Z00007 THE LONE SURGERY" in error.message
    assert [row["code"] for row in error.detail] == ["Z00007"]
    codes = {"no_code": "GC0003", "not_there": "GC0002"}
    make.make_membership(practice("Z00007"), make.Consortium.objects.get(ref=codes["no_code"]), date(2012, 1, 1))
    assert [u.why for u in preview_close(by=admin).left] == ["no_code"]
    make.make_membership(practice("Z00007"), make.Consortium.objects.get(ref=codes["not_there"]), date(2012, 1, 1))
    assert preview_close(by=admin).left == []


def test_a_plan_that_is_no_more_is_refused(admin) -> None:
    seen = preview_close(by=admin, explained=LONE)
    make.make_list_size(practice("Z00001"), "2012Q4", 1)
    error = refused(close_trusts, by=admin, explained=LONE, plan_hash=seen.hash, why=WHY)
    assert error.status == 412
    assert close(admin)


def test_only_who_may(admin) -> None:
    lead = told.person(pct_lead="5LE")
    entry = close(admin)
    assert refused(preview_close, by=lead).status == 403
    assert refused(close_trusts, by=lead, plan_hash="", why=WHY).status == 403
    assert refused(undo_close, by=lead, entry=entry, why=WHY).status == 403


def test_who_has_a_group_or_is_unknown_is_not_explained(admin) -> None:
    for code in ("Z00001", "Z00008", "Z99999"):
        assert refused(preview_close, by=admin, explained={code: "Why"}).code == "not_unplaced"
    assert refused(preview_close, by=admin, explained={"Z00007": " "}).code == "bad_explanation"


def test_the_eve_keeps_its_answers_and_the_undo_gives_back_all(admin) -> None:
    before = answers()
    known = Moment.now().known_at
    entry = close(admin)
    after = answers()
    assert strip(after[:2]) == strip(before[:2]), "the eve still says what it said"
    assert after[2] != before[2]
    assert {row["code"]: row["pct_code"] for row in after[2][1]}["Z00001"] is None
    assert not BodyParticulars.objects.current().filter(effective__contains=ON, body__code__in=["5LE", "Q36"]).exists()
    assert refused(close_trusts, by=admin, explained=LONE, plan_hash=plan_hash(admin), why=WHY).code == "no_change"
    undo_close(by=admin, entry=entry, why="A rehearsal")
    assert answers() == before
    assert list(parents.rows(None, Moment.of(ON, known)).order_by("code")) == before[2][0]
    assert refused(undo_close, by=admin, entry=entry, why="Again").status == 409
    assert close(admin), "and it can be closed again"


def plan_hash(by: Any) -> str:
    return preview_close(by=by, explained=LONE).hash


def strip(days: list[Any]) -> list[Any]:
    """Without what is told of every day alike: the last day of a life, and who followed. The Board was there since
    October, which the register had not been told."""
    told_always = ("closed", "predecessors", "successors")
    return [
        [
            [{k: v for k, v in row.items() if k not in told_always} for row in part if row["code"] != "X24"]
            for part in day[:2]
        ]
        for day in days
    ]


def test_what_builds_on_a_close_stands_in_its_way(admin) -> None:
    entry = close(admin)
    make.make_parent(practice("Z00001"), ParentBody.objects.get(code="08R"), date(2013, 6, 1))
    assert refused(undo_close, by=admin, entry=entry, why="Too late").status == 409


def test_a_rehearsal_may_suppose_that_consortia_became_groups(admin) -> None:
    make.make_membership(practice("Z00007"), make.Consortium.objects.get(ref="GC0003"), date(2012, 1, 1))
    plan = preview_close(by=admin, as_if=True)
    assert plan.left == [] and ("5LE", "GC0003") in {(s.predecessor, s.successor) for s in plan.successions}
    error = refused(close_trusts, by=admin, plan_hash=plan.hash, why=WHY)
    assert error.code == "unplaced", "what is supposed is never written"


def test_a_trust_that_any_entry_ends_takes_along_what_depends_on_it(in_world) -> None:
    """An import, say, that tells of another last day: its place, plans, stages, delegations and local bodies end too."""
    trust, day = ParentBody.objects.get(code="5LE"), date(2012, 7, 1)
    with make.writing("import_organisations") as entry:
        entry.cap(BodyParticulars, (trust.pk,), day)
    for model, field in (
        (ClusterPlace, "body"),
        (PlannedStage, "body"),
        (TransitionStage, "body"),
        (Delegation, "pct"),
    ):
        rows = model.objects.current().filter(**{field: trust})  # type: ignore[attr-defined]
        assert {row.effective.upper for row in rows} == {day}
        assert {row.opened_by_id for row in rows} == {entry.number}
    assert LocalBodyParticulars.objects.current().get(local_body__ref="LB0001").effective.upper == day
    last = LocalBodyParticulars.objects.current().get(local_body__ref="LB0002", effective__contains=day)
    assert (last.pct, last.consortium.ref) == (None, "GC0002")
    assert ClusterPlace.objects.current().get(body__code="5LF").effective.upper == ON, "as it ends itself"
