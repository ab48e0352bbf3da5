"""Rules as data: each is one query over the whole register that finds the rows which break it.

An app lists its own in RULES of its `invariants.py`; `check_invariants` collects them (registry.collected).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from django.db import connection

from registry.collected import collected
from registry.files.keeping import disagreeing
from registry.models import fact_kinds


class Rule(NamedTuple):
    """One rule: its name, where it comes from (a number in domain.md or a section of architecture.md), what it says,
    and the SQL whose rows break it; or `look`, which finds them where Postgres cannot, as (columns, rows). A `warning` is
    told but breaks nothing."""

    name: str
    source: str
    says: str
    sql: str
    warning: bool = False
    look: Callable[[], tuple[list[str], list[tuple[Any, ...]]]] | None = None


class Finding(NamedTuple):
    rule: Rule
    columns: list[str]
    rows: list[tuple[Any, ...]]


def every_rule() -> list[Rule]:
    return [rule for _, rules in collected("invariants", "RULES") for rule in rules] + _fact_rules()


def findings(rules: Iterable[Rule] | None = None) -> Iterator[Finding]:
    """Each rule (None: every one) with the rows that break it (none, where it holds)."""
    for rule in every_rule() if rules is None else rules:
        if rule.look is not None:
            yield Finding(rule, *rule.look())
            continue
        with connection.cursor() as cursor:
            cursor.execute(rule.sql)
            yield Finding(rule, [c.name for c in cursor.description], cursor.fetchall())


def _fact_rules() -> list[Rule]:
    """The two clocks of every kind of fact that is installed: what Postgres keeps, looked at from outside."""
    rules = []
    for name, model in fact_kinds().items():
        table = model._meta.db_table
        same = " AND ".join(f"a.{f.column} = b.{f.column}" for f in model.key_fields())
        rules.append(
            Rule(
                f"{name}_at_its_entries",
                "architecture.md 2",
                f"a fact ({name}) is recorded from its opening entry's instant to its closing entry's",
                f"SELECT f.id, f.opened_by_id, f.closed_by_id, f.recorded FROM {table} f"
                " LEFT JOIN registry_entry o ON o.number = f.opened_by_id"
                " LEFT JOIN registry_entry c ON c.number = f.closed_by_id"
                " WHERE o.number IS NULL OR (f.closed_by_id IS NOT NULL AND c.number IS NULL)"
                " OR lower(f.recorded) IS DISTINCT FROM o.at OR upper(f.recorded) IS DISTINCT FROM c.at"
                " OR NOT lower_inc(f.recorded) OR upper_inc(f.recorded) ORDER BY f.id",
            )
        )
        rules.append(
            Rule(
                f"{name}_one_a_day",
                "domain.md 3" if name == "membership" else "architecture.md 2",
                f"one value a day for one key ({name}: {', '.join(model.KEY)}) within one recorded version",
                f"SELECT a.id, b.id AS other, a.effective, b.effective AS other_effective FROM {table} a"
                f" JOIN {table} b ON {same} AND a.id < b.id AND a.effective && b.effective AND a.recorded && b.recorded"
                " ORDER BY a.id",
            )
        )
    return rules


RULES = [
    Rule(
        "entries_in_order",
        "architecture.md 3",
        "journal entries are numbered without a gap, each later than the one before",
        "SELECT number, at, before, at_before FROM (SELECT number, at, lag(number) OVER w AS before,"
        " lag(at) OVER w AS at_before FROM registry_entry WINDOW w AS (ORDER BY number)) e"
        " WHERE number <> COALESCE(before, 0) + 1 OR at <= at_before ORDER BY number",
    ),
    Rule(
        "real_register_real_time",
        "architecture.md 2",
        "in a real register an entry's instant is that of its writing",
        "SELECT number, at, written_at FROM registry_entry, registry_installation WHERE NOT demonstration"
        " AND at NOT BETWEEN written_at - interval '60 seconds' AND written_at + interval '60 seconds' ORDER BY number",
    ),
    Rule(
        "files_are_what_they_were",
        "architecture.md 2",
        "each file that a row names is kept, and is what its SHA-256 is of",
        "",
        look=disagreeing,
    ),
]
