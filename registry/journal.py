"""The journal: the one way by which facts come into the register (architecture.md sections 2 and 3).

    with journal.entry(by=user, action="join", kind=EntryKind.EVENT, reason="...") as entry:
        entry.set(Membership, (practice.pk,), start, None, values)

An entry takes one advisory lock, reads what stands, lets the action work out timelines in memory, and at the end
writes the difference: closes first, then opens, each with its position, all at one instant, under one hash.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import CharField, DecimalField, IntegerField, TextField
from django.db.models.fields.related import ForeignKey

from registry import clock
from registry.canonical import chain_hash, closed_change, opened_change, plain
from registry.collected import collected
from registry.files import keeping
from registry.models.entry import GENESIS, Entry, EntryKind
from registry.models.fact import Fact, Lower, Upper
from registry.models.installation import Installation
from registry.timeline import Spell, Timeline, Values

LOCK = 7_012_010  # the advisory lock of all fact-writing transactions; a number of our own
AS_IT_IS = (CharField, TextField, IntegerField, ForeignKey)
"""Fields whose numbers and text COPY takes as they are: an import holds hundreds of thousands of them."""
Key = tuple[Any, ...]


def lock() -> None:
    """Wait for one's turn to write facts; held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


class _Standing:
    """What stands of one kind of fact: per key, the spells with the row that holds each."""

    def __init__(self, model: type[Fact]) -> None:
        self.model = model
        self.rows: dict[Key, dict[Spell, tuple[int, str]]] = {}
        self.wanted: dict[Key, Timeline] = {}
        self.everything = False

    def load(self, keys: set[Key] | None) -> None:
        """Read the standing facts of these keys (None: of all)."""
        if self.everything:
            return
        missing = (
            set() if keys is None else {k for k in keys if k not in self.rows}
        )  # a view's "-" walks over all rows
        if keys is not None and not missing:
            return  # before a queryset is built: this is asked for every fact that is set
        queryset = self.model._default_manager.filter(recorded__upper_inf=True)
        if keys is not None:
            for i, field in enumerate(self.model.key_fields()):
                queryset = queryset.filter(**{f"{field.attname}__in": {k[i] for k in missing}})
            self.rows.update({k: {} for k in missing})
        names = [f.attname for f in self.model.key_fields()]
        values = [f.attname for f in self.model.value_fields()]
        width = len(names)
        found = queryset.annotate(_from=Lower("effective"), _to=Upper("effective")).values_list(
            *names, *values, "_from", "_to", "id", "opened_by_id", "opened_position"
        )
        for row in found.iterator(chunk_size=20_000):
            key = row[:width]
            if keys is not None and key not in missing:
                continue
            start, end, pk, entry, position = row[-5:]
            self.rows.setdefault(key, {})[Spell(start, end, row[width:-5])] = (pk, f"{entry}.{position}")
        self.everything = self.everything or keys is None

    def timeline(self, key: Key) -> Timeline:
        if key in self.wanted:
            return self.wanted[key]
        if not self.everything:
            self.load({key})
        return Timeline(sorted(self.rows.get(key, {}), key=_by_start))


def _by_start(spell: Spell) -> tuple[bool, date]:
    return (spell.start is not None, spell.start or date.min)


class Writer:
    """An entry in the making. Use `timeline` to read, `set`, `clear`, `cap` or `put` to change."""

    def __init__(self, *, by: Any, action: str, kind: EntryKind, reason: str, **more: Any) -> None:
        last = Entry.objects.order_by("-number").first()
        self.number = last.number + 1 if last else 1
        self.previous_hash = last.hash if last else GENESIS
        self.not_before = last.at + timedelta(microseconds=1) if last else None
        self.actor = by if isinstance(by, str) else by.ref
        self.action, self.kind, self.reason, self.more = action, EntryKind(kind), reason, more
        self._standing: dict[type[Fact], _Standing] = {}
        self.entry: Entry | None = None
        self.opened = self.closed = 0
        self.even_if_empty = False
        self.counts: dict[str, tuple[int, int]] = {}
        self._difference: tuple[list[tuple], list[tuple]] | None = None
        self.codes: dict[type[Any], dict[int, str]] = {}
        self.kept: list[str] = []  # SHA-256 of bytes that are kept with the entry, and go with it where it fails
        self.said: list[str] = []  # sentences of what followed, for who reports on the entry

    def _of(self, model: type[Fact]) -> _Standing:
        if model not in self._standing:
            self._standing[model] = _Standing(model)
        return self._standing[model]

    def load(self, model: type[Fact], keys: Iterable[Key] | None = None) -> None:
        """Read many keys at once (None: all that stand), before walking over them."""
        self._of(model).load(None if keys is None else set(keys))

    def new(self, model: type[Fact], keys: Iterable[Key]) -> None:
        """Nothing stands under these keys: they are of identities that this entry mints. Spares asking."""
        self._of(model).rows.update({key: {} for key in keys})

    def known(self, identity: type[Any], codes: Mapping[int, str]) -> None:
        """The codes or references of these bodies, by primary key. Spares asking for what the feed says of them."""
        self.codes.setdefault(identity, {}).update(codes)

    def keys(self, model: type[Fact]) -> list[Key]:
        """The keys that have standing facts among those loaded."""
        return [k for k, spells in self._of(model).rows.items() if spells]

    def timeline(self, model: type[Fact], key: Key) -> Timeline:
        """The timeline of a key as this entry will leave it."""
        return self._of(model).timeline(key)

    def before(self, model: type[Fact], key: Key) -> Timeline:
        """The timeline of a key as it stood when the entry began, also once it is written."""
        standing = self._of(model)
        if key not in standing.rows and not standing.everything:
            standing.load({key})
        return Timeline(sorted(standing.rows.get(key, {}), key=_by_start))

    def put(self, model: type[Fact], key: Key, timeline: Timeline) -> None:
        self._difference = None
        self._of(model).wanted[key] = timeline

    def set(self, model: type[Fact], key: Key, start: date | None, end: date | None, values: Values) -> None:
        self.put(model, key, self.timeline(model, key).set(start, end, values))

    def clear(self, model: type[Fact], key: Key, start: date | None, end: date | None) -> None:
        self.put(model, key, self.timeline(model, key).clear(start, end))

    def cap(self, model: type[Fact], key: Key, end: date) -> None:
        self.put(model, key, self.timeline(model, key).cap(end))

    def keep(self, sha256: str, data: bytes) -> None:
        """Bytes that somebody sent, of which the entry opens a fact. Where the entry is not written they go again."""
        keeping.lock(sha256)
        self.kept.append(sha256)
        keeping.keep(sha256, data)

    def changed(self, model: type[Fact]) -> frozenset[Key]:
        """The keys whose timelines this entry has touched so far."""
        return frozenset(self._standing[model].wanted) if model in self._standing else frozenset()

    def changes(self) -> Iterator[tuple[type[Fact], Key, Spell, bool]]:
        """What the entry would do as it stands, its consequences included: each fact that it closes (False) or opens
        (True). For a preview."""
        settle_all(self)
        for model, standing in self._standing.items():
            normal = _normaliser(model) or (lambda spell: spell)
            for key, timeline in standing.wanted.items():
                stood, wanted = set(standing.rows.get(key, {})), {normal(s) for s in timeline}
                yield from ((model, key, spell, False) for spell in stood - wanted)
                yield from ((model, key, spell, True) for spell in wanted - stood)

    # Writing

    def _instant(self) -> datetime:
        """greatest(clock, last entry + 1 microsecond), read under the lock and as late as can be."""
        now = clock.now()
        return max(now, self.not_before) if self.not_before else now

    def differences(self) -> tuple[list[tuple], list[tuple]]:
        """Rows to close (model, pk, fact) and to open (model, key, spell), in the feed's order.

        Worked out once, unless something is put after: an import counts them before it writes. First each app's `consequences.settle(entry)` does to what depends on it what the entry has done, so that no
        action or import can forget: a practice that closes, by whatever file, ends its membership.
        """
        if self._difference is None:
            settle_all(self)
            self._difference = self._differences()
        return self._difference

    def _differences(self) -> tuple[list[tuple], list[tuple]]:
        closes: list[tuple] = []
        opens: list[tuple] = []
        for model in sorted(self._standing, key=lambda m: m.NAME):
            standing = self._standing[model]
            if not standing.wanted:
                continue
            n_closed, n_opened = len(closes), len(opens)
            normal = _normaliser(model)
            for key, timeline in standing.wanted.items():
                spells = [normal(s) for s in timeline] if normal else timeline.spells
                rows, wanted = standing.rows.get(key, {}), set(spells)
                closes += [(model, *row) for spell, row in rows.items() if spell not in wanted]
                opens += [(model, key, spell) for spell in spells if spell not in rows]
            self.counts[model.NAME] = (len(opens) - n_opened, len(closes) - n_closed)
        closes.sort(key=lambda c: (c[0].NAME, *map(int, c[2].split("."))))
        return closes, opens

    def write(self) -> Entry | None:
        """Write the difference, or nothing where there is none (unless `even_if_empty`). Returns the entry, or None."""
        closes, opens = self.differences()
        if not closes and not opens and not self.even_if_empty:
            return None
        public = _PublicRows(opens, self.codes)
        rows = sorted(zip((public.own(o) for o in opens), opens, strict=True), key=_feed_order)
        opens = [o for _, o in rows]
        changes = [closed_change(m.NAME, fact) for m, _, fact in closes]
        changes += [opened_change(m.NAME, m.told(own), s.start, s.end) for own, (m, _, s) in rows]
        self.entry = entry = Entry(
            number=self.number,
            at=self._instant(),
            written_at=clock.real_now(),
            actor=self.actor,
            kind=self.kind,
            action=self.action,
            reason=self.reason,
            changes=len(changes),
            previous_hash=self.previous_hash,
            **self.more,
        )
        entry.hash = chain_hash(self.previous_hash, header(entry, Installation.is_demonstration()), changes)
        entry.save(force_insert=True)
        self.closed, self.opened = len(closes), len(opens)
        _close(entry, closes)
        _open(entry, opens, first=len(closes) + 1)
        return entry


def settle_all(entry: Writer) -> None:
    for _, settle in collected("consequences", "settle"):
        settle(entry)


def follow_all(entry: Writer) -> None:
    for _, follow in collected("consequences", "follow"):
        follow(entry)


def header(entry: Entry, demonstration: bool) -> dict[str, Any]:
    """What the hash says of an entry beside its changes.

    In a demonstration the real time of writing is left out, so that two builds of one story hash alike.
    """
    told = {} if demonstration else {"written_at": plain(entry.written_at)}
    return told | {
        "number": entry.number,
        "at": plain(entry.at),
        "actor": entry.actor,
        "on_behalf_of": entry.on_behalf_of,
        "kind": str(entry.kind),
        "action": entry.action,
        "reason": entry.reason,
        "source": entry.source,
        "request": entry.request,
        "changes": entry.changes,
    }


def _feed_order(row: tuple[dict[str, Any], tuple]) -> tuple:
    own, (model, _, spell) = row
    return (model.NAME, [str(v) for k, v in own.items() if k in model.KEY], _by_start(spell))


def _normaliser(model: type[Fact]) -> Callable[[Spell], Spell] | None:
    """Decimals as the column will hold them, so that what is hashed and compared is what is stored."""
    fields = model.value_fields()
    steps = {i: Decimal(1).scaleb(-f.decimal_places) for i, f in enumerate(fields) if isinstance(f, DecimalField)}
    if not steps:
        return None

    def normal(spell: Spell) -> Spell:
        values = list(spell.values)
        for i, step in steps.items():
            if values[i] is not None:
                values[i] = Decimal(str(values[i])).quantize(step)
        return spell._replace(values=tuple(values))

    return normal


class _PublicRows:
    """Turns a row about to be opened into its public fields: references by their codes."""

    def __init__(self, opens: list[tuple], known: Mapping[type[Any], Mapping[int, str]]) -> None:
        wanted: dict[Any, set[int]] = {}
        self.fields: dict[type[Fact], list] = {}
        for model, key, spell in opens:
            if model not in self.fields:
                self.fields[model] = [
                    (f.name, f.related_model if isinstance(f, ForeignKey) else None)
                    for f in [*model.key_fields(), *model.value_fields()]
                ]
            for (_, target), value in zip(self.fields[model], (*key, *spell.values), strict=True):
                if target is not None and value is not None:
                    wanted.setdefault(target, set()).add(value)
        self.codes: dict[Any, dict[int, str]] = {t: dict(known.get(t, {})) for t in wanted}
        for target, codes in self.codes.items():
            if unknown := wanted[target] - codes.keys():
                found = target._default_manager.filter(pk__in=unknown)
                codes.update(found.values_list("pk", target.NATURAL))

    def own(self, row: tuple) -> dict[str, Any]:
        model, key, spell = row
        return {
            name: plain(value if target is None or value is None else self.codes[target][value])
            for (name, target), value in zip(self.fields[model], (*key, *spell.values), strict=True)
        }


def _close(entry: Entry, closes: list[tuple]) -> None:
    by_model: dict[type[Fact], tuple[list[int], list[int]]] = {}
    for position, (model, pk, _) in enumerate(closes, start=1):
        pks, positions = by_model.setdefault(model, ([], []))
        pks.append(pk)
        positions.append(position)
    with connection.cursor() as cursor:
        for model, (pks, positions) in by_model.items():
            cursor.execute(
                f"UPDATE {model._meta.db_table} f SET recorded = tstzrange(lower(f.recorded), %s),"
                " closed_by_id = %s, closed_position = c.position"
                " FROM unnest(%s::bigint[], %s::int[]) AS c (pk, position) WHERE f.id = c.pk",
                [entry.at, entry.number, pks, positions],
            )


def _open(entry: Entry, opens: list[tuple], *, first: int) -> None:
    """COPY the rows straight in (facts are not tracked by pghistory: they carry their own two clocks)."""
    by_model: dict[type[Fact], io.StringIO] = {}
    columns: dict[type[Fact], list[tuple[Any, bool]]] = {}
    recorded = f"[{entry.at.isoformat()},)"
    for position, (model, key, spell) in enumerate(opens, start=first):
        buffer = by_model.setdefault(model, io.StringIO())
        effective = f"[{spell.start or ''},{spell.end or ''})"
        if model not in columns:
            columns[model] = [(f, isinstance(f, AS_IT_IS)) for f in [*model.key_fields(), *model.value_fields()]]
        fields = zip(columns[model], (*key, *spell.values), strict=True)
        row = [
            v if v is None or (plain and type(v) in (int, str)) else f.get_db_prep_save(v, connection)
            for (f, plain), v in fields
        ]
        buffer.write("\t".join(map(_copy_text, [*row, effective, recorded, entry.number, position])) + "\n")
    with connection.cursor() as cursor:
        for model, buffer in by_model.items():
            names = [str(f.column) for f, _ in columns[model]]
            names += ["effective", "recorded", "opened_by_id", "opened_position"]
            buffer.seek(0)
            with connection.wrap_database_errors:  # Django does not wrap COPY: a refused fact is an IntegrityError
                cursor.copy_expert(f"COPY {model._meta.db_table} ({', '.join(names)}) FROM STDIN", buffer)


def _copy_text(value: Any) -> str:
    if type(value) is int:
        return str(value)
    if value is None:
        return r"\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if not isinstance(value, str):
        value = str(getattr(value, "dumps", lambda v: v)(getattr(value, "adapted", value)))
    return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


@contextmanager
def entry(
    *,
    by: Any,
    action: str,
    kind: EntryKind,
    reason: str,
    even_if_empty: bool = False,
    **more: Any,
) -> Iterator[Writer]:
    """One transaction, the lock, and at the end one journal entry with all that changed, or none.

    `by` is the acting user (or "system"); `more`: `source` (a file's name, hash and vintage), `on_behalf_of`,
    `request`. Permissions are the calling action's business. After the block `writer.entry` is the entry or None, and
    each app's `consequences.follow(writer)` has added what is no fact (work items), in the same transaction.
    """
    kept: list[str] = []
    try:
        with clock.asked_once(), transaction.atomic():
            lock()
            writer = Writer(by=by, action=action, kind=kind, reason=reason, **more)
            writer.kept = kept
            if writer.number == 1:
                Installation.declare(demonstration=False)  # the first word stands; without one this register is real
            writer.even_if_empty = even_if_empty
            yield writer
            if writer.write() is not None:
                follow_all(writer)
    except BaseException:
        for sha256 in kept:
            keeping.drop_unnamed(sha256)
        raise


def sketch() -> Writer:
    """An entry that is never written: what it would do (`changes`) is a preview. No lock, so what stands may move on."""
    return Writer(by="system", action="sketch", kind=EntryKind.EVENT, reason="a preview")
