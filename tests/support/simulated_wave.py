"""A wave as large as the whole programme became: 220 assessed bids that name 7,000 practices (domain.md section 3.1)."""

from __future__ import annotations

from pathfinders.models import Bid, BidConsortium, BidPractice, CriteriaSet, Finding, Wave
from practices.models import ListSize, ParentBody, Practice, PracticeParent, PracticeParticulars, PracticeStatus
from tests import factories as make
from tests import programme as told

BIDS, CLAIMED, PRACTICES = 220, 7_000, 8_200
SHAS, PCTS = 10, 150


def simulated_wave(who: told.People, bids: int = BIDS, claimed: int = CLAIMED, practices: int = PRACTICES) -> Wave:
    """Every tenth practice that is claimed is confirmed, every fortieth is named by two bids; every hundredth of all
    has no list. Bids of one to three consortia."""
    wave = told.wave(who)
    rows = _practices(practices)
    criteria = CriteriaSet.objects.get(scope="national")
    made = Bid.objects.bulk_create(
        Bid(ref=f"BID-2011-{n:04}", lead=who.lead, name=f"Pathfinder {n}", as_at=told.FEBRUARY) for n in range(bids)
    )
    groups = BidConsortium.objects.bulk_create(
        BidConsortium(bid=bid, position=p, name=f"{bid.name}, {p}")
        for n, bid in enumerate(made)
        for p in range(1, n % 3 + 2)
    )
    of: dict[int, list[BidConsortium]] = {}
    for group in groups:
        of.setdefault(group.bid_id, []).append(group)
    said = {"answered_by": who.lead, "answered_on": told.FEBRUARY}
    claims = []
    for n, row in enumerate(rows[:claimed]):
        for bid in (made[n % bids], *([made[(n + 1) % bids]] if n % 40 == 0 and bids > 1 else [])):
            answer = {"answer": "confirmed", **said} if n % 10 == 0 else {}
            claims.append(BidPractice(bid=bid, consortium=of[bid.pk][n % len(of[bid.pk])], practice=row, **answer))
    BidPractice.objects.bulk_create(claims)
    mine = Bid.objects.filter(pk__in=[bid.pk for bid in made])
    mine.update(state="submitted", submitted_on=told.FEBRUARY, criteria=criteria)
    mine.update(state="assessing", assessor=who.assessor)
    Finding.objects.bulk_create(
        Finding(bid=bid, criterion=c, finding="not" if n % 5 == 0 else "met", note="x", by=who.assessor)
        for n, bid in enumerate(made)
        for c in criteria.criteria.all()
    )
    mine.update(state="assessed", recommendation="approved", assessed_on=told.DECIDED_ON, wave=wave)
    return wave


def _practices(many: int) -> list[Practice]:
    shas = [make.make_sha(f"Q3{n}") for n in range(SHAS)]
    pcts: list[ParentBody] = [make.make_pct(f"5{n:02}", sha=shas[n % SHAS]) for n in range(min(PCTS, 100))]
    days = make.quarter_days("2010Q4")
    with make.writing(kind="import") as entry:
        rows = Practice.objects.bulk_create([Practice(code=f"Y{n:05}") for n in range(many)])
        for kind in (PracticeStatus, PracticeParticulars, PracticeParent, ListSize):
            entry.load(kind)
        for n, row in enumerate(rows):
            entry.set(PracticeStatus, (row.pk,), make.LONG_AGO, None, ("A",))
            entry.set(PracticeParticulars, (row.pk,), make.LONG_AGO, None, ("THE SURGERY", "", "", "", 4))
            entry.set(PracticeParent, (row.pk,), make.LONG_AGO, None, (pcts[n % len(pcts)].pk,))
            if n % 100:
                entry.set(ListSize, (row.pk,), *days, ("2010Q4", 1_000 + n))
    return rows
