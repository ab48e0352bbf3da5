"""Evidence itself: its documents, attached and withdrawn, and what it is, corrected on both clocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from practices.models import ParentBody
from registry import invariants
from registry.actions.roles import end_role, grant_role
from registry.errors import Refused
from registry.files.keeping import drop_unnamed, path_of, read
from registry.models import Entry, EntryKind, User
from registry.moment import Moment
from tests import factories as make
from tests import programme as told
from tests.support.documents import DOCX, EXECUTABLE, PDF
from transitions.actions import (
    Source,
    attach_document,
    correct_evidence,
    document,
    set_stage,
    undo_stage,
    withdraw_document,
)
from transitions.actions.documents import MOST
from transitions.actions.evidence import newest_telling
from transitions.models import Evidence, EvidenceDocument, EvidenceParticulars, TransitionStage
from transitions.stages import stage_on

AUGUST = date(2010, 8, 1)
PAPER = Source("document", "Board paper", "Aa PCT", date(2010, 7, 30))
PRESS = Source("press", "GPs get keys", "Pulse", date(2010, 8, 3))


@dataclass
class Ground:
    pct: ParentBody
    other: ParentBody
    lead: User
    stranger: User
    admin: User


def build_world() -> Ground:
    sha = make.make_sha("Q31")
    return Ground(
        make.make_pct("5XA", sha=sha),
        make.make_pct("5XB", sha=sha),
        told.person(pct_lead="5XA"),
        told.person(pct_lead="5XB"),
        told.person("programme_admin"),
    )


@pytest.fixture(autouse=True)
def kept(settings, tmp_path):
    settings.ATTACHMENTS_DIR = tmp_path / "kept"
    return settings.ATTACHMENTS_DIR


@pytest.fixture
def evidence(in_world: Ground) -> Evidence:
    put(in_world)
    return Evidence.objects.get()


def put(ground: Ground, source: Any = PAPER, stage: str = "in_talks", **more: Any) -> Entry:
    return set_stage(**{"by": ground.lead, "pct": ground.pct, "stage": stage, "on": AUGUST, "source": source} | more)


def files(folder: Any) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_document_comes_with_its_evidence_in_one_entry_and_nothing_of_a_refused_one_stays(in_world, kept):
    entry = put(in_world, Source(**{**vars(PAPER), "file": document("paper.pdf", PDF)}))
    fact = EvidenceDocument.objects.get()
    assert (fact.opened_by, fact.name, fact.kind, fact.size) == (entry, "paper.pdf", "pdf", len(PDF))
    assert read(fact.sha256) == PDF and files(kept) == [fact.sha256]
    with pytest.raises(Refused) as refused:
        put(in_world, Source(**{**vars(PAPER), "file": document("paper.pdf", PDF)}))
    assert refused.value.code == "no_reason"
    assert files(kept) == [fact.sha256]


def test_bytes_go_where_the_entry_fails_after_they_were_kept(in_world, kept, evidence):
    with pytest.raises(Refused) as refused:
        put(in_world, Source(**{**vars(PAPER), "file": document("b.docx", DOCX)}), stage="no_contact")
    assert refused.value.code == "no_reason", "after the source was recorded"
    assert files(kept) == [] and not EvidenceDocument.objects.exists()


def test_a_document_is_attached_later_once_and_withdrawn_with_a_reason(in_world, evidence):
    entry = attach_document(by=in_world.lead, evidence=evidence, name="paper.pdf", file=PDF)
    assert (entry.action, entry.kind, entry.actor) == ("attach_document", EntryKind.EVENT, in_world.lead.ref)
    with pytest.raises(Refused) as refused:
        attach_document(by=in_world.admin, evidence=evidence, name="other.pdf", file=PDF)
    assert (refused.value.code, refused.value.status) == ("attached_already", 409)
    fact = EvidenceDocument.objects.get()
    with pytest.raises(Refused, match="Say why"):
        withdraw_document(by=in_world.lead, document=fact, why=" ")
    gone = withdraw_document(by=in_world.lead, document=fact, why="It names a patient.")
    assert (gone.kind, gone.reason, gone.number) == (EntryKind.VOID, "It names a patient.", entry.number + 1)
    assert not EvidenceDocument.objects.current().exists()
    assert EvidenceDocument.objects.known(Moment.of(AUGUST, entry.at)).get().name == "paper.pdf"
    drop_unnamed(fact.sha256)
    assert read(fact.sha256) == PDF, "staff can still read it"
    with pytest.raises(Refused, match="withdrawn already"):
        withdraw_document(by=in_world.admin, document=fact, why="Again.")
    attach_document(by=in_world.admin, evidence=evidence, name="paper.pdf", file=PDF, why="The patient agreed.")
    assert EvidenceDocument.objects.current().get().opened_by.reason == "The patient agreed."


def test_what_staff_withdrew_comes_back_by_staff_alone(in_world, evidence):
    paper: dict[str, Any] = {"evidence": evidence, "name": "paper.pdf", "file": PDF}
    attach_document(by=in_world.lead, **paper)
    withdraw_document(by=in_world.admin, document=EvidenceDocument.objects.get(), why="It names a patient.")
    again = Source(**{**vars(PAPER), "file": document("renamed.pdf", PDF)})
    for do in (
        lambda: attach_document(by=in_world.lead, **paper),
        lambda: put(in_world, again, stage="shadow_form", on=date(2010, 9, 1), why="As the paper says."),
    ):
        with pytest.raises(Refused, match="withdrawn by somebody else") as refused:
            do()
        assert refused.value.status == 403 and not EvidenceDocument.objects.current().exists()
    attach_document(by=in_world.admin, **paper)
    withdraw_document(by=in_world.admin, document=EvidenceDocument.objects.current().get(), why="Twice.")
    attach_document(by=in_world.admin, **paper)


def test_who_may_attach_withdraw_and_correct(in_world, evidence):
    with pytest.raises(Refused) as refused:
        attach_document(by=in_world.stranger, evidence=evidence, name="paper.pdf", file=PDF)
    assert refused.value.status == 403
    set_stage(by=in_world.stranger, pct=in_world.other, stage="in_talks", on=AUGUST, source=evidence)
    attach_document(by=in_world.stranger, evidence=evidence, name="paper.pdf", file=PDF)  # now it speaks of theirs
    fact = EvidenceDocument.objects.get()
    for by, sentence in ((in_world.stranger, "somebody else"), (in_world.lead, "others than your trust")):
        with pytest.raises(Refused, match=sentence) as refused:
            correct_evidence(by=by, evidence=evidence, source=PRESS, why="Wrong.")
        assert refused.value.status == 403
    with pytest.raises(Refused, match="attached by somebody else"):
        withdraw_document(by=in_world.lead, document=fact, why="Not ours.")
    for by in (told.person("analyst"), told.person(sha_assessor="Q31")):
        for do in (
            lambda: attach_document(by=by, evidence=evidence, name="b.docx", file=DOCX),  # noqa: B023 - called at once
            lambda: withdraw_document(by=by, document=fact, why="No."),  # noqa: B023
            lambda: correct_evidence(by=by, evidence=evidence, source=PRESS, why="No."),  # noqa: B023
        ):
            with pytest.raises(Refused) as refused:
                do()
            assert refused.value.status == 403
    withdraw_document(by=in_world.admin, document=fact, why="Twice.")
    correct_evidence(by=in_world.admin, evidence=evidence, source=PRESS, why="It was the press.")


def test_whose_role_ended_keeps_the_evidence_of_the_trust_no_more(in_world, evidence):
    """They lead another trust by now; what they recorded and attached is the first one's."""
    attach_document(by=in_world.lead, evidence=evidence, name="paper.pdf", file=PDF)
    fact = EvidenceDocument.objects.get()
    moved(in_world, User.objects.get(pk=in_world.lead.pk))
    lead = User.objects.get(pk=in_world.lead.pk)
    put(in_world, PRESS, by=lead, pct=in_world.other)
    for do in (
        lambda: attach_document(by=lead, evidence=evidence, name="b.docx", file=DOCX),
        lambda: withdraw_document(by=lead, document=fact, why="Not ours."),
        lambda: correct_evidence(by=lead, evidence=evidence, source=PRESS, why="Wrong."),
    ):
        with pytest.raises(Refused, match="ask programme staff") as refused:
            do()
        assert refused.value.status == 403
    assert EvidenceDocument.objects.current().get() == fact


def moved(ground: Ground, person: User) -> None:
    """The person leads the other trust from today, and the first no more."""
    end_role(by=ground.admin, grant=person.grants.get())
    grant_role(by=ground.admin, user=person, role="pct_lead", ref=ground.other.code)


def test_evidence_has_at_most_ten_documents_and_refuses_what_is_none(in_world, kept, evidence):
    for number in range(MOST):
        text = f"Minute {number}".encode()
        attach_document(by=in_world.lead, evidence=evidence, name=f"{number}.txt", file=text)
    for name, data, code in (("more.txt", b"more", "too_many"), ("a.pdf", EXECUTABLE, "not_a_document")):
        with pytest.raises(Refused) as refused:
            attach_document(by=in_world.lead, evidence=evidence, name=name, file=data)
        assert (refused.value.code, refused.value.field) == (code, "file")
    assert len(files(kept)) == MOST


def test_what_a_source_is_is_corrected_on_both_clocks_and_what_rests_on_it_counts_anew(in_world, evidence):
    put(in_world, PRESS, stage="shadow_form", on=date(2010, 9, 1), why="As the press says.")
    assert stage_on(Moment.of(date(2010, 9, 2)), in_world.pct).stage == "in_talks", "the paper stands before the press"
    seen = newest_telling(evidence)
    before = Moment.of(AUGUST, Entry.objects.get(number=seen).at)
    right = Source("press", "A report of the board's paper", "Gazette", date(2010, 7, 31))
    entry = correct_evidence(by=in_world.lead, evidence=evidence, source=right, why="It was not the paper.", seen=seen)
    assert entry.kind == EntryKind.CORRECTION
    now = EvidenceParticulars.objects.current().get(evidence=evidence)
    assert (now.kind, now.said_on, now.effective.lower) == ("press", right.said_on, right.said_on)
    assert EvidenceParticulars.objects.known(before).get(evidence=evidence).title == "Board paper"
    assert stage_on(Moment.of(date(2010, 9, 2)), in_world.pct).stage == "shadow_form"
    for more, code, status in (
        ({"source": right}, "no_change", 409),
        ({"source": PRESS}, "told_already", 409),
        ({"source": PAPER, "seen": seen}, "stale", 412),
        ({"source": PAPER, "why": ""}, "no_reason", 422),
        ({"source": Source("rumour", "x")}, "bad_kind", 422),
    ):
        with pytest.raises(Refused) as refused:
            correct_evidence(**{"by": in_world.lead, "evidence": evidence, "why": "Why.", **more})
        assert (refused.value.code, refused.value.status) == (code, status)


def test_a_stage_is_undone_though_its_source_was_corrected_since_and_the_source_stays(in_world):
    entry = put(in_world, Source(**{**vars(PAPER), "file": document("paper.pdf", PDF)}))
    evidence = Evidence.objects.get()
    correct_evidence(by=in_world.lead, evidence=evidence, source=PRESS, why="It was the press.")
    undo_stage(by=in_world.lead, entry=entry)
    assert not TransitionStage.objects.current().exists()
    assert (
        EvidenceParticulars.objects.current().get().title == PRESS.title and EvidenceDocument.objects.current().get()
    )


def test_the_invariant_finds_bytes_that_are_gone_or_changed(in_world, evidence):
    rule = next(rule for rule in invariants.RULES if rule.name == "files_are_what_they_were")

    def found() -> list[tuple[Any, ...]]:
        (finding,) = invariants.findings([rule])
        return finding.rows

    attach_document(by=in_world.lead, evidence=evidence, name="paper.pdf", file=PDF)
    fact = EvidenceDocument.objects.get()
    withdraw_document(by=in_world.lead, document=fact, why="It is looked after still.")
    assert found() == []
    path_of(fact.sha256).write_bytes(PDF + b" ")
    assert found() == [("transitions", evidence.ref, fact.sha256, "changed")]
    path_of(fact.sha256).unlink()
    assert found() == [("transitions", evidence.ref, fact.sha256, "gone")]
