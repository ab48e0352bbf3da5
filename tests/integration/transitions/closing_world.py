"""A small register on the eve of the national close: two trusts and their authority, two groups, one practice left."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from consortia.models import Consortium, ConsortiumIdentifier
from practices.models import ParentBody, Practice, PracticeStatus
from registry.changes import Change
from registry.models import Entry
from registry.models.fact import Lower, Upper, fact_kinds
from tests import factories as make
from tests.factories import writing
from transitions.actions.evidence import Source, recorded
from transitions.models import (
    BudgetLine,
    Cluster,
    ClusterParticulars,
    ClusterPlace,
    Delegation,
    LocalBody,
    LocalBodyParticulars,
    PlannedStage,
    TransitionStage,
)

ON = date(2013, 4, 1)
EVE = date(2013, 3, 31)
START = date(2011, 4, 1)


def build_world() -> None:
    """5LE is open-ended and its practices have consortia; 5LF ends as recorded and its practice has its group."""
    sha = make.make_sha("Q36", "London")
    one = make.make_pct("5LE", sha=sha, name="Southwark PCT", last_day=None)
    other = make.make_pct("5LF", sha=sha, name="Lambeth PCT")
    first = make.make_body("08Q", "NHS Southwark CCG", kind="ccg", start=ON)
    second = make.make_body("08R", "NHS Lambeth CCG", kind="ccg", start=date(2012, 10, 1))
    groups = [make.make_consortium(f"GC000{n}", name=f"Group {n}", start=START) for n in (1, 2, 3)]
    with writing("identify") as entry:
        for group, body in zip(groups, (first, second), strict=False):
            entry.set(ConsortiumIdentifier, (group.pk, "ods", body.code), START, None, ("confirmed",))
    _practices(one, other, second, groups)
    _transition(one, other, groups)


def _practices(one: ParentBody, other: ParentBody, second: ParentBody, groups: list[Consortium]) -> None:
    members = {"Z00001": (groups[0], 3000), "Z00002": (groups[1], 1000), "Z00003": (groups[0], None)}
    for code, (group, patients) in members.items():
        make.make_membership(make.make_practice(code, pct=one, patients=patients), group, START, status="confirmed")
    moved = make.make_practice("Z00004", pct=other, patients=500)
    make.make_parent(moved, second, ON)
    dormant = make.make_practice("Z00005", pct=one, status="D", patients=9)
    closed = make.make_practice("Z00006", pct=one)
    for practice in (dormant, closed):
        make.make_membership(practice, groups[0], START)
    with writing("close") as entry:  # its parent was not told
        entry.set(PracticeStatus, (closed.pk,), date(2012, 6, 1), None, ("C",))
    make.make_practice("Z00007", pct=one, name="THE LONE SURGERY", patients=700)
    make.make_practice("Z00008", pct=one, name="WALK-IN CENTRE", setting=1)


def _transition(one: ParentBody, other: ParentBody, groups: list[Consortium]) -> None:
    with writing("transition") as entry:
        told = recorded(entry, Source("press", "The map", "Pulse", date(2010, 9, 1))).pk
        entry.set(TransitionStage, (one.pk, told), START, None, ("shadow_form", ""))
        entry.set(PlannedStage, (one.pk, "near_total_delegation"), START, None, (date(2013, 6, 1), "", "", told))
        cluster = Cluster.objects.create(ref="CL0001")
        entry.set(ClusterParticulars, (cluster.pk,), START, None, ("South East London", "pct", "The Department"))
        for body in (one, other):
            entry.set(ClusterPlace, (body.pk,), START, None, (cluster.pk,))
        for ref, consortium in (("LB0001", None), ("LB0002", groups[1])):
            body = LocalBody.objects.create(ref=ref)
            words = ("locality_board", f"Board {ref}", one.pk, consortium.pk if consortium else None, "running")
            entry.set(LocalBodyParticulars, (body.pk,), START, None, (*words, "", "", None, None, "", None, told))
        for holder in ("GC0001", "LB0001", "LB0002"):
            entry.set(Delegation, (one.pk, "2012/13", "all", holder), START, None, (1_000, "delegated", "", told))
        line = (9_000, None, None, None, 0, "", told)
        entry.set(BudgetLine, (one.pk, "2013/14", "all"), START, None, line)


def practice(code: str) -> Practice:
    return Practice.objects.get(code=code)


def written(entry: Entry, labels: dict[str, str]) -> set[Change]:
    """The facts that an entry closed and opened, as a plan tells its changes: read from the tables themselves."""
    found = set()
    for model in fact_kinds().values():
        keyed, valued = ([model.public_path(f) for f in part()] for part in (model.key_fields, model.value_fields))
        names = [f.name for f in (*model.key_fields(), *model.value_fields())]
        rows = model._default_manager.filter(Q(opened_by=entry) | Q(closed_by=entry))
        for *row, start, end, opened in rows.annotate(a=Lower("effective"), b=Upper("effective")).values_list(
            *keyed, *valued, "a", "b", "opened_by"
        ):
            words = [labels.get(str(v), str(v)) if v is not None else "" for v in row]
            about = " ".join(words[: len(keyed)])
            begins = opened == entry.number
            found.add(Change(model.NAME, about, tuple(zip(names, words, strict=True)), start, end, begins))
    return found


def standing() -> set[tuple[str, tuple, date | None, date | None]]:
    """Every fact that the register says now."""
    found = set()
    for model in fact_kinds().values():
        names = [f.attname for f in (*model.key_fields(), *model.value_fields())]
        rows = model._default_manager.filter(recorded__upper_inf=True)
        for *row, start, end in rows.annotate(a=Lower("effective"), b=Upper("effective")).values_list(
            *names, "a", "b"
        ):
            found.add((model.NAME, tuple(row), start, end))
    return found
