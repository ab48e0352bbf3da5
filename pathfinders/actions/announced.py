"""What a release makes public of the wave's announcement: its words, the list by region, its claims, its services."""

from __future__ import annotations

from collections.abc import Mapping

from pathfinders.actions.announcing import Claim, next_claim_refs, write_claims
from pathfinders.actions.service_claims import COLUMNS
from pathfinders.models import Announcement, DraftClaim, Pathfinder, ServiceClaim, Wave, WaveAnnouncement, WaveListing
from pathfinders.plan import ReleasePlan
from registry.journal import Writer

PUBLISHER = "Department of Health"


def announcing_facts(entry: Writer, plan: ReleasePlan, pathfinders: Mapping[int, Pathfinder]) -> None:
    """Write them, effective from the day of the announcement. `pathfinders`: those just minted, by the bid's key."""
    wave, day = plan.wave, plan.wave.announced_on
    entry.new(WaveListing, [(p.pk,) for p in pathfinders.values()])
    entry.new(WaveAnnouncement, [(wave.number,)])  # a wave is released once
    for planned in plan.founding:
        entry.set(WaveListing, (pathfinders[planned.bid.pk].pk,), day, None, (wave.number, planned.sha))
    draft = getattr(wave, "announcement", None)
    if draft is None:
        return  # a check stops the release of a wave without one
    entry.set(WaveAnnouncement, (wave.number,), day, None, (draft.title, draft.text, draft.notes))
    claims = [_claim(row, wave, draft) for row in draft.claims.all()]
    write_claims(entry, claims, {wave.number: day})
    services = list(draft.services.all())
    refs = next_claim_refs(ServiceClaim, "AS", len(services))
    entry.new(ServiceClaim, [(ref,) for ref in refs])
    for ref, row in zip(refs, services, strict=True):
        told = {name: getattr(row, name) for name in COLUMNS}
        told |= {"wave": wave.number, "publisher": PUBLISHER, "published": day.isoformat()}
        values = tuple(told[f.name] for f in ServiceClaim.value_fields())
        entry.set(ServiceClaim, (ref,), day, None, values)


def _claim(row: DraftClaim, wave: Wave, draft: Announcement) -> Claim:
    """In the Department's name, of the announcement's day."""
    same = ("metric", "value", "words", "extent", "scope_kind", "scope", "rounding", "note", "reconciliation")
    return Claim(
        **{name: getattr(row, name) for name in same},
        wave=wave.number,
        publisher=PUBLISHER,
        published=wave.announced_on.isoformat(),
        title=draft.title,
    )
