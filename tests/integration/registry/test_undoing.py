"""Taking back an entry: what was answered before stays, and from then on every day says what it said before it."""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import pairwise

import pytest

from consortia.models import Belonging, LeftOut, Membership
from practices.models import PracticeParent
from registry.errors import Refused
from registry.models import Entry, EntryKind
from registry.models.fact import Lower, Upper
from registry.undoing import take_back
from tests import factories as make

pytestmark = pytest.mark.django_db
FIRST = date(2011, 1, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(0, 400, 40)]
KINDS = (Membership, LeftOut, PracticeParent)
SEEDS = [*range(4), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(4, 60))]


def known(at=None):
    """What the register said at an instant (None: now): by kind, key and day, the values."""
    said = {}
    for model in KINDS:
        rows = model.objects.filter(recorded__contains=at) if at else model.objects.current()
        keys, values = ([f.attname for f in fields] for fields in (model.key_fields(), model.value_fields()))
        for row in rows.annotate(_f=Lower("effective"), _t=Upper("effective")).values("_f", "_t", *keys, *values):
            on = [d for d in DAYS if (row["_f"] or d) <= d < (row["_t"] or date.max)]
            said |= {(model, tuple(row[k] for k in keys), day): tuple(row[v] for v in values) for day in on}
    return said


def undo(entry: Entry) -> Entry:
    with make.writing("undo", EntryKind.CORRECTION) as writer:
        take_back(writer, entry)
    return writer.entry


def differing(one, other):
    """The kinds and keys of which two states say another thing on some day."""
    return {place[:2] for place in one.keys() | other.keys() if one.get(place) != other.get(place)}


def with_keys_of(now, then, keys):
    """What is said now, but of these keys what was said then; and no reason to be left out of who belongs."""
    mixed = {p: v for p, v in now.items() if p[:2] not in keys} | {p: v for p, v in then.items() if p[:2] in keys}
    return {p: v for p, v in mixed.items() if p[0] is not LeftOut or (Membership, *p[1:]) not in mixed}


class Register:
    """A few practices, groups and PCTs, and one random entry after another upon them."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.practices = [make.make_practice() for _ in range(4)]
        self.groups = [make.make_consortium() for _ in range(3)]
        self.pcts = [make.make_pct(f"5Z{n}") for n in range(2)]

    def entry(self) -> Entry:
        """One entry with some changes, as often as it takes for them to change anything."""
        while True:
            with make.writing("change") as writer:
                for _ in range(self.rng.randint(1, 5)):
                    self.change(writer)
            if writer.entry is not None:
                return writer.entry

    def change(self, writer) -> None:
        model, practice = self.rng.choice(KINDS), self.rng.choice(self.practices)
        start, end = sorted(self.rng.sample(DAYS, 2))
        days = (start, self.rng.choice((end, None)))
        if self.rng.random() < 0.3:
            writer.clear(model, (practice.pk,), *days)
        else:
            writer.set(model, (practice.pk,), *days, self.values(model))

    def values(self, model):
        rng = self.rng
        if model is Membership:
            proof = rng.choice(("", "link"))
            status = "confirmed" if proof else rng.choice(("claimed", "disputed", "allocated"))
            basis = "The Act" if status == "allocated" else ""
            return Belonging(rng.choice(self.groups).pk, status, rng.choice(("joined", "founding")), proof, basis)
        if model is LeftOut:
            return (rng.choice(("undecided", "objection")), rng.choice(("practice", "pct")))
        return (rng.choice(self.pcts).pk,)


@pytest.mark.parametrize("seed", SEEDS)
def test_an_entry_is_taken_back_where_nothing_builds_on_it_and_else_refused(seed):
    register, states, entries, outcomes = Register(seed), [known()], [], []
    for _ in range(16):
        if not entries or register.rng.random() < 0.5:
            entries.append(register.entry())
        else:
            place = register.rng.choice([len(entries) - 1, register.rng.randrange(len(entries))])
            before, after = states[place], states[place + 1]
            touched = differing(before, after)
            later = set().union(*(differing(a, b) for a, b in pairwise(states[place + 1 :])))
            outcomes.append(not touched & later)
            if touched & later:
                with pytest.raises(Refused, match="cannot be undone") as refused:
                    undo(entries[place])
                assert refused.value.status == 409 and known() == states[-1]
                continue
            entries.append(undo(entries[place]))
            assert known() == with_keys_of(states[-1], before, touched)
            if place == len(entries) - 2:
                assert known() == before
        states.append(known())
    assert [known(e.at) for e in entries] == states[1:]  # what was known at each instant stays what it was
    assert outcomes


def test_an_entry_without_facts_and_one_that_was_undone_are_refused(db):
    register = Register(1)
    first = register.entry()
    undo(first)
    with pytest.raises(Refused, match="cannot be undone"):
        undo(first)
    with make.writing("nothing") as writer:
        writer.even_if_empty = True
    with pytest.raises(Refused, match="changed no fact"):
        undo(writer.entry)


def test_taking_back_says_what_it_touched_and_names_what_builds_on_it(db):
    practice, group = make.make_practice(), make.make_consortium()
    make.make_membership(practice, group, FIRST)
    first = Entry.objects.order_by("-number")[0]
    make.make_membership(make.make_practice(), group, FIRST)  # another key: it does not stand in the way
    with make.writing("undo") as writer:
        assert take_back(writer, first) == {Membership: {(practice.pk,)}}
    assert not Membership.objects.current().filter(practice=practice).exists()
    with pytest.raises(Refused, match=f"entry {writer.entry.number} has changed the same since"):
        undo(first)
