"""Consortia merge, split, and change their names: each drawn over an entry (domain.md rules 14 to 16)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from consortia.models import Consortium, MembershipReason, SuccessionKind
from pathfinders.succession.draft import CONSORTIA, Draft
from pathfinders.succession.drawing import preview, shares
from pathfinders.succession.plan import Plan, listed, refuse_name
from practices.pasting import pasted
from registry.actions.checks import require_day, said
from registry.errors import Refused

LEFT_REASONS = {
    "undecided": "Undecided",
    "conscientious_objection": "Conscientious objection",
    "refused_by_consortium": "Refused by the consortium",
    "new_practice": "New practice",
    "apms": "GP-led health centre or APMS",
    "special_population": "Special population (prison, homeless people)",
    "dispute": "Dispute",
    "not_asked": "Not asked",
}
"""Why a practice is in no consortium (domain.md section 4)."""


def plan_merger(
    *, consortia: Sequence[Consortium], into: Consortium | None = None, name: str = "", form: str = "", on: date
) -> Plan:
    """What merging them would do, from what stands now. Raises Refused as `merge_consortia` does."""
    return preview(on, lambda draft: draw_merger(draft, consortia=consortia, into=into, name=name, form=form))


def plan_split(*, consortium: Consortium, parts: Sequence[Mapping[str, Any]], on: date) -> Plan:
    """What splitting it would do, from what stands now. Raises Refused as `split_consortium` does."""
    return preview(on, lambda draft: draw_split(draft, consortium=consortium, parts=parts))


def plan_rename(*, consortium: Consortium, name: str, on: date) -> Plan:
    return preview(on, lambda draft: draft.rename(CONSORTIA, consortium, refuse_name(name)))


def draw_merger(
    draft: Draft, *, consortia: Sequence[Consortium], into: Consortium | None, name: str, form: str
) -> None:
    """All but `into` end on the day; what was theirs is `into`'s from then on, or that of a new one of this name."""
    require_day(draft.on)
    going = [c for c in dict.fromkeys(consortia) if into is None or c.pk != into.pk]
    if len(going) < (2 if into is None else 1):
        raise Refused(
            "too_few", "Name at least two different consortia: one cannot merge with itself.", field="consortia"
        )
    told = [draft.goes(CONSORTIA, c, "merge", "consortia") for c in going]
    if into is None:
        forms = {values[1] for values in told}
        name = refuse_name(name)
        to = draft.make_consortium(name, form.strip() or (forms.pop() if len(forms) == 1 else ""))
        draft.title = f"{listed(c.ref for c in going)} merge into a new consortium, {name}"
    else:
        if name.strip():
            raise Refused("name_kept", f"{into.ref} keeps its name: rename it apart from this.", field="name")
        draft.stays(CONSORTIA, into, going, "take another over", "into")
        to = into
        draft.title = f"{listed(c.ref for c in going)} {'become' if len(going) > 1 else 'becomes'} part of {into.ref}"
    kind = SuccessionKind.ABSORB if into else SuccessionKind.MERGE
    for gone in going:
        draft.end(CONSORTIA, gone)
        draft.succeed(CONSORTIA, gone, to, kind)
        draft.lead_to[gone.ref] = (to,)
    draft.carry_members(lambda gone, code: to, MembershipReason.MERGED_IN)
    draft.carry_places(lambda pathfinder, gone: [(pathfinder, to.pk)], consortium__in=[c.pk for c in going])
    draft.carry_posts([to])
    draft.warn_of_places()


def draw_split(draft: Draft, *, consortium: Consortium, parts: Sequence[Mapping[str, Any]]) -> None:
    """It ends on the day; each part takes the practices named for it, which must be all there are.

    A part: `{"name": ..., "form": ..., "practices": [codes]}` is a new consortium, `{"ref": ..., ...}` one there is,
    one of them may have `"rest": True`, and takes whoever is not named. `{"left": reason, ...}`: those who belong to
    none from then on, with a word of `LEFT_REASONS`.
    """
    require_day(draft.on)
    form = draft.goes(CONSORTIA, consortium, "split", "consortium")[1]
    where: dict[str, Consortium | None] = {}
    successors: list[Consortium] = []
    rest: Consortium | None = None
    for number, part in enumerate(parts, start=1):
        to = _part(draft, part, form, consortium, number)
        for code in _codes(part):
            if code in where:
                raise Refused("placed_twice", f"{code} is placed twice: name it for one part.", field="parts")
            where[code] = to
        if to is not None:
            if any(to.pk == s.pk for s in successors):
                raise Refused("same_part", f"{draft.label(to)} is named for two parts.", field="parts")
            successors.append(to)
            rest = to if part.get("rest") else rest
    if len(successors) < 2:
        raise Refused("too_few", "A split has at least two parts that are consortia. Name another.", field="parts")
    draft.title = f"{consortium.ref} splits into {listed(draft.label(s) for s in successors)}"
    draft.end(CONSORTIA, consortium)
    draft.carry_members(lambda gone, code: where.get(code, rest), MembershipReason.TRANSFERRED)
    _require_all_placed(draft, consortium, where, rest)
    for to, share in zip(successors, _shares(draft, successors), strict=True):
        draft.succeed(CONSORTIA, consortium, to, SuccessionKind.SPLIT, share)
    made = [s for s in successors if (Consortium, s.pk) in draft.new]
    draft.lead_to[consortium.ref] = tuple(made)
    draft.carry_places(
        lambda pathfinder, gone: [(pathfinder, s.pk) for s in successors], consortium__in=[consortium.pk]
    )
    draft.carry_posts(made)
    if len(made) < len(successors):
        theirs = listed(s.ref for s in successors if s not in made)
        draft.warnings.append(f"The leads of {consortium.ref} do not come to lead {theirs}, which has its own.")
    draft.warn_of_places()


def _part(draft: Draft, part: Mapping[str, Any], form: str, whole: Consortium, number: int) -> Consortium | None:
    if "left" in part:
        if part["left"] not in LEFT_REASONS:
            raise Refused("bad_reason", "Say why those practices are left in no consortium.", field="left_reason")
        return None
    if ref := str(part.get("ref", "")).strip().upper():
        found = Consortium.objects.filter(ref=ref).first()
        if found is None:
            raise Refused("unknown_object", f"The register knows no consortium {ref}.", field=f"part_{number}")
        if found.pk == whole.pk:
            raise Refused(
                "same",
                f"{ref} ends when it splits. Practices that leave while it goes on are recorded as joining another.",
                field=f"part_{number}",
            )
        draft.stays(CONSORTIA, found, [whole], "take practices over", f"part_{number}")
        return found
    name = refuse_name(str(part.get("name", "")), field=f"part_{number}")
    if any(label == f"{name} (new)" for label in draft.new.values()):
        raise Refused(
            "same_name", f"Two parts are called {name}: give each a name of its own.", field=f"part_{number}"
        )
    return draft.make_consortium(name, str(part.get("form", "")).strip() or form)


def _codes(part: Mapping[str, Any]) -> list[str]:
    return [code for given in part.get("practices", ()) for _, code in pasted(str(given))]


def _shares(draft: Draft, successors: list[Consortium]) -> list[Decimal]:
    """Of the practices that went to a part, the part of each."""
    counts = [len({m.practice for m in draft.moves if m.to is not None and m.to.pk == s.pk}) for s in successors]
    if not all(counts):
        empty = draft.label(successors[counts.index(0)])
        raise Refused(
            "empty_part", f"{empty} has no practice: name its practices, or leave the part out.", field="parts"
        )
    return shares(counts)


def _require_all_placed(draft: Draft, whole: Consortium, where: Mapping[str, Any], rest: Consortium | None) -> None:
    """Nobody is lost, and nobody is placed who is not a member (rule 14)."""
    strangers = sorted(set(where) - {m.code for m in draft.moves})
    if strangers:
        raise Refused(
            "not_a_member",
            f"{listed(strangers[:8])} {'is' if len(strangers) == 1 else 'are'} no member of {whole.ref} on "
            f"{said(draft.on)} or later: take the code out.",
            field="parts",
        )
    unplaced = [] if rest else sorted({m.code for m in draft.moves} - set(where))
    if unplaced:
        raise Refused(
            "unplaced",
            f"{len(unplaced)} member{'s are' if len(unplaced) > 1 else ' is'} not placed: {listed(unplaced[:8])}"
            f"{' among them' if len(unplaced) > 8 else ''}. Name a part for each, or leave it in none with a reason.",
            field="parts",
            detail=[{"code": code} for code in unplaced],
        )


def left_out(parts: Sequence[Mapping[str, Any]]) -> str:
    """A sentence for the journal: who is left in no consortium, and why."""
    told = [
        f"{listed(sorted(_codes(p)))} ({LEFT_REASONS.get(p['left'], '').lower()})"
        for p in parts
        if "left" in p and _codes(p)
    ]
    return f" Left in no consortium: {'; '.join(told)}." if told else ""
