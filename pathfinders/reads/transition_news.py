"""What an entry recorded of a hand-over, in sentences: for the feeds of trusts and consortia."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q

from consortia.models import Consortium
from registry.actions.checks import said
from registry.models.fact import Fact, Lower
from transitions.models import (
    WHOLE,
    Allowance,
    BudgetLine,
    ClusterPlace,
    Delegation,
    LocalBodyParticulars,
    PlannedStage,
    SurveyAnswer,
    TransitionStage,
    TransitionWord,
)
from transitions.money import pounds

WORDS = {
    "allowance": "allowance per head",
    "budget_line": "budget",
    "cluster_place": "place in a cluster",
    "delegation": "delegated budget",
    "local_body_particulars": "local body",
    "planned_stage": "planned stage of the hand-over",
    "survey_answer": "answer to a survey",
    "transition_stage": "stage of the hand-over",
    "weighted_population": "weighted population",
}
MOST = 200
Bodies = Mapping[type[Any], Collection[int]]
Labels = Mapping[str, str]


class _Told(NamedTuple):
    """`beside`: what is read with each fact; `sentence`: of a fact and the vocabulary's labels, without its days."""

    model: type[Fact]
    beside: tuple[str, ...]
    sentence: Callable[[Any, Labels], str]


def _budget(fact: BudgetLine, labels: Labels) -> str:
    of = "" if fact.line == WHOLE else f", {_label(labels, fact.line)}"
    parts = [(name, getattr(fact, name)) for name in ("total", "delegated", "retained", "excluded")]
    told = ", ".join(f"{name} {pounds(amount)}" for name, amount in parts if amount is not None)
    near = f", rounded to {pounds(fact.rounding)}" if fact.rounding else ""
    return f"{fact.pct.code}, budget of {fact.year}{of}: {told}{near} ({fact.evidence.ref})"


def _delegation(fact: Delegation, labels: Labels) -> str:
    of = "" if fact.line == WHOLE else f", {_label(labels, fact.line)}"
    amount = "an amount that is not stated" if fact.amount is None else pounds(fact.amount)
    level = fact.get_level_display().lower()  # type: ignore[attr-defined]
    return f"{fact.pct.code}, budget of {fact.year}{of}: {amount} to {fact.holder}, {level} ({fact.evidence.ref})"


def _local_body(fact: LocalBodyParticulars, labels: Labels) -> str:
    above = " and ".join(str(body) for body in (fact.pct, fact.consortium) if body)
    status = fact.get_status_display().lower()  # type: ignore[attr-defined]
    return f"{fact.name} ({fact.local_body.ref}), {_label(labels, fact.kind)} under {above}: {status}"


def _plan(fact: PlannedStage, labels: Labels) -> str:
    why = f"; {fact.why.rstrip('.')}" if fact.why else ""
    day = fact.words or said(fact.day)
    return f"{fact.body.code} plans {_label(labels, fact.stage)}: {day}{why} ({fact.evidence.ref})"


def _allowance(fact: Allowance, labels: Labels) -> str:
    kind = fact.get_kind_display().lower()  # type: ignore[attr-defined]
    return f"{fact.holder}, allowance for {kind} of {fact.year}: £{fact.pounds_per_head} a head, {pounds(fact.amount)}"


def _answer(fact: SurveyAnswer, labels: Labels) -> str:
    told = fact.get_answer_display().lower()  # type: ignore[attr-defined]
    return f"{fact.body.code} in the survey {fact.survey.ref}: {told}"


TOLD = {
    told.model.NAME: told
    for told in (
        _Told(
            TransitionStage,
            ("body", "evidence"),
            lambda fact, labels: f"{fact.body.code}: {_label(labels, fact.stage)}, as {fact.evidence.ref} says",
        ),
        _Told(PlannedStage, ("body", "evidence"), _plan),
        _Told(BudgetLine, ("pct", "evidence"), _budget),
        _Told(Delegation, ("pct", "evidence"), _delegation),
        _Told(LocalBodyParticulars, ("local_body", "pct", "consortium"), _local_body),
        _Told(SurveyAnswer, ("survey", "body"), _answer),
        _Told(
            ClusterPlace,
            ("body", "cluster"),
            lambda fact, labels: f"{fact.body.code} in the cluster {fact.cluster.ref}",
        ),
        _Told(Allowance, ("opened_by",), _allowance),
    )
}
"""Kinds of fact whose feed says more than how many were recorded."""


def held(model: type[Fact], bodies: Bodies) -> Q:
    """Facts that name a consortium by its reference, as the holder of a budget or of an allowance."""
    if Consortium not in bodies or not any(field.name == "holder" for field in model.own_fields()):
        return Q()
    return Q(holder__in=Consortium.objects.visible_to(None).filter(pk__in=bodies[Consortium]).values("ref"))


def sentences(
    user: Any,
    touched: Mapping[int, Mapping[str, Any]],
    about: Callable[[type[Fact], Bodies], Q],
    bodies: Bodies,
) -> dict[int, list[str]]:
    """By entry a sentence for each fact of the hand-over that it recorded. A question for each kind among them, and one
    for the vocabulary."""
    kinds = [TOLD[kind] for kind in TOLD if any(kind in ends for ends in touched.values())]
    labels = dict(TransitionWord.objects.visible_to(user).values_list("key", "label")) if kinds else {}
    found: dict[int, list[str]] = {}
    for told in kinds:
        facts = told.model._default_manager.visible_to(user)  # type: ignore[attr-defined]
        facts = facts.filter(about(told.model, bodies), opened_by__in=touched).select_related(*told.beside)
        for fact in facts.annotate(_from=Lower("effective")).order_by("-opened_by", "opened_position")[:MOST]:
            words = f"{told.sentence(fact, labels)}{_since(fact._from)}."
            found.setdefault(fact.opened_by_id, []).append(words)
    return found


def _since(day: date | None) -> str:
    return f", from {said(day)}" if day else ""


def _label(labels: Labels, key: str) -> str:
    label = labels.get(key, key)
    return label[:1].lower() + label[1:]
