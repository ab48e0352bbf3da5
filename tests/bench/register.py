"""The registers that are read: the demonstration England, the same ten times over, the same with memberships revised.

The last two are written by SQL from the first, past the triggers (their journals' hashes do not hold): what is measured
is how reads behave on so many rows, not how they came.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any

from django.db import connection

from practices.models import Practice
from registry.models import Fact, fact_kinds
from tests.support import databases

LETTERS = "ABDEFGHJK"
"""First letters of the copies' codes: none is W (Wales), none Z (the demonstration's own)."""


@contextmanager
def england(built: str = "") -> Iterator[str]:
    """The name of a database with the demonstration in it, to be copied from. `built`: one that is there already."""
    if built:
        with databases.copied(built) as name:
            yield name
        return
    from pathfinders.demonstration import story

    with databases.copied(connection.settings_dict["NAME"]) as name:
        with databases.pointed_at(name):
            print("Building the demonstration England ...", flush=True)
            began = perf_counter()
            story.build()
            print(f"... {perf_counter() - began:.0f} s", flush=True)
        yield name


@contextmanager
def copy_of(name: str) -> Iterator[str]:
    with databases.copied(name) as copy:
        yield copy


def tenfold() -> int:
    """Nine copies of each practice with all its facts, under other first letters, in the same consortia. Returns how
    many practices there are then."""
    kinds = [kind for kind in fact_kinds().values() if _practices_of(kind)]
    with _unguarded() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE twin AS SELECT p.id AS old, nextval('practices_practice_id_seq') AS new, p.code, n.letter,"
            " n.turn FROM practices_practice p, unnest(%s) WITH ORDINALITY AS n (letter, turn)",
            [list(LETTERS)],
        )
        cursor.execute("CREATE INDEX ON twin (old)")
        cursor.execute("INSERT INTO practices_practice (id, code) SELECT new, letter || substr(code, 2) FROM twin")
        for kind in kinds:
            _copy_facts(cursor, kind)
    _settle()
    return Practice.objects.count()


def _practices_of(kind: type[Fact]) -> list[str]:
    return [f.column for f in kind.own_fields() if f.related_model is Practice]


def _copy_facts(cursor: Any, kind: type[Fact]) -> None:
    """Under new ids and positions; each reference to a practice is to its copy of the same turn."""
    table, mine = kind._meta.db_table, _practices_of(kind)
    joins = " ".join(
        f"JOIN twin t{n} ON t{n}.old = f.{column}" + (f" AND t{n}.turn = t0.turn" if n else "")
        for n, column in enumerate(mine)
    )
    taken: dict[str, str] = {column: f"t{n}.new" for n, column in enumerate(mine)}
    for place in ("opened_position", "closed_position"):
        taken[place] = f"f.{place} + t0.turn * 1000000"
    columns = [f.column for f in kind._meta.concrete_fields if f.column != "id"]
    chosen = ", ".join(taken.get(column, f"f.{column}") for column in columns)
    cursor.execute(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {chosen} FROM {table} f {joins}")


def revise(times: int) -> int:
    """Each membership that stands is said anew `times` times, an hour apart, in the same words;
    returns how many rows the table has then."""
    columns = "practice_id, consortium_id, status, reason, proof, basis, effective"
    with _unguarded() as cursor:
        for turn in range(1, times + 1):
            cursor.execute(
                """INSERT INTO registry_entry (number, at, written_at, transaction, actor, on_behalf_of, kind, action,
                    reason, source, request, changes, previous_hash, hash)
                SELECT number + 1, at + interval '1 hour', now(), 0, actor, '', 'correction', 'correct_membership',
                    'Revised', '{}', '', 1000000, hash, md5(number::text) || md5('revised' || number)
                FROM registry_entry ORDER BY number DESC LIMIT 1 RETURNING number, at"""
            )
            number, at = cursor.fetchone()
            cursor.execute(
                """UPDATE consortia_membership SET recorded = tstzrange(lower(recorded), %s), closed_by_id = %s,
                    closed_position = id WHERE upper_inf(recorded)""",
                [at, number],
            )
            cursor.execute(
                f"""INSERT INTO consortia_membership ({columns}, recorded, opened_by_id, opened_position)
                SELECT {columns}, tstzrange(%s, NULL), %s, id FROM consortia_membership
                WHERE closed_by_id = %s""",
                [at, number, number],
            )
            if turn in (3, 30):
                cursor.execute("ANALYZE consortia_membership")
        cursor.execute("SELECT count(*) FROM consortia_membership")
        rows = cursor.fetchone()[0]
    _settle()
    return rows


@contextmanager
def _unguarded() -> Iterator[Any]:
    """A cursor past triggers and foreign keys (constraints and indexes stand). The role must be a superuser."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET synchronous_commit = off")
        yield cursor
        cursor.execute("RESET session_replication_role")


def _settle() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
