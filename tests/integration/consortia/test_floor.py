"""What Postgres itself refuses of the casework of membership, each shown by a change that goes past the actions.

The facts' own constraints are tried by tests/integration/registry/test_constraints.py.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models, transaction

from consortia.models import (
    AttestedList,
    Belonging,
    ComplianceStep,
    ConfirmationRequest,
    ErrorReport,
    LeftOut,
    Membership,
    MembershipAnswer,
    MembershipUpload,
    MembershipWord,
    Notice,
    PracticeContact,
    Settlement,
    TransferRequest,
    WorkItem,
)
from consortia.states import FIRST, TABLES, ReportState, RequestState, TransferState, UploadState
from registry import clock
from registry.models import Fact, Identity
from tests import factories as make
from tests.support.floor import broken
from tests.support.membership_casework import ASKED, ENDED, EXPIRES, HASH, VALUES, Casework, casework

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
Change = Callable[[Casework], Any]


def ours(model: type[models.Model]) -> bool:
    return not issubclass(model, Fact | Identity) and not model.__name__.endswith("Event")


CASEWORK = [model for model in apps.get_app_config("consortia").get_models() if ours(model)]
LOGGED = [model for model in CASEWORK if hasattr(model, "pgh_event_model")]
APPENDED = [AttestedList, ComplianceStep, Notice, Settlement]
STATES = {
    ConfirmationRequest: RequestState,
    TransferRequest: TransferState,
    MembershipUpload: UploadState,
    ErrorReport: ReportState,
}


@pytest.fixture
def scene() -> Casework:
    found = casework()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # as after a commit
    return found


def new(model: type[models.Model], **changed: Any) -> Change:
    return lambda c: c.new(model, **changed)


def entry(c: Casework) -> Any:
    return c.entry


def user(c: Casework) -> Any:
    return c.user


ANOTHER: dict[type[models.Model], dict[str, Any]] = {
    AttestedList: {"sha256": "b" * 64},
    PracticeContact: {"origin": "staff"},
    TransferRequest: {"to_consortium": lambda c: make.make_consortium()},
    ConfirmationRequest: {"practice": lambda c: c.other_practice},
    WorkItem: {"day": ENDED},
    ErrorReport: {"ref": "ER-2011-0002"},
    Notice: {"key": "another"},
    MembershipWord: {"key": "another"},
}
"""What a second row needs, beside the first, to be right."""
PAPER = {"how": "paper", "request": None, "document": HASH, "recorded_by": user}
ELSEWHERE = {"to_consortium": lambda c: make.make_consortium()}
OTHER_ASKED = {"practice": lambda c: c.other_practice}

# Each breaks by one change of a row that would else be right; several changes of one constraint are all tried
CONSTRAINTS: dict[str, list[Change]] = {
    # contacts
    "one_contact_an_origin": [new(PracticeContact)],
    "practicecontact_origin_known": [new(PracticeContact, origin="friend")],
    "practicecontact_of_the_lead": [
        new(PracticeContact, origin="lead"),
        new(PracticeContact, origin="staff", consortium=lambda c: c.consortium),
    ],
    "practicecontact_ends_later": [new(PracticeContact, ended_on=ASKED - DAY)],
    # questions
    "consortia_confirmationrequest_nonce_": [
        new(ConfirmationRequest, **OTHER_ASKED, nonce=lambda c: c.rows[ConfirmationRequest].nonce)
    ],
    "one_open_request": [new(ConfirmationRequest)],
    "request_channel_known": [new(ConfirmationRequest, **OTHER_ASKED, channel="fax")],
    "request_address_known": [
        new(ConfirmationRequest, **OTHER_ASKED, origin="friend"),
        new(ConfirmationRequest, **OTHER_ASKED, flag="odd"),
    ],
    "request_expires_later": [new(ConfirmationRequest, **OTHER_ASKED, expires_on=ASKED)],
    "request_state_is_whole": [
        new(ConfirmationRequest, **OTHER_ASKED, ended_on=ENDED),
        new(ConfirmationRequest, **OTHER_ASKED, state="lost", ended_on=ENDED),
        *(new(ConfirmationRequest, **OTHER_ASKED, state=s) for s in ("answered", "withdrawn", "expired")),
        new(ConfirmationRequest, **OTHER_ASKED, state="answered", ended_on=ASKED - DAY),
    ],
    "request_reminded_is_whole": [
        new(ConfirmationRequest, **OTHER_ASKED, reminded=1),
        new(ConfirmationRequest, **OTHER_ASKED, reminded_on=ENDED),
        new(ConfirmationRequest, **OTHER_ASKED, reminded=1, reminded_on=ASKED - DAY),
    ],
    "request_letter_has_a_code": [
        new(ConfirmationRequest, **OTHER_ASKED, channel="letter", address=""),
        new(ConfirmationRequest, **OTHER_ASKED, channel="letter", code="ABC"),
        new(ConfirmationRequest, **OTHER_ASKED, code="ABC"),
    ],
    # answers
    "answer_known": [new(MembershipAnswer, answer="maybe", reason="")],
    "answer_dispute_says_why": [
        new(MembershipAnswer, reason=""),
        new(MembershipAnswer, answer="confirmed"),
    ],
    "answer_on_paper_has_a_scan": [
        new(MembershipAnswer, **PAPER | {"document": ""}),
        new(MembershipAnswer, **PAPER | {"document": "scan.pdf"}),
        new(MembershipAnswer, document=HASH),
    ],
    "answer_came_from_somebody": [
        new(MembershipAnswer, **PAPER | {"recorded_by": None}),
        new(MembershipAnswer, how="phone"),
        new(MembershipAnswer, how="signed_in"),
        new(MembershipAnswer, request=None),
        new(MembershipAnswer, how="letter", request=None),
    ],
    "answer_address_known": [new(MembershipAnswer, origin="friend"), new(MembershipAnswer, flag="odd")],
    "answer_taken_back_later": [
        new(MembershipAnswer, taken_back_on=ENDED - DAY),
        new(MembershipAnswer, taken_back_entry=entry),
    ],
    # settlements
    "settlement_outcome_known": [new(Settlement, outcome="draw")],
    "settlement_says_why": [new(Settlement, reason="")],
    # transfers
    "transfer_goes_elsewhere": [new(TransferRequest, to_consortium=lambda c: c.consortium)],
    "one_waiting_transfer": [new(TransferRequest), new(TransferRequest, state="at_consortium")],
    "transfer_state_is_whole": [
        new(TransferRequest, **ELSEWHERE, state="lost"),
        new(TransferRequest, **ELSEWHERE, ended_on=ENDED),
        new(TransferRequest, **ELSEWHERE, entry=entry),
        new(TransferRequest, **ELSEWHERE, state="agreed", ended_on=ENDED),
        new(TransferRequest, **ELSEWHERE, state="agreed", entry=entry),
        new(TransferRequest, **ELSEWHERE, state="agreed", entry=entry, ended_on=ASKED - DAY),
        new(TransferRequest, **ELSEWHERE, state="declined"),
        new(TransferRequest, **ELSEWHERE, state="withdrawn", ended_on=ASKED - DAY),
        new(TransferRequest, **ELSEWHERE, state="withdrawn", ended_on=ENDED, entry=entry),
    ],
    # work
    "one_work_item_a_change": [new(WorkItem)],
    "workitem_kind_known": [new(WorkItem, kind="odd")],
    "workitem_done_is_whole": [
        new(WorkItem, day=ENDED, done_on=ENDED),
        new(WorkItem, day=ENDED, done_by=user),
    ],
    # lists that were sent
    "upload_state_known": [new(MembershipUpload, state="lost")],
    "upload_hash_shape": [new(MembershipUpload, sha256="A" * 64)],
    "upload_entry_is_whole": [new(MembershipUpload, entry=entry), new(MembershipUpload, state="checked", entry=entry)],
    "upload_undone_is_whole": [
        new(MembershipUpload, undone_by=entry),
        new(MembershipUpload, state="committed", entry=entry, undone_by=entry),
        new(MembershipUpload, state="undone", entry=entry),
        new(MembershipUpload, state="undone", undone_by=entry),
    ],
    # steps towards a practice in none
    "compliance_kind_known": [new(ComplianceStep, kind="fine")],
    "compliance_allocation_has_an_entry": [
        new(ComplianceStep, kind="allocated"),
        new(ComplianceStep, entry=entry),
    ],
    # reports of errors
    "consortia_errorreport_ref_": [new(ErrorReport)],
    "report_ref_shape": [new(ErrorReport, ref="ER-1")],
    "report_owner_known": [new(ErrorReport, ref="ER-2011-0002", owner="anybody")],
    "report_state_is_whole": [
        new(ErrorReport, ref="ER-2011-0002", state="lost"),
        new(ErrorReport, ref="ER-2011-0002", settled_on=ENDED),
        new(ErrorReport, ref="ER-2011-0002", settled_by=user),
        new(ErrorReport, ref="ER-2011-0002", state="corrected", settled_on=ENDED, outcome="Done"),
        new(ErrorReport, ref="ER-2011-0002", state="corrected", settled_by=user, outcome="Done"),
        new(ErrorReport, ref="ER-2011-0002", state="unchanged", settled_on=ENDED, settled_by=user),
        new(
            ErrorReport,
            ref="ER-2011-0002",
            state="unchanged",
            settled_on=ASKED - DAY,
            settled_by=user,
            outcome="Right",
        ),
    ],
    # the rest
    "attestedlist_hash_shape": [new(AttestedList, sha256="short")],
    "consortia_notice_key_": [new(Notice)],
    "consortia_membershipword_key_": [new(MembershipWord)],
    "membershipword_kinds_known": [
        new(MembershipWord, key="odd", kinds=["praise"]),
        new(MembershipWord, key="odd", kinds=[]),
    ],
    "membershipword_said": [new(MembershipWord, key="odd", label="")],
    "membershipword_period_is_real": [new(MembershipWord, key="odd", period=(ASKED, ASKED))],
}


def declared() -> set[str]:
    """Constraints and unique fields of every model of casework that this app has."""
    unique = {
        f"{model._meta.db_table}_{f.column}_"
        for model in CASEWORK
        for f in model._meta.concrete_fields
        if f.unique and not f.primary_key
    }
    return {c.name for model in CASEWORK for c in model._meta.constraints} | unique


def test_every_model_has_a_row_and_every_constraint_is_tried():
    assert set(VALUES) == set(CASEWORK)
    assert set(CONSTRAINTS) == declared()


def test_each_constraint_refuses_what_breaks_it(scene):
    for model in CASEWORK:
        scene.new(model, **ANOTHER.get(model, {}))  # right: so what follows fails for its one change
    wrong = [
        (name, place, refused)
        for name, changes in CONSTRAINTS.items()
        for place, change in enumerate(changes)
        if not (refused := broken(lambda change=change: change(scene))).startswith(name)
    ]
    assert wrong == []


def test_what_is_right_is_let_through(scene):
    """Ends of a casework that the constraints above must not hold back."""
    for kind in ("link", "letter"):
        scene.new(MembershipAnswer, how=kind, answer="undecided", reason="")
    scene.new(MembershipAnswer, **PAPER, taken_back_on=ENDED, taken_back_entry=entry)
    scene.new(MembershipAnswer, how="signed_in", request=None, recorded_by=user, taken_back_on=ENDED)
    asked = scene.new(ConfirmationRequest, **OTHER_ASKED, reminded=2, reminded_on=ENDED)
    ends(asked, state="expired", ended_on=EXPIRES)
    scene.new(ConfirmationRequest, channel="letter", address="", code="ABC", origin="")
    scene.new(ConfirmationRequest, transfer=lambda c: c.rows[TransferRequest])
    ends(scene.new(TransferRequest, **ELSEWHERE), state="agreed", ended_on=ASKED, entry=scene.entry)
    sent = scene.new(MembershipUpload)
    for state in ("checking", "checked", "committing"):
        ends(sent, state=state)
    ends(sent, state="committed", entry=scene.entry)
    ends(sent, state="undone", undone_by=scene.entry)
    scene.new(ComplianceStep, kind="allocated", entry=entry)
    scene.new(PracticeContact, ended_on=ASKED)
    scene.new(PracticeContact, origin="lead", consortium=lambda c: c.consortium)


def ends(row: models.Model, **fields: Any) -> None:
    type(row)._default_manager.filter(pk=row.pk).update(**fields)


# States

SETTLED = {"ended_on": ENDED}
WHOLE: dict[type[models.Model], dict[str, dict[str, Any]]] = {
    ConfirmationRequest: {s: SETTLED for s in RequestState.values if s != "open"},
    TransferRequest: {"agreed": SETTLED | {"entry": entry}, "declined": SETTLED, "withdrawn": SETTLED},
    MembershipUpload: {"undone": {"entry": entry, "undone_by": entry}},
    ErrorReport: {s: {"settled_on": ENDED, "settled_by": user, "outcome": "Seen"} for s in ("corrected", "unchanged")},
}
"""What a row needs beside its state to be whole in it."""


def whole(c: Casework, model: type[models.Model], state: str) -> dict[str, Any]:
    fields = {f.name: f.get_default() for f in model._meta.concrete_fields}
    names = {name for needs in WHOLE[model].values() for name in needs}
    needed = {n: v(c) if callable(v) else v for n, v in WHOLE[model].get(state, {}).items()}
    return {name: fields[name] for name in names} | needed | {"state": state}


@pytest.mark.parametrize("model", STATES, ids=lambda m: m.__name__)
def test_a_state_moves_by_the_table_only(scene, model):
    """Every pair of states, in the table or not; the rows are whole, so that only the move itself is refused."""
    states = STATES[model]
    moves = {(a, b) for step in TABLES[states] for a, b in step.moves.items()}
    row = scene.rows[model]
    mine = model._default_manager.filter(pk=row.pk)
    for before in states.values:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            mine.update(**whole(scene, model, before))
            cursor.execute("SET LOCAL session_replication_role = origin")
        for after in states.values:

            def move(after: str = after) -> None:
                mine.update(**whole(scene, model, after))

            if after == before:
                move()
            elif (before, after) in moves:
                undone(move)
            else:
                assert broken(move).startswith(f"it does not go from {before} to {after} "), (before, after)


@pytest.mark.parametrize("model", STATES, ids=lambda m: m.__name__)
def test_a_row_begins_in_a_first_state(scene, model):
    """Every state of a new row, whole in it, so that only its beginning there is refused."""
    first = {
        ConfirmationRequest: {"open"},
        TransferRequest: {"at_practice", "at_consortium"},
        MembershipUpload: {"waiting"},
        ErrorReport: {"open"},
    }[model]
    assert {*FIRST[STATES[model]]} == first
    for state in STATES[model].values:

        def begin(state: str = state) -> None:
            scene.new(model, **ANOTHER.get(model, {}) | whole(scene, model, state))

        if state in first:
            undone(begin)
        else:
            assert broken(begin).startswith(f"nothing begins as {state} "), state


class Undo(Exception):
    pass


def undone(change: Callable[[], Any]) -> None:
    """Do it, and take it back; fails where it is refused."""
    with pytest.raises(Undo), transaction.atomic():
        change()
        raise Undo


# What stays


def other_than(c: Casework, model: type[models.Model], name: str) -> Any:
    """A value of the field that the row does not have."""
    field = model._meta.get_field(name)
    now = getattr(c.rows[model], name)
    if isinstance(field, models.ForeignKey):
        last = field.related_model._default_manager.exclude(pk=getattr(now, "pk", None)).order_by("-pk")
        return last[0]
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        return (now or ENDED) + DAY
    return {"id": 999_999, "at": clock.now(), "how": "letter", "answer": "undecided"}.get(name, "other")


ANSWER_KEEPS = [
    *("practice", "consortium", "request", "answer", "reason", "how", "origin", "flag", "document", "document_name"),
    *("recorded_by", "answered_on", "at", "entry"),
]
QUESTION_KEEPS = ["practice", "consortium", "transfer", "starts_on", "channel", "nonce", "code", "asked_on"]


def change_of(c: Casework, model: type[models.Model], **fields: Any) -> Callable[[], Any]:
    return lambda: model._default_manager.filter(pk=c.rows[model].pk).update(**fields)


def test_an_answer_stays_as_it_was_given(scene):
    mine = [f.name for f in MembershipAnswer._meta.concrete_fields]
    assert {*mine} == {*ANSWER_KEEPS, "id", "text", "who", "taken_back_on", "taken_back_entry"}
    scene.new(ConfirmationRequest, **OTHER_ASKED)
    for name in ANSWER_KEEPS:
        change = change_of(scene, MembershipAnswer, **{name: other_than(scene, MembershipAnswer, name)})
        assert "is never changed" in broken(change), name
    for name in ("text", "who"):
        assert "is never changed" in broken(change_of(scene, MembershipAnswer, **{name: "Other words"}))
        change_of(scene, MembershipAnswer, **{name: ""})()  # erased
        assert "is never changed" in broken(change_of(scene, MembershipAnswer, **{name: "Words again"}))


def test_an_answer_is_taken_back_once(scene):
    change_of(scene, MembershipAnswer, taken_back_on=ENDED, taken_back_entry=scene.entry)()
    for fields in ({"taken_back_on": None, "taken_back_entry": None}, {"taken_back_on": ENDED + DAY}):
        assert "is never changed" in broken(change_of(scene, MembershipAnswer, **fields))
    assert "is never changed" in broken(change_of(scene, MembershipAnswer, taken_back_entry=None))


def test_a_question_stays_what_was_asked_of_whom(scene):
    for name in QUESTION_KEEPS:
        change = change_of(scene, ConfirmationRequest, **{name: other_than(scene, ConfirmationRequest, name)})
        assert "a question stays" in broken(change), name
    change_of(scene, ConfirmationRequest, address="", reminded=1, reminded_on=ENDED, expires_on=EXPIRES + DAY)()


def test_a_reason_is_ended_never_reworded(scene):
    changes = [
        {"key": "other"},
        {"label": "Other"},
        {"kinds": ["join"]},
        {"period": (ASKED, None)},
    ]
    for fields in changes:
        assert "never reworded" in broken(change_of(scene, MembershipWord, **fields))
    change_of(scene, MembershipWord, period=(None, ENDED), position=91)()
    for period in ((None, None), (None, EXPIRES)):
        assert "never reworded" in broken(change_of(scene, MembershipWord, period=period))


@pytest.mark.parametrize("model", CASEWORK, ids=lambda m: m.__name__)
def test_nothing_is_deleted_or_truncated(scene, model):
    assert "never deleted" in broken(lambda: model._default_manager.all()._raw_delete("default"))
    assert "never deleted" in broken(lambda: truncate(model))


@pytest.mark.parametrize("model", APPENDED, ids=lambda m: m.__name__)
def test_what_is_only_added_is_never_changed(scene, model):
    name = next(f.attname for f in model._meta.concrete_fields if not f.primary_key)
    assert "never changed" in broken(lambda: model._default_manager.update(**{name: models.F(name)}))


@pytest.mark.parametrize("model", LOGGED, ids=lambda m: m.__name__)
def test_a_case_log_is_never_truncated_or_changed(scene, model):
    log = model.pgh_event_model
    assert log._default_manager.filter(pgh_obj_id=scene.rows[model].pk).exists()
    assert "a case log is never deleted" in broken(lambda: truncate(log))
    assert "Cannot" in broken(lambda: log._default_manager.update(pgh_label="x"))
    assert "Cannot" in broken(lambda: log._default_manager.all()._raw_delete("default"))


def test_everything_but_bytes_and_notices_is_logged_and_no_log_holds_what_is_personal_or_secret():
    assert {*CASEWORK} - {*LOGGED} == {AttestedList, Notice}
    kept_out = {
        PracticeContact: {"address", "name"},
        ConfirmationRequest: {"address", "nonce", "code"},
        MembershipAnswer: {"text", "who"},
        TransferRequest: {"text"},
        ErrorReport: {"text"},
    }
    for model, names in kept_out.items():
        assert names.isdisjoint({f.name for f in model.pgh_event_model._meta.concrete_fields})


def truncate(model: type[models.Model]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {model._meta.db_table} CASCADE")


# Reasons of facts


def writes(model: type[Fact], practice: Any, values: tuple) -> Callable[[], Any]:
    def change() -> None:
        with make.writing() as entry:
            entry.set(model, (practice.pk,), date(2011, 1, 1), None, values)

    return change


def test_the_reason_of_a_fact_is_a_word_of_the_vocabulary(scene):
    member = Belonging(scene.consortium.pk, "claimed", "whim")
    assert "one of the vocabulary" in broken(writes(Membership, scene.practice, member))
    assert "one of the vocabulary" in broken(writes(LeftOut, scene.practice, ("whim", "pct")))
    assert "one of the vocabulary" in broken(writes(LeftOut, scene.practice, ("founding", "pct")))  # of another kind
    writes(Membership, scene.practice, member._replace(reason="moved_away"))()
    writes(LeftOut, scene.other_practice, ("objection", "pct"))()
