import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("status", [400, 403, 409, 412, 422])
def test_a_refusal_that_no_view_caught_is_its_page(client, user, status):
    client.force_login(user)
    response = client.get(f"/gallery/refuse/{status}/")
    assert response.status_code == status
    assert "The bid was decided by someone else at 10:04. Open it again." in response.content.decode()


def test_not_found_does_not_name_a_route(client):
    html = client.get("/nope/").content.decode()
    assert "Page not found" in html and "Resolver" not in html and "gallery" not in html


def test_the_page_of_a_fault_needs_no_database(user, django_assert_num_queries):
    client = Client(raise_request_exception=False)
    client.force_login(user)
    response = client.get("/gallery/fail/")
    assert response.status_code == 500
    assert "nothing was changed" in response.content.decode()
    from registry.pages.errors import server_error

    with django_assert_num_queries(0):
        assert server_error(None).status_code == 500


def test_a_refused_action_keeps_what_was_typed_and_answers_with_its_status(client, user):
    client.force_login(user)
    data = {
        "name": "Taken", "codes": "G85001", "region": "Q30", "decision": "yes", "met": ["gp"], "agree": "on",
        "starts_day": "1", "starts_month": "4", "starts_year": "2011",
    }  # fmt: skip
    response = client.post("/gallery/form/", data)
    html = response.content.decode()
    assert response.status_code == 409
    assert '<a href="#id_name">Another pathfinder has this name. Choose another.</a>' in html
    assert 'value="Taken"' in html and "G85001" in html
    assert client.post("/gallery/form/", data | {"name": "Fine"}).status_code == 302


class TestOldForm:
    """A form whose token is missing or old."""

    @pytest.fixture
    def strict(self, user):
        client = Client(enforce_csrf_checks=True)
        client.force_login(user)
        return client

    def send(self, client, **headers):
        data = {"name": "South & East", "password": "hunter2", "csrfmiddlewaretoken": "old"}
        return client.post("/gallery/form/", data, headers=headers)

    def test_shows_what_was_typed_and_sends_it_again(self, strict):
        response = self.send(strict, origin="http://testserver")
        html = response.content.decode()
        assert response.status_code == 403
        assert "South &amp; East</textarea>" in html and "Send it again" in html
        assert "hunter2" not in html

    @pytest.mark.parametrize("origin", ["https://evil.example", "null", ""])
    def test_what_another_site_sent_is_not_offered(self, strict, origin):
        html = self.send(strict, **({"origin": origin} if origin else {})).content.decode()
        assert "South" not in html and "Send it again" not in html
