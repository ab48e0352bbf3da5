"""The cards of a PCT lead's home: what each subject says of the trust today, and where it is kept.

A subject gives a `card(user, moment, row)`, `row` being that of `pathfinders.reads.transitions`; None where it has nothing
to say. It is added to `CARDS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pathfinders.reads import local_bodies, surveys, transitions, unaffiliated
from pathfinders.reads.budget_sums import delegated_parts
from pathfinders.reads.budgets import percent_delegated
from pathfinders.views.public.transition.stages import plan_words
from pathfinders.views.public.transition.words import NOT_KNOWN, evidence_words, slip_words
from registry.moment import Moment
from registry.pages.forms import long_date
from transitions.models import SurveyReply
from transitions.years import year_of


@dataclass(frozen=True)
class Card:
    """`lines`: sentences, the first the most telling; `links`: (words, address)."""

    title: str
    lines: list[str]
    links: list[tuple[str, str]] = field(default_factory=list)


def stage_card(user: Any, moment: Moment, row: dict[str, Any]) -> Card:
    links = [("Record the stage", f"/pct/{row['code']}/stage/"), ("All that is said of it", f"/pct/{row['code']}/")]
    if row["stage"] is None:
        return Card("Stage", [NOT_KNOWN, "Nobody has said how far the trust is."], links)
    since = f", since {long_date(row['since'])}" if row["since"] else ""
    also = len(row["said_list"])
    more = [f"{also} other source{'s say' if also > 1 else ' says'} otherwise"] if also else []
    return Card("Stage", [f"{row['stage_label']}{since}", evidence_words(row), *more], links)


def plan_card(user: Any, moment: Moment, row: dict[str, Any]) -> Card:
    links = [("Record a plan", f"/pct/{row['code']}/plan/")]
    if row["planned_stage"] is None:
        return Card("Plan", ["No plan is recorded."], links)
    told = f"{row['planned_stage_label']} {plan_words(row['planned_day'], row['planned_words'])}"
    slip = slip_words(row["planned_slipped"], row["planned_first_day"])
    lines = [told, slip[:1].upper() + slip[1:], "Behind its plan" if row["behind"] else ""]
    return Card("Plan", [line for line in lines if line], links)


def budgets_card(user: Any, moment: Moment, row: dict[str, Any]) -> Card:
    year, root = year_of(moment.as_of), f"/pct/{row['code']}/budget/"
    share = percent_delegated(*delegated_parts(user, moment, year).get(row["code"], (0, 0)))
    lines = [
        f"{share}% of the eligible budget is delegated" if share is not None else "The share delegated is not known."
    ]
    return Card(f"Budgets in {year}", lines, [("Budgets", root)])


def left_out_card(user: Any, moment: Moment, row: dict[str, Any]) -> Card:
    found = unaffiliated.rows(user, moment).filter(pct_code=row["code"]).values_list("reason", flat=True)
    reasons = list(found)
    unasked = sum(reason == unaffiliated.NOT_ASKED for reason in reasons)
    lines = [f"{len(reasons)} of {row['practices']} practices are in no consortium"]
    lines += [f"{unasked} of them not asked why"] if unasked else []
    return Card("Practices left out", lines, [("Practices in no consortium", "/pct/left-out/")])


def local_bodies_card(user: Any, moment: Moment, row: dict[str, Any]) -> Card:
    found = list(local_bodies.under(user, moment, pct=row["code"]))
    past = sum(bool(one["agreed_until"] and one["agreed_until"] < moment.as_of) for one in found)
    lines = [
        f"{len(found)} local bod{'y' if len(found) == 1 else 'ies'} or arrangements" if found else "None is known."
    ]
    lines += [f"{past} past the day until which it was agreed"] if past else []
    root = f"/pct/{row['code']}/local-bodies/"
    return Card("Local bodies", lines, [("Local bodies", root), ("Record a local body", f"{root}new/")])


def surveys_card(user: Any, moment: Moment, row: dict[str, Any]) -> Card | None:
    """Surveys that still ask the trust; none where none does."""
    asking = [one for one in surveys.open_for(user, moment) if one["code"] == row["code"]]
    lines, links = [], []
    for one in asking:
        root = f"/pct/{row['code']}/survey/{one['ref']}/"
        if one["answer"] is None:
            lines.append(f"{one['title']}: to answer by {long_date(one['ends'])}")
            links.append((f"Answer it: {one['title']}", root))
        else:
            lines.append(f"{one['title']}: answered “{SurveyReply(one['answer']).label}”")
            links.append((f"Change the answer: {one['title']}", root))
    return Card("Surveys", lines, links) if asking else None


CARDS: list[Callable[[Any, Moment, dict[str, Any]], Card | None]] = [
    stage_card,
    plan_card,
    budgets_card,
    surveys_card,
    local_bodies_card,
    left_out_card,
]


def trusts(user: Any, codes: set[str]) -> list[dict[str, Any]]:
    """For each of these trusts that lives today: its code, name and cards."""
    moment = Moment.now()
    rows = list(transitions.rows(user, moment).filter(code__in=codes, closed=None).order_by("code"))
    told = []
    for row in transitions.finish(user, moment, rows):
        cards = [found for card in CARDS if (found := card(user, moment, row)) is not None]
        told.append({"code": row["code"], "name": row["name"], "cards": cards})
    return told
