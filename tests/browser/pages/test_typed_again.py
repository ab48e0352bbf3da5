"""A session that ends while somebody types, and a form older than a sign-in elsewhere."""

import pytest
from playwright.sync_api import expect

from tests.browser.axe import check_page
from tests.browser.moves import press
from tests.browser.pages.conftest import sign_in

pytestmark = pytest.mark.browser


def type_a_form(page, site):
    page.goto(f"{site}/gallery/form/")
    page.get_by_label("Name of the group").fill("South & East")
    page.get_by_label("Practice codes").fill("G85001\nG85002")
    page.get_by_label("Region").select_option("Q30")
    page.get_by_label("Approve").check()
    page.get_by_label("GP backing").check()
    page.get_by_label("Day").fill("1")
    page.get_by_label("Month").fill("4")
    page.get_by_label("Year").fill("2011")
    page.get_by_label("The consortium agrees").check()


def test_signing_in_again_restores_what_was_typed(watched, site):
    from django.contrib.sessions.models import Session

    sign_in(watched, site)
    type_a_form(watched, site)
    Session.objects.all().delete()
    press(watched, "Save")
    expect(watched.get_by_text("What you typed is kept for an hour")).to_be_visible()
    check_page(watched)
    sign_in(watched, site)
    expect(watched).to_have_url(f"{site}/gallery/form/")
    expect(watched.get_by_text("What you had typed is in the form below")).to_be_visible()
    check_page(watched)
    expect(watched.get_by_label("Practice codes")).to_have_value("G85001\nG85002")
    expect(watched.get_by_label("Region")).to_have_value("Q30")
    expect(watched.get_by_label("GP backing")).to_be_checked()
    expect(watched.get_by_label("Year")).to_have_value("2011")
    press(watched, "Save")
    expect(watched.get_by_text("The bid was saved")).to_be_visible()
    check_page(watched)
    expect(watched.get_by_label("Practice codes")).to_have_value("")


def test_a_form_older_than_a_sign_in_elsewhere_is_sent_again(watched, site):
    sign_in(watched, site)
    type_a_form(watched, site)
    other = watched.context.new_page()
    other.goto(f"{site}/accounts/logout/")
    press(other, "Sign out")
    sign_in(other, site)
    press(watched, "Save")
    expect(watched.get_by_role("heading", name="This form was not sent")).to_be_visible()
    check_page(watched)
    press(watched, "Send it again")
    expect(watched.get_by_text("The bid was saved")).to_be_visible()
