"""Several codes a body, provisional or confirmed and dated; and when a body operated apart from its legal life."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from consortia.models import Consortium, ConsortiumParticulars
from practices.actions import (
    confirm_identifier,
    end_identifier,
    give_identifier,
    import_organisations,
    record_operation,
)
from practices.models import OperationalLife, ParentBody
from registry.errors import Refused
from registry.invariants import findings
from registry.models import Entry, User
from registry.models.fact import Lower, Upper
from tests import factories as make
from tests.support.files import write

pytestmark = pytest.mark.django_db
MAY, APRIL = date(2012, 5, 31), date(2013, 4, 1)
OWN = "code,kind,name,gss,above,opened,last_day,longitude,latitude,operational_open,operational_close,identifiers"
PCT = "5QV,pct,Hertfordshire,E16000150,,2006-10-01,2013-03-31,,,{}"


@pytest.fixture
def group() -> Consortium:
    return make.make_consortium("GC0001")


def give(by: User, bearer: Any, value: str = "00K", **more: Any) -> Entry:
    told = {"scheme": "ods", "standing": "provisional", "on": MAY, "why": "NHSCB's list"} | more
    return give_identifier(by=by, bearer=bearer, value=value, **told)


def borne(bearer: Any) -> list[tuple[str, str, str, str]]:
    """Code, standing, first day, half-open end."""
    rows = bearer.identifiers.current().annotate(_f=Lower("effective"), _t=Upper("effective")).order_by("value", "_f")
    return [(f"{i.scheme}:{i.value}", i.standing, str(i._f or ""), str(i._t or "")) for i in rows]


def test_a_code_is_given_confirmed_ended_and_given_to_another(system: User, group: Consortium) -> None:
    other = make.make_consortium("GC0002")
    give(system, group, " 00k ")
    give(system, group, "E38000001", scheme="gss", standing="confirmed")
    confirm_identifier(by=system, bearer=group, scheme="ods", value="00K", on=APRIL, why="The order is made.")
    with pytest.raises(Refused, match="is the code of GC0001 on one of the days"):
        give(system, other, on=date(2011, 1, 1))
    end_identifier(by=system, bearer=group, scheme="ods", value="00K", last_day=date(2014, 3, 31), why="Merged.")
    end_identifier(by=system, bearer=group, scheme="gss", value="E38000001", last_day=None, why="A slip.")
    give(system, other, on=date(2014, 4, 1))
    assert borne(group) == [
        ("ods:00K", "provisional", "2012-05-31", "2013-04-01"),
        ("ods:00K", "confirmed", "2013-04-01", "2014-04-01"),
    ]
    assert borne(other) == [("ods:00K", "provisional", "2014-04-01", "")]
    kinds = Entry.objects.filter(action="end_identifier").order_by("number").values_list("kind", flat=True)
    assert list(kinds) == ["late", "correction"]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"value": "K00"}, "bad_code"),
        ({"value": "E3800001", "scheme": "gss"}, "bad_code"),
        ({"scheme": "own"}, "bad_scheme"),
        ({"standing": "sure"}, "bad_standing"),
        ({"why": " "}, "no_reason"),
        ({"on": date(1900, 1, 1)}, "bad_day"),
        ({"value": "00L"}, "wrong_state"),
    ],
)
def test_what_is_refused(system: User, group: Consortium, more: dict[str, Any], code: str) -> None:
    give(system, group, "00L")
    with pytest.raises(Refused) as refused:
        give(system, group, **more)
    assert refused.value.code == code
    for act in (confirm_identifier, end_identifier):
        day = {"on": APRIL} if act is confirm_identifier else {"last_day": APRIL}
        with pytest.raises(Refused, match="does not bear 00M"):
            act(by=system, bearer=group, scheme="ods", value="00M", why="x", **day)


def test_a_bodys_codes_are_its_own(system: User) -> None:
    pct = make.make_pct("5QV", gss="E16000150")
    ccg = make.make_body("01A", "A CCG", kind="ccg", start=APRIL)
    give(system, ccg, "00K")  # before it begins, as in May 2012
    for bearer, value, scheme in ((ccg, "5QV", "ods"), (ccg, "E16000150", "gss"), (pct, "01A", "ods")):
        with pytest.raises(Refused) as refused:
            give(system, bearer, value, scheme=scheme)
        assert refused.value.code == ("bad_code" if value == "5QV" else "wrong_state")
    with pytest.raises(Refused, match="The last day of 5QV was 31 March 2013"):
        give(system, pct, "5QW", on=APRIL)
    give(system, pct, "5QW")
    assert borne(pct) == [("ods:5QW", "provisional", "2012-05-31", "2013-04-01")]


def test_codes_end_with_their_bearer(system: User, group: Consortium) -> None:
    give(system, group)
    with make.writing("end") as entry:
        entry.cap(ConsortiumParticulars, (group.pk,), APRIL)
    assert borne(group) == [("ods:00K", "provisional", "2012-05-31", "2013-04-01")]


def operation(body: ParentBody) -> tuple[str, str]:
    (row,) = OperationalLife.objects.current().filter(body=body).annotate(_f=Lower("effective"), _t=Upper("effective"))
    return str(row._f), str(row._t or "")


def test_a_trust_operates_beyond_its_legal_end(system: User) -> None:
    pct = make.make_pct("5QV", start=date(2006, 10, 1))

    def say(start: date | None, last: date | None) -> Entry:
        return record_operation(by=system, body=pct, start=start, last_day=last, why="The closure plan.")

    assert say(date(2006, 10, 1), None).kind == "late"
    assert say(date(2006, 10, 1), date(2013, 6, 30)).kind == "late"
    assert say(date(2006, 10, 1), date(2013, 7, 31)).kind == "correction"
    assert operation(pct) == ("2006-10-01", "2013-08-01")
    for start, last, code in (
        (date(2006, 10, 1), date(2013, 7, 31), "wrong_state"),
        (date(2013, 4, 1), date(2013, 7, 31), "outside_life"),
        (date(2013, 1, 1), date(2012, 7, 31), "reversed"),
        (None, date(2013, 7, 31), "no_first_day"),
    ):
        with pytest.raises(Refused) as refused:
            say(start, last)
        assert refused.value.code == code
    assert say(None, None).kind == "correction"
    assert not OperationalLife.objects.current().exists()


def test_a_file_of_organisations_may_tell_both(system: User, tmp_path: Path) -> None:
    def load(name: str, *rows: str) -> Any:
        return import_organisations(by=system, path=write(tmp_path / f"{name}.csv", OWN, *rows))

    told = PCT.format("2006-10-01,2013-06-30,ods:5QW:provisional; gss:E16999999")
    assert load("a_2014-01-01", told).new == 1
    pct = ParentBody.objects.get(code="5QV")
    both = [
        ("ods:5QW", "provisional", "2006-10-01", "2013-04-01"),
        ("gss:E16999999", "confirmed", "2006-10-01", "2013-04-01"),
    ]
    assert (borne(pct), operation(pct)) == (both, ("2006-10-01", "2013-07-01"))
    assert load("b_2014-02-01", PCT.format(",,")).unchanged == 1
    report = load("c_2014-03-01", PCT.format("2006-10-01,2013-07-31,ods:5QW"))
    assert (report.changed, operation(pct)[1], borne(pct)[0][1]) == (1, "2013-08-01", "confirmed")
    wrong = load(
        "d_2014-04-01",
        PCT.format(",2013-06-30,"),
        PCT.format("2006-10-01,2001-06-30,").replace("5QV", "5QX"),
        PCT.format(",,own:1").replace("5QV", "5QY"),
        PCT.format(",,gss:E1").replace("5QV", "5QZ"),
        PCT.format(",,ods:5QW").replace("5QV", "5Q1"),
    )
    assert [(r.line, r.column) for r in wrong.refused] == [
        (2, "operational_close"),
        (3, "operational_close"),
        (4, "identifiers"),
        (5, "identifiers"),
        (6, "identifiers"),
    ]


def test_one_code_of_two_bodies_is_found(system: User) -> None:
    def broken() -> list[str]:
        return [f.rule.name for f in findings() if f.rows and "identifier" in f.rule.name]

    pct = make.make_pct("5QV")
    give(system, pct, "5QW")
    give(system, pct, "E16000151", scheme="gss")
    assert broken() == []
    make.make_pct("5QX", gss="E16000151")
    assert broken() == ["identifier_of_one_body"]
