"""What decisions are made by, as published data: criteria, reasons, the words of letters. Added and ended, never edited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import connection
from django.utils.text import slugify

from pathfinders.actions.work import not_after_today, text_of
from pathfinders.letters import MUST_HOLD, PLACEHOLDER, known_placeholders, only_printable, plain_lines, step_named
from pathfinders.models import NATIONAL, REASON_KINDS, CriteriaSet, Criterion, LetterTemplate, Reason
from practices.models import BodyKind, BodyParticulars
from registry import casework, clock
from registry.actions.checks import require_day, said
from registry.authorization import Permission, objects_of
from registry.errors import Refused, not_allowed, stale, wrong_state
from registry.models import User

MOST_CRITERIA = 30


def publish_criteria(
    *, by: User, scope: str, published_on: date, criteria: Sequence[Mapping[str, str]], after: int | None = None
) -> CriteriaSet:
    """Publish the next version of the national criteria (scope "national") or of an SHA's own (scope its code).

    `criteria`: `[{"key", "title", "question"}]` in order; without a key it is made of the title. Bids that locked an
    earlier version keep it; those submitted from the day on answer this one (domain.md rule 13). Raises Refused: 403
    but for an administrator, or an SHA's assessor for their own; 422 with the field (`title-2`, the second criterion's);
    412 where `after`, the version that the person saw last (0: none), is not the last one any more.
    """
    national = scope == NATIONAL
    permission = Permission.PUBLISH_CRITERIA if national else Permission.PUBLISH_LOCAL_CRITERIA
    with casework.step(by=by, action="publish_criteria", permission=permission, scope=scope):
        if not national:
            _own_region(by, scope)
        not_after_today(published_on, "Publication", field="published_on")
        rows = _criteria(criteria)
        _one_at_a_time("criteria", scope)
        last = CriteriaSet.objects.filter(scope=scope).order_by("-version").first()
        _still_last(last, after)
        if last is not None and published_on < last.published_on:
            raise Refused(
                "too_early",
                f"Version {last.version} was published on {said(last.published_on)}: the next cannot have been before.",
                field="published_on",
            )
        version = last.version + 1 if last else 1
        published = CriteriaSet.objects.create(scope=scope, version=version, published_on=published_on)
        for position, row in enumerate(rows, start=1):
            Criterion.objects.create(set=published, position=position, **row)
    return published


def add_reason(
    *,
    by: User,
    label: str,
    kinds: Sequence[str],
    outside_criteria: bool = False,
    key: str = "",
    start: date | None = None,
) -> Reason:
    """A reason that may be given from `start` (today) on, for the kinds of decision named: decline, defer, conditions,
    return. Its words never change: end it and add another. Raises Refused with the field."""
    with casework.step(by=by, action="add_reason", permission=Permission.EDIT_VOCABULARY):
        label = text_of(label, field="label", what="A reason", most=200)
        if not label:
            raise Refused("blank", "Say the reason in the words that a bidder will read.", field="label")
        if not kinds or set(kinds) - set(REASON_KINDS.values()):
            raise Refused("bad_kinds", "Choose what the reason may be given for.", field="kinds")
        start = require_day(start or clock.today(), field="start")
        _one_at_a_time("reasons", "")
        key = _key(key or label, field="label")
        if Reason.objects.filter(key=key).exists():
            raise Refused("exists", f"There is a reason “{key}” already; word this one otherwise.", field="label")
        last = Reason.objects.order_by("-position").values_list("position", flat=True).first() or 0
        return Reason.objects.create(
            key=key,
            position=last + 1,
            label=label,
            kinds=sorted(set(kinds)),
            outside_criteria=outside_criteria,
            period=(start, None),
        )


def end_reason(*, by: User, reason: Reason | str, on: date) -> Reason:
    """The reason is not given from `on` on; decisions that gave it keep it. Raises Refused 409 where it has ended."""
    key = reason.key if isinstance(reason, Reason) else reason
    with casework.step(by=by, action="end_reason", permission=Permission.EDIT_VOCABULARY, reason=key):
        held = Reason.objects.select_for_update().get(key=key)
        require_day(on, field="on")
        if held.period.upper is not None:
            raise wrong_state(f"“{held.label}” has not been given since {said(held.period.upper)} already.")
        if held.period.lower is not None and on <= held.period.lower:
            raise Refused("too_early", f"It is given from {said(held.period.lower)}: end it later.", field="on")
        held.period = type(held.period)(held.period.lower, on)
        held.save()
    return held


def save_template(*, by: User, step: str, subject: str, body: str, after: int | None = None) -> LetterTemplate:
    """The words of a step's letter from now on, as its next version; letters written before stay as they are.

    Raises Refused: `subject` or `body` blank or too long, a placeholder that the step does not fill, or the letter
    without one that its reader must be told (its reasons, findings, conditions); 412 as `publish_criteria`.
    """
    with casework.step(by=by, action="save_template", permission=Permission.EDIT_VOCABULARY, letter=step):
        words = {
            "subject": text_of(subject, field="subject", what="A subject", most=150),
            "body": text_of(plain_lines(body), field="body", what="A letter", most=20_000),
        }
        _whole(step, words)
        _one_at_a_time("letter", step)
        last = LetterTemplate.objects.filter(step=step).order_by("-version").first()
        _still_last(last, after)
        return LetterTemplate.objects.create(step=step, version=last.version + 1 if last else 1, saved_by=by, **words)


def _own_region(by: User, scope: str) -> None:
    """Raise Refused unless the scope is an SHA of the user's."""
    if scope not in objects_of(by, "sha_assessor"):
        raise not_allowed("You publish the criteria of your own region only.")
    if not BodyParticulars.objects.current().filter(body__code=scope, kind=BodyKind.SHA).exists():
        raise Refused("no_sha", f"{scope} is not a strategic health authority.", field="scope")


def _criteria(given: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    if not 1 <= len(given) <= MOST_CRITERIA:
        raise Refused("no_criteria", f"Publish from 1 to {MOST_CRITERIA} criteria.", field="title-1")
    rows: list[dict[str, str]] = []
    for n, row in enumerate(given, start=1):
        title = text_of(row.get("title"), field=f"title-{n}", what="A criterion's name", most=200)
        question = text_of(row.get("question"), field=f"question-{n}", what="A question", most=5_000)
        if not title:
            raise Refused("blank", f"Name criterion {n}.", field=f"title-{n}")
        if not question:
            raise Refused("blank", f"Say what bidders are to answer on “{title}”.", field=f"question-{n}")
        key = _key(row.get("key") or title, field=f"title-{n}")
        if key in {r["key"] for r in rows}:
            raise Refused("twice", f"Two criteria are called “{title}”, or nearly so.", field=f"title-{n}")
        rows.append({"key": key, "title": title, "question": question})
    return rows


def _key(words: str, *, field: str) -> str:
    """A short stable key: "Backing of local GPs" is backing_of_local_gps. Raises Refused where no letter is in it."""
    key = slugify(words).replace("-", "_")[:40].strip("_")
    if not key:
        raise Refused("no_key", "Use letters or figures in it.", field=field)
    return key


def _whole(step: str, words: dict[str, str]) -> None:
    label = step_named(step).label.lower()
    for field, text in words.items():
        if not text:
            raise Refused("blank", f"The letter “{label}” needs a subject and a text.", field=field)
        known = known_placeholders(step)
        for name in PLACEHOLDER.findall(text):
            if name not in known:
                told = ", ".join(f"{{{k}}}" for k in known)
                raise Refused(
                    "bad_placeholder", f"Nothing fills {{{name}}} in this letter. It knows: {told}.", field=field
                )
    if "\n" in words["subject"]:
        raise Refused("bad_subject", "A subject is one line.", field="subject")
    only_printable(words["subject"], words["body"], fields=("subject", "body"))
    missing = [k for k in known_placeholders(step) if k in MUST_HOLD and f"{{{k}}}" not in words["body"]]
    if missing:
        told = ", ".join(f"{{{k}}}" for k in missing)
        raise Refused("leaves_out", f"The letter leaves out {told}, which its reader must be told.", field="body")


def _still_last(last: CriteriaSet | LetterTemplate | None, after: int | None) -> None:
    """Raise Refused 412 where somebody made another version since the person looked."""
    now = last.version if last else 0
    if after is not None and after != now:
        raise stale(
            f"Version {now} was made since you opened this page. Look at it, then repeat what you meant to do."
        )


def _one_at_a_time(what: str, key: str) -> None:
    """Until the transaction ends nobody else makes the next version of the same."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"pathfinders.{what}.{key}"])
