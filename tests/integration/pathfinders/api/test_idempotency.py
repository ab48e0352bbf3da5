"""Idempotency-Key: a write sent again acts no second time, and two at once are one."""

from __future__ import annotations

import json
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from pathfinders.models import Bid
from registry import clock
from registry.models import KeptAnswer
from tests import programme as told
from tests.desk import signed_in

DRAFTS = "/api/v1/bids/"


@pytest.fixture
def lead(db: None) -> Any:
    told.criteria()
    return told.person("consortium_lead")


def draft(client: Any, key: str | None = "k-1", path: str = DRAFTS, **body: Any) -> Any:
    headers = {} if key is None else {"Idempotency-Key": key}
    return client.post(path, json.dumps({"name": "North", **body}), content_type="application/json", headers=headers)


def test_the_same_write_sent_again_is_answered_as_before_and_acts_once(lead: Any) -> None:
    client = signed_in(lead)
    first = draft(client)
    again = draft(client, '"k-1"')  # quoted, as the standard's drafts have it
    assert (first.status_code, again.status_code, Bid.objects.count()) == (201, 201, 1)
    assert again.content == first.content and again["ETag"] == first["ETag"]
    assert again["Content-Type"] == "application/json" and again["Cache-Control"] == "private, no-store"
    assert again["Idempotency-Replayed"] == "true" and "Idempotency-Replayed" not in first
    assert draft(client, None).status_code == draft(client, "k-2").status_code == 201 and Bid.objects.count() == 3
    assert draft(signed_in(told.person("consortium_lead"))).status_code == 201  # another person's key is another key
    assert Bid.objects.count() == 4


def test_a_key_is_of_one_write(lead: Any) -> None:
    client = signed_in(lead)
    ref = draft(client).json()["result"]["ref"]
    for answer in (draft(client, name="South"), draft(client, path=f"{DRAFTS}{ref}/withdraw/")):
        assert answer.status_code == 422 and answer.json()["errors"][0]["code"] == "key_used"
    for key in ("", "two words", "é", "k" * 256):
        answer = draft(client, key)
        assert answer.status_code == 400 and answer.json()["errors"][0]["field"] == "Idempotency-Key"
    assert Bid.objects.count() == 1


def test_a_refusal_is_not_kept(lead: Any) -> None:
    client = signed_in(lead)
    assert draft(client, name="").status_code == 422 and not KeptAnswer.objects.exists()
    assert draft(client).status_code == 201 and KeptAnswer.objects.count() == 1


def test_the_answer_is_kept_with_the_write_or_not_at_all(lead: Any) -> None:
    client = signed_in(lead)
    client.raise_request_exception = False
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE registry_keptanswer ADD CONSTRAINT full_disk CHECK (false)")
    assert draft(client).status_code == 500
    assert not Bid.objects.exists() and not KeptAnswer.objects.exists()
    assert draft(client, None).status_code == 201


def test_it_is_kept_for_a_week(lead: Any) -> None:
    client = signed_in(lead)
    draft(client)
    KeptAnswer.objects.update(at=clock.real_now() - timedelta(days=7, minutes=1))
    draft(client)  # too old to be an answer, swept or not
    assert Bid.objects.count() == 2
    KeptAnswer.objects.update(at=clock.real_now() - timedelta(days=6))
    call_command("run_due", verbosity=0)
    assert KeptAnswer.objects.count() == 1
    KeptAnswer.objects.update(at=clock.real_now() - timedelta(days=8))
    call_command("run_due", verbosity=0)
    assert not KeptAnswer.objects.exists()


def test_of_two_at_once_one_acts_and_the_other_gets_its_answer(committed_db: str) -> None:
    told.criteria()
    lead = told.person("consortium_lead")
    clients, gate, answers = [signed_in(lead) for _ in range(2)], Barrier(2), []

    def send(client: Any) -> None:
        try:
            gate.wait()
            answers.append(draft(client))
        finally:
            connection.close()

    threads = [Thread(target=send, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [a.status_code for a in answers] == [201, 201] and Bid.objects.count() == 1
    assert answers[0].content == answers[1].content
    assert sorted("Idempotency-Replayed" in a for a in answers) == [False, True]


def test_a_body_that_is_too_long_is_refused(lead: Any) -> None:
    answer = draft(signed_in(lead), name="x" * 2_500_000)
    assert answer.status_code == 413 and answer.json()["errors"][0]["code"] == "too_large"
