"""The pages on which practices answer: a scanner changes nothing, a dead link explains, and nobody sees another's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from consortia import links
from consortia.actions.answering import answer_by_link, record_on_paper
from consortia.actions.asking import print_letters, withdraw_requests
from consortia.models import ConfirmationRequest, MembershipAnswer, TransferRequest
from registry.models import Entry, Mail, User
from tests import programme as told
from tests.desk import day, signed_in, text_of
from tests.factories import make_consortium
from tests.support.asking import TODAY, Scene, on, scene, spells
from tests.support.documents import PDF

YES = {"answer": "confirmed", "who": "Sam Example, manager"}


@pytest.fixture
def here(db, settings, tmp_path):
    settings.ATTACHMENTS_DIR = tmp_path
    settings.DEMO = True
    with scene() as made:
        yield made


def everything() -> list[object]:
    """All that a request could have changed, the sessions among it."""
    with connection.cursor() as cursor:
        counts = []
        for model in (Entry, Mail, MembershipAnswer, ConfirmationRequest, User):
            cursor.execute(
                f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {model._meta.db_table} t"
            )
            counts.append(cursor.fetchone()[0])
        cursor.execute("SELECT count(*) FROM django_session")
        return [*counts, cursor.fetchone()[0]]


def path(request: ConfirmationRequest) -> str:
    return links.question_path(request)


class TestScanners:
    @pytest.mark.parametrize("prefetch", [{}, {"Sec-Purpose": "prefetch;prerender", "Purpose": "prefetch"}])
    def test_following_every_link_changes_nothing(self, here: Scene, prefetch: dict[str, str]):
        request = here.asked()
        row = answer_by_link(token=links.token_of(here.asked(here.practices[1])), answer="confirmed")
        before = everything()
        for address in (path(request), links.back_path(row), "/answer/"):
            for method in ("get", "head", "options"):
                assert getattr(Client(), method)(address, headers=prefetch).status_code == 200
        assert everything() == before

    def test_headers_and_no_cookie(self, here: Scene):
        request = here.asked()
        client = Client()
        client.cookies["pathfinders-session"] = "stale"
        pages = [client.get(path(request)), client.post(path(request)), client.post(path(request), YES)]
        given = pages[-1].headers["Location"]
        pages += [client.get(given), client.get("/answer/"), client.get("/answer/nonsense/"), client.post(given)]
        assert [p.status_code for p in pages] == [200, 422, 302, 200, 200, 404, 200]
        for page in pages:
            assert page.headers["Cache-Control"] == "no-store"
            assert page.headers["Referrer-Policy"] == "no-referrer"
            assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
            assert not page.cookies and b"csrfmiddlewaretoken" not in page.content


class TestAnswering:
    def test_from_link_to_receipt_and_back(self, here: Scene):
        request, before = here.asked(), spells(here.first)
        page = text_of(Client(enforce_csrf_checks=True).get(path(request)))
        assert "Meadow Consortium" in page and "SURGERY 1" in page and "1 April 2011" in page
        client = Client(enforce_csrf_checks=True)
        sent = client.post(path(request), YES)
        given = text_of(client.get(sent.headers["Location"]))
        assert "Your answer is recorded" in given and "Confirmed by the practice" in given
        assert spells(here.first)[-1][1:4] == ("confirmed", "joined", "link")
        back = client.post(sent.headers["Location"])
        again = ConfirmationRequest.objects.get(state="open")
        assert spells(here.first) == before and path(again) in text_of(back)
        assert client.get(path(again)).status_code == 200

    def test_what_was_typed_comes_back_with_what_is_missing(self, here: Scene):
        page = Client().post(path(here.asked()), {"answer": "disputed", "who": "Sam", "text": "My words"})
        words = text_of(page)
        assert page.status_code == 422 and "Select what is wrong" in words and "My words" in words

    def test_it_shows_nothing_of_others(self, here: Scene):
        request, other = here.asked(), here.asked(here.practices[1])
        page = text_of(Client().get(path(request)))
        for secret in (other.practice.code, "SURGERY 2", "@example.org", here.lead.name, links.token_of(other)):
            assert secret not in page

    def test_its_queries_do_not_grow(self, here: Scene, django_assert_max_num_queries):
        request = here.asked()
        with django_assert_max_num_queries(14):
            Client().get(path(request))

    def test_by_the_code_of_a_letter(self, here: Scene):
        [request] = print_letters(by=here.lead, consortium=here.group, practices=[here.first])
        wrong = Client().post("/answer/", {"practice": "Z00001", "code": "AAAA-AAAA-AAAA"})
        assert wrong.status_code == 404 and "no letter with this code" in text_of(wrong)
        right = Client().post("/answer/", {"practice": "z00001", "code": request.code.lower()})
        assert right.headers["Location"] == path(request) and not MembershipAnswer.objects.exists()
        Client().post(right.headers["Location"], YES)
        assert MembershipAnswer.objects.get().how == "letter"

    def test_a_move_is_agreed_to(self, here: Scene):
        pytest.importorskip("consortia.actions.transferring")
        from consortia.actions.asking import ask_about_transfer

        to = make_consortium("GC0002", name="Hill Group")
        here.address(here.first, by=here.admin, origin="staff", consortium=None)
        transfer = TransferRequest.objects.create(
            practice=here.first,
            from_consortium=here.group,
            to_consortium=to,
            on=TODAY,
            state="at_practice",
            asked_by=here.lead,
            asked_on=TODAY,
        )
        request = ask_about_transfer(by=here.lead, transfer=transfer)
        assert request is not None
        page = text_of(Client().get(path(request)))
        assert "Do you agree to move to Hill Group?" in page
        sent = Client().post(path(request), {"answer": "agree"})
        assert sent.status_code == 200 and spells(here.first)[-1][0] == "GC0002"
        request.refresh_from_db()
        assert request.state == "answered" and Client().get(path(request)).status_code == 410


class TestDeadLinks:
    def explained(self, address: str, status: int, words: str) -> None:
        for method in ("get", "post"):
            page = getattr(Client(), method)(address, YES)
            text = text_of(page)
            assert page.status_code == status and words in text and "Nothing was changed" in text
            for secret in ("Z00001", "SURGERY 1", "Meadow", "<form method"):
                assert secret not in text

    def test_altered(self, here: Scene):
        address = path(here.asked())
        self.explained(address.replace("answer/", "answer/x"), 404, "not one that the register made")
        self.explained("/answer/x/back/", 404, "not one that the register made")

    def test_used(self, here: Scene):
        request = here.asked()
        Client().post(path(request), YES)
        self.explained(path(request), 410, "answered already")

    def test_expired(self, here: Scene):
        request = here.asked()
        with on(request.expires_on + timedelta(days=1)):
            self.explained(path(request), 410, "time to answer by this link is over")

    def test_withdrawn(self, here: Scene):
        request = here.asked()
        withdraw_requests(consortium=here.group)
        self.explained(path(request), 410, "was withdrawn")

    def test_too_late_to_take_back(self, here: Scene):
        row = answer_by_link(token=links.token_of(here.asked()), answer="confirmed")
        with on(TODAY + timedelta(days=15)):
            self.explained(links.back_path(row), 410, "could be taken back until 15 September 2011")


class TestSignedIn:
    def test_a_manager_answers_and_takes_it_back(self, here: Scene):
        before, client = spells(here.first), signed_in(here.manager())
        address = "/practice/Z00001/answer/GC0001/"
        assert "claimed by the consortium" in text_of(client.get(address))
        assert client.post(address, {"answer": "undecided"}).status_code == 302
        assert "take it back" in text_of(client.get(address))
        assert client.get(address + "back/").status_code == 200
        assert client.post(address + "back/").status_code == 302
        assert spells(here.first) == before
        assert client.get(address + "back/").status_code == 404

    def test_another_practice_is_not_found(self, here: Scene):
        client = signed_in(here.manager())
        for address in ("/practice/Z00002/answer/GC0001/", "/practice/Z00001/answer/GC0999/"):
            assert client.get(address).status_code == 404
        assert signed_in(here.lead).get("/practice/Z00001/answer/GC0001/").status_code == 403


class TestOutbox:
    def test_its_reader_sees_the_link_and_staff_never_do(self, here: Scene):
        address = path(here.asked())
        reader = text_of(signed_in(here.manager()).get("/outbox/"))
        assert f'href="http://localhost{address}"' in reader
        staff = text_of(signed_in(here.admin).get("/staff/outbox/"))
        assert address not in staff and "which only its reader is shown" in staff
        assert address not in text_of(signed_in(here.manager(here.practices[1])).get("/outbox/"))


class TestLead:
    def test_asks_reminds_and_sees_answers_never_an_address_of_others(self, here: Scene):
        client, address = signed_in(here.lead), "/lead/consortia/GC0001/asking/"
        here.address(here.first, "secret@example.net", by=here.admin, origin="staff", consortium=None)
        page = text_of(client.get(address))
        assert "0 of 2 confirmed" in page and "Ask 1" in page and "1 without an address" in page
        assert "secret@" not in page and "Programme staff" in page
        assert "secret@" not in text_of(client.get("/lead/consortia/GC0001/members/Z00001/contact/"))
        assert client.post(address, {"do": "ask"}).status_code == 302
        with on(TODAY + timedelta(days=1)):
            assert "Remind 1" in text_of(client.get(address))
            assert client.post(address, {"do": "remind"}).status_code == 302
        request = ConfirmationRequest.objects.get()
        say = {"answer": "disputed", "reason": "elsewhere", "text": "Ask <us>", "who": "Sam"}
        answer_by_link(token=links.token_of(request), **say)
        page = text_of(client.get(address))
        assert "We belong to another consortium" in page and "Ask &lt;us&gt;" in page and "secret@" not in page

    def test_gives_an_address_and_asks_at_once(self, here: Scene):
        client = signed_in(here.lead)
        address = "/lead/consortia/GC0001/members/Z00001/contact/"
        assert client.post(address, {"address": "no", "ask": "on"}).status_code == 422
        assert client.post(address, {"address": here.lead.email, "ask": "on"}).status_code == 302
        assert ConfirmationRequest.objects.get().flag == "leads_own"
        assert "the lead’s own address" in text_of(client.get("/lead/consortia/GC0001/asking/"))

    def test_prints_letters(self, here: Scene):
        client, base = signed_in(here.lead), "/lead/consortia/GC0001/letters/"
        assert "SURGERY 2 (Z00002)" in text_of(client.get(base))
        assert client.post(base, {}).status_code == 422
        assert client.post(base, {"practices": ["Z00001", "Z00002"]}).status_code == 302
        sheet = text_of(client.get(base + "print/"))
        for request in ConfirmationRequest.objects.all():
            assert f"{request.code[:4]}-{request.code[4:8]}-{request.code[8:]}" in sheet
        assert "1 High Street" in sheet and "http://localhost/answer/" in sheet

    def test_records_paper_and_reads_the_scan(self, here: Scene, tmp_path):
        client, address = signed_in(here.lead), "/lead/consortia/GC0001/members/Z00001/paper/"
        (tmp_path / "scan.pdf").write_bytes(PDF)
        say = {"answer": "confirmed", **day("on", "20 8 2011")}
        assert client.post(address, say).status_code == 422
        with (tmp_path / "scan.pdf").open("rb") as file:
            assert client.post(address, {**say, "file": file}).status_code == 302
        page = text_of(client.get("/lead/consortia/GC0001/asking/"))
        assert "1 of 2 confirmed, 1 of them on paper" in page
        row = MembershipAnswer.objects.get()
        scan = client.get(f"{address}{row.pk}/")
        assert scan.getvalue() == PDF and scan.headers["Content-Disposition"].startswith("attachment")
        assert client.get(f"{address}{row.pk + 1}/").status_code == 404

    def test_another_lead_is_refused(self, here: Scene):
        record_on_paper(
            by=here.lead,
            practice=here.first,
            consortium=here.group,
            answer="confirmed",
            on=TODAY,
            file=PDF,
            name="a.pdf",
        )
        client, base = signed_in(told.person(consortium_lead="GC0002")), "/lead/consortia/GC0001/"
        row = MembershipAnswer.objects.get()
        pages = ("asking/", "letters/", "letters/print/", "members/Z00001/contact/", "members/Z00001/paper/")
        for page in (*pages, f"members/Z00001/paper/{row.pk}/"):
            assert client.get(base + page).status_code == 403
            assert client.post(base + page).status_code in (403, 405)
        assert client.get("/lead/consortia/GC0999/asking/").status_code == 404

    def test_the_list_costs_the_same_for_more_members(self, here: Scene, django_assert_max_num_queries):
        client = signed_in(here.lead)
        with django_assert_max_num_queries(30):
            client.get("/lead/consortia/GC0001/asking/")
        from tests.factories import make_membership, make_practice

        for n in range(11, 17):
            make_membership(make_practice(f"Z000{n}", pct=here.pct), here.group, TODAY)
        with django_assert_max_num_queries(30):
            client.get("/lead/consortia/GC0001/asking/")


def test_an_administrator_erases_words(here: Scene):
    row = answer_by_link(token=links.token_of(here.asked()), answer="confirmed", who="Sam Example")
    address = f"/staff/answers/{row.pk}/erase/"
    assert signed_in(told.person("assessor")).get(address).status_code == 403
    client = signed_in(here.admin)
    assert "Sam Example" not in text_of(client.get(address))
    assert client.post(address, {"reason": "Asked"}).status_code == 302
    row.refresh_from_db()
    assert row.who == ""
