"""What a trust answered to a survey, recorded by its own lead or by programme staff."""

from __future__ import annotations

from datetime import date

from practices.models import ParentBody
from registry import journal
from registry.actions.checks import kind_on, require_reason
from registry.errors import Refused, wrong_state
from registry.journal import Writer
from registry.models import Entry, EntryKind, User
from transitions.actions.survey_checks import (
    Told,
    require_day_of,
    require_fit,
    require_named,
    require_seen_survey,
    told_of,
)
from transitions.actions.trust import life_on, require_own
from transitions.models import Survey, SurveyAnswer, SurveyReply
from transitions.surveys import require_answer


def answer_survey(
    *,
    by: User,
    survey: Survey,
    pct: ParentBody,
    answer: str,
    on: date,
    words: str = "",
    why: str = "",
    seen: int | None = None,
) -> Entry:
    """The trust answered so on `on`, and nothing else since, until it is recorded to have answered otherwise later.

    Given for the very day of an answer that stands, it is a correction of it; that, and another answer from a later day,
    say `why`. `seen`: `newest_of(survey, pct)` when the form was drawn. Raises Refused: 403 for another's trust; 409
    where the register says just that; 412; 422: of GPs or practices, on a day on which the survey did not ask or the
    trust was none, or where the names would outnumber what the source reports.
    """
    require_own(by, pct)
    require_answer(answer, words)
    begun = SurveyAnswer.objects.current().filter(survey=survey, body=pct, effective__startswith=on)
    kind = EntryKind.CORRECTION if begun.exists() else kind_on(on)
    label = SurveyReply(answer).label
    reason = why.strip() or f"{pct.code} answered {survey.ref}: {label}"
    with journal.entry(by=by, action="answer_survey", kind=kind, reason=reason) as entry:
        require_seen_survey(survey, seen, pct)
        stood = entry.timeline(SurveyAnswer, (survey.pk, pct.pk)).at(on)
        if not put_answer(entry, told_of(entry, survey), survey, pct, answer, on, words):
            raise Refused("no_change", "The register says just that already.", status=409)
        if stood is not None and not why.strip():
            raise Refused("no_reason", "Another answer is recorded: say why it is another now.", field="why")
        require_fit(entry, survey)
    assert entry.entry is not None
    return entry.entry


def clear_answer(*, by: User, survey: Survey, pct: ParentBody, why: str, seen: int | None = None) -> Entry:
    """No answer of the trust is known: what was recorded was an error. Raises Refused: 403; 409 without one; 412; 422."""
    require_own(by, pct)
    reason = require_reason(why)
    with journal.entry(by=by, action="clear_answer", kind=EntryKind.VOID, reason=reason) as entry:
        require_seen_survey(survey, seen, pct)
        key = (survey.pk, pct.pk)
        if not len(entry.timeline(SurveyAnswer, key)):
            raise wrong_state(f"No answer of {pct.code} to {survey.ref} is recorded.")
        entry.clear(SurveyAnswer, key, None, None)
    assert entry.entry is not None
    return entry.entry


def put_answer(entry: Writer, told: Told, survey: Survey, pct: ParentBody, answer: str, on: date, words: str) -> bool:
    """Write it into the open entry; False where the register says so already. Raises Refused (422).

    What a trust answered stays answered when the trust is no more.
    """
    require_named(told, survey)
    require_day_of(told, survey, on)
    life_on(entry, pct, on)
    key, values = (survey.pk, pct.pk), (answer, words.strip())
    timeline = entry.timeline(SurveyAnswer, key)
    if timeline.at(on) == values:
        return False
    entry.set(SurveyAnswer, key, on, timeline.next_start(on), values)
    return True
