"""The pages of a wave's release: each step by its button, the seven checks with links, hold by one press."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from pathfinders import actions
from pathfinders.forms.release import ScheduleForm
from pathfinders.models import WaveStep
from registry import clock
from registry.models import Mail
from tests import programme as told
from tests.desk import day, errors_of, signed_in, text_of


def build_world():
    who = told.people()
    wave = told.wave(who, announced_on=clock.today())
    told.decided(who, wave, name="Alpha")
    told.decided(who, wave, outcome="declined", name="Beta")
    return SimpleNamespace(who=who, wave=wave)


@pytest.fixture
def who(in_world):
    return in_world.who


@pytest.fixture
def wave(in_world):
    return in_world.wave


def post(client, wave, step, **typed):
    version = {} if step == "hold" else {"version": told.fresh(wave).version}
    return client.post(f"/staff/waves/{wave.pk}/{step}/", version | typed)


def tags(page):
    return [(check.key, check.passed) for check in page.context["checks"]]


def test_the_whole_way_by_its_pages(who, wave):
    admin, second = signed_in(who.admin), signed_in(who.approver)
    assert "is released when its list is frozen" in text_of(admin.get("/staff/waves/3/release/"))
    actions.complete_wave(by=who.admin, wave=wave, version=told.fresh(wave).version)
    page = text_of(admin.get("/staff/waves/3/freeze/"))
    assert "Freeze the list" in page and "site-figures" in page
    assert post(admin, wave, "freeze").status_code == 302

    page = admin.get("/staff/waves/3/release/")
    stopped = {key for key, passed in tags(page) if not passed}
    assert len(tags(page)) == 7 and {"claims", "letters", "confirmed"} <= stopped and "list" not in stopped
    for href in ("announcement/", "letters/", "confirm/", "thaw/"):
        assert f'href="/staff/waves/3/{href}"' in text_of(page)

    letters = admin.get("/staff/waves/3/letters/")
    for letter in Mail.objects.filter(held_for="wave-3"):
        assert letter.subject in text_of(letters) and letter.to in text_of(letters)
        assert letter.body.splitlines()[0] in text_of(letters)
    assert post(admin, wave, "letters").status_code == 302
    version = told.fresh(wave).version
    actions.announce_wave(by=who.admin, wave=wave, version=version, title="Wave 3", text="Today.")

    mine = post(admin, wave, "confirm")
    assert mine.status_code == 403 and "a second person must confirm it" in text_of(mine)
    page = text_of(second.get("/staff/waves/3/confirm/"))
    assert "Alpha" in page and "Not approved" in page and "Beta" in page and "Today." in page
    assert post(second, wave, "confirm").status_code == 302

    from registry import outbox

    outbox.beat()
    page = admin.get("/staff/waves/3/release/")
    assert all(passed for _, passed in tags(page)) and "Release wave 3 now" in text_of(page)
    assert "confirmed by" in text_of(admin.get("/staff/waves/3/")).lower()
    assert post(admin, wave, "release", sure="on").status_code == 302
    page = text_of(admin.get("/staff/waves/3/release/"))
    assert "is released" in page and "/waves/3/manifest.txt" in page and "Hold wave 3" not in page


def test_a_stopped_release_says_what_stopped_it_on_the_page(who, wave):
    told.ready(who, wave)
    Mail.objects.filter(held_for="wave-3").update(body="Other words")
    answer = post(signed_in(who.admin), wave, "release", sure="on")
    assert answer.status_code == 409 and "Nobody has read the letters as they are now" in text_of(answer)
    assert told.fresh(wave).state == "frozen"


def test_a_practice_that_fares_otherwise_is_a_note(who, wave):
    from practices.models import PracticeStatus
    from tests import factories as make

    told.ready(who, wave)
    practice = wave.bids.get(name="Alpha").practices.first().practice
    with make.writing("close") as entry:
        entry.set(PracticeStatus, (practice.pk,), date(2011, 1, 1), None, ("C",))
    page = signed_in(who.admin).get("/staff/waves/3/release/")
    assert all(passed for _, passed in tags(page))
    assert "Passed, with notes" in text_of(page) and "it is not open on the day" in text_of(page)


@pytest.mark.parametrize("at", ["", "release/", "letters/", "confirm/", "freeze/", "schedule/", "thaw/"])
def test_hold_is_one_press_from_every_page_of_the_release(who, wave, at):
    actions.complete_wave(by=who.admin, wave=wave, version=told.fresh(wave).version)
    if at != "freeze/":
        told.ready(who, wave)
    client = signed_in(who.admin)
    page = text_of(client.get(f"/staff/waves/3/{at}"))
    assert 'action="/staff/waves/3/hold/"' in page and "Hold wave 3" in page
    assert client.post("/staff/waves/3/hold/").status_code == 302
    assert told.fresh(wave).held_by == who.admin
    page = text_of(client.get(f"/staff/waves/3/{at}"))
    assert "holds this wave" in page and 'action="/staff/waves/3/lift/"' in page


def test_any_of_programme_staff_holds_and_an_administrator_lifts(who, wave):
    told.ready(who, wave)
    assert post(signed_in(who.assessor), wave, "hold").status_code == 302
    assert post(signed_in(who.assessor), wave, "lift").status_code == 403
    admin = signed_in(who.admin)
    assert "Ash Assessor holds this wave" in text_of(admin.get("/staff/waves/3/release/"))
    assert post(admin, wave, "release", sure="on").status_code == 409
    assert post(admin, wave, "lift").status_code == 302
    assert post(admin, wave, "release", sure="on").status_code == 302
    assert post(admin, wave, "hold").status_code == 409


def test_thawing_asks_why_and_voids_what_was_signed(who, wave):
    told.ready(who, wave)
    client = signed_in(who.admin)
    assert post(client, wave, "thaw").status_code == 422
    assert post(client, wave, "thaw", reason="One more bid").status_code == 302
    assert WaveStep.objects.last().reason == "One more bid"
    told.frozen(who, wave)
    stopped = {key for key, passed in tags(client.get("/staff/waves/3/release/")) if not passed}
    assert {"letters", "confirmed"} <= stopped


def test_a_time_is_set_changed_and_taken_away(who, wave):
    told.ready(who, wave)
    client, today = signed_in(who.admin), clock.today()
    typed = day("day", f"{today.day} {today.month} {today.year}") | {"early_hours": "2"}
    past = post(client, wave, "schedule", at="0:00", **typed)
    assert past.status_code == 422 and "That time has passed" in " ".join(errors_of(past))
    other = today + timedelta(days=1)
    wrong = post(client, wave, "schedule", at="9:30", early_hours="0", **day("day", f"{other:%d %m %Y}"))
    assert wrong.status_code == 422 and "The announcement is on" in " ".join(errors_of(wrong))
    if clock.now().astimezone(clock.LONDON).time() < ScheduleForm.base_fields["at"].to_python("23:58"):
        assert post(client, wave, "schedule", at="23:59", **typed).status_code == 302
        saved = told.fresh(wave)
        assert saved.release_at.astimezone(clock.LONDON).strftime("%H:%M") == "23:59"
        assert (saved.scheduled_by, saved.early_hours) == (who.admin, 2)
        assert "23:59" in text_of(client.get("/staff/waves/3/release/"))
        assert post(client, wave, "schedule", none="1").status_code == 302
    assert told.fresh(wave).release_at is None


@pytest.mark.parametrize(
    ("typed", "on", "instant"),
    [
        ("9:30", "2 3 2011", "2011-03-02T09:30"),
        ("930", "2 7 2011", "2011-07-02T08:30"),  # British Summer Time
        ("1:30", "30 10 2011", "2011-10-30T00:30"),  # comes twice: the first
        ("1:30", "27 3 2011", None),  # clocks skip it
        ("24:00", "2 3 2011", None),
        ("half nine", "2 3 2011", None),
    ],
)
def test_times_are_londons(typed, on, instant):
    form = ScheduleForm({"version": "1", "at": typed, "early_hours": "0"} | day("day", on))
    assert form.is_valid() == (instant is not None)
    if instant:
        assert form.cleaned_data["release_at"].isoformat().startswith(instant)
    else:
        assert "at" in form.errors


def test_a_bid_of_ones_own_withholds_every_page_and_step(who, wave):
    told.ready(who, wave)
    person = told.person("programme_admin", "consortium_lead", name="With a bid")
    told.submitted(told.People(person, who.assessor, who.approver, who.admin), name="Waits")
    client = signed_in(person)
    for step in ("freeze", "thaw", "letters", "confirm", "schedule"):
        page = client.get(f"/staff/waves/3/{step}/")
        assert page.status_code == 403 and "Alpha" not in text_of(page), step
        assert post(client, wave, step, reason="x").status_code == 403, step
    assert "Alpha" not in text_of(client.get("/staff/waves/3/release/"))
    assert post(client, wave, "hold").status_code == 302  # a hold must never fail when it is meant
