"""A PCT's comment and an SHA's assessment: asked for when a bid is handed in, answered or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from pathfinders import letters, service
from pathfinders.actions.work import text_of, working_beside
from pathfinders.models import Bid, CriteriaSet, FindingValue, Stage, StageFinding, StageKind, View
from pathfinders.querysets import asked_of
from pathfinders.regions import bodies_of
from practices.models import BodyParticulars
from registry import clock, outbox
from registry.actions.checks import said
from registry.errors import Refused, not_allowed, stale
from registry.models import RoleGrant, User

HOLDERS = {StageKind.PCT: "pct_lead", StageKind.SHA: "sha_assessor"}
"""Which role answers which kind of stage."""


def open_stages(bid: Bid, on: date, sets: Sequence[CriteriaSet]) -> list[Stage]:
    """Ask each PCT and SHA of the bid's practices that was not asked yet, and write to whoever holds their role today.

    An SHA's stage locks that SHA's own criteria as published by the bid's date (domain.md rule 13), one of the `sets`
    that the bid answers (`Bid.sets_in_force`).
    """
    asked = set(bid.stages.values_list("body", flat=True))
    found = bodies_of([bid.pk]).get(bid.pk, [])
    pcts = {b.pct: b for b in found}
    shas = {b.sha: b.sha_code for b in found if b.sha is not None}
    local = {criteria.scope: criteria for criteria in sets}
    wanted = [Stage(kind=StageKind.PCT, body_id=pk, above_id=b.sha) for pk, b in pcts.items()]
    wanted += [Stage(kind=StageKind.SHA, body_id=pk, criteria=local.get(code)) for pk, code in shas.items()]
    new = [stage for stage in wanted if stage.body_id not in asked]
    for stage in new:
        stage.bid, stage.asked_on, stage.due_on = bid, on, service.due(stage.kind, on)
    Stage.objects.bulk_create(new)
    _write_to_their_people(bid, new, {b.pct: b.pct_code for b in found} | shas)
    return new


def _write_to_their_people(bid: Bid, stages: list[Stage], codes: Mapping[int, str]) -> None:
    asked = {(HOLDERS[StageKind(s.kind)], codes[s.body_id]): s for s in stages}
    grants = RoleGrant.objects.filter(
        role__in=HOLDERS.values(),
        object_ref__in=[code for _, code in asked],
        period__contains=clock.today(),
        user__is_active=True,
        user__email__isnull=False,
    )
    told = [(g.user, asked[g.role, g.object_ref]) for g in grants.select_related("user").order_by("pk")
            if (g.role, g.object_ref) in asked]  # fmt: skip
    if not told:
        return
    bodies = BodyParticulars.objects.current().filter(
        body__in={s.body_id for _, s in told}, effective__contains=bid.as_at
    )
    names = dict(bodies.values_list("body", "name"))
    for person, stage in told:
        if bid.belongs_to(person):
            continue
        body = names.get(stage.body_id, codes[stage.body_id])
        letter = letters.compose("opinion_asked", bid, to=person, day=said(stage.due_on), body=body)
        outbox.post(to=person, about=bid.ref, **letter)


def give_opinion(
    *,
    by: User,
    stage: Stage,
    version: int,
    view: str,
    text: str = "",
    findings: Mapping[str, tuple[str, str]] | None = None,
) -> Stage:
    """A PCT's comment, or an SHA's assessment with a finding on each criterion of its own set: (finding, note) by key.

    Taken from submission to release, also after its date, and again where the body has more to say: whatever staff have
    done meanwhile, so that no refusal tells of it. `version` is the stage's. Raises Refused 403 for another body's,
    409 once released, 412, 422 with the field: `view`, `text`, or `finding-KEY` and `note-KEY`.
    """
    with working_beside(stage.bid, by=by, action="give_opinion"):
        held = Stage.objects.select_for_update().filter(pk=stage.pk)
        if not held.filter(asked_of(by)).exists():
            raise not_allowed(f"This is for {stage.body.code} to answer; you hold no role of theirs.")
        answered = held.get()
        if answered.version != version:
            raise stale("Somebody of your own has replied since you opened this page. Look at the reply as it is now.")
        if view not in View.values:
            raise Refused("no_view", "Choose whether you support the bid.", field="view")
        answered.text = text_of(text, field="text", what="A comment", most=20_000)
        if view != View.SUPPORT and not answered.text:
            raise Refused("no_text", "Say why: staff weigh the bid by it.", field="text")
        _find(answered, findings or {})
        answered.view, answered.replied_on, answered.replied_by = view, clock.today(), by
        answered.version += 1
        answered.save()
    return answered


def _find(stage: Stage, findings: Mapping[str, tuple[str, str]]) -> None:
    """Write what an SHA finds on its criteria: on all of them, and on no others."""
    asked = {c.key: c for c in stage.criteria.criteria.all()} if stage.criteria else {}
    if unknown := sorted(set(findings) - set(asked)):
        raise Refused("no_criterion", f"“{unknown[0]}” is not one of this stage's criteria.", field=unknown[0])
    wrong = []
    for key, criterion in asked.items():
        finding, note = findings.get(key, ("", ""))
        if finding not in FindingValue.values:
            wrong.append({"field": f"finding-{key}", "message": f"Choose a finding on “{criterion.title}”."})
        elif finding != FindingValue.MET and not note.strip():
            wrong.append({"field": f"note-{key}", "message": f"Say what is missing of “{criterion.title}”."})
    if wrong:
        raise Refused("findings_missing", wrong[0]["message"], field=wrong[0]["field"], detail=wrong)
    StageFinding.objects.bulk_create(
        [
            StageFinding(
                stage=stage,
                criterion=asked[key],
                finding=finding,
                note=text_of(note, field=f"note-{key}", what="A note", most=20_000),
            )
            for key, (finding, note) in findings.items()
        ],
        update_conflicts=True,
        unique_fields=["stage", "criterion"],
        update_fields=["finding", "note"],
    )
