"""The bodies of the API's writes of membership, and what they answer."""

from __future__ import annotations

from typing import Any

from rest_framework.serializers import (
    BooleanField,
    CharField,
    ChoiceField,
    DateField,
    IntegerField,
    ListField,
    Serializer,
)

from consortia.models import Answer, Channel, MembershipReason, MembershipStatus, SettlementOutcome
from consortia.states import TransferState
from registry.files.documents import LARGEST

WORDS = 2_000
CODE: dict[str, Any] = {"max_length": 20, "help_text": "The practice's code"}
REASON: dict[str, Any] = {"max_length": 20, "help_text": "A word of the register's vocabulary of reasons"}
WHY: dict[str, Any] = {"max_length": WORDS, "help_text": "Why this is recorded: the journal keeps it"}
SCAN = LARGEST * 4 // 3 + 4


class Nothing(Serializer):
    """No fields."""


class Claimed(Serializer):
    practices = ListField(child=CharField(max_length=20), min_length=1, max_length=1_000, help_text="Their codes")
    on = DateField(help_text="The first day as members: past, today or to come")
    reason = CharField(required=False, default=str(MembershipReason.JOINED), **REASON)
    why = CharField(**WHY)


class Ended(Serializer):
    practice = CharField(**CODE)
    on = DateField(help_text="The first day without")
    reason = CharField(**REASON)
    why = CharField(**WHY)


class Corrected(Serializer):
    practice = CharField(**CODE)
    on = DateField(help_text="A day on which it is a member, wrongly or not")
    first_day = DateField(allow_null=True, help_text="The day on which it began in truth; null: it never did")
    why = CharField(**WHY)


class Offered(Serializer):
    practice = CharField(**CODE)
    on = DateField(help_text="The first day in the consortium that asks")
    text = CharField(required=False, allow_blank=True, max_length=WORDS)


class Asked(Serializer):
    consortium = CharField(max_length=20, help_text="The reference of the one that it moves to")
    on = DateField()
    text = CharField(required=False, allow_blank=True, max_length=WORDS)


class Transfer(Serializer):
    transfer = IntegerField(min_value=1, help_text="Its number, as the list of those that wait gives it")


class Undone(Serializer):
    entry = IntegerField(min_value=1, help_text="The number of the journal's entry")
    why = CharField(required=False, allow_blank=True, max_length=WORDS)


class UndoneList(Serializer):
    list = IntegerField(min_value=1, help_text="The number of the list, as it was answered when it was written")
    why = CharField(**WHY)


class Attested(Serializer):
    sha256 = CharField(max_length=64, help_text="list_sha256 of the list that was read")


class Questions(Serializer):
    practices = ListField(child=CharField(max_length=20), min_length=1, max_length=1_000)
    channel = ChoiceField(choices=Channel.choices, required=False, default=Channel.MAIL.value)


class Reminded(Serializer):
    practices = ListField(
        child=CharField(max_length=20), required=False, max_length=1_000, help_text="All that can be, without it"
    )


class Document(Serializer):
    name = CharField(max_length=200)
    content = CharField(max_length=SCAN, help_text="The bytes of a PDF, PNG or JPEG, as base64")


class Paper(Serializer):
    practice = CharField(**CODE)
    answer = ChoiceField(choices=Answer.choices)
    on = DateField(help_text="The day on which it was signed")
    reason = CharField(required=False, allow_blank=True, **REASON)
    who = CharField(required=False, allow_blank=True, max_length=200, help_text="Who signed")
    document = Document()


class Answered(Serializer):
    consortium = CharField(max_length=20, help_text="Its reference")
    answer = ChoiceField(choices=Answer.choices)
    reason = CharField(required=False, allow_blank=True, **REASON)
    text = CharField(required=False, allow_blank=True, max_length=WORDS)


class Joined(Serializer):
    consortium = CharField(max_length=20, help_text="Its reference")
    on = DateField(help_text="The first day as a member")
    status = ChoiceField(choices=MembershipStatus.choices)
    reason = CharField(**REASON)
    basis = CharField(required=False, allow_blank=True, max_length=500, help_text="The legal basis of an allocation")
    why = CharField(**WHY)


class Left(Serializer):
    on = DateField(help_text="The first day without")
    why = CharField(**WHY)


class PutRight(Serializer):
    first_day = DateField()
    last_day = DateField(allow_null=True, help_text="Inclusive; null: for as long as both are there")
    consortium = CharField(max_length=20, allow_null=True, help_text="Its reference; null: none on these days")
    status = ChoiceField(choices=MembershipStatus.choices, required=False)
    reason = CharField(required=False, allow_blank=True, **REASON)
    basis = CharField(required=False, allow_blank=True, max_length=500)
    why = CharField(**WHY)


class OnPaper(Serializer):
    consortium = CharField(max_length=20, help_text="The reference of the one that it moves to")
    on = DateField()
    why = CharField(**WHY)


class Settled(Serializer):
    consortium = CharField(max_length=20, help_text="Its reference")
    outcome = ChoiceField(choices=SettlementOutcome.choices)
    on = DateField(required=False, allow_null=True)
    basis = CharField(required=False, allow_blank=True, max_length=500)
    reason = CharField(max_length=WORDS, help_text="Why: the journal keeps it")


class ListedRow(Serializer):
    practice = CharField(max_length=20, allow_blank=True)
    on = CharField(required=False, allow_blank=True, max_length=20, help_text="Its own first day, or that of the list")
    reason = CharField(required=False, allow_blank=True, max_length=40)


class Listed(Serializer):
    rows = ListedRow(many=True, help_text="Up to 2,000")
    on = DateField(help_text="The first day of the rows that say none")
    reason = CharField(required=False, default=str(MembershipReason.JOINED), **REASON)
    why = CharField(required=False, allow_blank=True, max_length=WORDS)


# Answers


class MembershipRow(Serializer):
    practice = CharField(help_text="Its NHS code")
    consortium = CharField(help_text="The consortium's reference")
    status = ChoiceField(choices=MembershipStatus.choices, help_text="How far it is agreed")
    reason = CharField(help_text="Why it was recorded, as a word of the register's vocabulary")
    proof = CharField(help_text="By what an answer came; empty without one")
    basis = CharField(help_text="The legal basis of an allocation")
    effective_from = DateField(allow_null=True, help_text="The first day of the spell; null: from before all records")
    effective_to = DateField(allow_null=True, help_text="The last day, inclusive")
    entry = IntegerField(help_text="The journal's entry that recorded it")


class TransferRow(Serializer):
    transfer = IntegerField(help_text="Its number, by which a step names it")
    practice = CharField(help_text="The code of the practice that would move")
    from_consortium = CharField(
        allow_null=True, help_text="The reference of the one that it would leave; null: of none"
    )
    to_consortium = CharField(help_text="The reference of the one that it would join")
    on = DateField(help_text="The first day in the one that it would join")
    state = ChoiceField(choices=TransferState.choices, help_text="Whose answer it waits for, or what came of it")
    asked_on = DateField(help_text="The day on which it was asked for")


class QuestionRow(Serializer):
    practice = CharField(help_text="The practice's NHS code")
    channel = ChoiceField(choices=Channel.choices, help_text="How it was asked: by e-mail or by letter")
    asked_on = DateField(help_text="The day on which it was asked")
    expires_on = DateField(help_text="The day on which it lapses unless answered")
    reminded = IntegerField(help_text="How often it was reminded")


class Kept(Serializer):
    version = IntegerField(help_text="The newest entry about it: to give as If-Match with the next write")
    memberships = MembershipRow(many=True, help_text="A row for each membership")
    transfers = TransferRow(many=True, help_text="Those that wait for an answer")
    allowed_actions = ListField(child=CharField(), help_text="The steps that are open to who asks, by their role")


class ConsortiumKept(Kept):
    ref = CharField(help_text="The consortium's reference")
    list_sha256 = CharField(help_text="Of the list of today's members, to give when it is attested")
    questions = QuestionRow(many=True, help_text="Those that practices have still to answer")


class PracticeKept(Kept):
    code = CharField(help_text="The practice's NHS code, as text")


class ListedVerdict(Serializer):
    line = IntegerField(help_text="As in a file: the first row after the heading is line 2")
    code = CharField(help_text="The practice code of the row, as it was sent")
    verdict = CharField(help_text="What would come of the row, or came")
    message = CharField(help_text="The same in a sentence")
    name = CharField(required=False, help_text="The practice's name")
    suggestion = CharField(required=False, help_text="A code that may have been meant")
    accepted = BooleanField(required=False, help_text="Whether it is, or can be, written")
    column = CharField(required=False, help_text="The column that is at fault")
    value = CharField(required=False, help_text="What stands in that column")
    on = CharField(required=False, help_text="The row's first day")
    reason = CharField(required=False, help_text="The row's reason")


class Counts(Serializer):
    ready = IntegerField(help_text="Rows that can be written, or were")
    wrong = IntegerField(help_text="Rows that cannot")
    quiet = IntegerField(help_text="Nothing is to be done for them")
    new = IntegerField(required=False, help_text="Rows that add a membership")
    changed = IntegerField(required=False, help_text="Rows that change one")


class Sum(Serializer):
    practices = IntegerField(help_text="Members that count")
    people = IntegerField(help_text="Registered patients of these practices")
    no_list = IntegerField(help_text="Practices without a list size")


class ListResult(Serializer):
    list = IntegerField(allow_null=True, help_text="The list's number, to undo it by; null of a dry run")
    entry = IntegerField(allow_null=True, help_text="The journal's entry; null of a dry run")
    counts = Counts(help_text="Rows by what becomes of them")
    rows = ListedVerdict(many=True, help_text="Each row, in the order of the list")
    warnings = ListField(child=CharField(), help_text="What to look at before it is written")
    day = DateField(required=False, help_text="The day that before and after are of")
    before = Sum(required=False, help_text="Of the consortium as it stands")
    after = Sum(required=False, help_text="Of the consortium with this list")
