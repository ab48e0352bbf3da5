"""A close and somebody else at the same moment: whoever comes second is told, and nothing is half of each.

The first holds the journal's lock, uncommitted, until the second is seen to wait for it: no race is left to luck.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction

from consortia.actions.changing import end_membership
from consortia.models import Consortium, Membership
from practices.models import ParentBody
from registry.errors import Refused
from registry.invariants import findings
from registry.models import Entry, User
from tests import programme as told
from tests.integration.transitions.closing_world import ON, build_world, practice
from transitions.actions import (
    Source,
    close_trusts,
    delegate,
    preview_close,
    record_succession,
    set_budget_line,
    set_stage,
    undo_close,
)
from transitions.models import Delegation, TransitionStage
from transitions.succession_rules import SUCCESSION

__all__ = ["build_world"]
LONE = {"Z00007": "special: It serves a prison."}
PRESS = Source("press", "The map", "Pulse")
WAITS = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"


def while_open(first: Callable[[], Any], second: Callable[[], Any]) -> tuple[Any, Any]:
    """What both gave, or the refusal of each: the second began while the first was written and not yet committed."""
    found: list[Any] = []

    def tries() -> None:
        try:
            found.append(second())
        except Refused as refused:
            found.append(refused)
        finally:
            connection.close()

    thread, pause = threading.Thread(target=tries), threading.Event()
    with transaction.atomic():
        done = first()
        thread.start()
        for _ in range(500):
            with connection.cursor() as cursor:
                cursor.execute(WAITS)
                if cursor.fetchone()[0]:
                    break
            pause.wait(0.02)
        else:
            pytest.fail("the second never waited for the first")
    thread.join(20)
    return done, found[0]


def closing(by: User, **explained: str) -> Callable[[], Entry]:
    """A close of what this person has just rehearsed."""
    left = LONE | explained
    seen = preview_close(by=by, explained=left).hash
    return lambda: close_trusts(by=by, explained=left, plan_hash=seen, why="The Act")


def closes() -> list[str]:
    return list(Entry.objects.filter(action__in=["close_trusts", "undo_close"]).values_list("action", flat=True))


def broken() -> list[str]:
    return [f.rule.name for f in findings(SUCCESSION) if f.rows and not f.rule.warning]


def test_of_two_administrators_one_closes_and_one_takes_it_back(committed_world: Any) -> None:
    one, other = told.person("programme_admin"), told.person("programme_admin")
    entry, refused = while_open(closing(one), closing(other))
    assert isinstance(entry, Entry) and isinstance(refused, Refused) and closes() == ["close_trusts"]
    assert refused.status == 412 and "The register has changed since you rehearsed" in refused.message
    undo = {"entry": entry, "why": "A trial"}
    back, refused = while_open(lambda: undo_close(by=one, **undo), lambda: undo_close(by=other, **undo))
    assert isinstance(back, Entry) and closes() == ["close_trusts", "undo_close"]
    assert refused.status == 409 and f"was taken back by entry {back.number} already" in refused.message
    assert broken() == []


def test_a_change_of_membership_or_money_that_came_first_stops_the_close(committed_world: Any) -> None:
    admin, lead = told.person("programme_admin"), told.person(pct_lead="5LE")
    keeper = told.person(consortium_lead="GC0002")
    leaves = {"by": keeper, "consortium": Consortium.objects.get(ref="GC0002"), "practice": practice("Z00002")}
    _, refused = while_open(
        lambda: end_membership(**leaves, on=date(2013, 3, 1), reason="resigned", why="It left."), closing(admin)
    )
    assert refused.status == 409 and [row["code"] for row in refused.detail] == ["Z00002"], "it is unplaced now"
    assert not Membership.objects.current().filter(practice=leaves["practice"], effective__contains=ON).exists()
    budget = {"pct": ParentBody.objects.get(code="5LE"), "year": "2012/13", "line": "all", "source": PRESS}
    set_budget_line(by=lead, **budget, on=date(2012, 4, 1), total=90_000)
    given = {"holder": "GC0001", "on": date(2013, 1, 1), "amount": 500, "level": "delegated", "why": "More."}
    _, refused = while_open(lambda: delegate(by=lead, **budget, **given), closing(admin, Z00002="undecided"))
    assert refused.status == 412 and closes() == [] and broken() == []
    assert closing(admin, Z00002="undecided")(), "rehearsed again, it closes"


def test_what_comes_after_the_close_finds_the_trust_closed(committed_world: Any) -> None:
    admin, lead = told.person("programme_admin"), told.person(pct_lead="5LE")
    trust = ParentBody.objects.get(code="5LE")
    year = {"by": lead, "pct": trust, "year": "2013/14", "line": "all", "source": PRESS}
    close, refused = while_open(
        closing(admin),
        lambda: delegate(**year, holder="GC0001", on=date(2013, 5, 1), amount=5, level="shadow", why="Late."),
    )
    assert refused.status == 422 and "5LE" in refused.message and closes() == ["close_trusts"]
    assert not Delegation.objects.current().filter(effective__overlap=(ON, None)).exists()
    undo_close(by=admin, entry=close, why="A trial")
    _, refused = while_open(
        closing(admin),
        lambda: set_stage(by=told.fresh(lead), pct=trust, stage="in_talks", on=date(2013, 5, 1), source=PRESS),
    )
    assert refused.status == 422 and "was no trust on 1 May 2013" in refused.message
    stages = TransitionStage.objects.current().filter(effective__contains=date(2013, 5, 1))
    assert set(stages.values_list("stage", flat=True)) == {"closed"}
    successor = [("08R", None, None)]
    with pytest.raises(Refused):
        record_succession(by=admin, predecessor=trust, successors=successor, on=ON, kind="absorb", why="Late.")
    assert broken() == []
