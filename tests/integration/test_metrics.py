"""The site in figures: who may read them, and that they are true."""

import pytest

from registry import outbox
from registry.metrics import class_of, kind_of
from registry.models import Entry, MailState, User
from tests import factories as make


def figures(client, **headers):
    answer = client.get("/metrics", **headers)
    assert answer.status_code == 200
    lines = answer.content.decode().splitlines()
    return {name: float(value) for name, value in (li.rsplit(" ", 1) for li in lines if not li.startswith("#"))}


def test_requests_are_counted_with_the_time_they_took(db, client):
    name = 'pathfinders_requests_total{kind="api",status="%s"}'
    took = 'pathfinders_request_seconds_%s{kind="api"%s}'
    before = figures(client)
    client.get("/api/v1/waves/")
    client.get("/api/v1/waves/?nonsense=1")
    after = figures(client)
    assert [after[name % c] - before[name % c] for c in ("2xx", "4xx", "5xx")] == [1, 1, 0]
    assert after[took % ("count", "")] - before[took % ("count", "")] == 2
    assert after[took % ("bucket", ',le="+Inf"')] == after[took % ("count", "")]
    buckets = [
        value for key, value in after.items() if key.startswith('pathfinders_request_seconds_bucket{kind="api"')
    ]
    assert buckets == sorted(buckets)


def test_what_waits_and_what_works_is_told(db, client):
    person = User.objects.create_user("a@example.org")
    make.make_practice("Z00001")
    for held_for in ("", "wave 1"):
        outbox.post(to=person, subject="A letter", body="", held_for=held_for)
    outbox.beat()
    told = figures(client)
    assert told['pathfinders_letters{state="queued"}'] == 1
    assert not any(MailState.HELD in name for name in told)  # how many wait for a release is under embargo
    assert told["pathfinders_journal_entry"] == Entry.objects.order_by("-number")[0].number
    assert told['pathfinders_heartbeat_timestamp_seconds{name="worker"}'] > 1e9


@pytest.mark.parametrize(
    "headers, status",
    [
        ({}, 200),
        ({"REMOTE_ADDR": "::1"}, 200),
        ({"REMOTE_ADDR": "192.0.2.1"}, 403),
        ({"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, 403),
        ({"HTTP_X_FORWARDED_PROTO": "https"}, 403),
        ({"REMOTE_ADDR": "192.0.2.1", "HTTP_AUTHORIZATION": "Bearer secret"}, 200),
        ({"REMOTE_ADDR": "192.0.2.1", "HTTP_AUTHORIZATION": "Bearer sécret"}, 403),
    ],
)
def test_it_is_read_from_this_machine_or_with_the_sites_token(db, client, settings, headers, status):
    settings.METRICS_TOKEN = "secret"
    assert client.get("/metrics", **headers).status_code == status


def test_no_token_opens_nothing(db, client, settings):
    settings.METRICS_TOKEN = ""
    answer = client.get("/metrics", REMOTE_ADDR="192.0.2.1", HTTP_AUTHORIZATION="Bearer ")
    assert answer.status_code == 403


def test_labels_are_few_whatever_is_asked():
    assert [kind_of(path) for path in ("/", "/x/y", "/api/v1/", "/staff/", "/static/a.css")] == [
        "page", "page", "api", "casework", "static",
    ]  # fmt: skip
    assert [class_of(status) for status in (200, 204, 302, 304, 404, 429, 503)] == [
        "2xx", "2xx", "3xx", "304", "4xx", "429", "5xx",
    ]  # fmt: skip
