"""The part of a trust's page on its hand-over: the stage with its evidence, what else is said, and the plans."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet
from django.utils.html import format_html

from pathfinders.reads import transitions
from pathfinders.views.public.history import Line, heard, lines, standing
from pathfinders.views.public.transition.words import evidence_link, slip_words
from practices.models import ParentBody
from registry.models.fact import Fact
from registry.moment import Moment
from registry.pages.forms import long_date
from transitions.bodies_end import CLOSED
from transitions.models import PlannedStage, TransitionStage, TransitionWordKind
from transitions.stages import TOLD, with_evidence
from transitions.words import of_word

STAGE = TransitionWordKind.STAGE


def asked(user: Any, moment: Moment, pct: ParentBody) -> QuerySet:
    """What `section` is made of: one row, or none where the trust was not there yet, or goes on in another."""
    return transitions.rows(user, moment).filter(code=pct.code)


def section(rows: list[dict[str, Any]], user: Any, moment: Moment, pct: ParentBody, dates: str = "") -> dict[str, Any]:
    """For `public/transition/stages.html`, under `transition`, or of a trust that has closed `last_stage` and
    `ended_stage`; and the lines of the page's history, under `transition_lines`."""
    stages, planned = (ever_said(kind, user, moment, pct) for kind in (TransitionStage, PlannedStage))
    living = [row for row in rows if not row["closed"]]
    told = {"transition": told_of(living[0], plans(planned, moment, dates), dates) if living else None}
    if not living:
        told["ended_stage"] = ended_stage(stages, moment, dates)
        told["last_stage"] = last_stage(rows[0], dates) if rows else None
    return told | {"transition_lines": history_lines(stages, planned, moment, dates)}


def ended_stage(stages: list[Any], moment: Moment, dates: str) -> dict[str, Any] | None:
    """What is said on the day of a trust that is no more: that it is closed, and on what evidence."""
    for fact in standing(stages, moment):
        begun = fact.first is None or fact.first <= moment.as_of
        if fact.stage == CLOSED and begun and (fact.after is None or moment.as_of < fact.after):
            return {"label": fact.label, "since": fact.first, "source": evidence_link(vars(fact), dates)}
    return None


def last_stage(row: dict[str, Any], dates: str) -> dict[str, Any]:
    """How far a trust that has closed had gone by its last day; `said` is None where nothing is known of that day."""
    return {"closed": row["closed"], "said": next(iter(_sayings(row, dates)), None)}


def told_of(row: dict[str, Any], plans: list[dict[str, Any]], dates: str) -> dict[str, Any]:
    """What the page says of a row of the read."""
    source = evidence_link(row, dates) if row["evidence_ref"] else None
    return {"row": row, "source": source, "also": _sayings(row, dates), "plans": plans}


def _sayings(row: dict[str, Any], dates: str) -> list[dict[str, Any]]:
    return [
        {"label": said["stage_label"], "note": said["note"], "source": evidence_link(said, dates, prefix="")}
        for said in row["said_list"]
    ]


def ever_said(kind: type[Fact], user: Any, moment: Moment, pct: ParentBody) -> list[Any]:
    """Every stage that any evidence gave it, or every version of every plan, with the stage's label and the evidence."""
    facts = with_evidence(kind._default_manager.visible_to(user).filter(body=pct), moment)  # type: ignore[attr-defined]
    return heard(facts.annotate(label=of_word(STAGE, "label", "stage"), **_evidence()), moment)


def plans(planned: list[Any], moment: Moment, dates: str) -> list[dict[str, Any]]:
    """Each plan that stands on the day, by its day, with how it moved."""
    by_stage: dict[str, list[Any]] = {}
    for version in standing(planned, moment):
        if version.first is None or version.first <= moment.as_of:
            by_stage.setdefault(version.stage, []).append(version)
    told = []
    for known in by_stage.values():
        now = known[-1]
        if now.after is not None and now.after <= moment.as_of:
            continue  # it is planned no more
        days = [version.day for version in known]
        told.append(
            {
                "stage": now.stage,
                "label": now.label,
                "day": now.day,
                "why": now.why,
                "when": plan_words(now.day, now.words),
                "slip": slip_words(transitions.slips(days), days[0]),
                "source": evidence_link(vars(now), dates),
            }
        )
    return sorted(told, key=lambda plan: plan["day"])


def plan_words(day: Any, words: str) -> str:
    return f"“{words}” (by {long_date(day)})" if words else f"from {long_date(day)}"


def history_lines(stages: list[Any], planned: list[Any], moment: Moment, dates: str) -> list[Line]:
    """What was `ever_said`, on both clocks."""

    def stage_words(fact: Any) -> Any:
        note = f": “{fact.note}”" if fact.note else ""
        return format_html("{}{}, says {}", fact.label, note, evidence_link(vars(fact), dates))

    def planned_words(fact: Any) -> Any:
        why = f". Why: {fact.why}" if fact.why else ""
        when = plan_words(fact.day, fact.words)
        return format_html("{} {}, says {}{}", fact.label, when, evidence_link(vars(fact), dates), why)

    return [*lines(stages, moment, "Stage", stage_words), *lines(planned, moment, "Planned stage", planned_words)]


def _evidence() -> dict[str, Any]:
    """Columns of the evidence of a fact joined by `with_evidence`."""
    told = {f"evidence_{f}": F(f"{TOLD}__{f}") for f in ("kind", "title", "said_on", "words")}
    return {"evidence_ref": F("evidence__ref"), **told}
