"""DH's roles open no page without an authenticator app, outside a demonstration."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, hotp_value, yield_hotp_counters_from_time

from registry import clock
from registry.models import RoleGrant, User

pytestmark = pytest.mark.django_db


def give(user, role, kind="", ref=""):
    RoleGrant.objects.create(
        user=user, role=role, object_kind=kind, object_ref=ref, period=(clock.today(), None), given_by="system"
    )


def figures(secret):
    return f"{hotp_value(secret, next(iter(yield_hotp_counters_from_time()))):06}"


HTML = {"accept": "text/html"}


@pytest.mark.parametrize("role", ["assessor", "approver", "programme_admin"])
def test_the_department_is_sent_to_set_it_up(client, user, role):
    give(user, role)
    client.force_login(user)
    for path in ("/", "/gallery/form/", "/accounts/password/change/"):
        response = client.get(path, headers=HTML)
        assert (response.status_code, response.get("Location")) == (302, "/accounts/2fa/totp/activate/"), path
    refused = client.post("/gallery/form/", {"name": "x"}, headers=HTML)
    assert refused.status_code == 403
    assert "Set up an authenticator app" in refused.content.decode()
    assert client.get("/gallery/form/").status_code == 403


def test_so_is_the_first_administrator(client):
    client.force_login(User.objects.create_superuser("root@example.org", "correct-horse-battery"))
    assert client.get("/", headers=HTML).status_code == 302


def test_others_are_not(client, user):
    give(user, "pct_lead", "pct", "5LE")
    client.force_login(user)
    assert client.get("/gallery/form/", headers=HTML).status_code == 200


def test_nor_anybody_in_a_demonstration(client, user, settings):
    settings.DEMO = True
    give(user, "approver")
    client.force_login(user)
    assert client.get("/gallery/form/", headers=HTML).status_code == 200


def test_an_app_opens_the_pages_and_is_asked_for_at_the_next_sign_in(client, user):
    give(user, "assessor")
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    response = client.post("/accounts/login/", {"login": user.email, "password": "correct-horse-battery"})
    assert response["Location"].startswith("/accounts/2fa/authenticate/")
    assert "_auth_user_id" not in client.session
    assert client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert client.post("/accounts/2fa/authenticate/", {"code": figures(secret)}).status_code == 302
    assert client.get("/gallery/form/", headers=HTML).status_code == 200


def test_the_secret_rests_encrypted_and_survives_a_new_key(user, settings):
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    stored = Authenticator.objects.get(user=user)
    assert secret not in str(stored.data)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new key"
    assert stored.wrap().validate_code(figures(secret))
