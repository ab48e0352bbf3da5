"""Undo of one's own latest change of memberships: a compensating entry, while nothing builds on it (rule 1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q

from consortia.actions.lives import shared_life
from consortia.actions.transfer_letters import tell_undone, transfers_of_entry
from consortia.models import Consortium, LeftOut, Membership, MembershipUpload, TransferRequest, own_consortia
from consortia.roles import ROLES
from practices.models import Practice, PracticeParent
from registry import clock, journal
from registry.authorization import Permission, may, require
from registry.casework import step
from registry.errors import Refused, not_allowed, wrong_state
from registry.journal import Writer
from registry.models import Entry, EntryKind, RoleGrant, User
from registry.models.fact import Fact
from registry.timeline import last_day
from registry.undoing import take_back

LEADS = ("claim", "end_membership", "correct_claim", "agree_transfer")
STAFF = (*LEADS, "join", "leave", "correct_membership", "transfer_on_paper", "change_parent", "correct_parent")
"""The actions whose entries the pages offer to undo."""
TRANSFERS = ("agree_transfer", "transfer_on_paper")
TO_COME = ("end_membership", *TRANSFERS)
"""Those that others than who recorded them may cancel before their day."""
KINDS: tuple[type[Any], ...] = (Membership, LeftOut, PracticeParent)


def undo_change(*, by: User, entry: Entry, why: str = "") -> Entry:
    """Take back a whole entry of one's own: each practice that it touched is said again to be where it was before.

    Written as a void entry whose source names the undone one. Somebody who keeps the same consortium may cancel a
    leaving that is still to come, whichever keeper of it recorded it (one that staff recorded is theirs); who keeps the
    gaining one, or staff, a transfer that is. Raises Refused: 403 for somebody else's change or consortium; 409 where
    something builds on it, where it was undone already, or where what it would restore cannot be any more.
    """
    _require_own(by, entry)
    reason = why.strip() or f"Entry {entry.number} is undone: {entry.reason}"
    source = {"undoes": entry.number}
    with step(by=by, action="undo_change"):
        with journal.entry(by=by, action="undo_change", kind=EntryKind.VOID, reason=reason, source=source) as writer:
            touched = take_back(writer, entry)
            practices = {key[0] for key in touched.get(Membership, ())}
            _require_alive(writer, practices)
        assert writer.entry is not None  # an entry that left things as they were wrote nothing that could be undone
        for transfer in transfers_of_entry(entry.number):
            tell_undone(transfer, writer.entry.number)
    return writer.entry


def undoable(*, by: User, entries: Iterable[Entry]) -> set[int]:
    """Which of these entries the person may undo now, by number: a few questions for all of them."""
    numbers = _allowed(by, list(entries))
    if not numbers:
        return set()
    free = set(numbers)
    for model in KINDS:
        free -= _built_on(model, numbers)
    return free


def _built_on(model: type[Fact], numbers: set[int]) -> set[int]:
    """Those of the entries that a later one has changed a key of, in facts of this kind."""
    field = model.key_fields()[0].attname
    rows = model._default_manager.filter(Q(opened_by__in=numbers) | Q(closed_by__in=numbers))
    keys = set(rows.values_list(field, flat=True))
    if not keys:
        return set()
    touched: dict[int, set[int]] = defaultdict(set)
    later = model._default_manager.filter(**{f"{field}__in": keys}).filter(
        Q(opened_by__gte=min(numbers)) | Q(closed_by__gte=min(numbers))
    )
    for key, opened, closed in later.values_list(field, "opened_by_id", "closed_by_id"):
        touched[key] |= {n for n in (opened, closed) if n is not None}
    return {n for found in touched.values() for n in found & numbers if n < max(found)}


def _require_own(by: User, entry: Entry) -> None:
    if may(by, Permission.CHANGE_REGISTER):
        require(by, Permission.CHANGE_REGISTER)
    else:
        require(by, Permission.KEEP_MEMBERSHIP)
    if entry.action not in STAFF:
        raise wrong_state(
            f"Entry {entry.number} is no change of memberships that is undone here. Correct what is wrong instead."
        )
    if MembershipUpload.objects.filter(entry=entry).exists():
        raise wrong_state(f"Entry {entry.number} wrote a list. Undo the whole list on the list’s own page.")
    if not _allowed(by, [entry]):
        raise not_allowed(
            f"Entry {entry.number} is not a change of your own in a consortium that you keep, so you cannot undo it. Ask "
            "who recorded it, or correct what is wrong."
        )


def _allowed(by: User, entries: Sequence[Entry]) -> set[int]:
    """Those that are the person's to undo, whatever builds on them: their own; a leaving to come of a consortium that
    they keep; a transfer to come to one (the practice may have agreed by a link, and the entry be the register's). A
    list that was sent is undone on its own page. The same few questions for any number."""
    staff = may(by, Permission.CHANGE_REGISTER)
    rows = [e for e in entries if e.action in (STAFF if staff else LEADS)]
    rows = [e for e in rows if e.actor == by.ref or e.action in TO_COME]
    claims = [e.number for e in rows if e.action == "claim"]  # what a list of one's own consortium writes
    lists = MembershipUpload.objects.filter(entry__in=claims).values_list("entry", flat=True) if claims else ()
    rows = [e for e in rows if e.number not in set(lists)]
    if not rows:
        return set()
    leavings = _still_to_come(e.number for e in rows if e.action == "end_membership")
    gains = _transfers_to_come({e.number for e in rows if e.action in TRANSFERS})
    rows = [e for e in rows if e.actor == by.ref or e.number in leavings or e.number in gains]
    if staff:
        return {e.number for e in rows}
    kept, refs = own_consortia(by), _refs({e.number for e in rows})
    gained = dict(TransferRequest.objects.filter(entry__in=list(refs)).values_list("entry", "to_consortium__ref"))
    keepers = _keepers_of(kept) if any(e.number in leavings and e.actor != by.ref for e in rows) else set()
    return {
        e.number
        for e in rows
        if ({gained[e.number]} if e.number in gained else refs[e.number]) & kept
        and (e.actor == by.ref or e.number in gains or e.actor in keepers)
    }


def _keepers_of(refs: set[str]) -> set[str]:
    """The references of all who keep, or ever kept, one of these consortia."""
    held = RoleGrant.objects.filter(role__in=ROLES.values(), object_ref__in=refs)
    return set(held.values_list("user__ref", flat=True))


def _transfers_to_come(numbers: set[int]) -> dict[int, str]:
    """By entry, the consortium that gains the practice, where the day of the move is still to come."""
    if not numbers:
        return {}
    rows = TransferRequest.objects.filter(entry__in=numbers, on__gt=clock.today())
    return dict(rows.values_list("entry", "to_consortium__ref"))


def _still_to_come(numbers: Iterable[int]) -> set[int]:
    """The leavings of which no day has come: what they closed, they opened again for today."""
    today, known = clock.today(), list(numbers)
    rows = Membership.objects.filter(effective__contains=today)
    ended = set(rows.filter(closed_by__in=known).values_list("closed_by", "practice"))
    kept = set(rows.filter(opened_by__in=known).values_list("opened_by", "practice"))
    lost = {number for number, _ in ended - kept}
    return {number for number, _ in ended} - lost


def _refs(numbers: set[int]) -> dict[int, set[str]]:
    """By entry: the consortia whose memberships it changed."""
    found: dict[int, set[str]] = defaultdict(set)
    for end in ("opened_by", "closed_by"):
        rows = Membership.objects.filter(**{f"{end}__in": numbers})
        for number, ref in rows.values_list(end, "consortium__ref").distinct():
            found[number].add(ref)
    return found


def _require_alive(writer: Writer, practices: set[int]) -> None:
    """Every membership that would stand lies inside the lives of both ends (domain.md rule 4)."""
    codes = Practice.objects.in_bulk(practices)
    groups: dict[int, Consortium] = {}
    for pk in sorted(practices):
        for spell in writer.timeline(Membership, (pk,)):
            consortium = groups.get(spell.values[0]) or Consortium.objects.get(pk=spell.values[0])
            groups[consortium.pk] = consortium
            assert spell.start is not None
            try:
                life = shared_life(writer, codes[pk], consortium, spell.start)
            except Refused as refused:
                raise _cannot_stand(codes[pk], refused.message) from refused
            if life.end is not None and (spell.end is None or spell.end > life.end):
                ended = last_day(life.end)
                assert ended is not None
                raise _cannot_stand(
                    codes[pk], f"{codes[pk].code} and {consortium.ref} are both there until {ended:%-d %B %Y} only."
                )


def _cannot_stand(practice: Practice, why: str) -> Refused:
    return wrong_state(
        f"This cannot be undone: what the register said of {practice.code} before cannot be any more. {why} Correct its "
        "membership instead."
    )
