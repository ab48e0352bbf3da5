"""Practices, and those in no consortium."""

from __future__ import annotations

from rest_framework.serializers import (
    CharField,
    DateField,
    FloatField,
    IntegerField,
    ListField,
    Serializer,
)

from consortia.models import MembershipStatus
from consortia.models.left_out import SaidBy
from pathfinders.api.serializers.refs import BodyRef, GroupRef, ParentRef
from pathfinders.reads.practices import STATUS_WORDS
from registry.api.dictionary import told


class Branch(Serializer):
    code = CharField(help_text="The practice's code and three characters")
    name = CharField(help_text="Its name that day")
    address = CharField(allow_blank=True, help_text="Lines of the address, parted by commas")
    postcode = CharField(allow_blank=True, help_text="Its postcode")


class Practice(Serializer):
    code = CharField(help_text="Its NHS code: a letter and five digits, as text")
    name = CharField(allow_null=True, help_text="Its name that day")
    address = CharField(allow_null=True, help_text="Its address that day, without the postcode")
    postcode = CharField(allow_null=True, help_text="Its postcode that day")
    status = CharField(
        help_text="What it was that day; closed ones stay in the list", style=told(words=STATUS_WORDS.values())
    )
    setting = IntegerField(allow_null=True, help_text="Prescribing setting; 4 is a GP practice")
    opened = DateField(allow_null=True, help_text="The first day of its life; null: before all records")
    closed = DateField(allow_null=True, help_text="The last day, inclusive")
    list_size = IntegerField(
        allow_null=True,
        help_text="Registered patients in the latest quarter up to the day, else in the earliest later one",
        style=told(unit="people"),
    )
    list_size_quarter = CharField(allow_null=True, help_text="The quarter of list_size, such as 2011Q1")
    list_size_basis = CharField(
        allow_null=True,
        help_text="latest, or later where no quarter up to the day is known",
        style=told(words=("latest", "later")),
    )
    pct = BodyRef(
        allow_null=True, help_text="The primary care trust that it was under that day, none after 31 March 2013"
    )
    sha = BodyRef(allow_null=True, help_text="The strategic health authority above its trust that day")
    consortium = GroupRef(allow_null=True, help_text="The consortium that it was in that day")
    membership_status = CharField(
        allow_null=True,
        help_text="How far its membership is agreed; null where it is in none",
        style=told(words=MembershipStatus.values),
    )
    pathfinders = ListField(
        child=CharField(), help_text="References of the announced pathfinders that its consortium is in"
    )
    longitude = FloatField(
        allow_null=True, help_text="Of its place, where that is known", style=told(unit="degrees, WGS 84")
    )
    latitude = FloatField(
        allow_null=True, help_text="Of its place, where that is known", style=told(unit="degrees, WGS 84")
    )
    parent = ParentRef(allow_null=True, help_text="The body directly above it that day, whatever its kind")
    gss = CharField(allow_null=True, help_text="The code of the Office for National Statistics for its parent")
    branches = ListField(
        child=Branch(), source="branch_list", help_text="Branch surgeries open that day; they never count as practices"
    )
    predecessors = ListField(child=CharField(), help_text="Practices that have become part of it by the day")
    successors = ListField(child=CharField(), help_text="The practice that it has become part of by the day")


class Unaffiliated(Serializer):
    code = CharField(help_text="Its NHS code, as text")
    name = CharField(help_text="Its name that day")
    postcode = CharField(help_text="Its postcode that day")
    opened = DateField(allow_null=True, help_text="The first day of its life; null: before all records")
    list_size = IntegerField(
        allow_null=True,
        help_text="Registered patients in the latest quarter up to the day, else in the earliest later one",
        style=told(unit="people"),
    )
    list_size_quarter = CharField(allow_null=True, help_text="The quarter of list_size, such as 2011Q1")
    list_size_basis = CharField(
        allow_null=True,
        help_text="latest, or later where no quarter up to the day is known",
        style=told(words=("latest", "later")),
    )
    pct = BodyRef(allow_null=True, help_text="The primary care trust that it was under that day")
    sha = BodyRef(allow_null=True, help_text="The strategic health authority above its trust")
    longitude = FloatField(
        allow_null=True, help_text="Of its place, where that is known", style=told(unit="degrees, WGS 84")
    )
    latitude = FloatField(
        allow_null=True, help_text="Of its place, where that is known", style=told(unit="degrees, WGS 84")
    )
    parent = ParentRef(allow_null=True, help_text="The body directly above it that day, whatever its kind")
    reason = CharField(help_text="Why, of the vocabulary of membership; not_asked where nobody was asked")
    reason_said_by = CharField(
        allow_null=True, help_text="practice, consortium (that it left), pct or staff", style=told(words=SaidBy.values)
    )
    compliance = CharField(
        help_text="open: an item on and after the deadline; else none", style=told(words=("open", "none"))
    )
    deadline = DateField(allow_null=True, help_text="As planned on the day; null where none was recorded")
    days_to_deadline = IntegerField(allow_null=True, help_text="Below nought: days since", style=told(unit="days"))
    consortia_nearby = ListField(child=CharField(), help_text="Consortia with a member in the same PCT that counts")
