"""A lead drafts a bid: its name, consortia and answers. Practices are in `claims`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import F

from pathfinders.actions.work import next_ref, not_after_today, not_founded, text_of, working_on
from pathfinders.models import Answer, Bid, BidConsortium, Criterion
from registry.authorization import Permission
from registry.casework import step
from registry.errors import Refused
from registry.models import User

EDITABLE = ("name", "form", "as_at", "agrees_to_be_named", "partners")


def draft_bid(*, by: User, name: str, as_at: date) -> Bid:
    """Begin a bid as at a day of the world (today, or a past day where history is entered late).

    Raises Refused 422 on `name` (blank, too long) or `as_at` (in the future).
    """
    with step(by=by, action="draft_bid", permission=Permission.DRAFT_BID):
        not_after_today(as_at, "A bid's date", field="as_at")
        name = _named(name, field="name", what="The bid's name")
        return Bid.objects.create(ref=next_ref(as_at.year), lead=by, name=name, as_at=as_at)


def edit_bid(*, by: User, bid: Bid, version: int, **fields: Any) -> Bid:
    """Change the `name`, `form`, `as_at`, `agrees_to_be_named` or `partners` (and support needed) of a draft; in a
    returned bid all but its date, and its name once it has made a pathfinder. Raises Refused with the field."""
    if unknown := sorted(set(fields) - set(EDITABLE)):
        raise Refused("unknown_field", f"A bid has no field {unknown[0]} that can be edited.", field=unknown[0])
    with working_on(bid, by=by, action="edit", version=version, verb="edit_bid") as draft:
        if "name" in fields:
            _rename(draft, fields["name"])
        if "form" in fields:
            draft.form = text_of(fields["form"], field="form", what="The form", most=200)
        if fields.get("as_at", draft.as_at) != draft.as_at:
            _redate(draft, fields["as_at"])
        if "agrees_to_be_named" in fields:
            draft.agrees_to_be_named = bool(fields["agrees_to_be_named"])
        if "partners" in fields:
            draft.partners = text_of(fields["partners"], field="partners", what="What you write", most=4_000)
    return draft


def set_consortia(*, by: User, bid: Bid, version: int, consortia: Sequence[Mapping[str, Any]]) -> Bid:
    """The consortia inside the bid, in order: `[{"name", "form", "row"}]`.

    `row` (optional) is the primary key of the row that this is, so that it can be renamed and keeps its practices;
    without it one of the same name is meant, otherwise a new one. Raises Refused on `consortia`: none, a blank name, a
    name twice, or one with practices left out; 409 where the bid has made a pathfinder.
    """
    with working_on(bid, by=by, action="edit", version=version, verb="set_consortia") as draft:
        not_founded(draft)
        wanted = _consortia(consortia)
        there = list(draft.consortia.all())
        meant = _meant(wanted, there)
        for consortium in there:
            if consortium.pk not in meant:
                _take_out(consortium)
        if there:  # out of the way first, so that positions can be swapped without two alike
            draft.consortia.update(position=F("position") + 1_000)
        for position, (pk, told) in enumerate(zip(meant, wanted, strict=True), start=1):
            row = {"position": position, "name": told.name, "form": told.form}
            if pk is None:
                BidConsortium.objects.create(bid=draft, **row)
            else:
                draft.consortia.filter(pk=pk).update(**row)
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


def _rename(draft: Bid, given: str) -> None:
    name = _named(given, field="name", what="The bid's name")
    if name != draft.name:
        not_founded(draft)
        draft.name = name


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
    if not name.isprintable():
        raise Refused("unprintable", f"{what} has a character in it that cannot be seen: type it anew.", field=field)
    return name


def _redate(bid: Bid, day: date) -> None:
    if bid.submitted_on is not None:
        raise Refused("fixed", "A bid's date is fixed once it is submitted.", field="as_at")
    not_after_today(day, "A bid's date", field="as_at")
    bid.as_at = day


class _Told(NamedTuple):
    name: str
    form: str
    row: int | None


def _consortia(rows: Sequence[Mapping[str, Any]]) -> list[_Told]:
    told: list[_Told] = []
    names = set()
    for row in rows:
        name = _named(row.get("name", ""), field="consortia", what="A consortium's name")
        if name.casefold() in names:
            raise Refused("twice", f"{name} is listed twice. Give each consortium its own name.", field="consortia")
        names.add(name.casefold())
        form = text_of(row.get("form"), field="consortia", what="A consortium's form", most=200)
        told.append(_Told(name, form, row.get("row")))
    if not told:
        raise Refused("none", "Name at least one consortium.", field="consortia")
    return told


def _meant(told: list[_Told], there: list[BidConsortium]) -> list[int | None]:
    """The row that each is: the one it says, else the one of its name that no other says; None for a new one."""
    rows, names = {c.pk for c in there}, {c.name.casefold(): c.pk for c in there}
    said: set[int | None] = set()
    found = []
    for one in told:
        pk = one.row if one.row in rows and one.row not in said else None
        said.add(pk)
        found.append(pk)
    for n, one in enumerate(told):
        pk = names.get(one.name.casefold())
        if found[n] is None and pk not in said:
            found[n] = pk
            said.add(pk)
    return found
