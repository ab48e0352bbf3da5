"""Local bodies, clusters and milestones as pages and in the API; and the forms by which a trust, or a consortium,
keeps its local bodies."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from tests import factories as make
from tests import programme as told
from tests.desk import signed_in
from transitions.actions import Source, place_in_cluster, set_cluster, set_local_body, set_milestone
from transitions.models import Delegation, Evidence, LocalBodyParticulars

SPRING, DAY = date(2011, 4, 1), "?as_of=2011-07-01"
PRESS = Source("press", "GPs take the budget", "Pulse", words="summer 2010")


def text_of(answer: Any) -> str:
    """The words of a page, without its markup."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def build_world():
    """Two authorities, three trusts in a cluster that crosses their lines and one alone, a PEC and what replaced it."""
    shas = [make.make_sha("Q33", name="East Midlands"), make.make_sha("Q32", name="Yorkshire")]
    one, two, alone = (
        make.make_pct(code, sha=sha, name=name)
        for code, sha, name in (
            ("5ET", shas[0], "Bassetlaw"),
            ("5H8", shas[1], "Rotherham"),
            ("5N9", shas[0], "Lincs"),
        )
    )
    group = make.make_consortium("GC0001", name="Group")
    admin = told.person("programme_admin")
    clusters = [set_cluster(by=admin, on=SPRING, name=name, source="HSJ") for name in ("South Yorkshire", "Lincoln")]
    for body, cluster in ((one, clusters[0]), (two, clusters[0]), (alone, clusters[1])):
        place_in_cluster(by=admin, body=body, cluster=cluster, on=SPRING, why="It was confirmed.")
    first = {"by": admin, "pct": one, "source": PRESS}
    pec = set_local_body(**first, on=date(2010, 4, 1), kind="pec", name="The PEC")
    board = set_local_body(
        **first,
        on=SPRING,
        kind="locality_board",
        name="Bassetlaw board",
        consortium=group,
        reserved="All over £1 million",
        clinical_leads=6,
        replaces=pec,
    )
    with make.writing() as entry:
        key = (one.pk, "2011/12", "all", board.ref)
        entry.set(Delegation, key, SPRING, date(2012, 4, 1), (850_000_000, "shadow", "", Evidence.objects.get().pk))
    say = {"by": admin, "key": "sha_abolition", "name": "Authorities go"}
    set_milestone(**say, day=date(2012, 4, 1), words="2012-13", source="White Paper", known_from=date(2010, 7, 12))
    set_milestone(**say, day=date(2013, 4, 1), why="The pause", source="Timetable", known_from=date(2011, 6, 20))
    make.make_consortium("GC0002", name="Far Group")
    heads = {"head": told.person(consortium_lead="GC0001"), "far": told.person(consortium_lead="GC0002")}
    return {"lead": told.person(pct_lead="5ET"), "other": told.person(pct_lead="5H8"), "admin": admin, **heads}


@pytest.fixture
def client(in_world) -> Client:
    return Client()


def get(client: Client, path: str, **query: str) -> dict:
    answer = client.get(f"/api/v1/{path}/", {"as_of": "2011-07-01"} | query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_a_local_body_says_what_it_is_under_whom_and_what_it_holds(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(9):
        words = text_of(client.get(f"/transitions/local-bodies/LB0002/{DAY}"))
    for said in (
        "Bassetlaw board (LB0002)", "Locality board", "Bassetlaw (5ET)", "Group (GC0001)", "All over £1 million",
        "6 clinical leads", "It replaced LB0001", "850,000,000", "Shadow", "GPs take the budget", "accountable",
    ):  # fmt: skip
        assert said in words, said
    assert "Replaced by LB0002" in text_of(client.get(f"/transitions/local-bodies/LB0001/{DAY}"))
    assert "There was no local body LB0002" in text_of(
        client.get("/transitions/local-bodies/LB0002/?as_of=2010-05-01")
    )
    assert client.get("/transitions/local-bodies/LB0009/").status_code == 404
    row = get(client, "local-bodies/LB0002")
    assert row["result"]["pct"] == {"code": "5ET", "name": "Bassetlaw"}
    assert (row["result"]["sha"]["code"], row["result"]["consortium"]["ref"]) == ("Q33", "GC0001")
    assert row["result"]["evidence"]["words"] == "summer 2010"
    assert row["accountable"]["body"] == "primary care trust"
    assert get(client, "local-bodies/LB0001")["result"]["replaced_by"] == ["LB0002"]


def test_the_lists_answer_alike_as_page_and_in_the_api(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        assert "2 local bodies" in text_of(client.get(f"/transitions/local-bodies/{DAY}"))
    for query, refs in (
        ({"kind": "pec"}, ["LB0001"]),
        ({"q": "board"}, ["LB0002"]),
        ({"sha": "Q33", "status": "running"}, ["LB0001", "LB0002"]),
        ({"consortium": "gc0001"}, ["LB0002"]),
        ({"pct": "5H8"}, []),
        ({"as_of": "2010-05-01"}, ["LB0001"]),
    ):
        assert [row["ref"] for row in get(client, "local-bodies", **query)["results"]] == refs, query
        page = client.get("/transitions/local-bodies/", {"as_of": "2011-07-01"} | query)
        assert [row["ref"] for row in page.context["table"].rows] == refs, query
    trust = client.get(f"/pcts/5ET/{DAY}").content
    assert b"Bassetlaw board" in trust and trust.count(b">Cluster</dt>") == 1
    assert "Bassetlaw board" in text_of(client.get(f"/consortia/GC0001/{DAY}"))
    assert "Local bodies and arrangements None is known" in text_of(client.get(f"/pcts/5H8/{DAY}"))


def test_clusters_say_what_crosses_and_what_stands_alone(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        words = text_of(client.get(f"/transitions/clusters/{DAY}"))
    for said in (
        "2 clusters",
        "Bassetlaw (East Midlands)",
        "Crosses authorities",
        "One trust alone",
        "2 trusts or aut",
    ):
        assert said in words, said
    rows = {row["ref"]: row for row in get(client, "clusters")["results"]}
    crossing, alone = rows["CL0001"], rows["CL0002"]
    assert (crossing["sha_codes"], crossing["crosses_shas"], crossing["stands_alone"]) == (["Q32", "Q33"], True, False)
    assert ([m["code"] for m in crossing["bodies"]], alone["stands_alone"]) == (["5ET", "5H8"], True)
    assert [row["ref"] for row in get(client, "clusters", body="5n9")["results"]] == ["CL0002"]
    assert get(client, "clusters", as_of="2011-03-31")["count"] == 0
    assert "South Yorkshire" in text_of(client.get(f"/pcts/5ET/{DAY}"))
    answer = client.get("/api/v1/clusters/", {"as_of": "2011-07-01", "format": "csv"})
    assert answer.status_code == 200 and b"5H8" in b"".join(
        answer.streaming_content if answer.streaming else [answer.content]
    )


def test_milestones_are_those_of_the_day_with_how_far_they_moved(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        after = text_of(client.get(f"/transitions/milestones/{DAY}"))
    assert "1 April 2013 Planned 12 months later than planned first, for 1 April 2012" in after
    assert "The pause" in after and "2 versions" in after
    before = text_of(client.get("/transitions/milestones/?as_of=2011-05-01"))
    assert "1 April 2012 Planned" in before and "2013" not in before.split("Cite this page")[0]
    late = text_of(client.get("/transitions/milestones/?as_of=2013-05-01"))
    assert "Planned, not known to have come" in late
    assert "No date of the programme" in text_of(client.get("/transitions/milestones/?as_of=2010-01-01"))


def typed(**more):
    first = {
        "version": "0", "kind": "joint_working", "name": "Support", "status": "planned", "on": "2011-06-01",
        "source_kind": "statement", "source_title": "Its lead",
    }  # fmt: skip
    return first | more


def test_a_lead_records_changes_and_ends_one(in_world):
    desk, new = signed_in(in_world["lead"]), "/pct/5ET/local-bodies/new/"
    assert desk.get(new).status_code == 200
    refused = desk.post(new, typed())
    assert refused.status_code == 422
    assert "agreed_until" in refused.context["form"].errors
    done = desk.post(new, typed(agreed_until="2013-03-31", exit_terms="Six months’ notice"))
    assert done.status_code == 302, done.context["form"].errors
    assert "Support" in text_of(desk.get("/pct/5ET/local-bodies/"))
    told_of = LocalBodyParticulars.objects.current().get(name="Support")
    ref = told_of.local_body.ref
    one = f"/pct/5ET/local-bodies/{ref}/"
    first = desk.get(one).context["form"].initial
    assert (first["exit_terms"], first["evidence_ref"]) == ("Six months’ notice", told_of.evidence.ref)
    change = typed(
        version=str(first["version"]), status="running", on="2011-07-01", evidence_ref=told_of.evidence.ref,
        agreed_until="2013-03-31", exit_terms="Six months’ notice", why="It began.", source_kind="", source_title="",
    )  # fmt: skip
    assert desk.post(one, change).status_code == 302
    stale = desk.post(one, change | {"status": "halted"})
    assert stale.status_code == 412 and "What is saved now" in text_of(stale)
    version = desk.get(f"{one}end/").context["form"].initial["version"]
    ending = {"version": version, "last_day": "2011-12-31", "why": "Both left."}
    assert desk.post(f"{one}end/", ending).status_code == 302
    last = LocalBodyParticulars.objects.current().filter(local_body__ref=ref).order_by("-effective").first()
    assert (last.status, last.effective.upper) == ("running", date(2012, 1, 1))


def test_only_who_keeps_the_trust_opens_its_forms(in_world):
    paths = ("", "new/", "LB0002/", "LB0002/end/")
    for name, status in (("lead", 200), ("admin", 200), ("other", 403)):
        desk = signed_in(in_world[name])
        for path in paths:
            assert desk.get(f"/pct/5ET/local-bodies/{path}").status_code == status, (name, path)
    assert signed_in(in_world["other"]).get("/pct/5H8/local-bodies/LB0002/").status_code == 404


def test_the_lead_of_a_consortium_keeps_those_under_it(in_world):
    desk, root = signed_in(in_world["head"]), "/lead/consortia/GC0001/local-bodies/"
    assert f'href="{root}"' in desk.get("/lead/").content.decode()
    assert "Bassetlaw board" in text_of(desk.get(root)), "one that is under its trust too"
    assert "consortium" not in desk.get(f"{root}new/").context["form"].fields
    sent = typed(kind="federation", name="Federation", reserved="Its own money", pct="5H8", consortium="GC0002")
    done = desk.post(f"{root}new/", sent)
    assert done.status_code == 302, done.context["form"].errors
    made = LocalBodyParticulars.objects.current().get(name="Federation")
    assert (made.pct, made.consortium.ref, made.reserved) == (None, "GC0001", "Its own money")
    one = f"{root}{made.local_body.ref}/"
    version = desk.get(one).context["form"].initial["version"]
    change = sent | {"version": version, "on": "2011-07-01", "name": "Big Federation", "why": "It grew."}
    assert desk.post(one, change).status_code == 302
    assert desk.post(one, change | {"name": "Other"}).status_code == 412
    version = desk.get(f"{one}end/").context["form"].initial["version"]
    assert desk.post(f"{one}end/", {"version": version, "last_day": "2011-12-31", "why": "Left."}).status_code == 302
    assert made.local_body.particulars.current().order_by("-effective").first().effective.upper == date(2012, 1, 1)
    shared = f"{root}LB0002/"
    initial = desk.get(shared).context["form"].initial
    change = sent | {"version": initial["version"], "kind": "locality_board", "on": "2011-07-01", "why": "More."}
    assert desk.post(shared, change).status_code == 302
    kept = LocalBodyParticulars.objects.current().get(local_body__ref="LB0002", name="Federation")
    assert (kept.name, kept.pct.code, kept.consortium.ref) == ("Federation", "5ET", "GC0001"), "its trust keeps it"


def test_only_who_keeps_the_consortium_opens_its_forms(in_world):
    for name, status in (("head", 200), ("admin", 200), ("lead", 403), ("far", 403)):
        desk = signed_in(in_world[name])
        for path in ("", "new/", "LB0002/", "LB0002/end/"):
            assert desk.get(f"/lead/consortia/GC0001/local-bodies/{path}").status_code == status, (name, path)
    assert signed_in(in_world["far"]).get("/lead/consortia/GC0002/local-bodies/LB0002/").status_code == 404


@pytest.mark.parametrize(
    ("who", "root", "made"),
    [
        ("lead", "/pct/5ET/local-bodies/", {}),
        ("head", "/lead/consortia/GC0001/local-bodies/", {"reserved": "Its own"}),
    ],
)
def test_what_ended_is_listed_with_its_last_day_and_taken_back(in_world, who, root, made):
    desk = signed_in(in_world[who])
    told_of = typed(kind="federation", name="Federation", status="running", **made)
    assert desk.post(f"{root}new/", told_of).status_code == 302
    fact = LocalBodyParticulars.objects.current().get(name="Federation")
    one = f"{root}{fact.local_body.ref}/"
    end = {"version": desk.get(f"{one}end/").context["form"].initial["version"], "last_day": "2011-12-31"}
    assert desk.post(f"{one}end/", end | {"why": "It was wound up."}).status_code == 302
    row = next(r for r in desk.get(root).context["table"].rows if r["name"] == "Federation")
    assert (row["status"], row["last"], row["over"]) == ("ended", date(2011, 12, 31), True)
    page = desk.get(root).content.decode()
    assert f"{one}end/" not in page and "31 December 2011" in page
    number = row["undo"].number
    assert f'href="{one}undo/{number}/"' in page
    assert f'"{root}LB0002/undo/' not in page, "staff recorded it"
    before = LocalBodyParticulars.objects.current().count()
    shown = desk.post(f"{one}undo/{number}/", {"why": ""})
    assert "Federation: running" in text_of(shown) and "31 December 2011" in text_of(shown)
    assert LocalBodyParticulars.objects.current().get(name="Federation").effective.upper == date(2012, 1, 1)
    assert desk.post(f"{one}undo/{number}/", {"why": "", "confirm": "1"}).status_code == 302
    assert LocalBodyParticulars.objects.current().get(name="Federation").effective == fact.effective
    assert LocalBodyParticulars.objects.current().count() == before
    again = desk.post(f"{one}undo/{number}/", {"why": "", "confirm": "1"})
    assert again.status_code == 409 and "was undone already" in text_of(again)
    assert signed_in(in_world["other"]).get(f"{one}undo/{number}/").status_code == 403
    assert signed_in(in_world["admin"]).get(f"{one}undo/{number}/").status_code == 404, "it is not theirs"
