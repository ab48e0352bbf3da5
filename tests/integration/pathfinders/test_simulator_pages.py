"""The simulator on a wave's page: candidates, ticks, two scenarios saved, copied, deleted; who may not see it."""

from datetime import date
from types import SimpleNamespace

import pytest

from pathfinders import actions
from pathfinders.models import Scenario
from registry.errors import Refused
from tests import factories as make
from tests import programme as told
from tests.desk import signed_in, text_of

PAGE, BOX = "/staff/waves/3/", "/staff/waves/3/simulate/"


def build_world():
    """A wave, and `there`: two bids of the wave, one approved and one recommended, which name one practice both; one recommended outside."""
    who = told.people()
    wave = told.wave(who)
    sha = make.make_sha("Q36", "London")
    pct = make.make_pct("5LE", sha=sha, last_day=None)
    p = [make.make_practice(f"Z0000{n}", pct=pct, patients=n * 1000) for n in range(1, 6)]
    approved = told.decided(who, wave, p[:2], name="Anerley")
    assessed = told.assessed(who, p[1:4], name="Balham")
    assessed = actions.put_in_wave(by=who.admin, bid=assessed, version=assessed.version, wave=wave)
    outside = told.assessed(who, p[4:], name="Clapham")
    told.submitted(who, name="Dulwich")
    return SimpleNamespace(who=who, wave=wave, there=[approved, told.fresh(assessed), told.fresh(outside)])


@pytest.fixture
def who(in_world):
    return in_world.who


@pytest.fixture
def wave(in_world):
    return in_world.wave


@pytest.fixture
def there(in_world):
    return in_world.there


def sent(page, **changes):
    """What the browser would send from the page's two scenarios."""
    data = {"do": "save"}
    for side in page.context["simulator"]["sides"]:
        for name in ("scenario", "version", "name"):
            data[side.form.add_prefix(name)] = side.form[name].value() or ""
        data[side.form.ticks_name] = sorted(side.ticks)
    return data | changes


def refs(*bids):
    return [bid.ref for bid in bids]


def test_at_first_it_shows_the_wave_as_it_stands_beside_nothing(who, there):
    page = signed_in(who.assessor).get(PAGE)
    words = text_of(page)
    a, b = page.context["simulator"]["sides"]
    assert (a.ticks, b.ticks) == (set(refs(*there[:2])), set())
    assert [row["bid"].name for row in page.context["simulator"]["rows"]] == ["Anerley", "Balham", "Clapham"]
    total = "A: 2 pathfinders, 4 practices, 10,000 people. B: 0 pathfinders, 0 practices, 0 people."
    assert page.context["simulator"]["results"]["total"] == total and total in words
    assert not Scenario.objects.exists()
    results = page.context["simulator"]["results"]
    assert [row["code"] for row in results["twice"].rows] == ["Z00002"]
    (left,) = results["left_out"].rows
    assert (left["code"], left["name"], left["letters"]) == ("Z00002", "Balham", "A")
    assert left["why"] == f"Taken by Anerley ({there[0].ref}), which comes before it"
    london = [row for row in results["shas"].rows if row["code"] == "Q36"]
    assert [(row["letter"], row["people"], row["registered"], row["share"]) for row in london] == [
        ("A", 10_000, 15_000, "66.7%"),
        ("B", 0, 15_000, "0.0%"),
    ]
    assert [row["covered"] for row in results["pcts"].rows] == ["4 of 5", "None"]


def test_without_a_script_a_button_recomputes_and_saves_and_leads_back(who, there):
    client = signed_in(who.assessor)
    page = client.get(PAGE)
    answer = client.post(BOX, sent(page, **{"b-bids": refs(there[0], there[2]), "b-name": "The small one"}))
    a, b = Scenario.objects.order_by("pk")
    assert (a.name, b.name, a.version, b.version) == ("As it stands", "The small one", 1, 1)
    assert answer.status_code == 302 and answer["Location"] == f"{PAGE}?a={a.pk}&b={b.pk}#simulator"
    page = client.get(answer["Location"])
    assert "B: 2 pathfinders, 3 practices, 8,000 people." in text_of(page)
    client.post(BOX, sent(page, **{"b-bids": refs(there[2])}))
    assert [(s.name, s.version) for s in Scenario.objects.order_by("pk")] == [
        ("As it stands", 1),
        ("The small one", 2),
    ]
    assert [bid.ref for bid in told.fresh(b).bids.all()] == refs(there[2])


def test_a_look_answers_with_the_results_alone_and_keeps_nothing(who, there):
    client = signed_in(who.assessor)
    page = client.get(PAGE)
    answer = client.post(BOX, sent(page, do="look", **{"b-bids": refs(there[2])}))
    words = text_of(answer)
    assert answer.status_code == 200 and words.lstrip().startswith('<div id="simulated"') and "<html" not in words
    assert "B: 1 pathfinder, 1 practice, 5,000 people." in words
    assert not Scenario.objects.exists()


def test_a_scenario_is_copied_beside_itself_and_deleted(who, there):
    client = signed_in(who.assessor)
    answer = client.post(BOX, sent(client.get(PAGE), do="copy-a"))
    a, copied = Scenario.objects.order_by("pk")
    assert answer["Location"] == f"{PAGE}?a={a.pk}&b={copied.pk}#simulator"
    assert copied.name == "Copy of As it stands" and set(copied.bids.all()) == set(a.bids.all()) == set(there[:2])
    answer = client.post(BOX, sent(client.get(answer["Location"]), do="delete-a"))
    assert list(Scenario.objects.all()) == [copied]
    assert answer["Location"] == f"{PAGE}?a=new&b={copied.pk}#simulator"


def test_a_colleagues_change_is_not_lost_unseen(who, there):
    client = signed_in(who.assessor)
    client.post(BOX, sent(client.get(PAGE)))
    page = client.get(PAGE)
    (saved,) = Scenario.objects.all()
    kept = {"name": saved.name, "scenario": saved}
    actions.save_scenario(by=who.admin, wave=saved.wave, version=1, bids=refs(there[2]), **kept)
    answer = client.post(BOX, sent(page, **{"a-bids": refs(there[0])}))
    assert answer.status_code == 412 and "A colleague has changed “As it stands”" in text_of(answer)
    assert answer.context["simulator"]["sides"][0].ticks == {there[0].ref}
    again = client.post(BOX, sent(answer))
    assert again.status_code == 302 and [b.ref for b in told.fresh(saved).bids.all()] == refs(there[0])


@pytest.mark.parametrize(
    ("changes", "status", "sentence"),
    [
        ({"a-name": ""}, 422, "Name of scenario A"),
        ({"a-name": "x" * 61}, 422, "at most 60 characters"),
        ({"a-name": "Same", "b-name": "Same", "b-bids": ["first"]}, 409, "has a scenario “Same” already"),
    ],
)
def test_a_wrong_name_is_said_and_all_ticks_stay(who, there, changes, status, sentence):
    client = signed_in(who.assessor)
    changes = {k: refs(there[0]) if k == "b-bids" else v for k, v in changes.items()}
    answer = client.post(BOX, sent(client.get(PAGE), **changes))
    said = [sentence for form in answer.context["forms"] for errors in form.errors.values() for sentence in errors]
    assert answer.status_code == status and len(said) == 1 and sentence in text_of(answer)
    assert answer.context["simulator"]["sides"][0].ticks == set(refs(*there[:2]))
    assert not Scenario.objects.exists()


class TestWhoAndWhen:
    def test_nobody_whose_own_bid_waits(self, who, wave, there):
        lead = told.person("assessor", "consortium_lead", name="Both")
        told.submitted(told.People(lead, who.assessor, who.approver, who.admin), name="Own")
        client = signed_in(lead)
        assert "simulator" not in client.get(PAGE).context
        assert client.get(BOX).status_code == 403 and client.post(BOX, {"do": "look"}).status_code == 403
        for act in (
            lambda: actions.save_scenario(by=lead, wave=wave, name="Mine", bids=[]),
            lambda: actions.copy_scenario(by=lead, scenario=Scenario(wave=wave), name="Mine"),
            lambda: actions.delete_scenario(by=lead, scenario=Scenario(wave=wave), version=1),
        ):
            with pytest.raises(Refused) as refused:
                act()
            assert refused.value.status == 403

    def test_no_bid_that_cannot_be_in_it(self, who, wave, there):
        wrong = [told.draft(who, name="Draft").ref, "BID-1999-0001"]
        with pytest.raises(Refused) as refused:
            actions.save_scenario(by=who.admin, wave=wave, name="Mine", bids=[*refs(there[0]), *wrong])
        assert refused.value.status == 422 and sorted(row["bid"] for row in refused.value.detail) == sorted(wrong)

    def test_not_once_the_wave_is_released(self, db):
        who = told.people()
        wave = told.wave(who)
        told.decided(who, wave, name="Anerley")
        saved = actions.save_scenario(by=who.admin, wave=wave, name="Mine", bids=[])
        told.release(who, wave)
        client = signed_in(who.assessor)
        assert "simulator" not in client.get(PAGE).context and client.get(BOX).status_code == 409
        for act in (
            lambda: actions.save_scenario(by=who.admin, wave=wave, name="New", bids=[]),
            lambda: actions.delete_scenario(by=who.admin, scenario=saved, version=1),
        ):
            with pytest.raises(Refused) as refused:
                act()
            assert refused.value.status == 409

    def test_a_deferred_bid_can_be_ticked_in_a_later_wave(self, db):
        who = told.people()
        wave = told.wave(who)
        deferred = told.decided(who, wave, outcome="deferred", name="Later")
        told.decided(who, wave, outcome="declined", name="Never")
        told.release(who, wave)
        told.wave(who, 4, date(2011, 5, 4))
        page = signed_in(who.assessor).get("/staff/waves/4/")
        assert [row["bid"] for row in page.context["simulator"]["rows"]] == [deferred]


def test_queries_do_not_grow_with_the_bids(db):
    """In a register of its own, which no process has read before."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    made = build_world()
    who, wave, there = made.who, made.wave, made.there
    client = signed_in(who.assessor)
    client.post(BOX, sent(client.get(PAGE), **{"b-bids": refs(there[2])}))
    with CaptureQueriesContext(connection) as few:
        client.get(BOX)
    for n in range(3):
        bid = told.assessed(who, name=f"More {n}")
        actions.put_in_wave(by=who.admin, bid=bid, version=bid.version, wave=wave)
    scenario = Scenario.objects.get(name="Scenario B")
    every = list(wave.bids.values_list("ref", flat=True))
    actions.save_scenario(by=who.admin, wave=wave, name="Scenario B", bids=every, scenario=scenario, version=1)
    with CaptureQueriesContext(connection) as many:
        page = client.get(BOX)
    assert len(page.context["simulator"]["sides"][1].ticks) == 5
    assert len(many) == len(few) <= 30
