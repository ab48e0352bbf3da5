"""The story of the demonstration, told in order, by the register's ordinary actions, on story time."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction

from pathfinders.demonstration import calendar, changes, claims, files, people
from pathfinders.demonstration.areas import areas
from pathfinders.demonstration.groups import England, gather
from pathfinders.demonstration.programme import LED_BY_THE_DEMO, Programme
from pathfinders.demonstration.surgeries import Surgery, lists, others, surgeries
from pathfinders.models import Wave
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
    with step("Drawing the map"):
        practices = surgeries(areas())
        england = gather(areas(), practices)
    with TemporaryDirectory() as folder:
        Told(england, practices, Path(folder), step).tell()


def whole() -> bool:
    """Whether the story has been told to its end: its last step opens the last wave."""
    return Wave.objects.filter(number=max(calendar.OPENED)).exists()


class Told:
    """The story as far as it has been told."""

    def __init__(self, england: England, practices: list[Surgery], folder: Path, step: Step) -> None:
        self.england, self.practices, self.folder, self.step = england, practices, folder, step
        self.operator = User.objects.system()

    def tell(self) -> None:
        with self.step("Who exists: trusts, practices, places"), clock.story_time(on_day(calendar.BEGINS, hour=9)):
            self._who_exists()
        self._lists("2010Q3")
        with self.step("People and their roles"), clock.story_time(on_day(calendar.BEGINS)):
            self._people()
        self._wave(1, before="2010Q4")
        self._wave(2)
        self._lists("2011Q1")
        self._wave(3)
        self._wave(4)
        with self.step("Spring 2011: a trust's new code, a move told wrongly"):
            self._solihull()
            changes.a_move_told_wrongly(self.programme.cast.admin, self.england)
        self._lists("2011Q2")
        self._wave(5)
        with self.step("Summer 2011: practices close, join and leave"):
            changes.comings_and_goings(self.programme.cast.admin, self.england)
        self._lists("2011Q3")
        with self.step("Bids for a newcomer to work on"), transaction.atomic():
            self.programme.leave_open()
        analyse()

    def _who_exists(self) -> None:
        load_reference(by=self.operator)
        units = [*self.practices, *others([s.area for s in _one_a_pct(self.practices)], len(self.practices))]
        path = files.put(self.folder, f"demonstration-practices-{calendar.BEGINS}.csv", files.practices(units))
        _whole(import_practices(by=self.operator, path=path))
        path = files.put(self.folder, f"demonstration-places-{calendar.BEGINS}.csv", files.places(self.practices))
        _whole(import_places(by=self.operator, path=path))
        analyse()

    def _lists(self, quarter: str) -> None:
        with (
            self.step(f"List sizes of {quarter}"),
            clock.story_time(on_day(calendar.LISTS_PUBLISHED[quarter], hour=7)),
        ):
            text = files.list_sizes((s.code, self.patients[s.code][quarter]) for s in self.practices)
            path = files.put(self.folder, f"demonstration-list-sizes-{quarter}.csv", text)
            _whole(import_list_sizes(by=self.operator, path=path, quarter=quarter))

    def _people(self) -> None:
        cast = people.cast()
        names = list(dict.fromkeys(g.name for g in self.england.groups if g.state != "draft"))
        self.programme = Programme(self.england, cast, dict(zip(names, people.leads(len(names)), strict=True)))
        self.programme.leads[LED_BY_THE_DEMO] = cast.demo["consortium_lead"]
        lambeth = next(g for g in self.england.groups if g.name == LED_BY_THE_DEMO)
        people.practice_manager(lambeth.practices[0].code)

    def _wave(self, number: int, before: str = "") -> None:
        if before:
            self._lists(before)
        with self.step(f"Wave {number}: bids, findings, decisions"):
            wave = self.programme.decide_wave(number)
        with self.step(f"Wave {number}: release"):
            if number == 3:
                last = self.england.of_wave(3)[-1]
                changes.one_closes_before_release(self.programme.cast.admin, last)
                self.programme.merge()
            self.programme.release(wave)
            claims.record(self.programme.cast.admin, number)

    def _solihull(self) -> None:
        """Solihull's care trust gets a new code on 15 April 2011 (domain.md section 3.2)."""
        moved = [s for s in self.practices if s.area.pct == "TAM"]
        day = calendar.SOLIHULL_RECODED
        with clock.story_time(on_day(day)):
            text = files.recoded(moved, to="5QW", joined=f"{day:%Y%m%d}")
            path = files.put(self.folder, f"demonstration-amendments-{day}.csv", text)
            _whole(import_practices(by=self.operator, path=path, amendments=True))

    @property
    def patients(self) -> dict[str, dict[str, int]]:
        if not hasattr(self, "_patients"):
            self._patients = {s.code: lists(s) for s in self.practices}
        return self._patients


def _one_a_pct(practices: list[Surgery]) -> list[Surgery]:
    return list({s.area.pct: s for s in practices}.values())


def _whole(report: Report) -> None:
    """A file of ours that is refused is our mistake."""
    if report.refused or report.warnings:
        raise RuntimeError("\n".join(report.lines()))
