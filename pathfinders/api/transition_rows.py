"""The fields of a trust's transition, and of what each evidence said of it. Fields are added at the end."""

from __future__ import annotations

from rest_framework.serializers import BooleanField, CharField, DateField, DateTimeField, IntegerField, ListField
from rest_framework.serializers import Serializer as Fields

from pathfinders.api.evidence import EvidenceRef
from pathfinders.api.serializers import BodyRef, BodySuccession, GroupRef
from registry.api.dictionary import told
from registry.models.entry import EntryKind
from transitions.models import EvidenceKind

STAGE = "A word of the vocabulary of stages, as shadow_form"
LABEL = "The stage as people read it"


class AlsoSaid(Fields):
    stage = CharField(help_text=STAGE)
    stage_label = CharField(help_text=LABEL)
    note = CharField(allow_blank=True, help_text="In the words of the evidence")
    ref = CharField(help_text="The reference of the evidence")
    kind = CharField(help_text="What kind of source it is", style=told(words=EvidenceKind.values))
    title = CharField(help_text="What the evidence is")
    said_on = DateField(allow_null=True, help_text="The day on which it said so, where known")
    words = CharField(allow_blank=True, help_text="How it is dated there")
    url = CharField(allow_blank=True, help_text="Its address on the web")


class Planned(Fields):
    stage = CharField(help_text=STAGE)
    stage_label = CharField(help_text=LABEL)
    day = DateField(help_text="The first day on which the trust plans to be at it")
    words = CharField(allow_blank=True, help_text="How the source dates it, as “during 2011”, whose last day is day")
    why = CharField(allow_blank=True, help_text="Why the plan moved to this day")
    known_from = DateField(allow_null=True, help_text="The day on which this version was made known")
    evidence = CharField(help_text="The reference of the evidence for it")
    reached = BooleanField(allow_null=True, help_text="Whether it is reached; null where the stage is not known")
    slipped = IntegerField(help_text="How often it moved to a later day by then", style=told(unit="times"))
    first_day = DateField(help_text="The day that was planned at first")


class Transition(Fields):
    code = CharField(help_text="The trust's NHS code")
    name = CharField(help_text="Its name that day")
    sha = BodyRef(allow_null=True, help_text="The strategic health authority above it that day")
    cluster = GroupRef(allow_null=True, help_text="The cluster that it was in that day; the trust stays in being")
    stage = CharField(allow_null=True, help_text=f"{STAGE}; null: not known, which is no “no”")
    stage_label = CharField(allow_null=True, help_text=LABEL)
    begun = BooleanField(
        allow_null=True,
        help_text="Whether hand-over has begun; null: not known, which is no “no”. Of a closed trust: by its last day",
    )
    since = DateField(allow_null=True, help_text="Since when, unbroken, the evidence says so")
    note = CharField(source="stage_note", allow_null=True, help_text="In the words of the evidence")
    evidence = EvidenceRef(allow_null=True, help_text="The best evidence of the day: that which is shown")
    also_said = ListField(
        child=AlsoSaid(),
        source="said_list",
        help_text="What weaker evidence says of the same day that differs; of a closed trust, what the best evidence "
        "said of its last day",
    )
    planned = Planned(
        allow_null=True, help_text="The next stage that it plans and has not reached, else the last that it planned"
    )
    behind = BooleanField(
        allow_null=True,
        help_text="Whether the planned day is past and the stage not reached; null where it has no plan, or the stage "
        "is not known",
    )
    practices = IntegerField(help_text="GP practices active that day, directly under it", style=told(unit="practices"))
    evidence_age_days = IntegerField(
        allow_null=True,
        help_text="From the day on which the evidence said so to the day asked for",
        style=told(unit="days"),
    )
    closed = DateField(
        allow_null=True,
        help_text="The last day of its life, where that has passed: it stands as closed. Null: in life on the day",
    )
    successors = ListField(child=BodySuccession(), help_text="Who followed it, known at known_at, of any day")


class TransitionSpell(Fields):
    code = CharField(help_text="The trust's NHS code")
    stage = CharField(help_text=STAGE)
    stage_label = CharField(help_text=LABEL)
    begun = BooleanField(help_text="Whether hand-over has begun in this stage")
    note = CharField(allow_blank=True, help_text="In the words of the evidence")
    evidence = EvidenceRef(help_text="The evidence that says so: each tells a timeline of its own")
    effective_from = DateField(allow_null=True, help_text="The first day of which it says so")
    effective_to = DateField(allow_null=True, help_text="The last day, inclusive")
    recorded_from = DateTimeField(help_text="When the register said so")
    recorded_to = DateTimeField(allow_null=True, help_text="When the register took it back, if it had by known_at")
    opened = CharField(help_text="Where in the change feed: entry.position")
    closed = CharField(allow_null=True, help_text="Where in the change feed it was taken back; null where it was not")
    recorded_kind = CharField(
        help_text="The kind of journal entry that recorded it", style=told(words=EntryKind.values)
    )
    recorded_why = CharField(help_text="The reason that this entry gives")
