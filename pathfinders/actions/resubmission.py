"""Bidding again: a new draft with what the old bid said, linked to it (domain.md rule 9)."""

from __future__ import annotations

from datetime import date

from pathfinders.actions.work import next_ref, not_after_today, working_on
from pathfinders.models import Answer, Attachment, Bid, BidConsortium, BidLeader, BidPractice, Criterion
from registry import clock
from registry.models import RoleGrant, User


def resubmit(*, by: User, bid: Bid, version: int, as_at: date | None = None) -> Bid:
    """A new draft as at a day (default: today) with the old bid's name, consortia, practices, leaders, attachments, and
    its answers on the criteria that are still asked. Its deputies are deputies of the new one.

    The old bid stays as it is. Raises Refused 409 where it may not be made again, 422 on `as_at`.
    """
    with working_on(bid, by=by, action="resubmit", version=version) as old:
        day = as_at or clock.today()
        not_after_today(day, "A bid's date", field="as_at")
        copied = {name: getattr(old, name) for name in ("name", "form", "partners", "agrees_to_be_named")}
        lead = old.lead if old.lead.is_active else by
        new = Bid.objects.create(ref=next_ref(day.year), lead=lead, as_at=day, earlier=old, **copied)
        _copy_members(old, new)
        _copy_evidence(old, new)
        _keep_deputies(old, new, by)
    return new


def _copy_members(old: Bid, new: Bid) -> None:
    """Consortia, practices (what they answered belongs to the old bid alone) and leaders (but those erased)."""
    groups = {}
    for row in old.consortia.order_by("position"):
        made = BidConsortium.objects.create(bid=new, position=row.position, name=row.name, form=row.form)
        groups[row.pk] = made
    BidPractice.objects.bulk_create(
        BidPractice(bid=new, consortium=groups[row.consortium_id], practice_id=row.practice_id)
        for row in old.practices.order_by("pk")
    )
    BidLeader.objects.bulk_create(
        BidLeader(bid=new, position=n, name=row.name, post=row.post, could_gain=row.could_gain, how=row.how)
        for n, row in enumerate(old.leaders.exclude(name="").order_by("position"), start=1)
    )


def _copy_evidence(old: Bid, new: Bid) -> None:
    """Answers by the name of their criterion in the bid; an attachment to a criterion that is gone is to none in particular."""
    asked: dict[str, Criterion] = {c.name_in_bid: c for c in new.asked()}
    Answer.objects.bulk_create(
        Answer(bid=new, criterion=asked[row.criterion.name_in_bid], text=row.text)
        for row in old.answers.select_related("criterion__set")
        if row.criterion.name_in_bid in asked
    )
    files = {}
    for row in old.attachments.select_related("criterion__set").order_by("pk"):
        criterion = asked.get(row.criterion.name_in_bid) if row.criterion else None
        told = {name: getattr(row, name) for name in ("name", "kind", "size", "sha256", "added_by", "added_at")}
        files[criterion.pk if criterion else None, row.sha256] = Attachment(bid=new, criterion=criterion, **told)
    Attachment.objects.bulk_create(files.values())


def _keep_deputies(old: Bid, new: Bid, by: User) -> None:
    held = RoleGrant.objects.filter(
        role="consortium_deputy", object_ref=old.ref, period__contains=clock.today()
    ).order_by("pk")
    RoleGrant.objects.bulk_create(
        RoleGrant(
            user_id=grant.user_id,
            role=grant.role,
            object_kind=grant.object_kind,
            object_ref=new.ref,
            period=(clock.today(), grant.period.upper),
            given_by=by.ref,
        )
        for grant in held
    )
