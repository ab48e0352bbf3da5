"""Staff's pages of waves: forecast, dated, published, opened, closed, decided; when each bid goes live."""

from datetime import date

import pytest

from pathfinders import actions
from pathfinders.models import Wave, WaveDay
from tests import programme as told
from tests.desk import day, errors_of, signed_in, text_of

pytestmark = pytest.mark.django_db
SOON = date(2035, 3, 2)


@pytest.fixture
def who():
    return told.people()


@pytest.fixture
def admin(who):
    return signed_in(who.admin)


def version(number=3):
    return Wave.objects.get(pk=number).version


def test_from_a_forecast_to_its_cut_off(who, admin):
    sent = {"number": 3, **day("closes_on", "1 2 2035"), **day("announced_on", "2 3 2035")}
    assert admin.post("/staff/waves/forecast/", sent)["Location"] == "/staff/waves/3/"
    page = text_of(admin.get("/staff/waves/3/"))
    assert "Forecast" in page and "Cut-off for bids" in page and "Not set" in page and "Not public" in page
    slip = {"version": version(), **day("closes_on", "8 2 2035"), **day("announced_on", "2 3 2035")}
    unsaid = admin.post("/staff/waves/3/dates/", slip)
    assert unsaid.status_code == 422 and list(unsaid.context["form"].errors) == ["reason"]
    assert admin.post("/staff/waves/3/dates/", slip | {"reason": "Snow"}).status_code == 302
    page = text_of(admin.get("/staff/waves/3/"))
    assert "was expected" in page and "Snow" in page
    asked = admin.get("/staff/waves/3/publish/")
    assert "Snow" in text_of(asked) and len(asked.context["table"].rows) == 3
    assert admin.post("/staff/waves/3/publish/", {"version": version(), "reason": "Bidders ask"}).status_code == 302
    assert WaveDay.objects.count() == 3
    nothing = admin.post("/staff/waves/3/publish/", {"version": version(), "reason": "Again"})
    assert nothing.status_code == 409 and "knows the dates" in errors_of(nothing)[0]
    for step in ("open", "close"):
        assert admin.post(f"/staff/waves/3/{step}/", {"version": version()}).status_code == 302
    unsaid = admin.post("/staff/waves/3/reopen/", {"version": version()})
    assert unsaid.status_code == 422 and list(unsaid.context["form"].errors) == ["reason"]
    assert admin.post("/staff/waves/3/reopen/", {"version": version(), "reason": "One was late"}).status_code == 302
    page = text_of(admin.get("/staff/waves/3/"))
    assert "Opened again" in page and "One was late" in page and "Told of in public: its dates" in page
    row = admin.get("/staff/waves/").context["table"].rows[0]
    assert (row.state, row.slips, row.all_bids, row.undecided) == ("open", 1, 0, 0)


def test_a_stale_page_keeps_what_was_typed(who, admin):
    told.wave(who, announced_on=SOON)
    sent = {"version": version() - 1, **day("announced_on", "3 3 2035"), "reason": "Snow"}
    page = admin.post("/staff/waves/3/dates/", sent)
    assert page.status_code == 412 and "2 March 2035</dd>" in text_of(page) and 'value="Snow"' in text_of(page)


def test_a_wave_is_decided_when_each_of_its_bids_is(who, admin):
    wave = told.wave(who)
    told.decided(who, wave, name="Done")
    waiting = told.submitted(who, name="Waiting")
    actions.put_in_wave(by=who.admin, bid=waiting, version=waiting.version, wave=wave)
    page = admin.post("/staff/waves/3/complete/", {"version": version()})
    assert page.status_code == 409 and f'href="/staff/bids/{waiting.ref}/"' in text_of(page)
    bid = told.fresh(waiting)
    actions.put_in_wave(by=who.admin, bid=bid, version=bid.version, wave=None)
    assert admin.post("/staff/waves/3/complete/", {"version": version()}).status_code == 302
    assert admin.get("/staff/waves/3/complete/").status_code == 409
    assert admin.post("/staff/waves/3/again/", {"version": version(), "reason": "A slip"}).status_code == 302
    assert Wave.objects.get().state == "closed"


def test_a_month_for_each_bid_in_one_form(who, admin):
    wave = told.wave(who)
    one, two = told.decided(who, wave, name="One"), told.decided(who, wave, name="Two")
    declined = told.decided(who, wave, name="Three", outcome="declined")
    page = admin.get("/staff/waves/3/going-live/")
    assert declined.ref not in text_of(page) and {f"month-{b.ref}" for b in (one, two)} < set(
        page.context["form"].fields
    )
    wrong = {"version": version(), f"month-{one.ref}": "soon", f"month-{two.ref}": "1 2011"}
    page = admin.post("/staff/waves/3/going-live/", wrong)
    assert page.status_code == 422 and list(page.context["form"].errors) == [f"month-{one.ref}"]
    page = admin.post("/staff/waves/3/going-live/", wrong | {f"month-{one.ref}": ""})
    assert page.status_code == 422 and "before the announcement" in errors_of(page)[0]
    assert list(page.context["form"].errors) == [f"month-{two.ref}"]
    sent = {"version": version(), f"month-{one.ref}": "March 2011", f"month-{two.ref}": "2011-04"}
    assert admin.post("/staff/waves/3/going-live/", sent).status_code == 302
    assert (told.fresh(one).goes_live_on, told.fresh(two).goes_live_on) == (told.ANNOUNCED_ON, date(2011, 4, 1))
    page = admin.get("/staff/waves/3/going-live/")
    assert 'value="April 2011"' in text_of(page) and 'value="March 2011"' in text_of(page)
    assert "April 2011" in text_of(admin.get("/staff/waves/3/"))


def test_whoever_has_a_bid_waiting_is_kept_from_what_tells_of_bids(who):
    wave = told.wave(who)
    told.decided(who, wave)
    who.lead.grants.create(role="programme_admin", period=(date(2010, 4, 1), None), given_by="system")
    client = signed_in(told.fresh(who.lead))
    for page in ("complete", "going-live"):
        for answer in (client.get(f"/staff/waves/3/{page}/"), client.post(f"/staff/waves/3/{page}/", {"version": 1})):
            assert answer.status_code == 403 and "A bid of yours waits" in text_of(answer)
    assert client.get("/staff/waves/3/dates/").status_code == 200


@pytest.mark.parametrize("page", ["/staff/waves/3/", "/staff/waves/", "/staff/waves/3/going-live/"])
def test_queries_do_not_grow(who, admin, page, django_assert_max_num_queries):
    wave = told.wave(who)
    for n in range(4):
        told.decided(who, wave, name=f"Bid {n}")
    with django_assert_max_num_queries(32):
        assert admin.get(page).status_code == 200


def test_how_a_wave_moves_is_printed_for_everybody(client):
    page = client.get("/about/workflow/")
    steps = len(page.context["wave_table"].rows)
    assert steps > 30 and "Frozen to Released: Release" in text_of(page)
