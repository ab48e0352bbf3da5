"""What every merger and split is made of, drawn over a journal entry: an open one, or a sketch for the preview.

Nothing here asks who may; the actions do. Everything is read through the entry, so that an action decides on what
stands under its lock. Bodies that a sketch makes have keys below nought and no reference yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from consortia.actions.mint import mint_consortium, next_ref
from consortia.models import (
    Belonging,
    Consortium,
    ConsortiumParticulars,
    ConsortiumSuccession,
    Membership,
    MembershipStatus,
    Post,
)
from pathfinders.models import Pathfinder, PathfinderParticulars, PathfinderSuccession, ProgrammePlace
from pathfinders.succession.plan import listed
from practices.models import PracticeStatus
from registry.actions.checks import require_day, said
from registry.errors import Refused, wrong_state
from registry.journal import Key, Writer
from registry.models.fact import Fact, Identity
from registry.timeline import Spell

Body = Consortium | Pathfinder


class Family(NamedTuple):
    """A kind of body that merges and splits, with the facts that tell of it."""

    noun: str
    identity: type[Identity]
    particulars: type[Fact]
    succession: type[Fact]


CONSORTIA = Family("consortium", Consortium, ConsortiumParticulars, ConsortiumSuccession)
PATHFINDERS = Family("pathfinder", Pathfinder, PathfinderParticulars, PathfinderSuccession)


class Move(NamedTuple):
    """One spell of a membership that is carried over, or (to None) ends."""

    practice: int
    code: str
    gone: Consortium
    to: Consortium | None
    start: date
    after: date | None
    status: str
    joins: bool


class Draft:
    """A change in the making. `real`: over an open entry, so that bodies are minted."""

    def __init__(self, entry: Writer, on: date, *, real: bool) -> None:
        self.entry, self.on, self.real = entry, on, real
        self.new: dict[tuple[type, int], str] = {}
        self.gone: list[Body] = []
        self.made: list[Body] = []
        self.kept: list[Body] = []
        self.moves: list[Move] = []
        self.warnings: list[str] = []
        self.title = ""
        self.lead_to: dict[str, tuple[Consortium, ...]] = {}

    # Who is concerned

    def label(self, body: Body) -> str:
        return self.new.get((type(body), body.pk)) or body.ref

    def name(self, family: Family, body: Body) -> str:
        """The name on the day, or the last before."""
        spells = self.entry.timeline(family.particulars, (body.pk,))
        told = spells.at(self.on) or (spells.spells[-1].values if len(spells) else ("",))
        return str(told[0])

    def particulars(self, family: Family, body: Body, doing: str, field: str) -> tuple[Any, ...]:
        """Those on the day, of a body that stood before it. Raises Refused (409)."""
        spells = self.entry.timeline(family.particulars, (body.pk,))
        life = spells.stretch(self.on)
        if life is None or life.start == self.on:
            raise Refused(
                "wrong_state",
                f"{body.ref} was not a {family.noun} before {said(self.on)}, so cannot {doing} then.",
                field=field,
                status=409,
            )
        values = spells.at(self.on)
        assert values is not None  # the stretch holds the day
        return values

    def goes(self, family: Family, body: Body, doing: str, field: str) -> tuple[Any, ...]:
        """The body ends on the day: its particulars on it. Raises Refused (409): it did not stand, has a successor
        already, or becomes somebody's successor on the day or later."""
        self._load_successions(family)
        values = self.particulars(family, body, doing, field)
        for before, after in self.entry.keys(family.succession):
            start = self.entry.timeline(family.succession, (before, after)).spells[0].start
            if before == body.pk:
                raise wrong_state(f"{body.ref} has a successor already. Correct that first.")
            if after == body.pk and (start is None or start >= self.on):
                raise wrong_state(
                    f"{body.ref} takes another over on {said(start) if start else 'a day unknown'}: give a later day."
                )
        self._say_if_it_ends(family, body)
        self.gone.append(body)
        return values

    def _say_if_it_ends(self, family: Family, body: Body) -> None:
        life = self.entry.timeline(family.particulars, (body.pk,)).stretch(self.on)
        if life is not None and life.end is not None:
            self.warnings.append(
                f"{body.ref} was to end on {said(life.end)} anyway: what was to end with it then still does."
            )

    def stays(self, family: Family, body: Body, gone: Iterable[Body], doing: str, field: str) -> None:
        """The body takes others over. Raises Refused: 409 where it did not stand, or is to end; 422 for a circle."""
        self._load_successions(family)
        self.particulars(family, body, doing, field)
        life = self.entry.timeline(family.particulars, (body.pk,)).stretch(self.on)
        if life is not None and life.end is not None:
            raise Refused(
                "wrong_state",
                f"{body.ref} ends on {said(life.end)}, so nothing is carried into it. Choose another {family.noun}.",
                field=field,
                status=409,
            )
        ahead = reached(self.entry.keys(family.succession), body.pk)
        for other in gone:
            if other.pk in ahead:
                raise Refused(
                    "circle",
                    f"{body.ref} has itself become part of {other.ref}, so {other.ref} cannot become part of it.",
                    field=field,
                )
        self.kept.append(body)

    def _load_successions(self, family: Family) -> None:
        self.entry.load(family.succession)  # a few hundred in all

    # What ends and begins

    def make_consortium(self, name: str, form: str) -> Consortium:
        """A new one from the day on: minted, or stood in for."""
        if self.real:
            made = mint_consortium(self.entry, name=name, form=form, start=self.on)
        else:
            made = Consortium(pk=-len(self.new) - 1)
            self.entry.set(ConsortiumParticulars, (made.pk,), self.on, None, (name, form))
        return self._made(made, name)

    def make_pathfinder(self, values: tuple[Any, ...]) -> Pathfinder:
        """A new one from the day on, with these particulars."""
        if self.real:
            made = Pathfinder.objects.create(ref=next_ref(Pathfinder, "PF"))
        else:
            made = Pathfinder(pk=-len(self.new) - 1)
        self.entry.set(PathfinderParticulars, (made.pk,), self.on, None, values)
        return self._made(made, values[0])

    def _made(self, body: Any, name: str) -> Any:
        self.new[type(body), body.pk] = f"{name} (new)"
        self.made.append(body)
        return body

    def end(self, family: Family, body: Body) -> None:
        self.entry.cap(family.particulars, (body.pk,), self.on)

    def succeed(self, family: Family, gone: Body, to: Body, kind: str, share: Decimal | None = None) -> None:
        self.entry.set(family.succession, (gone.pk, to.pk), self.on, None, (str(kind), share))

    def rename(self, family: Family, body: Body, name: str) -> None:
        """The name from the day on, until the next that is recorded; all else of its particulars stays."""
        require_day(self.on)
        spells = self.entry.timeline(family.particulars, (body.pk,))
        now = spells.at(self.on)
        if now is None:
            raise wrong_state(f"{body.ref} is no {family.noun} on {said(self.on)}. Give a day within its life.")
        if now[0] == name:
            raise Refused("same_name", f"{body.ref} is called {name} on that day already.", field="name")
        held = spells.stretch(self.on, lambda values: values[0] == now[0])
        assert held is not None
        for spell in spells.within(self.on, held.end):
            self.entry.set(family.particulars, (body.pk,), spell.start, spell.end, (name, *spell.values[1:]))
        self.title = f"{body.ref}, {now[0]}, is called {name} from {said(self.on)}"
        self.kept.append(body)

    def carry_members(self, targets: Callable[[Consortium, str], Consortium | None], reason: str) -> None:
        """Every practice that is, or is to be, a member of one that goes belongs to its target from then on, with its
        status and until the same day, flagged with the reason (a dispute keeps its own); without a target its membership ends. Dormant ones and such as close later
        follow like any other (rule 16)."""
        going = {c.pk: c for c in self.gone}
        rows = Membership.objects.current().filter(consortium__in=going, effective__overlap=(self.on, None))
        found = dict(rows.order_by("practice__code").values_list("practice", "practice__code"))
        self.entry.load(Membership, [(pk,) for pk in found])
        self.entry.load(PracticeStatus, [(pk,) for pk in found])
        for pk, code in found.items():
            for spell in self._from_the_day(Membership, (pk,)):
                if gone := going.get(spell.values[0]):
                    self._carry(pk, code, spell, gone, targets(gone, code), reason)  # type: ignore[arg-type]

    def _carry(
        self, practice: int, code: str, spell: Spell, gone: Consortium, to: Consortium | None, reason: str
    ) -> None:
        held = Belonging(*spell.values)
        joins = spell.start is not None and spell.start >= self.on
        start = spell.start if joins else self.on
        assert start is not None
        if to is None:
            self.entry.clear(Membership, (practice,), start, spell.end)
        else:
            stays = joins or held.status == MembershipStatus.DISPUTED  # what is disputed is still to be settled
            told = held._replace(consortium=to.pk, reason=held.reason if stays else reason)
            self.entry.set(Membership, (practice,), start, spell.end, told)
        self.moves.append(Move(practice, code, gone, to, start, spell.end, held.status, joins))

    def carry_places(self, targets: Callable[[int, int], Iterable[Key]], **which: Any) -> list[Key]:
        """Places in the programme from the day on move to the keys that `targets(pathfinder, consortium)` gives."""
        return self._carry_keys(ProgrammePlace, lambda key: targets(*key), **which)

    def carry_posts(self, to: Sequence[Consortium]) -> None:
        """Who held a post in one that goes holds it in those that are named."""
        self._carry_keys(Post, lambda key: [(c.pk, *key[1:]) for c in to], consortium__in=[c.pk for c in self.gone])

    def _carry_keys(self, model: type[Fact], targets: Callable[[Key], Iterable[Key]], **which: Any) -> list[Key]:
        names = [f.attname for f in model.key_fields()]
        rows = model._default_manager.filter(recorded__upper_inf=True, effective__overlap=(self.on, None), **which)
        keys = sorted(set(rows.values_list(*names)))
        self.entry.load(model, [*keys, *(k for key in keys for k in targets(key))])
        for key in keys:
            spells = list(self._from_the_day(model, key))
            self.entry.cap(model, key, self.on)
            for spell in spells:
                start = self.on if spell.start is None else max(spell.start, self.on)
                for target in targets(key):
                    self.entry.set(model, target, start, spell.end, spell.values)
        return keys

    def _from_the_day(self, model: type[Fact], key: Key) -> Iterator[Spell]:
        return (s for s in self.entry.timeline(model, key) if s.end is None or s.end > self.on)

    # What stands to be said

    def warn_of_places(self) -> None:
        """A consortium that would stand in several pathfinders, or bring practices into one that were in none."""
        refs = dict(Pathfinder.objects.values_list("pk", "ref"))
        inside: dict[int, set[int]] = {}
        kept = ProgrammePlace.objects.current().filter(consortium__in=[b.pk for b in self.kept])
        keys = set(kept.filter(effective__contains=self.on).values_list("pathfinder", "consortium"))
        for pathfinder, consortium in keys | self.entry.changed(ProgrammePlace):
            if self.entry.timeline(ProgrammePlace, (pathfinder, consortium)).at(self.on) is not None:
                inside.setdefault(consortium, set()).add(pathfinder)
        for body in (*self.made, *self.kept):
            found = sorted(refs.get(p, "") for p in inside.get(body.pk, ()))
            if len(found) > 1:
                self.warnings.append(
                    f"{self.label(body)} will stand in {len(found)} pathfinders, {listed(found)}; a practice is still "
                    "counted once."
                )


def reached(pairs: Iterable[Key], start: int) -> set[int]:
    """Everybody who follows `start`, however long the chain, without itself unless it is in a circle."""
    follows: dict[int, set[int]] = {}
    for before, after in pairs:
        follows.setdefault(before, set()).add(after)
    found: set[int] = set()
    ahead = list(follows.get(start, ()))
    while ahead:
        at = ahead.pop()
        if at not in found:
            found.add(at)
            ahead += follows.get(at, ())
    return found
