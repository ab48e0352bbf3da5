"""Registers of 151 trusts: one of which a few hand over, and one that two surveys asked."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

from practices.actions.load_reference import load_reference
from practices.models import BodyParticulars, ParentBody
from registry.models import User
from tests import factories as make
from tests.programme import person
from transitions.actions import Source, plan_stage, record_survey, set_budget_line, set_local_body, set_stage

OXFORDSHIRE, SOUTHWARK, CUMBRIA = "5QE", "5LE", "5NE"
AUGUST, FEBRUARY, APRIL = date(2010, 8, 1), date(2011, 2, 1), date(2011, 4, 1)
M = 1_000_000
PRESS = Source("press", "New dawn", "Gazette", date(2010, 8, 3))
PAPER = Source("document", "Board paper", "Oxfordshire PCT", date(2011, 2, 3))

SUMMER, KNOWN = date(2010, 8, 20), date(2010, 8, 25)
NAMED = {"5NE": "yes", "5NR": "yes", "5NC": "yes", "5NT": "partial", "5M6": "no", "5M2": "no"}
ARTICLE = Source("press", "New dawn for commissioning", publisher="Gazette", words="summer 2010")
TRUSTS: dict[str, Any] = {
    "title": "Trusts asked by a newspaper",
    "question": "Have you begun to hand over power to decide to GPs?",
    "asked_of": "trusts",
    "replied": 29,
    "words": "last week",
    "known_from": KNOWN,
    "source": ARTICLE,
}


def handed_over() -> SimpleNamespace:
    """The real trusts, of which a few tell something: Oxfordshire's story from 2010 to 2013, others for each class.
    Primary keys: `admin`, `left` (a practice that never joined)."""
    system = User.objects.system()
    load_reference(by=system)
    oxfordshire, southwark, cumbria = (ParentBody.objects.get(code=c) for c in (OXFORDSHIRE, SOUTHWARK, CUMBRIA))
    keep = {"by": system, "pct": oxfordshire}
    set_stage(**keep, stage="joint_working", on=AUGUST, source=PRESS)
    set_stage(**keep, stage="shadow_form", on=FEBRUARY, source=PAPER, note="all but <one>")
    plan = {**keep, "stage": "near_total_delegation", "source": PAPER}
    plan_stage(**plan, day=date(2011, 3, 31), words="by spring", known_from=AUGUST)
    plan_stage(**plan, day=date(2011, 4, 30), known_from=FEBRUARY, why="The Bill was paused.")
    set_stage(by=system, pct=cumbria, stage="partial_delegation", on=APRIL, source=PRESS)
    money = {"year": "2011/12", "on": APRIL, "line": "all", "source": PAPER}
    figures = {"total": 934 * M, "delegated": 644 * M, "retained": 291 * M, "rounding": M}
    set_budget_line(**keep, **money, **figures)
    set_budget_line(by=system, pct=cumbria, **money, total=850 * M, delegated=0, retained=850 * M, rounding=M)
    set_local_body(by=system, on=FEBRUARY, kind="locality_board", name="City board", source=PAPER, pct=oxfordshire)
    record_survey(
        by=system,
        title="Of trusts",
        question="Have you begun?",
        asked_of="trusts",
        replied=29,
        counts={"yes": (23, "")},
        known_from=AUGUST,
        source=PRESS,
    )
    left = practices(oxfordshire, southwark)
    return SimpleNamespace(admin=person("programme_admin").pk, left=left)


def practices(oxfordshire: ParentBody, southwark: ParentBody) -> int:
    """Three in OX4, two of which are in a pathfinder of the first wave; one in OX44, which is another district; and
    one of SE1. From April 2013 those of OX4 are under a group."""
    group = make.make_consortium("GC0001", name="Oxford Group")
    ours = [
        make.make_practice(
            f"Z0000{n}", pct=oxfordshire, patients=1000 * n, postcode=f"OX4 {n}AA", address="1 Way\nCowley"
        )
        for n in (1, 2, 3)
    ]
    make.make_practice("Z00004", pct=oxfordshire, patients=700, postcode="OX44 1AA", address="1 Way\nChalgrove")
    make.make_practice("Z00005", pct=southwark, patients=5000, postcode="SE1 1AA")
    for practice in ours[:2]:
        make.make_membership(practice, group, date(2010, 12, 8))
    make.make_wave(1)
    make.make_pathfinder("PF0001", consortia=[group], name="Oxford Pathfinder")
    ccg = make.make_body("10Q", "Oxfordshire", kind="ccg", start=date(2013, 4, 1))
    for practice in ours:
        make.make_parent(practice, ccg, date(2013, 4, 1))
    return ours[2].pk


def surveyed() -> SimpleNamespace:
    """Two surveys of an article: 23 of 29 trusts, six of them by name, and a quarter of GPs. Primary keys: `admin`, `lead` (of 5NE), `survey` (SV0001), `gps` (SV0002)."""
    sha = make.make_sha("Q31")
    codes = [*NAMED, *(f"Z{n:03d}" for n in range(151 - len(NAMED)))]
    with make.writing() as entry:
        for body in ParentBody.objects.bulk_create([ParentBody(code=code) for code in codes]):
            entry.new(BodyParticulars, [(body.pk,)])
            values = ("pct", f"Trust {body.code}", "", sha.pk, None, None)
            entry.set(BodyParticulars, (body.pk,), make.LONG_AGO, date(2013, 4, 1), values)
    admin = person("programme_admin")
    survey = record_survey(by=admin, counts={"yes": (23, "")}, **TRUSTS)
    gps = TRUSTS | {"asked_of": "gps", "title": "GPs", "replied": None, "question": "Are you in talks?"}
    told = record_survey(by=admin, counts={"yes": (None, "a quarter")}, **gps)
    return SimpleNamespace(admin=admin.pk, lead=person(pct_lead="5NE").pk, survey=survey.pk, gps=told.pk)
