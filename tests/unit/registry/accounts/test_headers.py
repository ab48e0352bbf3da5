import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[4]
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/nope/", "/accounts/login/", "/gallery/form/", "/gallery/list/?as_of=x"])
def test_every_answer_carries_the_policies(client, path):
    response = client.get(path)
    assert set(response["Content-Security-Policy"].split("; ")) == POLICY
    assert "camera=()" in response["Permissions-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"


def settings_at(**environment):
    names = "SECURE_HSTS_SECONDS SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SESSION_COOKIE_NAME INSTALLED_APPS"
    code = (
        "import json; from pathfinders import settings as s;"
        f"print(json.dumps({{n: getattr(s, n) for n in '{names}'.split()}} | {{'csp': s.CONTENT_SECURITY_POLICY}}))"
    )
    env = {"PATH": os.environ["PATH"], "PATHFINDERS_SECRET_KEY": "x" * 50, **environment}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_an_https_address_secures_cookies_and_asks_for_https():
    found = settings_at(PATHFINDERS_URL="https://register.example.org")
    assert found["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert found["SESSION_COOKIE_SECURE"] and found["CSRF_COOKIE_SECURE"]
    assert found["SESSION_COOKIE_NAME"].startswith("__Host-")


def test_plain_http_does_not():
    found = settings_at(PATHFINDERS_URL="http://127.0.0.1:8000")
    assert not found["SECURE_HSTS_SECONDS"] and not found["SESSION_COOKIE_SECURE"]


def test_a_foreign_sign_in_is_there_only_where_an_issuer_is_named():
    assert "allauth.socialaccount" not in settings_at()["INSTALLED_APPS"]
    found = settings_at(PATHFINDERS_OIDC_ISSUER="https://sso.example.org/realm")
    assert "allauth.socialaccount" in found["INSTALLED_APPS"]
    assert found["csp"]["DIRECTIVES"]["form-action"] == ["'self'", "https://sso.example.org"]
