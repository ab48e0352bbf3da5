import re

import pytest
from django.core import mail

from registry.models import User

pytestmark = pytest.mark.django_db


def test_by_password_without_regard_to_capitals(client, user):
    response = client.post("/accounts/login/", {"login": "ANN@example.org", "password": "correct-horse-battery"})
    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)


@pytest.mark.parametrize("login", ["ann@example.org", "nobody@example.org"])
def test_a_wrong_password_and_an_unknown_address_get_one_answer(client, user, login):
    html = client.post("/accounts/login/", {"login": login, "password": "wrong-horse"}).content.decode()
    assert "The email address and/or password you specified are not correct." in html
    assert f'value="{login}"' in html and "wrong-horse" not in html


def test_by_a_mailed_code(client, user):
    assert client.post("/accounts/login/code/", {"email": "ann@example.org"}).status_code == 302
    code = re.search(r"^([A-Z0-9-]{6,})$", mail.outbox[0].body, re.MULTILINE).group(1)
    response = client.post("/accounts/login/code/confirm/", {"code": code})
    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)
    assert mail.outbox[0].subject.startswith("Pathfinders: ")
    assert "example.com" not in mail.outbox[0].body


def test_a_new_password_by_mail(client, user, settings):
    settings.PUBLIC_URL = "https://register.example.org"
    client.post("/accounts/password/reset/", {"email": "ann@example.org"})
    link = re.search(r"https://register\.example\.org(/\S+)", mail.outbox[0].body).group(1)
    page = client.get(link, follow=True)
    assert page.status_code == 200
    new = {"password1": "another-horse-battery", "password2": "another-horse-battery"}
    assert client.post(page.request["PATH_INFO"], new).status_code == 302
    user.refresh_from_db()
    assert user.check_password("another-horse-battery")


def test_nobody_signs_up(client):
    form = {"email": "new@example.org", "password1": "correct-horse-battery"}
    assert "Accounts are by invitation" in client.get("/accounts/signup/").content.decode()
    assert "Accounts are by invitation" in client.post("/accounts/signup/", form).content.decode()
    assert not User.objects.filter(email="new@example.org").exists()


@pytest.mark.parametrize("path", ["/accounts/email/", "/accounts/confirm-email/", "/accounts/confirm-email/abc/"])
def test_nobody_changes_an_address_by_himself(client, user, path):
    client.force_login(user)
    assert client.get(path).status_code == 404
    assert client.post(path, {"email": "x@example.org", "action_add": ""}).status_code == 404


def test_an_ended_account_does_not_sign_in(client, user):
    User.objects.filter(pk=user.pk).update(is_active=False)
    client.post("/accounts/login/", {"login": "ann@example.org", "password": "correct-horse-battery"})
    assert "_auth_user_id" not in client.session


def test_guesses_are_counted(client, user):
    for _ in range(12):
        client.post("/accounts/login/", {"login": "ann@example.org", "password": "wrong"})
    client.post("/accounts/login/", {"login": "ann@example.org", "password": "correct-horse-battery"})
    assert "_auth_user_id" not in client.session
