"""What a snapshot holds: each file's name, and how its bytes are made of the facts at its moment, as the public.

Every file but LICENCE.txt and dictionary.csv is a function of the moment alone, so that lost bytes can be made again
and compared with the hash that was published.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any

from django.contrib.auth.models import AnonymousUser

from pathfinders.api import budgets as budget_rows
from pathfinders.api import local_bodies as body_rows
from pathfinders.api import serializers, transition_rows
from pathfinders.api import surveys as survey_rows
from pathfinders.api.coverage import SHAPE as COVERAGE
from pathfinders.api.coverage import _flat as flat_coverage
from pathfinders.reads import (
    budgets,
    clusters,
    consortia,
    local_bodies,
    memberships,
    milestones,
    parents,
    pathfinders,
    practices,
    surveys,
    transitions,
    waves,
)
from pathfinders.reads.coverage import coverage
from registry import said
from registry.api import exports
from registry.api.cursors import Ordering
from registry.api.shapes import Row, Shape
from registry.models import Entry
from registry.moment import Moment

PUBLIC = AnonymousUser()
LISTS = {
    "practices": (practices, serializers.Practice),
    "parents": (parents, serializers.Parent),
    "consortia": (consortia, serializers.Consortium),
    "memberships": (memberships, serializers.Membership),
    "pathfinders": (pathfinders, serializers.Pathfinder),
    "waves": (waves, serializers.Wave),
    "transitions": (transitions, transition_rows.Transition),
    "budgets": (budgets, budget_rows.Budget),
    "surveys": (surveys, survey_rows.Survey),
    "survey-answers": (surveys, survey_rows.AnswerOfSurvey),
    "local-bodies": (local_bodies, body_rows.LocalBodyRow),
    "clusters": (clusters, body_rows.ClusterRow),
    "milestones": (milestones, serializers.Milestone),
}
ASKED: dict[str, tuple[str, ...]] = {"budgets": (budgets.EVERY_YEAR,)}
"""What a read is asked beside the moment."""
COVERAGE_NAME, FACTS = "coverage-by-sha", "facts.ndjson"
FORMS = ("csv", "ndjson", "json")
Pages = Iterator[list[Row]]


def names() -> list[str]:
    """The files of data, in the order of the manifest."""
    return [f"{name}.{form}" for name in (*LISTS, COVERAGE_NAME) for form in FORMS] + [FACTS]


def columns_of(name: str) -> list[str]:
    """The fields that a list has in this version of the program; none for the facts."""
    return [] if name == FACTS else shape_of(name.rpartition(".")[0]).names()


def writer(name: str, entry: Entry, moment: Moment, columns: list[str]) -> Callable[[IO[bytes]], int]:
    """What writes that file, and says how many rows it wrote."""
    if name == FACTS:
        return lambda out: _write_facts(out, entry)
    resource, _, form = name.rpartition(".")

    def write(out: IO[bytes]) -> int:
        counted = _Counted(_pages(resource, moment))
        if form == "json":
            _write_json(out, shape_of(resource), columns, counted, moment)
        else:
            exports.WRITERS[form](out, shape_of(resource), columns, counted)
        return counted.rows

    return write


def _write_json(out: IO[bytes], shape: Shape, columns: list[str], pages: Iterable[list[Row]], moment: Moment) -> None:
    """One document, as the API answers without its paging: both dates, then the rows, a line each."""
    out.write(json.dumps(moment.echo()).encode()[:-1] + b', "results": [')
    between = b"\n"
    for page in pages:
        for row in page:
            out.write(between + json.dumps(shape.shape(row, columns), ensure_ascii=False).encode())
            between = b",\n"
    out.write(b"\n]}\n")


def shape_of(resource: str) -> Shape:
    return COVERAGE if resource == COVERAGE_NAME else Shape(LISTS[resource][1])


def _pages(resource: str, moment: Moment) -> Pages:
    if resource == COVERAGE_NAME:
        yield [flat_coverage(row) for row in coverage(PUBLIC, moment, by="sha")]
        return
    if resource == "survey-answers":
        yield from exports.chunks(_answers(moment))
        return
    read: Any = LISTS[resource][0]
    finish = getattr(read, "finish", None)
    found = Ordering("", None, read.KEY).apply(read.rows(PUBLIC, moment, *ASKED.get(resource, ())))
    for page in exports.chunks(found.iterator(chunk_size=exports.CHUNK)):
        yield finish(PUBLIC, moment, page) if finish else page


def _answers(moment: Moment) -> Iterator[Row]:
    """A row for each trust of each survey, by survey."""
    for survey in surveys.rows(PUBLIC, moment).order_by("ref"):
        for row in surveys.answers(PUBLIC, moment, survey).order_by("code"):
            yield {**row, "survey": survey["ref"]}


class _Counted:
    """Pages as they are taken, with the rows counted."""

    def __init__(self, pages: Iterable[list[Row]]) -> None:
        self.pages, self.rows = pages, 0

    def __iter__(self) -> Pages:
        for page in self.pages:
            self.rows += len(page)
            yield page


def _write_facts(out: IO[bytes], entry: Entry) -> int:
    rows = 0
    for line in said.lines(entry.number):
        out.write(line)
        rows += 1
    return rows
