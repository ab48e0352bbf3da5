"""The register, rebuilt in an empty schema from the change feed alone, is the register as it was known then."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models

from consortia.actions import close_practice, correct_membership, join, leave
from registry.canonical import canonical
from registry.feed import changes
from registry.models import Entry, Fact, Identity, User, fact_kinds
from registry.models.fact import Lower, Upper
from registry.timeline import first_day_out
from tests.factories import make_consortium, make_list_size, make_pct, make_practice, make_sha
from tests.support.every_kind import write_every_kind

IDENTITIES = [m for m in apps.get_models() if issubclass(m, Identity)]


class Replay:
    """Tables like the register's, without triggers and with other row numbers, filled from changes."""

    def __init__(self) -> None:
        self.pks: dict[tuple[type[Identity], str], int] = {}
        self.next_pk = 1_000_000
        with connection.cursor() as cursor:
            cursor.execute("CREATE SCHEMA replay")
            for model in [*IDENTITIES, *fact_kinds().values()]:
                table = model._meta.db_table
                cursor.execute(f"CREATE TABLE replay.{table} (LIKE public.{table} INCLUDING DEFAULTS)")

    def apply(self, place: tuple[int, int], change: dict[str, Any]) -> None:
        model = fact_kinds()[change["kind"]]
        if change["action"] == "closed":
            opened = [int(n) for n in change["fact"].split(".")]
            self._sql(
                f"UPDATE replay.{model._meta.db_table} SET closed_by_id = %s, closed_position = %s,"
                " recorded = tstzrange(lower(recorded), '2100-01-01') WHERE (opened_by_id, opened_position) = (%s, %s)",
                [*place, *opened],
            )
            return
        row: dict[str, Any] = {"id": self._number(), "opened_by_id": place[0], "opened_position": place[1]}
        for field in model.own_fields():
            left_out = field.name in model.ADDED and field.name not in change["values"]
            value = field.get_default() if left_out else change["values"][field.name]
            reference = isinstance(field, models.ForeignKey) and value is not None
            row[field.column] = self._identity(field.related_model, value) if reference else value
        last = change["effective_to"]
        end = first_day_out(date.fromisoformat(last)) if last else None
        row["effective"] = f"[{change['effective_from'] or ''},{end or ''})"
        row["recorded"] = "[2000-01-01,)"
        self._insert(model, row)

    def _identity(self, model: type[Identity], code: str) -> int:
        if (model, code) not in self.pks:
            self.pks[model, code] = self._number()
            self._insert(model, {"id": self.pks[model, code], model.NATURAL: code})
        return self.pks[model, code]

    def _insert(self, model: type[models.Model], row: dict[str, Any]) -> None:
        places = ", ".join(["%s"] * len(row))
        self._sql(f"INSERT INTO replay.{model._meta.db_table} ({', '.join(row)}) VALUES ({places})", [*row.values()])

    def _number(self) -> int:
        self.next_pk += 1
        return self.next_pk

    @staticmethod
    def _sql(statement: str, parameters: list[Any]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            assert cursor.rowcount == 1


@contextmanager
def reading_the_replay() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path = replay, public")
        yield
        cursor.execute("SET LOCAL search_path = public")


def content(model: type[Fact], facts: models.QuerySet) -> list[tuple[Any, ...]]:
    """All that the facts say, by public values; every day is in it."""
    fields = [model.public_path(f) for f in model.own_fields()]
    rows = facts.annotate(_from=Lower("effective"), _to=Upper("effective"))
    return sorted(rows.values_list(*fields, "_from", "_to", "opened_by_id", "opened_position"), key=str)


def a_lively_register() -> None:
    """Moves, corrections, a leaving, a closing, and every kind of fact."""
    by = User.objects.system()
    pct = make_pct(sha=make_sha())
    practices = [make_practice(pct=pct, patients=4000 + n, place=("-1.5", "52.25")) for n in range(3)]
    first, second = make_consortium(), make_consortium()
    say: dict[str, Any] = {"by": by, "status": "confirmed", "reason": "joined", "why": "é “quoted” \t\\ text"}
    for practice in practices:
        join(**say, practice=practice, consortium=first, on=date(2011, 1, 1))
    write_every_kind()
    join(**say, practice=practices[0], consortium=second, on=date(2011, 5, 1))
    correct_membership(**say, practice=practices[0], start=date(2011, 4, 1), end=date(2011, 5, 1), consortium=second)
    leave(by=by, practice=practices[1], on=date(2011, 6, 1), why="left")
    close_practice(by=by, practice=practices[2], last_day=date(2011, 7, 31), reason="closed")
    make_list_size(practices[0], "2010Q4", 5001)
    correct_membership(
        by=by, practice=practices[1], start=date(2011, 1, 1), end=None, consortium=None, why="never was"
    )


@pytest.fixture
def register(db):
    a_lively_register()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_schema_rebuilt_up_to_an_entry_is_what_was_known_then(register):
    replay, after = Replay(), (0, 0)
    entries = list(Entry.objects.order_by("number"))
    for entry in entries:
        for place, change in changes(after, upto=entry.number):
            replay.apply(place, json.loads(canonical(change)))
            after = place
        for kind, model in fact_kinds().items():
            with reading_the_replay():
                rebuilt = content(model, model._default_manager.filter(recorded__upper_inf=True))
            known = content(model, model._default_manager.filter(recorded__contains=entry.at))
            assert rebuilt == known, (kind, entry.number)
    assert after == (entries[-1].number, entries[-1].changes)
    assert all(model._default_manager.exists() for model in fact_kinds().values())


def test_the_feed_is_the_same_in_pages_of_any_size(register):
    whole = list(changes())
    for size in (9, len(whole), len(whole) + 1):
        paged, after = [], (0, 0)
        while page := list(changes(after, limit=size)):
            assert len(page) <= size
            paged += page
            after = page[-1][0]
        assert paged == whole
    assert [place for place, _ in whole] == [
        (e.number, n) for e in Entry.objects.order_by("number") for n in range(1, e.changes + 1)
    ]


def test_no_entry_closes_a_fact_that_it_opened(register):
    for (entry, _), change in changes():
        if change["action"] == "closed":
            assert int(change["fact"].split(".")[0]) < entry
