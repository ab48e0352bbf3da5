"""Crosswalk: which practices and people of a PCT, consortium, CCG or SHA are whose on another day.

Computed from practice membership, practice by practice (`reads.followed` says how each is followed and whose people are
counted); never from geography (domain.md rule 23). The target is asked at `as_of`, the source at `from_day`, both as
known at `known_at`; list sizes are of the later of the two days, so that the table asked the other way about is the
same one. What has no target, or no source, has rows of its own that say why.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import CharField, DateField, F, Value
from django.db.models.functions import Cast

from consortia.models import ConsortiumSuccession
from pathfinders.reads import consortia, parents
from pathfinders.reads.followed import followed, on
from pathfinders.reads.joins import first_day, together
from pathfinders.reads.pairs import Pair, paired, place, shares, turned
from practices.models import PCT_KINDS, BodyKind, BodySuccession
from registry.errors import Refused
from registry.moment import Moment, once

KINDS = {
    "pct": "Primary care trusts",
    "consortium": "Consortia",
    "ccg": "Clinical commissioning groups",
    "sha": "Strategic health authorities",
}
BODIES = {"pct": PCT_KINDS, "ccg": (BodyKind.CCG,), "sha": (BodyKind.SHA,)}
ENDED = {"pct": date(2013, 3, 31), "sha": date(2013, 3, 31)}
"""The last day of kinds that were abolished (domain.md rule 17)."""


@dataclass(frozen=True)
class Question:
    """From which kind of body to which, and the day of the source. Raises Refused (400) for a kind that is none."""

    source: str
    target: str
    from_day: date

    def __post_init__(self) -> None:
        for name in ("source", "target"):
            if getattr(self, name) not in KINDS:
                words = f"{name} must be one of {', '.join(KINDS)}; “{getattr(self, name)[:40]}” is not."
                raise Refused("bad_value", words, field=name, status=400)


def question(user: Any, moment: Moment, source: str = "", target: str = "", from_day: date | None = None) -> Question:
    """What is asked, with what was left open: from PCTs; to CCGs, or to consortia while there are no CCGs; from the day
    before `as_of`, for PCTs and SHAs from their last day at the latest."""
    source = source or "pct"
    if not target:
        there = parents.living(user, moment).filter(_own__kind=BodyKind.CCG)
        target = "ccg" if there.exists() else "consortium"
    before = moment.as_of - timedelta(days=1)
    return Question(source, target, from_day or min(before, ENDED.get(source, before)))


class Step(NamedTuple):
    """One succession between the days: `chain` tells those between a source and its target."""

    predecessor: str
    successor: str
    kind: str
    on: date


@dataclass(frozen=True)
class Crosswalk:
    """The answer: pairs in order of their codes, what is missing last; names by code; successions between the days."""

    asked: Question
    moment: Moment
    pairs: list[Pair]
    sources: dict[str, str]
    """By code, the names of all bodies of the source's kind on its day, those without practices too."""
    targets: dict[str, str]
    steps: list[Step]

    @property
    def lists_on(self) -> date:
        return max(self.asked.from_day, self.moment.as_of)

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """The pairs as rows, with names, shares of both ends and chains."""
        ways = _Chains(self.steps, forwards=self.asked.from_day <= self.moment.as_of)
        both = zip(self.pairs, shares(self.pairs, "source"), shares(self.pairs, "target"), strict=True)
        return [
            {
                "source_code": pair.source.code,
                "source_name": self.sources.get(pair.source.code or "", pair.source.code),
                "target_code": pair.target.code,
                "target_name": self.targets.get(pair.target.code or "", pair.target.code),
                "source_absent": pair.source.absent,
                "target_absent": pair.target.absent,
                "practices": pair.practices,
                "people": pair.people,
                "practices_without_list": pair.practices_without_list,
                "practice_share": of_source.practices,
                "people_share": of_source.people,
                "practice_share_of_target": of_target.practices,
                "people_share_of_target": of_target.people,
                "chain": ways.between(pair.source.code, pair.target.code),
            }
            for pair, of_source, of_target in both
        ]


def crosswalk(user: Any, moment: Moment, asked: Question) -> Crosswalk:
    """The whole table, whatever the number of practices by six statements at most."""
    return once(("crosswalk", moment, asked), lambda: _crosswalk(user, moment, asked))


def _crosswalk(user: Any, moment: Moment, asked: Question) -> Crosswalk:
    source_at = on(moment, asked.from_day)
    if asked.from_day <= moment.as_of:
        pairs = paired(followed(user, source_at, moment, asked.source, asked.target))
    else:
        pairs = turned(paired(followed(user, moment, source_at, asked.target, asked.source)))
    sources, targets, steps = _named(user, moment, source_at, asked)
    return Crosswalk(asked, moment, pairs, dict(sources), dict(targets), steps)


def _named(user: Any, moment: Moment, source_at: Moment, asked: Question) -> tuple[Any, Any, list[Step]]:
    """Names on both sides, and the successions of the days between, in one statement."""
    first, last = sorted((source_at.as_of, moment.as_of))
    parts = [_names(user, source_at, asked.source), _names(user, moment, asked.target)]
    for model, name in ((BodySuccession, "code"), (ConsortiumSuccession, "ref")):
        facts: Any = model.objects.visible_to(user).known(moment)  # type: ignore[attr-defined]
        between = facts.alias(_on=first_day()).filter(_on__gt=first, _on__lte=last).order_by()
        parts.append(between.values_list(f"predecessor__{name}", f"successor__{name}", "kind", F("_on")))
    sources, targets, *successions = together(*parts)
    steps = {Step(*row) for rows in successions for row in rows}
    names = [sorted((code, name) for code, name, *_ in rows) for rows in (sources, targets)]
    return *names, sorted(steps, key=lambda step: (step.on, step))  # type: ignore[return-value]


def _names(user: Any, moment: Moment, kind: str) -> Any:
    """(code, name, "", null) of all bodies of a kind that live on the day."""
    if kind == "consortium":
        living, code = consortia.living(user, moment), "ref"
    else:
        living, code = parents.living(user, moment).filter(_own__kind__in=BODIES[kind]), "code"
    blank = {"_kind": Value("", CharField()), "_on": Cast(Value(None), DateField())}
    return living.order_by().annotate(**blank).values_list(code, "_own__name", "_kind", "_on")


class _Chains:
    """The successions by which a source became a target: those on a way from the one to the other where there is one;
    else those that lead on from the earlier body and those that led to the later."""

    def __init__(self, steps: list[Step], *, forwards: bool) -> None:
        self.forwards = forwards
        self.after: dict[str, list[Step]] = defaultdict(list)
        self.before: dict[str, list[Step]] = defaultdict(list)
        for step in steps:
            self.after[step.predecessor].append(step)
            self.before[step.successor].append(step)

    def between(self, source: str | None, target: str | None) -> list[dict[str, Any]]:
        old, new = (source, target) if self.forwards else (target, source)
        on_from = self._reached(old, self.after, "successor")
        led_to = self._reached(new, self.before, "predecessor")
        told = on_from & led_to or on_from | led_to
        return [
            step._asdict() | {"on": step.on.isoformat()} for step in sorted(told, key=lambda step: (step.on, step))
        ]

    @staticmethod
    def _reached(start: str | None, steps: dict[str, list[Step]], end: str) -> set[Step]:
        found: set[Step] = set()
        waiting = [start] if start else []
        while waiting:
            for step in steps.get(waiting.pop(), ()):
                if step not in found:
                    found.add(step)
                    waiting.append(getattr(step, end))
        return found


__all__ = ["KINDS", "Crosswalk", "Question", "Step", "crosswalk", "place", "question"]
