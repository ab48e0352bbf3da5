"""The steps that the API takes on a bid: the body of each, and the action that it calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from drf_spectacular.utils import extend_schema_field
from rest_framework.serializers import (
    BooleanField,
    CharField,
    ChoiceField,
    DateField,
    DictField,
    Field,
    IntegerField,
    ListField,
    Serializer,
)

from pathfinders import actions
from pathfinders.models import Bid, ClaimAnswer, FindingValue, Outcome, Stage, View
from pathfinders.states import ACTIONS, is_casework
from practices.models import Practice
from registry.authorization import Permission, require
from registry.errors import Refused
from registry.models import User
from registry.scopes import Scope

WORDS = 20_000


class Nothing(Serializer):
    """No fields."""


class Edit(Serializer):
    name = CharField(required=False, max_length=200)
    form = CharField(required=False, allow_blank=True, max_length=200)
    partners = CharField(required=False, allow_blank=True, max_length=WORDS)
    as_at = DateField(required=False)
    agrees_to_be_named = BooleanField(required=False)


class Group(Serializer):
    name = CharField(max_length=200)
    form = CharField(required=False, allow_blank=True, max_length=200)


class Consortia(Serializer):
    consortia = Group(many=True)


class Practices(Serializer):
    consortium = IntegerField(min_value=1, max_value=1_000, help_text="Its position in the bid")
    codes = ListField(child=CharField(max_length=20), max_length=1_000)


class Answers(Serializer):
    answers = DictField(child=CharField(allow_blank=True, max_length=WORDS), help_text="Texts by the criterion’s key")


class LeaderBody(Serializer):
    name = CharField(max_length=200)
    post = CharField(required=False, allow_blank=True, max_length=200)
    could_gain = BooleanField()
    how = CharField(required=False, allow_blank=True, max_length=WORDS)


class Leaders(Serializer):
    leaders = LeaderBody(many=True)


class Declared(Serializer):
    declared = BooleanField(help_text="That what the bid says is true and that its practices agreed")


class Assign(Serializer):
    assessor = CharField(max_length=20, help_text="The person’s reference")


class PutInWave(Serializer):
    wave = IntegerField(allow_null=True, min_value=1, max_value=32_767)


class FindingStep(Serializer):
    criterion = CharField(max_length=40)
    finding = ChoiceField(choices=FindingValue.choices)
    note = CharField(required=False, allow_blank=True, max_length=WORDS)


class Recommend(Serializer):
    recommendation = ChoiceField(choices=Outcome.choices)
    note = CharField(required=False, allow_blank=True, max_length=WORDS)


class Return(Serializer):
    reasons = ListField(child=CharField(max_length=40), min_length=1)
    text = CharField(max_length=WORDS)


class FindingWithNote(Serializer):
    finding = ChoiceField(choices=FindingValue.choices)
    note = CharField(required=False, allow_blank=True, max_length=WORDS)


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string", "enum": FindingValue.values},
            {
                "type": "object",
                "properties": {
                    "finding": {"type": "string", "enum": FindingValue.values},
                    "note": {"type": "string", "maxLength": WORDS},
                },
                "required": ["finding"],
            },
        ]
    }
)
class FindingOrWord(Field):
    """A finding and its note, or the finding's word alone: understood as `(finding, note)`."""

    def to_internal_value(self, data: Any) -> tuple[str, str]:
        given = FindingWithNote(data={"finding": data} if isinstance(data, str) else data)
        given.is_valid(raise_exception=True)
        return given.validated_data["finding"], given.validated_data.get("note", "")


class Opinion(Serializer):
    body = CharField(max_length=10, help_text="The code of the PCT or SHA")
    view = ChoiceField(choices=View.choices)
    text = CharField(required=False, allow_blank=True, max_length=WORDS)
    findings = DictField(
        required=False,
        child=FindingOrWord(),
        help_text="By the criterion’s key: met, partly, not or cannot_tell; with a note as "
        "{finding, note}, which all but met need",
    )


class Claim(Serializer):
    practice = CharField(max_length=10)
    answer = ChoiceField(choices=ClaimAnswer.choices)
    text = CharField(required=False, allow_blank=True, max_length=WORDS)


class ConditionOf(Serializer):
    text = CharField(max_length=WORDS)
    due_on = DateField()


class Decide(Serializer):
    outcome = ChoiceField(choices=Outcome.choices)
    reasons = ListField(child=CharField(max_length=40), required=False)
    conditions = ConditionOf(many=True, required=False)
    text = CharField(required=False, allow_blank=True, max_length=WORDS)
    wave = IntegerField(min_value=1, max_value=32_767)
    decided_on = DateField()
    on_behalf_of = CharField(required=False, allow_blank=True, max_length=200)


class Grounds(Serializer):
    grounds = CharField(max_length=WORDS)


class Note(Serializer):
    note = CharField(max_length=WORDS)


class Reverse(Serializer):
    on_behalf_of = CharField(max_length=200)
    reason = CharField(max_length=WORDS)


class Again(Serializer):
    as_at = DateField(required=False)


class Wish(Serializer):
    text = CharField(max_length=WORDS)


class Settle(Serializer):
    granted = BooleanField()
    ends_on = DateField(required=False, allow_null=True)
    note = CharField(required=False, allow_blank=True, max_length=WORDS)


class Evidence(Serializer):
    position = IntegerField(min_value=1, max_value=1_000)
    evidence = CharField(max_length=WORDS)


class Discharge(Serializer):
    position = IntegerField(min_value=1, max_value=1_000)
    note = CharField(max_length=WORDS)


class Step(NamedTuple):
    """One step: its name in the address, the table's action, its body, and what it calls.

    `versioned`: it takes If-Match. `makes_another`: it answers with the new bid that it made.
    """

    name: str
    action: str
    body: type[Serializer]
    act: Callable[..., Any]
    versioned: bool = True
    makes_another: bool = False

    @property
    def words(self) -> str:
        return f"{ACTIONS[self.action].label}: {ACTIONS[self.action].whose.value}."

    @property
    def staff_only(self) -> bool:
        """Whether it is casework, which nobody takes on a bid of their own."""
        return is_casework(self.action)

    @property
    def scope(self) -> Scope:
        """What a token needs: an opinion, a part of the assessment, as the programme's own casework does."""
        return Scope.DECISIONS if self.staff_only or self.action == "give_opinion" else Scope.BIDS


def _assign(*, by: User, bid: Bid, version: int, assessor: str) -> Any:
    require(by, Permission.ASSIGN_BID)
    found = User.objects.filter(ref=assessor).first()
    if found is None:
        raise Refused("no_person", f"There is no person {assessor}.", field="assessor")
    return actions.assign_bid(by=by, bid=bid, version=version, assessor=found)


def _opinion(*, by: User, bid: Bid, version: int, body: str, **given: Any) -> Any:
    stage = Stage.objects.visible_to(by).filter(bid=bid, body__code=body.upper()).first()
    if stage is None:
        raise Refused(
            "no_stage", f"{body} was not asked about this bid, or not through you.", field="body", status=403
        )
    return actions.give_opinion(by=by, stage=stage, version=version, **given)


def _claim(*, by: User, bid: Bid, practice: str, **given: Any) -> Any:
    found = Practice.objects.visible_to(by).filter(code=practice.upper()).first()
    if found is None:
        raise Refused("no_practice", f"There is no practice {practice}.", field="practice")
    return actions.answer_claim(by=by, bid=bid, practice=found, **given)


def _upheld(upheld: bool) -> Callable[..., Any]:
    return lambda **given: actions.settle_review(upheld=upheld, **given)


STEPS = (
    Step("edit", "edit", Edit, actions.edit_bid),
    Step("edit_consortia", "edit", Consortia, actions.set_consortia),
    Step("edit_practices", "edit", Practices, actions.set_practices),
    Step("edit_answers", "edit", Answers, actions.answer_criteria),
    Step("edit_leaders", "edit", Leaders, actions.set_leaders),
    Step("submit", "submit", Declared, actions.submit_bid),
    Step("withdraw", "withdraw", Nothing, actions.withdraw_bid),
    Step("answer_return", "answer_return", Declared, actions.answer_return),
    Step("request_review", "request_review", Grounds, actions.request_review),
    Step("resubmit", "resubmit", Again, actions.resubmit, makes_another=True),
    Step("ask_to_withdraw", "ask_to_withdraw", Wish, actions.ask_to_withdraw),
    Step("give_opinion", "give_opinion", Opinion, _opinion),
    Step("assign", "assign", Assign, _assign),
    Step("put_in_wave", "put_in_wave", PutInWave, actions.put_in_wave),
    Step("record_finding", "record_finding", FindingStep, actions.record_finding),
    Step("return_bid", "return_bid", Return, actions.return_bid),
    Step("complete_assessment", "complete_assessment", Recommend, actions.complete_assessment),
    Step("reopen_assessment", "reopen_assessment", Nothing, actions.reopen_assessment),
    Step("decide", "decide", Decide, actions.decide_bid),
    Step("answer_condition", "answer_condition", Evidence, actions.answer_condition),
    Step("discharge_condition", "discharge_condition", Discharge, actions.discharge_condition),
    Step("answer_claim", "answer_claim", Claim, _claim, versioned=False),
    Step("take_up_again", "take_up_again", Nothing, actions.take_up_again),
    Step("uphold_review", "uphold_review", Note, _upheld(True)),
    Step("turn_down_review", "turn_down_review", Note, _upheld(False)),
    Step("reverse", "reverse", Reverse, actions.reverse_decision),
    Step("settle_withdrawal", "settle_withdrawal", Settle, actions.settle_withdrawal),
)
