import pytest

GALLERY = "tests.unit.registry.pages.gallery"


@pytest.fixture(autouse=True)
def gallery(settings):
    settings.ROOT_URLCONF = GALLERY


@pytest.fixture
def user(db):
    from registry.models import User

    return User.objects.create_user("ann@example.org", "correct-horse-battery", name="Ann")
