"""Where each trust stands, at both clocks: the same as a plain fold of the raw facts; unknown is never a no."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from pathfinders.reads import layers, transitions
from pathfinders.reads.transition_history import history
from practices.models import ParentBody
from registry.errors import Refused
from registry.models import Entry, User
from registry.moment import Moment
from tests import factories as make
from tests import programme as told
from tests.factories import at
from transitions.actions import Source, add_word, clear_stage, end_word, evidence_of, plan_stage, set_stage, undo_stage
from transitions.actions.trust import newest_entry
from transitions.models import (
    Cluster,
    ClusterParticulars,
    ClusterPlace,
    EvidenceKind,
    EvidenceParticulars,
    PlannedStage,
    TransitionStage,
    TransitionWord,
)

FIRST, DAYS = date(2010, 6, 1), 900
MAY = date(2011, 5, 1)
STEPS = 60
STAGES = ("no_plans", "in_talks", "joint_working", "shadow_form", "near_total_delegation")


@dataclass
class Ground:
    admin: User
    pcts: list[ParentBody]
    instants: list[datetime]


def build_world() -> Ground:
    """Three trusts of whom much is said at random, and one of whom nothing is."""
    sha = make.make_sha("Q31", "North West")
    admin = told.person("programme_admin")
    pcts = [make.make_pct(f"5X{letter}", sha=sha) for letter in "ABCD"]
    make.make_practice("Z70001", pct=pcts[3])
    chance = random.Random(8)
    for _ in range(STEPS):
        _something(chance, admin, chance.choice(pcts[:3]))
    with make.writing() as entry:
        cluster = Cluster.objects.create(ref="CL0001")
        entry.set(ClusterParticulars, (cluster.pk,), FIRST, None, ("Cheshire cluster", "pct", "The Department"))
        entry.set(ClusterPlace, (pcts[0].pk,), FIRST, None, (cluster.pk,))
    return Ground(admin, pcts, list(Entry.objects.order_by("number").values_list("at", flat=True)))


def _something(chance: random.Random, admin: User, pct: ParentBody) -> None:
    day = FIRST + timedelta(days=chance.randrange(DAYS))
    number = chance.randrange(6)
    said_on = chance.choice([None, date(2010, 8, 1), date(2011, 8, 1)])
    source = Source(list(EvidenceKind)[number % 4].value, f"Source {number}", said_on=said_on)
    why = "It was told so."
    try:
        match chance.randrange(10):
            case 0 | 1 | 2:
                known = min(day, date(2012, 1, 1))
                planned = FIRST + timedelta(days=chance.randrange(DAYS))
                stage = chance.choice(STAGES)
                plan_stage(by=admin, pct=pct, stage=stage, day=planned, known_from=known, source=source, why=why)
            case 3:
                said = TransitionStage.objects.current().filter(body=pct).order_by("?").first()
                if said:
                    on = chance.choice([None, day])
                    clear_stage(by=admin, pct=pct, evidence=said.evidence, on=on, why=why)
            case 4:
                undo_stage(by=admin, entry=Entry.objects.get(number=newest_entry(pct)))
            case _:
                until = day + timedelta(days=chance.randrange(1, 300)) if chance.random() < 0.3 else None
                right = chance.random() < 0.15
                stage = chance.choice(STAGES)
                set_stage(
                    by=admin, pct=pct, stage=stage, on=day, source=source, until=until, correction=right, why=why
                )
    except (Refused, Entry.DoesNotExist):
        pass


def fold(pct: ParentBody, day: date, known_at: datetime) -> dict[str, Any]:
    """What the register says of a trust, worked out from the raw rows by hand."""
    words = {w.key: w for w in TransitionWord.objects.of("stage")}
    sources = {
        p.evidence_id: p
        for p in EvidenceParticulars.objects.all()
        if p.recorded.lower <= known_at and not p.closed_by_id
    }

    def holds(period: Any, point: Any) -> bool:
        return (period.lower is None or period.lower <= point) and (period.upper is None or point < period.upper)

    def standing(model: Any) -> list[Any]:
        return [f for f in model.objects.filter(body=pct) if holds(f.recorded, known_at)]

    def began(fact: Any) -> int:
        return fact.effective.lower.toordinal() if fact.effective.lower else 0

    def strength(fact: Any) -> tuple[int, ...]:
        source = sources[fact.evidence_id]
        voice = {"document": 1, "statement": 1, "survey": 2, "press": 3}[source.kind]
        newest = -source.said_on.toordinal() if source.said_on else 0
        return (voice, -began(fact), EvidenceKind(source.kind).rank, newest, -fact.evidence_id)

    said = sorted((f for f in standing(TransitionStage) if holds(f.effective, day)), key=strength)
    best = said[0] if said else None
    versions = [f for f in standing(PlannedStage) if f.effective.lower <= day]
    plans = [f for f in versions if holds(f.effective, day)]
    here = words[best.stage].position if best else 0
    plan = min(plans, key=lambda f: (words[f.stage].position <= here, f.day, f.stage), default=None)
    days = [f.day for f in sorted(versions, key=lambda f: f.effective.lower) if plan and f.stage == plan.stage]
    behind = None
    if plan:
        past = plan.day < day
        behind = False if not past else None if best is None else words[plan.stage].position > here
    return {
        "stage": best.stage if best else None,
        "begun": words[best.stage].begun if best else None,
        "since": _since(standing(TransitionStage), best, day),
        "evidence_ref": best.evidence.ref if best else None,
        "also": [f.evidence.ref for f in said[1:] if f.stage != best.stage and began(f) >= began(best)],
        "planned_stage": plan.stage if plan else None,
        "planned_day": plan.day if plan else None,
        "planned_slipped": sum(b > a for a, b in zip(days, days[1:], strict=False)) if plan else None,
        "planned_first_day": days[0] if days else None,
        "behind": behind,
    }


def _since(facts: list[Any], best: Any, day: date) -> date | None:
    """Day by day backwards, while the same evidence says the same."""
    if best is None:
        return None
    while any(
        f.evidence_id == best.evidence_id
        and f.stage == best.stage
        and f.effective.lower <= day
        and (f.effective.upper is None or day < f.effective.upper)
        for f in facts
    ):
        day -= timedelta(days=1)
    return day + timedelta(days=1)


def read(moment: Any) -> dict[str, dict[str, Any]]:
    rows = list(transitions.rows(None, moment).order_by("code"))
    return {row["code"]: row for row in transitions.finish(None, moment, rows)}


def test_a_row_is_the_fold_of_the_raw_facts_at_both_clocks(in_world, request):
    chance = random.Random(2010)
    told_of = 0
    for _ in range(400 if request.config.getoption("--long") else 25):
        day = FIRST + timedelta(days=chance.randrange(DAYS))
        moment = at(day, chance.choice(in_world.instants[-STEPS:]))
        rows = read(moment)
        for pct in in_world.pcts:
            expected = fold(pct, day, moment.known_at)
            row = rows[pct.code] | {"also": [said["ref"] for said in rows[pct.code]["said_list"]]}
            assert {name: row[name] for name in expected} == expected, (pct.code, moment)
            told_of += expected["stage"] is not None
    assert told_of > 25, "a test that cannot fail is a defect"


def test_what_nobody_said_is_null_and_counts_apart(in_world):
    moment = at(MAY)
    row = read(moment)["5XD"]
    assert (row["stage"], row["begun"], row["behind"], row["evidence_ref"]) == (None, None, None, None)
    assert row["practices"] == 1
    assert (row["cluster_ref"], read(moment)["5XA"]["cluster_name"]) == (None, "Cheshire cluster")
    counted = transitions.counts(None, moment)
    assert counted["unknown"] >= 1
    assert counted["known"] + counted["unknown"] == counted["trusts"] == 4
    assert sum(stage["count"] for stage in counted["stages"]) == counted["known"]

    def found(**asked: str) -> set[str]:
        rows = transitions.Filters(asked, transitions.rows(None, moment), moment=moment).qs
        return {row["code"] for row in rows}

    silent = found(stage="unknown")
    assert "5XD" in silent
    assert not silent & (found(begun="true") | found(begun="false")), "unknown is neither"
    assert found(begun="true") | found(begun="false") | silent == {p.code for p in in_world.pcts}
    assert found(cluster="cl0001") == {"5XA"}
    assert found(sha="Q31", q="5XD") == {"5XD"}


def test_a_plan_that_is_past_does_not_make_the_silent_late(in_world):
    source, pct = Source("press", "A plan", "Pulse"), in_world.pcts[3]
    plan_stage(by=in_world.admin, pct=pct, stage="shadow_form", day=date(2011, 3, 1), known_from=FIRST, source=source)
    days = {day: read(at(day))["5XD"]["behind"] for day in (date(2011, 3, 1), date(2011, 3, 2))}
    assert days == {date(2011, 3, 1): False, date(2011, 3, 2): None}
    set_stage(by=in_world.admin, pct=pct, stage="in_talks", on=MAY, source=source)
    assert read(at(MAY))["5XD"]["behind"] is True
    set_stage(by=in_world.admin, pct=pct, stage="shadow_form", on=date(2011, 6, 1), source=source, why="At last.")
    row = read(at(date(2011, 6, 1)))["5XD"]
    assert (row["behind"], row["planned_reached"]) == (False, True)


def test_after_its_life_a_trust_stands_as_closed_and_counts_among_no_living(in_world):
    rows = read(at(date(2013, 3, 31)))
    assert len(rows) == 4 and {row["closed"] for row in rows.values()} == {None}
    after = at(date(2013, 4, 1))
    rows = read(after)
    told = {(r["stage"], r["closed"], r["since"], r["behind"], r["sha_code"]) for r in rows.values()}
    assert len(rows) == 4
    assert told == {("closed", date(2013, 3, 31), date(2013, 4, 1), None, "Q31")}
    last = {pct.code: fold(pct, date(2013, 3, 31), after.known_at) for pct in in_world.pcts}
    assert {code: row["begun"] for code, row in rows.items()} == {code: row["begun"] for code, row in last.items()}
    said = {code: [(s["stage"], s["ref"]) for s in row["said_list"]] for code, row in rows.items()}
    assert said == {code: [(r["stage"], r["evidence_ref"])] if r["stage"] else [] for code, r in last.items()}
    assert {row["begun"] for row in rows.values()} > {None}, "never said is not known, closed or not"
    counted = transitions.counts(None, after)
    living = {counted[name] for name in ("trusts", "known", "unknown", "begun", "behind")}
    assert (living, counted["closed"], sum(s["count"] for s in counted["stages"])) == ({0}, 4, 0)
    make.make_pct("5XY", last_day=date(2010, 7, 11))  # over when the programme began
    make.make_pct("5XZ", last_day=date(2010, 7, 12))
    assert read(at(date(2010, 7, 11))).keys() >= {"5XY", "5XZ"}
    assert read(at(date(2010, 7, 12))).keys() & {"5XY", "5XZ"} == {"5XZ"}
    found = read(at(after.as_of))
    assert "5XY" not in found and found["5XZ"]["closed"] == date(2010, 7, 12)


def test_as_few_questions_for_all_as_for_one(in_world):
    moment = at(MAY)
    with CaptureQueriesContext(connection) as asked:
        read(moment)
    assert len(asked) <= 3


def test_a_history_tells_every_spell_and_what_was_taken_back(in_world):
    moment = at(MAY)
    standing = list(history(None, moment).order_by("code", "effective_from"))
    ever = list(history(None, moment, superseded=True))
    assert len(standing) == TransitionStage.objects.current().count()
    assert len(ever) == TransitionStage.objects.count() > len(standing)
    assert {row["recorded_to"] for row in standing} == {None}
    known = at(MAY, in_world.instants[-STEPS // 2])
    assert len(list(history(None, known))) == len([f for f in ever if _stood(f, known.known_at)])


def _stood(row: dict[str, Any], known_at: datetime) -> bool:
    return row["recorded_from"] <= known_at and (row["recorded_to"] is None or known_at < row["recorded_to"])


def test_the_words_of_the_map_are_those_of_the_moment(committed_world):
    """A word that was added or ended later changes no answer of before; a stage keeps its word all the same."""

    def words(moment: Moment) -> list[str]:
        told = layers.values(None, moment, "stage", transitions.rows(None, moment).order_by("code"))
        classes = [klass.key for klass in layers.layer(None, moment, "stage", told).classes]
        assert [c["stage"] for c in transitions.counts(None, moment)["stages"]] == classes[:-1]
        return classes

    admin, source, lately = committed_world.admin, Source("press", "Words", "Pulse"), date(2012, 12, 1)
    before = at(lately)
    stood = words(before)
    add_word(by=admin, kind="stage", label="Heads of terms", after="in_talks")
    end_word(by=admin, kind="stage", key="waiting", on=date(2011, 1, 1))
    assert words(at(lately)) == stood, "no entry has been written since"
    set_stage(by=admin, pct=committed_world.pcts[3], stage="heads_of_terms", on=lately, source=source)
    added = [*stood[: stood.index("in_talks") + 1], "heads_of_terms", *stood[stood.index("in_talks") + 1 :]]
    assert words(at(lately)) == [key for key in added if key != "waiting"]
    assert words(at(date(2010, 12, 31))) == added
    assert words(at(lately, before.known_at)) == stood
    later = date(2011, 6, 1)
    assert "waiting" not in words(at(later))
    set_stage(by=admin, pct=committed_world.pcts[3], stage="waiting", on=date(2010, 12, 1), source=source)
    assert words(at(later)) == added, "what was said with a word keeps it"


def test_two_at_once_lose_nothing(committed_world):
    """Both saw the same state: one is recorded, the other is told that it was."""
    pct, seen = committed_world.pcts[3], newest_entry(committed_world.pcts[3])
    outcomes: list[Any] = [None, None]
    start = threading.Barrier(2)

    def say(n: int) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            start.wait()
            source = Source("statement", f"Officer {n}", "PCT")
            outcomes[n] = set_stage(
                by=committed_world.admin, pct=pct, stage=STAGES[n], on=MAY, source=source, why="Told so.", seen=seen
            )
        except Refused as error:
            outcomes[n] = error.status
        finally:
            connections.close_all()

    threads = [threading.Thread(target=say, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(isinstance(o, Entry) for o in outcomes) == [False, True]
    assert 412 in outcomes
    won = next(n for n, o in enumerate(outcomes) if isinstance(o, Entry))
    assert read(at(MAY))["5XD"]["stage"] == STAGES[won]
    assert evidence_of(read(at(MAY))["5XD"]["evidence_ref"])
