"""Staff's pages: the queue, a bid on one screen, assessment, decision with its letter, waves and release."""

import re
from datetime import date
from html import unescape

import pytest

from consortia.models import ConsortiumParticulars, Membership
from pathfinders import actions, service
from pathfinders.models import Wave
from registry import clock
from registry.models import Entry, EntryKind, Mail, MailState, User
from tests import factories as make
from tests import programme as told
from tests.desk import day, errors_of, letter_sent, signed_in, text_of

pytestmark = pytest.mark.django_db

PAGES = ("/staff/", "/staff/waves/", "/staff/outbox/", "/staff/imports/")
MANAGED = ("/staff/waves/new/", "/staff/consortia/new/", "/staff/users/", "/staff/users/invite/")


@pytest.fixture
def who():
    return told.people()


@pytest.fixture
def desk(who):
    """A signed-in client for each of the people."""
    return {name: signed_in(getattr(who, name)) for name in ("lead", "assessor", "approver", "admin")}


def refs(page):
    return [bid.ref for bid in page.context["object_list"]]


class TestWhoComesIn:
    def test_staff_alone(self, who, desk):
        bid = told.assessing(who)
        told.wave(who)
        outside = [signed_in(told.person(pct_lead="5LE")), signed_in(told.person(sha_assessor="Q36")), desk["lead"]]
        for path in (*PAGES, *MANAGED, f"/staff/bids/{bid.ref}/", "/staff/waves/3/", "/staff/waves/3/release/"):
            assert desk["admin"].get(path).status_code == 200, path
            for client in outside:
                assert client.get(path).status_code == 403, path

    def test_what_is_not_the_assessors_is_refused_to_an_assessor(self, who, desk):
        told.wave(who)
        for path in (*MANAGED, "/staff/waves/3/dates/", "/staff/waves/3/close/"):
            answer = desk["assessor"].get(path)
            assert answer.status_code == 403 and "Ask a programme administrator" in text_of(answer), path

    def test_staff_who_lead_a_bid_do_not_find_it_at_the_desk(self, who):
        bid = told.submitted(who)
        bid.lead.grants.create(role="assessor", period=(date(2010, 4, 1), None), given_by="system")
        client = signed_in(User.objects.get(pk=who.lead.pk))
        assert refs(client.get("/staff/")) == []
        assert client.get(f"/staff/bids/{bid.ref}/").status_code == 404


class TestQueue:
    def test_counts_match_rows_and_drafts_show_only_when_asked_for(self, who, desk):
        told.draft(who)
        one, two = told.submitted(who), told.assessing(who)
        page = desk["admin"].get("/staff/")
        assert refs(page) == [one.ref, two.ref] and "2 bids" in text_of(page)
        for state in page.context["states"]:
            assert len(refs(desk["admin"].get("/staff/" + state["href"]))) == state["count"]
        assert len(refs(desk["admin"].get("/staff/?state=draft"))) == 1

    def test_filters_are_in_the_address(self, who, desk):
        one, two = told.submitted(who, name="Lambeth"), told.assessing(who, name="Southwark")
        actions.put_in_wave(by=who.admin, bid=two, version=two.version, wave=told.wave(who))
        client = desk["assessor"]
        assert refs(client.get("/staff/?assignee=me")) == refs(client.get("/staff/?wave=3")) == [two.ref]
        assert refs(client.get(f"/staff/?assignee={who.assessor.ref}")) == [two.ref]
        assert refs(client.get("/staff/?assignee=nobody")) == refs(client.get("/staff/?wave=none")) == [one.ref]
        assert refs(client.get("/staff/?q=lambeth+health")) == refs(client.get(f"/staff/?q={one.ref}")) == [one.ref]
        assert refs(client.get("/staff/?state=submitted&q=Southwark")) == []
        assert "put right" in text_of(client.get("/staff/?wave=99"))

    def test_a_row_tells_practices_pcts_and_days(self, who, desk):
        pct, other = make.make_pct("5LE"), make.make_pct("5LD")
        told.submitted(who, [make.make_practice(pct=pct), make.make_practice(pct=other), make.make_practice(pct=pct)])
        bid = desk["admin"].get("/staff/").context["object_list"][0]
        used = service.working_days(told.FEBRUARY, clock.today())
        assert (bid.practice_count, bid.pcts, bid.clock.used) == (3, "5LD, 5LE", used)

    def test_age_and_sha_are_filters_too(self, who, desk):
        pct = make.make_pct("5LE", sha=make.make_sha("Q36", name="NHS London"))
        old = told.submitted(who, [make.make_practice(pct=pct)])
        new = told.submitted(who, as_at=clock.today())
        back = told.returned(who)
        client = desk["admin"]
        assert refs(client.get("/staff/?due=overdue")) == refs(client.get("/staff/?sha=Q36")) == [old.ref]
        assert refs(client.get("/staff/?due=in_time")) == [new.ref] and refs(client.get("/staff/?due=soon")) == []
        assert refs(client.get("/staff/?due=paused")) == [back.ref]
        words = text_of(client.get("/staff/"))
        for said in ("NHS London (Q36)", "Overdue", "5 of 40", "Clock stands still"):
            assert said in words
        for link in client.get("/staff/").context["standings"]:
            assert len(refs(client.get("/staff/" + link["href"]))) == link["count"]

    def test_queries_do_not_grow_with_bids(self, who, desk, django_assert_max_num_queries):
        for _ in range(4):
            told.assessing(who)
        with django_assert_max_num_queries(12):
            desk["admin"].get("/staff/")


class TestBidPage:
    def test_everything_about_the_bid_is_on_one_screen(self, who, desk):
        pct = make.make_pct("5LE", name="Southwark PCT")
        mine = make.make_practice("Z85001", pct=pct, patients=4_000, name="NUNHEAD SURGERY")
        shared = make.make_practice("Z85002", pct=pct, name="ELM LODGE")
        make.make_membership(mine, make.make_consortium("GC0077", name="Lambeth North"), date(2010, 12, 1))
        rival = told.submitted(who, [shared], name="Rival")
        bid = told.decided(who, told.wave(who), [mine, shared], outcome="declined")
        words = text_of(desk["approver"].get(f"/staff/bids/{bid.ref}/"))
        for said in ("NUNHEAD SURGERY", "4,000", "Southwark PCT (5LE)", "Lambeth North (GC0077)", rival.ref):
            assert said in words
        for said in ("About Clinical leadership", "Finding by Ash Assessor", "by Avery Approver", "Finances"):
            assert said in words
        history = [(step.what, step.who) for step in desk["admin"].get(f"/staff/bids/{bid.ref}/").context["history"]]
        assert history[0] == ("Decided", "Avery Approver")
        assert ("Assigned to an assessor", "Ash Assessor") in history
        assert history[-1] == ("Drafted", "Lee Lead")

    def test_each_action_is_a_button_or_says_why_not(self, who, desk):
        bid = told.assessed(who)
        page = desk["assessor"].get(f"/staff/bids/{bid.ref}/")
        assert [choice.href for choice in page.context["possible"]] == ["reopen/"]
        why = {choice.href: choice.why for choice in page.context["impossible"]}
        assert "decide bids" in why["decide/"] and "this one is assessed" in why["assign/"]
        for choice in page.context["impossible"]:
            assert choice.why in unescape(text_of(page))
            shut = desk["assessor"].get(f"/staff/bids/{bid.ref}/{choice.href}")
            assert shut.status_code == 409
            assert "You cannot do that now" in text_of(shut) and "Open the page again" not in text_of(shut)

    def test_to_decide_again_is_possible_and_not_what_comes_next(self, who, desk):
        bid = told.assessed(who)
        choices = desk["approver"].get(f"/staff/bids/{bid.ref}/").context["possible"]
        assert [(c.label, c.next) for c in choices if c.href == "decide/"] == [("Decide", True)]
        told.decide(who, bid, told.wave(who))
        choices = desk["approver"].get(f"/staff/bids/{bid.ref}/").context["possible"]
        assert [(c.label, c.next) for c in choices if c.href == "decide/"] == [("Decide again", False)]
        assert "The first decision stays on record." in text_of(desk["approver"].get(f"/staff/bids/{bid.ref}/decide/"))

    def test_comments_returns_clock_and_checks_are_there(self, who, desk):
        told.local_criteria("Q36")
        pct = make.make_pct("5LE", sha=make.make_sha("Q36", name="NHS London"), name="Southwark PCT")
        shared = make.make_practice("Z85002", pct=pct)
        rival = told.submitted(who, [shared], name="Rival")
        bid = told.returned(who, [shared, make.make_practice("Z85003", pct=pct)])
        sha = told.person(sha_assessor="Q36", name="Sam")
        found = {"access": ("met", ""), "finance": ("not", "No accounts.")}
        stage = bid.stages.get(kind="sha")
        actions.give_opinion(by=sha, stage=stage, version=1, view="reservations", text="Late.", findings=found)
        home = f"/staff/bids/{bid.ref}/"
        words = text_of(desk["assessor"].get(home))
        for said in ("NHS London (Q36)", "Replied after its date", "Supports it with reservations", "No accounts."):
            assert said in words, said
        for said in ("Southwark PCT (5LE)", "No reply", "5 of 40 working days", "Clock stands still", "Who leads it?"):
            assert said in words, said
        assert f"Z85002 ({rival.ref})" in words and "Not sent back yet" in words and "Finding by Sam" in words
        bid = actions.answer_criterion(
            by=who.lead, bid=told.fresh(bid), version=bid.lead_version, criterion="qipp", text="Better evidence"
        )
        actions.answer_return(by=who.lead, bid=bid, version=bid.lead_version, declared=True)
        page = desk["assessor"].get(home)
        assert "<ins" in text_of(page) and "Better evidence" in text_of(page) and "In time" in text_of(page)
        history = [(step.what, step.who) for step in page.context["history"]]
        assert ("Commented on by a PCT or SHA", "Sam") in history
        assert ("Returned for information", "Ash Assessor") in history and (
            "Sent back by its lead",
            "Lee Lead",
        ) in history

    def test_queries_do_not_grow_with_practices(self, who, desk, django_assert_max_num_queries):
        bid = told.assessed(who, [make.make_practice(pct=make.make_pct(f"5A{n}")) for n in range(9)])
        with django_assert_max_num_queries(40):
            desk["admin"].get(f"/staff/bids/{bid.ref}/")


class TestReturn:
    def test_returned_with_reasons_and_a_letter(self, who, desk):
        bid = told.assessing(who)
        client, path = desk["assessor"], f"/staff/bids/{bid.ref}/return/"
        assert "The service clock stands still" in text_of(client.get(path))
        sent = {"version": bid.version, "text": "Who leads it?", **day("returned_on", "8 2 2011")}
        answer = client.post(path, sent)
        assert answer.status_code == 422 and "Choose at least one reason" in " ".join(errors_of(answer))
        assert "Who leads it?" in text_of(answer)
        page = client.post(path, sent | {"reasons": ["information_missing"]})
        assert "Information is missing" in page.context["letter"]["body"] and told.fresh(bid).state == "assessing"
        assert client.post(path, letter_sent(page, send="1")).status_code == 302
        assert told.fresh(bid).state == "returned"
        assert "Who leads it?" in Mail.objects.get(subject__startswith="We need").body
        assert client.get(path).status_code == 409
        assert desk["approver"].get(path).status_code == 409


class TestAssessment:
    def test_assigned_found_and_recommended(self, who, desk):
        bid = told.submitted(who)
        client, home = desk["assessor"], f"/staff/bids/{bid.ref}/"
        assert "Assign to me" in text_of(client.get(home))
        client.post(f"{home}assign/", {"version": bid.version, "assessor": who.assessor.pk})
        bid = told.fresh(bid)
        assert bid.assessor == who.assessor

        some = {"version": bid.version, "finding-qipp": "partly", "note-qipp": "No dates", "finding-gp_backing": "met"}
        assert client.post(f"{home}findings/", some)["Location"] == home
        assert dict(bid.findings.values_list("criterion__key", "finding")) == {"qipp": "partly", "gp_backing": "met"}
        bid = told.fresh(bid)
        rest = {f"finding-{c.key}": "met" for c in told.criteria()}
        rest |= {"version": bid.version, "finding-qipp": "partly", "note-qipp": "No dates"}
        client.post(f"{home}findings/", rest)
        assert bid.findings.count() == 4

        sent = {"version": told.fresh(bid).version, "recommendation": "approved", "note": "Good"}
        client.post(f"{home}recommend/", sent | day("assessed_on", "15 2 2011"))
        bid = told.fresh(bid)
        assert (bid.state, bid.recommendation, bid.assessed_on) == ("assessed", "approved", date(2011, 2, 15))
        client.post(f"{home}reopen/", {"version": bid.version})
        assert told.fresh(bid).state == "assessing"

    def test_a_finding_without_its_note_saves_none_and_keeps_all(self, who, desk):
        bid = told.assessing(who)
        sent = {"version": bid.version, "finding-gp_backing": "met", "finding-qipp": "not", "note-gp_backing": "typed"}
        page = desk["assessor"].post(f"/staff/bids/{bid.ref}/findings/", sent)
        assert page.status_code == 422
        assert list(page.context["form"].errors) == ["note-qipp"]
        assert "typed" in text_of(page) and not bid.findings.exists()

    def test_a_stale_finding_is_told_and_kept(self, who, desk):
        bid = told.assessing(who)
        actions.record_finding(
            by=who.assessor, bid=bid, version=bid.version, criterion="qipp", finding="not", note="other window"
        )
        sent = {"version": bid.version, "finding-qipp": "met", "note-qipp": "typed at length"}
        page = desk["assessor"].post(f"/staff/bids/{bid.ref}/findings/", sent)
        assert page.status_code == 412
        assert "typed at length" in text_of(page) and "other window" in text_of(page)
        assert bid.findings.get().finding == "not"

    def test_a_bid_is_put_into_a_wave_and_out_of_it(self, who, desk):
        bid, wave = told.submitted(who), told.wave(who)
        path = f"/staff/bids/{bid.ref}/wave/"
        desk["admin"].post(path, {"version": bid.version, "wave": wave.number})
        assert told.fresh(bid).wave == wave
        desk["admin"].post(path, {"version": told.fresh(bid).version, "wave": ""})
        assert told.fresh(bid).wave is None


class TestDecision:
    def form(self, bid, **more):
        sent = {"version": bid.version, "outcome": "declined", "reasons": ["finance"], "outside": ["wave_capacity"]}
        return sent | {"text": "Try again.\nIn May.", "wave": 3} | day("decided_on", "20 2 2011") | more

    def test_the_preview_writes_nothing_and_is_the_letter_word_for_word(self, who, desk):
        bid = told.assessed(who)
        told.wave(who)
        path, letters = f"/staff/bids/{bid.ref}/decide/", Mail.objects.filter(state=MailState.HELD)
        page = desk["approver"].post(path, self.form(bid))
        assert page.status_code == 200
        assert not letters.exists() and told.fresh(bid).version == bid.version and not bid.decisions.exists()
        shown = unescape(re.search(r'id="letter">(.*?)</div>', text_of(page), re.S)[1])

        assert desk["approver"].post(path, letter_sent(page, send="1")).status_code == 302
        mail = letters.get()
        assert shown == mail.body and page.context["letter"]["subject"] == mail.subject
        assert "not one of the published criteria" in mail.body and "Try again.\nIn May." in mail.body.replace(
            "\r", ""
        )
        decision = bid.decisions.get()
        assert (decision.outcome, decision.reasons) == ("declined", ["finance", "wave_capacity"])

    def test_the_preview_carries_the_form_to_its_confirmation_and_back(self, who, desk):
        bid = told.assessed(who)
        told.wave(who)
        path = f"/staff/bids/{bid.ref}/decide/"
        page = desk["approver"].post(path, self.form(bid))
        carried = letter_sent(page)
        back = desk["approver"].post(path, carried | {"change": "1"})
        assert back.context["form"].cleaned_data["reasons"] == ["finance"]
        assert "Preview the letter" in text_of(back)
        assert desk["approver"].post(path, carried | {"send": "1"}).status_code == 302
        assert bid.decisions.get().text.replace("\r", "") == "Try again.\nIn May."

    def test_refusals_come_at_the_preview_with_the_field(self, who, desk):
        bid = told.assessed(who)
        told.wave(who)
        path = f"/staff/bids/{bid.ref}/decide/"
        page = desk["approver"].post(path, self.form(bid, reasons=[], outside=[]))
        assert page.status_code == 422 and list(page.context["form"].errors) == ["reasons"]
        assert "Try again." in text_of(page)
        early = desk["approver"].post(path, self.form(bid) | day("decided_on", "1 1 2011"))
        assert list(early.context["form"].errors) == ["decided_on"]

    def test_the_second_of_two_approvers_is_told(self, who, desk):
        bid = told.assessed(who)
        wave = told.wave(who)
        told.decide(who, bid, wave, by=told.person("approver", name="First Approver"))
        page = desk["approver"].post(f"/staff/bids/{bid.ref}/decide/", self.form(bid))
        assert page.status_code == 412
        assert "First Approver" in errors_of(page)[0] and "Try again." in text_of(page)
        assert bid.decisions.count() == 1

    def test_its_assessor_does_not_decide(self, who, desk):
        bid = told.assessed(who)
        told.wave(who)
        who.assessor.grants.create(role="approver", period=(date(2010, 4, 1), None), given_by="system")
        client = signed_in(User.objects.get(pk=who.assessor.pk))
        path = f"/staff/bids/{bid.ref}/decide/"
        assert "somebody else must do this" in text_of(client.get(path))
        assert client.post(path, self.form(bid, send="1")).status_code == 403
        assert not bid.decisions.exists()


class TestWaves:
    def test_opened_dated_and_refused_twice(self, who, desk):
        client = desk["admin"]
        sent = {"number": 4, **day("announced_on", "4 4 2011")}
        assert client.post("/staff/waves/new/", sent)["Location"] == "/staff/waves/4/"
        again = client.post("/staff/waves/new/", sent)
        assert again.status_code == 409 and list(again.context["form"].errors) == ["number"]
        wave = Wave.objects.get()
        later = {"version": wave.version, **day("announced_on", "5 4 2011")}
        unsaid = client.post("/staff/waves/4/dates/", later)
        assert unsaid.status_code == 422 and list(unsaid.context["form"].errors) == ["reason"]
        client.post("/staff/waves/4/dates/", later | {"reason": "Parliament sits"})
        assert told.fresh(wave).announced_on == date(2011, 4, 5)
        stale = client.post("/staff/waves/4/dates/", later | day("announced_on", "6 4 2011"))
        assert stale.status_code == 412 and "5 April 2011</dd>" in text_of(stale)

    def test_the_simulator_tells_figures_those_left_out_and_what_blocks(self, who, desk):
        wave = told.wave(who)
        open_one, listless = make.make_practice(patients=4_000), make.make_practice()
        closed = make.make_practice("Z85099", last_day=date(2011, 2, 25))
        told.decided(who, wave, [open_one, listless, closed])
        waiting = told.submitted(who, name="Waiting")
        actions.put_in_wave(by=who.admin, bid=waiting, version=waiting.version, wave=wave)
        page = desk["admin"].get("/staff/waves/3/")
        figures = page.context["figures"]
        assert (figures["pathfinders"], figures["practices"], figures["people"]) == (1, 2, 4_000)
        assert (figures["left_out"], figures["without_list"]) == (1, 1)
        words = text_of(page)
        assert "Z85099" in words and "Not open on the day of the announcement" in words
        assert f"Waiting ({waiting.ref}) is not decided" in words
        release = text_of(desk["admin"].get("/staff/waves/3/release/"))
        assert "1 thing to put right first" in release and 'name="sure"' not in release

    @pytest.mark.parametrize("part", ["lead", "deputy"])
    def test_whoever_has_a_bid_in_the_wave_learns_nothing_of_its_outcome(self, who, part):
        wave = told.wave(who)
        bid = told.decided(who, wave, [make.make_practice("Z85099", last_day=date(2011, 2, 25))])
        bidder = who.lead if part == "lead" else told.person(consortium_deputy=bid.ref)
        bidder.grants.create(role="programme_admin", period=(date(2010, 4, 1), None), given_by="system")
        bidder = told.fresh(bidder)
        client, pages = signed_in(bidder), ("/staff/waves/3/", "/staff/waves/3/release/")
        seen = [text_of(client.get(page)) for page in pages]
        for words in seen:
            assert "A bid of yours waits" in words and "Z85099" not in words
            assert "site-figures" not in words and bid.ref not in words and 'name="sure"' not in words
        version = told.fresh(wave).version
        refused = client.post(pages[1], {"version": version, "sure": "on"})
        assert refused.status_code == 403 and "A bid of yours" in text_of(refused)
        assert "site-figures" not in text_of(refused) and "Z85099" not in text_of(refused)
        told.decide(who, bid, wave, "declined")
        masked = [re.sub(r'value="\d+"|nonce="[^"]*"|value="\w{64}"', "", text_of(client.get(page))) for page in pages]
        assert masked == [re.sub(r'value="\d+"|nonce="[^"]*"|value="\w{64}"', "", words) for words in seen]

    def test_released_once_after_a_confirmation(self, who, desk):
        wave = told.wave(who)
        bid = told.decided(who, wave)
        told.ready(who, wave)
        client, path = desk["admin"], "/staff/waves/3/release/"
        version = told.fresh(wave).version
        unsure = client.post(path, {"version": version})
        assert unsure.status_code == 422 and list(unsure.context["form"].errors) == ["sure"]
        assert not Membership.objects.exists()
        assert client.post(path, {"version": version, "sure": "on"})["Location"] == path
        assert Membership.objects.count() == bid.practices.count() == 2
        after = text_of(client.get(path))
        assert 'href="/waves/3/"' in after and 'name="sure"' not in after
        twice = client.post(path, {"version": version, "sure": "on"})
        assert twice.status_code == 409 and Entry.objects.filter(kind=EntryKind.RELEASE).count() == 1

    def test_a_wave_that_changed_since_is_looked_at_again(self, who, desk):
        wave = told.wave(who)
        told.decided(who, wave, name="First")
        told.decided(who, wave, name="Second")
        seen = told.ready(who, wave).version
        actions.hold_wave(by=who.assessor, wave=wave)
        actions.lift_hold(by=who.admin, wave=wave, version=told.fresh(wave).version)
        page = desk["admin"].post("/staff/waves/3/release/", {"version": seen, "sure": "on"})
        assert page.status_code == 412 and page.context["figures"]["pathfinders"] == 2
        assert f'name="version" value="{told.fresh(wave).version}"' in text_of(page)

    def test_queries_do_not_grow_with_bids(self, who, desk, django_assert_max_num_queries):
        wave = told.wave(who)
        for n in range(4):
            told.decided(who, wave, name=f"Bid {n}")
        with django_assert_max_num_queries(32):
            desk["admin"].get("/staff/waves/3/")


class TestRecords:
    def test_letters_show_whether_they_wait_or_left(self, who, desk):
        bid = told.decided(who, told.wave(who))
        page = desk["assessor"].get("/staff/outbox/?state=held")
        assert [mail.about for mail in page.context["object_list"]] == [bid.ref]
        assert "Waits for wave 3" in text_of(page) and "Dear Lee Lead" in text_of(page)

    def test_staff_do_not_read_ahead_of_a_letter_to_themselves(self, who):
        told.decided(who, told.wave(who))
        who.lead.grants.create(role="assessor", period=(date(2010, 4, 1), None), given_by="system")
        client = signed_in(User.objects.get(pk=who.lead.pk))
        states = [mail.state for mail in client.get("/staff/outbox/").context["object_list"]]
        assert states == ["queued"]  # the receipt; not the outcome

    def test_imports_are_those_of_the_journal(self, desk):
        make.make_practice()
        with make.writing("import_practices", EntryKind.IMPORT) as entry:
            practice = make.Practice.objects.create(code="Z99999")
            entry.set(make.PracticeStatus, (practice.pk,), date(2011, 4, 1), None, ("A",))
        page = desk["assessor"].get("/staff/imports/")
        assert [e.action for e in page.context["object_list"]] == ["import_practices"]

    def test_a_consortium_that_never_bids_is_registered(self, desk):
        sent = {"name": "Stand Alone", "form": "", "reason": "It asked to be listed", **day("on", "1 4 2011")}
        answer = desk["admin"].post("/staff/consortia/new/", sent)
        consortium = ConsortiumParticulars.objects.current().get(name="Stand Alone").consortium
        assert answer["Location"] == f"/consortia/{consortium.ref}/"
        assert Entry.objects.latest("number").reason == "It asked to be listed"


class TestPeople:
    def test_invited_with_a_role_which_is_ended_and_erased(self, desk):
        client = desk["admin"]
        sent = {"email": "new@example.org", "name": "New Lead", "role": "consortium_lead", "ref": ""}
        home = client.post("/staff/users/invite/", sent)["Location"]
        person = User.objects.get(email="new@example.org")
        assert home == f"/staff/users/{person.ref}/" and person.roles() == {"consortium_lead"}
        assert Mail.objects.get(recipient=person.ref).state == MailState.QUEUED
        client.post(f"{home}role/", {"role": "analyst", "ref": ""})
        listed = text_of(client.get("/staff/users/?role=analyst"))
        assert "Consortium lead, Analyst" in listed and "1 person" in listed
        grant = person.grants.get(role="analyst")
        client.post(f"{home}roles/{grant.pk}/end/")
        assert User.objects.get(pk=person.pk).roles() == {"consortium_lead"}
        assert client.post(f"{home}erase/", {"reason": "Asked for it", "sure": "on"}).status_code == 302
        assert User.objects.get(pk=person.pk).email is None
        assert "Erased" in text_of(client.get(home))

    def test_a_refused_role_invites_nobody(self, desk):
        sent = {"email": "pct@example.org", "name": "", "role": "pct_lead", "ref": "5XX"}
        page = desk["admin"].post("/staff/users/invite/", sent)
        assert page.status_code == 422 and list(page.context["form"].errors) == ["ref"]
        assert not User.objects.filter(email="pct@example.org").exists()

    def test_the_list_asks_few_questions(self, desk, django_assert_max_num_queries):
        for _ in range(6):
            told.person("assessor", "approver")
        with django_assert_max_num_queries(12):
            desk["admin"].get("/staff/users/")


class TestAreas:
    def test_pct_and_sha_see_bids_of_theirs_under_assessment(self, who):
        pct = make.make_pct("5LE", sha=make.make_sha("Q36"))
        told.decided(who, told.wave(who), [make.make_practice(pct=pct)], name="Ours")
        told.submitted(who, [make.make_practice(pct=make.make_pct("5LD"))], name="Theirs")
        told.draft(who, [make.make_practice(pct=pct)], name="Drafted")
        for person in (told.person(pct_lead="5LE"), told.person(sha_assessor="Q36")):
            words = text_of(signed_in(person).get("/pct/"))
            assert "Ours" in words and "Under assessment" in words
            for secret in ("Theirs", "Drafted", "Decided", "Approved", "Ash Assessor"):
                assert secret not in words
        assert signed_in(who.lead).get("/pct/").status_code == 403

    def test_a_practice_manager_sees_the_practice_and_its_consortium(self, who):
        practice = make.make_practice("Z85001", name="NUNHEAD SURGERY")
        client = signed_in(told.person(practice_manager="Z85001"))
        assert "knows of no consortium" in text_of(client.get("/practice/"))
        make.make_membership(practice, make.make_consortium("GC0007", name="Southwark Health"))
        words = text_of(client.get("/practice/"))
        assert "NUNHEAD SURGERY" in words and "Southwark Health" in words and "/consortia/GC0007/" in words
        assert signed_in(who.lead).get("/practice/").status_code == 403
