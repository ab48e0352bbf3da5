"""A row of each kind of casework of membership, as the actions would leave it, between one practice and a consortium."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models

from consortia.models import (
    AttestedList,
    ComplianceStep,
    ConfirmationRequest,
    Consortium,
    ErrorReport,
    MembershipAnswer,
    MembershipUpload,
    MembershipWord,
    Notice,
    PracticeContact,
    Settlement,
    TransferRequest,
    WorkItem,
)
from practices.models import Practice
from registry.models import Entry, User
from tests import factories as make

ASKED, EXPIRES, ENDED = date(2011, 5, 2), date(2011, 6, 2), date(2011, 5, 9)
HASH = "a" * 64


@dataclass
class Casework:
    """Two of each party, and rows by the name of their model."""

    user: User
    practice: Practice
    other_practice: Practice
    consortium: Consortium
    other: Consortium
    entry: Entry
    rows: dict[type[models.Model], Any] = field(default_factory=dict)

    def new(self, model: type[models.Model], **changed: Any) -> Any:
        """Another row of the model, right but for what is changed. A function is called with the casework."""
        told = {k: v(self) if callable(v) else v for k, v in {**VALUES[model](self), **changed}.items()}
        return model._default_manager.create(**told)


VALUES: dict[type[models.Model], Callable[[Casework], dict[str, Any]]] = {
    AttestedList: lambda c: {"sha256": HASH, "content": "code\r\nZ00001\r\n"},
    ComplianceStep: lambda c: {"practice": c.practice, "kind": "asked", "on": ASKED, "by": c.user},
    PracticeContact: lambda c: {
        "practice": c.practice,
        "address": "desk@example.org",
        "name": "Ann",
        "origin": "pct",
        "given_by": c.user,
        "given_on": ASKED,
    },
    TransferRequest: lambda c: {
        "practice": c.practice,
        "from_consortium": c.consortium,
        "to_consortium": c.other,
        "on": EXPIRES,
        "state": "at_practice",
        "text": "Nearer",
        "asked_by": c.user,
        "asked_on": ASKED,
    },
    ConfirmationRequest: lambda c: {
        "practice": c.practice,
        "consortium": c.consortium,
        "starts_on": ASKED,
        "channel": "mail",
        "address": "desk@example.org",
        "origin": "pct",
        "asked_by": c.user,
        "asked_on": ASKED,
        "expires_on": EXPIRES,
    },
    MembershipAnswer: lambda c: {
        "practice": c.practice,
        "consortium": c.consortium,
        "answer": "disputed",
        "reason": "not_agreed",
        "text": "We never met",
        "who": "Ann, manager",
        "how": "link",
        "origin": "pct",
        "answered_on": ENDED,
        "request": c.rows[ConfirmationRequest],
    },
    Settlement: lambda c: {
        "practice": c.practice,
        "consortium": c.consortium,
        "outcome": "never",
        "reason": "Nobody signed",
        "settled_by": c.user,
        "settled_on": ENDED,
        "entry": c.entry,
    },
    WorkItem: lambda c: {
        "kind": "closed",
        "practice": c.practice,
        "consortium": c.consortium,
        "entry": c.entry,
        "day": ASKED,
    },
    MembershipUpload: lambda c: {
        "consortium": c.consortium,
        "name": "list.csv",
        "sha256": HASH,
        "size": 9,
        "sent_by": c.user,
    },
    ErrorReport: lambda c: {
        "ref": "ER-2011-0001",
        "practice": c.practice,
        "about": "name",
        "text": "Wrong",
        "owner": "staff",
        "reported_by": c.user,
        "reported_on": ASKED,
    },
    Notice: lambda c: {"key": "monday:GC0001:2011-05-02:P-ABCDEFGH"},
    MembershipWord: lambda c: {"key": "moved_away", "position": 90, "label": "Moved away", "kinds": ["leave"]},
}


def casework() -> Casework:
    """Every kind of row once."""
    found = Casework(
        User.objects.create_user("keeper@example.org"),
        make.make_practice(),
        make.make_practice(),
        make.make_consortium(),
        make.make_consortium(),
        Entry.objects.order_by("-number")[0],
    )
    for model in VALUES:
        found.rows[model] = found.new(model)
    return found
