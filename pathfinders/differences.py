"""What a resubmitted bid says otherwise than the bid before it, answer by answer, finding beside finding."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from pathfinders.models import Bid
from registry.pages.forms import long_date

WORDS = re.compile(r"\s+|[^\s]+")
FIELDS = {
    "name": "Name",
    "form": "Form",
    "partners": "Partners and support",
    "as_at": "As at",
    "agrees_to_be_named": "May be named if not approved",
}


class Piece(NamedTuple):
    """A run of words: `how` is same, added or removed."""

    how: str
    text: str


class Changed(NamedTuple):
    label: str
    before: str
    after: str


@dataclass
class Answered:
    """One criterion of either bid: both answers, what differs between them, and the findings on both (None: none told)."""

    title: str
    before: str
    after: str
    pieces: list[Piece]
    found_before: Any = None
    found_after: Any = None

    @property
    def same(self) -> bool:
        return self.before == self.after


@dataclass
class Difference:
    fields: list[Changed] = field(default_factory=list)
    consortia_added: list[str] = field(default_factory=list)
    consortia_removed: list[str] = field(default_factory=list)
    practices_added: list[str] = field(default_factory=list)
    practices_removed: list[str] = field(default_factory=list)
    practices_kept: int = 0
    answers: list[Answered] = field(default_factory=list)

    @property
    def any(self) -> bool:
        parts = (
            self.fields,
            self.consortia_added,
            self.consortia_removed,
            self.practices_added,
            self.practices_removed,
        )
        return any(parts) or any(not a.same for a in self.answers)


def difference(old: Bid, new: Bid, user: Any, found_old: dict[str, Any], found_new: dict[str, Any]) -> Difference:
    """How `new` differs from `old`, as this user may read both. `found_*`: findings by the criterion's key, as the
    caller may tell them."""
    practices = [_codes(bid, user) for bid in (old, new)]
    groups = [
        list(bid.consortia.visible_to(user).order_by("position").values_list("name", flat=True)) for bid in (old, new)
    ]
    return Difference(
        fields=_fields(old, new),
        consortia_added=[name for name in groups[1] if name not in groups[0]],
        consortia_removed=[name for name in groups[0] if name not in groups[1]],
        practices_added=sorted(practices[1] - practices[0]),
        practices_removed=sorted(practices[0] - practices[1]),
        practices_kept=len(practices[0] & practices[1]),
        answers=_answers(old, new, user, found_old, found_new),
    )


def pieces(before: str, after: str) -> list[Piece]:
    """The second text with what was taken out of the first, word by word."""
    a, b = WORDS.findall(before), WORDS.findall(after)
    found: list[Piece] = []
    for how, a1, a2, b1, b2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if how == "equal":
            found.append(Piece("same", "".join(b[b1:b2])))
            continue
        if a2 > a1:
            found.append(Piece("removed", "".join(a[a1:a2])))
        if b2 > b1:
            found.append(Piece("added", "".join(b[b1:b2])))
    return found


def _fields(old: Bid, new: Bid) -> list[Changed]:
    told = [(label, _said(getattr(old, name)), _said(getattr(new, name))) for name, label in FIELDS.items()]
    return [Changed(label, before, after) for label, before, after in told if before != after]


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return value if isinstance(value, str) else long_date(value)


def _codes(bid: Bid, user: Any) -> set[str]:
    return set(bid.practices.visible_to(user).values_list("practice__code", flat=True))


def _answers(old: Bid, new: Bid, user: Any, found_old: dict[str, Any], found_new: dict[str, Any]) -> list[Answered]:
    titles: dict[str, str] = {}
    texts: list[dict[str, str]] = []
    for bid in (old, new):
        texts.append({})
        titles |= {c.name_in_bid: c.title for c in bid.asked()}
        for answer in bid.answers.visible_to(user).select_related("criterion__set"):
            name = answer.criterion.name_in_bid
            texts[-1][name] = answer.text
            titles.setdefault(name, answer.criterion.title)
    return [
        Answered(
            title,
            before := texts[0].get(key, ""),
            after := texts[1].get(key, ""),
            pieces(before, after),
            found_old.get(key),
            found_new.get(key),
        )
        for key, title in titles.items()
    ]
