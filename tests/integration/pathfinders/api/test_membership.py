"""Memberships by the API: the pages' own actions, with the version that was read."""

from __future__ import annotations

import base64
import json
from datetime import date
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from consortia.models import ConfirmationRequest, Membership, MembershipUpload, TransferRequest
from pathfinders.api.membership_steps import OF_CONSORTIUM, OF_PRACTICE
from registry.models import Entry
from tests import factories as make
from tests import programme as told
from tests.desk import signed_in
from tests.integration.consortia.conftest import Land, land
from tests.support.memberships import belongs, broken

__all__ = ["land"]
NORTH, FIRST = "/api/v1/consortia/GC0001/membership/", "/api/v1/practices/Z00001/membership/"
WHY = "They wrote to us."


def send(user: Any, path: str, body: Any, version: Any = None, kind: str = "application/json", **headers: str) -> Any:
    """`version`: None takes the one that stands now."""
    client = signed_in(user)
    if version is None:
        where = path.split("membership/")[0] + "membership/"
        version = client.get(where).headers.get("ETag", '"0"')
    text = body if isinstance(body, (str, bytes)) else json.dumps(body)
    sent = {**({"If-Match": str(version)} if version != "" else {}), **headers}
    return client.post(path, text, content_type=kind, headers=sent)


def code(answer: Any) -> str:
    assert answer["Content-Type"] == "application/problem+json", answer.content
    return answer.json()["errors"][0]["code"]


def test_what_is_read_has_a_version_and_is_for_who_keeps_it(land: Land) -> None:
    answer = signed_in(land.lead).get(NORTH)
    found = answer.json()["result"]
    last = Entry.objects.order_by("-number").values_list("number", flat=True)[0]
    assert answer["ETag"] == f'"{found["version"]}"' and found["version"] <= last
    assert [m["practice"] for m in found["memberships"]] == ["Z00001", "Z00002"]
    assert found["memberships"][0]["effective_from"] == "2011-01-01"
    assert {"claim", "attest"} <= set(found["allowed_actions"])
    assert "attest" not in signed_in(land.admin).get(NORTH).json()["result"]["allowed_actions"]
    assert signed_in(land.deputy).get(NORTH).status_code == 200
    assert [signed_in(u).get(NORTH).status_code for u in (land.other, land.manager)] == [403, 403]
    assert [signed_in(u).get(FIRST).status_code for u in (land.manager, land.admin)] == [200, 200]
    assert signed_in(land.lead).get(FIRST).status_code == 403
    assert signed_in(land.lead).get("/api/v1/consortia/GC9999/membership/").status_code == 404


def test_a_lead_claims_ends_corrects_and_undoes(land: Land) -> None:
    claim = {"practices": ["z00003"], "on": "2011-05-01", "why": WHY}
    answer = send(land.lead, f"{NORTH}claim/", claim)
    found = answer.json()
    assert answer.status_code == 200 and answer["ETag"] == f'"{found["entry"]}"' == f'"{found["result"]["version"]}"'
    assert belongs(land.practices[2])[0][:2] == ("GC0001", "2011-05-01")
    undo = {"entry": found["entry"]}
    assert send(land.other, "/api/v1/consortia/GC0002/membership/undo/", undo).status_code == 422
    assert send(land.lead, f"{NORTH}undo/", undo).status_code == 200
    assert belongs(land.practices[2]) == []
    end = {"practice": "Z00001", "on": "2011-06-01", "reason": "resigned", "why": WHY}
    assert send(land.lead, f"{NORTH}end/", end).status_code == 200
    correct = {"practice": "Z00002", "on": "2011-05-01", "first_day": "2011-02-01", "why": WHY}
    assert send(land.lead, f"{NORTH}correct/", correct).status_code == 200
    assert belongs(land.practices[0])[0][1:3] == ("2011-01-01", "2011-06-01")
    assert belongs(land.practices[1])[0][1] == "2011-02-01"
    assert broken() == []


def test_nobody_changes_what_they_have_not_seen(land: Land) -> None:
    seen = signed_in(land.lead).get(NORTH)["ETag"]
    end = {"practice": "Z00001", "on": "2011-06-01", "reason": "resigned", "why": WHY}
    assert code(send(land.lead, f"{NORTH}end/", end, "")) == "no_version"
    assert code(send(land.lead, f"{NORTH}end/", end, "abc")) == "bad_version"
    assert send(land.deputy, f"{NORTH}end/", end, seen).status_code == 200
    entries = Entry.objects.count()
    other = end | {"practice": "Z00002"}
    answer = send(land.lead, f"{NORTH}end/", other, seen)
    assert (answer.status_code, code(answer)) == (412, "stale") and Entry.objects.count() == entries
    # a practice's own version moves with any consortium's word on it, and a consortium's with a practice's leaving it
    before = signed_in(land.manager).get(FIRST)["ETag"], signed_in(land.lead).get(NORTH)["ETag"]
    move = {"consortium": "GC0002", "on": "2011-04-01", "why": WHY}
    assert send(land.admin, f"{FIRST}transfer_on_paper/", move).status_code == 200
    after = signed_in(land.manager).get(FIRST)["ETag"], signed_in(land.lead).get(NORTH)["ETag"]
    assert before[0] != after[0] and before[1] != after[1]


def test_an_answer_lost_is_asked_for_again_though_the_version_moved(land: Land) -> None:
    claim = {"practices": ["Z00003"], "on": "2011-05-01", "why": WHY}
    seen = signed_in(land.lead).get(NORTH)["ETag"]
    first = send(land.lead, f"{NORTH}claim/", claim, seen, **{"Idempotency-Key": "a"})
    again = send(land.lead, f"{NORTH}claim/", claim, seen, **{"Idempotency-Key": "a"})
    assert first.status_code == again.status_code == 200 and first.content == again.content
    assert again["Idempotency-Replayed"] == "true" and again["ETag"] == first["ETag"]
    assert Entry.objects.filter(action="claim").count() == 1
    assert send(land.lead, f"{NORTH}claim/", claim, seen).status_code == 412


def test_of_two_who_saw_the_same_one_changes_it(committed_db: str) -> None:
    pct, north = make.make_pct("5QV", last_day=None), make.make_consortium("GC0001", name="North")
    for n in (1, 2):
        make.make_membership(make.make_practice(f"Z0000{n}", pct=pct), north, date(2011, 1, 1))
    people = [told.person(consortium_lead="GC0001"), told.person(consortium_deputy="GC0001")]
    seen, gate, answers = signed_in(people[0]).get(NORTH)["ETag"], Barrier(2), []

    def end(n: int) -> None:
        body = {"practice": f"Z0000{n}", "on": "2011-06-01", "reason": "resigned", "why": WHY}
        try:
            gate.wait()
            answers.append(send(people[n - 1], f"{NORTH}end/", body, seen).status_code)
        finally:
            connection.close()

    threads = [Thread(target=end, args=(n,)) for n in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 412] and Entry.objects.filter(action="end_membership").count() == 1


def test_bodies_are_understood_or_refused_with_their_field(land: Land) -> None:
    for body, field in (
        ({"practices": ["Z00003"], "on": "2011-05-01"}, "why"),
        ({"practices": ["Z00003"], "on": "soon", "why": WHY}, "on"),
        ({"practices": ["Z00003"], "on": "2011-05-01", "why": WHY, "colour": "red"}, "colour"),
    ):
        answer = send(land.lead, f"{NORTH}claim/", body)
        assert answer.status_code == 422 and [e["field"] for e in answer.json()["errors"]] == [field], (
            "each fault once"
        )
        assert field in answer.json()["detail"]
    answer = send(land.lead, f"{NORTH}claim/", {"practices": ["Z00001", "Z99999"], "on": "2011-05-01", "why": WHY})
    assert answer.status_code == 422
    assert [e["code"] for e in answer.json()["errors"][1:]] == ["already", "unknown"]
    end = {"practice": "Q1", "on": "2011-06-01", "reason": "resigned", "why": WHY}
    assert code(send(land.lead, f"{NORTH}end/", end)) == "no_practice"
    assert Entry.objects.filter(action__in=("claim", "end_membership")).count() == 0


def test_a_practice_moves_by_the_agreement_of_both(land: Land) -> None:
    south = "/api/v1/consortia/GC0002/membership/"
    asked = send(land.manager, f"{FIRST}ask_transfer/", {"consortium": "GC0002", "on": "2011-06-01"})
    number = asked.json()["result"]["transfers"][0]["transfer"]
    wish = {"transfer": number}
    assert send(land.lead, f"{NORTH}agree_transfer/", wish).status_code == 422  # the one that is left is not asked
    assert send(land.manager, f"{FIRST}agree_transfer/", wish).status_code == 403  # nor who asked
    answer = send(land.other, f"{south}agree_transfer/", wish)
    assert answer.status_code == 200 and answer.json()["entry"]
    assert [b[0] for b in belongs(land.practices[0])] == ["GC0001", "GC0002"]
    offered = send(land.lead, f"{NORTH}offer_transfer/", {"practice": "Z00001", "on": "2011-08-01"})
    [waits] = offered.json()["result"]["transfers"]
    assert send(land.manager, f"{FIRST}decline_transfer/", {"transfer": waits["transfer"]}).status_code == 200
    assert TransferRequest.objects.get(pk=waits["transfer"]).state == "declined"


def test_a_practice_answers_and_is_asked(land: Land) -> None:
    letters = {"practices": ["Z00001", "Z00002"], "channel": "letter"}
    assert send(land.lead, f"{NORTH}ask/", letters).status_code == 200
    assert ConfirmationRequest.objects.count() == 2
    answer = send(land.manager, f"{FIRST}answer/", {"consortium": "GC0001", "answer": "confirmed"})
    assert answer.status_code == 200 and answer.json()["entry"]
    png = base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
    paper = {
        "practice": "Z00002",
        "answer": "confirmed",
        "on": "2011-05-05",
        "document": {"name": "signed.png", "content": base64.b64encode(png).decode()},
    }
    bad = paper | {"document": {"name": "signed.png", "content": "not base64!"}}
    assert code(send(land.lead, f"{NORTH}record_on_paper/", bad)) == "bad_document"
    assert send(land.lead, f"{NORTH}record_on_paper/", paper).status_code == 200
    stands = {(b[0], b[3], b[5]) for p in land.practices[:2] for b in belongs(p) if b[3] == "confirmed"}
    assert stands == {("GC0001", "confirmed", "signed_in"), ("GC0001", "confirmed", "paper")}
    found = signed_in(land.lead).get(NORTH).json()["result"]
    assert send(land.lead, f"{NORTH}attest/", {"sha256": "0" * 64}).status_code == 412
    assert send(land.lead, f"{NORTH}attest/", {"sha256": found["list_sha256"]}).status_code == 200


def test_staff_record_and_put_right(land: Land) -> None:
    join = {"consortium": "GC0002", "on": "2011-05-01", "status": "claimed", "reason": "joined", "why": WHY}
    third = "/api/v1/practices/Z00003/membership/"
    assert send(land.manager, f"{FIRST}join/", join).status_code == 403
    assert send(land.admin, f"{third}join/", join).status_code == 200
    right = {"first_day": "2011-05-01", "last_day": "2011-05-31", "consortium": None, "why": WHY}
    assert send(land.admin, f"{third}correct/", right).status_code == 200
    assert belongs(land.practices[2])[0][1] == "2011-06-01"  # the last day is inclusive
    assert send(land.admin, f"{third}leave/", {"on": "2011-07-01", "why": WHY}).status_code == 200
    assert belongs(land.practices[2])[0][1:3] == ("2011-06-01", "2011-07-01") and broken() == []


ROWS = {"rows": [{"practice": "Z00003", "on": "2011-05-01"}], "on": "2011-06-01", "why": WHY}
LIST = f"{NORTH}claim_list/"


def test_a_list_is_dry_run_then_written_whole_and_undone(land: Land) -> None:
    dry = send(land.lead, f"{LIST}?dry_run=1", ROWS, "")
    found = dry.json()["result"]
    assert dry.status_code == 200 and found["list"] is None and found["counts"]["ready"] == 1
    assert (found["before"]["practices"], found["after"]["practices"]) == (2, 3)
    assert not MembershipUpload.objects.exists() and belongs(land.practices[2]) == []
    assert code(send(land.lead, LIST, ROWS, "")) == "no_version"
    written = send(land.lead, LIST, ROWS, **{"Idempotency-Key": "l"})
    result = written.json()["result"]
    assert written.status_code == 201 and result["rows"] == found["rows"] and result["entry"]
    assert belongs(land.practices[2])[0][:2] == ("GC0001", "2011-05-01")
    assert send(land.lead, LIST, ROWS, **{"Idempotency-Key": "l"}).content == written.content
    assert MembershipUpload.objects.count() == 1
    assert send(land.lead, f"{NORTH}undo_list/", {"list": result["list"], "why": WHY}).status_code == 200
    assert belongs(land.practices[2]) == []


def test_a_file_of_rows_is_written_whole_or_not_at_all(land: Land) -> None:
    text = "Practice code,From\nZ00003,2011-05-01\nZ99999,2011-05-01\nZ00001,\n"
    path = f"{LIST}?on=2011-06-01&why=They+wrote"
    answer = send(land.lead, path, text, kind="text/csv")
    faults = answer.json()["errors"]
    assert (answer.status_code, faults[0]["code"]) == (409, "rows_refused")
    assert [(f["field"], f["code"]) for f in faults[1:]] == [("line 3", "unknown")]
    assert not MembershipUpload.objects.exists() and belongs(land.practices[2]) == []
    answer = send(land.lead, path, text.replace("Z99999,2011-05-01\n", ""), kind="text/csv; charset=utf-8")
    assert answer.status_code == 201 and answer.json()["result"]["counts"] == {"ready": 1, "wrong": 0, "quiet": 1}
    assert send(land.other, path, text, kind="text/csv").status_code == 403
    assert send(land.lead, LIST, text, kind="text/csv").json()["errors"][0]["field"] == "on"
    assert send(land.lead, path, "<html>", kind="text/html").status_code == 415


def test_staff_send_a_file_of_many_consortia(land: Land) -> None:
    text = "practice,consortium,from,status\nZ00003,GC0002,2011-05-01,claimed\nZ00001,GC0001,2011-01-01,{}\n"
    path = "/api/v1/memberships/import/"
    client = signed_in(land.admin)

    def post(body: str, query: str = "") -> Any:
        return client.post(f"{path}{query}", body, content_type="text/csv")

    bad = post(text.format("whim"))
    assert bad.status_code == 409 and bad.json()["errors"][1]["field"] == "line 3"
    dry = post(text.format("claimed"), "?dry_run=1").json()["result"]
    done = post(text.format("claimed"))
    assert done.status_code == 201 and done.json()["result"]["entry"]
    assert dry["counts"] == done.json()["result"]["counts"] and belongs(land.practices[2])[0][0] == "GC0002"
    assert signed_in(land.lead).post(path, text, content_type="text/csv").status_code == 403


@pytest.mark.parametrize("steps", [OF_CONSORTIUM, OF_PRACTICE])
def test_every_step_is_refused_to_strangers_before_its_body_is_looked_at(land: Land, steps: Any) -> None:
    where = NORTH if steps is OF_CONSORTIUM else FIRST
    facts = Membership.objects.count()
    for step in steps:
        assert send(land.other, f"{where}{step.name}/", {}, "1").status_code == 403, step.name
    assert Membership.objects.count() == facts
    assert date(2011, 1, 1).isoformat() == belongs(land.practices[0])[0][1]
