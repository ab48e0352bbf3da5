"""A public page sets no cookie, carries no token, and is the same bytes for every anonymous reader."""

import pytest

from registry.pages.public import CookieOnPublicPage

pytestmark = pytest.mark.django_db


def test_no_cookie_and_the_same_bytes(client):
    first, second = client.get("/gallery/list/"), client.get("/gallery/list/")
    assert first.status_code == 200
    assert first.content == second.content
    assert not first.cookies and not client.cookies
    assert b"csrfmiddlewaretoken" not in first.content


def test_a_dead_session_cookie_is_not_answered_with_one(client, settings):
    fresh = client.get("/")
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    stale = client.get("/")
    assert not stale.cookies
    assert stale.content == fresh.content


def test_a_form_with_a_token_on_a_public_page_fails(client):
    with pytest.raises(CookieOnPublicPage):
        client.get("/gallery/leaky/")


def test_signed_in_answers_are_never_stored(client, user):
    client.force_login(user)
    response = client.get("/")
    assert response["Cache-Control"] == "private, no-store"
    assert "Cookie" in response["Vary"]
    assert b"Sign out" in response.content


def test_everything_else_asks_for_a_login(client):
    response = client.get("/gallery/form/")
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=/gallery/form/")
