"""Every operation of the description, asked what it may and may not be asked, as the public, an analyst, a lead, staff.

Cases are made from the description by schemathesis; half of them are pointed at things that exist, with the version
that stands, so that a step is refused or taken for its body and not for its address. Each request is undone.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests
import schemathesis
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import GenerationConfig, SchemathesisConfig
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from registry.actions import create_token
from registry.models import User
from tests import factories as make
from tests import programme as told

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
SITE = "http://localhost"
SHORT, LONG = 2, 100  # cases of an operation, each asked by everybody
SECRET = "Unsaidshire"
"""The name of what is not released: in no byte for the public or for an analyst."""


@dataclass
class World:
    schema: Any
    tokens: dict[str, str]
    known: dict[str, list[str]]
    versions: dict[str, int]


@pytest.fixture
def world(db: None) -> World:
    """A released pathfinder with a claim, a bid under assessment and a draft."""
    pct = make.make_pct("5LE", sha=make.make_sha("Q36"))
    practices = [make.make_practice(f"Z0000{n}", pct=pct, patients=1000) for n in range(1, 8)]
    who = told.people()
    wave = told.wave(who, number=1)
    told.decided(who, wave, practices[:2], name="Released")
    told.release(who, wave)
    claim = told.actions.Claim(metric="practices", value=2, words="two", publisher="Gazette", published="2011-03-02")
    told.actions.record_claims(by=who.admin, claims=[claim], reason="As printed.")
    told.wave(who, number=2)
    assessing = told.assessing(who, practices[2:4], name=SECRET)
    draft = told.draft(who, practices[4:6], name=f"North {SECRET}")
    asks = {"analyst": told.person("analyst"), "lead": who.lead, "assessor": who.assessor, "approver": who.approver}
    for staff in ("assessor", "approver"):  # whose tokens would be refused everything before their second step
        Authenticator.objects.create(user=asks[staff], type=Authenticator.Type.TOTP, data={})
    system = User.objects.system()
    known = {
        "code": ["Z00001", "5LE", "Q36"],
        "ref": ["PF0001", "GC0001", "AC0001"],
        "number": ["1"],
        "bid": [assessing.ref, draft.ref],
    }
    tokens = {name: create_token(by=system, user=user, days=1) for name, user in asks.items()}
    return World(described(), tokens, known, {assessing.ref: assessing.version, draft.ref: draft.lead_version})


def described() -> Any:
    """The description as the site gives it."""
    config = SchemathesisConfig()
    config.projects.default.generation = GenerationConfig(with_security_parameters=False)
    schema = schemathesis.openapi.from_dict(Client().get("/api/v1/schema/").json(), config=config)
    schema.location = f"{SITE}/api/v1/schema/"
    return schema


class _Undo(Exception):
    pass


def ask(case: Any, token: str) -> Any:
    """The answer, checked against the description; what it wrote is undone."""
    headers = {"Authorization": f"Token {token}"} if token else {}
    asked = requests.Request(**case.as_transport_kwargs(base_url=SITE, headers=headers)).prepare()
    try:
        with transaction.atomic():
            answer = _answered(asked)
            raise _Undo
    except _Undo:
        pass
    case.validate_response(answer, checks=CHECKS, headers=headers)
    return answer


def _answered(asked: requests.PreparedRequest) -> Response:
    """By the application in this process, without a socket."""
    sent = {
        name: value if isinstance(value, str) else value.decode("latin-1") for name, value in asked.headers.items()
    }
    kind = sent.pop("Content-Type", "application/octet-stream")
    body = asked.body.encode() if isinstance(asked.body, str) else asked.body or b""
    response = Client(raise_request_exception=False, SERVER_NAME="localhost").generic(
        asked.method, asked.path_url, body, content_type=kind, headers=sent
    )
    told = b"".join(response) if response.streaming else response.content
    if response.headers.get("Content-Encoding") == "gzip":
        told = gzip.decompress(told)
    given = {name: [value] for name, value in response.headers.items()}
    return Response(response.status_code, given, told, asked, elapsed=0.0, verify=False)


def point(case: Any, world: World, pick: int) -> None:
    """At something that exists."""
    for name in case.path_parameters or {}:
        kind = "bid" if "/bids/" in case.path else name
        found = world.known.get(kind)
        if not found:
            continue
        case.path_parameters[name] = found[pick % len(found)]
        if kind == "bid" and case.method == "POST":
            case.headers["If-Match"] = f'"{world.versions[case.path_parameters[name]]}"'


def public(operation: Any) -> bool:
    return {} in operation.definition.raw["security"]


def operations(world: World) -> Iterator[Any]:
    for found in world.schema.get_all_operations():
        yield found.ok()


def try_operation(world: World, operation: Any, examples: int) -> None:
    modes = [
        operation.as_strategy(generation_mode=mode) for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    ]

    @settings(
        max_examples=examples,
        phases=[Phase.generate],
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=st.one_of(modes), pick=st.integers(0, 5))
    def one(case: Any, pick: int) -> None:
        if pick < 4:
            point(case, world, pick)
        for name, token in {"public": "", **world.tokens}.items():
            response = ask(case, token)
            if name == "public" and not public(operation):
                assert response.status_code in (401, 405), (operation.label, response.status_code)
            if name in ("public", "analyst"):
                assert SECRET.encode() not in response.content, (operation.label, name)

    one()


@pytest.mark.parametrize("examples", [SHORT, pytest.param(LONG, marks=pytest.mark.long)])
def test_every_operation_answers_as_described_and_nobody_reads_what_is_not_theirs(world: World, examples: int) -> None:
    found = list(operations(world))
    assert len(found) > 50
    assert {"/api/v1/practices/", "/api/v1/bids/{ref}/decide/"} <= {operation.path for operation in found}
    faults = {}
    for operation in found:
        try:
            try_operation(world, operation, examples)
        except (Exception, BaseExceptionGroup) as fault:  # all operations are tried, then all faults told
            faults[operation.label] = f"{fault}"[:1_500]
    assert not faults, "\n\n".join(f"{label}\n{fault}" for label, fault in faults.items())
