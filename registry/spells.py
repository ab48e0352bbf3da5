"""A history: what a read says of each body, spell by spell instead of on one day.

A spell is a stretch of days over which nothing of a row changes. Its days are worked out by Postgres from the facts
that the row is made of (`Told`); then the read itself is asked for a day inside each spell, so that a history can say
nothing but what the read says. For that, the table of the bodies in the read's statement is replaced by one with a row
for each body and spell (`SpellTable`), and the moment's day by a column of it (`Moment.each`). It stays one statement
and one queryset: filters, orders, pages and downloads run on it as on any other.

On the second clock: a spell has been recorded since the newest entry that told of its days or of the days beside it,
because those bound it. With `superseded`, the spells as known after each such entry are there too, each until the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.db.models import DateField, DateTimeField, Expression, Field, Model, QuerySet
from django.db.models.expressions import Col
from django.db.models.sql.datastructures import BaseTable
from django.db.models.sql.where import WhereNode

from registry.moment import Moment


@dataclass(frozen=True)
class Told:
    """Facts of which a row is made, as SQL over `me`, the table of the bodies.

    `shown`: what the row shows of them, and so what makes two of them the same. `tables` and `mine` lead to them;
    `facts` are the aliases of the facts joined: all of them must be known, and `effective` are the days that they share.
    `bearing`, where those differ: the days of whose rows the fact tells (a closing tells the rows before it their last
    day), over `bearing_tables`; `{instant}` in it is that of knowledge.
    """

    shown: str
    tables: str
    mine: str
    effective: str = "f.effective"
    facts: tuple[str, ...] = ("f",)
    bearing: str = ""
    bearing_tables: str = ""

    def standing(self, instant: str, latest: bool, bodies: str = "") -> str:
        """Days and what is shown on them, as known at the instant: of `me`, or of all `bodies`."""
        known = [f"upper_inf({f}.recorded)" if latest else f"{f}.recorded @> {instant}" for f in self.facts]
        where = " AND ".join([self.mine, *known, f"NOT isempty({self.effective})"])
        told = f"ROW({self.shown})::text AS shown, {self.effective} AS effective"
        return f"SELECT {_of_each(bodies, told, self.tables)} WHERE {where}"

    def ever(self, instant: str, bodies: str = "") -> str:
        """Days, and when it was said of them, of all versions."""
        recorded = " * ".join(f"{f}.recorded" for f in self.facts)
        days = self.bearing or self.effective
        tables = (self.bearing_tables or self.tables).replace("{instant}", instant)
        where = f"{self.mine} AND NOT isempty({days}) AND NOT isempty({recorded})"
        told = f"{days} AS effective, {recorded} AS recorded"
        return f"SELECT {_of_each(bodies, told, tables)} WHERE {where}"


def _of_each(bodies: str, told: str, tables: str) -> str:
    return f"me.id AS body, {told} FROM {bodies} me, {tables}" if bodies else f"{told} FROM {tables}"


class _Column(Expression):
    """A column of `SpellTable`, by its bare name: there is no other of that name, so that it is read from inside a
    subquery of any depth, whatever the tables there are called."""

    def __init__(self, name: str, output_field: Field[Any, Any]) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return f'"{self.name}"', []


DAY = _Column("spell_day", DateField())
"""A day inside the spell."""
FIRST, LAST = _Column("spell_first", DateField()), _Column("spell_last", DateField())
"""Its first day and its inclusive last (null: without bound)."""
SAID, TAKEN_BACK = _Column("spell_said", DateTimeField()), _Column("spell_taken_back", DateTimeField())
KNOWN = _Column("spell_known", DateTimeField())
CLOCKS = {"effective_from": FIRST, "effective_to": LAST, "recorded_from": SAID, "recorded_to": TAKEN_BACK}

TABLE = """(
    SELECT me.*, s.first AS spell_first, s.next - 1 AS spell_last, v.instant AS spell_known,
        coalesce(s.first, s.next - 1, DATE '2000-01-01') AS spell_day, s.said AS spell_said,
        s.taken_back AS spell_taken_back
    FROM {bodies} me
    CROSS JOIN LATERAL ({versions}) v
    CROSS JOIN LATERAL (
        WITH ever AS MATERIALIZED ({ever})
        SELECT b.first, b.next, ({said}) AS said, ({taken_back}) AS taken_back
        FROM (
            SELECT d AS first, lead(d) OVER (ORDER BY d NULLS FIRST) AS next
            FROM (
                WITH stretches AS (
                    SELECT unnest(range_agg(t.effective)) AS days FROM ({standing}) t GROUP BY t.shown
                )
                SELECT NULL::date AS d
                UNION SELECT lower(days) FROM stretches
                UNION SELECT upper(days) FROM stretches
            ) edges
        ) b
        OFFSET 0
    ) s
) {alias}"""
"""`OFFSET 0` keeps a body's facts together: what was ever said of it is read once, not for each of its spells, and not
at all where nobody asks since when."""
ONE_VERSION = "SELECT %s::timestamptz AS instant"
EACH_VERSION = """
    SELECT DISTINCT w.instant
    FROM ({ever}) t CROSS JOIN LATERAL (VALUES (lower(t.recorded)), (upper(t.recorded))) w (instant)
    WHERE w.instant <= %s::timestamptz"""
BESIDE = "t.effective && daterange(b.first - 1, b.next + 1)"
SAID_SQL = (
    "SELECT max(CASE WHEN upper(t.recorded) <= v.instant THEN upper(t.recorded) ELSE lower(t.recorded) END)"
    f" FROM ever t WHERE lower(t.recorded) <= v.instant AND {BESIDE}"
)
TAKEN_BACK_SQL = (
    "SELECT min(w.instant) FROM ever t"
    " CROSS JOIN LATERAL (VALUES (lower(t.recorded)), (upper(t.recorded))) w (instant)"
    f" WHERE w.instant > v.instant AND w.instant <= %s::timestamptz AND {BESIDE}"
)


ALL_AT_ONCE = """(
    WITH stretches AS (
        SELECT t.body, unnest(range_agg(t.effective)) AS days FROM ({standing}) t GROUP BY t.body, t.shown
    ), spells AS MATERIALIZED (
        SELECT body, d AS first, lead(d) OVER (PARTITION BY body ORDER BY d NULLS FIRST) AS next
        FROM (
            SELECT id AS body, NULL::date AS d FROM {table}
            UNION SELECT body, lower(days) FROM stretches
            UNION SELECT body, upper(days) FROM stretches
        ) edges
    )
    SELECT {columns}, b.first AS spell_first, b.next - 1 AS spell_last, {instant} AS spell_known,
        coalesce(b.first, b.next - 1, DATE '2000-01-01') AS spell_day, since.said AS spell_said,
        NULL::timestamptz AS spell_taken_back
    FROM spells b
    JOIN {table} me ON me.id = b.body
    CROSS JOIN regexp_split_to_table('one row', ',')
    LEFT JOIN (
        SELECT b.body, coalesce(b.first, '-infinity') AS first,
            max(CASE WHEN upper(t.recorded) <= {instant} THEN upper(t.recorded) ELSE lower(t.recorded) END) AS said
        FROM spells b JOIN ({ever}) t ON t.body = b.body AND {beside}
        WHERE lower(t.recorded) <= {instant}
        GROUP BY 1, 2
    ) since ON since.body = b.body AND since.first = coalesce(b.first, '-infinity')
) {alias}"""
"""The same for all bodies together: one pass over each table, where `TABLE` looks each body's facts up. Where nobody
asks since when, Postgres leaves the last join out.

Postgres guesses that a fact holds one day of a thousand, where a row's holds nearly all: it would expect three rows of
England's 75,000 and read small tables through for each (33 s for 2 s). `regexp_split_to_table` gives one row and is
taken for a thousand, and `id + 0` keeps it from being divided away again as a key's rows."""


class SpellTable(BaseTable):
    """A table of bodies with a row for each spell of each."""

    asked_before = 0
    """How many conditions are the read's own."""
    columns = "me.*"
    chosen: tuple[QuerySet, ...] = ()
    """Keys of the only bodies that can be in the answer, if that is known: of those that are in all of these."""

    def __init__(self, table_name: str, alias: str, told: tuple[Told, ...], moment: Moment, superseded: bool) -> None:
        super().__init__(table_name, alias)
        self.told, self.moment, self.superseded = told, moment, superseded

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        table, alias = (connection.ops.quote_name(str(name)) for name in (self.table_name, self.table_alias))
        if not self.superseded and not self._few(compiler.query):
            return self._all_at_once(table, alias), []
        known = self.moment.known_at
        bodies, chosen = self._bodies(table, connection)
        versions, taken_back, params = ONE_VERSION, "NULL::timestamptz", [*chosen, known]
        if self.superseded:
            # Which entries told of a body: every one that any of its facts was opened or closed by, so bearings do
            # not matter here.
            versions = EACH_VERSION.format(ever=self._all(t.ever("now()") for t in self.told))
            taken_back, params = TAKEN_BACK_SQL, [*params, known]
        latest = self.moment.latest and not self.superseded
        sql = TABLE.format(
            said=SAID_SQL,
            ever=self._all(t.ever("v.instant") for t in self.told),
            taken_back=taken_back,
            bodies=bodies,
            versions=versions,
            standing=self._all(t.standing("v.instant", latest) for t in self.told),
            alias=alias,
        )
        return sql, params

    def _bodies(self, table: str, connection: Any) -> tuple[str, list[Any]]:
        """As arrays, so that they are found first, once, and expected to be few."""
        asked = [part.query.get_compiler(connection=connection).as_sql() for part in self.chosen]
        if not asked:
            return table, []
        where = " AND ".join(f"id = ANY(ARRAY({sql}))" for sql, _ in asked)
        return f"(SELECT * FROM {table} WHERE {where})", [value for _, params in asked for value in params]

    def _all_at_once(self, table: str, alias: str) -> str:
        assert self.moment.known_at is not None
        instant = f"TIMESTAMPTZ '{self.moment.known_at.isoformat()}'"
        return ALL_AT_ONCE.format(
            standing=self._all(t.standing(instant, self.moment.latest, table) for t in self.told),
            ever=self._all(t.ever(instant, table) for t in self.told),
            columns=self.columns,
            beside=BESIDE,
            instant=instant,
            table=table,
            alias=alias,
        )

    def _few(self, query: Any) -> bool:
        """Whether few bodies are needed for the answer: those chosen, one that is named, or those of a page in their own
        order."""
        if self.chosen:
            return True
        asked = list(_leaves(query.where))[self.asked_before :]
        if any(self._own(leaf.lhs) and leaf.lookup_name == "exact" for leaf in asked):
            return True
        order = query.order_by[0].removeprefix("-") if query.order_by else ""
        in_order = self._own(query.annotations.get(order)) or order == getattr(query.model, "NATURAL", "")
        return query.high_mark is not None and in_order and all(self._own(leaf.lhs) for leaf in asked)

    def _own(self, expression: Any) -> bool:
        """Whether it is the body's code, or a column of the spell."""
        return isinstance(expression, _Column) or (
            isinstance(expression, Col) and expression.alias == self.table_alias
        )

    @staticmethod
    def _all(parts: Any) -> str:
        return " UNION ALL ".join(parts)

    def relabeled_clone(self, change_map: dict[str, str]) -> SpellTable:
        alias = change_map.get(str(self.table_alias), str(self.table_alias))
        clone = copy(self)
        clone.table_alias = alias
        return clone

    def among(self, chosen: Iterable[QuerySet]) -> SpellTable:
        clone = copy(self)
        clone.chosen = (*self.chosen, *chosen)
        return clone

    @property
    def identity(self) -> tuple[Any, ...]:
        return (*super().identity, self.told, self.moment, self.superseded, self.chosen)


def _leaves(where: Any) -> Iterator[Any]:
    """The conditions of a tree, in their order; what is no comparison counts as one that nothing is known of."""
    for child in where.children:
        if isinstance(child, WhereNode):
            yield from _leaves(child)
        else:
            yield child if hasattr(child, "lhs") else _Unknown


class _Unknown:
    lhs = lookup_name = None


def moment_of_spells(moment: Moment, *, superseded: bool = False) -> Moment:
    """The moment to ask a read at, whose rows `by_spell` will then lay out."""
    return moment.each(DAY, KNOWN if superseded else None)


def by_spell(rows: QuerySet, told: tuple[Told, ...], moment: Moment, *, superseded: bool = False) -> QuerySet:
    """The rows of a read that was asked at `moment_of_spells`: one a spell, with `CLOCKS` and what orders them."""
    model: type[Model] = rows.model
    found = rows.annotate(**CLOCKS, _day=DAY)
    if moment.known_at is None:
        return found.none()
    alias = found.query.get_initial_alias()
    table = SpellTable(model._meta.db_table, alias, told, moment, superseded)
    table.columns = ", ".join(
        f"me.id + 0 AS {f.column}" if f.primary_key else f"me.{f.column}" for f in model._meta.concrete_fields
    )
    table.asked_before = len(list(_leaves(found.query.where)))
    found.query.alias_map[alias] = table
    if superseded:  # as known after an entry that told of other days, it was a row already
        found = found.filter(recorded_from=KNOWN)
    return found


def among(rows: QuerySet, chosen: Iterable[QuerySet]) -> QuerySet:
    """The same rows `by_spell`, read of these bodies alone: a filter's, chosen by facts of any day before their spells
    are worked out. The filter is still asked of each spell."""
    found = rows.all()
    if found.query.is_empty():  # of a register that knows nothing yet
        return found
    alias = found.query.get_initial_alias()
    table = found.query.alias_map[alias]
    assert isinstance(table, SpellTable)
    found.query.alias_map[alias] = table.among(chosen)
    return found
