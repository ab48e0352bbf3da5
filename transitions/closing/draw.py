"""A close drawn over an entry: an open one, or a sketch, whose new bodies have keys below nought.

Everything is read when the drawing begins (`reading`), so that an action decides on what stands under its lock.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from consortia.models import LeftOut, SaidBy
from practices.models import (
    LIVING,
    PCT_KINDS,
    BodyKind,
    BodyParticulars,
    BodySuccession,
    ParentBody,
    PracticeParent,
    PracticeStatus,
    Status,
    SuccessionKind,
)
from registry.journal import Writer
from transitions.bodies_end import CLOSED, end_with
from transitions.closing import source
from transitions.closing.reading import Body, World, last_consortia, world
from transitions.closing.rows import (
    BOARD,
    BOARD_FROM,
    BOARD_NAME,
    Closing,
    Explanation,
    Placed,
    Released,
    Succeeding,
    Unplaced,
)
from transitions.closing.shares import shares
from transitions.models import Evidence, EvidenceParticulars, TransitionStage

Record = Callable[[Writer, tuple[Any, ...]], int]
"""Records evidence of these particulars in an open entry, and gives its key."""
PROVISIONAL = -1_000
"""A group that a rehearsal supposes has this key less its consortium's."""


class Draft:
    """A close in the making. `record`: how an open entry records evidence; without it nothing is minted (a sketch).
    `as_if`: each consortium without a code has become a group of its own reference; of a rehearsal only."""

    def __init__(
        self,
        entry: Writer,
        on: date,
        explained: Mapping[str, Explanation],
        *,
        record: Record | None,
        as_if: bool = False,
    ) -> None:
        self.entry, self.on, self.explained, self.record = entry, on, explained, record
        self.world: World = world(on)
        self.labels: dict[tuple[Any, int], str] = {}
        self.closes: list[Closing] = []
        self.successions: list[Succeeding] = []
        self.placed: list[Placed] = []
        self.unplaced: list[Unplaced] = []
        self.released: list[Released] = []
        self.where: dict[int, int] = {}
        self.left: dict[int, Explanation] = {}
        self.followers: dict[int, int] = {}
        if as_if:
            self._suppose()

    def draw(self) -> None:
        self._place()
        self._parents()
        self._succeed()
        self._close()
        self._stages()

    def code(self, body: int | None) -> str:
        return "" if body is None else self.labels.get((ParentBody, body)) or self.world.codes[body]

    def _suppose(self) -> None:
        for pk, ref in self.world.refs.items():
            if not self.world.groups.get(pk):
                body = PROVISIONAL - pk
                self.labels[ParentBody, body] = ref
                self.world.bodies[body] = Body(BodyKind.CCG, f"The group of {ref}")
                self.world.groups[pk] = [body]

    # Who goes where

    def _place(self) -> None:
        told, closing = self.world, self.world.closing
        gone = {pk for pk, body in told.parents.items() if body in closing and pk not in told.statuses}
        gone |= {pk for pk, s in told.statuses.items() if s not in LIVING and told.parents.get(pk) in closing}
        last = last_consortia(gone, self.on)
        for pk in sorted(told.practices, key=told.practices.__getitem__):
            if told.counts(pk):
                self._placed(pk)
            elif not told.is_group(told.parents.get(pk)):
                self._carried(pk, told.members.get(pk) or last.get(pk))

    def _placed(self, pk: int) -> None:
        told, consortium = self.world, self.world.members.get(pk)
        if told.is_group(told.parents.get(pk)):
            self._say_placed(pk, told.parents[pk], "recorded", consortium)
            return
        group, why = self._group(consortium)
        if group is not None:
            self._say_placed(pk, group, "consortium", consortium)
            return
        said = self.explained.get(told.practices[pk])
        if said:
            self.left[pk] = said
        ref = told.refs[consortium] if consortium else ""
        text = f"{said.word}: {said.text}".strip(": ") if said else ""
        self.unplaced.append(Unplaced(*self._names(pk), self._trust(pk), ref, why, text))

    def _carried(self, pk: int, consortium: int | None) -> None:
        """What does not count: with its consortium where it has one (rule 16), otherwise under no body."""
        told = self.world
        status = told.statuses.get(pk, "")
        under = told.parents.get(pk) in told.closing
        group = self._group(consortium)[0]
        if group is not None and (under or status in LIVING):
            self._say_placed(pk, group, "consortium", consortium, "dormant" if status in LIVING else "closed")
        elif under:
            words = Status(status).label if status else "No status"
            self.released.append(Released(*self._names(pk), self.code(told.parents[pk]), words))

    def _group(self, consortium: int | None) -> tuple[int | None, str]:
        """The group that the consortium became, by its confirmed code; otherwise a key of WHY."""
        if consortium is None:
            return None, "no_consortium"
        found = self.world.groups.get(consortium, [])
        if len(found) != 1:
            return None, "two_codes" if found else "no_code"
        return (found[0], "") if self.world.is_group(found[0]) else (None, "not_there")

    def group_code(self, consortium: int | None) -> str:
        """The code of that group; "" where there is none."""
        return self.code(self._group(consortium)[0])

    def _say_placed(self, pk: int, group: int, way: str, consortium: int | None, flag: str = "") -> None:
        ref = self.world.refs[consortium] if consortium else ""
        self.placed.append(Placed(*self._names(pk), self._trust(pk), self.code(group), way, ref, flag))
        if not flag:
            self.followers[pk] = group
        if way == "consortium":
            self.where[pk] = group

    def _names(self, pk: int) -> tuple[str, str]:
        return self.world.practices[pk], self.world.names.get(pk, "")

    def _trust(self, pk: int) -> str:
        return self.code(self.world.trust(pk))

    # What is written

    def _parents(self) -> None:
        """Nobody is under a body that has ended; whoever is placed is under the group, as long as both are there."""
        closing = self.world.closing
        rows = PracticeParent.objects.current().filter(parent__in=closing, effective__overlap=(self.on, None))
        under = set(rows.values_list("practice", flat=True))
        keys = [(pk,) for pk in sorted({*under, *self.where, *self.left})]
        self.entry.load(PracticeParent, keys)
        self.entry.load(PracticeStatus, [(pk,) for pk in self.where])
        for key in keys:
            line = self.entry.timeline(PracticeParent, key)
            stood = next((s.end for s in line if s.contains(self.on)), line.next_start(self.on))
            for spell in line:
                if spell.values[0] in closing and (spell.end is None or spell.end > self.on):
                    line = line.clear(max(spell.start or self.on, self.on), spell.end)
            if key[0] in self.where:
                line = line.set(self.on, self._until(key, stood), (self.where[key[0]],))
            self.entry.put(PracticeParent, key, line)
        self._say_why_left()

    def _until(self, key: tuple[int], stood: date | None) -> date | None:
        """The first day on which it is not under the group any more: it moves on, or one of the two has ended."""
        life = self.entry.timeline(PracticeStatus, key).stretch(self.on, lambda values: values[0] in LIVING)
        group = self.where[key[0]]
        there = self.entry.timeline(BodyParticulars, (group,)).stretch(self.on) if group > 0 else None
        ends = [stood, life.end if life else None, there.end if there else None]
        return min((day for day in ends if day is not None), default=None)

    def _say_why_left(self) -> None:
        for pk, said in self.left.items():
            if said.word and pk not in self.world.members:
                line = self.entry.timeline(LeftOut, (pk,))
                self.entry.set(LeftOut, (pk,), self.on, line.next_start(self.on), (said.word, SaidBy.STAFF.value))

    def _succeed(self) -> None:
        self.entry.load(BodySuccession)
        counted: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        trusts = {pk for pk, body in self.world.closing.items() if body.kind in PCT_KINDS}
        for pk, group in self.followers.items():
            trust = self.world.trust(pk)
            if trust is not None and trust in trusts:
                counted[trust][group].append(self.world.people.get(pk, 0))
        for trust in sorted(counted, key=self.code):
            self._split(trust, counted[trust])
        authorities = [pk for pk, body in self.world.closing.items() if body.kind == BodyKind.SHA]
        if authorities:
            board = self._board()
            for pk in sorted(authorities, key=self.code):
                self._follow(pk, {board: (SuccessionKind.TRANSFER.value, None, None)})
                self.successions.append(
                    Succeeding(self.code(pk), self.code(board), BOARD_NAME, "transfer", 0, 0, None, None)
                )

    def _split(self, trust: int, parts: dict[int, list[int]]) -> None:
        groups = sorted(parts, key=self.code)
        practices, people = [len(parts[g]) for g in groups], [sum(parts[g]) for g in groups]
        kind = (SuccessionKind.SPLIT if len(groups) > 1 else SuccessionKind.TRANSFER).value
        by_practice, by_people = shares(practices), shares(people)
        found = {}
        for n, group in enumerate(groups):
            part = (by_practice[n], by_people[n]) if by_practice and by_people else (None, None)
            found[group] = (kind, *part)
            self.successions.append(
                Succeeding(
                    self.code(trust),
                    self.code(group),
                    self.world.bodies[group].name,
                    kind,
                    practices[n],
                    people[n],
                    *part,
                )
            )
        self._follow(trust, found)

    def _follow(self, gone: int, found: dict[int, tuple[Any, ...]]) -> None:
        """These, and from the day on nobody else: what was said of that day by a file gives way to what is counted."""
        for key in [k for k in self.entry.keys(BodySuccession) if k[0] == gone and k[1] not in found]:
            line = self.entry.timeline(BodySuccession, key)
            if line.spells[0].start is not None and line.spells[0].start >= self.on:
                self.entry.clear(BodySuccession, key, self.on, None)
        for body, values in found.items():
            self.entry.set(BodySuccession, (gone, body), self.on, None, values)

    def _board(self) -> int:
        """The body that follows the authorities, made where the register does not know it on the day."""
        found = next((pk for pk, code in self.world.codes.items() if code == BOARD), None)
        if found is None:
            found = ParentBody.objects.create(code=BOARD).pk if self.record else -1
            self.labels[ParentBody, found] = BOARD
            self.entry.new(BodyParticulars, [(found,)])
        if found not in self.world.bodies:
            values = (BodyKind.OTHER.value, BOARD_NAME, "", None, None, None)
            self.entry.set(BodyParticulars, (found,), min(BOARD_FROM, self.on), None, values)
        return found

    def _close(self) -> None:
        closing, last = self.world.closing, self.on - timedelta(days=1)
        self.entry.load(BodyParticulars)
        for pk in sorted(closing, key=self.code):
            open_still = pk in self.world.bodies
            self.closes.append(Closing(self.code(pk), closing[pk].name, closing[pk].kind, last, not open_still))
            if open_still:
                self.entry.cap(BodyParticulars, (pk,), self.on)

    def _stages(self) -> None:
        """From the day on a trust is closed, on the evidence of the close itself; what it planned for then is dropped."""
        trusts = [pk for pk, body in self.world.closing.items() if body.kind in PCT_KINDS]
        end_with(self.entry, dict.fromkeys(self.world.closing, self.on))
        if not trusts:
            return
        evidence = self._evidence()
        for pk in trusts:
            self.entry.set(TransitionStage, (pk, evidence), self.on, None, (CLOSED, ""))

    def _evidence(self) -> int:
        told = source.of_close(self.on)
        found = source.standing(told)
        if found is None:
            if self.record:
                found = self.record(self.entry, told)
            else:
                found = -1
                self.entry.new(EvidenceParticulars, [(found,)])
                self.entry.set(EvidenceParticulars, (found,), None, None, told)
            self.labels[Evidence, found] = told[1]
        return found
