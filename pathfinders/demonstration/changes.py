"""What else happens in the story: practices move, close, join and leave; one move is told wrongly and put right."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from consortia.actions import (
    close_practice,
    correct_membership,
    join,
    leave,
    merge_practices,
    register_consortium,
)
from consortia.models import Consortium
from pathfinders.demonstration import calendar
from pathfinders.demonstration.endings import Ending, free, members_that_change
from pathfinders.demonstration.groups import England, Group
from pathfinders.demonstration.surgeries import Surgery
from pathfinders.models import Bid
from practices.actions import change_parent
from practices.models import ParentBody, Practice
from registry import clock
from registry.clock import on_day
from registry.models import User


def consortium_of(group: Group) -> Consortium:
    """The first consortium that a group's approved bid became."""
    bid = Bid.objects.get(name=group.name, wave=group.wave)
    return Consortium.objects.filter(bid__bid=bid).order_by("bid__position").first()  # type: ignore[return-value]


def practice(surgery: Surgery) -> Practice:
    return Practice.objects.get(code=surgery.code)


def a_move_told_wrongly(by: User, england: England) -> None:
    """Told to be on 1 May, recorded; seven weeks later it turns out to have been on 1 April."""
    group, other = _two_of_one_trust(england)
    with clock.story_time(on_day(calendar.MOVE_HEARD)):
        join(
            by=by,
            practice=practice(group.practices[-1]),
            consortium=consortium_of(other),
            on=calendar.MOVE_SAID,
            status="claimed",
            reason="transferred",
            why=f"The practice has moved to {other.name}.",
        )


def the_move_corrected(by: User, england: England) -> None:
    group, other = _two_of_one_trust(england)
    with clock.story_time(on_day(calendar.MOVE_CORRECTED)):
        correct_membership(
            by=by,
            practice=practice(group.practices[-1]),
            start=calendar.MOVE_TRUE,
            end=calendar.MOVE_SAID,
            consortium=consortium_of(other),
            status="claimed",
            reason="corrected",
            why="The practice writes that it moved on 1 April; 1 May was the day of our letter.",
        )


def _two_of_one_trust(england: England) -> tuple[Group, Group]:
    """A group of wave 1 and one of wave 2, neither merged nor of several consortia, in one trust."""
    second = {g.practices[0].area.pct: g for g in england.of_wave(2) if not g.consortia and len(g.practices) > 3}
    for group in england.of_wave(1):
        pct = group.practices[-1].area.pct
        if not group.consortia and not group.people and pct in second:
            return group, second[pct]
    raise ValueError("no trust has groups of both waves")


def ends(by: User, ending: Ending) -> None:
    """A practice closes, or becomes part of another."""
    gone = practice(ending.surgery)
    with clock.story_time(on_day(ending.heard)):
        if ending.into is None:
            close_practice(by=by, practice=gone, last_day=ending.last, reason=_why_closed(ending))
        else:
            merge_practices(
                by=by,
                practice=gone,
                into=practice(ending.into),
                on=ending.last + timedelta(days=1),
                reason=f"The partners of {ending.surgery.name} and {ending.into.name} have become one practice.",
            )


def _why_closed(ending: Ending) -> str:
    if ending.last > ending.heard:
        return "Its only partner has retired; patients have been asked to register nearby."
    return "Closed; its patients have registered with neighbouring practices."


def merged_before(by: User, pairs: list[tuple[Surgery, Surgery]]) -> None:
    """Mergers of the years before, told late: the files had the closures and not who followed."""
    with clock.story_time(on_day(calendar.BEGINS, hour=10)):
        for gone, into in pairs:
            merge_practices(
                by=by,
                practice=practice(gone),
                into=practice(into),
                on=datetime.strptime(gone.closed, "%Y%m%d").date() + timedelta(days=1),
                reason="From the trust's list of mergers since 2006.",
            )


def comings_and_goings(by: User, england: England) -> None:
    """Summer 2011: one practice leaves, some join, one comes under another trust, a consortium is registered."""
    members, lone = members_that_change(england), free(england)
    with clock.story_time(on_day(calendar.CHANGES_HEARD)):
        leave(
            by=by,
            practice=practice(members[5]),
            on=date(2011, 7, 1),
            why="The partners have withdrawn and are undecided.",
        )
        _joiners(by, england, lone[4:40])
        _registered(by, england)
        change_parent(
            by=by,
            practice=practice(england.left["5HX"][1]),
            parent=ParentBody.objects.get(code="5HY"),
            on=date(2011, 7, 1),
            reason="Agreed between the two trusts: most of its patients live in Hounslow.",
        )


def _joiners(by: User, england: England, free: list[Surgery]) -> None:
    """Six practices join the group of their trust."""
    groups = {g.practices[0].area.pct: g for g in england.of_wave(4)}
    willing = [s for s in free if s.area.pct in groups][:6]
    for surgery in willing:
        group = groups[surgery.area.pct]
        join(
            by=by,
            practice=practice(surgery),
            consortium=consortium_of(group),
            on=date(2011, 8, 1),
            status="claimed",
            reason="joined",
            why=f"The practice has joined {group.name}.",
        )


def _registered(by: User, england: England) -> None:
    """A consortium that never bid: the press named it as emerging (domain.md section 6)."""
    nelson = register_consortium(
        by=by,
        name="Nelson Commissioning Group",
        on=date(2011, 7, 1),
        reason="Named by the trust as emerging; it has not bid.",
    )
    for surgery in england.left["5M7"][1:5]:
        join(
            by=by,
            practice=practice(surgery),
            consortium=nelson,
            on=date(2011, 7, 1),
            status="claimed",
            reason="founding",
            why="On the list of members that the trust sent.",
        )
