"""A practice becomes part of another: one entry, shown both ways, and never in a circle (domain.md rule 14)."""

from datetime import date

import pytest
from django.test import Client

from consortia.actions import merge_practices
from consortia.models import Membership
from practices.models import Practice, PracticeParent, PracticeStatus, PracticeSuccession
from registry.errors import Refused
from registry.invariants import findings
from registry.models import Entry, EntryKind, User
from registry.models.fact import Upper
from tests import factories as make

APRIL = date(2011, 4, 1)


@pytest.fixture
def by(db: None) -> User:
    return User.objects.system()


@pytest.fixture
def three(db: None) -> list[Practice]:
    pct, group = make.make_pct("5QV"), make.make_consortium("GC0001")
    found = [make.make_practice(f"Z0000{n}", pct=pct, name=f"SURGERY {n}") for n in (1, 2, 3)]
    for practice in found:
        make.make_membership(practice, group)
    return found


def merges(by: User, practice: Practice, into: Practice, on: date = APRIL) -> Entry | None:
    return merge_practices(by=by, practice=practice, into=into, on=on, reason="The partners have joined forces.")


def refusal(*given: object) -> Refused:
    before = Entry.objects.count()
    with pytest.raises(Refused) as caught:
        merges(*given)  # type: ignore[arg-type]
    assert Entry.objects.count() == before
    return caught.value


def ends(model: type, practice: Practice) -> list[date | None]:
    return list(
        model.objects.current().filter(practice=practice).annotate(e=Upper("effective")).values_list("e", flat=True)
    )


def test_one_entry_closes_the_one_and_names_its_successor(by: User, three: list[Practice]) -> None:
    first, second, _ = three
    entry = merges(by, first, second)
    assert entry is not None and entry.kind == EntryKind.LATE
    assert PracticeSuccession.objects.current().get().opened_by == entry
    at = PracticeStatus.objects.current().filter(practice=first)
    assert (
        at.get(effective__contains=APRIL).status == "C" and at.get(effective__contains=date(2011, 3, 31)).status == "A"
    )
    assert ends(Membership, first) == ends(PracticeParent, first) == [APRIL]
    assert ends(Membership, second) == [None]
    assert merges(by, first, second) is None  # said already


def test_a_practice_that_closed_that_day_already_gets_its_successor(by: User, three: list[Practice]) -> None:
    first, second, _ = three
    with make.writing() as entry:
        entry.set(PracticeStatus, (first.pk,), APRIL, None, ("C",))
    merges(by, first, second)
    assert PracticeSuccession.objects.current().get().predecessor == first


def test_nobody_succeeds_themselves(by: User, three: list[Practice]) -> None:
    """Not at once, and not through others, even where the dates would let them."""
    first, second, third = three
    assert refusal(by, first, first).code == "circle"
    merges(by, first, second)
    merges(by, second, third, date(2011, 7, 1))
    with make.writing() as entry:  # the first opens again
        entry.set(PracticeStatus, (first.pk,), date(2012, 1, 1), None, ("A",))
    told = refusal(by, third, first, date(2012, 4, 1))
    assert told.code == "circle" and "Z00001 has itself become part of Z00003" in told.message
    assert not broken()
    with make.writing() as entry:
        entry.set(PracticeSuccession, (third.pk, first.pk), date(2012, 4, 1), None, ("absorb",))
    assert broken() == [("Z00001",), ("Z00002",), ("Z00003",)]


def broken() -> list[tuple]:
    return [row for f in findings() if f.rule.name == "practice_succession_no_circle" for row in f.rows]


def test_a_merger_says_of_what_kind_it_is_and_the_feed_only_where_it_is_not_the_older_kind(
    by: User, three: list[Practice], client: Client
) -> None:
    first, second, third = three
    old = merges(by, first, second)
    new = merge_practices(by=by, practice=second, into=third, on=date(2011, 7, 1), reason="A new one.", kind="merge")
    assert old is not None and new is not None
    told = PracticeSuccession.objects.current().order_by("opened_by").values_list("kind", flat=True)
    assert list(told) == ["absorb", "merge"]

    def values(entry: Entry) -> dict:
        url = f"/api/v1/changes/?after={entry.number - 1}"
        changes = [c for c in client.get(url).json()["results"] if c["kind"] == "practice_succession"]
        return changes[0]["values"]

    assert values(old) == {"predecessor": "Z00001", "successor": "Z00002"}
    assert values(new) == {"predecessor": "Z00002", "successor": "Z00003", "kind": "merge"}
    assert "It merged into <a" in client.get("/practices/Z00002/?as_of=2011-08-01").content.decode()
    assert client.get("/practices/Z00003/?as_of=2011-08-01").content.decode().count("Formed from") == 2
    again = merge_practices(by=by, practice=first, into=second, on=APRIL, reason="It was new.", kind="merge")
    assert again is not None  # the kind is put right
    odd = refusal_of_kind(by, first, second)
    assert (odd.code, odd.field) == ("bad_kind", "kind")


def refusal_of_kind(by: User, practice: Practice, into: Practice) -> Refused:
    with pytest.raises(Refused) as caught:
        merge_practices(by=by, practice=practice, into=into, on=APRIL, reason="x", kind="split")
    return caught.value


def test_what_else_is_refused(by: User, three: list[Practice]) -> None:
    first, second, third = three
    assert refusal(by, first, make.make_practice(opened=date(2011, 5, 1))).field == "into"
    assert refusal(by, make.make_practice(opened=date(2011, 5, 1)), first).status == 409
    merges(by, first, second)
    assert refusal(by, first, third).status == 409  # it has a successor
    assert refusal(by, third, first).field == "into"  # which is closed by then
    stranger = User.objects.create_user("stranger@example.org", name="A Stranger")
    assert refusal(stranger, second, third).status == 403


def test_both_pages_and_the_api_tell_of_it_from_its_day_on(by: User, three: list[Practice], client: Client) -> None:
    first, second, third = three
    merges(by, first, second)
    merges(by, third, second, date(2011, 7, 1))

    def row(code: str, day: str) -> tuple[list[str], list[str]]:
        found = client.get(f"/api/v1/practices/{code}/?as_of={day}").json()["result"]
        return found["predecessors"], found["successors"]

    assert row("Z00001", "2011-03-31") == row("Z00002", "2011-03-31") == ([], [])
    assert row("Z00001", "2011-04-01") == ([], ["Z00002"])
    assert row("Z00002", "2011-08-01") == (["Z00001", "Z00003"], [])

    old = client.get("/practices/Z00001/?as_of=2011-08-01").content.decode()
    assert "It became part of <a" in old and ">SURGERY 2 (Z00002)</a> on 1 April 2011." in old
    new = client.get("/practices/Z00002/?as_of=2011-05-01").content.decode()
    assert ">SURGERY 1 (Z00001)</a> on 1 April 2011" in new and ">SURGERY 3 (Z00003)</a> on" not in new
    assert new.count("Took over") == 3  # in the record, and twice in its history
