"""A moment of the register: a day of the world, and an instant of knowledge (architecture.md section 2)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Q
from django.utils.dateparse import parse_date, parse_datetime

from registry import clock
from registry.errors import Refused

if TYPE_CHECKING:
    from registry.models import Entry

T = TypeVar("T")

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)
"""Days that may be asked for: around them a year has four digits, and a quarter before it and after it."""


class Known(NamedTuple):
    """An entry of the journal as a moment's newest. `hash` holds the hash of all before it, so it tells one state of a
    register from any other; `transaction` wrote it, and `mine` asked (null while it has written nothing itself)."""

    number: int
    at: datetime
    hash: str
    transaction: int
    mine: int | None

    @classmethod
    def upto(cls, known_at: datetime | None = None) -> Known | None:
        """The newest entry, or the newest up to an instant; asked once in a snapshot, and without the ORM."""
        return once(("newest entry", known_at), lambda: cls._asked(known_at))

    @classmethod
    def beside(cls, newest: Known | None, entry: Entry) -> Known | None:
        """An entry that was read already, in the snapshot in which `newest` is the newest."""
        return cls(entry.number, entry.at, entry.hash, entry.transaction, newest.mine) if newest else None

    @classmethod
    def _asked(cls, known_at: datetime | None) -> Known | None:
        """The first question of most requests: whether it is answered tells as well whether the connection still holds,
        so Django need not ask that apart."""
        first = not connection.in_atomic_block and not connection.health_check_done  # type: ignore[attr-defined]
        connection.health_check_done = True  # type: ignore[attr-defined]
        try:
            return cls._read(known_at)
        except (InterfaceError, OperationalError):
            if not first:
                raise
            connection.close()
            return cls._read(known_at)

    @classmethod
    def _read(cls, known_at: datetime | None) -> Known | None:
        asked = (
            "SELECT number, at, hash, transaction, pg_current_xact_id_if_assigned()::text::bigint FROM registry_entry"
        )
        with connection.cursor() as cursor:
            if known_at is None:
                cursor.execute(f"{asked} ORDER BY number DESC LIMIT 1")
            else:
                cursor.execute(f"{asked} WHERE at <= %s ORDER BY at DESC LIMIT 1", [known_at])
            row = cursor.fetchone()
        return cls(*row) if row else None


@dataclass(frozen=True)
class Moment:
    """`as_of`, a London day; `known_at`, the instant of the newest entry the answer knows.

    `latest` says that no newer entry exists in this snapshot, so that "now" reads may use their own index.
    `newest` is the register's newest entry, `entry` the newest that the moment knows.
    `known_at` is None only in a register without an entry. `asked_as_of`, `asked_known_at`: whether the question
    named them.
    """

    as_of: date
    known_at: datetime | None
    latest: bool = True
    asked_as_of: bool = False
    asked_known_at: bool = False
    newest: Known | None = field(default=None, compare=False)
    entry: Known | None = field(default=None, compare=False)

    @classmethod
    def now(cls) -> Moment:
        """Today, as known now."""
        return cls.of()

    @classmethod
    def of(cls, as_of: date | None = None, known_at: datetime | None = None) -> Moment:
        """The moment asked for. A `known_at` after the newest entry is the newest entry's, and is echoed as that:
        an answer never promises what a transaction still under way may change."""
        from registry.models import Entry

        newest = Known.upto()
        latest = known_at is None or newest is None or known_at >= newest.at
        entry = newest if latest else Known.upto(known_at)
        if newest is not None and entry is None:
            first = Entry.objects.order_by("number").values_list("at", flat=True).first()
            raise Refused(
                "before_the_register",
                f"The register's first entry is of {_iso(first or newest.at)}; known_at can be asked from then on, and "
                f"after {_iso(newest.at)}, its newest, means that one. You asked for {_iso(known_at or newest.at)}.",
                field="known_at",
                status=400,
            )
        return cls(
            as_of=as_of or clock.today(),
            known_at=(newest.at if newest else None) if latest else known_at,
            latest=latest,
            asked_as_of=as_of is not None,
            asked_known_at=known_at is not None,
            newest=newest,
            entry=entry,
        )

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Moment:
        """`as_of=YYYY-MM-DD` and `known_at` (ISO 8601 with zone; a date alone means the end of that London day; a
        space reads as `+`). Raises Refused (400) with the parameter's name."""
        return cls.of(parse_as_of(query.get("as_of", "")), parse_known_at(query.get("known_at", "")))

    def each(self, day: Any, known: Any = None) -> Moment:
        """The same question of every row at a day of its own, where `day` is an expression (`registry.spells`); with
        `known`, an instant of its own too."""
        if known is None:
            return replace(self, as_of=day)
        return replace(self, as_of=day, known_at=known, latest=False)

    def q(self, prefix: str = "") -> Q:
        """The condition on a fact (or on a relation to one: `q("parents__")`)."""
        return Q(**{f"{prefix}effective__{_lookup(self.as_of)}": self.as_of}) & self.recorded_q(prefix)

    def recorded_q(self, prefix: str = "") -> Q:
        if self.latest:
            return Q(**{f"{prefix}recorded__upper_inf": True})
        return Q(**{f"{prefix}recorded__{_lookup(self.known_at)}": self.known_at})

    def echo(self) -> dict[str, str | None]:
        """What every answer says of the dates it used."""
        return {"as_of": self.as_of.isoformat(), "known_at": _iso(self.known_at) if self.known_at else None}

    def pinned(self) -> dict[str, str]:
        """Both dates as query parameters: a link that always gives this answer."""
        return {k: v for k, v in self.echo().items() if v}


def _lookup(of: Any) -> str:
    return "holds" if hasattr(of, "resolve_expression") else "contains"


def parse_as_of(text: str) -> date | None:
    if not text:
        return None
    try:
        day = parse_date(text) if len(text) == 10 else None
    except ValueError:
        day = None
    if day is None:
        raise Refused(
            "bad_date",
            f"as_of must be a real date as YYYY-MM-DD; “{text[:40]}” is not.",
            field="as_of",
            status=400,
        )
    if not FIRST_DAY <= day <= LAST_DAY:
        words = f"as_of must lie between {FIRST_DAY} and {LAST_DAY}; {day} does not."
        raise Refused("bad_date", words, field="as_of", status=400)
    return day


def parse_known_at(text: str) -> datetime | None:
    if not text:
        return None
    text = text.strip()
    try:
        if len(text) == 10:
            day = parse_date(text)
            return clock.end_of_london_day(day) if day else _bad_known_at(text)
        # A + in a query string arrives as a space; after the date's own T it can only be the zone's sign.
        head, sep, tail = text.partition("T")
        instant = parse_datetime(head + sep + tail.replace(" ", "+") if sep else text)
        if instant is not None and instant.tzinfo is not None:
            instant = instant.astimezone(clock.UTC)  # refuses what lies outside the calendar
    except (ValueError, OverflowError):
        instant = None
    if instant is None:
        return _bad_known_at(text)
    if instant.tzinfo is None:
        raise Refused(
            "naive_time",
            f"known_at needs a time zone, as in {text[:30]}Z or {text[:30]}+01:00.",
            field="known_at",
            status=400,
        )
    return instant


def _bad_known_at(text: str) -> datetime:
    raise Refused(
        "bad_time",
        f"known_at must be a date (YYYY-MM-DD) or an ISO 8601 time with its zone; “{text[:40]}” is neither.",
        field="known_at",
        status=400,
    )


def _iso(instant: datetime) -> str:
    return instant.astimezone(clock.UTC).isoformat().replace("+00:00", "Z")


_HELD: ContextVar[dict[Hashable, Any] | None] = ContextVar("held", default=None)
_OWN: ContextVar[bool] = ContextVar("own", default=False)


@contextmanager
def read_snapshot(seconds: int = 0) -> Iterator[None]:
    """One consistent picture for a whole read: REPEATABLE READ, READ ONLY. Inside a transaction it is that one; nothing
    is written in it, for what it has been asked is remembered until its end (`once`).

    With `seconds`, Postgres gives up a statement that takes longer (django.db.OperationalError).
    """
    if _HELD.get() is not None:
        yield
        return
    token = _HELD.set({})
    try:
        if connection.in_atomic_block:
            yield
            return
        with transaction.atomic():
            with connection.cursor() as cursor:
                within = f"SET LOCAL statement_timeout = {int(seconds) * 1000};" if seconds else ""
                cursor.execute(f"{within} SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            own = _OWN.set(True)
            try:
                yield
            finally:
                _OWN.reset(own)
    finally:
        _HELD.reset(token)


def sees_only_committed() -> bool:
    """Whether what is read now is nothing of this connection's own that it may yet take back."""
    return _OWN.get() or not connection.in_atomic_block


def once(question: Hashable, ask: Callable[[], T]) -> T:
    """What `ask` answers. Inside a `read_snapshot`, in which it cannot change, the question is asked once.

    For small answers that several parts of a page need, each without knowing of the others.
    """
    held = _HELD.get()
    if held is None:
        return ask()
    named = (connection.settings_dict["NAME"], question)
    if named not in held:
        held[named] = ask()
    return held[named]
