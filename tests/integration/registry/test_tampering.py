"""Whatever a superuser alters with the triggers off, `verify_journal` finds."""

from __future__ import annotations

from io import StringIO
from itertools import islice

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from registry.feed import broken_links
from registry.models import Entry, Fact, fact_kinds
from tests.support.every_kind import write_every_kind

# What carries no meaning, and is in no answer: the row's own number in its table; the number of the transaction,
# which Postgres looks at while that transaction lasts and never after.
BOOKKEEPING = {"id", "transaction"}
FACT_COLUMNS = [
    (kind, field.column)
    for kind, model in fact_kinds().items()
    for field in model._meta.concrete_fields
    if field.column not in BOOKKEEPING
]
TABLES = [model._meta.db_table for model in fact_kinds().values()]
ENTRY_COLUMNS = [f.column for f in Entry._meta.concrete_fields if f.column not in BOOKKEEPING]


@pytest.fixture
def superuser(db):
    """A register with every kind of fact, and a cursor that no trigger and no constraint holds back."""
    write_every_kind()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "SELECT conrelid::regclass, conname FROM pg_constraint"
            " WHERE conrelid::regclass::text = ANY(%s) AND contype IN ('c', 'x', 'f')",
            [[*TABLES, "registry_entry"]],
        )
        for table, name in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        yield cursor


def another_value(cursor, table: str, column: str) -> str:
    """SQL for a value of the column's type that it does not hold."""
    cursor.execute(
        "SELECT format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = %s::regclass AND attname = %s",
        [table, column],
    )
    kind = cursor.fetchone()[0]
    return {
        "bigint": f"COALESCE({column}, 0) + 1",
        "boolean": f"NOT COALESCE({column}, false)",
        "integer": f"COALESCE({column}, 0) + 1",
        "smallint": f"COALESCE({column}, 0) + 1",
        "numeric": f"{column} + 10 ^ -scale({column})",  # one in its last digit
        "date": f"COALESCE({column}, '2011-01-01') + 1",
        "timestamp with time zone": f"{column} + interval '1 microsecond'",
        "character varying": f"overlay(translate({column}, 'AZ', 'ZA') placing 'Q' from 1)",
        "text": f"{column} || ' '",
        "jsonb": '\'{"name": "another.csv"}\'',
        "daterange": f"daterange(lower({column}) - 1, upper({column}))",
        "tstzrange": f"tstzrange(lower({column}), upper({column}), '[]')",
    }[kind]


def alter(cursor, table: str, column: str, which: str) -> None:
    cursor.execute(f"UPDATE {table} SET {column} = {another_value(cursor, table, column)} WHERE {which}")
    assert cursor.rowcount == 1


def test_an_untouched_register_holds(superuser):
    assert list(broken_links()) == []


def unfound(superuser, attempts) -> list:
    """Each attempt (its name, and a function that alters something), undone after; those that nothing found.

    One sentence is enough to have found it; of every tenth attempt, the first and the last among them, all is read:
    whatever was altered, the looking goes on to its end.
    """
    missed = []
    for n, (name, tamper) in enumerate(attempts):
        savepoint = transaction.savepoint()
        tamper()
        to_the_end = n % 10 == 0 or n == len(attempts) - 1
        if not list(islice(broken_links(), None if to_the_end else 1)):
            missed.append(name)
        transaction.savepoint_rollback(savepoint)
    return missed


@pytest.mark.parametrize("clocks_of", [["membership"], pytest.param(sorted(fact_kinds()), marks=pytest.mark.long)])
def test_every_altered_column_of_every_fact_is_found(superuser, clocks_of):
    """A kind's own columns; and those of the two clocks, which all kinds share, of one kind or (--long) of each."""

    def tamper(kind: str, column: str) -> None:
        table = fact_kinds()[kind]._meta.db_table
        closed = f"id = (SELECT min(id) FROM {table} WHERE NOT upper_inf(recorded))"
        standing = f"id = (SELECT max(id) FROM {table})"
        alter(superuser, table, column, standing if column.startswith("closed") else closed)

    shared = {f.column for f in Fact._meta.local_fields} | {"opened_by_id", "closed_by_id"}
    columns = [(k, c) for k, c in FACT_COLUMNS if c not in shared or k in clocks_of]
    assert len(columns) > 50
    assert unfound(superuser, [((k, c), lambda k=k, c=c: tamper(k, c)) for k, c in columns]) == []


def test_a_closing_that_is_taken_back_is_found(superuser):
    def tamper(table: str) -> None:
        superuser.execute(
            f"UPDATE {table} SET recorded = tstzrange(lower(recorded), NULL), closed_by_id = NULL,"
            " closed_position = NULL WHERE NOT upper_inf(recorded)"
        )
        assert superuser.rowcount

    assert unfound(superuser, [(t, lambda t=t: tamper(t)) for t in TABLES]) == []


def test_every_altered_column_of_every_entry_is_found(superuser):
    def tamper(number: int, column: str) -> None:
        if column == "number":
            superuser.execute("UPDATE registry_entry SET number = number + 5 WHERE number = %s", [number])
        else:
            alter(superuser, "registry_entry", column, f"number = {number}")

    attempts = [((n, c), lambda n=n, c=c: tamper(n, c)) for c in ENTRY_COLUMNS for n in (1, 2)]
    assert unfound(superuser, attempts) == []


def test_a_deleted_fact_is_found(superuser):
    def tamper(table: str) -> None:
        superuser.execute(f"DELETE FROM {table} WHERE id = (SELECT max(id) FROM {table})")
        assert superuser.rowcount == 1

    assert unfound(superuser, [(t, lambda t=t: tamper(t)) for t in TABLES]) == []


def test_an_added_fact_is_found(superuser):
    def tamper(kind: str, position: str) -> None:
        model = fact_kinds()[kind]
        table = model._meta.db_table
        own = ", ".join(f.column for f in model.own_fields())
        its = ", ".join(f"f.{f.column}" for f in model.own_fields())
        unique = "SELECT indexrelid::regclass FROM pg_index WHERE indrelid = %s::regclass AND NOT indisprimary"
        superuser.execute(unique, [table])
        for (index,) in superuser.fetchall():
            superuser.execute(f"DROP INDEX {index}")
        superuser.execute(
            f"INSERT INTO {table} ({own}, effective, recorded, opened_by_id, opened_position)"
            f" SELECT {its}, '[2020-01-01,2020-02-01)', tstzrange(e.at, NULL), e.number, {position}"
            f" FROM {table} f, registry_entry e WHERE e.number = 2 LIMIT 1"
        )
        assert superuser.rowcount == 1

    places = ["0", "1", "e.changes + 1"]
    attempts = [((k, place), lambda k=k, place=place: tamper(k, place)) for k in fact_kinds() for place in places]
    assert unfound(superuser, attempts) == []


def test_two_entries_swapped_are_found(superuser):
    superuser.execute("UPDATE registry_entry SET number = -number")
    superuser.execute("UPDATE registry_entry SET number = number + 3")
    assert superuser.rowcount == 2
    assert list(broken_links()) != []


def test_a_deleted_entry_is_found(superuser):
    superuser.execute("DELETE FROM registry_entry WHERE number = 1")
    assert any("missing" in s for s in broken_links())
    superuser.execute("DELETE FROM registry_entry")
    assert any("does not exist" in s for s in broken_links())


def test_a_changed_code_is_found(superuser):
    superuser.execute("UPDATE practices_practice SET code = 'Z90009' WHERE code = 'Z90001'")
    assert list(broken_links()) != []


def test_the_command_says_what_it_found(superuser):
    out = StringIO()
    call_command("verify_journal", stdout=out)
    newest = Entry.objects.order_by("-number")[0]
    changes = sum(Entry.objects.values_list("changes", flat=True))
    assert f"2 entries with {changes} changes checked" in out.getvalue()
    assert f"Newest hash: {newest.hash}" in out.getvalue()
    superuser.execute("UPDATE registry_entry SET reason = 'another' WHERE number = 1")
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("verify_journal", stdout=out)
    assert ended.value.code == 1
    assert "Entry 1 does not match its hash" in out.getvalue() and "does NOT hold" in out.getvalue()
