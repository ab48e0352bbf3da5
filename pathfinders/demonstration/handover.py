"""How the trusts hand over in the story: what was printed (`data/handover.toml`), and for the others made up.

Everything is told by the register's ordinary actions, on the day on which the register hears of it. What is made up says
so in the title of its evidence.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import cached_property, partial
from itertools import pairwise
from random import Random
from typing import Any

from consortia.models import Consortium
from pathfinders.demonstration import calendar
from pathfinders.demonstration.areas import DATA, Area
from pathfinders.reads.coverage import coverage
from practices.models import ParentBody
from registry import clock
from registry.clock import on_day
from registry.models import User
from registry.moment import Moment
from transitions import actions
from transitions.actions import Source
from transitions.models import LocalBody

Telling = tuple[date, Callable[[], Any]]
MADE_UP = "made up for the demonstration"
YEAR = "2011/12"
YEAR_BEGINS = date(2011, 4, 1)
SLOW = ("no_contact", "waiting", "no_plans")
PACE = ("in_talks", "plan_agreed", "shadow_form", "partial_delegation")
HEARD = (date(2010, 11, 15), date(2011, 2, 14), date(2011, 4, 4), date(2011, 7, 20))
"""The days on which the trusts report; a trust that is slow has got less far by the last of them."""
PLANS = (date(2011, 4, 1), date(2011, 7, 1), date(2011, 10, 1), date(2012, 4, 1))
SLIPPED = (
    "The Bill was paused, and the trust waits for its amendments.",
    "Its practices asked for more time to agree on one consortium.",
    "The cluster of trusts reviews all plans first.",
)
OWN = "5LE"
"""The trust that the demonstration's own PCT lead leads: its report goes half of the way."""
SURVEY_ASKED, SURVEY_ENDS = date(2011, 8, 22), date(2011, 9, 30)


class Handover:
    """The tellings in the order of their days; `tell(upto)` tells those that were not told yet."""

    def __init__(self, admin: User, areas: list[Area], people: dict[str, int]) -> None:
        """`people`: by trust, the patients of its practices."""
        self.admin, self.areas, self.people = admin, areas, people
        self.bodies: dict[str, LocalBody] = {}
        self.waiting = sorted(self._tellings(), key=lambda telling: telling[0])

    def tell(self, upto: date) -> None:
        while self.waiting and self.waiting[0][0] <= upto:
            day, telling = self.waiting.pop(0)
            with clock.story_time(on_day(day, hour=11)):
                telling()

    @cached_property
    def printed(self) -> dict[str, list[dict[str, Any]]]:
        return tomllib.loads((DATA / "handover.toml").read_text(encoding="utf-8"))

    @cached_property
    def sources(self) -> dict[str, tuple[date, Source]]:
        """By key: when the register hears of it, and what it is."""
        words = ("kind", "title", "publisher", "words", "url")
        return {s["key"]: (s["known"], Source(**{w: s[w] for w in words if w in s})) for s in self.printed["source"]}

    @cached_property
    def trusts(self) -> dict[str, ParentBody]:
        return {body.code: body for body in ParentBody.objects.filter(code__in=[a.pct for a in self.areas] + ["5QW"])}

    def _tellings(self) -> Iterator[Telling]:
        yield from self._printed()
        named = {row["pct"] for kind in ("stage", "plan") for row in self.printed[kind]}
        for area in self.areas:
            if area.pct not in named and area.pct != "TAM":  # which gets a new code on the way
                yield from self._made_up(area)
        yield date(2011, 4, 28), lambda: actions.load_clusters(by=self.admin, upto=date(2011, 4, 28))
        yield date(2011, 8, 15), lambda: actions.load_clusters(by=self.admin, upto=date(2011, 10, 3))
        for day, told in actions.tellings(calendar.ANNOUNCED[6]):
            yield max(day, calendar.BEGINS), lambda t=told: t(self.admin)  # type: ignore[misc]
        yield date(2011, 8, 1), self._allowances
        yield SURVEY_ASKED, self._return_of_september

    # What was printed

    def _printed(self) -> Iterator[Telling]:
        tell = {"stage": self._stage, "plan": self._plan, "budget": self._budget, "local_body": self._local_body}
        for kind in ("stage", "plan", "budget", "local_body"):
            for row in self.printed[kind]:
                known, source = self.sources[row["source"]]
                yield known, lambda t=tell[kind], r=row, s=source: t(r, s)  # type: ignore[misc]
        for row in self.printed["survey"]:
            known, source = self.sources[row["source"]]
            yield max(known, row["on"]), lambda r=row, s=source: self._survey(r, s)  # type: ignore[misc]

    def _stage(self, row: dict[str, Any], source: Source) -> None:
        pct = self.trusts[row["pct"]]
        actions.set_stage(by=self.admin, pct=pct, stage=row["stage"], on=row["on"], source=source, note=row["note"])

    def _plan(self, row: dict[str, Any], source: Source) -> None:
        told = {"stage": row["stage"], "day": row["day"], "words": row["words"]}
        actions.plan_stage(
            by=self.admin, pct=self.trusts[row["pct"]], known_from=date(2010, 8, 1), source=source, **told
        )

    def _budget(self, row: dict[str, Any], source: Source) -> None:
        told = {name: row[name] for name in ("total", "delegated", "retained", "rounding", "note") if name in row}
        on = date(int(row["year"][:4]), 4, 1)
        pct = self.trusts[row["pct"]]
        actions.set_budget_line(by=self.admin, pct=pct, year=row["year"], line="all", on=on, source=source, **told)

    def _local_body(self, row: dict[str, Any], source: Source) -> None:
        for place in row.get("names", [""]):
            body = actions.set_local_body(
                by=self.admin,
                on=row["on"],
                kind=row["kind"],
                name=row["name"].format(place),
                source=source,
                pct=self.trusts[row["pct"]],
                status=row["status"],
                reserved=row.get("reserved", ""),
                people_words=row.get("people", ""),
                clinical_leads=row.get("clinical_leads"),
                replaces=self.bodies[row["replaces"]] if "replaces" in row else None,
            )
            if "key" in row:
                self.bodies[row["key"]] = body
            if "ends" in row:
                why = "Replaced by the clinical senate."
                actions.end_local_body(by=self.admin, body=body, last_day=row["ends"], why=why)
            if "holds" in row:
                holds = row["holds"] | {"holder": body.ref, "on": row["on"], "amount": None}
                actions.delegate(by=self.admin, pct=self.trusts[row["pct"]], source=source, **holds)

    def _survey(self, row: dict[str, Any], source: Source) -> None:
        counts = {answer: (count, "") for answer, count in row.get("counts", {}).items()}
        counts |= {answer: (None, share) for answer, share in row.get("shares", {}).items()}
        survey = actions.record_survey(
            by=self.admin,
            title=row["title"],
            question=row["question"],
            asked_of=row["asked_of"],
            replied=row.get("replied"),
            words=row["words"],
            known_from=row["on"],
            source=source,
            counts=counts,
        )
        for answer, codes in row.get("answers", {}).items():
            for code in codes:
                words = row.get("said", {}).get(code, "")
                actions.answer_survey(
                    by=self.admin, survey=survey, pct=self.trusts[code], answer=answer, words=words, on=row["on"]
                )

    # What is made up

    def _made_up(self, area: Area) -> Iterator[Telling]:
        draw = Random(f"hand-over of {area.pct}")
        if draw.random() < 0.16 and area.pct != OWN:
            return  # a trust of which nobody says anything
        pct = self.trusts[area.pct]
        far = 2 if area.pct == OWN else draw.choices((0, 1, 2, 3, 4), (10, 20, 25, 30, 15))[0]
        stages = [draw.choice(SLOW)] if far == 0 else list(PACE[:far])
        days = sorted(draw.sample(HEARD, k=min(2, len(stages)))) if far < 4 else HEARD[1:3]
        title = f"Reports of NHS {area.short_name} on commissioning ({MADE_UP})"
        source = Source("document", title, area.name, days[0])
        for day, stage in zip(days, stages[-len(days) :], strict=True):
            why = "" if day == days[0] else "The trust has reported again."
            yield day, partial(actions.set_stage, by=self.admin, pct=pct, stage=stage, on=day, source=source, why=why)
        if far in (1, 2):
            yield from self._plans(pct, draw, days[-1], source)
        if draw.random() < 0.06:
            press = Source(
                "press", f"How {area.short_name} gets on ({MADE_UP})", "A local newspaper", words="spring 2011"
            )
            other = draw.choice([s for s in PACE if s not in stages] or ["in_talks"])
            day = HEARD[2]
            told: dict[str, Any] = {"stage": other, "on": day, "why": "The paper asked its GPs."}
            yield day, partial(actions.set_stage, by=self.admin, pct=pct, source=press, **told)
        if far >= 2 and draw.random() < 0.55:
            yield max(YEAR_BEGINS, days[0]), lambda: self._books(area, far, draw, source)

    def _plans(self, pct: ParentBody, draw: Random, known: date, source: Source) -> Iterator[Telling]:
        first, later = draw.choice(list(pairwise(PLANS)))
        plan: dict[str, Any] = {"by": self.admin, "pct": pct, "stage": "shadow_form", "source": source}
        yield known, lambda: actions.plan_stage(day=first, known_from=known, **plan)
        heard, why = date(2011, 6, 20), draw.choice(SLIPPED)
        if known < heard and draw.random() < 0.6:
            yield heard, lambda: actions.plan_stage(day=later, known_from=heard, why=why, **plan)

    def _books(self, area: Area, far: int, draw: Random, source: Source) -> None:
        """The budget of the year: the whole, its parts, and, where some is delegated, to whom."""
        pct, unit = self.trusts[area.pct], 100_000
        total = round(self.people[area.pct] * draw.uniform(1_450, 1_750) / unit) * unit
        excluded = round(total * draw.uniform(0.15, 0.22) / unit) * unit
        delegated = (
            round((total - excluded) * draw.uniform(*((0, 0), (0, 0.3), (0.1, 0.5), (0.3, 0.97))[far - 1]) / unit)
            * unit
        )
        line: dict[str, Any] = {
            "by": self.admin,
            "pct": pct,
            "year": YEAR,
            "on": YEAR_BEGINS,
            "source": source,
            "rounding": unit,
        }
        actions.set_budget_line(
            line="all",
            total=total,
            delegated=delegated,
            excluded=excluded,
            retained=total - excluded - delegated,
            **line,
        )
        weighted = round(self.people[area.pct] * draw.uniform(0.88, 1.14))
        actions.set_weighted(
            by=self.admin, pct=pct, year=YEAR, people=weighted, source=f"Weighted lists ({MADE_UP})", on=YEAR_BEGINS
        )
        holders = self._holders(area.pct) if delegated else []
        for n, ref in enumerate(holders):
            share = delegated // unit // len(holders) + (n < delegated // unit % len(holders))
            level = "delegated" if far == 4 else "shadow"
            actions.delegate(
                by=self.admin, pct=pct, year=YEAR, line="all", holder=ref, on=YEAR_BEGINS, amount=share * unit,
                level=level, source=source,
            )  # fmt: skip

    @staticmethod
    def _holders(pct: str) -> list[str]:
        """The consortia, of two members at least, that have practices of the trust alone."""
        members = Consortium.objects.filter(
            memberships__effective__contains=YEAR_BEGINS,
            memberships__recorded__upper_inf=True,
            memberships__practice__parents__effective__contains=YEAR_BEGINS,
            memberships__practice__parents__recorded__upper_inf=True,
            memberships__practice__parents__parent__code=pct,
        )
        return list(members.order_by("ref").values_list("ref", flat=True).distinct()[:4])

    def _allowances(self) -> None:
        """£2 a head for the consortia of the first wave (Operating Framework 2011-12); not all have been paid."""
        moment, draw = Moment.of(YEAR_BEGINS), Random("allowances")
        rows = coverage(None, moment, by="consortium")
        first = (
            Consortium.objects.filter(programme_places__pathfinder__particulars__wave=1)
            .distinct()
            .in_bulk(field_name="ref")
        )
        for row in [r for r in rows if r["key"] in first and r["people"]][:30]:
            actions.set_allowance(
                by=self.admin,
                consortium=first[row["key"]],
                year=YEAR,
                kind="development",
                pounds_per_head=Decimal(2),
                people=row["people"],
                on=YEAR_BEGINS,
                paid_on=draw.choice((None, date(2011, 6, 30))),
                source=f"Operating Framework 2011-12; payments {MADE_UP}",
            )

    def _return_of_september(self) -> None:
        """A survey of all trusts that is still open: a newcomer may answer for theirs."""
        survey = actions.record_survey(
            by=self.admin,
            title="Return of September 2011",
            question="Has the trust delegated any of its budget to a consortium?",
            asked_of="trusts",
            asked=len(self.areas),
            begins=SURVEY_ASKED,
            ends=SURVEY_ENDS,
            known_from=SURVEY_ASKED,
            source=Source("survey", f"Return of September 2011 ({MADE_UP})", "The Department", SURVEY_ASKED),
        )
        draw = Random("return of September 2011")
        for area in draw.sample([a for a in self.areas if a.pct not in ("5LE", "TAM")], 24):
            answer = draw.choices(("yes", "partial", "no", "declined"), (10, 8, 4, 2))[0]
            actions.answer_survey(
                by=self.admin, survey=survey, pct=self.trusts[area.pct], answer=answer, on=SURVEY_ASKED
            )
