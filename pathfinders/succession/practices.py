"""A practice becomes part of another: drawn over an entry, with what ends said in figures (rules 4, 14 and 23)."""

from __future__ import annotations

from datetime import date

from consortia.actions.merging import merge
from consortia.models import Consortium, Membership
from pathfinders.succession.draft import Draft
from pathfinders.succession.drawing import preview
from pathfinders.succession.plan import Plan
from practices.models import Branch, ListSize, Practice, PracticeMergerKind
from registry.actions.checks import said
from registry.errors import wrong_state
from registry.timeline import last_day


def plan_practice_merger(
    *, practice: Practice, into: Practice, on: date, kind: str = PracticeMergerKind.ABSORB
) -> Plan:
    """What merging them would do, from what stands now. Raises Refused as the merger does."""
    return preview(on, lambda draft: draw_practice_merger(draft, practice=practice, into=into, kind=kind))


def draw_practice_merger(
    draft: Draft, *, practice: Practice, into: Practice, kind: str = PracticeMergerKind.ABSORB
) -> None:
    merge(draft.entry, practice, into, draft.on, kind)
    if not any(True for _ in draft.entry.changes()):
        raise wrong_state(f"{practice.code} became part of {into.code} on {said(draft.on)} already, as recorded.")
    new = kind == PracticeMergerKind.MERGE
    draft.title = f"{practice.code} {'merges into the new practice' if new else 'becomes part of'} {into.code}"
    _say_of_members(draft, practice, into)
    _say_of_branches(draft, practice, into)
    _say_of_lists(draft, practice, into)


def _say_of_members(draft: Draft, practice: Practice, into: Practice) -> None:
    """Nobody is made a member by a merger: who belongs where is never derived (rule 23)."""
    rows = Membership.objects.current().filter(effective__contains=draft.on)
    held = dict(rows.filter(practice__in=[practice.pk, into.pk]).values_list("practice", "consortium"))
    refs = dict(Consortium.objects.filter(pk__in=held.values()).values_list("pk", "ref"))
    gone, goes_on = (refs.get(held.get(p.pk, 0), "") for p in (practice, into))
    if not gone:
        return
    eve = last_day(draft.on)
    assert eve is not None
    draft.warnings.append(
        f"The membership of {practice.code} in {gone} ends with it: its last day is {said(eve)}. It is not carried over; "
        "its history stays on both records, and the lead finds a work item."
    )
    if not goes_on:
        draft.warnings.append(
            f"{into.code} is in no consortium on {said(draft.on)}, so the patients leave {gone}. Nothing is recorded for "
            f"{into.code} by itself: if it is to join, {gone} claims it or it is recorded apart."
        )
    elif goes_on != gone:
        draft.warnings.append(f"{into.code} belongs to {goes_on}, and stays there: the patients leave {gone}.")


def _say_of_branches(draft: Draft, practice: Practice, into: Practice) -> None:
    ending = Branch.objects.current().filter(practice=practice, effective__contains=draft.on).count()
    if ending:
        surgeries = "1 branch surgery ends" if ending == 1 else f"{ending} branch surgeries end"
        draft.warnings.append(f"{surgeries} with {practice.code}. Record those that go on as branches of {into.code}.")


def _say_of_lists(draft: Draft, practice: Practice, into: Practice) -> None:
    """List sizes are measurements: none is added to another."""
    sizes = {}
    for body in (practice, into):
        rows = ListSize.objects.current().filter(practice=body, effective__startswith__lte=draft.on)
        sizes[body.pk] = rows.order_by("-effective").values_list("patients", "quarter").first()
    if gone := sizes[practice.pk]:
        other = sizes[into.pk]
        held = f"has {other[0]:,} ({other[1]})" if other else "has none"
        draft.warnings.append(
            f"The list of {practice.code}, {gone[0]:,} patients ({gone[1]}), is not added to that of {into.code}, which "
            f"{held}: the next quarter’s file will count them there."
        )
