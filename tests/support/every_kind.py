"""A small register in which every kind of fact stands: one open and one closed. A new kind must be added here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from consortia.attested import sha256_of
from consortia.models import AttestedList, Consortium
from pathfinders.models import Pathfinder
from practices.models import ParentBody, Practice, PracticeParticulars, PracticeStatus
from registry.journal import Writer
from registry.models import Fact, fact_kinds
from tests.factories import writing
from transitions.models import Cluster, Evidence, LocalBody, Survey

START, CHANGE = date(2011, 1, 1), date(2012, 1, 1)
Sample = tuple[tuple[Any, ...], tuple[Any, ...]]  # key, values


class Bodies:
    """Two of each identity, made inside the open entry; and a living practice that belongs nowhere."""

    def __init__(self, entry: Writer) -> None:
        self.practice, self.other_practice = (Practice.objects.create(code=f"Z9000{n}") for n in (1, 2))
        self.alone = Practice.objects.create(code="Z90003")
        entry.set(PracticeStatus, (self.alone.pk,), START, None, ("A",))
        entry.set(PracticeParticulars, (self.alone.pk,), START, None, ("ALONE", "", "", "", 4))
        self.pct, self.other_pct = (ParentBody.objects.create(code=f"5Z{n}") for n in (1, 2))
        self.consortium, self.other_consortium = (Consortium.objects.create(ref=f"GC900{n}") for n in (1, 2))
        self.pathfinder, self.other_pathfinder = (Pathfinder.objects.create(ref=f"PF900{n}") for n in (1, 2))
        self.evidence, self.other_evidence = (Evidence.objects.create(ref=f"EV900{n}") for n in (1, 2))
        self.local_body, self.other_local_body = (LocalBody.objects.create(ref=f"LB900{n}") for n in (1, 2))
        self.survey, self.other_survey = (Survey.objects.create(ref=f"SV900{n}") for n in (1, 2))
        self.cluster, self.other_cluster = (Cluster.objects.create(ref=f"CL900{n}") for n in (1, 2))
        AttestedList.objects.create(sha256=sha256_of(ATTESTED), content=ATTESTED)


ATTESTED = "code,name,status,from\nZ90001,SURGERY,allocated,2011-01-01\n"  # what the samples below come to
POINT = (Decimal("-1.5"), Decimal("52.25"))
CLAIMED = (1, "share", "cumulative", "england", "England", Decimal("25.0"), "about", "a quarter")
PRINTED = ("Gazette", "A title", "https://example.org/1", "2010-12", "", "denominator")
SAMPLES: dict[str, Callable[[Bodies], Sample]] = {
    "announced_claim": lambda b: (("AC9001",), (*CLAIMED, *PRINTED)),
    "body_identifier": lambda b: ((b.pct.pk, "ods", "5Z9"), ("provisional",)),
    "body_particulars": lambda b: ((b.pct.pk,), ("pct", "Trust é", "E16000001", b.other_pct.pk, *POINT)),
    "body_succession": lambda b: ((b.pct.pk, b.other_pct.pk), ("split", Decimal("0.6"), Decimal("0.55"))),
    "branch": lambda b: ((b.practice.pk, "001"), ("Branch é", "2 High St\nTown", "ZZ1 1ZZ")),
    "consortium_identifier": lambda b: ((b.consortium.pk, "ods", "00K"), ("provisional",)),
    "consortium_particulars": lambda b: ((b.consortium.pk,), ("Group", "federation")),
    "consortium_succession": lambda b: ((b.consortium.pk, b.other_consortium.pk), ("split", Decimal("0.6"))),
    "decision": lambda b: (
        ("BID-2010-9001", 2),
        (
            *(1, "Group", "approved", date(2010, 12, 1), "", "national-1", b.pathfinder.pk),
            *(date(2010, 11, 1), "Y30", "P-ABCDEFGH", "The Secretary of State"),
        ),
    ),
    "condition": lambda b: (("BID-2010-9001", 1, 1), ("Say who leads", date(2011, 6, 1), date(2011, 5, 1))),
    "leader_interest": lambda b: (("BID-2010-9001", 1), (True,)),
    "finding": lambda b: (("BID-2010-9001", 1, "gp_backing"), ("met",)),
    "left_out_at_release": lambda b: (("BID-2010-9001", b.practice.pk), ("closed",)),
    "attestation": lambda b: ((b.consortium.pk, "2011Q1"), (1, sha256_of(ATTESTED))),
    "left_out": lambda b: ((b.alone.pk,), ("undecided", "pct")),
    "list_size": lambda b: ((b.practice.pk,), ("2011Q1", 5000)),
    "membership": lambda b: (
        (b.practice.pk,),
        (b.consortium.pk, "allocated", "allocated", "settled", "The Act, s. 14A"),
    ),
    "milestone": lambda b: (("deadline",), ("All é", date(2012, 10, 1), "autumn 2012", False, "", "Pulse")),
    "operational_life": lambda b: ((b.pct.pk,), ()),
    "pathfinder_particulars": lambda b: ((b.pathfinder.pk,), ("Group", 1, START, START, date(2011, 4, 1))),
    "pathfinder_succession": lambda b: ((b.pathfinder.pk, b.other_pathfinder.pk), ("split", Decimal("0.6"))),
    "post": lambda b: ((b.consortium.pk, "lead", "P-ABCDEFGH"), ()),
    "practice_parent": lambda b: ((b.practice.pk,), (b.pct.pk,)),
    "practice_particulars": lambda b: (
        (b.practice.pk,),
        ("SURGERY", "1 High St\nTown\tEnd \\ x", "ZZ1 1ZZ", "01632 960001", 4),
    ),
    "practice_place": lambda b: ((b.practice.pk,), POINT),
    "practice_status": lambda b: ((b.practice.pk,), ("A",)),
    "practice_succession": lambda b: ((b.other_practice.pk, b.practice.pk), ("merge",)),
    "programme_place": lambda b: ((b.pathfinder.pk, b.consortium.pk), ()),
    "wave_day": lambda b: ((1, "closes_on", 2), (date(2010, 11, 12), False, "More time é")),
    "service_claim": lambda b: (
        ("AS9001",),
        (
            *(1, "group", "Group é", "Ophthalmology", "planned", "referrals", Decimal("-2.50"), "per cent"),
            *("the year before", "a year", "A clinic opens", "Gazette", "2010-12"),
        ),
    ),
    "wave_announcement": lambda b: ((1,), ("A title", "Text é\nof two lines", "Notes")),
    "wave_listing": lambda b: ((b.pathfinder.pk,), (1, "Y54")),
    "wave_release": lambda b: ((1,), (START,)),
    "allowance": lambda b: (
        ("GC9001", "2011/12", "development"),
        (Decimal("2.00"), 5000, 10_000, START, "The framework é"),
    ),
    "budget_line": lambda b: (
        (b.pct.pk, "2011/12", "all"),
        (934_000_000, 644_000_000, 291_000_000, None, 1_000_000, "é", b.evidence.pk),
    ),
    "cluster_particulars": lambda b: ((b.cluster.pk,), ("Cluster é", "pct", "The Department")),
    "cluster_place": lambda b: ((b.pct.pk,), (b.cluster.pk,)),
    "delegation": lambda b: ((b.pct.pk, "2011/12", "all", "GC9001"), (644_000_000, "shadow", "", b.evidence.pk)),
    "evidence_document": lambda b: ((b.evidence.pk, "ab" * 32), ("Paper é.pdf", "pdf", 9)),
    "evidence_particulars": lambda b: (
        (b.evidence.pk,),
        ("press", "A title é", "Pulse", START, "summer", "https://example.org/1"),
    ),
    "local_body_particulars": lambda b: (
        (b.local_body.pk,),
        (
            "clinical_senate",
            "Senate é",
            b.pct.pk,
            b.consortium.pk,
            "running",
            "Large ones",
            "Six leads",
            6,
            CHANGE,
            "Three months' notice",
            b.other_local_body.pk,
            b.evidence.pk,
        ),
    ),
    "planned_stage": lambda b: ((b.pct.pk, "shadow_form"), (date(2011, 12, 31), "during 2011", "", b.evidence.pk)),
    "survey_answer": lambda b: ((b.survey.pk, b.pct.pk), ("partial", "Some é")),
    "survey_count": lambda b: ((b.survey.pk, "yes"), (23, "")),
    "survey_particulars": lambda b: (
        (b.survey.pk,),
        ("Survey é", "Has it begun?", "trusts", None, 29, START, CHANGE, "last week", b.evidence.pk),
    ),
    "transition_stage": lambda b: ((b.pct.pk, b.evidence.pk), ("shadow_form", "é")),
    "weighted_population": lambda b: ((b.pct.pk, "2011/12"), (350_000, "The exposition book é")),
}


def write_every_kind() -> None:
    """Entry by entry: each kind is opened; each is cut at the end of 2011 (one fact closed, one opened)."""
    with writing("first") as entry:
        keys = _open_all(entry)
    with writing("second") as entry:
        for model, key in keys:
            entry.clear(model, key, CHANGE, None)


def _open_all(entry: Writer) -> list[tuple[type[Fact], tuple[Any, ...]]]:
    bodies, keys = Bodies(entry), []
    for name, model in fact_kinds().items():
        assert name in SAMPLES, f"tests/support/every_kind.py has no sample of {name}"
        key, values = SAMPLES[name](bodies)
        entry.set(model, key, START, None, values)
        keys.append((model, key))
    return keys
