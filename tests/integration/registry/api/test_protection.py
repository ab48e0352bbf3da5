"""Quotas by address, person and token, and the sizes beyond which a question is refused."""

import pytest
from django.http import HttpResponse
from knox.models import AuthToken
from rest_framework.test import APIRequestFactory

from registry import tallies
from registry.api import limits, throttles
from registry.api.views import PublicRead
from registry.models import User
from registry.serving import THREADS

URL = "/api/v1/waves/"
NOBODY = {"HTTP_AUTHORIZATION": "Token " + "a" * 64}


@pytest.fixture(autouse=True)
def few(monkeypatch):
    """Three questions a minute for an address, three for a token, five for a person."""
    rates = {"anon": "3/min", "token": "3/min", "user": "5/min"}
    monkeypatch.setattr(throttles.Quota, "THROTTLE_RATES", rates)
    tallies.forget()
    yield
    tallies.forget()


@pytest.fixture
def token(db):
    person = User.objects.create_user("a@example.org")
    return [{"HTTP_AUTHORIZATION": f"Token {AuthToken.objects.create(person)[1]}"} for _ in range(2)]


def statuses(client, times, url=URL, **headers):
    return [client.get(url, **headers).status_code for _ in range(times)]


def left(answer, policy):
    found = dict(part.strip().split(";", 1) for part in answer["RateLimit"].split(","))
    return int(found[f'"{policy}"'].split(";")[0].removeprefix("r="))


def test_each_answer_tells_where_its_reader_stands(db, client):
    answers = [client.get(URL) for _ in range(4)]
    assert [a.status_code for a in answers] == [200, 200, 200, 429]
    assert [left(a, "address") for a in answers] == [2, 1, 0, 0]
    assert {a["RateLimit-Policy"] for a in answers} == {'"address";q=3;w=60'}
    assert 0 < int(answers[3]["Retry-After"]) <= 61
    assert answers[3].json()["errors"][0]["code"] == "throttled"


def test_a_window_ends(db, client, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(tallies.time, "monotonic", lambda: now[0])
    assert statuses(client, 4) == [200, 200, 200, 429]
    now[0] += 59
    assert statuses(client, 1) == [429]
    now[0] += 2
    assert statuses(client, 1) == [200]


def test_addresses_are_counted_apart_but_those_of_one_network_of_ipv6_together(db, client):
    statuses(client, 3, REMOTE_ADDR="192.0.2.1")
    assert statuses(client, 1, REMOTE_ADDR="192.0.2.2") == [200]
    one, same, other = "2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:1::1"
    statuses(client, 3, REMOTE_ADDR=one)
    assert statuses(client, 1, REMOTE_ADDR=same) == [429]
    assert statuses(client, 1, REMOTE_ADDR=other) == [200]
    assert throttles.network("::ffff:192.0.2.1") == "192.0.2.1"


def test_an_unchanged_answer_is_given_back_and_a_refused_one_is_not(db, client):
    tag = client.get(URL)["ETag"]
    assert {client.get(URL, HTTP_IF_NONE_MATCH=tag).status_code for _ in range(5)} == {304}
    client.cookies["a"] = "cookie"  # which the shorter way does not answer
    again = [client.get(URL, HTTP_IF_NONE_MATCH=tag) for _ in range(5)]
    assert {(a.status_code, left(a, "address")) for a in again} == {(304, 2)}
    assert statuses(client, 3, URL + "?nonsense=1") == [400, 400, 429]


def test_a_token_has_a_quota_of_its_own_and_its_person_one_over_all(client, token):
    statuses(client, 4)  # the address has used up its own
    assert statuses(client, 4, **token[0]) == [200, 200, 200, 429]
    other = client.get(URL, **token[1])  # the person's fifth
    assert (other.status_code, left(other, "token"), left(other, "person")) == (200, 2, 0)
    assert statuses(client, 1, **token[1]) == [429]


def test_wrong_tokens_are_counted_before_they_are_looked_up(client, token, django_assert_num_queries):
    assert statuses(client, 3, **NOBODY) == [401, 401, 401]
    with django_assert_num_queries(0):
        assert statuses(client, 1, **NOBODY) == [429]
    assert statuses(client, 1) == [200]  # without one, it may go on
    tallies.forget()
    assert statuses(client, 3, "/api/v1/bids/") == [401, 401, 401]
    assert statuses(client, 1) == [429]


def test_long_lists_are_made_by_half_of_the_threads_and_others_are_told_to_come_again(db, client):
    long = f"{URL}?format=csv&fields=number"
    with limits.room(), limits.room():
        answer = client.get(long)
        assert (answer.status_code, answer["Retry-After"]) == (503, "10")
        assert answer.json()["errors"][0]["code"] == "too_many_at_once"
        assert statuses(client, 1) == [200]
    assert client.get(long).status_code == 200
    assert limits.LONG_AT_ONCE * 2 == THREADS


@pytest.mark.parametrize(
    "query, code",
    [
        ("q=" + "a" * 4000, "query_too_long"),
        ("&".join(["a="] * 1200), "too_many_parameters"),
        ("fields=" + "a," * 101, "too_many_fields"),
        ("fields=" + "a%2C" * 101, "too_many_fields"),
        ("page_size=1001", "bad_number"),
        ("cursor=" + "a" * 500, "bad_cursor"),
    ],
)
def test_a_question_beyond_the_limits_is_refused_with_a_sentence(db, client, query, code):
    answer = client.get(f"{URL}?{query}")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["errors"][0]["code"] == code


def test_a_body_beyond_the_limits_is_refused_unread(client, token):
    body = b" " * (limits.BODY_BYTES + 1)
    answer = client.post("/api/v1/bids/BID-2010-0001/submit/", body, content_type="application/json", **token[0])
    assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")


@pytest.mark.parametrize("body, status", [(b"[" * 100_000, 400), (b"[[1]]", 200)])
def test_a_body_that_is_nested_too_deeply_is_the_askers_fault(body, status):
    class Reads(PublicRead):
        permission_classes = ()

        def post(self, request):
            return HttpResponse(str(request.data))

    answer = Reads.as_view()(APIRequestFactory().post("/", body, content_type="application/json"))
    assert answer.status_code == status


def test_a_full_table_forgets_the_oldest_and_nothing_else(monkeypatch):
    monkeypatch.setattr(tallies, "SLOTS", tallies.WAYS)  # all keys stand in the same four slots
    for n in range(4):
        tallies.add(f"key {n}", 60)
    tallies.add("key 0", 60)
    tallies.add("one more", 60)
    assert [tallies.add(f"key {n}", 60, by=0)[0] for n in range(1, 4)] == [1, 1, 1]
    assert tallies.add("key 0", 60, by=0)[0] == 0
    assert tallies.add("one more", 60, by=0)[0] == 1
