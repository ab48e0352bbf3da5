"""The story of the demonstration, told in order, by the register's ordinary actions, on story time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connection, transaction

from consortia.actions import import_memberships
from consortia.models import Consortium
from pathfinders.demonstration import calendar, changes, claims, files, people, programme
from pathfinders.demonstration.areas import areas
from pathfinders.demonstration.bids import LED_BY_THE_DEMO
from pathfinders.demonstration.branches import branches, news
from pathfinders.demonstration.endings import endings, predecessors
from pathfinders.demonstration.groups import England, gather
from pathfinders.demonstration.handover import Handover
from pathfinders.demonstration.lists import patients
from pathfinders.demonstration.membership import BothSides
from pathfinders.demonstration.programme import OF_THE_DEMO, Programme
from pathfinders.demonstration.relocations import relocations
from pathfinders.demonstration.surgeries import Surgery, others, surgeries
from pathfinders.models import Wave
from pathfinders.states import BidState
from practices.actions.import_branches import import_branches
from practices.actions.import_list_sizes import import_list_sizes
from practices.actions.import_places import import_places
from practices.actions.import_practices import import_practices
from practices.actions.load_reference import load_reference
from registry import clock
from registry.clock import on_day
from registry.errors import Refused
from registry.files.report import Report
from registry.models import Entry, Installation, User
from registry.planner import analyse

Step = Callable[[str], AbstractContextManager[None]]


def build(step: Step = lambda sentence: nullcontext()) -> None:
    """Tell the whole story into an empty register. `step` is told what takes its time.

    Each action is a transaction of its own, as ever (in one for all of them Postgres takes three times as long); the
    last makes the story `whole`. Raises Refused where the register holds entries, or was declared a real one.
    """
    if Entry.objects.exists():
        raise Refused("not_empty", "This register holds entries already, so no demonstration is built in it.")
    Installation.declare(demonstration=True)
    if not Installation.is_demonstration():
        raise Refused("real", "This register was declared a real one; a demonstration needs a database of its own.")
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")  # a build that the power cuts short is begun anew anyway
    with step("Drawing the map"):
        practices = surgeries(areas())
        england = gather(areas(), practices)
    # A story time around all others: whether this is a demonstration is asked once, not for each of them.
    with TemporaryDirectory() as folder, clock.story_time(on_day(calendar.BEGINS)):
        Told(england, practices, Path(folder), step).tell()


def whole() -> bool:
    """Whether the story has been told to its end: its last step opens the last wave."""
    return Wave.objects.filter(number=max(calendar.OPENED)).exists()


class Told:
    """The story as far as it has been told."""

    def __init__(self, england: England, practices: list[Surgery], folder: Path, step: Step) -> None:
        self.england, self.practices, self.folder, self.step = england, practices, folder, step
        self.operator = User.objects.system()
        self.endings = endings(england)
        self.gone = [e.surgery for e in self.endings]
        self.patients = patients(england, practices, self.endings)
        self.branches = branches(practices)

    def tell(self) -> None:
        with self.step("Who exists: trusts, practices, places, branches"):
            self._who_exists()
        self._lists("2010Q3")
        with self.step("People and their roles"), clock.story_time(on_day(calendar.BEGINS)):
            self._people()
            programme.deadline(self.admin)
            self.handover = Handover(self.admin, areas(), self._people_of_trusts())
        self._lists("2010Q4")
        self._hand_over(date(2010, 11, 15))
        self._wave(1)
        self._wave(2)
        self._lists("2011Q1")
        self._hand_over(date(2011, 2, 14))
        self._wave(3)
        self._wave(4)
        self._hand_over(date(2011, 4, 28))
        with self.step("Spring 2011: practices merge, a trust's new code, a move told wrongly"):
            self._ends(calendar.SOLIHULL_RECODED)
            self._solihull()
            changes.a_move_told_wrongly(self.admin, self.england)
        self._lists("2011Q2")
        with self.step("Summer 2011: new premises and names, the move put right"):
            self._amendments()
            changes.the_move_corrected(self.admin, self.england)
        with self.step("June 2011: practices are asked, and answer; lists are attested"):
            own = Consortium.objects.get(bid__bid__name=LED_BY_THE_DEMO)
            both_sides = BothSides(self.admin, own, self.manager)
            both_sides.june()
        self._hand_over(date(2011, 6, 29))
        self._wave(5)
        with self.step("Summer 2011: practices close, merge, join and leave"):
            self._ends(calendar.CHANGES_HEARD)
            changes.comings_and_goings(self.admin, self.england)
            self._emerging()
            self.programme.reshape()
        self._hand_over(date(2011, 8, 1))
        self.programme.local_criteria()
        self._lists("2011Q3")
        with self.step("August 2011: a dispute settled, moves, why practices are left out"):
            both_sides.august()
        self._hand_over(date(2011, 8, 31))
        with self.step("Bids for a newcomer to work on"), transaction.atomic():
            self.programme.leave_open()
        analyse()

    @property
    def admin(self) -> User:
        return self.programme.cast.admin

    def _who_exists(self) -> None:
        first = [s.area for s in {s.area.pct: s for s in self.practices}.values()]
        self.units = others(first, len(self.practices))
        merged = predecessors(first, self.practices, len(self.practices) + len(self.units))
        day = calendar.BEGINS
        with clock.story_time(on_day(day, hour=9)):
            load_reference(by=self.operator)
            rows = [*self.practices, *self.units, *(gone for gone, _ in merged)]
            _whole(import_practices(by=self.operator, path=self._put("practices", day, files.practices(rows))))
            _whole(import_places(by=self.operator, path=self._put("places", day, files.places(self.practices))))
            _whole(import_branches(by=self.operator, path=self._put("branches", day, files.branches(self.branches))))
        changes.merged_before(self.operator, merged)
        analyse()

    def _lists(self, quarter: str) -> None:
        day = calendar.LISTS_PUBLISHED[quarter]
        with self.step(f"List sizes of {quarter}"), clock.story_time(on_day(day, hour=7)):
            path = self._put("list-sizes", quarter, files.list_sizes(self.patients[quarter].items()))
            _whole(import_list_sizes(by=self.operator, path=path, quarter=quarter))

    def _people(self) -> None:
        cast = people.cast()
        names = list(dict.fromkeys(g.name for g in self.england.groups if g.state not in OF_THE_DEMO))
        self.programme = Programme(self.england, cast, dict(zip(names, people.leads(len(names)), strict=True)))
        self.programme.leads[LED_BY_THE_DEMO] = cast.demo["consortium_lead"]
        lambeth = next(g for g in self.england.groups if g.name == LED_BY_THE_DEMO)
        undecided = next(g for g in self.england.of_wave(6) if g.state == BidState.SUBMITTED)
        self.manager = people.practice_manager(lambeth.practices[0].code, undecided.practices[0].code)

    def _hand_over(self, upto: date) -> None:
        """What was heard of the trusts by the day."""
        with self.step(f"How trusts hand over, up to {upto:%B %Y}"):
            self.handover.tell(upto)

    def _people_of_trusts(self) -> dict[str, int]:
        lists, found = self.patients["2010Q3"], Counter[str]()
        for surgery in self.practices:
            found[surgery.area.pct] += lists.get(surgery.code, 0)
        return found

    def _wave(self, number: int) -> None:
        with self.step(f"Wave {number}: bids, findings, decisions"):
            wave = self.programme.decide_wave(number)
        with self.step(f"Wave {number}: release"):
            self._ends(wave.announced_on)
            if number == 3:
                self.programme.merge()
            self.programme.release(wave)
            claims.record(self.programme.cast.admin, number)

    def _ends(self, by: date) -> None:
        """Tell of the practices of whose end the register hears by the day."""
        while self.endings and self.endings[0].heard <= by:
            changes.ends(self.admin, self.endings.pop(0))

    def _solihull(self) -> None:
        """Solihull's care trust gets a new code on 15 April 2011 (domain.md section 3.2)."""
        moved = [s for s in (*self.practices, *self.units) if s.area.pct == "TAM" and not s.closed]
        day = calendar.SOLIHULL_RECODED
        with clock.story_time(on_day(day)):
            path = self._put("amendments", day, files.recoded(moved, to="5QW", joined=f"{day:%Y%m%d}"))
            _whole(import_practices(by=self.operator, path=path, amendments=True))

    def _amendments(self) -> None:
        """Practices in other premises or under another name, and what is new of branches."""
        day, gone = calendar.AMENDED, self.gone
        moved = relocations(self.practices, gone)
        with clock.story_time(on_day(day)):
            path = self._put("amendments", day, files.practices(moved))
            _whole(import_practices(by=self.operator, path=path, amendments=True))
            _whole(import_places(by=self.operator, path=self._put("places", day, files.places(moved))))
            path = self._put("branches", day, files.branches(news(self.branches, gone)))
            _whole(import_branches(by=self.operator, path=path))

    def _emerging(self) -> None:
        """Consortia that the press named and that never bid (domain.md section 6)."""
        day = calendar.CHANGES_HEARD
        with clock.story_time(on_day(day)):
            path = self._put("memberships", day, files.memberships(self.england.emerging, calendar.EMERGED))
            _whole(import_memberships(by=self.admin, path=path, create=True))

    def _put(self, what: str, of: date | str, text: str) -> Path:
        return files.put(self.folder, f"demonstration-{what}-{of}.csv", text)


def _whole(report: Report) -> None:
    """A file of ours that is refused is our mistake."""
    if report.refused or report.warnings:
        raise RuntimeError("\n".join(report.lines()))
