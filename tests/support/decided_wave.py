"""A wave of the second one's size, made quickly: 89 bids, 2,183 practices (domain.md section 3.1)."""

from __future__ import annotations

from pathfinders.models import Answer, Bid, BidConsortium, BidPractice, CriteriaSet, Decision, Finding, Wave
from practices.models import Practice, PracticeParticulars, PracticeStatus
from tests import factories as make
from tests import programme as told

BIDS, PRACTICES = 89, 2_183


def decided_wave(who: told.People, bids: int = BIDS, practices: int = PRACTICES) -> Wave:
    """Rows in the order in which the actions would write them, many at a time."""
    wave, made = recommended_wave(who, bids, practices)
    Decision.objects.bulk_create(
        Decision(bid=b, number=1, outcome="approved", decided_by=who.approver, decided_on=told.DECIDED_ON, wave=wave)
        for b in made
    )
    Bid.objects.update(state="decided", decision_number=1, outcome="approved")
    return wave


def recommended_wave(who: told.People, bids: int = BIDS, practices: int = PRACTICES) -> tuple[Wave, list[Bid]]:
    """The same, assessed and recommended; with its bids."""
    wave = told.wave(who)
    with make.writing(kind="import") as entry:
        rows = Practice.objects.bulk_create([Practice(code=f"Y{n:05}") for n in range(practices)])
        entry.load(PracticeStatus)
        entry.load(PracticeParticulars)
        for row in rows:
            entry.set(PracticeStatus, (row.pk,), make.LONG_AGO, None, ("A",))
            entry.set(PracticeParticulars, (row.pk,), make.LONG_AGO, None, ("THE SURGERY", "", "", "", 4))
    criteria = CriteriaSet.objects.get()
    made = Bid.objects.bulk_create(
        Bid(ref=f"BID-2011-{n:04}", lead=who.lead, name=f"Pathfinder {n}", as_at=told.FEBRUARY)
        for n in range(1, bids + 1)
    )
    groups = BidConsortium.objects.bulk_create(BidConsortium(bid=b, position=1, name=f"{b.name} group") for b in made)
    BidPractice.objects.bulk_create(
        BidPractice(bid=made[n % bids], consortium=groups[n % bids], practice=row) for n, row in enumerate(rows)
    )
    Answer.objects.bulk_create(Answer(bid=b, criterion=c, text="x") for b in made for c in criteria.criteria.all())
    Bid.objects.update(state="submitted", submitted_on=told.FEBRUARY, criteria=criteria)
    Bid.objects.update(state="assessing", assessor=who.assessor)
    Finding.objects.bulk_create(
        Finding(bid=b, criterion=c, finding="met", by=who.assessor) for b in made for c in criteria.criteria.all()
    )
    Bid.objects.update(state="assessed", recommendation="approved", assessed_on=told.DECIDED_ON, wave=wave)
    return wave, made
