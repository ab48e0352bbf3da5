"""Local bodies: what they are, under whom, inside whose life; arrangements, chains of replacement, both clocks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from consortia.models import ConsortiumParticulars
from practices.models import BodyParticulars
from registry.actions.roles import end_role
from registry.errors import Refused
from registry.models import Entry, EntryKind, User
from tests import factories as make
from tests import programme as told
from tests.support.documents import PDF
from transitions.actions import Source, document, end_local_body, set_local_body, undo_local_body
from transitions.actions.local_bodies import newest_entry
from transitions.actions.local_body_undoing import undoable
from transitions.models import Delegation, EvidenceDocument, EvidenceParticulars, LocalBodyParticulars

pytestmark = pytest.mark.django_db
JULY, APRIL, LAST = date(2010, 7, 1), date(2011, 4, 1), date(2013, 3, 31)
PRESS = Source("press", "GPs take the budget", "Pulse", words="summer 2010")


@pytest.fixture
def case():
    class Case:
        pct = make.make_pct("5NE", name="Cumbria")
        other = make.make_pct("5QE", name="Oxfordshire")
        group = make.make_consortium("GC0001", name="Eden", start=date(2010, 4, 1))
        admin = told.person("programme_admin")
        lead = told.person(pct_lead="5NE")
        group_lead = told.person(consortium_lead="GC0001")

    return Case


def put(case, **more):
    first = {"by": case.lead, "on": JULY, "kind": "locality_board", "name": "Eden board", "pct": case.pct}
    return set_local_body(**first | {"source": PRESS} | more)


def refused(case, **more) -> Refused:
    before = Entry.objects.count()
    with pytest.raises(Refused) as error:
        put(case, **more)
    assert Entry.objects.count() == before
    return error.value


def spells(body):
    rows = LocalBodyParticulars.objects.current().filter(local_body=body).order_by("effective")
    return [(r.effective.lower, r.effective.upper, r.name, r.pct_id, r.consortium_id) for r in rows]


def test_it_lives_inside_the_life_of_its_trust_and_changes_with_a_reason(case):
    body = put(case, reserved="What concerns the county", clinical_leads=6)
    assert (body.ref, spells(body)) == ("LB0001", [(JULY, LAST + timedelta(days=1), "Eden board", case.pct.pk, None)])
    first = LocalBodyParticulars.objects.get(local_body=body)
    assert (first.opened_by.kind, EvidenceParticulars.objects.get().evidence_id) == (EntryKind.LATE, first.evidence_id)
    assert refused(case, body=body, on=APRIL, name="Eden Locality").field == "why"
    put(case, body=body, on=APRIL, name="Eden Locality", why="It took a new name.")
    assert [s[:3] for s in spells(body)] == [
        (JULY, APRIL, "Eden board"),
        (APRIL, LAST + timedelta(days=1), "Eden Locality"),
    ]
    before = make.at(APRIL, first.opened_by.at)
    assert LocalBodyParticulars.objects.at(before).get().name == "Eden board", "as it was known then"
    assert refused(case, body=body, on=date(2011, 5, 1), name="Eden Locality", why="Again.").code == "no_change"
    put(case, body=body, on=date(2010, 8, 1), name="Eden", why="Misread.", correction=True)
    assert spells(body)[0][:3] == (JULY, APRIL, "Eden")
    assert EvidenceParticulars.objects.count() == 1, "one source, however often it is given"


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"kind": "parliament"}, "bad_choice", "kind"),
        ({"name": " "}, "no_name", "name"),
        ({"status": "dreamt"}, "bad_status", "status"),
        ({"pct": None}, "under_nobody", "pct"),
        ({"on": date(2013, 4, 1)}, "outside_life", "pct"),
        ({"clinical_leads": -1}, "bad_number", "clinical_leads"),
        ({"kind": "joint_working"}, "no_end", "agreed_until"),
        ({"kind": "support_contract", "agreed_until": LAST}, "no_exit", "exit_terms"),
        ({"agreed_until": date(2010, 6, 30)}, "bad_day", "agreed_until"),
        ({"source": Source("press", "")}, "no_source", "title"),
    ],
)
def test_what_is_wrong_is_refused_with_its_field(case, given, code, field):
    error = refused(case, **given)
    assert (error.code, error.field, error.status) == (code, field, 422)


def test_who_keeps_the_trust_or_the_consortium_records_it(case):
    assert refused(case, pct=case.other).status == 403
    assert refused(case, by=case.group_lead).status == 403, "a consortium's lead puts nothing under a trust"
    assert refused(case, pct=None, consortium=case.group).status == 403
    own = put(case, by=case.group_lead, pct=None, consortium=case.group)
    both = put(case, name="Both", consortium=case.group)
    put(case, by=case.group_lead, body=both, name="Ours too", consortium=case.group, why="Its lead says so.")
    taken = {"by": case.group_lead, "body": both, "pct": None, "consortium": case.group, "why": "Ours alone."}
    assert refused(case, **taken).status == 403, "nor takes it from there"
    put(case, **taken | {"by": case.lead, "on": APRIL, "name": "Left to it"})
    with pytest.raises(Refused) as error:
        end_local_body(by=case.lead, body=own, last_day=APRIL, why="No.")
    assert error.value.status == 403
    put(case, by=case.admin, body=own, on=APRIL, pct=case.other, consortium=case.group, why="Staff may.")
    assert refused(case, body=own, name="Mine", why="Taken.").status == 403


def test_two_who_save_at_once_lose_nothing(case):
    body = put(case)
    seen = newest_entry(body)
    put(case, body=body, on=APRIL, status="halted", why="NHS London stopped it.", seen=seen)
    assert refused(case, body=body, on=APRIL, name="Other", why="Renamed.", seen=seen).status == 412
    assert newest_entry(body) > seen


def test_what_replaces_what_makes_no_circle(case):
    pec = put(case, kind="pec", name="PEC")
    board = put(case, on=APRIL, name="Board", replaces=pec)
    third = put(case, on=APRIL, name="Third", replaces=board)
    assert refused(case, body=pec, kind="pec", name="PEC", replaces=third, why="Back.").code == "circle"
    assert refused(case, body=pec, kind="pec", name="PEC", replaces=pec, why="Itself.").code == "circle"


def test_only_a_body_under_the_same_trust_or_consortium_is_replaced(case):
    theirs = put(case, by=case.admin, pct=case.other, name="Theirs")
    for who in (case.lead, case.admin):
        error = refused(case, by=who, name="Ours", replaces=theirs)
        assert (error.code, error.field, error.status) == ("not_its_own", "replaces", 422)
        assert "5NE" in error.message and f"{theirs.ref} never was" in error.message
    of_group = put(case, by=case.group_lead, pct=None, consortium=case.group, name="Of the group")
    assert refused(case, name="Ours", replaces=of_group).code == "not_its_own", "under no consortium itself"
    both = put(case, name="Both", consortium=case.group, replaces=of_group)
    put(case, by=case.admin, body=both, on=APRIL, pct=case.other, name="Both", replaces=of_group, why="It moved.")
    assert case.other.pk in [s[3] for s in spells(both)], "what it replaced stays, whatever it is under since"


def test_what_is_delegated_to_it_ends_with_it(case):
    body = put(case)
    key = (case.pct.pk, "2010/11", "all", body.ref)
    with make.writing() as entry:
        evidence = EvidenceParticulars.objects.get().evidence_id
        entry.set(Delegation, key, date(2010, 10, 1), date(2011, 4, 1), (850, "shadow", "", evidence))
    ended = end_local_body(by=case.lead, body=body, last_day=date(2010, 12, 31), why="It was wound up.")
    delegation = Delegation.objects.current().get()
    assert (delegation.effective.upper, delegation.opened_by) == (date(2011, 1, 1), ended)
    assert spells(body)[-1][1] == date(2011, 1, 1)
    for day, code in ((date(2010, 12, 31), "no_change"), (date(2011, 2, 1), "wrong_state")):
        with pytest.raises(Refused) as error:
            end_local_body(by=case.lead, body=body, last_day=day, why="Again.")
        assert error.value.code == code


def test_a_trust_that_ends_leaves_it_to_the_consortium_that_goes_on(case):
    body, alone = put(case, consortium=case.group), put(case, name="Alone")
    end = date(2012, 1, 1)
    with make.writing() as entry:
        entry.cap(BodyParticulars, (case.pct.pk,), end)
    assert [s[:2] + s[3:] for s in spells(body)] == [
        (JULY, end, case.pct.pk, case.group.pk),
        (end, None, None, case.group.pk),
    ]
    assert [s[:2] for s in spells(alone)] == [(JULY, end)]
    with make.writing() as entry:
        entry.cap(ConsortiumParticulars, (case.group.pk,), date(2012, 7, 1))
    assert spells(body)[-1][1] == date(2012, 7, 1)


def test_the_lead_of_a_consortium_gives_no_document_to_a_source_of_somebody_else(case, settings, tmp_path):
    settings.ATTACHMENTS_DIR = tmp_path
    put(case)
    own = {"by": case.group_lead, "pct": None, "consortium": case.group, "on": APRIL}
    with_file = replace(PRESS, file=document("not by Pulse.pdf", PDF))
    told = refused(case, **own, source=with_file)
    assert (told.code, told.status) == ("not_allowed", 403) and "EV0001" in told.message
    put(case, **own, name="Eden federation")
    put(case, **own, source=replace(with_file, title="Ours"), name="Eden senate")
    put(case, **own, source=replace(PRESS, title="Ours", file=document("b.txt", b"More.")), name="Eden forum")
    held = EvidenceDocument.objects.current().order_by("name").values_list("evidence__ref", "name")
    assert list(held) == [("EV0002", "b.txt"), ("EV0002", "not by Pulse.pdf")]


def entry_of(body) -> Entry:
    return Entry.objects.get(number=newest_entry(body))


def kept_from_undoing(by, entry) -> Refused:
    before = Entry.objects.count()
    with pytest.raises(Refused) as error:
        undo_local_body(by=by, entry=entry)
    assert Entry.objects.count() == before
    return error.value


def test_ones_own_newest_change_is_undone_with_what_ended_by_it(case):
    body = put(case)
    made, before = entry_of(body), spells(body)
    key = (case.pct.pk, "2010/11", "all", body.ref)
    with make.writing() as entry:
        evidence = EvidenceParticulars.objects.get().evidence_id
        entry.set(Delegation, key, date(2010, 10, 1), date(2011, 4, 1), (850, "shadow", "", evidence))
    ended = end_local_body(by=case.lead, body=body, last_day=date(2010, 12, 31), why="It was wound up.")
    assert undoable(by=case.lead, bodies=[body]) == {body.pk: ended}
    assert undoable(by=case.admin, bodies=[body]) == {}, "it is not the administrator’s"
    assert kept_from_undoing(case.admin, ended).status == 403
    assert kept_from_undoing(case.lead, made).status == 409, "the end rests on it"
    voided = undo_local_body(by=case.lead, entry=ended)
    assert (voided.kind, voided.source, spells(body)) == (EntryKind.VOID, {"undoes": ended.number}, before)
    assert Delegation.objects.current().get().effective.upper == date(2011, 4, 1)
    assert "was undone already" in kept_from_undoing(case.lead, ended).message
    assert undoable(by=case.lead, bodies=[body]) == {body.pk: made}
    assert "has delegated a budget" in kept_from_undoing(case.lead, made).message
    with make.writing() as entry:
        entry.load(Delegation, [key])
        entry.clear(Delegation, key, None, None)
    heir = put(case, name="Heir", on=APRIL, replaces=body)
    assert f"{heir.ref} is said to replace" in kept_from_undoing(case.lead, made).message
    undo_local_body(by=case.lead, entry=entry_of(heir))
    undo_local_body(by=case.lead, entry=made, why="Recorded twice.")
    assert not spells(body) and not spells(heir) and undoable(by=case.lead, bodies=[body, heir]) == {}
    assert EvidenceParticulars.objects.current().count() == 1, "its source stays"


def test_who_no_longer_keeps_what_it_is_under_undoes_nothing(case):
    own = put(case, by=case.group_lead, pct=None, consortium=case.group)
    entry = entry_of(own)
    end_role(by=case.admin, grant=case.group_lead.grants.get())
    case.group_lead = User.objects.get(pk=case.group_lead.pk)
    assert kept_from_undoing(case.group_lead, entry).status == 403
    moved = put(case, consortium=case.group)
    before = spells(moved)
    put(case, by=case.admin, body=moved, on=APRIL, pct=case.other, consortium=case.group, why="It moved.")
    newest = entry_of(moved)
    assert kept_from_undoing(case.lead, newest).status == 403
    undo_local_body(by=case.admin, entry=newest)
    assert spells(moved) == before
