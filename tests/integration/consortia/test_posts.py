"""Deputies and the lead's hand-over: a fact and a role, together; access ends with the post."""

from datetime import timedelta

import pytest

from consortia.actions.posts import end_post, hand_over, name_deputy
from consortia.invariants import RULES
from consortia.models import Post, own_consortia
from consortia.permissions import holders
from registry import clock
from registry.actions import end_role, erase_person, grant_role
from registry.errors import Refused
from registry.feed import broken_links
from registry.invariants import findings
from registry.models import Entry, Mail, RoleGrant, User
from registry.models.fact import Upper
from tests import factories as make
from tests import programme as told
from tests.desk import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def group():
    return make.make_consortium("GC0001", name="Southwark Health")


@pytest.fixture
def admin():
    return told.person("programme_admin", name="Addi Admin")


@pytest.fixture
def lead(group, admin):
    user = told.person(name="Lee Lead")
    grant_role(by=admin, user=user, role="consortium_lead", ref=group.ref, start=clock.today() - timedelta(days=90))
    return again(user)


def again(user):
    return User.objects.get(pk=user.pk)


def refusal(action, **arguments):
    with pytest.raises(Refused) as caught:
        action(**arguments)
    return caught.value


def posts():
    """Who holds which post without an end, as the register says now."""
    standing = Post.objects.current().annotate(_to=Upper("effective")).filter(_to=None)
    return set(standing.values_list("post", "person"))


def broken():
    return [f for f in findings(RULES) if f.rows]


def test_a_deputy_without_an_account_is_invited_and_told_and_keeps_the_list(lead, group):
    entries = Entry.objects.count()
    dee = name_deputy(by=lead, consortium=group, email=" Dee@Example.org", name="Dee Deputy")
    assert (dee.email, own_consortia(dee)) == ("dee@example.org", {group.ref})
    assert posts() == {("lead", lead.ref), ("deputy", dee.ref)} and Entry.objects.count() == entries + 1
    invitation, letter = Mail.objects.filter(recipient=dee.ref)
    assert invitation.about == "invitation" and "a deputy of Southwark Health (GC0001)" in letter.body
    assert "/lead/consortia/GC0001/" in letter.body and broken() == []


def test_who_has_an_account_is_not_invited_again(lead, group):
    dee = told.person(name="Dee")
    assert name_deputy(by=lead, consortium=group, email=dee.email) == dee
    assert list(Mail.objects.filter(recipient=dee.ref).values_list("about", flat=True)) == [group.ref]
    assert refusal(name_deputy, by=lead, consortium=group, email=dee.email).status == 409
    assert refusal(name_deputy, by=lead, consortium=group, email=lead.email).status == 409
    assert refusal(name_deputy, by=lead, consortium=group, email="nobody").field == "email"


def test_only_a_lead_of_this_consortium_names_ends_and_hands_over(lead, group, admin):
    dee = name_deputy(by=lead, consortium=group, email="dee@example.org")
    other = told.person(consortium_lead=make.make_consortium().ref)
    for who in (other, again(dee), admin, told.person()):
        assert refusal(name_deputy, by=who, consortium=group, email="eve@example.org").status == 403
        assert refusal(hand_over, by=who, consortium=group, email="eve@example.org").status == 403
    assert refusal(end_post, by=other, consortium=group, person=dee).status == 403
    assert not User.objects.filter(email="eve@example.org").exists(), "a refusal invites nobody"


def test_access_ends_with_the_post_on_the_same_day(lead, group):
    dee = name_deputy(by=lead, consortium=group, email="dee@example.org")
    assert signed_in(dee).get("/lead/consortia/GC0001/").status_code == 200
    end_post(by=lead, consortium=group, person=dee)
    assert own_consortia(again(dee)) == set() and posts() == {("lead", lead.ref)} and broken() == []
    assert signed_in(again(dee)).get("/lead/consortia/GC0001/").status_code == 403
    assert "no longer a deputy" in Mail.objects.filter(recipient=dee.ref).last().body
    assert refusal(end_post, by=lead, consortium=group, person=dee).status == 409


def test_a_deputy_may_give_up_the_post_and_end_nobody_elses(lead, group):
    dee, eve = (name_deputy(by=lead, consortium=group, email=f"{n}@example.org") for n in ("dee", "eve"))
    assert refusal(end_post, by=again(dee), consortium=group, person=eve).status == 403
    end_post(by=again(dee), consortium=group, person=again(dee))
    assert posts() == {("lead", lead.ref), ("deputy", eve.ref)}


def test_the_lead_passes_to_a_deputy_at_once_and_both_are_told(lead, group):
    dee = name_deputy(by=lead, consortium=group, email="dee@example.org", name="Dee")
    hand_over(by=lead, consortium=group, email="dee@example.org")
    assert posts() == {("lead", dee.ref)} and broken() == [] and list(broken_links()) == []
    assert own_consortia(again(lead)) == set() and holders("consortium_lead", "GC0001") == [dee]
    assert "the lead of Southwark Health" in Mail.objects.filter(recipient=dee.ref).last().body
    assert "You handed it over to Dee." in Mail.objects.filter(recipient=lead.ref).last().body
    assert refusal(hand_over, by=again(lead), consortium=group, email="x@example.org").status == 403
    assert Post.objects.current().filter(post="lead", person=lead.ref).exists(), "that they led stays on record"


def test_the_last_lead_does_not_leave_without_a_successor(lead, group, admin):
    assert "Hand over" in refusal(end_post, by=lead, consortium=group, person=lead, post="lead").message
    assert refusal(hand_over, by=lead, consortium=group, email=lead.email).status == 409
    eve = told.person(name="Eve")
    grant_role(by=admin, user=eve, role="consortium_lead", ref=group.ref)
    end_post(by=lead, consortium=group, person=lead, post="lead")
    assert posts() == {("lead", eve.ref)} and broken() == []


def test_a_role_that_an_administrator_gives_or_ends_takes_the_post_with_it(lead, group, admin):
    eve = told.person(name="Eve")
    grant = grant_role(by=admin, user=eve, role="consortium_deputy", ref=group.ref)
    assert ("deputy", eve.ref) in posts()
    end_role(by=admin, grant=grant)
    assert posts() == {("lead", lead.ref)} and broken() == []
    erase_person(by=admin, user=lead, reason="They asked for it")
    assert posts() == set() and broken() == [] and list(broken_links()) == []


def test_a_role_for_a_bid_or_for_none_yet_has_no_post(admin):
    entries = Entry.objects.count()
    grant_role(by=admin, user=told.person(), role="consortium_lead")
    assert Entry.objects.count() == entries


def test_the_rule_finds_a_post_without_its_role_and_a_role_without_its_post(lead, group):
    RoleGrant.objects.filter(user=lead).update(period=(clock.today() - timedelta(days=90), clock.today()))
    assert [row[1:] for f in broken() for row in f.rows] == [("lead", lead.ref, "a post without its role")]
    RoleGrant.objects.filter(user=lead).update(period=(clock.today(), None))
    with make.writing() as entry:
        entry.clear(Post, (group.pk, "lead", lead.ref), clock.today(), None)
    assert [row[1:] for f in broken() for row in f.rows] == [("lead", lead.ref, "a role without its post")]
