"""The part of a trust's page on its hand-over: the stage with its evidence, what else is said, and the plans."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.utils.html import format_html

from pathfinders.reads import transitions
from pathfinders.reads.joins import first_day
from pathfinders.views.public.history import Line, heard, lines
from pathfinders.views.public.transition.words import evidence_link, slip_words
from practices.models import ParentBody
from registry.moment import Moment
from registry.pages.forms import long_date
from transitions.models import PlannedStage, TransitionStage, TransitionWord, TransitionWordKind
from transitions.stages import TOLD, with_evidence

STAGE = TransitionWordKind.STAGE


def section(user: Any, moment: Moment, pct: ParentBody, dates: str = "") -> dict[str, Any]:
    """For `public/transition/stages.html`, under `transition`; and the lines of the page's history, under
    `transition_lines`."""
    row = transitions.rows(user, moment).filter(code=pct.code).first()
    labels = TransitionWord.objects.visible_to(user).labels(STAGE)
    return {
        "transition": told_of(user, moment, row, pct, labels, dates) if row else None,
        "transition_lines": history_lines(user, moment, pct, labels, dates),
    }


def told_of(
    user: Any, moment: Moment, row: dict[str, Any], pct: ParentBody, labels: dict[str, str], dates: str
) -> dict[str, Any]:
    """What the page says of a row of the read."""
    also = [
        {"label": said["stage_label"], "note": said["note"], "source": evidence_link(said, dates, prefix="")}
        for said in row["said_list"]
    ]
    return {
        "row": row,
        "source": evidence_link(row, dates) if row["evidence_ref"] else None,
        "also": also,
        "plans": plans(user, moment, pct, labels, dates),
    }


def plans(user: Any, moment: Moment, pct: ParentBody, labels: dict[str, str], dates: str) -> list[dict[str, Any]]:
    """Each plan that stands on the day, by its day, with how it moved."""
    found = with_evidence(PlannedStage.objects.visible_to(user).known(moment).filter(body=pct), moment)
    versions = found.order_by("effective").values(
        "stage", "day", "words", "why", _from=first_day(), _to=F("effective__endswith"), **_evidence()
    )
    by_stage: dict[str, list[dict[str, Any]]] = {}
    for version in versions:
        if version["_from"] is None or version["_from"] <= moment.as_of:
            by_stage.setdefault(version["stage"], []).append(version)
    told = []
    for stage, known in by_stage.items():
        now = known[-1]
        if now["_to"] is not None and now["_to"] <= moment.as_of:
            continue  # it is planned no more
        days = [version["day"] for version in known]
        told.append(
            now
            | {
                "label": labels[stage],
                "when": plan_words(now["day"], now["words"]),
                "slip": slip_words(transitions.slips(days), days[0]),
                "source": evidence_link(now, dates),
            }
        )
    return sorted(told, key=lambda plan: plan["day"])


def plan_words(day: Any, words: str) -> str:
    return f"“{words}” (by {long_date(day)})" if words else f"from {long_date(day)}"


def history_lines(user: Any, moment: Moment, pct: ParentBody, labels: dict[str, str], dates: str) -> list[Line]:
    """Every stage that any evidence gave it, and every version of every plan, on both clocks."""
    told = [
        with_evidence(m.objects.visible_to(user).filter(body=pct), moment) for m in (TransitionStage, PlannedStage)
    ]
    stages, planned = (heard(facts.annotate(**_evidence()), moment) for facts in told)

    def stage_words(fact: Any) -> Any:
        note = f": “{fact.note}”" if fact.note else ""
        return format_html("{}{}, says {}", labels[fact.stage], note, evidence_link(vars(fact), dates))

    def planned_words(fact: Any) -> Any:
        why = f". Why: {fact.why}" if fact.why else ""
        when = plan_words(fact.day, fact.words)
        return format_html("{} {}, says {}{}", labels[fact.stage], when, evidence_link(vars(fact), dates), why)

    return [*lines(stages, moment, "Stage", stage_words), *lines(planned, moment, "Planned stage", planned_words)]


def _evidence() -> dict[str, Any]:
    """Columns of the evidence of a fact joined by `with_evidence`."""
    told = {f"evidence_{f}": F(f"{TOLD}__{f}") for f in ("kind", "title", "said_on", "words")}
    return {"evidence_ref": F("evidence__ref"), **told}
