"""What may be kept: settled answers for ever, others not at all without asking, signed-in ones by nobody."""

import pytest
from knox.models import AuthToken

from registry import tallies
from registry.api import caching
from registry.models import User
from registry.moment import Known
from tests import factories as make

URL = "/api/v1/practices/?as_of=2011-01-01"


@pytest.fixture
def practice(db):
    return make.make_practice("Z00001")


def test_an_etag_answers_304_until_something_is_written(practice, client):
    tag = client.get(URL)["ETag"]
    again = client.get(URL, HTTP_IF_NONE_MATCH=tag)
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    make.make_practice("Z00002")
    assert client.get(URL, HTTP_IF_NONE_MATCH=tag).status_code == 200


def test_any_tag_at_all_is_not_a_tag_that_was_given(practice, client):
    statuses = {"/api/v1/practices/Z99999/": 404, "/api/v1/bids/": 401, "/api/v1/practices/?no=1": 400}
    assert {url: client.get(url, HTTP_IF_NONE_MATCH="*").status_code for url in statuses} == statuses
    assert client.get(URL, HTTP_IF_NONE_MATCH="*")["Cache-Control"] == "public, max-age=0, must-revalidate"


def test_an_etag_is_of_one_register_and_not_of_another_with_as_many_entries(practice, rf):
    newest, question = Known.upto(), rf.get(URL)
    assert caching.stamp(question, newest) != caching.stamp(question, newest._replace(hash="0" * 64))


def test_an_etag_differs_by_query_format_and_dates(practice, client):
    urls = [URL, URL + "&fields=code", URL + "&format=csv", "/api/v1/practices/?as_of=2011-01-02"]
    assert len({client.get(u)["ETag"] for u in urls}) == 4


def test_only_a_settled_answer_is_immutable(practice, client):
    known = client.get(URL).json()["known_at"]
    assert client.get(f"{URL}&known_at={known}")["Cache-Control"] == "public, max-age=31536000, immutable"
    for url in (URL, f"/api/v1/practices/?known_at={known}", f"{URL}&known_at=2999-01-01"):
        assert client.get(url)["Cache-Control"] == "public, max-age=0, must-revalidate"


def test_a_signed_in_answer_is_private(practice, client):
    client.force_login(User.objects.create_user("a@example.org"))
    answer = client.get(URL)
    assert answer["Cache-Control"] == "private, no-store"
    assert "ETag" not in answer


def test_a_token_signs_in_and_a_bad_one_is_401(practice, client):
    _, token = AuthToken.objects.create(User.objects.create_user("a@example.org"))
    assert client.get(URL, HTTP_AUTHORIZATION=f"Token {token}")["Cache-Control"] == "private, no-store"
    answer = client.get(URL, HTTP_AUTHORIZATION="Token nonsense")
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")


def test_too_many_questions_from_one_address_are_429_with_a_time_to_wait(practice, client, monkeypatch):
    from registry.api.throttles import AddressThrottle

    monkeypatch.setattr(AddressThrottle, "THROTTLE_RATES", {"anon": "2/min", "user": "2/min"})
    tallies.forget()
    answers = [client.get(URL) for _ in range(3)]
    tallies.forget()
    assert [a.status_code for a in answers] == [200, 200, 429]
    assert answers[2]["Content-Type"] == "application/problem+json"
    assert 0 < int(answers[2]["Retry-After"]) <= 61
