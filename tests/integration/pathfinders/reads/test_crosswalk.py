"""Crosswalks: each practice once, each person once, both ways alike, and nobody dropped."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from pathfinders.reads import england as kept
from pathfinders.reads import practices
from pathfinders.reads.crosswalk import KINDS, Crosswalk, Question, crosswalk, question
from pathfinders.reads.pairs import Pair, carried, shares, turned
from practices.models import PracticeSuccession
from registry.errors import Refused
from tests import factories as make
from tests.support import crosswalk_register
from tests.support.crosswalk_register import FIRST, LAST, MERGED, RECODED

build_world = crosswalk_register.build
DAYS = (date(2011, 1, 10), RECODED, MERGED, LAST, FIRST)


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    kept._KEPT.clear()
    yield
    kept._KEPT.clear()


def asked(source: str, target: str, as_of: date, from_day: date | None = None, known: Any = None) -> Crosswalk:
    moment = make.at(as_of, known)
    return crosswalk(None, moment, question(None, moment, source, target, from_day))


def told(found: Crosswalk) -> dict[tuple[str, str], tuple[int, int, int]]:
    return {
        (pair.source.code or pair.source.absent, pair.target.code or pair.target.absent): pair[2:]
        for pair in found.pairs
    }


def must_be_exact(pairs: list[Pair]) -> None:
    """Shares of each end sum to 1; figures are conserved there and back."""
    for end in ("source", "target"):
        for n in (0, 1):
            sums: dict[str, Decimal] = defaultdict(Decimal)
            weighed: Counter[str] = Counter()
            for pair, parts in zip(pairs, shares(pairs, end), strict=True):
                code = getattr(pair, end).code
                if code is not None:
                    sums[code] += parts[n] or 0
                    weighed[code] += (pair.practices, pair.people)[n]
                else:
                    assert parts[n] is None
            assert all(total == (1 if weighed[code] else 0) for code, total in sums.items())
    figures = {pair.source.code: n * 7919 - 5000 for n, pair in enumerate(pairs)}
    for weight in ("people", "practices"):
        there = carried(pairs, figures, weight)
        assert sum(there.values()) == sum(figures.values())
        assert sum(carried(turned(pairs), there, weight).values()) == sum(figures.values())


class TestTheHandOver:
    def test_every_practice_once_and_every_person_once(self, in_world: SimpleNamespace) -> None:
        found = asked("pct", "ccg", FIRST)
        assert found.asked == Question("pct", "ccg", LAST)
        assert told(found) == {
            ("5AA", "08A"): (2, 1100, 0),  # Z00012's people are on Z00001's list of the quarter after
            ("5AA", "08B"): (1, 2000, 0),
            ("5AA", "in_none"): (1, 300, 0),
            ("5BB", "08A"): (2, 1500, 0),  # Z00009 by way of Z00010, each with its own last list
            ("5BB", "08B"): (2, 500, 1),  # Z00002's list is older than the merger: Z00005's counts
            ("5BB", "closed"): (1, 400, 0),
            ("5QW", "08B"): (1, 50, 0),
            ("opened", "08B"): (1, 700, 0),
        }
        must_be_exact(found.pairs)
        first = found.rows[0]
        assert (first["source_name"], first["target_name"]) == ("5AA PCT", "NHS 08A CCG")
        assert first["people_share"] == Decimal("0.32352941") and first["practice_share"] == Decimal("0.5")
        assert first["people_share_of_target"] == Decimal("0.42307692")

    def test_asked_the_other_way_it_is_the_same_table(self, in_world: SimpleNamespace) -> None:
        for source in KINDS:
            for target in KINDS:
                for from_day, as_of in ((LAST, FIRST), (DAYS[0], FIRST), (DAYS[0], MERGED), (RECODED, RECODED)):
                    there = asked(source, target, as_of, from_day)
                    must_be_exact(there.pairs)
                    assert asked(target, source, from_day, as_of).pairs == turned(there.pairs)

    def test_six_statements_at_most_and_two_where_it_was_read_before(self, in_world: SimpleNamespace) -> None:
        with CaptureQueriesContext(connection) as first:
            asked("pct", "ccg", FIRST)
        assert len(first) <= 8  # one more asks what is newest, for each moment


class TestChains:
    def test_a_recoded_trust_and_merged_consortia(self, in_world: SimpleNamespace) -> None:
        [row] = [r for r in asked("pct", "pct", RECODED).rows if r["source_code"] == "TAM"]
        assert (row["target_code"], row["people_share"]) == ("5QW", 1)
        assert row["chain"] == [{"predecessor": "TAM", "successor": "5QW", "kind": "recode", "on": "2011-04-15"}]
        found = asked("consortium", "consortium", MERGED)
        assert [
            (r["source_code"], [s["predecessor"] for s in r["chain"]])
            for r in found.rows
            if r["target_code"] == "GC0003"
        ] == [
            ("GC0001", ["GC0001"]),
            ("GC0002", ["GC0002"]),
        ]
        assert asked("pct", "ccg", FIRST).rows[0]["chain"] == []

    def test_before_a_merger_was_known_the_practice_is_closed(self, in_world: SimpleNamespace) -> None:
        fact = PracticeSuccession.objects.get(predecessor=in_world.practices[5].pk)
        with make.writing("unmerge") as entry:
            entry.clear(PracticeSuccession, (fact.predecessor_id, fact.successor_id), FIRST, None)
        assert told(asked("pct", "ccg", FIRST))["5BB", "closed"] == (2, 900, 0)
        assert told(asked("pct", "ccg", FIRST, known=in_world.before))["5BB", "closed"] == (1, 400, 0)


class TestWhatIsNotPublicYet:
    def test_a_consortium_shows_from_its_entry_on(self, in_world: SimpleNamespace) -> None:
        before = asked("pct", "consortium", MERGED, known=in_world.before)
        assert "GC0004" not in {pair.target.code for pair in before.pairs} | set(before.targets)
        assert told(before)["5AA", "in_none"] == (2, 420, 0)
        now = asked("pct", "consortium", MERGED)
        assert told(now)["5AA", "GC0004"] == (1, 300, 0) and told(now)["5AA", "in_none"] == (1, 120, 0)


class TestTheQuestion:
    def test_what_is_left_open(self, in_world: SimpleNamespace) -> None:
        def of(day: date, *kinds: str) -> Question:
            return question(None, make.at(day), *kinds)

        assert of(date(2011, 9, 1)) == Question("pct", "consortium", date(2011, 8, 31))
        assert of(date(2015, 6, 1)) == Question("pct", "ccg", LAST)
        assert of(date(2015, 6, 1), "ccg", "ccg") == Question("ccg", "ccg", date(2015, 5, 31))
        with pytest.raises(Refused, match="source must be one of pct"):
            of(FIRST, "trust")


class TestAtRandom:
    """Small registers at random: the table is what a walk from practice to practice finds."""

    @pytest.mark.parametrize("seed", range(3))
    def test_it_counts_what_a_walk_counts(self, in_world: SimpleNamespace, seed: int) -> None:
        self._try(seed)

    @pytest.mark.long
    @pytest.mark.parametrize("seed", range(100, 160))
    def test_many(self, in_world: SimpleNamespace, seed: int) -> None:
        self._try(seed)

    def _try(self, seed: int) -> None:
        rng = random.Random(seed)
        with transaction.atomic():
            merged = self._more(rng)
            for _ in range(6):
                from_day, as_of = sorted(rng.choice(DAYS) + timedelta(days=rng.choice((-30, 0, 30))) for _ in "ab")
                source, target = (rng.choice(list(KINDS)) for _ in "ab")
                found = asked(source, target, as_of, from_day)
                must_be_exact(found.pairs)
                assert asked(target, source, from_day, as_of).pairs == turned(found.pairs)
                assert self._ways(found) == self._walk(source, target, from_day, as_of, merged)
            transaction.set_rollback(True)

    def _more(self, rng: random.Random) -> dict[str, tuple[str, date]]:
        """A dozen practices more under what is there; some close, of which some merge into others that go on."""
        merged = {"Z00005": ("Z00002", FIRST), "Z00012": ("Z00001", FIRST), "Z00009": ("Z00010", FIRST)}
        merged["Z00010"] = ("Z00011", FIRST)
        pcts = [make.make_pct(f"5X{n}") for n in "AB"]
        group = make.make_consortium()
        stay = [make.make_practice(pct=rng.choice(pcts), patients=rng.choice((None, 10, 999))) for _ in range(5)]
        for _ in range(7):
            day = rng.choice(DAYS)
            gone = make.make_practice(
                pct=rng.choice(pcts), last_day=day - timedelta(days=1), patients=rng.randint(1, 9)
            )
            if rng.random() < 0.7:
                successor = rng.choice(stay)
                with make.writing("merge") as entry:
                    entry.set(PracticeSuccession, (gone.pk, successor.pk), day, None, ("absorb",))
                merged[gone.code] = (successor.code, day)
        for practice in rng.sample(stay, 3):
            make.make_membership(practice, group, rng.choice(DAYS))
        return merged

    def _ways(self, found: Crosswalk) -> Counter[tuple[str | None, str | None]]:
        ways: Counter[tuple[str | None, str | None]] = Counter()
        for pair in found.pairs:
            ways[pair.source.code, pair.target.code] += pair.practices
        return ways

    def _walk(
        self, source: str, target: str, from_day: date, as_of: date, merged: dict[str, tuple[str, date]]
    ) -> Counter[tuple[str | None, str | None]]:
        then, now = self._there(from_day), self._there(as_of)
        ways: Counter[tuple[str | None, str | None]] = Counter()
        reached = set()
        for code, row in then.items():
            while code not in now and code in merged and merged[code][1] <= as_of:
                code = merged[code][0]
            reached.add(code)
            ways[self._body(row, source), self._body(now.get(code), target)] += 1
        for code, row in now.items():
            if code not in reached and code not in then:
                ways[None, self._body(row, target)] += 1
        return ways

    def _there(self, day: date) -> dict[str, dict[str, Any]]:
        moment = make.at(day)
        rows = practices.Filters({"eligible": "true"}, practices.rows(None, moment), moment=moment).qs
        return {row["code"]: row for row in rows}

    def _body(self, row: dict[str, Any] | None, kind: str) -> str | None:
        if row is None:
            return None
        if kind == "ccg":
            return row["parent_code"] if row["parent_kind"] == "ccg" else None
        return row["consortium_ref" if kind == "consortium" else f"{kind}_code"]
