"""Bodies and arrangements under a trust or a consortium: locality boards, senates, polysystems (domain.md section 2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from consortia.actions.mint import next_ref
from consortia.models import Consortium, ConsortiumParticulars
from consortia.permissions import keeps, require_keeper
from practices.models import BodyParticulars, ParentBody
from registry import journal
from registry.actions.checks import kind_on, require_day, require_reason, said
from registry.errors import Refused, stale, wrong_state
from registry.journal import Writer
from registry.models import Entry, EntryKind, User
from registry.timeline import Spell, first_day_out
from transitions.actions.evidence import Source, recorded
from transitions.models import (
    Evidence,
    LocalBody,
    LocalBodyParticulars,
    LocalBodyStatus,
    TransitionWordKind,
)
from transitions.permissions import keeps_transition, require_transition_keeper, require_trust
from transitions.words import require_word

LENGTHS = {"name": 200, "reserved": 1_000, "people_words": 500, "exit_terms": 1_000}
AGREED = ("joint_working", "support_contract")
"""Arrangements between two sides: each says until when it is agreed, and how it is left before that."""
PCT, CONSORTIUM, REPLACES = 2, 3, 10
"""Where in a spell's values they stand (`LocalBodyParticulars.value_fields`)."""


@dataclass(frozen=True)
class Told:
    """What is told of a local body."""

    kind: str
    name: str
    pct: ParentBody | None
    consortium: Consortium | None
    status: str
    reserved: str
    people_words: str
    clinical_leads: int | None
    agreed_until: date | None
    exit_terms: str
    replaces: LocalBody | None

    def values(self, evidence: Evidence) -> tuple:
        given = (self.pct, self.consortium, self.replaces)
        pct, consortium, replaces = (one.pk if one is not None else None for one in given)
        return (
            self.kind, self.name, pct, consortium, self.status, self.reserved, self.people_words, self.clinical_leads,
            self.agreed_until, self.exit_terms, replaces, evidence.pk,
        )  # fmt: skip


def set_local_body(
    *,
    by: User,
    on: date,
    kind: str,
    name: str,
    source: Source | Evidence,
    body: LocalBody | None = None,
    pct: ParentBody | None = None,
    consortium: Consortium | None = None,
    status: str = LocalBodyStatus.RUNNING,
    reserved: str = "",
    people_words: str = "",
    clinical_leads: int | None = None,
    agreed_until: date | None = None,
    exit_terms: str = "",
    replaces: LocalBody | None = None,
    why: str = "",
    correction: bool = False,
    seen: int | None = None,
) -> LocalBody:
    """A local body is this from `on`, until the next that is told of it; without `body` it is a new one.

    It lives only on days on which what it is under does: where its trust or consortium ends and the other goes on, it
    goes on under that (domain.md rule 4). `seen`: the newest entry that told of it when the form was drawn.
    `correction`: what stands on `on` was recorded wrongly, and was this for all of its days. Raises Refused: 403; 409
    where the register says so already, or has nothing to correct; 412 where it has changed since; 422.
    """
    require_day(on)
    given = (pct, consortium, status, reserved, people_words, clinical_leads, agreed_until, exit_terms, replaces)
    told = _checked(Told(kind, name, *given), on)
    if body is not None:
        require_reason(why)
    reason = why.strip() or f"{told.name}, from {said(on)}"
    entry_kind = EntryKind.CORRECTION if correction else kind_on(on)
    with journal.entry(by=by, action="set_local_body", kind=entry_kind, reason=reason[:1_000]) as entry:
        stands = None if body is None else _standing(entry, by, body, on, seen)
        _may_place(by, told, stands)
        _alive(entry, told, on)
        if body is None:
            body = LocalBody.objects.create(ref=next_ref(LocalBody, "LB"))
            entry.new(LocalBodyParticulars, [(body.pk,)])
        _may_replace(entry, body, told, stands)
        _no_circle(entry, body, told.replaces)
        start, end = _days(entry, body, stands, on, correction)
        values = told.values(recorded(entry, source, by=by))
        if stands is not None and stands.values == values:
            raise Refused("no_change", "The register says just that already.", status=409)
        entry.set(LocalBodyParticulars, (body.pk,), start, end, values)
    return body


def end_local_body(*, by: User, body: LocalBody, last_day: date, why: str, seen: int | None = None) -> Entry | None:
    """It is no more after `last_day` (inclusive), nor is any budget delegated to it, all in one entry.

    Raises Refused: 403; 409 where it does not live on that day; 412 where it has changed since it was seen; 422.
    """
    require_day(last_day, "last_day")
    out = first_day_out(last_day)
    assert out is not None
    with journal.entry(by=by, action="end_local_body", kind=kind_on(out), reason=require_reason(why)) as entry:
        stands = _standing(entry, by, body, last_day, seen)
        if stands is None:
            raise wrong_state(f"{body.ref} is not there on {said(last_day)}, so that cannot be its last day.")
        spells = entry.timeline(LocalBodyParticulars, (body.pk,)).spells
        for later in spells:  # it may have moved since: who keeps it then is asked too
            if (later.end is None or later.end > out) and not _keeps(by, later):
                _refuse(by, later)
        if spells[-1].end == out:
            raise Refused("no_change", f"{said(last_day)} is its last day already.", status=409)
        entry.cap(LocalBodyParticulars, (body.pk,), out)
    return entry.entry


def newest_entry(body: LocalBody) -> int:
    """The number of the newest entry that told of it: what a form carries as `seen`."""
    pairs = LocalBodyParticulars.objects.filter(local_body=body).values_list("opened_by_id", "closed_by_id")
    return max((number for pair in pairs for number in pair if number), default=0)


def _checked(told: Told, on: date) -> Told:
    """The same, trimmed. Raises Refused (422) with the field that is wrong."""
    words = {field: getattr(told, field).strip() for field in LENGTHS}
    for field, text in words.items():
        if len(text) > LENGTHS[field]:
            raise Refused("too_long", f"Give at most {LENGTHS[field]:,} characters.", field=field)
    if not words["name"]:
        raise Refused("no_name", "Say what it is called.", field="name")
    require_word(TransitionWordKind.ARRANGEMENT, told.kind, on, "kind")
    if told.status not in LocalBodyStatus.values:
        known = ", ".join(LocalBodyStatus.values)
        raise Refused("bad_status", f"“{told.status[:20]}” is no state of a local body: {known}.", field="status")
    if told.pct is None and told.consortium is None:
        raise Refused("under_nobody", "Say which trust, or which consortium, it is under.", field="pct")
    if told.pct is not None:
        require_trust(told.pct)
    if told.clinical_leads is not None and not 0 <= told.clinical_leads <= 1_000:
        raise Refused("bad_number", "Give the number of clinical leads, from 0 to 1,000.", field="clinical_leads")
    _agreement(told.kind, told.agreed_until, words["exit_terms"], on)
    return Told(**{**told.__dict__, **words})


def _agreement(kind: str, until: date | None, exit_terms: str, on: date) -> None:
    if kind in AGREED and until is None:
        raise Refused(
            "no_end", "An arrangement is agreed until a day: give the last one that was agreed.", field="agreed_until"
        )
    if kind in AGREED and not exit_terms:
        sentence = "Say how either side leaves the arrangement before its end, or that the source does not say."
        raise Refused("no_exit", sentence, field="exit_terms")
    if until is not None and require_day(until, "agreed_until") < on:
        raise Refused("bad_day", f"{said(until)} is before it began: give a later last day.", field="agreed_until")


def _standing(entry: Writer, by: User, body: LocalBody, day: date, seen: int | None) -> Spell | None:
    """What stands of it on the day. Raises Refused for who does not keep it (403) or saw an older state (412)."""
    spells = entry.timeline(LocalBodyParticulars, (body.pk,)).spells
    stands = next((spell for spell in spells if spell.contains(day)), None)
    keeper = stands or (spells[-1] if spells else None)
    if keeper is not None and not _keeps(by, keeper):
        _refuse(by, keeper)
    if seen is not None and newest_entry(body) > seen:
        raise stale(f"{body.ref} was changed since you opened the form. Look at what is saved now, and save again.")
    return stands


def _keeps(by: User, spell: Spell) -> bool:
    pct, consortium = _above(spell)
    return (pct is not None and keeps_transition(by, pct)) or (consortium is not None and keeps(by, consortium))


def _above(spell: Spell) -> tuple[ParentBody | None, Consortium | None]:
    pct, consortium = spell.values[PCT], spell.values[CONSORTIUM]
    return (
        ParentBody.objects.get(pk=pct) if pct else None,
        Consortium.objects.get(pk=consortium) if consortium else None,
    )


def _refuse(by: User, spell: Spell) -> None:
    pct, consortium = _above(spell)
    if pct is not None:
        require_transition_keeper(by, pct)
    elif consortium is not None:
        require_keeper(by, consortium)


def _may_place(by: User, told: Told, stands: Spell | None) -> None:
    """Under a trust it is put by who keeps the trust, who alone may also take it from there; under a consortium alone,
    by who keeps that."""
    stood = _above(stands)[0] if stands is not None else None
    if told.pct is not None and told.pct != stood:
        require_transition_keeper(by, told.pct)
    elif told.pct is None and stood is not None:
        require_transition_keeper(by, stood)
    elif told.pct is None and told.consortium is not None:
        require_keeper(by, told.consortium)


def _alive(entry: Writer, told: Told, on: date) -> None:
    """Raise Refused (422) where what it is put under does not live on its first day."""
    for above, model, field in (
        (told.pct, BodyParticulars, "pct"),
        (told.consortium, ConsortiumParticulars, "consortium"),
    ):
        if above is not None and entry.timeline(model, (above.pk,)).at(on) is None:
            raise Refused("outside_life", f"{above} does not exist on {said(on)}. Check the day.", field=field)


def _days(
    entry: Writer, body: LocalBody, stands: Spell | None, on: date, correction: bool
) -> tuple[date | None, date | None]:
    if correction:
        if stands is None:
            raise wrong_state(f"Nothing of {body.ref} stands on {said(on)}, so there is nothing to correct.")
        return stands.start, stands.end
    if stands is not None:
        return on, stands.end
    return on, entry.timeline(LocalBodyParticulars, (body.pk,)).next_start(on)


def _may_replace(entry: Writer, body: LocalBody, told: Told, stands: Spell | None) -> None:
    """Raise Refused (422) where what it replaces was never under its trust or consortium; what stands may stay."""
    old = told.replaces
    if old is None or (stands is not None and stands.values[REPLACES] == old.pk):
        return
    own = {(PCT, told.pct.pk if told.pct else None), (CONSORTIUM, told.consortium.pk if told.consortium else None)}
    spells = entry.timeline(LocalBodyParticulars, (old.pk,)).spells
    if not any(above and spell.values[place] == above for spell in spells for place, above in own):
        whose = " or ".join(str(one) for one in (told.pct, told.consortium) if one is not None)
        sentence = (
            f"{body.ref} is under {whose}, and {old.ref} never was: a body replaces only one under the same trust or "
            "consortium. Check the reference, or leave it empty."
        )
        raise Refused("not_its_own", sentence, field="replaces")


def _no_circle(entry: Writer, body: LocalBody, replaces: LocalBody | None) -> None:
    """Raise Refused (422) where what it replaces has, through however many, replaced it."""
    if replaces is None:
        return
    entry.load(LocalBodyParticulars)  # a few hundred in all
    reached, ahead = set(), [replaces.pk]
    while ahead:
        reached.add(one := ahead.pop())
        before = {spell.values[REPLACES] for spell in entry.timeline(LocalBodyParticulars, (one,))}
        ahead += [pk for pk in before if pk is not None and pk not in reached]
    if body.pk in reached:
        sentence = f"{body.ref} cannot replace {replaces.ref}: that one has, itself or through others, replaced it."
        raise Refused("circle", sentence, field="replaces")
