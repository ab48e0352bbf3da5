"""Budgets: what adds up is taken, what does not is refused with the difference; on every day, for every hand at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from practices.models import BodyParticulars
from registry import journal
from registry.errors import Refused
from registry.invariants import findings
from registry.models import Entry, EntryKind
from tests import factories as make
from tests import programme as told
from transitions import invariants
from transitions.actions import (
    Source,
    delegate,
    end_delegation,
    newest_budget_entry,
    set_allowance,
    set_budget_line,
    set_weighted,
)
from transitions.models import Allowance, BudgetLine, Delegation, Evidence, WeightedPopulation

YEAR, APRIL, OCTOBER = "2011/12", date(2011, 4, 1), date(2011, 10, 1)
PAPER = Source("document", "Board paper of April 2011", "The trust")
M = 1_000_000
LINE = [f.name for f in BudgetLine.value_fields()]


def build_world() -> dict[str, Any]:
    pct, other = make.make_pct("5QE", name="Oxfordshire PCT"), make.make_pct("5QF")
    group, far = make.make_consortium("GC0001"), make.make_consortium("GC0002")
    for n in (1, 2, 3):
        make.make_membership(make.make_practice(f"Z0000{n}", pct=pct, patients=1_000 * n), group)
    make.make_membership(make.make_practice("Z00009", pct=other, patients=900), far)
    make.make_consortium("GC0003", last_day=date(2011, 3, 31))
    with make.writing() as entry:
        from transitions.actions.evidence import recorded

        evidence = recorded(entry, PAPER)
    return {
        "pct": pct,
        "other": other,
        "group": group,
        "evidence": evidence,
        "lead": told.person(pct_lead="5QE"),
        "stranger": told.person(pct_lead="5QF"),
        "admin": told.person("programme_admin"),
    }


@pytest.fixture
def place(in_world):
    return type("Place", (), in_world)


def put(place, **more):
    first = {"by": place.lead, "pct": place.pct, "year": YEAR, "line": "all", "on": APRIL, "source": place.evidence}
    return set_budget_line(**first | more)


def give(place, **more):
    first = {"by": place.lead, "pct": place.pct, "year": YEAR, "line": "all", "on": APRIL, "source": place.evidence}
    return delegate(**first | {"holder": "GC0001", "amount": 600 * M, "level": "shadow"} | more)


def refused(call, *args, **more) -> Refused:
    before = Entry.objects.count()
    with pytest.raises(Refused) as error:
        call(*args, **more)
    assert Entry.objects.count() == before
    return error.value


def whole() -> None:
    assert [(f.rule.name, f.rows) for f in findings(invariants.RULES) if f.rows] == []


def test_oxfordshire_is_refused_with_the_difference_and_taken_as_rounded(place):
    figures = {"total": 934 * M, "delegated": 644 * M, "retained": 291 * M}
    error = refused(put, place, **figures)
    assert error.message == (
        "Delegated and retained make £935,000,000, which is £1,000,000 more than the total of £934,000,000. "
        "If the source rounds its figures, say to what."
    )
    assert error.detail == [{"difference": -M}]
    assert refused(put, place, **figures, rounding=1_000).code == "does_not_add_up"
    put(place, **figures, rounding=M)
    line = BudgetLine.objects.current().get()
    assert (line.total, line.delegated, line.retained, line.excluded, line.rounding) == (
        934 * M,
        644 * M,
        291 * M,
        None,
        M,
    )
    error = refused(put, place, **figures, rounding=M, on=OCTOBER)
    assert error.code == "no_reason"
    whole()


AMOUNT = st.one_of(st.none(), st.integers(0, 12))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
@given(total=AMOUNT, delegated=AMOUNT, retained=AMOUNT, excluded=AMOUNT, rounding=st.integers(0, 2))
@example(total=10, delegated=6, retained=6, excluded=None, rounding=1)
@example(total=10, delegated=6, retained=7, excluded=None, rounding=1)
@example(total=10, delegated=6, retained=2, excluded=0, rounding=1)
@example(total=10, delegated=6, retained=1, excluded=None, rounding=1)
@example(total=10, delegated=11, retained=None, excluded=None, rounding=0)
@example(total=10, delegated=1, retained=None, excluded=None, rounding=0)
def test_the_action_and_postgres_take_and_refuse_the_same_sums(place, **figures):
    def by_the_action() -> bool:
        try:
            put(place, **figures)
        except Refused as error:
            assert error.code in ("does_not_add_up", "nothing_stated")
            return True
        return False

    def by_postgres() -> bool:
        values = [figures.get(name, "") for name in LINE[:-1]]
        try:
            with transaction.atomic(), make.writing() as entry:
                key = (place.other.pk, YEAR, "all")
                entry.set(BudgetLine, key, APRIL, None, (*values, place.evidence.pk))
        except IntegrityError:
            return True
        return False

    with transaction.atomic():
        answers = by_the_action(), by_postgres()
        transaction.set_rollback(True)
    assert answers[0] == answers[1], figures


def test_lines_and_delegations_stay_within_what_they_are_part_of_on_every_day(place):
    put(place, total=100 * M, delegated=60 * M)
    put(place, line="maternity", total=70 * M)
    error = refused(put, place, line="prescribing", total=31 * M)
    assert (error.code, error.detail) == ("more_than_whole", [{"difference": M}])
    put(place, line="prescribing", total=31 * M, rounding=2 * M)
    give(place, amount=50 * M)
    give(place, holder="GC0002", amount=10 * M, on=OCTOBER)
    error = refused(give, place, amount=51 * M, correction=True, why="A slip.")
    assert (error.code, error.detail) == ("more_than_delegated", [{"difference": M}]), "only from October, yet refused"
    error = refused(put, place, total=100 * M, delegated=59 * M, correction=True, why="A slip.")
    assert error.code == "more_than_delegated"
    assert refused(put, place, total=99 * M, on=OCTOBER, why="Cut.").code == "more_than_whole"
    end_delegation(
        by=place.lead,
        pct=place.pct,
        year=YEAR,
        line="all",
        holder="GC0002",
        last_day=date(2011, 12, 31),
        why="It left.",
    )
    give(place, amount=60 * M, on=date(2012, 1, 1), why="It took over.")
    assert refused(give, place, line="community").code == "wrong_state"
    held = {(d.holder, d.effective.lower, d.effective.upper, d.amount) for d in Delegation.objects.current()}
    assert held == {
        ("GC0001", APRIL, date(2012, 1, 1), 50 * M),
        ("GC0001", date(2012, 1, 1), date(2012, 4, 1), 60 * M),
        ("GC0002", OCTOBER, date(2012, 1, 1), 10 * M),
    }
    whole()


def test_nothing_is_statutory_before_1_april_2013_not_by_the_action_nor_in_postgres(place):
    put(place, total=100 * M)
    error = refused(give, place, level="statutory")
    assert error.code == "not_statutory" and "5QE is accountable" in error.message
    with pytest.raises(IntegrityError, match="delegation_statutory"), transaction.atomic(), make.writing() as entry:
        key, values = (place.pct.pk, "2012/13", "all", "GC0001"), (None, "statutory", "", place.evidence.pk)
        entry.set(Delegation, key, date(2013, 3, 31), None, values)
    later = {"year": "2013/14", "on": date(2013, 4, 1)}
    error = refused(put, place, **later, total=M)
    assert (error.code, error.field) == ("after_its_end", "year") and "5QE ended on 31 March 2013" in error.message
    late = {**later, "amount": M, "level": "statutory"}

    def ends(day: date | None) -> None:  # as a file tells it, right or wrong
        with make.writing() as entry:
            (spell,) = entry.timeline(BodyParticulars, (place.pct.pk,))
            entry.set(BodyParticulars, (place.pct.pk,), spell.start, None, spell.values)
            if day is not None:
                entry.cap(BodyParticulars, (place.pct.pk,), day)

    ends(None)
    put(place, **later, total=M)
    ends(date(2013, 4, 1))
    assert refused(give, place, **late).code == "not_living", "5QE ended the day before"
    ends(None)
    give(place, **late)


def test_who_may_and_to_whom(place):
    put(place, total=100 * M)
    assert refused(put, place, by=place.stranger, total=M).status == 403
    assert refused(give, place, by=place.stranger, amount=M).status == 403
    assert refused(give, place, holder="GC0003", amount=M).code == "no_holder", "it ended the day before"
    assert refused(give, place, holder="GC0404", amount=M).code == "no_holder"
    assert refused(give, place, year="2012/13", amount=M).code == "not_in_year"
    assert refused(give, place, level="total", amount=M).code == "bad_level"
    done = give(place, by=place.admin, holder="GC0002", amount=None)
    assert done.warnings == ["GC0002 has no practice under 5QE on 1 April 2011. It may be meant; look again."]
    assert give(place, amount=M).warnings == []
    assert refused(put, place, year="2011/13", total=M).code == "bad_year"
    assert refused(put, place, line="tea", total=M).code == "bad_line"
    assert refused(give, place, amount=M, correction=True, why="Again").code == "no_change"


def test_two_officers_who_save_at_once_lose_nothing(committed_world):
    place = type("Place", (), committed_world)
    put(place, total=100 * M)
    seen = newest_budget_entry(place.pct, YEAR)

    def save(line: str) -> str:
        try:
            put(place, line=line, total=10 * M, seen=seen)
        except Refused as error:
            return error.code
        finally:
            connection.close()
        return "saved"

    lines = ("maternity", "prescribing")
    with ThreadPoolExecutor(2) as pool:
        answers = dict(zip(lines, pool.map(save, lines), strict=True))
    assert sorted(answers.values()) == ["saved", "stale"]
    late = next(line for line, said in answers.items() if said == "stale")
    put(place, line=late, total=10 * M, seen=newest_budget_entry(place.pct, YEAR))
    assert set(BudgetLine.objects.current().values_list("line", flat=True)) == {"all", *lines}
    put(place, pct=place.other, by=place.admin, total=M, seen=newest_budget_entry(place.other, YEAR))


def test_allowances_and_weighted_people(place):
    first = {"by": place.lead, "consortium": place.group, "year": YEAR, "kind": "development"}
    first |= {"pounds_per_head": Decimal(2), "people": 6_001, "source": "Operating Framework 2011-12"}
    set_allowance(**first)
    assert refused(set_allowance, **first | {"by": place.stranger}).status == 403
    assert refused(set_allowance, **first | {"kind": "bonus"}).code == "bad_kind"
    set_allowance(**first, paid_on=OCTOBER, on=OCTOBER, why="It was paid.")
    rows = Allowance.objects.current().order_by("effective").values_list("amount", "paid_on")
    assert list(rows) == [(12_002, None), (12_002, OCTOBER)]
    weighted = {"by": place.lead, "pct": place.pct, "year": YEAR, "source": "Exposition book"}
    set_weighted(**weighted, people=640_000)
    assert refused(set_weighted, **weighted, people=0).code == "bad_people"
    assert WeightedPopulation.objects.current().get().people == 640_000
    seen = Entry.objects.order_by("-number")[0].number
    again = {"correction": True, "why": "A slip."}
    set_allowance(**first | again | {"people": 6_003}, seen=seen)
    assert refused(set_allowance, **first | again | {"people": 6_002}, seen=seen).code == "stale"
    set_allowance(**first | {"kind": "running"}, seen=seen)
    set_weighted(**weighted, people=641_000, **again, seen=seen)
    assert refused(set_weighted, **weighted, people=642_000, **again, seen=seen).status == 412
    assert WeightedPopulation.objects.current().get().people == 641_000


def test_the_rules_find_what_goes_past_the_actions(place):
    def wrong(name: str, *facts: tuple) -> None:
        with transaction.atomic():
            with journal.entry(by="system", action="past", kind=EntryKind.EVENT, reason="a test needs it") as entry:
                for model, key, values in facts:
                    entry.set(model, (place.pct.pk, YEAR, *key), APRIL, date(2012, 4, 1), values)
            assert name in [f.rule.name for f in findings(invariants.RULES) if f.rows]
            transaction.set_rollback(True)

    proof = Evidence.objects.get().pk
    all_of_it = (BudgetLine, ("all",), (100, 60, None, None, 0, "", proof))
    wrong("delegated_within_line", all_of_it, (Delegation, ("all", "GC0001"), (61, "shadow", "", proof)))
    wrong("lines_within_whole", all_of_it, (BudgetLine, ("maternity",), (101, None, None, None, 0, "", proof)))
    wrong("delegated_of_a_line", (Delegation, ("all", "GC0001"), (61, "shadow", "", proof)))
