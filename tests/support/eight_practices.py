"""A small England: two SHAs, three PCTs, eight practices, three consortia, two pathfinders in two waves."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

from tests import factories as make

APRIL_2011 = date(2011, 4, 1)


def eight_practices() -> SimpleNamespace:
    """On 1 April 2011:

    PCT 5AA (Q36): Z00001 (GC0001, claimed, 1,000), Z00002 (GC0001, confirmed, 2,000), Z00003 (GC0002, no list).
    PCT 5BB (Q36): Z00004 (GC0002, disputed, 4,000 of a later quarter), Z00005 (in none, 5,000).
    PCT TAC (Q37): Z00006 (GC0003, in no pathfinder, 6,000), Z00007 (prison, GC0001), Z00008 (closed 31 March 2011).
    W00001 is Welsh. GC0001 and GC0002 are PF0001 of wave 1; GC0002 is PF0002 of wave 2 too, live in 2012.
    """
    q36, q37 = make.make_sha("Q36", "London"), make.make_sha("Q37", "South East Coast")
    aa = make.make_pct("5AA", sha=q36, name="Aa PCT", gss="E16000001")
    bb = make.make_pct("5BB", sha=q36, name="Bb PCT")
    tac = make.make_pct("TAC", sha=q37, name="Cc Care Trust", kind="care_trust")
    one, two, three = (make.make_consortium(f"GC000{n}", name=f"Group {n}") for n in (1, 2, 3))
    p = {
        1: make.make_practice("Z00001", pct=aa, patients=1000, name="THE SURGERY", postcode="SE1 1AA"),
        2: make.make_practice("Z00002", pct=aa, patients=2000, place=("-0.1", "51.5")),
        3: make.make_practice("Z00003", pct=aa),
        4: make.make_practice("Z00004", pct=bb, patients=4000, quarter="2013Q2"),
        5: make.make_practice("Z00005", pct=bb, patients=5000),
        6: make.make_practice("Z00006", pct=tac, patients=6000),
        7: make.make_practice("Z00007", pct=tac, patients=700, setting=25),
        8: make.make_practice("Z00008", pct=tac, patients=800, last_day=date(2011, 3, 31)),
        9: make.make_practice("W00001", pct=aa, patients=900),
    }
    for number, group, status in (
        (1, one, "claimed"), (2, one, "confirmed"), (3, two, "claimed"), (4, two, "disputed"),
        (6, three, "claimed"), (7, one, "claimed"), (8, three, "claimed"), (9, one, "claimed"),
    ):  # fmt: skip
        make.make_membership(p[number], group, status=status)
    make.make_wave(1, date(2010, 12, 8))
    make.make_wave(2, date(2011, 1, 17))
    make.make_pathfinder("PF0001", consortia=[one, two], name="First", goes_live_on=date(2011, 4, 1))
    make.make_pathfinder(
        "PF0002",
        consortia=[two],
        name="Second",
        wave=2,
        announced_on=date(2011, 1, 17),
        goes_live_on=date(2012, 4, 1),
    )
    return SimpleNamespace(practices=p, aa=aa, bb=bb, tac=tac, one=one, two=two, three=three)
