"""The roles that are held for a trust or an authority end with it, and stand again where its end is undone (rule 17)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from registry.actions.roles import cut
from registry.casework import step
from registry.models import Entry, RoleGrant, User
from transitions.closing.holders import held, last_day_out
from transitions.models import RoleEnding


def end_roles(*, by: User, entry: Entry, codes: Collection[str], on: date) -> list[RoleEnding]:
    """Within the transaction of `entry`, which holds the journal's lock: none of these bodies' roles is held from then on."""
    day, made = last_day_out(on), []
    with step(by=by, action="end_roles", entry=entry.number):
        for grant in held(codes, day).select_for_update():
            made.append(RoleEnding(grant=grant, entry=entry, period=grant.period, day=day))
            cut(grant, day)
        return RoleEnding.objects.bulk_create(made)


def give_back_roles(*, by: User, ended_by: Entry) -> tuple[int, int]:
    """Within the transaction that undoes `ended_by`: each role is held again as it was given. Returns how many are, and
    how many are not: who has left the register since, and who was given the same or less in the meantime."""
    back = kept = 0
    with step(by=by, action="give_back_roles", entry=ended_by.number):
        for ending in RoleEnding.objects.filter(entry=ended_by).select_related("grant__user"):
            grant = RoleGrant.objects.select_for_update().get(pk=ending.grant_id)
            if ending.grant.user.is_active and _as_it_was_cut(grant, ending) and not _given_again(grant, ending):
                grant.period = ending.period
                grant.save()
                back += 1
            else:
                kept += 1
    return back, kept


def _as_it_was_cut(grant: RoleGrant, ending: RoleEnding) -> bool:
    return grant.period.isempty if ending.period.lower >= ending.day else grant.period.upper == ending.day


def _given_again(grant: RoleGrant, ending: RoleEnding) -> bool:
    others = RoleGrant.objects.filter(user=grant.user_id, role=grant.role, object_ref=grant.object_ref)
    return others.exclude(pk=grant.pk).filter(period__overlap=ending.period).exists()
