"""Addresses of practices on the pages of staff and PCTs; who reads a scan; guesses at the codes of letters."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from consortia.actions.answering import answer_by_link, record_on_paper
from consortia.actions.asking import ask_practices, print_letters
from consortia.actions.contacts import name_contact
from consortia.links import token_of
from consortia.models import MembershipAnswer, PracticeContact
from tests import factories as make
from tests import programme as told
from tests.desk import signed_in, text_of
from tests.integration.consortia.conftest import Land, land  # noqa: F401
from tests.support.documents import PNG

STAFF = "/staff/practices/Z00001/membership/"
DESK = {"address": "Desk@example.nhs.uk", "name": "The desk"}


@pytest.fixture
def kept(tmp_path: Path, settings: Any) -> None:
    settings.ATTACHMENTS_DIR = tmp_path / "attachments"


def current() -> list[tuple[str, str]]:
    return list(PracticeContact.objects.current().order_by("pk").values_list("origin", "address"))


def test_staff_give_see_and_end_addresses_whoever_gave_them(land: Land) -> None:  # noqa: F811
    desk = signed_in(land.admin)
    assert "Nobody has given an address" in text_of(desk.get(STAFF))
    wrong = desk.post(f"{STAFF}address/", {"address": "nobody", "name": ""})
    assert wrong.status_code == 422 and current() == []
    assert desk.post(f"{STAFF}address/", DESK).status_code == 302
    name_contact(
        by=land.lead, practice=land.practices[0], address="l@example.org", origin="lead", consortium=land.north
    )
    assert current() == [("staff", "desk@example.nhs.uk"), ("lead", "l@example.org")]
    page = text_of(desk.get(STAFF))
    assert all(w in page for w in ("desk@example.nhs.uk", "The desk", "lead (GC0001)", "In use"))
    for contact in PracticeContact.objects.all():
        end = f"{STAFF}address/{contact.pk}/end/"
        assert contact.address in text_of(desk.get(end))
        assert signed_in(land.lead).post(end).status_code == 403
        assert desk.post(end).status_code == 302
        assert desk.post(end).status_code == 404
    assert current() == []
    assert desk.get(f"/staff/practices/Z00002/membership/address/{contact.pk}/end/").status_code == 404


def test_a_pct_lead_gives_and_ends_addresses_of_the_trust_s_practices_and_sees_no_others(land: Land) -> None:  # noqa: F811
    lead, other = told.person(pct_lead="5QV", name="Pat Trust"), told.person(pct_lead="5QW")
    make.make_pct("5QW", last_day=None)
    name_contact(by=land.admin, practice=land.practices[0], address="staff@example.org", origin="staff")
    desk, path = signed_in(lead), "/pct/addresses/"
    assert "SURGERY 2" in text_of(desk.get(path)) and "SURGERY 2" not in text_of(signed_in(other).get(path))
    assert "staff@example.org" not in text_of(desk.get(path)) + text_of(desk.get(f"{path}Z00001/"))
    assert desk.post(f"{path}Z00001/", DESK).status_code == 302
    assert current() == [("staff", "staff@example.org"), ("pct", "desk@example.nhs.uk")]
    assert "desk@example.nhs.uk" in text_of(desk.get(path)) and "Desk" not in text_of(desk.get(f"{path}Z00002/"))
    for code in ("Z00001/", "Z00001/end/", "Z99999/"):
        assert signed_in(other).get(f"{path}{code}").status_code == 404
    assert signed_in(land.lead).get(path).status_code == 403
    assert desk.get(f"{path}Z00002/end/").status_code == 404
    assert desk.post(f"{path}Z00001/end/").status_code == 302 and len(current()) == 1


def test_the_list_of_a_trust_asks_as_much_for_many(land: Land, django_assert_max_num_queries: Any) -> None:  # noqa: F811
    from practices.models import ParentBody

    pct = ParentBody.objects.get(pk=land.pct)
    for n in range(30):
        make.make_practice(f"Z1{n:04d}", pct=pct)
    desk = signed_in(told.person(pct_lead="5QV"))
    with django_assert_max_num_queries(12):
        assert desk.get("/pct/addresses/").status_code == 200


def test_the_practice_s_manager_reads_the_scan_of_what_it_signed(land: Land, kept: None) -> None:  # noqa: F811
    row = record_on_paper(
        by=land.lead,
        practice=land.practices[0],
        consortium=land.north,
        answer="confirmed",
        on=date(2011, 6, 1),
        file=PNG,
        name="scan.png",
    )
    path = f"/practice/Z00001/paper/{row.pk}/"
    manager = signed_in(land.manager)
    assert path in text_of(manager.get("/practice/"))
    sent = manager.get(path)
    assert sent["Content-Disposition"].startswith("attachment") and sent["Content-Type"] == "image/png"
    assert signed_in(told.person(practice_manager="Z00002")).get(path).status_code == 404
    assert signed_in(told.person(practice_manager="Z00002")).get(path.replace("Z00001", "Z00002")).status_code == 404
    assert signed_in(land.lead).get(path).status_code == 403
    assert f"/members/Z00001/paper/{row.pk}/" in text_of(signed_in(land.admin).get(STAFF))


def test_staff_find_the_words_to_erase_beside_the_answer(land: Land) -> None:  # noqa: F811
    [request] = ask_practices(by=land.lead, consortium=land.north, practices=land.practices[:1])
    answer_by_link(token=token_of(request), answer="confirmed", who="Sam Example", text="Gladly")
    desk, row = signed_in(land.admin), MembershipAnswer.objects.get()
    erase = f"/staff/answers/{row.pk}/erase/"
    page = text_of(desk.get(STAFF))
    assert "Sam Example: Gladly" in page and erase in page
    assert desk.post(erase, {"reason": "Asked to"}).status_code == 302
    page = text_of(desk.get(STAFF))
    assert "Sam Example" not in page and erase not in page and "(link in a mail)" in page


def test_twenty_wrong_codes_an_hour_from_one_address_and_no_more(land: Land) -> None:  # noqa: F811
    [request] = print_letters(by=land.lead, consortium=land.north, practices=land.practices[:1])
    right = {"practice": "Z00001", "code": request.code}

    def sends(typed: dict[str, str], address: str = "10.0.0.1") -> Any:
        return Client().post("/answer/", typed, REMOTE_ADDR=address)

    assert sends({"practice": "", "code": ""}).status_code == 422  # no guess
    for n in range(20):
        if n % 5 == 0:
            assert sends(right).status_code == 302  # a right code is no guess
        assert sends(right | {"code": f"AAAA-AAAA-{n:04d}"}).status_code == 404
    told_no = sends(right | {"code": "AAAA-AAAA-AAAA"})
    assert told_no.status_code == 429 and "Too many wrong codes" in text_of(told_no)
    assert sends(right).status_code == 429
    assert sends(right, "10.0.0.2").status_code == 302  # nobody locks the practice out
    request.refresh_from_db()
    assert request.state == "open"
    assert Client().get("/answer/", REMOTE_ADDR="10.0.0.1").status_code == 200
