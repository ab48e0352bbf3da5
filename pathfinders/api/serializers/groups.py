"""Consortia with their members, and pathfinders."""

from __future__ import annotations

from rest_framework.serializers import (
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    FloatField,
    IntegerField,
    ListField,
    Serializer,
)

from consortia.models import MembershipStatus, Proof
from pathfinders.api.serializers.bodies import Identifier
from pathfinders.api.serializers.refs import BodyRef, GroupRef
from registry.api.dictionary import told


class Succession(Serializer):
    ref = CharField(help_text="The other's reference")
    kind = CharField(
        help_text="merge: into a new one; absorb: into one that went on; split: into parts",
        style=told(words=("merge", "absorb", "split")),
    )
    on = DateField(help_text="The first day of the successor in the other's place")
    share = FloatField(allow_null=True, help_text="Of a split: the part that this successor took; they sum to 1")


class Consortium(Serializer):
    ref = CharField(help_text="Its reference, as GC0001")
    name = CharField(help_text="Its name that day")
    form = CharField(allow_blank=True, help_text="What it is in law, in its own words")
    began = DateField(allow_null=True, help_text="Its first day")
    ended = DateField(allow_null=True, help_text="The last day, inclusive")
    pathfinders = ListField(child=CharField(), help_text="References of the announced pathfinders that it is in")
    practices = IntegerField(
        help_text="Members that count: GP practices active that day", style=told(unit="practices")
    )
    practices_confirmed = IntegerField(
        help_text="Of these, those whose practice has confirmed", style=told(unit="practices")
    )
    people = IntegerField(
        help_text="Registered patients of these practices, by their list sizes", style=told(unit="people")
    )
    pcts = ListField(child=CharField(), help_text="Codes of the trusts of these practices")
    shas = ListField(child=CharField(), help_text="Codes of the authorities above these trusts")
    predecessors = ListField(child=Succession(), help_text="Known at known_at, of any day")
    successors = ListField(child=Succession(), help_text="Known at known_at, of any day")
    attested_quarter = CharField(
        allow_null=True, help_text="The newest quarter for which its lead said that the list of members is right"
    )
    attested_on = DateField(allow_null=True, help_text="The day on which its lead said so")
    attested_sha256 = CharField(
        allow_null=True, help_text="Of the list as attested: /consortia/REF/attested/QUARTER.csv gives its bytes"
    )
    attestation_overdue = BooleanField(
        help_text="It was there through the last quarter that has ended, and has attested no list for it or since"
    )
    identifiers = ListField(
        child=Identifier(), source="identifier_list", help_text="Codes that others knew it by that day"
    )


class Membership(Serializer):
    practice = BodyRef(help_text="The practice")
    consortium = GroupRef(help_text="The consortium")
    status = CharField(help_text="How far it is agreed", style=told(words=MembershipStatus.values))
    reason = CharField(help_text="Why it was recorded, as a word of the register's vocabulary")
    pct = BodyRef(allow_null=True, help_text="The trust that the practice was under on as_of")
    sha = BodyRef(allow_null=True, help_text="The authority above that trust")
    effective_from = DateField(allow_null=True, help_text="The first day of the spell; null: before all records")
    effective_to = DateField(allow_null=True, help_text="The last day, inclusive")
    recorded_from = DateTimeField(help_text="When the register first said it", style=told(unit="UTC"))
    recorded_to = DateTimeField(
        allow_null=True, help_text="When the register took it back, if it had by known_at", style=told(unit="UTC")
    )
    opened = CharField(help_text="Where in the change feed: entry.position")
    closed = CharField(allow_null=True, help_text="Where in the change feed it was taken back; null where it was not")
    proof = CharField(
        help_text="By what the practice's answer came; empty: it has not answered",
        style=told(words=[word for word in Proof.values if word]),
    )
    basis = CharField(help_text="The legal basis of an allocation; empty otherwise")


class Leader(Serializer):
    leader = IntegerField(help_text="The position in the bid; names and words are on the pathfinder's page")
    could_gain = BooleanField(help_text="Could they or their practice gain from what the consortium buys?")


class Pathfinder(Serializer):
    ref = CharField(help_text="Its reference, as PF0001")
    name = CharField(help_text="Its name that day")
    wave = IntegerField(help_text="The number of the wave that it was announced with")
    approved_on = DateField(help_text="The day of the decision")
    announced_on = DateField(help_text="The day on which it was announced: it counts from then")
    goes_live_on = DateField(allow_null=True, help_text="The day on which it takes up its work, where that is known")
    consortia = ListField(child=CharField(), help_text="References of the consortia in it that day")
    practices = IntegerField(
        help_text="Members that count: GP practices of England active that day, each once",
        style=told(unit="practices"),
    )
    practices_confirmed = IntegerField(
        help_text="Of these, those whose practice has confirmed", style=told(unit="practices")
    )
    people = IntegerField(
        help_text="Registered patients of these practices, by their list sizes", style=told(unit="people")
    )
    pcts = ListField(child=CharField(), help_text="Codes of the trusts of these practices")
    shas = ListField(child=CharField(), help_text="Codes of the authorities above these trusts")
    leaders = ListField(child=Leader(), help_text="What each leader answered, published with the announcement")
    predecessors = ListField(child=Succession(), help_text="Known at known_at, of any day")
    successors = ListField(child=Succession(), help_text="Known at known_at, of any day")
