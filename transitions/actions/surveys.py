"""Surveys of trusts, and of GPs and practices as counts: what was asked of whom, and what a source reports of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from consortia.actions.mint import next_ref
from registry import clock, journal
from registry.actions.checks import kind_on, require_day, require_reason, said, trimmed
from registry.errors import Refused, wrong_state
from registry.journal import Writer
from registry.models import Entry, EntryKind, User
from transitions.actions.evidence import Source, recorded
from transitions.actions.survey_checks import Told, require_fit, require_seen_survey
from transitions.models import Evidence, Survey, SurveyAnswer, SurveyCount, SurveyParticulars, SurveyReply
from transitions.models.survey import Asked
from transitions.permissions import require_everywhere

Counts = Mapping[str, tuple[int | None, str]]
"""By answer: how many gave it, and the share in the source's words where it gives no number ("a quarter")."""
LENGTHS = {"title": 200, "question": 500, "words": 100}
MOST = 1_000_000


def record_survey(
    *,
    by: User,
    title: str,
    question: str,
    asked_of: str,
    known_from: date,
    source: Source | Evidence,
    asked: int | None = None,
    replied: int | None = None,
    begins: date | None = None,
    ends: date | None = None,
    words: str = "",
    counts: Counts | None = None,
) -> Survey:
    """A survey whose results (or of one that still asks: whose questions) were known from `known_from` on.

    `asked_of`: trusts, gps or practices; `asked`, `replied`: how many, None where the source does not say; `words`: how
    the source dates it. Raises Refused: 403; 422 with the field.
    """
    require_everywhere(by)
    told = _told(title, question, asked_of, asked, replied, begins, ends, words)
    _known(known_from)
    reported = _counts(counts or {})
    with journal.entry(
        by=by, action="record_survey", kind=kind_on(known_from), reason=f"Survey: {told['title']}"
    ) as entry:
        evidence = recorded(entry, source)
        survey = Survey.objects.create(ref=next_ref(Survey, "SV"))
        entry.new(SurveyParticulars, [(survey.pk,)])
        entry.set(SurveyParticulars, (survey.pk,), known_from, None, Told(**told, evidence=evidence.pk))
        for answer, values in reported.items():
            entry.set(SurveyCount, (survey.pk, answer), known_from, None, values)
        require_fit(entry, survey)
    return survey


def change_survey(
    *,
    by: User,
    survey: Survey,
    title: str,
    question: str,
    asked_of: str,
    known_from: date,
    source: Source | Evidence,
    why: str,
    asked: int | None = None,
    replied: int | None = None,
    begins: date | None = None,
    ends: date | None = None,
    words: str = "",
    correction: bool = False,
    seen: int | None = None,
) -> Entry:
    """The survey is known to be so from `known_from` on; with `correction`, the version of that day was wrong for all of
    its days. `seen`: `newest_of(survey)` when the form was drawn. Raises Refused: 403; 409; 412; 422."""
    require_everywhere(by)
    told = _told(title, question, asked_of, asked, replied, begins, ends, words)
    _known(known_from)
    kind = EntryKind.CORRECTION if correction else kind_on(known_from)
    with journal.entry(by=by, action="change_survey", kind=kind, reason=require_reason(why)) as entry:
        require_seen_survey(survey, seen)
        values = Told(**told, evidence=recorded(entry, source).pk)
        _set(entry, SurveyParticulars, (survey.pk,), known_from, values, correction)
        named = SurveyAnswer.objects.current().filter(survey=survey).count()
        if named and values.asked_of != Asked.TRUSTS:
            raise Refused(
                "counts_only",
                f"{named} trusts are recorded with their answers to {survey.ref}: it asked trusts. Record another survey.",
                field="asked_of",
            )
        require_fit(entry, survey)
    assert entry.entry is not None
    return entry.entry


def report_counts(
    *,
    by: User,
    survey: Survey,
    counts: Mapping[str, tuple[int | None, str] | None],
    known_from: date,
    why: str = "",
    correction: bool = False,
    seen: int | None = None,
) -> Entry:
    """The source reports these counts, from `known_from` on; None: it reports none of that answer.

    `why` is needed where it was recorded to report another. Raises Refused: 403; 409 where the register says just that;
    412; 422 where they do not go together, or with the answers recorded by name.
    """
    require_everywhere(by)
    reported = _counts({key: told for key, told in counts.items() if told is not None})
    _known(known_from)
    kind = EntryKind.CORRECTION if correction else kind_on(known_from)
    reason = why.strip() or f"Counts of {survey.ref}"
    with journal.entry(by=by, action="report_counts", kind=kind, reason=reason) as entry:
        require_seen_survey(survey, seen)
        changed = False
        for answer in counts:
            key = (survey.pk, answer)
            stood = entry.timeline(SurveyCount, key).at(known_from)
            if stood == reported.get(answer):
                continue
            changed = True
            if stood is not None and not why.strip():
                raise Refused("no_reason", "Say why the count is another than before.", field="why")
            _set(entry, SurveyCount, key, known_from, reported.get(answer), correction and stood is not None)
        if not changed:
            raise _no_change()
        require_fit(entry, survey)
    assert entry.entry is not None
    return entry.entry


def _set(entry: Writer, model: Any, key: tuple[Any, ...], day: date, values: Any, correction: bool) -> None:
    """From the day on, until what is recorded to be known next; or for all days of the version that it corrects."""
    timeline = entry.timeline(model, key)
    stands = next((s for s in timeline if s.contains(day)), None)
    if correction and stands is None:
        raise wrong_state(f"Nothing was recorded as known on {said(day)}, so there is nothing to correct.")
    if stands is not None and values is not None and stands.values == tuple(values):
        raise _no_change()
    start = stands.start if correction and stands else day
    end = stands.end if stands else timeline.next_start(day)
    if values is None:
        entry.clear(model, key, start, end)
    else:
        entry.set(model, key, start, end, tuple(values))


def _no_change() -> Refused:
    return Refused("no_change", "The register says just that already.", status=409)


def _known(known_from: date) -> None:
    if require_day(known_from, "known_from") > clock.today():
        raise Refused("not_yet", "Give the day on which it was made known: today or before.", field="known_from")


def _told(
    title: str,
    question: str,
    asked_of: str,
    asked: int | None,
    replied: int | None,
    begins: date | None,
    ends: date | None,
    words: str,
) -> dict[str, Any]:
    texts = trimmed(LENGTHS, title=title, question=question, words=words)
    if not texts["title"]:
        raise Refused("no_name", "Say what the survey is called, or who asked whom when.", field="title")
    if not texts["question"]:
        raise Refused("no_question", "Say what was asked: an answer means nothing without it.", field="question")
    if asked_of not in Asked.values:
        raise Refused("bad_asked", f"Say who was asked: one of {', '.join(Asked.values)}.", field="asked_of")
    for field, number in (("asked", asked), ("replied", replied)):
        _number(number, field)
    if asked is not None and replied is not None and replied > asked:
        raise Refused("bad_base", f"{replied} replies are more than the {asked} that were asked.", field="replied")
    for field, day in (("begins", begins), ("ends", ends)):
        if day is not None:
            require_day(day, field)
    if begins and ends and ends < begins:
        raise Refused("bad_period", f"It cannot end before it begins, on {said(begins)}.", field="ends")
    more = {"asked_of": asked_of, "asked": asked, "replied": replied, "begins": begins, "ends": ends}
    return {**texts, **more}


def _counts(counts: Counts) -> dict[str, tuple[int | None, str]]:
    told = {}
    for answer, (count, share) in counts.items():
        if answer not in SurveyReply.values:
            known = ", ".join(SurveyReply.values)
            raise Refused("bad_answer", f"“{answer[:40]}” is no answer; it is one of {known}.", field="answer")
        share = share.strip()
        _number(count, f"count_{answer}")
        if len(share) > 100:
            raise Refused("too_long", "Give at most 100 characters.", field=f"share_{answer}")
        if count is None and not share:
            raise Refused("no_count", "Give a number, or the share in the source’s words.", field=f"count_{answer}")
        told[answer] = (count, share)
    return told


def _number(number: int | None, field: str) -> None:
    if number is not None and not 0 <= number <= MOST:
        raise Refused("bad_number", f"Give a whole number from 0 to {MOST:,}.", field=field)
