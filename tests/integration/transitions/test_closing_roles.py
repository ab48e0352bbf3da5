"""With the close the roles of who led a trust or reviewed for an authority end; with its undo they stand again."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from practices.models import ParentBody
from registry import clock
from registry.actions import end_role, erase_person, grant_role
from registry.authorization import Permission, may, objects_of
from registry.errors import Refused
from registry.models import Entry, RoleGrant, User
from tests import programme as told
from tests.integration.transitions.closing_world import ON, build_world
from tests.support.floor import broken
from transitions.actions import Source, close_body, close_trusts, preview_close, set_stage, undo_close
from transitions.actions.roles_end import end_roles
from transitions.models import RoleEnding

__all__ = ["build_world"]
LONE = {"Z00007": "special: It serves a prison."}
PRESS = Source("press", "The map", "Pulse")


class Cast:
    def __init__(self) -> None:
        self.admin = told.person("programme_admin")
        self.lead, self.other = told.person(pct_lead="5LE"), told.person(pct_lead="5LF")
        self.reviewer, self.manager = told.person(sha_assessor="Q36"), told.person(practice_manager="Z00001")


@pytest.fixture
def who(in_world: Any, settings: Any) -> Cast:
    settings.DEMO = True
    return Cast()


def close(by: User, on: date = ON) -> Entry:
    plan = preview_close(by=by, explained=LONE, on=on)
    return close_trusts(by=by, explained=LONE, plan_hash=plan.hash, why="The Act", on=on)


def now(user: User) -> User:
    """The person as the next request reads them."""
    return User.objects.get(pk=user.pk)


def page(user: User, path: str = "/pct/") -> tuple[int, str]:
    client = Client()
    client.force_login(now(user))
    answer: Any = client.get(path)
    return answer.status_code, " ".join(answer.content.decode().split())


def periods() -> dict[str, Any]:
    return {str(g.pk): g.period for g in RoleGrant.objects.all()}


def test_who_led_a_trust_reads_but_writes_nothing_until_the_close_is_undone(who: Cast) -> None:
    before = periods()
    plan = preview_close(by=who.admin, explained=LONE)
    assert {(row.code, row.person) for row in plan.roles} == {
        ("5LE", who.lead.ref), ("5LF", who.other.ref), ("Q36", who.reviewer.ref),
    }  # fmt: skip
    assert periods() == before, "a preview ends nothing"
    entry = close(who.admin)
    assert entry.source["roles"] == {"5LE": 1, "5LF": 1, "Q36": 1}
    trust = ParentBody.objects.get(code="5LE")
    for person in (who.lead, who.other, who.reviewer):
        assert not now(person).grants_now() and RoleGrant.objects.get(user=person).period.upper == clock.today()
    with pytest.raises(Refused) as error:
        set_stage(by=now(who.lead), pct=trust, stage="in_talks", on=date(2012, 1, 1), source=PRESS)
    assert error.value.status == 403 and "5LE closed, and your role as its lead ended with it" in error.value.message
    assert objects_of(now(who.manager), "practice_manager") == {"Z00001"}, "nobody else's"
    assert may(now(who.admin), Permission.KEEP_TRANSITION)
    log = RoleGrant.pgh_event_model.objects.filter(pgh_obj=RoleGrant.objects.get(user=who.lead)).order_by("-pgh_id")[0]
    assert (log.pgh_context.metadata["action"], log.pgh_context.metadata["entry"]) == ("end_roles", entry.number)

    status, words = page(who.lead)
    assert (
        status == 200
        and "Southwark PCT (5LE)" in words
        and "It closed on 31 March 2013, and your role as PCT lead" in words
    )
    assert "/pcts/5LE/?as_of=2013-03-31" in words and "Ended role" in words
    assert "/shas/Q36/?as_of=2013-03-31" in page(who.reviewer)[1] and "SHA assessor" in page(who.reviewer)[1]
    assert page(who.lead, "/pct/5LE/stage/")[0] == 403 and "ended with it" in page(who.lead, "/pct/5LE/stage/")[1]
    assert page(who.lead, "/pcts/5LE/?as_of=2013-03-31")[0] == 200 and page(who.manager)[0] == 403
    assert "3 roles, of who led a trust" in page(who.admin, f"/staff/close/{entry.number}/")[1]

    undo_close(by=who.admin, entry=entry, why="A trial")
    assert periods() == before and "Your primary care trust" in page(who.lead)[1]
    assert set_stage(by=now(who.lead), pct=trust, stage="in_talks", on=date(2012, 1, 1), source=PRESS, why="Late.")
    assert not RoleEnding.objects.standing().exists()
    assert close(who.admin) and not now(who.lead).grants_now(), "and they end again"


def test_a_close_ahead_of_its_day_leaves_them_until_then(who: Cast) -> None:
    entry = Entry.objects.order_by("-number")[0]  # Postgres holds a new one to its machine's clock: the roles alone
    with time_machine.travel(datetime(2013, 3, 20, 12, tzinfo=clock.LONDON), tick=False):
        end_roles(by=who.admin, entry=entry, codes=["5LE"], on=ON)
        assert now(who.lead).grants_now() and RoleGrant.objects.get(user=who.lead).period.upper == ON
        words = page(who.lead)[1]
        assert "Your primary care trust" in words
        assert "ends with 31 March 2013: from then on you can read, but record nothing" in words
    with time_machine.travel(datetime(2013, 4, 1, 0, 1, tzinfo=clock.LONDON), tick=False):
        assert "Your role has ended" in page(who.lead)[1]


def test_who_left_meanwhile_or_never_held_it_is_given_nothing_back(who: Cast) -> None:
    second = told.person(pct_lead="5LE")
    tomorrow = clock.today() + timedelta(days=1)
    later = grant_role(by=who.admin, user=second, role="sha_assessor", ref="Q36", start=tomorrow)
    entry = close(who.admin)
    assert RoleGrant.objects.get(pk=later.pk).period.isempty, "not begun: never held"
    erase_person(by=who.admin, user=now(who.lead), reason="She asked.")
    end_role(by=who.admin, grant=RoleGrant.objects.get(user=who.other), on=date(2012, 1, 1))
    undo_close(by=who.admin, entry=entry, why="A trial")
    assert RoleGrant.objects.get(user=who.lead).period.upper == clock.today(), "an erased person leads nothing"
    assert RoleGrant.objects.get(user=who.other).period.upper == date(2012, 1, 1), "what staff said since stands"
    assert RoleGrant.objects.get(user=second, role="pct_lead").period.upper is None
    assert RoleGrant.objects.get(pk=later.pk).period.lower == tomorrow


def test_nobody_is_given_a_role_for_a_trust_that_has_closed(who: Cast) -> None:
    new = {"by": who.admin, "user": told.person(), "role": "pct_lead", "ref": "5LE"}
    entry = close(who.admin)
    for start, end, field in ((None, None, "ref"), (date(2013, 1, 1), None, "end"), (ON, date(2014, 1, 1), "ref")):
        with pytest.raises(Refused) as error:
            grant_role(**new, start=start, end=end)
        assert (error.value.code, error.value.field) == ("body_closed", field), (start, end)
        assert "5LE closed on 31 March 2013" in error.value.message
    assert grant_role(**new, start=date(2013, 1, 1), end=ON), "for days of its life"
    undo_close(by=who.admin, entry=entry, why="A trial")
    assert grant_role(**new)


def test_the_roles_of_one_body_end_with_it(who: Cast) -> None:
    close_body(by=who.admin, body=ParentBody.objects.get(code="5LE"), last_day=date(2012, 9, 30), why="It merged.",
               explained=dict.fromkeys((f"Z{n:05}" for n in range(1, 9)), "They wait."))  # fmt: skip
    assert not now(who.lead).grants_now() and now(who.other).grants_now() and now(who.reviewer).grants_now()
    assert "It closed on 30 September 2012, and your role as PCT lead ended" in page(who.lead)[1]


def test_postgres_keeps_what_was_ended(who: Cast) -> None:
    entry = close(who.admin)
    row = RoleEnding.objects.filter(entry=entry)[0]
    copy = {"grant": row.grant, "entry": row.entry, "day": row.day}
    refusals = {
        "role_ends_once_an_entry": lambda: RoleEnding.objects.create(**copy, period=row.period),
        "role_ending_takes_days": lambda: RoleEnding.objects.create(
            **copy, period=type(row.period)(date(2010, 4, 1), row.day)
        ),
        "endings of roles are never changed (transitions_roleending)": lambda: RoleEnding.objects.update(day=ON),
        "endings of roles are never deleted (transitions_roleending)": lambda: row.delete(),
    }
    for says, change in refusals.items():
        assert broken(change) == says
