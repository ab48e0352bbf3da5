"""A lead drafts a bid: its name, consortia and answers. Practices are in `claims`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import F

from pathfinders.actions.work import next_ref, not_after_today, text_of, working_on
from pathfinders.models import Answer, Bid, BidConsortium, Criterion
from registry.authorization import Permission
from registry.casework import step
from registry.errors import Refused
from registry.models import User

EDITABLE = ("name", "form", "as_at", "agrees_to_be_named")


def draft_bid(*, by: User, name: str, as_at: date) -> Bid:
    """Begin a bid as at a day of the world (today, or a past day where history is entered late).

    Raises Refused 422 on `name` (blank, too long) or `as_at` (in the future).
    """
    with step(by=by, action="draft_bid", permission=Permission.DRAFT_BID):
        not_after_today(as_at, "A bid's date", field="as_at")
        name = _named(name, field="name", what="The bid's name")
        return Bid.objects.create(ref=next_ref(as_at.year), lead=by, name=name, as_at=as_at)


def edit_bid(*, by: User, bid: Bid, version: int, **fields: Any) -> Bid:
    """Change a draft's `name`, `form`, `as_at` or `agrees_to_be_named`. Raises Refused with the field.

    The date of a bid that was handed in, and returned, stays: its criteria and its practices were checked as at it.
    """
    if unknown := sorted(set(fields) - set(EDITABLE)):
        raise Refused("unknown_field", f"A bid has no field {unknown[0]} that can be edited.", field=unknown[0])
    with working_on(bid, by=by, action="edit", version=version, verb="edit_bid") as draft:
        if "name" in fields:
            draft.name = _named(fields["name"], field="name", what="The bid's name")
        if "form" in fields:
            draft.form = text_of(fields["form"], field="form", what="The form", most=200)
        if "as_at" in fields:
            not_after_today(fields["as_at"], "A bid's date", field="as_at")
            if draft.submitted_on and fields["as_at"] != draft.as_at:
                raise Refused("fixed", "A bid's date is fixed once it is submitted.", field="as_at")
            draft.as_at = fields["as_at"]
        if "agrees_to_be_named" in fields:
            draft.agrees_to_be_named = bool(fields["agrees_to_be_named"])
    return draft


def set_consortia(*, by: User, bid: Bid, version: int, consortia: Sequence[Mapping[str, str]]) -> Bid:
    """The consortia inside the bid, in order: `[{"name", "form"}]`. One of the same name keeps its practices.

    Raises Refused on `consortia`: none, a blank name, a name twice, or one with practices left out.
    """
    with working_on(bid, by=by, action="edit", version=version, verb="set_consortia") as draft:
        wanted = _consortia(consortia)
        kept = {c.name.casefold(): c for c in draft.consortia.all()}
        for consortium in [kept.pop(name) for name in set(kept) - set(wanted)]:
            _take_out(consortium)
        # Out of the way first, so that positions can be swapped without two alike.
        draft.consortia.update(position=F("position") + 1_000)
        for position, (key, (name, form)) in enumerate(wanted.items(), start=1):
            BidConsortium.objects.update_or_create(
                pk=kept[key].pk if key in kept else None,
                defaults={"bid": draft, "position": position, "name": name, "form": form},
            )
    return draft


def answer_criterion(*, by: User, bid: Bid, version: int, criterion: Criterion | str, text: str) -> Bid:
    """Write the bid's answer on one criterion (the criterion or its name in the bid); blank takes it out.

    Raises Refused on that name where it is not of the sets in force on the bid's date, national and of its SHAs.
    """
    key = criterion.name_in_bid if isinstance(criterion, Criterion) else criterion
    return answer_criteria(by=by, bid=bid, version=version, answers={key: text})


def answer_criteria(*, by: User, bid: Bid, version: int, answers: Mapping[str, str]) -> Bid:
    """Write the bid's answers on several criteria at once, by their keys; see `answer_criterion`."""
    with working_on(bid, by=by, action="edit", version=version, verb="answer_criterion") as draft:
        asked = criteria_of(draft, answers)
        texts = {k: text_of(t, field=k, what="An answer", most=20_000) for k, t in answers.items()}
        Answer.objects.bulk_create(
            [Answer(bid=draft, criterion=asked[k], text=t) for k, t in texts.items() if t],
            update_conflicts=True,
            unique_fields=["bid", "criterion"],
            update_fields=["text"],
        )
        draft.answers.filter(criterion__in=[asked[k] for k, t in texts.items() if not t]).delete()
    return draft


def criteria_of(bid: Bid, names: Iterable[str]) -> dict[str, Criterion]:
    """The criteria of these names (`Criterion.name_in_bid`) that the bid answers. Raises Refused on another name."""
    found = {c.name_in_bid: c for c in bid.asked()}
    for name in names:
        if name not in found:
            raise Refused("no_criterion", f"“{name}” is not among the criteria that this bid answers.", field=name)
    return found


def _take_out(consortium: BidConsortium) -> None:
    if count := consortium.practices.count():
        raise Refused(
            "consortium_has_practices",
            f"{consortium.name} has {count} practices in this bid. Take them out of it first.",
            field="consortia",
        )
    consortium.delete()


def _named(value: str, *, field: str, what: str) -> str:
    name = " ".join(text_of(value, field=field, what=what, most=200).split())
    if not name:
        raise Refused("blank", f"{what} is missing: enter one.", field=field)
    return name


def _consortia(rows: Sequence[Mapping[str, str]]) -> dict[str, tuple[str, str]]:
    wanted: dict[str, tuple[str, str]] = {}
    for row in rows:
        name = _named(row.get("name", ""), field="consortia", what="A consortium's name")
        if name.casefold() in wanted:
            raise Refused("twice", f"{name} is listed twice. Give each consortium its own name.", field="consortia")
        form = text_of(row.get("form"), field="consortia", what="A consortium's form", most=200)
        wanted[name.casefold()] = (name, form)
    if not wanted:
        raise Refused("none", "Name at least one consortium.", field="consortia")
    return wanted
