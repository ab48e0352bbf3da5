"""What Postgres itself refuses of the casework around a bid: stages, returns, reviews, conditions, interests, files."""

from datetime import date, timedelta
from operator import attrgetter

import pytest
from django.db import connection
from django.utils import timezone

from consortia.models import Consortium
from pathfinders.models import (
    Attachment,
    Bid,
    BidLeader,
    BidPractice,
    Condition,
    CriteriaSet,
    Decision,
    Finding,
    LetterTemplate,
    Return,
    Review,
    StaffInterest,
    Stage,
    StageFinding,
    Withdrawal,
)
from practices.models import ParentBody
from tests import programme as told
from tests.support.floor import broken

DAY = date(2011, 2, 10)
LATER = DAY + timedelta(days=10)
MODELS = (
    Attachment,
    BidLeader,
    Condition,
    LetterTemplate,
    Return,
    Review,
    Stage,
    StageFinding,
    StaffInterest,
    Withdrawal,
)


class Scene:
    """A draft, a bid being assessed and one that was declined and released, with a row of each kind beside them."""

    def __init__(self) -> None:
        self.who = told.people()
        wave = told.wave(self.who)
        self.draft = told.draft(self.who, name="a")
        self.case = told.assessing(self.who, name="b")
        released = told.decided(self.who, wave, outcome="declined", name="c")
        told.release(self.who, wave)
        self.released = told.fresh(released)
        self.decision = self.released.decisions.get()
        self.criterion = told.criteria()[0]
        self.body, self.other_body = (ParentBody.objects.create(code=f"5Y{n}") for n in (1, 2))
        self.local = CriteriaSet.objects.create(scope="Q36", version=1, published_on=DAY)
        self.consortium = Consortium.objects.create(ref="GC9001")
        self.stage = self.make(Stage)
        self.finding = self.make(StageFinding)
        self.returned = self.make(Return)
        self.review = self.make(Review)
        self.withdrawal = self.make(Withdrawal)
        self.condition = self.make(Condition)
        self.interest = self.make(StaffInterest)
        self.leader = self.make(BidLeader)
        self.file = self.make(Attachment)
        self.template = self.make(LetterTemplate)

    def make(self, model, **changes):
        who = self.who
        values = {
            Stage: lambda: {
                "bid": self.case,
                "kind": "pct",
                "body": self.body,
                "asked_on": DAY,
                "due_on": LATER,
            },
            StageFinding: lambda: {"stage": self.stage, "criterion": self.criterion, "finding": "met"},
            Return: lambda: {
                "bid": self.case,
                "number": 9,
                "reasons": ["finance"],
                "text": "Say more",
                "returned_by": who.assessor,
                "returned_on": DAY,
            },
            Review: lambda: {"decision": self.decision, "grounds": "Unfair", "asked_by": who.lead, "asked_on": LATER},
            Withdrawal: lambda: {"bid": self.released, "text": "We stop", "asked_by": who.lead, "asked_on": LATER},
            Condition: lambda: {"decision": self.decision, "position": 1, "text": "Say who leads", "due_on": LATER},
            StaffInterest: lambda: {
                "user": who.approver,
                "bid": self.draft,
                "text": "My brother’s practice",
                "declared_on": DAY,
            },
            BidLeader: lambda: {"bid": self.draft, "position": 1, "name": "Dr Lee", "could_gain": False},
            Attachment: lambda: {
                "bid": self.draft,
                "name": "plan.pdf",
                "kind": "pdf",
                "size": 10,
                "sha256": "a" * 64,
                "added_by": who.lead,
            },
            LetterTemplate: lambda: {
                "step": "receipt",
                "version": 1,
                "subject": "Thanks",
                "body": "{bid}",
                "saved_by": who.admin,
            },
        }[model]()
        return model.objects.create(**{**values, **changes})


def build_world():
    return Scene()


@pytest.fixture
def scene(in_world):
    return in_world


def new(model, **changes):
    """A row like the scene's, but for these values; a callable is given the scene."""
    return lambda s: s.make(model, **{k: v(s) if callable(v) else v for k, v in changes.items()})


def change(row_of, /, **values):
    """The scene's row of this name, updated past the actions."""

    def act(s):
        row = getattr(s, row_of)
        filled = {k: v(s) if callable(v) else v for k, v in values.items()}
        type(row).objects.filter(pk=row.pk).update(**filled)

    return act


CONSTRAINTS = {
    "one_stage_a_body": new(Stage),
    "stage_kind_known": new(Stage, kind="gov", body=lambda s: s.other_body),
    "stage_due_after_asked": new(Stage, due_on=DAY - timedelta(days=1), body=lambda s: s.other_body),
    "stage_criteria_are_shas": new(Stage, criteria=lambda s: s.local, body=lambda s: s.other_body),
    "stage_reply_is_whole": change("stage", view="support"),
    "one_stage_finding_a_criterion": new(StageFinding),
    "stage_finding_is_known": new(StageFinding, finding="maybe", criterion=lambda s: told.criteria()[1]),
    "one_return_a_number": new(Return, answered_on=LATER),
    "one_open_return_a_bid": new(Return, number=2),
    "return_is_reasoned": new(Return, number=2, reasons=[], answered_on=LATER),
    "return_answered_after": change("returned", answered_on=DAY - timedelta(days=1)),
    "review_has_grounds": new(Review, grounds=""),
    "review_settled_is_whole": change("review", outcome="upheld", note="Yes"),
    "pathfinders_review_decision_id_key": new(Review),
    "one_open_withdrawal_a_bid": new(Withdrawal),
    "withdrawal_says_why": new(Withdrawal, text="", bid=lambda s: s.case),
    "withdrawal_settled_is_whole": change("withdrawal", outcome="granted"),
    "one_condition_a_position": new(Condition),
    "condition_says_something": new(Condition, text="", position=2),
    "condition_evidence_is_dated": change("condition", evidence="Here"),
    "condition_discharge_is_whole": change("condition", discharged_on=LATER),
    "interest_in_one_thing": new(StaffInterest, consortium=lambda s: s.consortium),
    "interest_says_what": new(StaffInterest, text=""),
    "interest_ends_after": change("interest", ended_on=DAY - timedelta(days=1)),
    "one_leader_a_position": new(BidLeader),
    "leader_is_named_unless_erased": change("leader", name=""),
    "leader_says_how_they_gain": new(BidLeader, position=2, could_gain=True),
    "one_attachment_a_file": new(Attachment, name="again.pdf"),
    "attachment_kind_known": new(Attachment, kind="exe", sha256="b" * 64),
    "attachment_hash_shape": new(Attachment, sha256="../../etc"),
    "attachment_has_a_plain_name": new(Attachment, name="../plan.pdf", sha256="b" * 64),
    "one_letter_template_a_version": new(LetterTemplate),
    "letter_template_is_whole": new(LetterTemplate, version=2, body=""),
}


def test_every_constraint_of_these_rows_is_tried():
    declared = {c.name for model in MODELS for c in model._meta.constraints}
    assert declared | {"pathfinders_review_decision_id_key"} == set(CONSTRAINTS)


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_the_constraint_refuses_what_breaks_it(scene, name):
    assert broken(lambda: CONSTRAINTS[name](scene)).startswith(name)


TRIGGERS = {
    "is never changed": [
        change("stage", asked_on=DAY - timedelta(days=1)),
        change("stage", body=lambda s: s.other_body),
        change("returned", text="Say less"),
        change("review", grounds="Fair"),
        change("withdrawal", text="We go on"),
        change("condition", text="Say nothing"),
        change("condition", due_on=DAY),
        change("interest", text="None"),
    ],
    "never changed": [change("file", name="other.pdf"), change("template", body="other")],
    "settled by somebody who took no part": [
        change("review", outcome="turned_down", note="No", settled_by=attrgetter(f"who.{role}"), settled_on=LATER)
        for role in ("lead", "assessor", "approver")
    ],
}


@pytest.mark.parametrize("sentence", TRIGGERS)
def test_postgres_keeps_these_rows_as_they_were_made(scene, sentence):
    for act in TRIGGERS[sentence]:
        assert sentence in broken(lambda act=act: act(scene))


def test_what_is_settled_once_is_not_settled_again(scene):
    done = {"settled_by": lambda s: s.who.admin, "settled_on": LATER}
    change("returned", answered_on=LATER)(scene)
    change("review", outcome="turned_down", note="No", **done)(scene)
    change("withdrawal", outcome="refused", note="No", **done)(scene)
    change("condition", discharged_on=LATER, discharged_by=lambda s: s.who.admin, note="Seen")(scene)
    change("interest", ended_on=LATER)(scene)
    again = [
        change("returned", answered_on=None),
        change("review", outcome="upheld", note="Yes"),
        change("withdrawal", outcome="", note="", settled_by=None, settled_on=None),
        change("condition", discharged_on=None, discharged_by=None, note=""),
        change("interest", ended_on=None),
    ]
    for act in again:
        assert "once" in broken(lambda act=act: act(scene))


@pytest.mark.parametrize(
    "model", [Stage, StageFinding, Return, Review, Withdrawal, Condition, StaffInterest, LetterTemplate]
)
def test_these_rows_are_never_deleted(scene, model):
    assert "never deleted" in broken(lambda: model.objects.all()._raw_delete("default"))


@pytest.mark.parametrize(
    "model", [Attachment, BidLeader, Condition, Return, Review, Stage, StageFinding, StaffInterest, Withdrawal]
)
def test_their_case_log_is_never_truncated(db, model):
    def truncate():
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {model.pgh_event_model._meta.db_table}")

    assert "a case log is never deleted" in broken(truncate)


def test_leaders_and_files_are_fixed_with_the_bid_but_for_erasing(scene):
    bid = scene.draft
    Bid.objects.filter(pk=bid.pk).update(state="submitted", submitted_on=DAY, criteria=scene.criterion.set)
    for act in (
        new(BidLeader, position=2),
        new(Attachment, sha256="b" * 64),
        change("leader", name="Dr Low"),
        change("leader", name="", could_gain=True, how="x"),
        lambda s: BidLeader.objects.filter(bid=bid)._raw_delete("default"),
        lambda s: Attachment.objects.filter(bid=bid)._raw_delete("default"),
    ):
        assert "fixed once it is submitted" in broken(lambda act=act: act(scene))
    change("leader", name="", post="", how="", erased_at=timezone.now())(scene)
    kept = BidLeader.pgh_event_model.objects.values()
    assert kept and not any(field in row for row in kept for field in ("name", "post", "how"))


def test_a_practices_answer_is_all_that_changes_of_a_submitted_claim(scene):
    claims = BidPractice.objects.filter(bid=scene.case)
    answered = {"answered_by": scene.who.admin, "answered_on": DAY}
    assert claims.update(answer="confirmed", **answered) == 2
    assert "fixed once it is submitted" in broken(
        lambda: claims.update(practice=scene.draft.practices.first().practice)
    )
    assert broken(lambda: claims.update(answer="maybe")) == "claim_answer_is_whole"
    assert broken(lambda: claims.update(answered_on=None)) == "claim_answer_is_whole"


def test_nobody_with_an_interest_is_given_the_bid_or_decides_it(scene):
    who, case = scene.who, scene.case
    friend = told.person("assessor")
    for user in (friend, who.approver):
        StaffInterest.objects.create(user=user, bid=case, text="A share", declared_on=DAY)
    assert "with an interest in it" in broken(lambda: Bid.objects.filter(pk=case.pk).update(assessor=friend))
    for criterion in told.criteria():
        Finding.objects.create(bid=case, criterion=criterion, finding="met", by=who.assessor)
    Bid.objects.filter(pk=case.pk).update(state="assessed", recommendation="approved", assessed_on=DAY)
    row = {"bid": case, "number": 1, "outcome": "approved", "decided_on": LATER, "wave": told.wave(who, number=9)}
    assert "has an interest" in broken(lambda: Decision.objects.create(**row, decided_by=who.approver))
    StaffInterest.objects.filter(bid=case, user=who.approver).update(ended_on=LATER)
    Decision.objects.create(**row, decided_by=who.approver)


def test_a_released_bid_opens_again_only_with_its_decision_kept(scene):
    bids = Bid.objects.filter(pk=scene.released.pk)
    gone = {"state": "assessing", "decision_number": 0, "outcome": ""}
    assert "no such decision" in broken(lambda: bids.update(**gone))
    assert "stays released" in broken(lambda: bids.update(released_number=0))
    bids.update(state="assessing", recommendation="", assessed_on=None)
    assert told.fresh(scene.released).outcome == "declined"
    assert "no such decision" in broken(lambda: bids.update(decision_number=2, outcome="approved"))
