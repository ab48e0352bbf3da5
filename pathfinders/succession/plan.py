"""What a merger, a split or a change of name would do: what a person sees, confirms, and gets."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from registry.canonical import canonical
from registry.changes import Change
from registry.errors import Refused, stale

NAMED = 8
"""So many of the things that changed are named to a person; the rest are counted."""


@dataclass(frozen=True)
class Carried:
    """A member practice: from which consortium to which ("": to none), from `start` up to `after` (half-open).

    `flag`: dormant, or closes later: such a one follows by default (rule 16). `joins`: it comes only after the day.
    """

    code: str
    name: str
    status: str
    gone: str
    to: str
    start: date
    after: date | None
    flag: str = ""
    joins: bool = False


@dataclass(frozen=True)
class RoleMove:
    """A role that is held for a body that ends: for whom, which, and for which bodies it is held from `on`."""

    person: str
    name: str
    role: str
    gone: str
    to: tuple[str, ...]
    on: date

    @property
    def token(self) -> str:
        told = [self.person, self.role, self.gone, self.to, str(self.on)]
        return f"{self.person}:{hashlib.sha256(canonical(told)).hexdigest()[:8]}"


@dataclass(frozen=True)
class Figures:
    """Practices and people that count in coverage, the day before and on the day. None: there is none then."""

    ref: str
    name: str
    kind: str
    practices_before: int | None
    people_before: int | None
    practices_after: int | None
    people_after: int | None


@dataclass(frozen=True)
class Plan:
    """The whole of it. `fingerprint` is carried by the page: one token for each thing that would be done."""

    title: str
    on: date
    changes: tuple[Change, ...]
    members: tuple[Carried, ...] = ()
    roles: tuple[RoleMove, ...] = ()
    figures: tuple[Figures, ...] = ()
    warnings: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    made: tuple[str, ...] = ()
    note: str = field(default="", compare=False)

    @property
    def fingerprint(self) -> str:
        return ";".join(sorted([*(c.token for c in self.changes), *(r.token for r in self.roles)]))

    def refuse_other_than(self, fingerprint: str) -> None:
        """Raise Refused 412, saying what changed, where this is not what the person saw; "" is no matter."""
        if fingerprint and fingerprint != self.fingerprint:
            names = moved(fingerprint, self.fingerprint)
            told = ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")
            raise stale(
                f"The register has changed since you looked: what would happen to {told} is no longer the same. "
                "This is what would happen now; confirm it if it is still what you mean."
            )


def moved(before: str, now: str) -> list[str]:
    """What of two fingerprints differs, by name."""
    apart = set(before.split(";")) ^ set(now.split(";"))
    return sorted({token.rpartition(":")[0] for token in apart if token})


def refuse_name(name: str, field: str = "name") -> str:
    """The name without odd blanks; Refused where there is none or it is too long."""
    name = " ".join(name.split())
    if not name or len(name) > 200:
        raise Refused("no_name", "Give a name of up to 200 characters.", field=field)
    return name


def listed(words: Iterable[str]) -> str:
    """A, B and C."""
    *most, last = list(words) or [""]
    return f"{', '.join(most)} and {last}" if most else last
