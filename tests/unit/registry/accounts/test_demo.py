import pytest

from registry.accounts.demo import demo_users
from registry.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def people():
    for name in ("lead", "approver", "assessor"):
        User.objects.create_user(f"{name}@demo.invalid", name=name.title())
    User.objects.create_user("gone@demo.invalid", is_active=False)
    User.objects.create_user("ann@example.org")


@pytest.fixture
def demo(settings):
    settings.DEMO = True


def test_the_people_of_the_demonstration_in_order():
    assert [user.name for user in demo_users()] == ["Approver", "Assessor", "Lead"]


def test_one_button_signs_in(client, demo):
    html = client.get("/accounts/login/?next=/gallery/form/").content.decode()
    assert html.count('name="user"') == 3 and 'value="lead"' in html
    response = client.post("/accounts/demo-login/", {"user": "lead", "next": "/gallery/form/"})
    assert response["Location"] == "/gallery/form/"
    assert "Lead" in client.get("/").content.decode()


def test_it_leads_nowhere_else(client, demo):
    response = client.post("/accounts/demo-login/", {"user": "lead", "next": "https://evil.example/"})
    assert response["Location"] == "/"


@pytest.mark.parametrize("key", ["ann", "gone", "", "ann@example.org", "nobody"])
def test_nobody_else(client, demo, key):
    assert client.post("/accounts/demo-login/", {"user": key}).status_code == 404


def test_not_from_another_machine(client, demo):
    response = client.post("/accounts/demo-login/", {"user": "lead"}, REMOTE_ADDR="10.0.0.9")
    assert response.status_code == 404
    assert 'name="user"' not in client.get("/accounts/login/", REMOTE_ADDR="10.0.0.9").content.decode()


def test_not_outside_a_demonstration(client):
    assert client.post("/accounts/demo-login/", {"user": "lead"}).status_code == 404
    assert 'name="user"' not in client.get("/accounts/login/").content.decode()
