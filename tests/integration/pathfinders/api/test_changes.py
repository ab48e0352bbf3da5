"""The feed: from it alone a reader recomputes the chain of hashes."""

from datetime import date

import pytest

from registry.canonical import chain_hash
from registry.models import Entry
from registry.models.entry import GENESIS
from tests import factories as make


def walk(client, limit):
    url, entries, found = f"/api/v1/changes/?limit={limit}", {}, []
    while url:
        body = client.get(url).json()
        entries |= {e["number"]: e for e in body["entries"]}
        found += body["results"]
        url = body["next"]
    return entries, found, body["demonstration"]


@pytest.mark.parametrize("limit", [1, 7, 1000])
def test_the_chain_is_recomputed_from_the_feed(england, client, limit):
    make.make_membership(england.practices[1], england.two, date(2011, 5, 1))
    entries, found, demonstration = walk(client, limit)
    assert not demonstration
    assert list(entries) == list(range(1, Entry.objects.count() + 1))
    previous = GENESIS
    for number, entry in entries.items():
        header = {k: v for k, v in entry.items() if k not in ("previous_hash", "hash")}
        mine = [c for c in found if c["change"].split(".")[0] == str(number)]
        assert [int(c["change"].split(".")[1]) for c in mine] == list(range(1, entry["changes"] + 1))
        changes = [{k: v for k, v in c.items() if k != "change"} for c in mine]
        assert entry["previous_hash"] == previous
        assert chain_hash(previous, header, changes) == entry["hash"]
        previous = entry["hash"]


def test_after_a_place_come_only_the_changes_after_it(england, client):
    body = client.get("/api/v1/changes/?after=3.1&limit=2").json()
    assert [tuple(map(int, c["change"].split("."))) > (3, 1) for c in body["results"]] == [True, True]
    last = Entry.objects.order_by("-number").first().number
    assert client.get(f"/api/v1/changes/?after={last}").json()["results"] == []


@pytest.mark.parametrize(
    ("query", "field"), [("after=x", "after"), ("limit=0", "limit"), ("as_of=2011-01-01", "as_of")]
)
def test_it_refuses_by_name(england, client, query, field):
    assert client.get(f"/api/v1/changes/?{query}").json()["errors"][0]["field"] == field
