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

from consortia.models import MembershipStatus, Proof
from consortia.models.left_out import SaidBy
from pathfinders.models import FindingValue, Outcome, ScopeKind, ServiceStatus, WaveDateKind
from pathfinders.models.claim import Extent, Metric, Reconciliation, Rounding
from pathfinders.reads.practices import STATUS_WORDS
from practices.models import BodyKind, SuccessionKind
from practices.models.identifier import Scheme, Standing
from registry.api.dictionary import told
from registry.api.schema import Dates
from registry.models.entry import EntryKind


class BodyRef(Serializer):
    code = CharField(help_text="Its NHS code")
    name = CharField(allow_null=True, help_text="Its name that day")


class ParentRef(BodyRef):
    kind = CharField(allow_null=True, help_text="What kind of body it is", style=told(words=BodyKind.values))


class GroupRef(Serializer):
    ref = CharField(help_text="Its reference")
    name = CharField(allow_null=True, help_text="Its name that day")


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


class Identifier(Serializer):
    scheme = CharField(
        help_text="ods: a code of the NHS; gss: of the Office for National Statistics; other",
        style=told(words=Scheme.values),
    )
    value = CharField(help_text="The code itself, as text")
    standing = CharField(help_text="provisional or confirmed", style=told(words=Standing.values))


class BodySuccession(Serializer):
    code = CharField(help_text="The other's NHS code, as text")
    kind = CharField(
        help_text="recode: the same body under a new code; merge: into a new one; split: among several; transfer: its "
        "functions passed to it",
        style=told(words=SuccessionKind.values),
    )
    on = DateField(allow_null=True, help_text="The first day of the successor in the other's place")
    practice_share = FloatField(
        allow_null=True,
        help_text="The part of the predecessor's practices that went to this successor; over a predecessor they sum to 1. "
        "Null: not recorded; the crosswalk computes it",
    )
    people_share = FloatField(
        allow_null=True, help_text="The same of the people on these practices' lists. Null: not recorded"
    )


class BodyFields(Serializer):
    """Of a body above practices, but for what came before and after it."""

    code = CharField(help_text="Its NHS code, as text: 5E1 is no number")
    name = CharField(help_text="Its name that day")
    kind = CharField(help_text="What kind of body it is", style=told(words=BodyKind.values))
    gss = CharField(
        allow_blank=True, help_text="Its code of the Office for National Statistics; empty where it has none"
    )
    sha = BodyRef(allow_null=True, help_text="The strategic health authority above it that day")
    longitude = FloatField(
        allow_null=True, help_text="Of the point by which it is put on a map", style=told(unit="degrees, WGS 84")
    )
    latitude = FloatField(
        allow_null=True, help_text="Of the point by which it is put on a map", style=told(unit="degrees, WGS 84")
    )
    opened = DateField(allow_null=True, help_text="Its first day; null: before all records")
    closed = DateField(allow_null=True, help_text="The last day, inclusive")
    practices = IntegerField(
        source="practice_count",
        help_text="GP practices active that day, directly under it",
        style=told(unit="practices"),
    )
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


class Succeeded(Serializer):
    predecessors = ListField(child=BodySuccession(), help_text="Known at known_at, of any day")
    successors = ListField(child=BodySuccession(), help_text="Known at known_at, of any day")


class Parent(BodyFields, Succeeded):
    pass


class Pct(BodyFields, Succeeded):
    pass


class Sha(Serializer):
    code = CharField(help_text="Its NHS code, as text")
    name = CharField(help_text="Its name that day")
    gss = CharField(
        allow_blank=True, help_text="Its code of the Office for National Statistics; empty where it has none"
    )
    longitude = FloatField(
        allow_null=True, help_text="Of the point by which it is put on a map", style=told(unit="degrees, WGS 84")
    )
    latitude = FloatField(
        allow_null=True, help_text="Of the point by which it is put on a map", style=told(unit="degrees, WGS 84")
    )
    opened = DateField(allow_null=True, help_text="Its first day; null: before all records")
    closed = DateField(allow_null=True, help_text="The last day, inclusive")
    pcts = IntegerField(help_text="Primary care trusts under it that day", style=told(unit="trusts"))


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


class WaveDay(Serializer):
    kind = CharField(help_text="Of which step of the wave it is the day", style=told(words=WaveDateKind.values))
    version = IntegerField(help_text="1 as first said; each slip is the next")
    day = DateField(help_text="The day that was told")
    actual = BooleanField(help_text="Whether it happened on that day, or was expected for it")
    reason = CharField(allow_blank=True, help_text="Why it was moved there")
    said_on = DateField(help_text="The day on which the public was told")


class AnnouncementWords(Serializer):
    title = CharField(help_text="Its heading")
    text = CharField(help_text="What was announced")
    notes = CharField(allow_blank=True, help_text="To editors")


class Wave(Serializer):
    number = IntegerField(help_text="1 for the first")
    announced_on = DateField(help_text="The day on which it was announced")
    pathfinders = IntegerField(help_text="How many it has that day", style=told(unit="pathfinders"))
    pathfinder_refs = ListField(child=CharField(), help_text="Their references")
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
    dates = ListField(child=WaveDay(), help_text="Each version of each of its dates, as told by the day")
    announcement = AnnouncementWords(allow_null=True, help_text="Its words; its figures are under announcements")
    manifest_sha256 = CharField(
        allow_null=True, help_text="Of /waves/N/manifest.txt; null where it was released before manifests were made"
    )


class Finding(Serializer):
    criterion = CharField(help_text="The criterion's word in its set")
    finding = CharField(help_text="How far the bid met it", style=told(words=FindingValue.values))


class ReasonGiven(Serializer):
    reason = CharField(help_text="Its word in the register's vocabulary")
    label = CharField(help_text="In words")  # type: ignore[assignment]  # a field named label, not Field.label
    outside_criteria = BooleanField(help_text="Not one of the published criteria")


class ConditionSet(Serializer):
    position = IntegerField(help_text="1 for the first")
    text = CharField(help_text="What has to be done")
    due_on = DateField(help_text="The day by which")
    discharged_on = DateField(allow_null=True, help_text="The day on which it was found done")


class PersonRef(Serializer):
    ref = CharField(help_text="The person's reference")
    name = CharField(help_text="Blank once the person is erased")


class Decision(Serializer):
    bid = CharField(help_text="The bid's reference")
    wave = IntegerField(help_text="The number of the wave that it was decided in")
    name = CharField(allow_blank=True, help_text="Blank where a bid was not approved and its lead did not agree")
    outcome = CharField(help_text="How it was decided", style=told(words=Outcome.values))
    decided_on = DateField(help_text="The day of the decision")
    released_on = DateField(allow_null=True, help_text="The day on which it became public")
    reasons = ListField(child=CharField(), source="reason_codes", help_text="Words of the reasons given")
    criteria = CharField(help_text="The set of criteria that the bid answered, as national-1")
    pathfinder = GroupRef(allow_null=True, help_text="The pathfinder that it made")
    findings = ListField(child=Finding(), help_text="On each criterion")
    number = IntegerField(help_text="Of the decisions on this bid; an earlier one still has its row")
    standing = BooleanField(help_text="Whether it is the last on its bid at that moment")
    submitted_on = DateField(allow_null=True, help_text="The day on which the bid was sent in")
    sha = BodyRef(allow_null=True, help_text="The authority of the bid's region")
    decided_by = PersonRef(allow_null=True, help_text="Who decided")
    on_behalf_of = CharField(allow_blank=True, help_text="For whom, where not in their own name")
    conditions = ListField(child=ConditionSet(), help_text="That the approval depends on")
    reasons_given = ListField(child=ReasonGiven(), help_text="The reasons in words")
    outside_criteria = BooleanField(help_text="Whether a reason given is outside the published criteria")


class DecisionFigures(Serializer):
    key = CharField(help_text="What the row is of: a wave's number, an authority's code, a criterion or a reason")
    name = CharField(help_text="The key in words")
    bids = IntegerField(help_text="Bids decided, each once", style=told(unit="bids"))
    approved = IntegerField(help_text="With conditions or without", style=told(unit="bids"))
    approved_with_conditions = IntegerField(help_text="Of these, with conditions", style=told(unit="bids"))
    deferred = IntegerField(help_text="Put off to a later wave", style=told(unit="bids"))
    declined = IntegerField(help_text="Turned down", style=told(unit="bids"))
    approval_percent = FloatField(help_text="approved over bids", style=told(unit="percent"))
    median_days = FloatField(
        allow_null=True, help_text="Calendar days from submission to decision", style=told(unit="days")
    )
    days_known = IntegerField(
        help_text="Decisions whose bid has a day of submission: those of which median_days is the median",
        style=told(unit="bids"),
    )
    outside_criteria = IntegerField(
        help_text="Bids whose decision gives a reason outside the published criteria", style=told(unit="bids")
    )
    findings = DictField(
        child=IntegerField(), allow_null=True, help_text="By criterion: bids by finding", style=told(unit="bids")
    )


class DecisionSummary(Dates):
    by = CharField(
        help_text="What a row is of", style=told(words=("national", "wave", "sha", "criterion", "reason", "outcome"))
    )
    count = IntegerField(help_text="Rows of the answer")
    next = CharField(allow_null=True, help_text="Always null: the answer is whole")
    previous = CharField(allow_null=True, help_text="Always null")
    results = DecisionFigures(many=True, help_text="A row for each key")
    explanation = JSONField(required=False, help_text="With explain=1: the rule in words. Each row then has `links`.")


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


class DenominatorUsed(Serializer):
    name = CharField(help_text="The word by which it can be asked for")
    value = IntegerField(help_text="How many there are", style=told(unit="people"))
    date = DateField(help_text="The day that it is of")
    source = CharField(help_text="Whose figure it is")  # type: ignore[assignment]  # a field named source, not Field.source


class Coverage(Serializer):
    key = CharField(help_text="What the row is of: a code, a reference, a wave's number, or England")
    name = CharField(help_text="The key in words")
    pathfinders = IntegerField(help_text="With a member that counts under the key", style=told(unit="pathfinders"))
    consortia = IntegerField(help_text="With a member that counts under the key", style=told(unit="consortia"))
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
    people_confirmed = IntegerField(
        help_text="Of these, patients of practices that have confirmed", style=told(unit="people")
    )
    practices_without_list = IntegerField(
        help_text="Of practices, those of which no list size is known: they have no part in people",
        style=told(unit="practices"),
    )
    practices_list_later = IntegerField(
        help_text="Of practices, those of which the first list size known is of a quarter after the day",
        style=told(unit="practices"),
    )
    denominator = DenominatorUsed(help_text="What percent is of")
    percent = FloatField(allow_null=True, help_text="people over the denominator", style=told(unit="percent"))


class CoverageAnswer(Dates):
    by = CharField(
        help_text="What a row is of", style=told(words=("national", "sha", "pct", "wave", "consortium", "pathfinder"))
    )
    basis = CharField(
        help_text="Pathfinders announced by the day, or gone live by it", style=told(words=("announced", "live"))
    )
    scope = CharField(
        help_text="Members of pathfinders, or of any consortium", style=told(words=("pathfinder", "consortium"))
    )
    count = IntegerField(help_text="Rows of the answer")
    next = CharField(allow_null=True, help_text="Always null: the answer is whole")
    previous = CharField(allow_null=True, help_text="Always null")
    results = Coverage(many=True, help_text="A row for each key")
    explanation = JSONField(required=False, help_text="With explain=1: the rule in words. Each row then has `links`.")


class ClaimSource(Serializer):
    publisher = CharField(help_text="Who printed it")
    title = CharField(allow_blank=True, help_text="Of what")
    url = CharField(allow_blank=True, help_text="Where it can be read")
    published = CharField(help_text="The day, or the month where the day is not known")


class Announcement(Serializer):
    ref = CharField(help_text="Its reference, as AC0001")
    wave = IntegerField(allow_null=True, help_text="The number of the wave that it speaks of; null: of none")
    metric = CharField(help_text="What is counted", style=told(words=Metric.values))
    extent = CharField(
        help_text="wave: of the wave alone; cumulative: of all waves so far", style=told(words=Extent.values)
    )
    scope_kind = CharField(help_text="Of what it speaks", style=told(words=ScopeKind.values))
    scope = CharField(help_text="The code, reference or name of it")
    scope_name = CharField(help_text="Its name")
    value = FloatField(help_text="The figure as a number, counted in unit")
    unit = CharField(
        help_text="What value is counted in", style=told(words=("pathfinders", "practices", "people", "percent"))
    )
    rounding = CharField(help_text="How exactly it was worded", style=told(words=Rounding.values))
    words = CharField(help_text="The figure as it was printed")
    holds_from = FloatField(help_text="The least of which these words are true")
    holds_to = FloatField(help_text="The most of which these words are true")
    source = ClaimSource(help_text="Where it was printed")  # type: ignore[assignment]  # a field named source, not Field.source
    note = CharField(allow_blank=True, help_text="What to know beside it")
    reconciliation = CharField(
        allow_blank=True,
        help_text="Why it does not agree; blank where it does",
        style=told(words=Reconciliation.values),
    )
    figure_on = DateField(help_text="The day that the register's figure is of: of the announcement")
    figure = FloatField(allow_null=True, help_text="What the register computes, as known at known_at")
    figure_then = FloatField(allow_null=True, help_text="What it computed at the release of the wave")
    difference = FloatField(allow_null=True, help_text="figure less value")
    holds = BooleanField(allow_null=True, help_text="Whether the words are true of figure")
    denominator = DenominatorUsed(allow_null=True, help_text="What a share is of; null where the figure is none")


class Service(Serializer):
    ref = CharField(help_text="Its reference, as AS0001")
    wave = IntegerField(allow_null=True, help_text="The number of the wave that it was announced with; null: of none")
    scope_kind = CharField(
        help_text="sha, pct, group (a pathfinder, a consortium or a place, by its name) or england",
        style=told(words=ScopeKind.values),
    )
    scope = CharField(help_text="The code or the name of it")
    scope_name = CharField(help_text="Its name")
    specialty = CharField(help_text="What the service is for")
    status = CharField(
        help_text="planned, running or stopped, as it was claimed", style=told(words=ServiceStatus.values)
    )
    words = CharField(help_text="The service as it was claimed")
    measure = CharField(allow_blank=True, help_text="What was measured, where anything was")
    value = FloatField(allow_null=True, help_text="The figure claimed, counted in unit")
    unit = CharField(allow_blank=True, help_text="What value is counted in")
    comparator = CharField(allow_blank=True, help_text="What value is compared with")
    period = CharField(allow_blank=True, help_text="When it was measured")
    publisher = CharField(help_text="Who printed it")
    published = CharField(help_text="The day, or the month where the day is not known")


class Milestone(Serializer):
    key = CharField(help_text="A word for programs, as deadline")
    name = CharField(help_text="What it is the day of, in words")
    day = DateField(help_text="The first day on which it takes effect, as planned or as it came")
    words = CharField(allow_blank=True, help_text="How the source gives the day, as “autumn 2012”")
    settled = BooleanField(help_text="No longer a plan")
    why = CharField(allow_blank=True, help_text="Why the plan was moved to this day")
    source = CharField(help_text="Where the day was said")  # type: ignore[assignment]  # a field named source, not Field.source
    effective_from = DateField(allow_null=True, help_text="The day on which this version was made known")
    effective_to = DateField(allow_null=True, help_text="The last day on which it stood, inclusive")
    recorded_from = DateTimeField(help_text="When the register said so")
    recorded_to = DateTimeField(allow_null=True, help_text="When the register took it back, if it had by known_at")
    opened = CharField(help_text="Where in the change feed: entry.position")
    closed = CharField(allow_null=True, help_text="Where in the change feed it was taken back; null where it was not")
    recorded_kind = CharField(help_text="The kind of journal entry that recorded it, as event or correction")
    recorded_why = CharField(help_text="The reason that this entry gives")


class ChangeEntry(Serializer):
    number = IntegerField(help_text="Entries are numbered from 1 without a gap")
    at = DateTimeField(help_text="The instant of knowledge that it made", style=told(unit="UTC"))
    written_at = DateTimeField(help_text="When it was written, by the database's clock", style=told(unit="UTC"))
    actor = CharField(help_text="A person's reference, or system")
    on_behalf_of = CharField(allow_blank=True, help_text="For whom, where not in their own name")
    kind = CharField(help_text="What sort of entry it is", style=told(words=EntryKind.values))
    action = CharField(help_text="The action that wrote it")
    reason = CharField(help_text="Why, in words")
    source = JSONField(help_text="From what: a file with its hash, a letter, a decision")  # type: ignore[assignment]  # a field named source, not Field.source
    request = CharField(allow_blank=True, help_text="The request's own number, where it came by one")
    changes = IntegerField(help_text="How many facts it opened or closed", style=told(unit="changes"))
    previous_hash = CharField(help_text="The hash of the entry before it")
    hash = CharField(help_text="SHA-256 over the hash before it, its header and its changes")


class Changes(Serializer):
    demonstration = BooleanField(help_text="In a demonstration the hash leaves out written_at")
    entries = ChangeEntry(many=True, help_text="Headers of the entries, in order")
    results = ListField(child=JSONField(), help_text="Each change, with its place in the feed as `change`")
    next = CharField(allow_null=True, help_text="The next page; null at the end of the journal")


class Index(Serializer):
    resources = DictField(child=CharField(), help_text="The address of each resource by its name")
    licence = CharField(help_text="The licence that everything here is under")
    attribution = CharField(help_text="The words that the licence asks for")


class DictionaryField(Serializer):
    resource = CharField(help_text="The resource, as in its address: practices, decisions/summary")
    field = CharField(help_text="Its place in JSON: pct.code; branches[].name is of each of a list")
    column = CharField(
        allow_blank=True, help_text="Its heading in CSV and Excel; empty where it lies within the column above it"
    )
    type = CharField(help_text="What its values are; codes are text, whatever they look like")
    nullable = BooleanField(help_text="Whether it may be null in JSON: an empty cell in CSV and Excel")
    meaning = CharField(help_text="What it says")
    unit = CharField(allow_blank=True, help_text="What it is counted in")
    vocabulary = CharField(allow_blank=True, help_text="The words that it may be, where they are few")
    since = CharField(help_text="The version of the API that it is there since")


class DictionaryAnswer(Serializer):
    count = IntegerField(help_text="Rows of the answer")
    next = CharField(allow_null=True, help_text="Always null: the answer is whole")
    previous = CharField(allow_null=True, help_text="Always null")
    results = DictionaryField(many=True, help_text="A row for each field")
