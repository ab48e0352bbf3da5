"""What every action on a survey looks at first and last: what was seen, and that names and counts go together."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import NamedTuple

from registry import clock
from registry.actions.checks import require_day, said
from registry.errors import Refused, stale
from registry.journal import Key, Writer
from registry.timeline import Values
from transitions.models import Survey, SurveyAnswer, SurveyCount, SurveyParticulars, SurveyReply
from transitions.models.survey import Asked
from transitions.surveys import REPLIED


class Told(NamedTuple):
    """The values of a survey's particulars, in the model's order."""

    title: str
    question: str
    asked_of: str
    asked: int | None
    replied: int | None
    begins: date | None
    ends: date | None
    words: str
    evidence: int


class Misfit(NamedTuple):
    """Something that cannot be: the answer that it is about ("" for all), and the sentence with the numbers."""

    answer: str
    sentence: str


def survey_of(ref: str) -> Survey:
    """Raises Refused (422) for a reference that nothing has."""
    found = Survey.objects.filter(ref=ref.strip().upper()).first()
    if found is None:
        raise Refused(
            "no_survey", f"There is no survey “{ref[:20]}”. Its reference looks like SV0001.", field="survey"
        )
    return found


def told_of(entry: Writer, survey: Survey) -> Told:
    """What the register says of the survey, in its newest version."""
    return Told(*entry.timeline(SurveyParticulars, (survey.pk,)).spells[-1].values)


def require_named(told: Told, survey: Survey) -> None:
    """Raises Refused (422) where answers are counts only."""
    if told.asked_of != Asked.TRUSTS:
        who = Asked(told.asked_of).label
        raise Refused(
            "counts_only",
            f"{survey.ref} asked {who if who == 'GPs' else who.lower()}: of these the register keeps counts only, and no "
            "answer by name. Record how many gave each answer.",
            field="survey",
        )


def require_day_of(told: Told, survey: Survey, on: date, field: str = "on") -> date:
    """Raises Refused (422) for a day on which the survey did not ask, or that is still to come."""
    if require_day(on, field) > clock.today():
        raise Refused("not_yet", f"{said(on)} is still to come: give the day of the answer.", field=field)
    if told.begins is not None and on < told.begins:
        raise Refused("outside_survey", f"{survey.ref} asked from {said(told.begins)} on, not before.", field=field)
    if told.ends is not None and on > told.ends:
        raise Refused("outside_survey", f"{survey.ref} asked until {said(told.ends)}, not after.", field=field)
    return on


def newest_of(survey: Survey, pct: object = None) -> int:
    """The newest entry that told of the survey, or of one trust's answer to it; 0 where none did. A form's `seen`."""
    if pct is not None:
        return SurveyAnswer.objects.filter(survey=survey, body=pct).newest_entry()
    return max(model.objects.filter(survey=survey).newest_entry() for model in (SurveyParticulars, SurveyCount))


def require_seen_survey(survey: Survey, seen: int | None, pct: object = None) -> None:
    """Under the lock: raises Refused (412) where somebody has changed the same since it was read."""
    if seen is not None and newest_of(survey, pct) > seen:
        what = f"{survey.ref}" if pct is None else f"The answer of {pct} to {survey.ref}"
        raise stale(
            f"{what} was changed since you opened this page. Look at what is saved now, then send yours again if it "
            "still holds."
        )


def misfits(entry: Writer, survey: Survey) -> list[Misfit]:
    """What does not go together, as the entry will leave it, on any day: each said once."""
    answers = _keys(entry, SurveyAnswer, survey, "body_id")
    counts = _keys(entry, SurveyCount, survey, "answer")
    told = entry.timeline(SurveyParticulars, (survey.pk,))
    of_counts = {key[1]: entry.timeline(SurveyCount, key) for key in counts}
    of_answers = [entry.timeline(SurveyAnswer, key) for key in answers]
    days = {s.start for timeline in (told, *of_counts.values(), *of_answers) for s in timeline if s.start}
    found: dict[Misfit, None] = {}
    for day in sorted(days):
        values = told.at(day)
        reported = {key: v[0] for key, t in of_counts.items() if (v := t.at(day)) and v[0] is not None}
        named = Counter(v[0] for t in of_answers if (v := t.at(day)))
        found |= dict.fromkeys([*_of_names(values, reported, named), *_of_counts(values, reported)])
    return list(found)


def require_fit(entry: Writer, survey: Survey) -> None:
    """Raises Refused (422) with the first of the misfits, and all in its detail."""
    if found := misfits(entry, survey):
        detail = [m._asdict() for m in found]
        raise Refused(
            "does_not_fit", found[0].sentence, field="answer" if found[0].answer else "replied", detail=detail
        )


def _keys(entry: Writer, model: type[SurveyAnswer | SurveyCount], survey: Survey, column: str) -> set[Key]:
    stand = model._default_manager.filter(recorded__upper_inf=True, survey=survey).values_list(column, flat=True)
    keys = {(survey.pk, other) for other in stand} | {k for k in entry.changed(model) if k[0] == survey.pk}
    entry.load(model, keys)
    return keys


def _of_names(told: Values | None, reported: dict[str, int], named: Counter[str]) -> list[Misfit]:
    found = []
    for answer, count in reported.items():
        if named[answer] > count:
            label = SurveyReply(answer).label
            found.append(
                Misfit(
                    answer,
                    f"{named[answer]} trusts would be recorded by name with “{label}”, but the source reports {count}.",
                )
            )
    replies = sum(named[r] for r in REPLIED)
    replied = Told(*told).replied if told else None
    if replied is not None and replies > replied:
        sentence = (
            f"{replies} trusts would be recorded by name with a reply, but the source says that {replied} replied."
        )
        found.append(Misfit("", sentence))
    return found


def _of_counts(values: Values | None, reported: dict[str, int]) -> list[Misfit]:
    if values is None:
        return []
    told = Told(*values)
    found = []
    replies = sum(reported.get(r, 0) for r in REPLIED)
    if told.replied is not None and replies > told.replied:
        found.append(
            Misfit("", f"The counts of replies sum to {replies}, but the source says {told.replied} replied.")
        )
    silent = reported.get(SurveyReply.NO_REPLY, 0)
    if told.asked is not None and max(told.replied or 0, replies) + silent > told.asked:
        sum_of = f"{max(told.replied or 0, replies)} replies and {silent} without one"
        found.append(Misfit("", f"The source reports {sum_of}, but only {told.asked} were asked."))
    return found
