"""Headers and addresses that no client of good will sends: answered, never a fault of ours."""

import pytest

pytestmark = pytest.mark.django_db
LIST = "/api/v1/practices/"


@pytest.mark.parametrize("token", ["\xff\xfe", "ab\0cd", "é" * 64])
def test_a_token_that_is_no_text_is_refused(client, token):
    answer = client.get(LIST, headers={"Authorization": f"Token {token}"})
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert answer["WWW-Authenticate"] == "Token"


@pytest.mark.parametrize("accept", ["", ",", " , "])
def test_an_accept_that_names_nothing_is_none(client, accept):
    answer = client.get(LIST, headers={"Accept": accept})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert client.get(LIST, headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize("path", [LIST, "/api/v1/schema/", "/healthz", "/readyz", "/nowhere/", "/api/v1/nowhere/"])
def test_a_dead_session_cookie_is_not_answered_with_one(client, settings, path):
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    assert not client.get(path).cookies


@pytest.mark.parametrize("kind", ["practices", "pcts", "shas", "consortia", "pathfinders", "waves"])
def test_a_nul_in_an_address_is_not_found(client, kind):
    assert client.get(f"/{kind}/%00/").status_code == 404
