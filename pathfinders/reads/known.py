"""What the values of filters are known from: codes that the register has said by an instant, and words of its
vocabularies (docs/decisions/an-unknown-value-is-refused.md).

A code is known from the facts about what bears it, of any day, as recorded by `known_at`, taken back since or not. So a
trust on a day after its end is a question with an empty answer, and what no entry has said yet, a pathfinder of a wave
that is not released too, is answered as what never was.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from consortia.models import ConsortiumParticulars, MembershipWord
from pathfinders.models import (
    AnnouncedClaim,
    PathfinderParticulars,
    Reason,
    ReleasedDecision,
    ReleasedFinding,
    ServiceClaim,
    WaveRelease,
)
from pathfinders.models.finding import FindingValue
from practices.models import PCT_KINDS, BodyKind, BodyParticulars, PracticeParticulars
from registry.filters import fault, no_word
from registry.models.fact import Fact
from registry.moment import FIRST_DAY, LAST_DAY, Moment
from transitions.models import (
    ClusterParticulars,
    EvidenceParticulars,
    LocalBodyParticulars,
    Milestone,
    SurveyParticulars,
    TransitionWord,
    TransitionWordKind,
)

NEAR = 3
SHORTEST_NAME = 3
"""Letters of a name by which bodies are looked up, where it was given in a code's place."""


@dataclass(frozen=True)
class Codes:
    """Codes of one kind. `looks`: what one looks like, in words; `shape`, as a pattern: only which sentence is said goes
    by it, for what the register knows is known whatever it looks like. `name`: the field by which they are found when a
    name is given; `also`: words that may stand in a code's place."""

    what: str
    looks: str
    shape: str
    facts: type[Fact]
    path: str
    name: str = ""
    only: Mapping[str, Any] = field(default_factory=dict)
    also: tuple[str, ...] = ()

    def refusal(self, filters: Any, value: Any) -> ValidationError | None:
        code = str(value).strip().upper()
        if code in self.also:
            return None
        told = self.told(filters.asked_at)
        if told.filter(**{self.path: code}).exists():
            return None
        near = self._near(told, code)
        if not re.fullmatch(self.shape, code):
            return fault(value, "bad_code", f"is no {self.what}: that is {self.looks}", near)
        return fault(value, "unknown_code", f"is no {self.what} that the register knows", near)

    def told(self, moment: Moment) -> QuerySet:
        """Facts about what bears such a code, of any day, recorded by then."""
        return recorded(self.facts, moment).filter(**self.only)

    def _near(self, told: QuerySet, code: str) -> list[str]:
        """Those of that name, or whose code differs at the end only."""
        like = Q(**{f"{self.path}__startswith": code[:-1]}) if len(code) > 1 else Q(pk=None)
        if self.name and len(code) >= SHORTEST_NAME:
            like |= Q(**{f"{self.name}__icontains": code})
        columns = (self.path, self.name) if self.name else (self.path,)
        found = told.filter(like).order_by(self.path).values_list(*columns).distinct(self.path)[:NEAR]
        return [f"{first} ({rest[0]})" if rest else str(first) for first, *rest in found]


@dataclass(frozen=True)
class Words:
    """Words of a vocabulary, ended ones too, since facts keep theirs. `of`: label by key, as known at a moment."""

    of: Callable[[Moment], Mapping[str, str]]

    def refusal(self, filters: Any, value: Any) -> ValidationError | None:
        known = self.of(filters.asked_at)
        return None if str(value).strip().lower() in known else no_word(value, known)


@dataclass(frozen=True)
class Said:
    """What a column of facts holds, where it is neither a code nor a word: what a claim is of, a set of criteria."""

    what: str
    facts: type[Fact]
    column: str

    def refusal(self, filters: Any, value: Any) -> ValidationError | None:
        text = str(value).strip()
        told = recorded(self.facts, filters.asked_at)
        if told.filter(**{f"{self.column}__iexact": text}).exists():
            return None
        near = told.filter(**{f"{self.column}__istartswith": text[:SHORTEST_NAME]}).order_by(self.column)
        found = list(near.values_list(self.column, flat=True).distinct()[:NEAR])
        return fault(value, "unknown_code", f"is no {self.what} here", found)


@dataclass(frozen=True)
class Either:
    """A code of one of several kinds; of a wrong one the kind is told that it looks like."""

    what: str
    kinds: tuple[Codes, ...]

    def refusal(self, filters: Any, value: Any) -> ValidationError | None:
        faults = [kind.refusal(filters, value) for kind in self.kinds]
        if None in faults:
            return None
        looking = [found for found in faults if found is not None and found.code == "unknown_code"]
        looks = "; or ".join(kind.looks for kind in self.kinds)
        return looking[0] if looking else fault(value, "bad_code", f"is no {self.what}: that is {looks}")


class Waves:
    """Numbers of waves that were released by then, whatever the day that is asked of."""

    def refusal(self, filters: Any, value: Any) -> ValidationError | None:
        known = recorded(WaveRelease, filters.asked_at).order_by("wave").values_list("wave", flat=True).distinct()
        if value in known:
            return None
        there = f"there are {', '.join(map(str, known))}" if known else "there is none yet"
        return fault(value, "unknown_code", f"is no released wave: {there}")


class Years:
    """Years of days that may be asked for; of others no database has a first day."""

    def refusal(self, filters: Any, value: Any) -> ValidationError | None:
        if FIRST_DAY.year <= value <= LAST_DAY.year:
            return None
        return fault(value, "bad_code", f"is no year: that is a number from {FIRST_DAY.year} to {LAST_DAY.year}")


class OwnRows:
    """References of the list itself, as its reader may see them."""

    def refusal(self, filters: Any, value: Any) -> ValidationError | None:
        ref = str(value).strip().upper()
        if filters.queryset.filter(ref=ref).exists():
            return None
        return fault(value, "unknown_code", "is not in this list")


class FindingWords:
    """A criterion, or `criterion:finding`."""

    def refusal(self, filters: Any, value: Any) -> ValidationError | None:
        criterion, colon, finding = str(value).partition(":")
        known = ReleasedFinding.objects.visible_to(None).known(filters.asked_at)
        keys = list(known.order_by("criterion").values_list("criterion", flat=True).distinct())
        if criterion not in keys:
            return no_word(criterion, {key: key for key in keys})
        return no_word(finding, dict(FindingValue.choices)) if colon and finding not in FindingValue.values else None


def recorded(facts: type[Fact], moment: Moment) -> QuerySet:
    """Facts of any day that were recorded by then, those taken back since too: what once was known stays an answer."""
    told = facts.objects.visible_to(None)  # type: ignore[attr-defined]
    return told if moment.latest else told.filter(recorded__startswith__lte=moment.known_at)


def transition_words(kind: str, **more: str) -> Words:
    return Words(lambda moment: {**TransitionWord.objects.visible_to(None).labels(kind), **more})


def _milestones(moment: Moment) -> dict[str, str]:
    return dict(recorded(Milestone, moment).order_by("key", "effective").values_list("key", "name"))


def _body(what: str, looks: str, shape: str, **more: Any) -> Codes:
    return Codes(what, looks, shape, BodyParticulars, "body__code", "name", **more)


BODY_SHAPE = "[0-9A-Z]{3,10}"
PCT = _body("primary care trust", "three letters or digits, as 5LD", "[0-9A-Z]{3}", only={"kind__in": [*PCT_KINDS]})
SHA = _body("strategic health authority", "Q and two digits, as Q36", "Q[0-9]{2}", only={"kind": BodyKind.SHA})
SHA_OR_NONE = _body(
    "strategic health authority", "Q and two digits, as Q36, or none", "Q[0-9]{2}", only={"kind": BodyKind.SHA},
    also=("NONE",),
)  # fmt: skip
CCG = _body(
    "clinical commissioning group", "three letters or digits, as 08K", "[0-9A-Z]{3}", only={"kind": BodyKind.CCG}
)
BODY = _body("body above practices", "its NHS code, as 5LD or Q36", BODY_SHAPE)
PRACTICE = Codes(
    "practice", "a letter and five digits, as Z00001", "[A-Z][0-9]{5}", PracticeParticulars, "practice__code", "name"
)
CONSORTIUM = Codes(
    "consortium", "GC and four digits or more, as GC0001", "GC[0-9]{4,8}", ConsortiumParticulars, "consortium__ref",
    "name",
)  # fmt: skip
PATHFINDER = Codes(
    "pathfinder", "PF and four digits or more, as PF0001", "PF[0-9]{4,8}", PathfinderParticulars, "pathfinder__ref",
    "name",
)  # fmt: skip
CLUSTER = Codes(
    "cluster", "CL and four digits or more, as CL0001", "CL[0-9]{4,8}", ClusterParticulars, "cluster__ref", "name"
)
LOCAL_BODY = Codes(
    "local body", "LB and four digits or more, as LB0001", "LB[0-9]{4,8}", LocalBodyParticulars, "local_body__ref",
    "name",
)  # fmt: skip
EVIDENCE = Codes(
    "evidence", "EV and four digits or more, as EV0001", "EV[0-9]{4,8}", EvidenceParticulars, "evidence__ref", "title"
)
SURVEY = Codes(
    "survey", "SV and four digits or more, as SV0001", "SV[0-9]{4,8}", SurveyParticulars, "survey__ref", "title"
)
CLAIM = Codes("claim", "AC and four digits or more, as AC0001", "AC[0-9]{4,8}", AnnouncedClaim, "ref")
SERVICE = Codes("claim", "its reference, as the list has it", "[A-Z]{2}[0-9]{4,8}", ServiceClaim, "ref")
DECIDED_BID = Codes("decided bid", "as BID-2010-0001", "BID-[0-9]{4}-[0-9]{4,8}", ReleasedDecision, "bid")
CLAIMED = Said("place or group of a claim", AnnouncedClaim, "scope")
SERVED = Said("place or group of a claim", ServiceClaim, "scope")
CRITERIA = Said("set of criteria of a decision", ReleasedDecision, "criteria")
STAGE = transition_words(TransitionWordKind.STAGE)
STAGE_OR_UNKNOWN = transition_words(TransitionWordKind.STAGE, unknown="Not known")
ARRANGEMENT = transition_words(TransitionWordKind.ARRANGEMENT)
LINE = transition_words(TransitionWordKind.LINE)
MILESTONE = Words(_milestones)
REASON = Words(lambda moment: dict(Reason.objects.visible_to(None).values_list("key", "label")))
MEMBERSHIP_REASON = Words(lambda moment: MembershipWord.objects.visible_to(None).labels())
HOLDER = Either("consortium or local body", (CONSORTIUM, LOCAL_BODY))
ANY = Either("code or reference", (BODY, PRACTICE, CONSORTIUM, PATHFINDER))
FINDING = FindingWords()
WAVE = Waves()
YEAR = Years()
OWN = OwnRows()
