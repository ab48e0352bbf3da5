"""What plain SQL may not do: the two clocks are kept by Postgres itself, for every kind of fact."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from consortia.models import Belonging, Membership
from registry.models import Entry, fact_kinds
from tests.factories import make_consortium, make_membership, make_practice, writing
from tests.support.every_kind import SAMPLES, write_every_kind

KINDS = sorted(fact_kinds())
TABLES = [*(m._meta.db_table for m in fact_kinds().values()), "registry_entry", "registry_installation"]
IDENTITIES = ["practices_practice", "practices_parentbody", "consortia_consortium", "pathfinders_pathfinder"]


def build_world():
    write_every_kind()


@pytest.fixture
def register(in_world):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # as after a commit


def refused(statement: str, *parameters: object) -> str:
    """The sentence with which Postgres refuses a statement. Fails where it does not."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
    return str(caught.value)


def test_every_kind_has_a_sample():
    assert set(SAMPLES) == set(KINDS)


@pytest.mark.parametrize("table", [*TABLES, *IDENTITIES])
def test_nothing_is_deleted_or_truncated(register, table):
    assert "never" in refused(f"DELETE FROM {table}")
    assert "never" in refused(f"DELETE FROM {table} WHERE false")
    assert "never" in refused(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize("kind", KINDS)
def test_no_column_of_a_fact_is_updated(register, kind):
    model = fact_kinds()[kind]
    for field in model._meta.concrete_fields:
        assert "(" + model._meta.db_table in refused(
            f"UPDATE {model._meta.db_table} SET {field.column} = {field.column}"
        )


@pytest.mark.parametrize("kind", KINDS)
def test_a_fact_is_not_closed_without_an_entry(register, kind):
    table = fact_kinds()[kind]._meta.db_table
    refused(f"UPDATE {table} SET recorded = tstzrange(lower(recorded), now()) WHERE upper_inf(recorded)")
    refused(
        f"UPDATE {table} SET recorded = tstzrange(lower(recorded), e.at), closed_by_id = 1, closed_position = 1"
        f" FROM registry_entry e WHERE e.number = 1 AND upper_inf(recorded)"
    )


@pytest.mark.parametrize("column", [f.column for f in Entry._meta.concrete_fields])
def test_no_column_of_the_journal_is_updated(register, column):
    assert "never changed" in refused(f"UPDATE registry_entry SET {column} = {column}")


@pytest.mark.parametrize("table", IDENTITIES)
def test_a_code_is_never_changed(register, table):
    column = "code" if table.startswith("practices") else "ref"
    assert "never changed" in refused(f"UPDATE {table} SET {column} = {column} || '9'")


ADD = (
    "INSERT INTO consortia_membership (practice_id, consortium_id, status, reason, proof, basis, effective, recorded,"
    " opened_by_id, opened_position) VALUES (%s, %s, 'claimed', 'founding', '', '', %s, tstzrange(%s, NULL), %s, %s)"
)


def test_a_fact_is_not_added_to_an_old_entry(committed_db):
    practice, consortium = make_practice(), make_consortium()
    old = Entry.objects.order_by("-number")[0]
    sentence = refused(ADD, practice.pk, consortium.pk, "[2011-01-01,)", old.at, old.number, 1)
    assert "of its own transaction" in sentence


def test_a_fact_is_not_added_beyond_what_its_entry_says(db):
    practice, consortium = make_practice(), make_consortium()
    entry = Entry.objects.order_by("-number")[0]  # of this very transaction
    place = entry.changes + 1
    sentence = refused(ADD, practice.pk, consortium.pk, "[2011-01-01,)", entry.at, entry.number, place)
    assert "of its own transaction" in sentence


def test_a_fact_is_not_recorded_at_another_instant_than_its_entry(db):
    practice, consortium = make_practice(), make_consortium()
    entry = Entry.objects.order_by("-number")[0]
    refused(ADD, practice.pk, consortium.pk, "[2011-01-01,)", "2011-01-01T00:00Z", entry.number, 1)


def test_a_double_membership_is_refused_by_postgres_itself(db):
    """The SQL belongs to an entry of its own transaction and has a place in it; only the overlap is wrong."""
    practice, first, second = make_practice(), make_consortium(), make_consortium()
    make_membership(practice, first, date(2011, 1, 1))
    with writing() as entry:
        entry.set(
            Membership, (make_other(entry),), date(2011, 1, 1), None, Belonging(second.pk, "claimed", "founding")
        )
    entry = Entry.objects.order_by("-number")[0]
    values = [practice.pk, second.pk, "[2012-01-01,2012-02-01)", entry.at, entry.number, 1]
    refusal = pytest.raises(IntegrityError, match="membership_one_a_day")
    with refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ADD, values)


def make_other(entry) -> int:
    from practices.models import Practice

    return Practice.objects.create(code="Z77777").pk


def test_a_journal_entry_is_chained_or_refused(db):
    make_practice()
    columns = (
        "number, at, written_at, actor, on_behalf_of, kind, action, reason, source, request, changes,"
        " previous_hash, hash, transaction"
    )
    copy = (
        f"INSERT INTO registry_entry ({columns}) SELECT {{number}}, {{at}}, {{written}}, actor, '', kind, action,"
        f" reason, source, '', 0, {{previous}}, 'h', 0 FROM registry_entry ORDER BY number DESC LIMIT 1"
    )
    right = {
        "number": "number + 1",
        "at": "at + interval '1 second'",
        "written": "clock_timestamp()",
        "previous": "hash",
    }
    for part, wrong, why in [
        ("number", "number + 2", "without a gap"),
        ("at", "at", "not later"),
        ("previous", "previous_hash", "does not chain"),
        ("written", "written_at - interval '1 hour'", "real time of writing"),
        ("at", "at + interval '1 hour'", "not of this moment"),
    ]:
        assert why in refused(copy.format(**right | {part: wrong}))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(copy.format(**right))  # all right: not refused, so the five above fail for their own reason
