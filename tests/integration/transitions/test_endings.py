"""What ends with what: local bodies and delegations, whichever was recorded first, and who may end them."""

from __future__ import annotations

from datetime import date

import pytest

from consortia.models import ConsortiumParticulars
from practices.models import BodyParticulars
from registry.errors import Refused
from tests import factories as make
from tests import programme as told
from transitions.actions import Source, delegate, end_local_body, set_budget_line, set_local_body
from transitions.models import Delegation, LocalBodyParticulars

pytestmark = pytest.mark.django_db
APRIL, OCTOBER = date(2011, 4, 1), date(2011, 10, 1)
PRESS = Source("press", "GPs take the budget", "Pulse")


@pytest.fixture
def case():
    class Case:
        pct = make.make_pct("5NE", name="Cumbria")
        other = make.make_pct("5QE", name="Oxfordshire")
        group = make.make_consortium("GC0001", name="Eden", start=date(2010, 4, 1))
        admin = told.person("programme_admin")
        lead = told.person(pct_lead="5NE")

    return Case


def put(case, **more):
    first = {"by": case.lead, "on": APRIL, "kind": "locality_board", "name": "Eden board", "pct": case.pct}
    return set_local_body(**first | {"source": PRESS} | more)


def give(case, holder, **more):
    first = {"by": case.lead, "pct": case.pct, "year": "2011/12", "line": "all", "on": APRIL, "amount": 10}
    return delegate(**first | {"holder": holder, "level": "shadow", "source": PRESS} | more)


def line(case):
    set_budget_line(by=case.lead, pct=case.pct, year="2011/12", line="all", on=APRIL, total=100, source=PRESS)


def held():
    return [(d.holder, d.effective.lower, d.effective.upper) for d in Delegation.objects.current()]


def test_who_kept_it_once_does_not_end_what_another_trust_keeps_now(case):
    body = put(case)
    put(case, by=case.admin, body=body, on=OCTOBER, pct=case.other, why="It moved.")
    with pytest.raises(Refused) as error:
        end_local_body(by=case.lead, body=body, last_day=date(2011, 9, 1), why="Mine no more.")
    assert error.value.status == 403
    assert LocalBodyParticulars.objects.current().filter(pct=case.other).exists()


def test_nothing_is_delegated_to_a_body_beyond_its_end(case):
    line(case)
    body = put(case)
    end_local_body(by=case.lead, body=body, last_day=date(2011, 9, 30), why="Wound up.")
    give(case, body.ref)
    assert held() == [(body.ref, APRIL, OCTOBER)]


def test_nothing_is_delegated_to_a_consortium_beyond_its_end(case):
    line(case)
    give(case, "GC0001")
    with make.writing() as entry:
        entry.cap(ConsortiumParticulars, (case.group.pk,), OCTOBER)
    assert held() == [("GC0001", APRIL, OCTOBER)]


def test_a_trust_delegates_nothing_beyond_an_end_that_is_known(case):
    line(case)
    with make.writing() as entry:
        entry.cap(BodyParticulars, (case.pct.pk,), OCTOBER)
    give(case, "GC0001")
    assert held() == [("GC0001", APRIL, OCTOBER)]
