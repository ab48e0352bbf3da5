"""The page on which an announcement is drafted: rows by buttons, figures compared on each submit, the list by region."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pathfinders.models import Announcement
from tests import desk
from tests import programme as told
from tests.integration.pathfinders.announcement.scenes import scene

pytestmark = pytest.mark.django_db
PATH = "/staff/waves/3/announcement/"


@pytest.fixture
def third():
    return scene()


@pytest.fixture
def site(third, settings):
    return desk.signed_in(third.who.admin)


def sent(page: Any, **changes: Any) -> dict[str, str]:
    """All that the page's form carries, as a browser sends it."""
    form, context = page.context["form"], page.context
    data = {name: form[name].value() or "" for name in form.fields}
    for formset in (context["claims"], context["services"]):
        data[f"{formset.prefix}-TOTAL_FORMS"] = str(len(formset.forms))
        for row in formset.forms:
            data |= {row.add_prefix(name): row[name].value() or "" for name in row.fields}
    return data | changes


def said(page: Any) -> list[str]:
    return [row["sentence"] for row in page.context["claim_rows"]]


def words(page: Any) -> str:
    body = page.content.decode()
    main = body[body.index("<main") : body.index("</main>")]
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)))


def test_the_first_draft_is_made_of_the_figures_and_saved_as_it_is(site, third):
    page = site.get(PATH)
    assert page.status_code == 200
    assert said(page)[:3] == ["Register 2: agrees.", "Register 5: agrees.", "Register 15,000: agrees."]
    assert said(page)[-1] == "" and page.context["loose"] == []
    assert "2 pathfinders are announced today" in page.context["form"]["text"].value()
    answer = site.post(PATH, sent(page, save="1"))
    assert (answer.status_code, answer.headers["Location"]) == (302, PATH)
    draft = Announcement.objects.get()
    assert [c.words for c in draft.claims.all()][:2] == ["2 pathfinders", "5 practices"]
    again = site.get(PATH)
    changed = site.post(PATH, sent(again, check="1", **{"c-1-words": "6 practices"}))
    assert said(changed)[1] == "Register 5, difference −1."  # what was saved of the old words does not stay
    assert said(again) == said(page) and "Nothing is saved yet" not in words(again)
    assert site.post(PATH, sent(again, save="1")).status_code == 302
    assert Announcement.objects.get().version == 2


def test_a_wrong_figure_is_told_on_submit_and_saved_with_the_reason(site):
    page = site.get(PATH)
    wrong = sent(page, text="7 practices join.", **{"c-1-words": "1,860 practices"})
    compared = site.post(PATH, wrong | {"check": "1"})
    assert compared.status_code == 200 and said(compared)[1] == "Register 5, difference −1,855."
    assert "“7 practices” in the text is no claim of this announcement." in compared.context["loose"]
    refused = site.post(PATH, wrong | {"save": "1"})
    assert refused.status_code == 422
    assert "correct it, or say why it is announced so" in words(refused)
    assert (
        refused.context["claims"].forms[1].errors
        and refused.content.decode().count('href="#id_c-1-reconciliation"') == 1
    )
    assert not Announcement.objects.exists()
    why = {"c-1-reconciliation": "branch_as_practice", "c-1-note": "Branches were counted.", "save": "1"}
    assert site.post(PATH, sent(refused, **why)).status_code == 302
    assert "1 of them with the reason why it differs" in words(site.get("/staff/waves/3/"))


def test_rows_are_added_and_removed_by_buttons(site):
    page = site.get(PATH)
    count = len(page.context["claims"].forms)
    filled = sent(page, **{f"c-{count - 1}-words": "about 15,000 people"})
    more = site.post(PATH, filled | {"another": "c"})
    assert len(more.context["claims"].forms) == count + 1 and said(more)[count - 1] == "Register 15,000: agrees."
    fewer = site.post(PATH, sent(more, remove="c-0"))
    assert [row["words"].value() for row in fewer.context["claims"].forms][0] == "5 practices"
    assert len(fewer.context["claims"].forms) == count
    service = {"s-0-scope": "Southwark", "s-0-specialty": "Skin", "s-0-words": "A clinic", "s-0-status": "running"}
    with_service = site.post(PATH, sent(fewer, another="s", **service))
    assert len(with_service.context["services"].forms) == 2
    assert len(site.post(PATH, sent(with_service, remove="s-0")).context["services"].forms) == 1
    assert not Announcement.objects.exists()


def test_what_is_wrong_with_a_service_is_said_at_its_field(site):
    page = site.get(PATH)
    answer = site.post(PATH, sent(page, save="1", **{"s-0-scope": "Southwark", "s-0-words": "A clinic"}))
    assert answer.status_code == 422 and answer.content.decode().count('href="#id_s-0-specialty"') == 1


def test_figures_are_compared_as_typed(site):
    page = site.get(PATH)
    typed = sent(
        page, **{"c-1-words": "1,860 practices", "c-2-words": "a lot of people", "text": "12.9 million people."}
    )
    answer = site.post(f"{PATH}check/", typed)
    told_of = answer.json()
    assert [(r["row"], r["state"]) for r in told_of["claims"]][:3] == [(0, "agrees"), (1, "differs"), (2, "unread")]
    assert told_of["claims"][1]["sentence"] == "Register 5, difference −1,855."
    assert told_of["claims"][-1]["state"] == "empty"
    assert told_of["loose"] == ["“12.9 million people” in the text is no claim of this announcement."]
    assert answer.headers["Cache-Control"] == "private, no-store" and not Announcement.objects.exists()


def test_a_stale_page_is_told_and_keeps_what_was_typed(site, third):
    page = site.get(PATH)
    third.announce(title="A colleague’s")
    answer = site.post(PATH, sent(page, save="1", title="Mine"))
    assert answer.status_code == 412 and "What is saved now" in words(answer)
    assert answer.context["form"]["title"].value() == "Mine"
    assert site.post(PATH, sent(answer, save="1")).status_code == 302


def test_the_list_by_region_is_on_the_page_and_in_a_file(site, third):
    regions = site.get(PATH).context["regions"]
    assert [(r.name, r.practices, r.people) for r in regions] == [
        ("London", 3, 6000),
        ("Yorkshire and the Humber", 2, 9000),
    ]
    lines = site.get(f"{PATH}list.csv").content.decode().splitlines()
    assert lines[0] == "region_code,region,reference,name,practices,people"
    assert lines[1].startswith("Q36,London,BID-") and lines[1].endswith(",Southwark,3,6000")
    third.freeze()
    assert "The list is frozen" in words(site.get(PATH))


def test_others_of_the_programme_read_it_and_do_not_write(third):
    third.announce()
    site = desk.signed_in(third.who.assessor)
    page = site.get(PATH)
    assert page.status_code == 200 and "“2 pathfinders”: Register 2: agrees." in words(page)
    assert "data-checked-at" not in page.content.decode()
    assert site.post(PATH, {"save": "1"}).status_code == 403
    assert site.post(f"{PATH}check/", {}).status_code == 403


def test_whoever_waits_for_their_own_outcome_sees_none_of_it(third):
    third.announce()
    for kind in ("assessor", "programme_admin"):
        both = told.person(kind, "consortium_lead")
        told.submitted(told.People(both, third.who.assessor, third.who.approver, third.who.admin), name=f"Own {kind}")
        site = desk.signed_in(both)
        for path in (PATH, f"{PATH}list.csv"):
            assert site.get(path).status_code == 403
        assert site.post(f"{PATH}check/", {}).status_code == 403
        assert "The third wave" not in words(site.get("/staff/waves/3/"))


def test_nobody_else_opens_it(third):
    third.announce()
    for person in (third.who.lead, told.person(sha_assessor="Q36"), told.person("analyst")):
        site = desk.signed_in(person)
        for path in (PATH, f"{PATH}list.csv"):
            assert site.get(path).status_code == 403


def test_a_region_is_corrected_from_the_released_list(site, third):
    third.announce()
    third.freeze()
    third.release()
    page = site.get(PATH)
    assert "The list by region as released" in words(page) and "data-checked-at" not in page.content.decode()
    (href,) = re.findall(r'href="(/staff/pathfinders/PF0002/region/)"', page.content.decode())
    form = site.get(href)
    assert "Correct the region of Southwark" in words(form)
    assert site.post(href, {"region": "Q36", "reason": "x"}).status_code == 409
    answer = site.post(href, {"region": "Q32", "reason": "Filed under the wrong region."})
    assert answer.headers["Location"] == PATH
    assert "Southwark was listed under London; it is in Yorkshire and the Humber." in words(site.get(PATH))
    assert site.get("/staff/pathfinders/PF9999/region/").status_code == 404


def test_the_page_asks_as_much_for_one_claim_as_for_many(site, third):
    third.announce()
    with CaptureQueriesContext(connection) as few:
        site.get(PATH)
    more = [{"words": f"about {n} practices", "note": "n", "reconciliation": "rounding"} for n in range(1, 40)]
    third.announce(claims=more)
    with CaptureQueriesContext(connection) as many:
        site.get(PATH)
    assert len(many) == len(few) <= 40
