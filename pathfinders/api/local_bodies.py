"""Local bodies and clusters: the lists, one of each, and their fields. Fields are added at the end."""

from __future__ import annotations

from rest_framework.serializers import BooleanField, CharField, DateField, IntegerField, ListField
from rest_framework.serializers import Serializer as Fields

from pathfinders.api.accountable import SaysAccountable
from pathfinders.api.evidence import EvidenceRef, PublishedEvidence
from pathfinders.api.lists import PublicDetail, PublicList, VersionList
from pathfinders.api.serializers import BodyRef, GroupRef
from pathfinders.api.version_rows import VersionClocks
from pathfinders.reads import clusters, local_bodies, versions
from registry.api.dictionary import told
from transitions.models import ClusterKind, LocalBodyStatus


class LocalBodyRow(Fields):
    ref = CharField(help_text="Its reference, as LB0001")
    name = CharField(help_text="What it is called that day")
    kind = CharField(help_text="A word of the vocabulary of arrangements, as locality_board")
    kind_label = CharField(help_text="The kind as people read it")
    status = CharField(help_text="Whether it runs that day", style=told(words=LocalBodyStatus.values))
    pct = BodyRef(allow_null=True, help_text="The trust that it is under that day")
    sha = BodyRef(allow_null=True, help_text="The strategic health authority above that trust")
    consortium = GroupRef(allow_null=True, help_text="The consortium that it is under that day")
    reserved = CharField(allow_blank=True, help_text="The decisions that are reserved to it")
    people_words = CharField(allow_blank=True, help_text="Who sits on it, in words that name no person")
    clinical_leads = IntegerField(
        allow_null=True, help_text="How many clinical leads it has; null: not said", style=told(unit="people")
    )
    agreed_until = DateField(allow_null=True, help_text="The last day of what was agreed")
    exit_terms = CharField(allow_blank=True, help_text="How it is left before that day")
    replaces = CharField(allow_null=True, help_text="The reference of the local body that it replaced")
    replaced_by = ListField(
        child=CharField(), source="successor_list", help_text="The references of those that replaced it, of any day"
    )
    began = DateField(allow_null=True, help_text="The first day of its life; null: before all records")
    ended = DateField(allow_null=True, help_text="Its last day, inclusive; null where it goes on")
    evidence = EvidenceRef(help_text="The evidence for what is told of the day")


class LocalBodyTold(Fields):
    ref = CharField(help_text="Its reference, as LB0001")
    name = CharField(help_text="What it is called")
    kind = CharField(help_text="A word of the vocabulary of arrangements, as locality_board")
    kind_label = CharField(help_text="The kind as people read it")
    status = CharField(help_text="Whether it runs", style=told(words=LocalBodyStatus.values))
    pct = BodyRef(allow_null=True, help_text="The trust that it is under, with its name as last told by as_of")
    sha = BodyRef(allow_null=True, help_text="The strategic health authority above that trust")
    consortium_ref = CharField(allow_null=True, help_text="The reference of the consortium that it is under")
    reserved = CharField(allow_blank=True, help_text="The decisions that are reserved to it")
    people_words = CharField(allow_blank=True, help_text="Who sits on it, in words that name no person")
    clinical_leads = IntegerField(
        allow_null=True, help_text="How many clinical leads it has; null: not said", style=told(unit="people")
    )
    agreed_until = DateField(allow_null=True, help_text="The last day of what was agreed")
    exit_terms = CharField(allow_blank=True, help_text="How it is left before that day")
    replaces = CharField(
        source="replaces_ref", allow_null=True, help_text="The reference of the local body that it replaced"
    )
    evidence = PublishedEvidence(help_text="The evidence for it")


class LocalBodyVersion(LocalBodyTold, VersionClocks):
    """A local body over days on which nothing of it changed."""


class Member(Fields):
    code = CharField(help_text="The NHS code of the trust or authority")
    name = CharField(allow_null=True, help_text="Its name that day")
    sha_code = CharField(allow_null=True, help_text="Of a trust: the code of the authority above it")
    sha_name = CharField(allow_null=True, help_text="Of a trust: the name of that authority")


class ClusterRow(Fields):
    ref = CharField(help_text="Its reference, as CL0001")
    name = CharField(help_text="What it is called that day")
    kind = CharField(help_text="Whether it is made of trusts or of authorities", style=told(words=ClusterKind.values))
    since = DateField(allow_null=True, help_text="Since when it has been called that")
    until = DateField(allow_null=True, help_text="The last day on which it was, inclusive; null where it still is")
    members = IntegerField(help_text="How many trusts or authorities are in it that day", style=told(unit="bodies"))
    bodies = ListField(
        child=Member(),
        source="member_list",
        help_text="The trusts or authorities in it that day; in a cell of CSV or Excel, one JSON array",
        style={"array": True},
    )
    sha_codes = ListField(child=CharField(), help_text="Of trusts: the codes of the authorities that they are under")
    crosses_shas = BooleanField(help_text="Whether its trusts are under more than one authority")
    stands_alone = BooleanField(help_text="Whether it is one trust that was not joined with others")
    source = CharField(help_text="Where its name and its members were said")  # type: ignore[assignment]  # a field named source, not Field.source


class LocalBodies(SaysAccountable, VersionList):
    """Bodies and arrangements under a trust or a consortium on the day: practice-based commissioning groups, locality
    boards, clinical senates, polysystems. Until 31 March 2013 the trust stays accountable, whatever they decide."""

    in_editions = True
    read, serializer = local_bodies, LocalBodyRow
    versions, spell = versions.LOCAL_BODIES, LocalBodyVersion


class LocalBody(SaysAccountable, PublicDetail):
    """One local body."""

    resource = "local-bodies"
    read, serializer = local_bodies, LocalBodyRow


class Clusters(SaysAccountable, PublicList):
    """Clusters on the day: trusts, or authorities, under one management. The bodies in them stay in being."""

    in_editions = True
    read, serializer = clusters, ClusterRow


class Cluster(SaysAccountable, PublicDetail):
    """One cluster."""

    resource = "clusters"
    read, serializer = clusters, ClusterRow
