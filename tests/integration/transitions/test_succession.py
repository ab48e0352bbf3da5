"""Who follows whom: recorded with shares, never in a circle, told from both ends of the chain."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from pathfinders.reads import parents
from pathfinders.reads.succession import chain
from pathfinders.views.public.history import last_body_name
from practices.models import BodyParticulars, BodySuccession, ParentBody, PracticeParent
from registry.errors import Refused
from registry.invariants import findings
from registry.models import Entry
from registry.moment import Moment
from tests import factories as make
from tests import programme as told
from transitions.actions import close_body, record_succession
from transitions.invariants import RULES
from transitions.models import Delegation, Evidence, EvidenceParticulars

MERGED, ON = date(2010, 4, 1), date(2013, 4, 1)
SIXTY = ("06K", Decimal("0.6"), Decimal("0.55"))
FORTY = ("06N", Decimal("0.4"), Decimal("0.45"))
WHY = "As the order says"


def build_world() -> None:
    """Two trusts became one in 2010, which ends in 2013; two groups are there from then on."""
    for code in ("5P3", "5P4"):
        make.make_pct(code, name=f"Old {code}", last_day=date(2010, 3, 31))
    make.make_pct("5QV", name="Hertfordshire", start=MERGED)
    for code in ("06K", "06N"):
        make.make_body(code, f"CCG {code}", kind="ccg", start=ON)


@pytest.fixture
def admin(in_world: Any) -> Any:
    return told.person("programme_admin")


def body(code: str) -> ParentBody:
    return ParentBody.objects.get(code=code)


def record(by: Any, gone: str, *parts: Any, on: date = ON, kind: str = "split", **more: Any) -> Entry:
    return record_succession(by=by, predecessor=body(gone), successors=parts, on=on, kind=kind, why=WHY, **more)


def refused(call: Any, *args: Any, **more: Any) -> Refused:
    before = Entry.objects.count()
    with pytest.raises(Refused) as error:
        call(*args, **more)
    assert Entry.objects.count() == before
    return error.value


def whole(by: Any) -> None:
    for code in ("5P3", "5P4"):
        record(by, code, ("5QV", None, None), on=MERGED, kind="merge")
    record(by, "5QV", SIXTY, FORTY)


def test_the_chain_is_told_from_both_ends(admin) -> None:
    whole(admin)
    names = {"before": last_body_name("predecessor", Moment.now()), "later": last_body_name("successor", Moment.now())}
    told_of = {code: chain(None, Moment.now(), body(code), names) for code in ("5P3", "5P4", "5QV", "06K", "06N")}
    back, forth = told_of["5P3"]
    assert back == [] and [(s.code, s.before, s.depth, s.on) for s in forth] == [
        ("5QV", "5P3", 1, MERGED),
        ("06K", "5QV", 2, ON),
        ("06N", "5QV", 2, ON),
    ]
    assert [(s.code, s.practice_share, s.people_share) for s in told_of["06N"][0]] == [
        ("5QV", *FORTY[1:]),
        ("5P3", None, None),
        ("5P4", None, None),
    ]
    pairs = {(code, s.code) for code, (_, later) in told_of.items() for s in later}
    assert pairs == {(s.code, code) for code, (earlier, _) in told_of.items() for s in earlier}
    assert not [f for f in findings(RULES) if f.rows]


def test_rows_of_bodies_tell_it_at_the_end(admin) -> None:
    whole(admin)
    rows = {row["code"]: row for row in parents.rows(None, Moment.of(date(2013, 3, 31)))}
    assert list(rows["5QV"])[-2:] == ["predecessors", "successors"]
    assert rows["5QV"]["predecessors"] == [
        {"code": code, "kind": "merge", "on": "2010-04-01", "practice_share": None, "people_share": None}
        for code in ("5P3", "5P4")
    ]
    assert [(s["code"], s["practice_share"], s["people_share"]) for s in rows["5QV"]["successors"]] == [
        ("06K", 0.6, 0.55),
        ("06N", 0.4, 0.45),
    ]
    answer = Client().get("/api/v1/parents/06K/?as_of=2013-04-01").json()
    [found] = [v for v in answer.values() if isinstance(v, dict) and "code" in v] or [answer]
    assert [p["code"] for p in found["predecessors"]] == ["5QV"] and found["successors"] == []


def test_the_page_of_a_body_shows_the_whole_chain(admin) -> None:
    whole(admin)
    page = Client().get("/pcts/5P3/?as_of=2010-03-31").content.decode()
    assert "Who came before and after" in page and "/pcts/06N/" in page
    assert "60.0% of the practices of 5QV, 55.0% of the people on their lists" in " ".join(page.split())
    assert "5QV" in Client().get("/pcts/06K/?as_of=2013-04-01").content.decode()


@pytest.mark.parametrize(
    ("parts", "kind", "code"),
    [
        ([SIXTY, ("06N", Decimal("0.39999999"), Decimal("0.45"))], "split", "shares"),
        ([SIXTY, ("06N", Decimal("0.4"), Decimal("0.46"))], "split", "shares"),
        ([SIXTY, ("06N", None, None)], "split", "shares_missing"),
        ([SIXTY, ("06N", Decimal("0.4"), None)], "split", "shares_missing"),
        ([SIXTY, ("06K", Decimal("0.4"), Decimal("0.45"))], "split", "same_part"),
        ([("06K", Decimal(1), Decimal(1)), ("06N", Decimal(0), Decimal(0))], "split", "bad_share"),
        ([SIXTY], "split", "too_few"),
        ([SIXTY, FORTY], "transfer", "too_few"),
        ([("06K", None, None)], "sale", "bad_kind"),
        ([("99Z", None, None)], "transfer", "unknown_object"),
    ],
)
def test_what_cannot_be_is_refused(admin, parts, kind, code) -> None:
    error = refused(record, admin, "5QV", *parts, kind=kind)
    assert (error.code, error.status) == (code, 422)


def test_no_circle_no_second_word_and_no_ghost(admin) -> None:
    whole(admin)
    assert "has a successor already" in refused(record, admin, "5QV", SIXTY, FORTY).message
    assert refused(record, told.person(pct_lead="5QV"), "5QV", SIXTY, FORTY).status == 403
    assert "was not there on" in refused(record, admin, "5P3", SIXTY, FORTY, correction=True).message
    make.make_body("5ZZ", "Ghost", kind="pct", start=MERGED, last_day=date(2012, 3, 31))
    assert "not there on" in refused(record, admin, "5QV", ("5ZZ", None, None), kind="merge", correction=True).message
    make.make_body("77A", "Later", kind="ccg", start=ON)
    with make.writing() as entry:  # 06K lives on and would be followed by what it followed
        entry.set(BodySuccession, (body("06K").pk, body("77A").pk), date(2015, 4, 1), None, ("merge", None, None))
    error = refused(record, admin, "77A", ("06K", None, None), on=date(2016, 4, 1), kind="merge")
    assert error.status == 409 and "come back to it" in error.message
    record(admin, "5QV", ("06K", None, None), kind="transfer", correction=True)
    now = BodySuccession.objects.current().filter(predecessor__code="5QV")
    assert list(now.values_list("successor__code", "kind")) == [("06K", "transfer")]


def test_nobody_takes_the_place_of_a_body_that_is_still_there(admin) -> None:
    early = date(2012, 4, 1)
    make.make_pct("5QD", name="Dorset", start=MERGED)
    for kind in ("merge", "recode"):
        error = refused(record, admin, "5QV", ("5QD", None, None), on=early, kind=kind)
        assert error.status == 409 and error.message == (
            "5QV is there until 31 March 2013. Close it on 31 March 2012 first, or give the day after its last, 1 April 2013."
        )
    record(admin, "5QV", ("5QD", None, None), on=early, kind="transfer")  # functions go, the body stays
    close_body(by=admin, body=body("5QV"), last_day=date(2012, 3, 31), why=WHY)
    record(admin, "5QV", ("5QD", None, None), on=early, kind="merge", correction=True)
    assert BodySuccession.objects.current().get(predecessor__code="5QV").kind == "merge"


def test_the_rules_find_what_no_action_writes(admin) -> None:
    whole(admin)
    make.make_practice("Z00001", pct=body("5QV"))
    with make.writing() as entry:
        entry.set(BodySuccession, (body("06K").pk, body("5P3").pk), ON, None, ("merge", None, None))
        pair = (body("5QV").pk, body("06N").pk)
        entry.set(BodySuccession, pair, ON, None, ("split", Decimal("0.5"), Decimal("0.5")))
    source = {"on": "2013-04-01", "explained": {}}
    with make.journal.entry(by="system", action="close_trusts", kind="event", reason="x", source=source) as entry:
        entry.set(BodyParticulars, (body("5QV").pk,), ON, None, ("pct", "Still", "", None, None, None))
    broken = {finding.rule.name: finding.rows for finding in findings(RULES)}
    assert {code for (code,) in broken["body_succession_no_circle"]} == {"5P3", "5QV", "06K"}
    assert [row[0] for row in broken["body_succession_shares"]] == ["5QV"]
    ends = {row[:3]: row[3] for row in broken["body_succession_both_ends"]}
    assert ends["06K", "5P3", ON].startswith("the predecessor is not there on the day before")
    assert [row[1] for row in broken["nobody_unplaced_after_a_close"]] == ["Z00001"]
    assert [row[1] for row in broken["nothing_open_after_a_close"]] == ["5QV"]


def test_the_rules_say_which_end_is_wrong_and_what_a_dead_trust_said(admin) -> None:
    later = date(2014, 4, 1)
    with make.writing() as entry:
        for gone, follows, on, kind in (
            ("06K", "06N", later, "transfer"),
            ("06N", "06K", later, "merge"),
            ("5P3", "06K", date(2010, 4, 1), "merge"),
        ):
            entry.set(BodySuccession, (body(gone).pk, body(follows).pk), on, None, (kind, None, None))
        paper = Evidence.objects.create(ref="EV0001").pk
        entry.set(EvidenceParticulars, (paper,), ON, None, ("press", "Board", "Gazette", ON, "", ""))
        late = (None, "shadow", "", paper)
        entry.set(Delegation, (body("5P3").pk, "2013/14", "all", "GC0001"), ON, later, late)
    broken = {finding.rule.name: finding.rows for finding in findings(RULES)}
    wrong = {row[:2]: row[3].split(":")[0] for row in broken["body_succession_both_ends"]}
    assert wrong == {
        ("06N", "06K"): "the predecessor is still there",
        ("5P3", "06K"): "the successor is not there on the day",
    }, "a transfer of functions may leave a body open"
    assert [row[:2] for row in broken["nothing_said_past_its_end"]] == [("5P3", "delegation to GC0001")]


def test_a_body_with_living_practices_does_not_close(admin) -> None:
    trust = make.make_pct("5LE", last_day=None)
    left, moved, gone = (make.make_practice(f"Z0000{n}", pct=trust) for n in (1, 2, 3))
    last = date(2012, 3, 31)
    make.make_parent(moved, body("5QV"), date(2012, 4, 1))
    with make.writing() as entry:
        entry.set(make.PracticeStatus, (gone.pk,), date(2012, 1, 1), None, ("C",))
    error = refused(close_body, by=admin, body=trust, last_day=last, why=WHY)
    assert (error.code, error.status, error.detail) == ("members_left", 409, [{"code": left.code}])
    entry = close_body(by=admin, body=trust, last_day=last, why=WHY, explained={left.code: "It serves a prison"})
    assert entry.source["explained"] == {left.code: "It serves a prison"}
    assert BodyParticulars.objects.current().get(body=trust).effective.upper == date(2012, 4, 1)
    assert not PracticeParent.objects.current().filter(parent=trust, effective__contains=date(2012, 4, 1)).exists()
    assert refused(close_body, by=admin, body=trust, last_day=last, why=WHY).code == "no_change"
    assert refused(close_body, by=told.person(pct_lead="5LE"), body=trust, last_day=last, why=WHY).status == 403
