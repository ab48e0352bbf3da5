"""A small England that is handed over on 1 April 2013: practices stay, close, merge, open and are left out."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

from consortia.models import ConsortiumSuccession
from practices.models import BodySuccession, PracticeSuccession
from registry.models import Entry, Installation
from tests import factories as make

LAST, FIRST = date(2013, 3, 31), date(2013, 4, 1)
RECODED = date(2011, 4, 15)
MERGED = date(2012, 4, 1)


def build() -> SimpleNamespace:
    """Under PCT 5AA: Z00001 (1,000, then 1,100) and Z00012, absorbed by it (120); Z00002 (2,000); Z00003 (300, no CCG).
    Under 5BB: Z00004 (400, closed); Z00005 (500, absorbed by Z00002); Z00006 (no list); Z00008, a prison; Z00009 (900),
    which became part of Z00010 (600), which became part of Z00011, new. TAM, from 15 April 2011 5QW: Z00013 (50).

    CCG 08A: Z00001, Z00011. 08B: Z00002, Z00006, Z00007 (700, new), Z00013. Consortia: GC0001 (Z00001) and GC0002 (Z00002,
    Z00006) became GC0003 on 1 April 2012; GC0004 (Z00003) is recorded last of all.
    """
    Installation.declare(demonstration=False)
    q36 = make.make_sha("Q36", "London", last_day=LAST)
    pcts = {code: make.make_pct(code, sha=q36, name=f"{code} PCT") for code in ("5AA", "5BB")}
    pcts["TAM"] = make.make_pct("TAM", sha=q36, kind="care_trust", last_day=date(2011, 4, 14))
    pcts["5QW"] = make.make_pct("5QW", sha=q36, start=RECODED)
    ccgs = {code: make.make_body(code, f"NHS {code} CCG", kind="ccg", start=FIRST) for code in ("08A", "08B")}
    p: dict[int, Any] = {}
    for n, pct, ccg, patients in (
        (1, "5AA", "08A", 1000), (2, "5AA", "08B", 2000), (3, "5AA", None, 300), (6, "5BB", "08B", None),
        (13, "TAM", "08B", 50),
    ):  # fmt: skip
        p[n] = make.make_practice(f"Z{n:05}", patients=patients, quarter="2012Q4")
        make.make_parent(p[n], pcts[pct], make.LONG_AGO, date(2011, 4, 14) if pct == "TAM" else LAST)
        if ccg:
            make.make_parent(p[n], ccgs[ccg], FIRST)
    make.make_parent(p[13], pcts["5QW"], RECODED, LAST)
    for n, pct, patients in ((4, "5BB", 400), (5, "5BB", 500), (9, "5BB", 900), (10, "5BB", 600), (12, "5AA", 120)):
        p[n] = make.make_practice(f"Z{n:05}", pct=pcts[pct], last_day=LAST, patients=patients, quarter="2012Q4")
    p[7] = make.make_practice("Z00007", pct=ccgs["08B"], opened=FIRST, patients=700, quarter="2013Q2")
    p[8] = make.make_practice("Z00008", pct=pcts["5BB"], setting=25, patients=80)
    p[11] = make.make_practice("Z00011", pct=ccgs["08A"], opened=FIRST, patients=1550, quarter="2013Q2")
    make.make_list_size(p[1], "2013Q2", 1100)
    groups = {n: make.make_consortium(f"GC000{n}", last_day=date(2012, 3, 31) if n < 3 else None) for n in (1, 2, 3)}
    for n, first in ((1, 1), (2, 2), (6, 2)):
        make.make_membership(p[n], groups[first])
        make.make_membership(p[n], groups[3], MERGED, reason="transferred")
    with make.writing("succeed") as entry:
        for old, new in ((5, 2), (12, 1), (9, 10), (10, 11)):
            entry.set(PracticeSuccession, (p[old].pk, p[new].pk), FIRST, None, ("merge" if new == 11 else "absorb",))
        entry.set(BodySuccession, (pcts["TAM"].pk, pcts["5QW"].pk), RECODED, None, ("recode", None, None))
        for n in (1, 2):
            entry.set(ConsortiumSuccession, (groups[n].pk, groups[3].pk), MERGED, None, ("merge", None))
    before = Entry.objects.latest("number").at
    make.make_membership(p[3], make.make_consortium("GC0004", name="Not yet public"))
    return SimpleNamespace(before=before, practices=p, pcts=pcts, ccgs=ccgs)
