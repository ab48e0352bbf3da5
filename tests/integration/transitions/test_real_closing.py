"""What it must show 3: the close on the real register, with what the files say of 31 March and 1 April 2013."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from consortia.actions.mint import mint_consortia
from consortia.models import Belonging, ConsortiumIdentifier, Membership
from practices.models import BodyParticulars, BodySuccession, Practice, PracticeParent
from registry.errors import Refused
from registry.models import Entry
from tests.factories import writing
from tests.programme import person
from tests.support import databases, processor
from transitions.actions import close_trusts, preview_close, undo_close
from transitions.closing.figures import figures

pytestmark = pytest.mark.realdata
START, EVE, ON = date(2012, 6, 1), date(2013, 3, 31), date(2013, 4, 1)
CLOSES = ("pct", "care_trust", "sha")


@pytest.fixture(scope="module")
def england(real_register: Any, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), databases.clone(real_register.database):
        yield


def living(day: date) -> int:
    return BodyParticulars.objects.current().filter(effective__contains=day, kind__in=CLOSES).count()


def under(day: date) -> list[tuple[str, str]]:
    rows = PracticeParent.objects.current().filter(effective__contains=day)
    return sorted(rows.values_list("practice__code", "parent__code"))


def keep_open() -> None:
    """The register as it was before anybody said that trusts and authorities end: their ends are the close's to write."""
    with writing("open_ended") as entry:
        entry.load(BodyParticulars)
        for key in entry.keys(BodyParticulars):
            line = entry.timeline(BodyParticulars, key)
            last = line.spells[-1]
            if last.values[0] in CLOSES and last.end == ON:
                entry.set(BodyParticulars, key, last.start, None, last.values)


def test_england_closes_in_one_transaction(england: None, real_data: Path) -> None:
    admin = person("programme_admin")
    recorded = figures(preview_close(by=admin))
    assert (recorded["closed_already"], recorded["unplaced"], recorded["practices"]) == (161, 0, 8_073)
    keep_open()
    eve, day, entries = under(EVE), under(ON), Entry.objects.count()
    assert living(ON) == 161

    one = Practice.objects.get(code="G85001")
    with writing("lose") as entry:
        entry.clear(PracticeParent, (one.pk,), ON, None)
        group = entry.before(PracticeParent, (one.pk,)).at(ON)
    plan = preview_close(by=admin)
    with pytest.raises(Refused) as blocked:
        close_trusts(by=admin, plan_hash=plan.hash, why="The Act")
    assert blocked.value.status == 409 and [row["code"] for row in blocked.value.detail] == ["G85001"]
    with writing("find") as entry:
        entry.set(PracticeParent, (one.pk,), ON, None, group)

    pace = processor.pace()
    began = processor.seconds()
    plan = preview_close(by=admin)
    rehearsed = processor.seconds() - began
    began = processor.seconds()
    entry = close_trusts(by=admin, plan_hash=plan.hash, why="The Act")
    written = processor.seconds() - began
    print(f"\nrehearsed in {rehearsed:.1f} s, written in {written:.1f} s (pace {pace:.1f}): {figures(plan)}")
    assert written / pace < 10
    assert Entry.objects.count() == entries + 3 and entry.changes == len(plan.changes)
    assert living(EVE) == 161 and living(ON) == 0
    assert under(EVE) == eve and len(plan.placed) == 8_073
    assert {(p.code, p.successor) for p in plan.placed} <= set(under(ON))
    trusts = [s for s in plan.successions if s.successor != "X24"]
    assert len(trusts) == 239 and len(plan.successions) == 249
    assert {(s.predecessor, s.successor, s.practices, s.people) for s in trusts} == expected(real_data)
    assert BodySuccession.objects.current().filter(opened_by=entry).count() == 249

    began = processor.seconds()
    undo_close(by=admin, entry=entry, why="A rehearsal")
    print(f"undone in {processor.seconds() - began:.1f} s")
    assert living(ON) == 161 and (under(EVE), under(ON)) == (eve, day)


def expected(real_data: Path) -> set[tuple[str, str, int, int]]:
    with (real_data / "derived" / "pct_to_ccg_2013-04-01.csv").open(encoding="utf-8", newline="") as file:
        return {
            (r["pct_code"], r["ccg_code"], int(r["practices"]), int(r["patients_2013q2"]))
            for r in csv.DictReader(file)
        }


@pytest.mark.long
def test_england_closes_through_its_consortia(england: None) -> None:
    """Of the same England, as if nobody had told of the groups' practices: each is placed by its consortium's code."""
    admin = person("programme_admin")
    day = under(ON)
    groups = dict(
        BodyParticulars.objects.current().filter(effective__contains=ON, kind="ccg").values_list("body__code", "body")
    )
    with writing("consortia") as entry:
        made = mint_consortia(entry, [(code, "") for code in groups], start=START)
        by_body = dict(zip(groups.values(), made, strict=True))
        for code, consortium in zip(groups, made, strict=True):
            entry.set(ConsortiumIdentifier, (consortium.pk, "ods", code), START, None, ("confirmed",))
    told = preview_close(by=admin).placed
    pks = dict(Practice.objects.values_list("code", "pk"))
    with writing("join") as entry:
        entry.load(PracticeParent, [(pks[row.code],) for row in told])
        entry.new(Membership, [(pks[row.code],) for row in told])
        for row in told:
            key = (pks[row.code],)
            belongs = Belonging(by_body[groups[row.successor]].pk, "confirmed", "founding")
            entry.set(Membership, key, EVE, None, belongs)
            eve = entry.timeline(PracticeParent, key).at(EVE)
            if eve is not None:
                entry.set(PracticeParent, key, ON, None, eve)
    keep_open()
    plan, pace = preview_close(by=admin), processor.pace()
    assert figures(plan)["placed_by_consortium"] > 8_000
    began = processor.seconds()
    close_trusts(by=admin, plan_hash=plan.hash, why="The Act")
    written = processor.seconds() - began
    print(f"\n{len(plan.changes):,} facts written in {written:.1f} s (pace {pace:.1f})")
    assert written / pace < 10
    assert {(p.code, p.successor) for p in told} <= set(under(ON)) and len(under(ON)) == len(day)
