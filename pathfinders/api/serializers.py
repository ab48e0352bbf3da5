"""What each resource answers. Fields are added at the end, never renamed or dropped within version 1.

A nested serializer `pct` is filled from the columns `pct_code` and `pct_name` of the read's row.
"""

from __future__ import annotations

from rest_framework.serializers import (
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    DictField,
    FloatField,
    IntegerField,
    JSONField,
    ListField,
    Serializer,
)

from registry.api.schema import Dates


class BodyRef(Serializer):
    code = CharField()
    name = CharField(allow_null=True)


class ParentRef(BodyRef):
    kind = CharField(allow_null=True)


class GroupRef(Serializer):
    ref = CharField()
    name = CharField(allow_null=True)


class Branch(Serializer):
    code = CharField(help_text="The practice's code and three characters")
    name = CharField()
    address = CharField(allow_blank=True)
    postcode = CharField(allow_blank=True)


class Practice(Serializer):
    code = CharField()
    name = CharField(allow_null=True)
    address = CharField(allow_null=True)
    postcode = CharField(allow_null=True)
    status = CharField(help_text="active, closed, dormant or proposed")
    setting = IntegerField(allow_null=True, help_text="Prescribing setting; 4 is a GP practice")
    opened = DateField(allow_null=True)
    closed = DateField(allow_null=True, help_text="The last day, inclusive")
    list_size = IntegerField(allow_null=True)
    list_size_quarter = CharField(allow_null=True)
    list_size_basis = CharField(allow_null=True, help_text="latest, or later where no quarter up to the day is known")
    pct = BodyRef(allow_null=True)
    sha = BodyRef(allow_null=True)
    consortium = GroupRef(allow_null=True)
    membership_status = CharField(allow_null=True)
    pathfinders = ListField(child=CharField())
    longitude = FloatField(allow_null=True)
    latitude = FloatField(allow_null=True)
    parent = ParentRef(allow_null=True)
    gss = CharField(allow_null=True, help_text="The parent's")
    branches = ListField(
        child=Branch(), source="branch_list", help_text="Branch surgeries open that day; they never count as practices"
    )
    predecessors = ListField(child=CharField(), help_text="Practices that have become part of it by the day")
    successors = ListField(child=CharField(), help_text="The practice that it has become part of by the day")


class Identifier(Serializer):
    scheme = CharField(help_text="ods: a code of the NHS; gss: of the Office for National Statistics; other")
    value = CharField()
    standing = CharField(help_text="provisional or confirmed")


class Parent(Serializer):
    code = CharField()
    name = CharField()
    kind = CharField()
    gss = CharField(allow_blank=True)
    sha = BodyRef(allow_null=True)
    longitude = FloatField(allow_null=True)
    latitude = FloatField(allow_null=True)
    opened = DateField(allow_null=True)
    closed = DateField(allow_null=True, help_text="The last day, inclusive")
    practices = IntegerField(source="practice_count", help_text="GP practices active that day, directly under it")
    identifiers = ListField(
        child=Identifier(),
        source="identifier_list",
        help_text="Beside code and gss: further codes that it bore that day",
    )
    operational_from = DateField(
        allow_null=True, help_text="The first day on which it operated, where known apart from opened and closed"
    )
    operational_to = DateField(
        allow_null=True, help_text="The last day on which it operated, inclusive; it may come after closed"
    )


class Pct(Parent):
    pass


class Sha(Serializer):
    code = CharField()
    name = CharField()
    gss = CharField(allow_blank=True)
    longitude = FloatField(allow_null=True)
    latitude = FloatField(allow_null=True)
    opened = DateField(allow_null=True)
    closed = DateField(allow_null=True)
    pcts = IntegerField()


class Succession(Serializer):
    ref = CharField()
    kind = CharField(help_text="merge: into a new one; absorb: into one that went on; split: into parts")
    on = DateField(help_text="The first day of the successor in the other's place")
    share = FloatField(allow_null=True, help_text="Of a split: the part that this successor took; they sum to 1")


class Consortium(Serializer):
    ref = CharField()
    name = CharField()
    form = CharField(allow_blank=True)
    began = DateField(allow_null=True)
    ended = DateField(allow_null=True, help_text="The last day, inclusive")
    pathfinders = ListField(child=CharField())
    practices = IntegerField(help_text="Members that count: GP practices active that day")
    practices_confirmed = IntegerField()
    people = IntegerField()
    pcts = ListField(child=CharField())
    shas = ListField(child=CharField())
    predecessors = ListField(child=Succession(), help_text="Known at known_at, of any day")
    successors = ListField(child=Succession(), help_text="Known at known_at, of any day")
    attested_quarter = CharField(
        allow_null=True, help_text="The newest quarter for which its lead said that the list of members is right"
    )
    attested_on = DateField(allow_null=True)
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
    practice = BodyRef()
    consortium = GroupRef()
    status = CharField()
    reason = CharField()
    pct = BodyRef(allow_null=True)
    sha = BodyRef(allow_null=True)
    effective_from = DateField(allow_null=True)
    effective_to = DateField(allow_null=True, help_text="The last day, inclusive")
    recorded_from = DateTimeField()
    recorded_to = DateTimeField(allow_null=True, help_text="When the register took it back, if it had by known_at")
    opened = CharField(help_text="Where in the change feed: entry.position")
    closed = CharField(allow_null=True)
    proof = CharField(help_text="By what the practice's answer came; empty: it has not answered")
    basis = CharField(help_text="The legal basis of an allocation; empty otherwise")


class Leader(Serializer):
    leader = IntegerField(help_text="The position in the bid; names and words are on the pathfinder's page")
    could_gain = BooleanField(help_text="Could they or their practice gain from what the consortium buys?")


class Pathfinder(Serializer):
    ref = CharField()
    name = CharField()
    wave = IntegerField()
    approved_on = DateField()
    announced_on = DateField()
    goes_live_on = DateField(allow_null=True)
    consortia = ListField(child=CharField())
    practices = IntegerField()
    practices_confirmed = IntegerField()
    people = IntegerField()
    pcts = ListField(child=CharField())
    shas = ListField(child=CharField())
    leaders = ListField(child=Leader(), help_text="What each leader answered, published with the announcement")
    predecessors = ListField(child=Succession(), help_text="Known at known_at, of any day")
    successors = ListField(child=Succession(), help_text="Known at known_at, of any day")


class WaveDay(Serializer):
    kind = CharField(help_text="opens_on, closes_on, decides_on or announced_on")
    version = IntegerField(help_text="1 as first said; each slip is the next")
    day = DateField()
    actual = BooleanField(help_text="Whether it happened on that day, or was expected for it")
    reason = CharField(allow_blank=True, help_text="Why it was moved there")
    said_on = DateField(help_text="The day on which the public was told")


class AnnouncementWords(Serializer):
    title = CharField()
    text = CharField()
    notes = CharField(allow_blank=True, help_text="To editors")


class Wave(Serializer):
    number = IntegerField()
    announced_on = DateField()
    pathfinders = IntegerField()
    pathfinder_refs = ListField(child=CharField())
    practices = IntegerField()
    practices_confirmed = IntegerField()
    people = IntegerField()
    pcts = ListField(child=CharField())
    shas = ListField(child=CharField())
    dates = ListField(child=WaveDay(), help_text="Each version of each of its dates, as told by the day")
    announcement = AnnouncementWords(allow_null=True, help_text="Its words; its figures are under announcements")
    manifest_sha256 = CharField(
        allow_null=True, help_text="Of /waves/N/manifest.txt; null where it was released before manifests were made"
    )


class Finding(Serializer):
    criterion = CharField()
    finding = CharField()


class ReasonGiven(Serializer):
    reason = CharField()
    label = CharField()  # type: ignore[assignment]  # a field named label, not Field.label
    outside_criteria = BooleanField(help_text="Not one of the published criteria")


class ConditionSet(Serializer):
    position = IntegerField()
    text = CharField()
    due_on = DateField()
    discharged_on = DateField(allow_null=True)


class PersonRef(Serializer):
    ref = CharField()
    name = CharField(help_text="Blank once the person is erased")


class Decision(Serializer):
    bid = CharField()
    wave = IntegerField()
    name = CharField(allow_blank=True, help_text="Blank where a bid was not approved and its lead did not agree")
    outcome = CharField()
    decided_on = DateField()
    released_on = DateField(allow_null=True)
    reasons = ListField(child=CharField(), source="reason_codes")
    criteria = CharField()
    pathfinder = GroupRef(allow_null=True)
    findings = ListField(child=Finding())
    number = IntegerField(help_text="Of the decisions on this bid; an earlier one still has its row")
    standing = BooleanField(help_text="Whether it is the last on its bid at that moment")
    submitted_on = DateField(allow_null=True)
    sha = BodyRef(allow_null=True)
    decided_by = PersonRef(allow_null=True)
    on_behalf_of = CharField(allow_blank=True)
    conditions = ListField(child=ConditionSet())
    reasons_given = ListField(child=ReasonGiven())
    outside_criteria = BooleanField(help_text="Whether a reason given is outside the published criteria")


class DecisionFigures(Serializer):
    key = CharField()
    name = CharField()
    bids = IntegerField()
    approved = IntegerField(help_text="With conditions or without")
    approved_with_conditions = IntegerField()
    deferred = IntegerField()
    declined = IntegerField()
    approval_percent = FloatField()
    median_days = FloatField(allow_null=True, help_text="Calendar days from submission to decision")
    days_known = IntegerField()
    outside_criteria = IntegerField()
    findings = DictField(child=IntegerField(), allow_null=True, help_text="By criterion: bids by finding")


class DecisionSummary(Dates):
    by = CharField()
    count = IntegerField()
    next = CharField(allow_null=True)
    previous = CharField(allow_null=True)
    results = DecisionFigures(many=True)
    explanation = JSONField(required=False, help_text="With explain=1: the rule in words. Each row then has `links`.")


class Unaffiliated(Serializer):
    code = CharField()
    name = CharField()
    postcode = CharField()
    opened = DateField(allow_null=True)
    list_size = IntegerField(allow_null=True)
    list_size_quarter = CharField(allow_null=True)
    list_size_basis = CharField(allow_null=True)
    pct = BodyRef(allow_null=True)
    sha = BodyRef(allow_null=True)
    longitude = FloatField(allow_null=True)
    latitude = FloatField(allow_null=True)
    parent = ParentRef(allow_null=True)
    reason = CharField(help_text="Why, of the vocabulary of membership; not_asked where nobody was asked")
    reason_said_by = CharField(allow_null=True, help_text="practice, consortium (that it left), pct or staff")
    compliance = CharField(help_text="open: an item on and after the deadline; else none")
    deadline = DateField(allow_null=True, help_text="As planned on the day; null where none was recorded")
    days_to_deadline = IntegerField(allow_null=True, help_text="Below nought: days since")
    consortia_nearby = ListField(child=CharField(), help_text="Consortia with a member in the same PCT that counts")


class DenominatorUsed(Serializer):
    name = CharField()
    value = IntegerField()
    date = DateField()
    source = CharField()  # type: ignore[assignment]  # a field named source, not Field.source


class Coverage(Serializer):
    key = CharField()
    name = CharField()
    pathfinders = IntegerField()
    consortia = IntegerField()
    practices = IntegerField()
    practices_confirmed = IntegerField()
    people = IntegerField()
    people_confirmed = IntegerField()
    practices_without_list = IntegerField()
    practices_list_later = IntegerField()
    denominator = DenominatorUsed()
    percent = FloatField(allow_null=True)


class CoverageAnswer(Dates):
    by = CharField()
    basis = CharField()
    scope = CharField()
    count = IntegerField()
    next = CharField(allow_null=True)
    previous = CharField(allow_null=True)
    results = Coverage(many=True)
    explanation = JSONField(required=False, help_text="With explain=1: the rule in words. Each row then has `links`.")


class ClaimSource(Serializer):
    publisher = CharField()
    title = CharField(allow_blank=True)
    url = CharField(allow_blank=True)
    published = CharField(help_text="The day, or the month where the day is not known")


class Announcement(Serializer):
    ref = CharField()
    wave = IntegerField(allow_null=True)
    metric = CharField()
    extent = CharField(help_text="wave: of the wave alone; cumulative: of all waves so far")
    scope_kind = CharField()
    scope = CharField()
    scope_name = CharField()
    value = FloatField()
    unit = CharField()
    rounding = CharField()
    words = CharField(help_text="The figure as it was printed")
    holds_from = FloatField(help_text="The least of which these words are true")
    holds_to = FloatField()
    source = ClaimSource()  # type: ignore[assignment]  # a field named source, not Field.source
    note = CharField(allow_blank=True)
    reconciliation = CharField(allow_blank=True, help_text="Why it does not agree; blank where it does")
    figure_on = DateField(help_text="The day that the register's figure is of: of the announcement")
    figure = FloatField(allow_null=True, help_text="What the register computes, as known at known_at")
    figure_then = FloatField(allow_null=True, help_text="What it computed at the release of the wave")
    difference = FloatField(allow_null=True, help_text="figure less value")
    holds = BooleanField(allow_null=True, help_text="Whether the words are true of figure")
    denominator = DenominatorUsed(allow_null=True)


class Service(Serializer):
    ref = CharField()
    wave = IntegerField(allow_null=True)
    scope_kind = CharField(help_text="sha, pct, group (a pathfinder, a consortium or a place, by its name) or england")
    scope = CharField()
    scope_name = CharField()
    specialty = CharField()
    status = CharField(help_text="planned, running or stopped, as it was claimed")
    words = CharField()
    measure = CharField(allow_blank=True)
    value = FloatField(allow_null=True)
    unit = CharField(allow_blank=True)
    comparator = CharField(allow_blank=True)
    period = CharField(allow_blank=True)
    publisher = CharField()
    published = CharField(help_text="The day, or the month where the day is not known")


class Milestone(Serializer):
    key = CharField(help_text="A word for programs, as deadline")
    name = CharField()
    day = DateField(help_text="The first day on which it takes effect, as planned or as it came")
    words = CharField(allow_blank=True, help_text="How the source gives the day, as “autumn 2012”")
    settled = BooleanField(help_text="No longer a plan")
    why = CharField(allow_blank=True, help_text="Why the plan was moved to this day")
    source = CharField()  # type: ignore[assignment]  # a field named source, not Field.source
    effective_from = DateField(allow_null=True, help_text="The day on which this version was made known")
    effective_to = DateField(allow_null=True, help_text="The last day on which it stood, inclusive")
    recorded_from = DateTimeField(help_text="When the register said so")
    recorded_to = DateTimeField(allow_null=True, help_text="When the register took it back, if it had by known_at")
    opened = CharField(help_text="Where in the change feed: entry.position")
    closed = CharField(allow_null=True)
    recorded_kind = CharField(help_text="The kind of journal entry that recorded it, as event or correction")
    recorded_why = CharField(help_text="The reason that this entry gives")


class ChangeEntry(Serializer):
    number = IntegerField()
    at = DateTimeField()
    written_at = DateTimeField()
    actor = CharField(help_text="A person's reference, or system")
    on_behalf_of = CharField(allow_blank=True)
    kind = CharField()
    action = CharField()
    reason = CharField()
    source = JSONField()  # type: ignore[assignment]  # a field named source, not Field.source
    request = CharField(allow_blank=True)
    changes = IntegerField()
    previous_hash = CharField()
    hash = CharField()


class Changes(Serializer):
    demonstration = BooleanField(help_text="In a demonstration the hash leaves out written_at")
    entries = ChangeEntry(many=True)
    results = ListField(child=JSONField(), help_text="Each change, with its place in the feed as `change`")
    next = CharField(allow_null=True)


class Index(Serializer):
    resources = DictField(child=CharField())
    licence = CharField()
    attribution = CharField()
