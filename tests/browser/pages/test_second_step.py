"""The department's first sign-in: set the app up, see the recovery codes, sign in with both steps; a passkey."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.authenticator import figures
from tests.browser.axe import check_page
from tests.browser.moves import press
from tests.browser.pages.conftest import sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def approver(site):
    from registry import clock
    from registry.models import RoleGrant, User

    user = User.objects.create_user("dh@example.org", "correct-horse-battery", name="Dee Aitch")
    RoleGrant.objects.create(user=user, role="approver", period=(clock.today(), None), given_by="system")
    return user


def test_setting_up_and_signing_in_with_two_steps(watched, site, approver):
    from django.core.cache import cache

    sign_in(watched, site, approver.email)
    expect(watched.get_by_role("heading", name="Set up an authenticator app")).to_be_visible()
    check_page(watched)
    watched.goto(f"{site}/gallery/form/")
    expect(watched.get_by_role("heading", name="Set up an authenticator app")).to_be_visible()
    expect(watched.get_by_alt_text("The key below as a QR code")).to_have_js_property("complete", True)
    secret = watched.get_by_label("Key").input_value()
    watched.get_by_label("Authenticator code").fill("12")
    press(watched, "Finish setting up")
    check_page(watched)
    secret = watched.get_by_label("Key").input_value()
    watched.get_by_label("Authenticator code").fill(figures(secret))
    press(watched, "Finish setting up")
    expect(watched.get_by_role("heading", name="Recovery codes")).to_be_visible()
    check_page(watched)
    watched.goto(f"{site}/accounts/logout/")
    press(watched, "Sign out")
    sign_in(watched, site, approver.email)
    expect(watched.get_by_label("Code", exact=True)).to_be_visible()
    check_page(watched)
    cache.clear()  # the app's six figures were used a moment ago and may be used once
    watched.get_by_label("Code", exact=True).fill(figures(secret))
    press(watched, re.compile("^sign in$", re.I))
    expect(watched.get_by_role("link", name="Sign out")).to_be_visible()
    watched.goto(f"{site}/gallery/form/")
    expect(watched.get_by_role("heading", name="Every field")).to_be_visible()


def test_a_passkey(watched, site):
    """Chromium's own virtual authenticator."""
    session = watched.context.new_cdp_session(watched)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True,
    }  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    sign_in(watched, site)
    watched.goto(f"{site}/accounts/2fa/webauthn/add/")
    watched.get_by_label("Name", exact=True).fill("Laptop")
    watched.get_by_label("Passwordless").check()
    press(watched, "Add")
    expect(watched.get_by_role("heading", name="Recovery codes")).to_be_visible()
    watched.goto(f"{site}/accounts/2fa/webauthn/")
    check_page(watched)
    watched.goto(f"{site}/accounts/logout/")
    press(watched, "Sign out")
    watched.goto(f"{site}/accounts/login/")
    press(watched, "Use a passkey")
    expect(watched.get_by_role("link", name="Sign out")).to_be_visible()
