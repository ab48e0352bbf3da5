import pytest

from tests.browser.axe import WIDE, watch
from tests.browser.moves import press


@pytest.fixture(autouse=True)
def gallery(settings):
    settings.ROOT_URLCONF = "tests.unit.registry.pages.gallery"


@pytest.fixture
def site(live_site):
    """The gallery, served over HTTP, with one person in it."""
    from registry.models import User

    User.objects.create_user("ann@example.org", "correct-horse-battery", name="Ann")
    for number in range(60):
        User.objects.create_user(f"p{number}@example.org", name=f"Person {number:02}")
    return live_site


@pytest.fixture
def watched(page):
    page.set_viewport_size(WIDE)
    return watch(page)


def sign_in(page, site, email="ann@example.org"):
    if "/accounts/login/" not in page.url:
        page.goto(f"{site}/accounts/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill("correct-horse-battery")
    press(page, "Sign in")
