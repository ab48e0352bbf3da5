"""GET /api/v1/crosswalk/."""

from __future__ import annotations

from typing import Any

from rest_framework.serializers import (
    CharField,
    DateField,
    FloatField,
    IntegerField,
    JSONField,
    Serializer,
    URLField,
)

from pathfinders.api.accountable import FilesSayAccountable
from pathfinders.reads import crosswalk_rows
from pathfinders.reads.crosswalk import KINDS
from pathfinders.reads.pairs import ABSENT
from registry.api.dictionary import told
from registry.api.held import HeldList
from registry.api.schema import ROWS, Dates
from registry.api.shapes import Row
from registry.moment import Moment


class CrosswalkEnd(Serializer):
    code = CharField(help_text="Its code or reference")
    name = CharField(help_text="Its name on its day")


class CrosswalkRow(Serializer):
    source = CrosswalkEnd(  # type: ignore[assignment]  # the stubs take it for Field.source
        allow_null=True, help_text="Where the practices were on from_day; null: in none, see source_absent"
    )
    target = CrosswalkEnd(allow_null=True, help_text="Where they are on as_of; null: in none, see target_absent")
    source_absent = CharField(
        allow_blank=True,
        help_text="Why there is no source, empty where there is one. in_none: in none of the kind; closed: the "
        "practices had closed, with no successor known; opened: had not opened yet; not_counted: did not count then",
        style=told(words=ABSENT[1:]),
    )
    target_absent = CharField(
        allow_blank=True, help_text="Why there is no target, in the same words", style=told(words=ABSENT[1:])
    )
    practices = IntegerField(help_text="Practices that go this way, each in one row", style=told(unit="practices"))
    people = IntegerField(
        help_text="People on their lists, of the later of the two days; each person once", style=told(unit="people")
    )
    practices_without_list = IntegerField(
        help_text="Of practices, those of which no list size is known", style=told(unit="practices")
    )
    practice_share = FloatField(
        allow_null=True,
        help_text="Of the source’s practices, the part in this row: 8 places, sums to exactly 1 over a source",
        style=told(unit="part of 1"),
    )
    people_share = FloatField(
        allow_null=True,
        help_text="The same of its people; null where nobody is on any of its lists",
        style=told(unit="part of 1"),
    )
    practice_share_of_target = FloatField(
        allow_null=True, help_text="Of the target’s practices, the part in this row", style=told(unit="part of 1")
    )
    people_share_of_target = FloatField(
        allow_null=True, help_text="Of the target’s people, the part in this row", style=told(unit="part of 1")
    )
    chain = JSONField(
        help_text="Successions between the two days that lead from the source to the target, or on from the one and to "
        "the other: predecessor, successor, kind, on"
    )


class CrosswalkPage(Dates):
    source = CharField(  # type: ignore[assignment]  # the stubs take it for Field.source
        help_text="The kind of body of the source", style=told(words=KINDS)
    )
    target = CharField(help_text="The kind of body of the target", style=told(words=KINDS))
    from_day = DateField(help_text="The day of the source that was used")
    lists_on = DateField(help_text="The day of the list sizes: the later of from_day and as_of")
    count = IntegerField(help_text="Rows of the whole list")
    next = URLField(allow_null=True, help_text="The next page, with both dates pinned")
    previous = URLField(allow_null=True, help_text="The page before, with both dates pinned")
    results = CrosswalkRow(many=True, help_text="The rows of the page")


ROWS.add(CrosswalkRow.__name__)


class Crosswalk(FilesSayAccountable, HeldList):
    """What of each PCT, consortium, CCG or SHA on one day is whose on another: by practices and by people, computed from
    practice membership. Practices with no source or no target have rows of their own. A practice that closed and became
    part of another is followed to it; people are counted once."""

    public = True
    read, serializer = crosswalk_rows, CrosswalkRow

    def described(self) -> type[Serializer]:
        return CrosswalkPage

    def held(self, moment: Moment, asked: dict[str, Any]) -> tuple[list[Row], dict[str, Any]]:
        found, rows = crosswalk_rows.asked(self.request.user, moment, asked)
        of = found.asked
        days = {"from_day": of.from_day.isoformat(), "lists_on": found.lists_on.isoformat()}
        return rows, {"source": of.source, "target": of.target, **days}
