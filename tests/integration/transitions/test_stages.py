"""The stage of a trust, as evidence says it: an ordinary change, a correction, a void, a way back; and its plans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from practices.models import BodyParticulars, ParentBody
from registry.errors import Refused
from registry.models import Entry, EntryKind, User
from tests import factories as make
from tests import programme as told
from tests.factories import at
from transitions.actions import (
    Source,
    clear_stage,
    drop_plan,
    evidence_of,
    plan_stage,
    set_stage,
    undo_stage,
)
from transitions.actions.trust import newest_entry
from transitions.actions.undoing import own_changes
from transitions.models import BudgetLine, Evidence, EvidenceParticulars, PlannedStage, TransitionStage
from transitions.near_total import doubt
from transitions.stages import stage_on

AUGUST, FEBRUARY, MAY = date(2010, 8, 1), date(2011, 2, 1), date(2011, 5, 1)
PRESS = Source("press", "GPs get keys to cash", "Pulse", date(2010, 8, 3))
PAPER = Source("document", "Board paper", "Aa PCT", date(2011, 2, 3))
TO_COME = date.today() + timedelta(days=2)


@dataclass
class Ground:
    pct: ParentBody
    other: ParentBody
    sha: ParentBody
    lead: User
    admin: User


def build_world() -> Ground:
    sha = make.make_sha("Q31")
    return Ground(
        make.make_pct("5XA", sha=sha),
        make.make_pct("5XB", sha=sha),
        sha,
        told.person(pct_lead="5XA"),
        told.person("programme_admin"),
    )


def put(ground: Ground, stage: str = "in_talks", on: date = AUGUST, source: Any = PRESS, **more: Any) -> Entry:
    return set_stage(**{"by": ground.lead, "pct": ground.pct, "stage": stage, "on": on, "source": source} | more)


def plan(ground: Ground, day: date = date(2011, 12, 31), known_from: date = AUGUST, **more: Any) -> Entry:
    first = {"by": ground.lead, "pct": ground.pct, "stage": "shadow_form", "source": PRESS}
    return plan_stage(**first | {"day": day, "known_from": known_from} | more)


def shown(ground: Ground, day: date, known_at: Any = None) -> str | None:
    found = stage_on(at(day, known_at), ground.pct)
    return found.stage if found else None


def refused(act: Any, *args: Any, **more: Any) -> Refused:
    before = Entry.objects.count(), Evidence.objects.count()
    with pytest.raises(Refused) as error:
        act(*args, **more)
    assert (Entry.objects.count(), Evidence.objects.count()) == before
    return error.value


def test_each_source_keeps_what_it_said_and_the_best_is_shown(in_world):
    first = put(in_world)
    assert first.kind == EntryKind.LATE
    assert first.reason == "5XA: In talks, from 1 August 2010"
    put(in_world, "shadow_form", FEBRUARY, PAPER)
    put(in_world, "partial_delegation", MAY, Source("press", "Keys turned", "GP", date(2011, 5, 2)), note="most of it")
    days = (date(2010, 7, 31), AUGUST, FEBRUARY, MAY, date(2013, 3, 31), date(2013, 4, 1))
    assert [shown(in_world, day) for day in days] == [None, "in_talks", *["shadow_form"] * 3, None]
    assert shown(in_world, MAY, first.at) == "in_talks", "what was recorded later was not known earlier"
    assert TransitionStage.objects.current().filter(body=in_world.pct).count() == 3
    assert [e.ref for e in Evidence.objects.order_by("ref")] == ["EV0001", "EV0002", "EV0003"]


def test_the_same_source_says_otherwise_from_a_day_and_stands_once(in_world):
    put(in_world)
    put(in_world, "joint_working", FEBRUARY, why="It moved on.")
    put(in_world, "no_plans", date(2010, 6, 1), until=date(2010, 7, 1), why="Before that, none.")
    assert [shown(in_world, d) for d in (date(2010, 6, 30), date(2010, 7, 1), AUGUST, FEBRUARY)] == [
        "no_plans",
        None,
        "in_talks",
        "joint_working",
    ]
    assert Evidence.objects.count() == EvidenceParticulars.objects.count() == 1


def test_going_back_is_an_ordinary_change_that_says_why(in_world):
    put(in_world, "shadow_form", FEBRUARY, PAPER)
    later = Source("document", "Minutes", "Aa PCT", date(2011, 5, 2))
    assert refused(put, in_world, "in_talks", MAY, later).field == "why"
    entry = put(in_world, "in_talks", MAY, later, why="The GPs withdrew.")
    assert (entry.kind, entry.reason) == (EntryKind.LATE, "The GPs withdrew.")
    assert [shown(in_world, d) for d in (FEBRUARY, MAY)] == ["shadow_form", "in_talks"]


def test_a_correction_replaces_all_that_this_evidence_said_and_no_other(in_world):
    put(in_world)
    put(in_world, "joint_working", FEBRUARY, why="It moved on.")
    put(in_world, "plan_agreed", FEBRUARY, Source("survey", "Survey", "Pulse", AUGUST), why="They say so.")
    source = evidence_of("ev0001")
    assert refused(put, in_world, "waiting", MAY, source, correction=True).field == "why"
    entry = put(in_world, "waiting", MAY, source, correction=True, why="Misread.")
    assert entry.kind == EntryKind.CORRECTION
    told_by = TransitionStage.objects.current().filter(evidence=source)
    assert [(f.stage, f.effective.lower) for f in told_by] == [("waiting", MAY)]
    assert [shown(in_world, d) for d in (AUGUST, MAY)] == [None, "plan_agreed"]
    never = Source("press", "Another", "GP")
    assert refused(put, in_world, "waiting", MAY, never, correction=True, why="x").status == 409


def test_evidence_says_nothing_from_a_day_or_never_did(in_world):
    put(in_world)
    source = evidence_of("EV0001")
    say = {"by": in_world.lead, "pct": in_world.pct, "evidence": source}
    assert refused(clear_stage, **say, why=" ").field == "why"
    assert clear_stage(**say, on=MAY, why="The talks ended.").kind == EntryKind.LATE
    assert [shown(in_world, d) for d in (date(2011, 4, 30), MAY)] == ["in_talks", None]
    assert refused(clear_stage, **say, on=MAY, why="x").status == 409
    assert clear_stage(**say, why="It spoke of another trust.").kind == EntryKind.VOID
    assert shown(in_world, AUGUST) is None
    assert refused(clear_stage, **say, why="x").status == 409


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"stage": "nearly"}, "stage"),
        ({"on": TO_COME}, "on"),
        ({"on": date(1900, 1, 1)}, "on"),
        ({"on": date(2013, 4, 1)}, "on"),  # the day after the trust's last
        ({"note": "n" * 501}, "note"),
        ({"until": AUGUST}, "until"),
        ({"source": Source("rumour", "x")}, "kind"),
        ({"source": Source("press", " ")}, "title"),
        ({"source": Source("press", "x", url="ftp://x")}, "url"),
        ({"source": Source("press", "x", said_on=TO_COME)}, "said_on"),
    ],
)
def test_what_is_wrong_is_said_with_its_field(in_world, more, field):
    error = refused(put, in_world, **more)
    assert (error.status, error.field) == (422, field)


def test_who_keeps_whose_stage(in_world):
    put(in_world, by=in_world.admin, pct=in_world.other)
    for person in (told.person("assessor"), told.person(), told.person(sha_assessor="Q31")):
        assert refused(put, in_world, by=person).status == 403
        assert refused(plan, in_world, by=person).status == 403
    assert refused(put, in_world, pct=in_world.other).status == 403
    assert (
        refused(clear_stage, by=in_world.lead, pct=in_world.other, evidence=evidence_of("EV0001"), why="x").status
        == 403
    )
    assert refused(put, in_world, by=in_world.admin, pct=in_world.sha).field == "pct"


def test_nothing_changes_twice_and_an_end_does_not_run_into_what_it_says_next(in_world):
    put(in_world)
    assert refused(put, in_world, why="again").code == "no_change"
    put(in_world, "joint_working", FEBRUARY, why="It moved on.")
    assert refused(put, in_world, "waiting", date(2010, 9, 1), until=MAY, why="x").field == "until"


def test_who_saw_an_older_state_is_told_so(in_world):
    seen = newest_entry(in_world.pct)
    put(in_world, seen=seen)
    assert refused(put, in_world, "shadow_form", FEBRUARY, PAPER, seen=seen).status == 412
    assert refused(plan, in_world, seen=seen).status == 412
    put(in_world, "shadow_form", FEBRUARY, PAPER, seen=newest_entry(in_world.pct))


def test_a_plan_that_moves_is_a_version_with_why(in_world):
    plan(in_world, words="during 2011")
    assert refused(plan, in_world, date(2012, 6, 30), FEBRUARY).field == "why"
    plan(in_world, date(2012, 6, 30), FEBRUARY, why="The Bill was paused.")
    twice = refused(plan, in_world, date(2012, 7, 1), FEBRUARY, why="x")
    assert twice.status == 409 and "tick “This corrects the plan that stands” to correct that one" in twice.message
    assert "give another day on which this one was made known" in twice.message
    fixed = plan(in_world, date(2012, 3, 31), MAY, why="A misprint.", correction=True)
    assert fixed.kind == EntryKind.CORRECTION

    def days(on: date) -> list[date]:
        return list(PlannedStage.objects.at(at(on)).filter(body=in_world.pct).values_list("day", flat=True))

    assert (days(AUGUST), days(FEBRUARY)) == ([date(2011, 12, 31)], [date(2012, 3, 31)])
    assert refused(plan, in_world, known_from=TO_COME).field == "known_from"
    drop = {"by": in_world.lead, "pct": in_world.pct, "stage": "shadow_form"}
    drop_plan(**drop, on=MAY, why="Given up.")
    assert (days(date(2011, 4, 30)), days(MAY)) == ([date(2012, 3, 31)], [])
    assert refused(drop_plan, **drop, on=MAY, why="x").status == 409
    drop_plan(**drop, on=AUGUST, why="Never planned.", correction=True)
    assert days(AUGUST) == []


def undoable(by: User, pct: ParentBody) -> list[int]:
    return [change.entry.number for change in own_changes(by=by, pct=pct) if not change.why_not]


def whys(by: User, pct: ParentBody) -> dict[int, str]:
    return {change.entry.number: change.why_not for change in own_changes(by=by, pct=pct)}


def test_ones_own_change_is_taken_back_and_its_source_stays(in_world):
    first = put(in_world)
    second = put(in_world, "shadow_form", FEBRUARY, PAPER)
    put(in_world, by=in_world.admin, pct=in_world.other, source=PAPER)  # rests on what the second one recorded
    assert undoable(by=in_world.lead, pct=in_world.pct) == [second.number, first.number]
    assert undoable(by=in_world.admin, pct=in_world.pct) == []
    assert refused(undo_stage, by=in_world.admin, entry=second).status == 403
    entry = undo_stage(by=in_world.lead, entry=second)
    assert (entry.kind, entry.source) == (EntryKind.VOID, {"undoes": second.number})
    assert shown(in_world, FEBRUARY) == "in_talks"
    assert EvidenceParticulars.objects.current().count() == 2
    assert undoable(by=in_world.lead, pct=in_world.pct) == [first.number]
    assert whys(in_world.lead, in_world.pct)[second.number] == f"Entry {entry.number} has undone it."
    assert refused(undo_stage, by=in_world.lead, entry=second).status == 409
    planned = plan(in_world)
    undo_stage(by=in_world.lead, entry=planned)
    assert not PlannedStage.objects.current().exists()
    clear_stage(by=in_world.lead, pct=in_world.pct, evidence=evidence_of("EV0001"), why="Wrong.")
    assert refused(undo_stage, by=in_world.lead, entry=first).status == 409, "something builds on it"


def test_any_own_change_is_taken_back_that_nothing_later_rests_on(in_world):
    """Not only the newest: what other evidence, or another plan, was said to say since is untouched."""
    lead, pct = in_world.lead, in_world.pct
    first = put(in_world)
    planned = plan(in_world)
    second = put(in_world, "shadow_form", FEBRUARY, PAPER)
    moved = put(in_world, "plan_agreed", MAY, PRESS, why="It says more.")  # the first one's evidence says more
    strange = put(in_world, "joint_working", MAY, PAPER, by=in_world.admin, why="It was read again.")
    assert undoable(lead, pct) == [moved.number, planned.number]
    told = whys(lead, pct)
    today = f"{moved.at.date():%-d %B %Y}"
    assert told[first.number] == f"Entry {moved.number} of {today} changed the same since: undo that first."
    assert (
        told[second.number]
        == f"Entry {strange.number} of {today} changed the same since: record what is right instead."
    )
    for entry in (first, second):
        assert refused(undo_stage, by=lead, entry=entry).status == 409
    undo_stage(by=lead, entry=planned)
    assert not PlannedStage.objects.current().exists() and shown(in_world, FEBRUARY) == "shadow_form"
    change = next(c for c in own_changes(by=lead, pct=pct) if c.entry == moved)
    assert change.told[0].days == [(MAY, date(2013, 4, 1), ("in_talks", ""), ("plan_agreed", ""))]
    undo_stage(by=lead, entry=moved)
    assert undoable(lead, pct) == [first.number], "what was undone since is nothing that rests on it"
    undo_stage(by=lead, entry=first)
    assert (shown(in_world, AUGUST), shown(in_world, FEBRUARY), shown(in_world, MAY)) == (
        None,
        "shadow_form",
        "joint_working",
    )
    assert undoable(lead, pct) == []
    assert {c.entry.number for c in own_changes(by=lead, pct=pct)} == {
        entry.number for entry in (first, planned, second, moved)
    }
    assert own_changes(by=lead, pct=in_world.other) == [], "it is not the lead's"


def test_what_would_outlive_its_trust_is_not_said_again(in_world):
    put(in_world)
    cleared = clear_stage(by=in_world.lead, pct=in_world.pct, evidence=evidence_of("EV0001"), on=FEBRUARY, why="Old.")
    assert undoable(in_world.lead, in_world.pct)[0] == cleared.number
    with make.writing() as entry:
        entry.cap(BodyParticulars, (in_world.pct.pk,), MAY)
    assert "5XA ended with 30 April 2011" in whys(in_world.lead, in_world.pct)[cleared.number]
    refusal = refused(undo_stage, by=in_world.lead, entry=cleared)
    assert refusal.status == 409 and "goes on after it" in refusal.message
    assert shown(in_world, FEBRUARY) is None


def test_near_total_is_doubted_where_the_budget_says_less(in_world):
    put(in_world)
    assert doubt(in_world.pct, "near_total_delegation", MAY) == ""
    with make.writing() as entry:
        values = (100, 80, None, 10, 0, "", evidence_of("EV0001").pk)
        entry.set(BudgetLine, (in_world.pct.pk, "2011/12", "all"), MAY, None, values)
    assert "88%" in doubt(in_world.pct, "near_total_delegation", MAY)
    assert doubt(in_world.pct, "partial_delegation", MAY) == ""
    assert doubt(in_world.pct, "near_total_delegation", date(2012, 5, 1)) == "", "of another year nothing is said"


def test_the_last_word_of_the_strongest_voice_is_shown(in_world):
    put(in_world, "in_talks", FEBRUARY, PAPER)
    put(in_world, "shadow_form", MAY, Source("statement", "The lead writes"))  # which bears no date
    put(in_world, "partial_delegation", date(2011, 6, 1), Source("press", "All is handed over", "Gazette"))
    assert shown(in_world, date(2011, 4, 30)) == "in_talks"
    assert shown(in_world, date(2011, 7, 1)) == "shadow_form", "neither an older paper nor a later press report"
