"""Signing in again restores what was typed."""

import re
import time
from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.utils import timezone

from registry.accounts import restore
from registry.models import User
from registry.pages import typed_by

pytestmark = pytest.mark.django_db
SIGN_IN = {"login": "ann@example.org", "password": "correct-horse-battery"}


def send_signed_out(client, path="/gallery/form/", *, by="ann@example.org", **data):
    """As a form sends that was shown to this person; `by=None`: a form that does not say."""
    person = {typed_by.FIELD: typed_by.signed(User.objects.get(email=by).ref)} if by else {}
    response = client.post(path, {"name": "South & East", "codes": "G85001\nG85002", **person, **data})
    assert response.status_code == 302
    return response["Location"]


def sign_in(client, location):
    wanted = client.post(location, SIGN_IN)
    assert wanted.status_code == 302
    return wanted["Location"]


def test_the_form_is_filled_in_again_with_a_notice(client, user):
    location = send_signed_out(client, password="hunter2", word="hunter2")
    assert "What you typed is kept for an hour" in client.get(location).content.decode()
    back = sign_in(client, location)
    assert back == "/gallery/form/"
    html = client.get(back).content.decode()
    assert "What you had typed is in the form below" in html
    assert 'value="South &amp; East"' in html and "G85001\nG85002" in html
    assert "hunter2" not in html


def test_passwords_and_tokens_are_not_even_kept(client, user):
    send_signed_out(client, password="hunter2", new_password="hunter2", csrfmiddlewaretoken="t0ken")
    stored = client.session[restore.KEY]["data"]
    assert "name=South" in stored and "hunter2" not in stored and "t0ken" not in stored


def test_it_stays_until_the_form_is_sent(client, user):
    back = sign_in(client, send_signed_out(client))
    assert b"South" in client.get(back).content
    assert b"South" in client.get(back).content
    client.post(back, {"name": "South & East"})
    assert restore.KEY not in client.session
    assert b"South" not in client.get(back).content


def test_another_page_does_not_get_it(client, user):
    sign_in(client, send_signed_out(client))
    html = client.get("/gallery/form/?bid=2").content.decode()
    assert "South" not in html and "typed-again" not in html


def test_a_page_without_the_form_offers_to_send_it(client, user):
    back = sign_in(client, send_signed_out(client, "/gallery/buttons/"))
    response = client.get(back)
    html = response.content.decode()
    assert "South &amp; East</textarea>" in html and "Send it again" in html
    assert 'action="/gallery/buttons/"' in html
    assert html.count("You are signed in again</h") == 1
    assert "Content-Security-Policy" in response


def test_it_is_forgotten_after_an_hour(client, user):
    back = sign_in(client, send_signed_out(client))
    with time_machine.travel(time.time() + restore.KEPT_FOR + 1):
        assert b"South" not in client.get(back).content
    assert restore.KEY not in client.session


def test_a_huge_form_is_not_kept(client, user):
    send_signed_out(client, codes="x" * (restore.LARGEST + 1))
    assert restore.KEY not in client.session


def test_reading_signed_out_keeps_nothing(client):
    assert client.get("/gallery/form/?name=x").status_code == 302
    assert not client.session.keys()


@pytest.mark.parametrize(("who", "given"), [("ann@example.org", True), ("bob@example.org", False)])
def test_only_the_person_whose_session_ended_gets_it(client, user, who, given):
    User.objects.create_user("bob@example.org", SIGN_IN["password"])
    client.force_login(user)
    Session.objects.update(expire_date=timezone.now() - timedelta(minutes=1))
    location = send_signed_out(client, by=None)
    back = client.post(location, SIGN_IN | {"login": who})["Location"]
    assert (b"South" in client.get(back).content) is given


def form_of(client, path="/gallery/form/"):
    """What the page's form says of the person it was shown to."""
    found = re.search(rf'name="{typed_by.FIELD}" value="([^"]+)"', client.get(path).content.decode())
    return found[1]


@pytest.mark.parametrize(("who", "given"), [("ann@example.org", True), ("bob@example.org", False)])
def test_after_a_sign_out_an_open_form_is_given_to_its_own_person_only(client, user, who, given):
    User.objects.create_user("bob@example.org", SIGN_IN["password"])
    client.force_login(user)
    shown = form_of(client)
    client.logout()
    location = send_signed_out(client, by=None, **{typed_by.FIELD: shown})
    assert typed_by.FIELD not in client.session[restore.KEY]["data"]
    back = client.post(location, SIGN_IN | {"login": who})["Location"]
    assert (b"South" in client.get(back).content) is given


@pytest.mark.parametrize("said", ["", "U-ANYBODY", "U-ANYBODY:forged"])
def test_a_form_of_nobody_known_is_not_kept(client, user, said):
    location = send_signed_out(client, by=None, **{typed_by.FIELD: said})
    assert restore.KEY not in client.session
    assert "What you typed is kept" not in client.get(location).content.decode()
