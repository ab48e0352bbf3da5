"""What `check_invariants` finds of memberships that Postgres cannot keep, each shown by a row that went past all guards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from django.db import connection

from consortia.actions.answering import answer_signed_in
from consortia.actions.attesting import attest
from consortia.actions.left_out import say_why_left_out
from consortia.attested import attested_list, sha256_of
from consortia.invariants import RULES
from consortia.models import Attestation, AttestedList, LeftOut, Membership
from practices.models import PracticeParticulars, PracticeStatus
from registry.invariants import findings
from registry.moment import Moment
from tests import factories as make
from tests.integration.consortia.conftest import Land

MARCH = date(2011, 3, 1)


@contextmanager
def unguarded() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")


def broken() -> dict[str, list[tuple]]:
    return {f.rule.name: f.rows for f in findings(RULES) if f.rows}


@pytest.fixture
def said(land: Land) -> Land:
    """Z00001 disputes, Z00003 is left out for a reason, and the list is attested."""
    answer_signed_in(
        by=land.manager, practice=land.practices[0], consortium=land.north, answer="disputed", reason="not_agreed"
    )
    say_why_left_out(by=land.admin, practice=land.practices[2], reason="undecided", on=MARCH)
    attest(by=land.lead, consortium=land.north, sha256_seen=sha256_of(attested_list(Moment.now(), land.north)))
    assert broken() == {}
    return land


def joins(land: Land) -> None:
    Membership.objects.current().filter(practice=land.practices[1]).update(practice=land.practices[2])


def closes(land: Land) -> None:
    PracticeStatus.objects.filter(practice=land.practices[2]).update(status="C")


def is_no_gp(land: Land) -> None:
    PracticeParticulars.objects.filter(practice=land.practices[2]).update(setting=1)


def other_bytes(land: Land) -> None:
    AttestedList.objects.update(content="code\n")


def no_bytes(land: Land) -> None:
    AttestedList.objects.all()._raw_delete("default")


def other_reason(land: Land) -> None:
    Membership.objects.filter(status="disputed").update(reason="joined")


def proved_allocation(land: Land) -> None:
    Membership.objects.current().filter(practice=land.practices[1]).update(status="allocated", proof="link")


@pytest.mark.parametrize(
    "break_it, rule, what",
    [
        (joins, "left_out_is_in_none", "Z00003"),
        (closes, "left_out_is_in_none", "Z00003"),
        (is_no_gp, "left_out_is_in_none", "Z00003"),
        (other_bytes, "attested_bytes", "GC0001"),
        (no_bytes, "attested_bytes", "GC0001"),
        (other_reason, "dispute_says_why", "Z00001"),
        (proved_allocation, "proof_is_of_an_answer", "Z00002"),
    ],
)
def test_each_rule_finds_what_breaks_it(said: Land, break_it: Callable[[Land], None], rule: str, what: str) -> None:
    with unguarded():
        break_it(said)
    assert [row[0] for row in broken()[rule]] == [what]


def test_what_was_put_right_breaks_nothing(said: Land) -> None:
    """Facts of before a correction are not looked at; an imported dispute, that nobody answered, has another reason."""
    make.make_membership(said.practices[2], said.north, date(2011, 6, 1), status="disputed", reason="imported")
    assert broken() == {} and LeftOut.objects.count() > 1 and Attestation.objects.count() == 1
