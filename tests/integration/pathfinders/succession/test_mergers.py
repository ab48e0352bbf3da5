"""Consortia merge: members, places, posts and roles follow; preview and entry are one (domain.md rules 12, 14 to 16)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consortia.models import Belonging, Consortium, ConsortiumSuccession, Membership, Post
from pathfinders.actions import merge_consortia, merge_pathfinders
from pathfinders.models import PathfinderSuccession, ProgrammePlace
from pathfinders.querysets import own_refs
from pathfinders.reads.coverage import coverage
from pathfinders.succession.consortia import plan_merger
from pathfinders.succession.drawing import shares
from registry import clock
from registry.authorization import objects_of
from registry.errors import Refused
from registry.feed import broken_links
from registry.invariants import findings
from registry.models import Entry, EntryKind, Mail, fact_kinds
from registry.moment import Moment
from tests import factories as make
from tests import programme as told
from tests.integration.pathfinders.succession.conftest import FOUNDED, Land

ON = date(2011, 7, 1)
EVE = date(2011, 6, 30)


def merged(land: Land, *names: str, **more: object) -> Entry:
    given = {"into": None, "on": ON, "reason": "They work as one."} | more
    if given["into"] is None:
        given.setdefault("name", "Northsouth")
    return merge_consortia(by=land.admin, consortia=[land.groups[n] for n in names], **given)  # type: ignore[arg-type]


def refusal(land: Land, *names: str, **more: object) -> Refused:
    before = (Entry.objects.count(), Consortium.objects.count(), Mail.objects.count())
    with pytest.raises(Refused) as caught:
        merged(land, *names, **more)
    assert (Entry.objects.count(), Consortium.objects.count(), Mail.objects.count()) == before
    return caught.value


def belongs(code: str, on: date) -> tuple[str, str, str] | None:
    found = Membership.objects.current().filter(practice__code=code, effective__contains=on)
    return found.values_list("consortium__ref", "status", "reason").first()


def written(entry: Entry) -> set[tuple]:
    """What an entry did, as a plan tells it: each fact that it closed or opened, by its public values."""
    found = set()
    for name, model in fact_kinds().items():
        for end in ("opened", "closed"):
            for fact in model.objects.filter(**{f"{end}_by": entry}):
                told_of = []
                for f in [*model.key_fields(), *model.value_fields()]:
                    value = getattr(fact, f.name)
                    told_of.append((f.name, "" if value is None else str(value)))
                found.add((name, tuple(told_of), fact.effective.lower, fact.effective.upper, end == "opened"))
    return found


def foretold(plan, new: dict[str, str]) -> set[tuple]:
    """What a plan says, its new bodies under the references that they got."""

    def ref(value: str) -> str:
        return new.get(value, value)

    return {(c.kind, tuple((n, ref(v)) for n, v in c.values), c.start, c.after, c.begins) for c in plan.changes}


def broken() -> list[tuple[str, list]]:
    return [(f.rule.name, f.rows) for f in findings() if f.rows and not f.rule.warning]


def test_two_become_a_new_one_with_all_that_was_theirs(land: Land) -> None:
    dormant = make.make_practice("Z09001", status="D")
    make.make_membership(dormant, land.groups["South"], FOUNDED, status="confirmed")
    closing = make.make_practice("Z09002", last_day=date(2011, 12, 31))
    make.make_membership(closing, land.groups["North"], FOUNDED, last_day=date(2011, 12, 31))
    with make.writing() as entry:
        entry.set(Post, (land.groups["North"].pk, "lead", land.lead.ref), FOUNDED, None, ())
    plan = plan_merger(consortia=[land.groups["North"], land.groups["South"]], name="Northsouth", on=ON)
    entry = merged(land, "North", "South", fingerprint=plan.fingerprint)

    new = Consortium.objects.get(ref="GC0005")
    assert foretold(plan, {"Northsouth (new)": "GC0005"}) == written(entry)
    assert entry.kind == EntryKind.LATE and entry.action == "merge_consortia"
    told_of = ConsortiumSuccession.objects.current().filter(successor=new)
    assert sorted(told_of.values_list("predecessor__ref", "kind", "share")) == [
        ("GC0001", "merge", None),
        ("GC0002", "merge", None),
    ]
    assert belongs("Z01001", EVE) == ("GC0001", "claimed", "founding")
    assert belongs("Z01001", ON) == ("GC0005", "claimed", "merged_in")
    assert belongs("Z09001", ON) == ("GC0005", "confirmed", "merged_in")
    assert belongs("Z09002", ON) and belongs("Z09002", date(2012, 1, 1)) is None
    assert {m.code: m.flag for m in plan.members if m.flag} == {"Z09001": "dormant", "Z09002": "closes"}
    places = (
        ProgrammePlace.objects.current()
        .filter(effective__contains=ON)
        .values_list("pathfinder__ref", "consortium__ref")
    )
    assert sorted(places) == [("PF0001", "GC0005"), ("PF0002", "GC0003")]
    assert Post.objects.current().filter(effective__contains=ON).get().consortium == new
    assert not broken() and not list(broken_links())


def test_who_is_carried_is_flagged_on_both_records_with_dispute_and_basis_kept(land: Land) -> None:
    dormant = make.make_practice("Z09001", status="D")
    make.make_membership(dormant, land.groups["South"], FOUNDED)
    disputed, allocated = make.make_practice("Z09003"), make.make_practice("Z09004")
    make.make_membership(disputed, land.groups["South"], FOUNDED, status="disputed", reason="not_agreed", proof="link")
    with make.writing() as entry:
        values = Belonging(land.groups["South"].pk, "allocated", "allocated", basis="The Act, s. 14A")
        entry.set(Membership, (allocated.pk,), FOUNDED, None, values)
    merged(land, "North", "South")
    facts = Membership.objects.current().filter(consortium__ref="GC0005").select_related("practice")
    told = {f.practice.code: (f.status, f.reason, f.proof, f.basis) for f in facts}
    assert told["Z09001"] == ("claimed", "merged_in", "", "")
    assert told["Z09003"] == ("disputed", "not_agreed", "link", "")
    assert told["Z09004"] == ("allocated", "merged_in", "", "The Act, s. 14A")
    for page in ("/practices/Z09001/", "/consortia/GC0005/"):
        assert "came with a merged consortium" in Client().get(page).content.decode()
    assert not broken()


def test_the_leads_role_moves_today_and_the_leads_are_told(land: Land) -> None:
    entry = merged(land, "North", "South")
    assert objects_of(land.lead, "consortium_lead") == {"GC0005"}
    assert own_refs(land.lead) == {"GC0005", "GC0001", "GC0002"}  # bids of those that became it are still its own
    held = land.lead.grants.get(object_ref="GC0001")
    assert held.period.upper == clock.today()  # what they could open until now is not taken back
    letter = Mail.objects.get()
    assert letter.recipient == land.lead.ref and f"/changes/{entry.number}/" in letter.body
    assert "GC0001, GC0002 and GC0005" in letter.body and "They work as one." in letter.body


def test_one_keeps_its_reference(land: Land) -> None:
    plan = plan_merger(consortia=[land.groups["North"]], into=land.groups["East"], on=ON)
    entry = merged(land, "North", into=land.groups["East"])
    assert foretold(plan, {}) == written(entry)
    assert ConsortiumSuccession.objects.current().get().kind == "absorb"
    assert belongs("Z01001", ON) == ("GC0003", "claimed", "merged_in")
    assert belongs("Z03001", ON) == ("GC0003", "claimed", "founding")
    standing = ProgrammePlace.objects.current().filter(effective__contains=ON, consortium__ref="GC0003")
    assert sorted(standing.values_list("pathfinder__ref", flat=True)) == ["PF0001", "PF0002"]
    assert any("2 pathfinders, PF0001 and PF0002" in w for w in plan.warnings)
    assert objects_of(land.lead, "consortium_lead") == {"GC0003"}
    assert not broken()


def test_figures_before_and_after_are_those_of_coverage(land: Land) -> None:
    plan = plan_merger(consortia=[land.groups["North"], land.groups["South"]], name="Northsouth", on=ON)
    rows = {f.name: (f.practices_before, f.people_before, f.practices_after, f.people_after) for f in plan.figures}
    assert rows["North"] == rows["South"] == (3, 3_000, None, None)
    assert rows["Northsouth"] == (None, None, 6, 6_000)
    assert rows["One"] == (6, 6_000, 6, 6_000)
    merged(land, "North", "South")
    told_of = {r["key"]: (r["practices"], r["people"]) for r in counted(make.at(ON))}
    assert told_of["GC0005"] == (6, 6_000) and "GC0001" not in told_of


def counted(moment: Moment) -> list[dict]:
    return coverage(AnonymousUser(), moment, by="consortium", scope="consortium")


def test_a_future_day_takes_effect_by_itself_and_what_is_recorded_to_come_follows(land: Land) -> None:
    later = clock.today() + timedelta(days=40)
    leaving, joining = land.members["North"][0], make.make_practice("Z09003", patients=500)
    with make.writing() as entry:
        entry.clear(Membership, (leaving.pk,), later + timedelta(days=21), None)
    make.make_membership(joining, land.groups["South"], later + timedelta(days=10))
    plan = plan_merger(consortia=[land.groups["North"], land.groups["South"]], name="Northsouth", on=later)
    entry = merged(land, "North", "South", on=later)
    assert entry.kind == EntryKind.EVENT and foretold(plan, {"Northsouth (new)": "GC0005"}) == written(entry)
    assert any("Z01001 leaves on" in w for w in plan.warnings) and any("Z09003 joins on" in w for w in plan.warnings)
    assert belongs("Z01001", later) and belongs("Z01001", later + timedelta(days=21)) is None
    assert belongs("Z09003", later) is None
    assert belongs("Z09003", later + timedelta(days=10)) == ("GC0005", "claimed", "founding")
    assert objects_of(land.lead, "consortium_lead") == {"GC0001"}  # today still the old one
    assert land.lead.grants.get(object_ref="GC0005").period.lower == later
    assert not broken()


def test_what_is_refused(land: Land) -> None:
    assert refusal(land, "North").code == "too_few"
    assert refusal(land, "North", into=land.groups["North"]).code == "too_few"
    assert refusal(land, "North", "South", name=" ").field == "name"
    assert refusal(land, "North", into=land.groups["South"], name="Else").field == "name"
    assert refusal(land, "North", "South", reason=" ").field == "reason"
    assert refusal(land, "North", "South", on=FOUNDED).status == 409
    assert refusal(land, "North", "South", on=date(1900, 1, 1)).code == "bad_day"
    ending = make.make_consortium("GC0009", start=FOUNDED, last_day=date(2012, 1, 1))
    assert refusal(land, "North", into=ending).field == "into"
    land.admin = told.people().approver
    assert refusal(land, "North", "South").status == 403


def test_one_that_has_a_successor_or_takes_over_later_does_not_go(land: Land) -> None:
    merged(land, "North", into=land.groups["South"], on=date(2011, 9, 1))
    assert refusal(land, "North", "East", on=ON).status == 409  # it stands then, but has a successor
    told_of = refusal(land, "South", "East", on=ON)
    assert "takes another over on 1 September 2011" in told_of.message
    merged(land, "South", into=land.groups["East"], on=date(2011, 10, 1))
    assert belongs("Z01001", date(2011, 10, 1)) == ("GC0003", "claimed", "merged_in")
    assert not broken()


def test_nobody_succeeds_themselves_through_others(land: Land) -> None:
    merged(land, "North", into=land.groups["South"])
    with make.writing() as entry:  # North is there again
        from consortia.models import ConsortiumParticulars

        entry.set(ConsortiumParticulars, (land.groups["North"].pk,), date(2012, 1, 1), None, ("North", ""))
    told_of = refusal(land, "South", into=land.groups["North"], on=date(2012, 4, 1))
    assert told_of.code == "circle" and told_of.field == "into"
    assert not [f for f in broken() if "circle" in f[0]]
    with make.writing() as entry:
        pair = (land.groups["South"].pk, land.groups["North"].pk)
        entry.set(ConsortiumSuccession, pair, date(2012, 4, 1), None, ("absorb", None))
    assert ("consortium_succession_no_circle", [("GC0001",), ("GC0002",)]) in broken()


def test_what_changed_since_the_preview_is_said(land: Land) -> None:
    plan = plan_merger(consortia=[land.groups["North"], land.groups["South"]], name="Northsouth", on=ON)
    make.make_membership(make.make_practice("Z09004"), land.groups["South"], FOUNDED)
    told_of = refusal(land, "North", "South", fingerprint=plan.fingerprint)
    assert told_of.status == 412 and "Z09004" in told_of.message and "Z01001" not in told_of.message
    again = plan_merger(consortia=[land.groups["North"], land.groups["South"]], name="Northsouth", on=ON)
    make.make_consortium("GC0008")  # the next reference is another one: no matter
    assert merged(land, "North", "South", fingerprint=again.fingerprint)


def test_a_preview_writes_nothing_and_asks_no_more_for_more_members(land: Land) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            plan_merger(consortia=[land.groups["North"], land.groups["South"]], name="Northsouth", on=ON)
        assert not [q for q in seen.captured_queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
        return len(seen)

    few = asked()
    for n in range(20):
        make.make_membership(make.make_practice(f"Z08{n:03d}"), land.groups["North"], FOUNDED)
    assert asked() == few <= 32  # two of them: what is under and delegated to those that end


def test_the_wave_as_released_is_not_edited(land: Land) -> None:
    """As known at the release, every figure stays; so do the announced days before the merger (rule 12)."""
    make.make_wave(1)
    then = make.at(date(2010, 12, 8), Entry.objects.order_by("-number").first().at)  # type: ignore[union-attr]

    def figures(moment: Moment) -> list:
        return [coverage(AnonymousUser(), moment, by=by) for by in ("wave", "pathfinder", "consortium", "national")]

    before, eve = figures(then), figures(make.at(EVE))
    merged(land, "North", "South")
    merge_pathfinders(by=land.admin, pathfinder=land.two, into=land.one, on=ON, reason="One programme.")
    again = make.at(then.as_of, then.known_at)
    assert not again.latest and figures(again) == before
    assert figures(make.at(EVE)) == eve
    succession = PathfinderSuccession.objects.current().get()
    assert (succession.predecessor.ref, succession.successor.ref, succession.kind) == ("PF0002", "PF0001", "absorb")
    assert not broken()


def test_shares_sum_to_one() -> None:
    for counts in ([1, 1, 1], [1, 2], [7, 11, 13], [1] * 7, [999, 1]):
        assert sum(shares(counts)) == 1 and all(s > 0 for s in shares(counts))
