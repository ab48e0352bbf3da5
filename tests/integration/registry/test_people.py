"""Inviting, roles, erasing; and the commands that staff a fresh register."""

from __future__ import annotations

from datetime import date, timedelta
from io import StringIO
from typing import Any

import pghistory.models
import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client
from knox.auth import TokenAuthentication
from knox.models import AuthToken

from consortia.models import Post
from registry import clock, outbox
from registry.actions import create_token, end_role, erase_person, grant_role, invite_user
from registry.authorization import Permission, may
from registry.errors import Refused
from registry.feed import broken_links
from registry.models import ApiToken, KeptAnswer, Mail, RoleGrant, User
from tests.factories import make_consortium, make_pct, make_practice, writing

TODAY = clock.london_date(clock.real_now())


@pytest.fixture
def by(db) -> User:
    return User.objects.system()


@pytest.fixture
def ann(by) -> User:
    return invite_user(by=by, email="Ann@Example.org", name="Ann Lee")


def again(user: User) -> User:
    """As the next request sees the person."""
    return User.objects.get(pk=user.pk)


def refusal(act: Any, **say: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        act(**say)
    return caught.value


def test_an_invited_person_signs_in_with_a_mailed_code(ann, mailoutbox):
    assert not ann.has_usable_password() and ann.email == "ann@example.org"
    assert EmailAddress.objects.get(user=ann).verified
    assert outbox.send_due() == (1, 0)
    (letter,) = mailoutbox
    assert letter.to == ["ann@example.org"] and "/accounts/login/code/" in letter.body and "Ann Lee" in letter.body
    client = Client()
    client.post("/accounts/login/code/", {"email": "ann@example.org"})
    assert len(mailoutbox) == 2 and mailoutbox[1].to == ["ann@example.org"]


def test_an_address_is_invited_once(ann, by):
    assert refusal(invite_user, by=by, email="ANN@example.org").status == 409
    assert refusal(invite_user, by=by, email="no address").field == "email"


@pytest.mark.parametrize("action", [invite_user, grant_role, end_role, erase_person, create_token])
def test_only_who_manages_users_may(ann, by, action):
    grant = grant_role(by=by, user=ann, role="approver")
    say = {
        invite_user: {"email": "b@example.org"},
        grant_role: {"user": ann, "role": "assessor"},
        end_role: {"grant": grant},
        erase_person: {"user": ann, "reason": "asked"},
        create_token: {"user": ann, "days": 1},
    }[action]
    assert refusal(action, by=again(ann), **say).status == 403


def test_a_role_is_held_for_its_time_and_its_object(ann, by):
    make_pct("5QV")
    grant_role(by=by, user=ann, role="pct_lead", ref="5qv")
    grant_role(by=by, user=ann, role="approver", start=TODAY + timedelta(days=1))
    assert again(ann).roles() == {"pct_lead"}
    assert not may(again(ann), Permission.DECIDE_BID)
    log = RoleGrant.pgh_event_model.objects.filter(role="pct_lead").get()
    assert log.pgh_context.metadata["actor"] == "system" and log.pgh_context.metadata["person"] == ann.ref


@pytest.mark.parametrize(
    "say, field",
    [
        ({"role": "king"}, "role"),
        ({"role": "pct_lead"}, "ref"),
        ({"role": "pct_lead", "ref": "5XX"}, "ref"),
        ({"role": "approver", "ref": "5QV"}, "ref"),
        ({"role": "approver", "start": date(2026, 1, 2), "end": date(2026, 1, 2)}, "end"),
    ],
)
def test_a_role_that_cannot_be_is_refused(ann, by, say, field):
    make_pct("5QV")
    assert refusal(grant_role, by=by, user=ann, **say).field == field
    assert not RoleGrant.objects.exists()


def test_a_role_is_not_held_twice(ann, by):
    grant_role(by=by, user=ann, role="approver")
    assert refusal(grant_role, by=by, user=ann, role="approver").status == 409


def test_a_role_ends_at_once_also_on_the_day_it_was_given(ann, by):
    grant = grant_role(by=by, user=ann, role="approver")
    assert may(again(ann), Permission.DECIDE_BID)
    end_role(by=by, grant=grant)
    assert not may(again(ann), Permission.DECIDE_BID)
    assert refusal(end_role, by=by, grant=grant).status == 409
    events = RoleGrant.pgh_event_model.objects.filter(pgh_obj_id=grant.pk).order_by("pgh_id")
    assert [e.period.isempty for e in events] == [False, True]  # the case log keeps what it was


def test_a_role_ends_on_a_day_to_come(ann, by):
    grant = grant_role(by=by, user=ann, role="approver", start=TODAY - timedelta(days=30))
    ended = end_role(by=by, grant=grant, on=TODAY + timedelta(days=1))
    assert ended.period.upper == TODAY + timedelta(days=1) and may(again(ann), Permission.DECIDE_BID)


def test_an_erased_person_is_gone_and_what_they_did_stays(ann, by):
    admin = User.objects.create_superuser("admin@example.org", "a long password here")
    consortium = make_consortium()
    with writing() as entry:
        entry.set(Post, (consortium.pk, "lead", ann.ref), date(2011, 1, 1), None, ())
    grant_role(by=by, user=ann, role="approver")
    token = create_token(by=by, user=ann, days=5)
    KeptAnswer.objects.create(user=ann, key="k", route="", sha256="", status=200, content=b"Ann Lee")
    Authenticator.objects.create(user=ann, type="totp", data={"secret": "x"})
    outbox.post(to=ann, subject="Dear Ann Lee", body="Private", held_for="wave-1")
    client = Client()
    client.force_login(again(ann))
    assert Session.objects.count() == 1

    erase_person(by=admin, user=ann, reason="she asked for it")

    erased = again(ann)
    assert (erased.email, erased.name, erased.is_active, erased.ref) == (None, "", False, ann.ref)
    assert erased.erased_at is not None and not erased.has_usable_password() and erased.roles() == set()
    for model in (EmailAddress, AuthToken, ApiToken, KeptAnswer, Authenticator):
        assert not model.objects.filter(user=ann).exists()
    assert Session.objects.count() == 0
    with pytest.raises(Exception, match="[Ii]nvalid token"):
        TokenAuthentication().authenticate_credentials(token.encode())
    letters = list(Mail.objects.filter(recipient=ann.ref).values_list("to", "body", "subject", "state"))
    assert letters and set(letters) == {("", "", "(erased)", "failed")}
    assert outbox.let_go("wave-1") == 0
    assert Post.objects.current().get().person == ann.ref and list(broken_links()) == []
    assert not anywhere("ann@example.org") and not anywhere("Ann Lee")


def anywhere(text: str) -> bool:
    """Whether any row of any table of the database holds the text."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT 1 FROM {table} t WHERE t::text ILIKE %s LIMIT 1", [f"%{text}%"])
            if cursor.fetchone():
                return True
    return False


def test_the_case_log_keeps_who_erased_and_why(ann, by):
    admin = User.objects.create_superuser("admin@example.org")
    erase_person(by=admin, user=ann, reason="she asked for it")
    event = User.pgh_event_model.objects.filter(pgh_obj_id=ann.pk).order_by("-pgh_id")[0]
    said = pghistory.models.Context.objects.get(pk=event.pgh_context_id).metadata
    assert (said["actor"], said["action"], said["reason"]) == (admin.ref, "erase_person", "she asked for it")


def test_who_cannot_be_erased(ann, by):
    admin = User.objects.create_superuser("admin@example.org")
    say = {"by": admin, "reason": "asked"}
    assert refusal(erase_person, **say, user=by).status == 409
    assert refusal(erase_person, **say, user=admin).status == 409
    assert refusal(erase_person, by=admin, user=ann, reason=" ").field == "reason"
    erase_person(**say, user=ann)
    assert refusal(erase_person, **say, user=ann).status == 409


def test_an_erased_address_can_be_invited_anew(ann, by):
    erase_person(by=by, user=ann, reason="asked")
    assert invite_user(by=by, email="ann@example.org").ref != ann.ref


# Commands


def run(command: str, *words: str, **options: Any) -> str:
    out = StringIO()
    call_command(command, *words, stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def test_a_fresh_register_is_staffed_from_the_shell(db, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "a long password here")
    run("createsuperuser", interactive=False, email="First@Example.org")
    first = User.objects.get(email="first@example.org")
    assert may(first, Permission.MANAGE_USERS) and first.check_password("a long password here")
    with pytest.raises(CommandError, match="--invite"):
        run("grant_role", "bob@example.org", "assessor")
    assert "Assessor (DH)" in run("grant_role", "bob@example.org", "assessor", "--invite", "--name", "Bob")
    practice = make_practice()
    assert practice.code in run("grant_role", "bob@example.org", "practice_manager", "--for", practice.code)
    assert User.objects.get(email="bob@example.org").roles() == {"assessor", "practice_manager"}
    with pytest.raises(CommandError, match="no role"):
        run("grant_role", "new@example.org", "king", "--invite")
    assert not User.objects.filter(email="new@example.org").exists()


def test_a_token_is_printed_once_and_opens_the_api(ann):
    token = run("create_token", "ann@example.org", "--days", "3").strip()
    user, held = TokenAuthentication().authenticate_credentials(token.encode())
    assert user == ann and timedelta(days=2) < held.expiry - clock.real_now() <= timedelta(days=3)
    assert not anywhere(token)
    with pytest.raises(CommandError, match="Nobody has"):
        run("create_token", "nobody@example.org")
    with pytest.raises(CommandError, match="1 to 365"):
        run("create_token", "ann@example.org", "--days", "0")


def test_run_due_sends_what_is_due_and_is_content_with_nothing(ann, mailoutbox):
    assert "Letters sent: 1" in run("run_due")
    assert "Nothing was due" in run("run_due")
    assert len(mailoutbox) == 1
