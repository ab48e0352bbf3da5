"""The lead's home and the pages of one's own consortium: tasks, members, people, attestation; and what of it is public."""

import csv
import hashlib
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consortia.models import Attestation, ConfirmationRequest, MembershipAnswer, WorkItem
from pathfinders import actions
from registry import clock
from registry.actions import grant_role
from registry.models import Entry, Mail
from tests import factories as make
from tests import programme as told
from tests.desk import errors_of, signed_in, text_of

pytestmark = pytest.mark.django_db
LONG = date(2011, 1, 10)
AGO = timedelta(days=20)


def southwark(ref="GC0001", *, lead=None, start=None, **members):
    """A consortium of whose members so many have each status, and who leads it. It begins this quarter (no attestation
    is overdue) unless `start` says otherwise."""
    group = make.make_consortium(ref, name=f"Group {ref}", start=start or LONG)
    lead = lead or told.person(name="Lee Lead")
    told.RoleGrant.objects.create(
        user=lead,
        role="consortium_lead",
        object_kind="consortium",
        object_ref=ref,
        period=(LONG, None),
        given_by="system",
    )
    for status, count in members.items():
        for _ in range(count):
            practice = make.make_practice(name=f"SURGERY {status}", patients=1_000)
            make.make_membership(practice, group, start or LONG, status=status)
    return group, lead


def asked(group, lead, **more):
    """Each unanswered member was mailed a question some time ago."""
    for fact in make.Membership.objects.current().filter(status="claimed", consortium=group):
        ConfirmationRequest.objects.create(
            practice=fact.practice,
            consortium=group,
            starts_on=LONG,
            channel="mail",
            address="surgery@example.org",
            origin="lead",
            asked_by=lead,
            asked_on=clock.today() - AGO,
            expires_on=clock.today() + timedelta(days=60),
            **more,
        )


def answered(practice, group, lead, **said):
    """What the practice said by its link or its letter, and the question that it answered."""
    mailed = said["how"] == "link"
    reached = {"address": "surgery@example.org", "origin": "lead"} if mailed else {"code": "QWERTYU"}
    question = ConfirmationRequest.objects.create(
        practice=practice, consortium=group, starts_on=LONG, channel="mail" if mailed else "letter", asked_by=lead,
        asked_on=LONG, expires_on=LONG + timedelta(days=60), **reached,
    )  # fmt: skip
    ConfirmationRequest.objects.filter(pk=question.pk).update(state="answered", ended_on=date(2011, 3, 4))
    MembershipAnswer.objects.create(
        practice=practice, consortium=group, request=question, answered_on=date(2011, 3, 4), **said
    )


def members_of(group, status):
    return [
        f.practice for f in make.Membership.objects.current().filter(consortium=group, status=status).order_by("pk")
    ]


def test_three_tasks_the_most_pressing_first_each_one_link_or_one_button():
    group, lead = southwark(confirmed=3, claimed=2, disputed=1)
    asked(group, lead)
    page = signed_in(lead).get("/lead/")
    words = text_of(page)
    assert [t.kind for t in page.context["tasks"]] == ["attestation_late", "disputed", "remind"]
    assert page.context["more_tasks"] == 0
    assert 'action="/lead/consortia/GC0001/remind/"' in words and "Remind 2</button>" in words
    assert 'href="/lead/consortia/GC0001/members/?state=disputed"' in words
    assert "3 of 6 confirmed, 2 unanswered, 1 disputed" in words
    assert "6,000 registered patients on the lists of 6 practices" in words and "0 of the 3 confirmed" in words
    shown = page.context["groups"][0]["members"]
    assert [row["status"] for row in shown.rows] == ["disputed", "claimed", "claimed"]
    assert f"{(clock.today() - LONG).days:,} days" in words


def test_a_returned_bid_comes_first_and_the_rest_waits_on_the_consortiums_page():
    who = told.people()
    bid = told.returned(who)
    group, _ = southwark(lead=who.lead, disputed=1, claimed=1)
    asked(group, who.lead)
    page = signed_in(who.lead).get("/lead/")
    assert [t.kind for t in page.context["tasks"]] == ["returned", "attestation_late", "disputed"]
    assert "1 more waits on the pages" in text_of(page) and f'href="/lead/bids/{bid.ref}/"' in text_of(page)
    assert [row["ref"] for row in page.context["rows"]] == [bid.ref]
    tasks = signed_in(who.lead).get("/lead/consortia/GC0001/").context["tasks"]
    assert [t.kind for t in tasks] == ["attestation_late", "disputed", "remind"]


def test_who_leads_a_bid_alone_sees_what_they_saw():
    who = told.people()
    bid = actions.draft_bid(by=who.lead, name="Southwark", as_at=told.FEBRUARY)
    page = signed_in(who.lead).get("/lead/")
    assert "groups" not in page.context and "What waits" not in text_of(page) and bid.ref in text_of(page)


def test_work_and_transfers_are_tasks_of_those_who_keep_it():
    today = clock.today()
    group, lead = southwark(start=today.replace(day=1), confirmed=1)
    [member] = members_of(group, "confirmed")
    WorkItem.objects.create(
        kind="closed", practice=member, consortium=group, entry=Entry.objects.latest("number"), day=today
    )
    from consortia.models import TransferRequest

    for state in ("at_consortium", "at_practice"):
        TransferRequest.objects.create(
            practice=make.make_practice(), to_consortium=group, on=today, state=state, asked_on=today
        )
    tasks = {t.kind: t for t in signed_in(lead).get("/lead/consortia/GC0001/").context["tasks"]}
    assert tasks["work"].words == "1 change of members to look at"
    assert tasks["transfer"].words == "1 practice asks to join from elsewhere"


def test_the_home_asks_as_many_questions_for_many_members_as_for_few():
    lead = told.person(name="Lee")
    for n in (1, 2, 3):
        asked(southwark(f"GC000{n}", lead=lead, claimed=1, disputed=1)[0], lead)
    client = signed_in(lead)
    client.get("/lead/")
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get("/lead/")
        counts.append(len(queries))
        group = make.Consortium.objects.get(ref="GC0001")
        for status in ("claimed", "disputed", "confirmed") * 6:
            make.make_membership(make.make_practice(patients=5), group, LONG, status=status)
    assert counts[0] == counts[1] <= 25, counts


def test_a_stranger_finds_no_consortium_of_another(client):
    southwark()
    other = signed_in(southwark("GC0002")[1])
    pages = ("", "members/", "members/list.csv", "attest/", "people/", "people/hand-over/")
    for page in pages:
        assert other.get(f"/lead/consortia/GC0001/{page}").status_code == 404, page
        assert signed_in(told.person("approver")).get(f"/lead/consortia/GC0001/{page}").status_code == 403
        assert client.get(f"/lead/consortia/GC0001/{page}").status_code == 302
    assert other.post("/lead/consortia/GC0001/remind/").status_code == 404
    assert other.get("/lead/consortia/GC0002/remind/").status_code == 405


def test_one_press_with_nobody_to_remind_says_so():
    group, lead = southwark(claimed=1)
    client = signed_in(lead)
    page = client.post("/lead/consortia/GC0001/remind/", follow=True)
    assert "No practice waits to be reminded" in text_of(page)


def test_one_press_reminds_each_that_has_not_answered_once():
    group, lead = southwark(claimed=2, confirmed=1)
    asked(group, lead)
    client = signed_in(lead)
    page = client.post("/lead/consortia/GC0001/remind/", {"back": "home"}, follow=True)
    assert page.redirect_chain == [("/lead/", 302)] and "2 practices were reminded" in text_of(page)
    assert Mail.objects.filter(to="surgery@example.org").count() == 2
    assert "Remind" not in text_of(client.get("/lead/")).replace("were reminded", "")


def test_the_list_says_how_each_answered_and_from_what_address_and_filters():
    group, lead = southwark(claimed=2, confirmed=1, disputed=1)
    first, second = members_of(group, "claimed")
    asked(group, lead, reminded=1, reminded_on=clock.today() - timedelta(days=9))
    ConfirmationRequest.objects.filter(practice=second).update(state="withdrawn", ended_on=clock.today())
    [confirmed] = members_of(group, "confirmed")
    with make.writing() as entry:
        entry.set(
            make.Membership, (confirmed.pk,), LONG, None, make.Belonging(group.pk, "confirmed", "joined", "link")
        )
    answered(
        confirmed, group, lead, answer="confirmed", how="link", origin="lead", flag="leads_own",
        text="=HYPERLINK(1)", who="Private Name",
    )  # fmt: skip
    client, path = signed_in(lead), "/lead/consortia/GC0001/members/"
    words = text_of(client.get(path))
    assert "Link in a mail, 4 March 2011" in words and "address from its consortium&#x27;s lead" in words
    assert "the lead’s own address" in words and "Not asked yet" in words and "reminded" in words
    assert "Private Name" not in words and "surgery@example.org" not in words
    for state, count in (
        ("claimed", 2),
        ("unasked", 1),
        ("confirmed", 1),
        ("paper", 0),
        ("disputed", 1),
        ("undecided", 0),
    ):
        assert client.get(path, {"state": state}).context["total"] == count, state
    assert client.get(path, {"ordering": "-since"}).status_code == 200
    assert client.get(path, {"ordering": "nonsense"}).status_code == 400
    assert client.get(path, {"q": second.code.lower()}).context["total"] == 1

    answer = client.get(f"{path}list.csv", {"state": "confirmed"})
    [row] = csv.DictReader(text_of(answer).splitlines())
    assert (row["code"], row["status"], row["member_from"], row["proof"]) == (
        confirmed.code,
        "confirmed",
        "2011-01-10",
        "link",
    )
    assert (row["text"], row["address_flag"]) == ("'=HYPERLINK(1)", "leads_own") and "Private" not in text_of(answer)


def test_a_disputed_member_says_why():
    group, lead = southwark(disputed=1)
    [member] = members_of(group, "disputed")
    from consortia.models import MembershipWord

    word = MembershipWord.objects.of("dispute").first()
    with make.writing() as entry:
        entry.set(make.Membership, (member.pk,), LONG, None, make.Belonging(group.pk, "disputed", word.key, "letter"))
    answered(member, group, lead, answer="disputed", how="letter", reason=word.key, text="We never joined")
    words = text_of(signed_in(lead).get("/lead/consortia/GC0001/members/?state=disputed"))
    assert word.label in words and "We never joined" in words and "Code of a printed letter" in words


def test_people_are_named_ended_and_handed_over_on_their_page():
    group, lead = southwark()
    admin = told.person("programme_admin")
    told.RoleGrant.objects.filter(user=lead).update(period=(LONG, LONG + timedelta(days=1)))
    lead = told.person(name="Lou Lead")
    grant_role(by=admin, user=lead, role="consortium_lead", ref="GC0001")
    client, path = signed_in(lead), "/lead/consortia/GC0001/people/"
    assert client.post(path, {"email": "dee@example.org", "name": "Dee Deputy"})["Location"] == path
    assert "Dee Deputy" in text_of(client.get(path))
    again = client.post(path, {"email": "dee@example.org"})
    assert again.status_code == 409 and errors_of(again) == ["Dee Deputy is a deputy of GC0001 already."]
    dee = told.User.objects.get(email="dee@example.org")
    theirs = signed_in(dee)
    assert "Name a deputy" not in text_of(theirs.get(path))
    assert theirs.post(path, {"email": "eve@example.org"}).status_code == 403
    assert theirs.get(f"{path}hand-over/").status_code == 403
    end = f"{path}{dee.ref}/deputy/end/"
    assert "Dee Deputy is no longer deputy" in text_of(client.get(end))
    assert client.post(end)["Location"] == path and signed_in(told.fresh(dee)).get(path).status_code == 403
    assert client.get(end).status_code == 404
    mine = client.post(f"{path}{lead.ref}/lead/end/")
    assert mine.status_code == 409 and "last lead" in errors_of(mine)[0]
    assert client.post(f"{path}hand-over/", {"email": "eve@example.org"}).status_code == 422
    handed = client.post(f"{path}hand-over/", {"email": "eve@example.org", "sure": "on"})
    assert handed["Location"] == "/lead/"
    public = text_of(Client().get("/consortia/GC0001/"))
    assert "Dee" not in public and "Lou" not in public and lead.ref not in public


def test_attesting_shows_the_bytes_and_refuses_a_list_that_changed_and_keeps_it_public():
    group, lead = southwark(confirmed=2)
    client, path = signed_in(lead), "/lead/consortia/GC0001/attest/"
    page = client.get(path)
    seen = page.context["form"].initial
    assert hashlib.sha256(page.context["content"].encode()).hexdigest() == seen["sha256"]
    assert seen["sha256"] in text_of(page) and "Overdue" in text_of(page)
    overdue = text_of(Client().get("/consortia/GC0001/"))
    assert "Its lead has not said that the list was right for" in overdue

    make.make_membership(make.make_practice("Z77777", name="LATE"), group, LONG)
    stale = client.post(path, seen)
    assert (
        stale.status_code == 412 and "Z77777 (LATE) joined" in errors_of(stale)[0] and not Attestation.objects.exists()
    )
    form = stale.context["form"]
    fresh = {name: form[name].value() for name in ("sha256", "entry")}
    assert fresh["sha256"] != seen["sha256"] and "Z77777" in stale.context["content"]
    assert client.post(path, fresh)["Location"] == "/lead/consortia/GC0001/"
    fact = Attestation.objects.get()
    assert (fact.sha256, fact.practices) == (fresh["sha256"], 3)
    assert "has been attested for" in text_of(client.get(path)) and client.post(path, fresh).status_code == 409
    assert client.post(path, {}).status_code == 422

    public = text_of(Client().get("/consortia/GC0001/"))
    assert fact.sha256 in public and "Overdue" not in public
    answer = Client().get(f"/consortia/GC0001/attested/{fact.quarter}.csv")
    assert hashlib.sha256(answer.content).hexdigest() == fact.sha256 and not answer.cookies
    assert Client().get("/consortia/GC0001/attested/1999Q1.csv").status_code == 404


def test_the_api_says_it_at_any_moment():
    group, lead = southwark(confirmed=1)
    before = Entry.objects.latest("number").at.isoformat().replace("+00:00", "Z")
    client = signed_in(lead)
    client.post("/lead/consortia/GC0001/attest/", client.get("/lead/consortia/GC0001/attest/").context["form"].initial)
    fact = Attestation.objects.get()

    def told_of(**query):
        row = Client().get("/api/v1/consortia/GC0001/", query).json()
        row = row.get("result", row)
        return [row[f] for f in ("attested_quarter", "attested_on", "attested_sha256", "attestation_overdue")]

    today = clock.today().isoformat()
    assert told_of() == [fact.quarter, today, fact.sha256, False]
    assert told_of(known_at=before) == [None, None, None, True]
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    assert told_of(as_of=yesterday)[:3] == [None] * 3
    assert told_of(as_of="2011-03-31") == [None, None, None, False]
    assert told_of(as_of="2011-07-01") == [None, None, None, True]
    assert Client().get(f"/consortia/GC0001/attested/{fact.quarter}.csv", {"known_at": before}).status_code == 404
