"""What the register tells of a place: the practices of a postcode district, or of a town, and the trusts above them.

A district is not a trust's area: it may lie in several, and a practice's patients live elsewhere too. So a place has
the trusts of the practices that have their address there, and is called approximate wherever it is shown (K4).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q

from consortia.models import ConsortiumParticulars, Membership
from pathfinders.models import PathfinderParticulars, ProgrammePlace
from pathfinders.reads import practices as practice_reads
from pathfinders.reads.addresses import MOST_PRACTICES, addressed, district_of
from pathfinders.reads.finding import tidy
from pathfinders.reads.joins import final_day, first_day
from practices.models import (
    PCT_KINDS,
    BodyParticulars,
    BodySuccession,
    PracticeParent,
)
from registry.models.fact import Fact
from registry.moment import Moment
from transitions.models import (
    BudgetLine,
    ClusterParticulars,
    ClusterPlace,
    LocalBodyParticulars,
    Milestone,
    PlannedStage,
    SurveyAnswer,
    SurveyParticulars,
    TransitionStage,
    TransitionWord,
    TransitionWordKind,
)


@dataclass(frozen=True)
class Spell:
    """A fact of the story: half told, `subject` is whose it is, `values` what it says."""

    subject: str
    start: date | None
    last: date | None
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Area:
    """A place at a moment. `practices`: those that count on the day, as rows of the practices' list; `trusts`: code,
    name and how many of them each has; `everybody`: keys of all that ever had their address there."""

    text: str
    district: str
    practices: list[dict[str, Any]]
    trusts: list[dict[str, Any]]
    everybody: frozenset[int]

    @property
    def too_many(self) -> bool:
        return len(self.everybody) > MOST_PRACTICES


def area(user: Any, moment: Moment, text: str) -> Area:
    """The place that the words mean: a postcode or its district, else a town in the practices' addresses or a trust."""
    text, district = tidy(text), district_of(text)
    found = frozenset(addressed(user, moment, text)[: MOST_PRACTICES + 1])
    if not found or len(found) > MOST_PRACTICES:
        return Area(text, district, [], [], found)
    rows = practice_reads.joined(user, moment).filter(pk__in=found)
    there = list(practice_reads.eligible(rows).values("code", **practice_reads.columns(user, moment)).order_by("code"))
    counts = Counter((row["pct_code"], row["pct_name"]) for row in there if row["pct_code"])
    trusts = [{"code": c, "name": n, "practices": k} for (c, n), k in counts.most_common()]
    return Area(text, district, there, trusts, found)


class Story:
    """What the register says, of any day and as known at the moment, of a place's practices and trusts.

    Each property is one statement, and gives spells by their first day.
    """

    def __init__(self, user: Any, moment: Moment, place: Area) -> None:
        self.user, self.moment, self.everybody = user, moment, place.everybody
        self.parents = self._told(PracticeParent, "practice__code", ("parent__code",), practice__in=place.everybody)
        self.bodies = {s.values[0] for s in self.parents}
        after = BodySuccession.objects.visible_to(user).known(moment).filter(predecessor__code__in=self.bodies)
        kinds = BodyParticulars.objects.visible_to(user).known(moment)
        kinds = kinds.filter(Q(body__code__in=self.bodies) | Q(body__in=after.values("successor")))
        lives = kinds.annotate(_last=final_day()).order_by("effective")
        told = lives.values_list("body__code", "kind", "name", "_last")
        self.names = {code: name for code, _, name, _ in told}
        self.kinds = {code: kind for code, kind, _, _ in told}
        self.trusts = sorted({code for code, kind, *_ in told if kind in PCT_KINDS and code in self.bodies})
        last_days = {code: last for code, kind, _, last in told if kind in PCT_KINDS}
        self.last_days = {code: last_days[code] for code in self.trusts}
        """Of each trust: its last day; None where it has none."""

    def _told(self, model: type[Fact], subject: str, values: tuple[str, ...], **of: Any) -> list[Spell]:
        facts = model._default_manager.visible_to(self.user).known(self.moment).filter(**of)  # type: ignore[attr-defined]
        rows = facts.annotate(_from=first_day(), _last=final_day()).order_by(F("_from").asc(nulls_first=True), "pk")
        return [Spell(s, a, z, tuple(v)) for s, a, z, *v in rows.values_list(subject, "_from", "_last", *values)]

    def _of_trusts(self, model: type[Fact], values: tuple[str, ...], at: str = "body") -> list[Spell]:
        return self._told(model, f"{at}__code", values, **{f"{at}__code__in": self.trusts})

    def stages(self) -> list[Spell]:
        """(stage, note, evidence)."""
        return self._of_trusts(TransitionStage, ("stage", "note", "evidence__ref"))

    def plans(self) -> list[Spell]:
        """(stage, day, words, why, evidence), from the day on which each version was made known."""
        return self._of_trusts(PlannedStage, ("stage", "day", "words", "why", "evidence__ref"))

    def local_bodies(self) -> list[Spell]:
        """(reference, name, kind, status, evidence)."""
        values = ("local_body__ref", "name", "kind", "status", "evidence__ref")
        return self._of_trusts(LocalBodyParticulars, values, "pct")

    def budgets(self) -> list[Spell]:
        """(year, line, total, delegated, rounding, evidence)."""
        return self._of_trusts(BudgetLine, ("year", "line", "total", "delegated", "rounding", "evidence__ref"), "pct")

    def answers(self) -> list[Spell]:
        """(survey, answer, what was asked, as it was last worded)."""
        told = self._of_trusts(SurveyAnswer, ("survey__ref", "answer"))
        own = SurveyParticulars.objects.visible_to(self.user).known(self.moment)
        rows = own.filter(survey__ref__in={s.values[0] for s in told}).order_by("effective")
        asked = dict(rows.values_list("survey__ref", "question")) if told else {}
        return [Spell(s.subject, s.start, s.last, (*s.values, asked.get(s.values[0], ""))) for s in told]

    def successions(self) -> list[Spell]:
        """(successor, kind, share of the people)."""
        return self._of_trusts(BodySuccession, ("successor__code", "kind", "people_share"), "predecessor")

    def clusters(self) -> list[Spell]:
        """(reference, name of the day on which it began)."""
        told = self._of_trusts(ClusterPlace, ("cluster__ref",))
        own = ClusterParticulars.objects.visible_to(self.user).known(self.moment)
        rows = own.filter(cluster__ref__in={s.values[0] for s in told}).order_by("effective")
        names = dict(rows.values_list("cluster__ref", "name")) if told else {}
        return [Spell(s.subject, s.start, s.last, (*s.values, names.get(s.values[0], ""))) for s in told]

    def milestones(self) -> list[tuple[date, str, str, bool]]:
        """(day, name, the source's words, settled) of the newest version of each date of the programme, by its day."""
        versions = Milestone.objects.visible_to(self.user).known(self.moment).order_by("effective")
        newest = {key: told for key, *told in versions.values_list("key", "day", "name", "words", "settled")}
        return sorted((day, name, words, settled) for day, name, words, settled in newest.values())

    def memberships(self) -> list[Spell]:
        """Of the practices: (consortium, status)."""
        return self._told(Membership, "practice__code", ("consortium__ref", "status"), practice__in=self.everybody)

    def pathfinders(self, consortia: set[str]) -> list[tuple[str, str, int, date, str]]:
        """(reference, name, wave, announced on, consortium) of those that a consortium of the place stood in."""
        places = ProgrammePlace.objects.visible_to(self.user).known(self.moment).filter(consortium__ref__in=consortia)
        pairs = dict(places.values_list("pathfinder__ref", "consortium__ref"))
        own = PathfinderParticulars.objects.visible_to(self.user).known(self.moment).filter(pathfinder__ref__in=pairs)
        told = own.order_by("effective").values_list("pathfinder__ref", "name", "wave", "announced_on")
        return [(ref, name, wave, day, pairs[ref]) for ref, name, wave, day in {r[0]: r for r in told}.values()]

    def consortium_names(self, refs: set[str]) -> dict[str, str]:
        """The newest name of each."""
        own = ConsortiumParticulars.objects.visible_to(self.user).known(self.moment).filter(consortium__ref__in=refs)
        return dict(own.order_by("effective").values_list("consortium__ref", "name"))

    def words(self) -> dict[tuple[str, str], str]:
        """The label of each word by kind and key."""
        rows = TransitionWord.objects.visible_to(self.user).values_list("kind", "key", "label")
        return {(kind, key): label for kind, key, label in rows}


STAGE, LINE, ARRANGEMENT = TransitionWordKind.STAGE, TransitionWordKind.LINE, TransitionWordKind.ARRANGEMENT
