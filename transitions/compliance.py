"""From the deadline on a practice in no consortium is an open item; these are the steps towards it (rule 20).

Whether an item is open is read, never stored: the practice counts and is in none on a day on or after the deadline.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from consortia.models import ComplianceStep
from consortia.models import ComplianceStepKind as Kind
from registry.actions.checks import said
from registry.errors import wrong_state


class Rule(NamedTuple):
    """A step: `after`, the one that comes before it; `asks`, what staff do; `writes_to`: who gets a letter with it."""

    kind: Kind
    after: Kind | None
    asks: str
    writes_to: str

    @property
    def label(self) -> str:
        return self.kind.label


STEPS = (
    Rule(Kind.ASKED, None, "Ask the practice why it is in no consortium", "the practice"),
    Rule(Kind.PCT, Kind.ASKED, "Ask its PCT to help it find one", "the lead of its PCT"),
    Rule(Kind.NOTICE, Kind.PCT, "Give it notice that it will be allocated", "the practice"),
    Rule(Kind.ALLOCATED, Kind.NOTICE, "Allocate it, with the legal basis", "the practice and the consortium"),
)
BY_KIND = {rule.kind: rule for rule in STEPS}


class Item(NamedTuple):
    """`since`: the first day after its last membership (None: it had none); `taken`: the steps since, in order."""

    since: date | None
    taken: list[ComplianceStep]

    @property
    def kinds(self) -> set[str]:
        return {step.kind for step in self.taken}

    def next(self) -> Rule | None:
        """The first step that was not taken."""
        return next((rule for rule in STEPS if rule.kind not in self.kinds), None)

    def may(self, kind: str) -> bool:
        after = BY_KIND[Kind(kind)].after
        return after is None or after in self.kinds

    def last(self, kind: str) -> ComplianceStep | None:
        return next((step for step in reversed(self.taken) if step.kind == kind), None)


def item_of(steps: Iterable[ComplianceStep], since: date | None) -> Item:
    """The item of a practice that is left out since that day: steps of an earlier time in none do not count."""
    return Item(since, [step for step in steps if since is None or step.on >= since])


def require_step(item: Item, kind: str, on: date) -> None:
    """Raise Refused (409) where the step before it was not taken, or was taken later than `on`."""
    if item.may(kind):
        before = BY_KIND[Kind(kind)].after
        earlier = item.last(before) if before else None
        if earlier is None or earlier.on <= on:
            return
        raise wrong_state(f"The step before it was taken on {said(earlier.on)}; give that day or a later one.")
    missing = [rule.label for rule in STEPS if rule.kind not in item.kinds and rule.kind != kind]
    wanted = missing[0].lower() if missing else ""
    raise wrong_state(f"The steps are taken in their order. First: {wanted}.")
