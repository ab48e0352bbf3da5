"""No answer to a signed-in person is kept by a cache."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "status"),
    [("/gallery/form/", 200), ("/gallery/refuse/403/", 403), ("/nowhere/", 404), ("/accounts/logout/", 200)],
)
def test_signed_in_answers_are_not_stored(client, user, path, status):
    client.force_login(user)
    answer = client.get(path)
    assert answer.status_code == status
    assert "private" in answer["Cache-Control"] and "no-store" in answer["Cache-Control"]


def test_an_anonymous_answer_is_left_alone(client):
    assert "Cache-Control" not in client.get("/")
