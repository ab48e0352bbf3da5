"""What a close would do: what a person sees and confirms, and, under the same hash, what is written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from typing import Any

from practices.models import PCT_KINDS
from registry import journal
from registry.canonical import canonical
from registry.changes import Change, changes_of
from registry.errors import Refused, stale
from registry.journal import Writer
from transitions.closing.draw import Draft, Record
from transitions.closing.holders import held, last_day_out
from transitions.closing.money import budgets
from transitions.closing.rows import Closing, Explanation, Holding, Money, Placed, Released, Succeeding, Unplaced

NAMED = 8
"""So many of the unplaced are named in the sentence that refuses; all of them in its detail."""
WRONG = 20
"""So many lines that explain wrongly are named in a sentence."""
LISTS = ("closes", "successions", "unplaced", "placed", "released", "budgets", "roles", "changes")


@dataclass(frozen=True)
class Plan:
    """Row by row. `changes`: every fact that ends or begins, of which the lists before it are the sense."""

    on: date
    closes: tuple[Closing, ...]
    successions: tuple[Succeeding, ...]
    placed: tuple[Placed, ...]
    unplaced: tuple[Unplaced, ...]
    released: tuple[Released, ...]
    budgets: tuple[Money, ...]
    roles: tuple[Holding, ...]
    changes: tuple[Change, ...]

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the rows as canonical JSON."""
        told = {name: [_row(row) for row in getattr(self, name)] for name in LISTS}
        return hashlib.sha256(canonical({"on": str(self.on), **told})).hexdigest()

    @property
    def left(self) -> list[Unplaced]:
        """The unplaced of whom nothing was said: while there is one, nothing closes."""
        return [row for row in self.unplaced if not row.explanation]

    @property
    def unassigned(self) -> list[Money]:
        return [row for row in self.budgets if not row.to]

    @property
    def without_successor(self) -> list[Closing]:
        """Trusts of whose practices none is placed: nobody is known to follow them."""
        followed = {row.predecessor for row in self.successions}
        return [row for row in self.closes if row.kind in PCT_KINDS and row.code not in followed]

    def refuse_unplaced(self) -> None:
        """Raise Refused (409), naming everybody, where a practice has no group and nobody said why (rule 14)."""
        if not self.left:
            return
        names = ", ".join(f"{row.code} {row.name}".strip() for row in self.left[:NAMED])
        more = f" and {len(self.left) - NAMED:,} more" if len(self.left) > NAMED else ""
        practices = "practice has" if len(self.left) == 1 else "practices have"
        raise Refused(
            "unplaced",
            f"{len(self.left):,} {practices} no clinical commissioning group from {self.on:%-d %B %Y}: {names}{more}. "
            "Nothing closes until each is placed, closed or explained.",
            field="explained",
            status=409,
            detail=[{"code": r.code, "name": r.name, "trust": r.trust, "why": r.reason} for r in self.left],
        )

    def refuse_other_than(self, seen: str) -> None:
        """Raise Refused (412) where this is not what the person saw."""
        if seen != self.hash:
            raise stale(
                "The register has changed since you rehearsed: what would close, who follows or who is left is no longer "
                "the same. Rehearse again and look at it."
            )


def sketched(on: date, explained: Mapping[str, Explanation], *, as_if: bool = False) -> Plan:
    """What would happen, from what stands now: nothing is locked or written."""
    return drawn(journal.sketch(), on, explained, as_if=as_if)


def drawn(
    entry: Writer, on: date, explained: Mapping[str, Explanation], *, record: Record | None = None, as_if: bool = False
) -> Plan:
    """Draw the close over the entry. Raises Refused (422): an explanation of a practice that is placed, or unknown."""
    draft = Draft(entry, on, explained, record=record, as_if=as_if)
    draft.draw()
    _refuse_needless(draft, explained)
    told = draft.world
    trusts = {pk: draft.code(pk) for pk, body in told.closing.items() if body.kind in PCT_KINDS}
    followers: dict[str, list[str]] = {}
    for row in draft.successions:
        followers.setdefault(row.predecessor, []).append(row.successor)
    return Plan(
        on=on,
        closes=tuple(draft.closes),
        successions=tuple(draft.successions),
        placed=tuple(draft.placed),
        unplaced=tuple(draft.unplaced),
        released=tuple(draft.released),
        budgets=tuple(budgets(on, trusts, draft.group_code, followers)),
        roles=tuple(_roles(draft)),
        changes=tuple(changes_of(entry, draft.labels)),
    )


def _roles(draft: Draft) -> Iterator[Holding]:
    """Held on the day or after it for a body that closes; of one that closed before, for who was given one since."""
    codes = [row.code for row in draft.closes]
    for grant in held(codes, last_day_out(draft.on)).select_related("user"):
        yield Holding(grant.object_ref, grant.role, grant.user.ref)


def _refuse_needless(draft: Draft, explained: Mapping[str, Explanation]) -> None:
    needless = sorted(set(explained) - {row.code for row in draft.unplaced})
    if not needless:
        return
    groups, known = {row.code: row.successor for row in draft.placed}, set(draft.world.practices.values())

    def words(code: str) -> str:
        if code not in known:
            return f"the register knows no practice {code[:20]}"
        return f"{code} goes to {groups[code]}" if code in groups else f"{code} does not count on the day"

    told = "; ".join(words(code) for code in needless[:WRONG])
    more = f"; and {len(needless) - WRONG:,} more" if len(needless) > WRONG else ""
    raise Refused(
        "not_unplaced",
        f"Of these nothing is to be explained: {told}{more}. Correct each line or take it out.",
        field="explained",
        detail=[{"code": code} for code in needless],
    )


def _row(row: Any) -> list[str]:
    return [str(getattr(row, f.name)) for f in fields(row)]
