"""Tokens are for a part of what their person may do, and never for more."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.test import Client
from knox.models import AuthToken

from registry import clock
from registry.actions import end_role, make_token, revoke_token
from registry.errors import Refused
from registry.models import ApiToken, User
from registry.scopes import Scope
from tests import programme as told
from tests.desk import errors_of, signed_in, text_of
from tests.integration.consortia.conftest import Land, land

__all__ = ["land"]
NORTH = "/api/v1/consortia/GC0001/membership/"
PAGE = "/accounts/tokens/"


def held(user: User, *scopes: str) -> Client:
    token = make_token(by=user, days=5, scopes=scopes, name="Ours")
    return Client(headers={"Authorization": f"Token {token}"})


def claims(client: Client) -> Any:
    body = {"practices": ["Z00003"], "on": "2011-05-01", "why": "They wrote."}
    return client.post(
        f"{NORTH}claim/", json.dumps(body), content_type="application/json", headers={"If-Match": '"0"'}
    )


def test_a_scope_is_looked_at_before_the_action_and_named(land: Land) -> None:
    reads, keeps = held(land.lead, "read"), held(land.lead, "membership")
    seen = reads.get(NORTH)
    assert seen.status_code == 200
    refused = claims(reads)
    assert refused.status_code == 403 and "“membership”" in refused.json()["detail"]
    assert refused.json()["errors"][0]["code"] == "no_scope"
    assert claims(keeps).status_code == 412  # it may; it has not read
    blind = keeps.get(NORTH)
    assert blind.status_code == 403 and "“read”" in blind.json()["detail"]
    assert keeps.get("/api/v1/practices/").status_code == 403
    drafts = keeps.post("/api/v1/bids/", json.dumps({"name": "X"}), content_type="application/json")
    assert drafts.status_code == 403 and "“bids”" in drafts.json()["detail"]


def test_casework_on_bids_needs_its_own_scope(land: Land) -> None:
    told.criteria()
    drafts = held(land.lead, "bids")
    made = drafts.post("/api/v1/bids/", json.dumps({"name": "X"}), content_type="application/json")
    path = f"/api/v1/bids/{made.json()['result']['ref']}/"
    for step, scope in (("decide", "decisions"), ("record_finding", "decisions"), ("give_opinion", "decisions")):
        refused = drafts.post(f"{path}{step}/", "{}", content_type="application/json")
        assert refused.status_code == 403 and f"“{scope}”" in refused.json()["detail"]
    version = {"If-Match": made["ETag"]}
    assert drafts.post(f"{path}withdraw/", "{}", content_type="application/json", headers=version).status_code == 200


def test_rights_are_those_of_the_moment_of_use(land: Land) -> None:
    keeps = held(land.lead, "membership", "read")
    end_role(by=User.objects.system(), grant=land.lead.grants.get())
    assert keeps.get(NORTH).status_code == 403 and claims(keeps).status_code == 403


def test_a_token_without_a_word_of_its_scopes_reads(land: Land) -> None:
    _, token = AuthToken.objects.create(land.lead)
    client = Client(headers={"Authorization": f"Token {token}"})
    assert client.get(NORTH).status_code == 200 and claims(client).status_code == 403


def test_the_departments_people_set_their_second_step_up_first(land: Land) -> None:
    client = held(land.admin, "read")
    refused = client.get(NORTH)
    assert refused.status_code == 403 and refused.json()["errors"][0]["code"] == "second_step"
    Authenticator.objects.create(user=land.admin, type=Authenticator.Type.TOTP, data={})
    assert client.get(NORTH).status_code == 200


def test_the_last_use_is_kept_to_the_hour(land: Land) -> None:
    client = held(land.lead, "read")
    client.get(NORTH)
    about = ApiToken.objects.get()
    assert about.used_at is not None
    client.get(NORTH)
    assert ApiToken.objects.get().used_at == about.used_at
    ApiToken.objects.update(used_at=clock.real_now() - timedelta(hours=2))
    client.get(NORTH)
    assert ApiToken.objects.get().used_at > about.used_at  # type: ignore[operator]


@pytest.mark.parametrize(
    "say, field",
    [({"name": " "}, "name"), ({"scopes": ["king"]}, "scopes"), ({"scopes": []}, "scopes"), ({"days": 366}, "days")],
)
def test_a_token_that_cannot_be_is_refused(land: Land, say: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as caught:
        make_token(by=land.lead, **({"name": "Ours", "scopes": ["read"], "days": 5} | say))
    assert caught.value.field == field and not AuthToken.objects.exists()


def test_the_shell_makes_one_of_a_scope(land: Land) -> None:
    out = StringIO()
    call_command("create_token", land.lead.email, "--scope", "bids", "--scope", "read", stdout=out, stderr=StringIO())
    assert ApiToken.objects.get().scopes == ["read", "bids"]
    call_command("create_token", land.lead.email, stdout=out, stderr=StringIO())
    assert ApiToken.objects.first().scopes == list(Scope)  # type: ignore[union-attr]


def test_a_person_makes_sees_and_revokes_their_own(land: Land) -> None:
    client = signed_in(land.lead)
    sent = {"name": "Our system", "scopes": ["read", "membership"], "days": "30"}
    assert "You have no tokens" in text_of(client.get(PAGE))
    assert errors_of(client.post(PAGE, {"name": "", "days": "400"}))
    made = client.post(PAGE, sent)
    token = re.search(r'id="token">([0-9a-f]{64})<', text_of(made))
    assert token is not None and made["Cache-Control"] == "private, no-store"
    listed = text_of(client.get(PAGE))
    assert "Our system" in listed and "Never" in listed and token[1] not in listed
    api = Client(headers={"Authorization": f"Token {token[1]}"})
    assert api.get(NORTH).status_code == 200 and "Never" not in text_of(client.get(PAGE))
    about = ApiToken.objects.get()
    revoke = f"{PAGE}{about.pk}/revoke/"
    assert signed_in(land.other).post(revoke).status_code == 404
    with pytest.raises(Refused) as caught:
        revoke_token(by=land.other, token=about)
    assert caught.value.status == 404 and api.get(NORTH).status_code == 200
    assert client.get(revoke).status_code == 200
    assert client.post(revoke).status_code == 302
    assert api.get(NORTH).status_code == 401 and not AuthToken.objects.exists()
    log = ApiToken.pgh_event_model.objects.order_by("pgh_id")  # type: ignore[attr-defined]
    assert [(e.pgh_label, e.pgh_context.metadata["actor"]) for e in log] == [
        ("insert", land.lead.ref),
        ("delete", land.lead.ref),
    ]


def test_who_signed_in_long_ago_proves_who_they_are_first(land: Land) -> None:
    land.lead.set_password("a long password here")
    land.lead.save()
    client = signed_in(land.lead)
    asked = client.post(PAGE, {"name": "Ours", "scopes": ["read"], "days": "30"})
    assert asked.status_code == 302 and "reauthenticate" in asked["Location"] and not AuthToken.objects.exists()
    done = client.post(asked["Location"], {"password": "a long password here"})
    assert 'id="token"' in text_of(done) and AuthToken.objects.count() == 1


def test_a_token_after_the_wrong_word_is_refused_with_the_right_one(land: Land) -> None:
    """Passed over, a practice system would read the public's answers and not know it."""
    token = make_token(by=land.lead, days=5, scopes=["read"], name="Ours")
    for path in ("/api/v1/waves/", NORTH):
        for word in ("Bearer", "bearer"):
            answer = Client(headers={"Authorization": f"{word} {token}"}).get(path)
            assert answer.status_code == 401 and answer["WWW-Authenticate"] == "Token"
            assert "Authorization: Token" in answer.json()["detail"]
    assert Client(headers={"Authorization": "Basic abc"}).get("/api/v1/waves/").status_code == 200  # a proxy's own
