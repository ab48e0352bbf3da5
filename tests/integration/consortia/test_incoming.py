"""Whatever closes, reopens or moves a member becomes a work item in the same entry; nothing else does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consortia.actions import close_practice, merge_practices
from consortia.actions.work_items import finish_work
from consortia.models import WorkItem
from practices.actions import change_parent, import_practices
from practices.models import BodySuccession, PracticeParent, PracticeParticulars, PracticeStatus, Status
from registry import journal
from registry.errors import Refused
from registry.files.report import Report
from registry.models import User
from tests import factories as make
from tests.integration.consortia.conftest import Land
from tests.support.files import practice as row
from tests.support.files import write

V1, V2 = date(2012, 5, 1), date(2012, 8, 1)


@pytest.fixture
def load(db: None, tmp_path: Path) -> Callable[..., Report]:
    def load(*rows: str, vintage: date = V1, **more: Any) -> Report:
        path = write(tmp_path / f"{vintage}.csv", *rows)
        return import_practices(by=User.objects.system(), path=path, vintage=vintage, **more)

    return load


def items() -> list[tuple[str, str, str, str]]:
    rows = WorkItem.objects.order_by("practice__code", "kind")
    return [(i.kind, i.practice.code, i.consortium.ref, str(i.day)) for i in rows.select_related()]


def test_an_amendments_file_raises_one_item_a_change_and_says_so(land: Land, load: Callable[..., Report]) -> None:
    first, second, third = (p.code for p in land.practices)
    load(row(first, opened="20000401"), row(second, opened="20000401"), row(third, opened="20000401"))
    assert items() == []
    changes = (
        row(first, opened="20000401", closed="20120630", status="C"),
        row(second, opened="20000401", status="D"),
        row(third, opened="20000401", closed="20120630", status="C"),  # a member of nothing
    )
    assert load(*changes, vintage=V2, amendments=True, dry_run=True).totals == [] and items() == []
    report = load(*changes, vintage=V2, amendments=True)
    assert items() == [
        ("closed", first, "GC0001", "2012-07-01"),
        ("dormant", second, "GC0001", "2012-08-01"),
    ]
    assert {i.entry_id for i in WorkItem.objects.all()} == {report.entry}
    assert report.totals == ["2 work items for leads and staff: 1 member closed, 1 member dormant"]
    assert "2 work items" in "\n".join(report.lines())


def test_a_first_import_asks_nothing_and_one_that_touches_no_member_one_thing(
    land: Land, load: Callable[..., Report]
) -> None:
    with CaptureQueriesContext(connection) as asked:
        load(*[row(f"Z7{n:04d}") for n in range(50)])
    assert not [q for q in asked.captured_queries if "workitem" in q["sql"]]
    with CaptureQueriesContext(connection) as again:
        load(*[row(f"Z7{n:04d}", status="D") for n in range(50)], vintage=V2)
    raised = [q["sql"] for q in again.captured_queries if "workitem" in q["sql"]]
    assert raised == [] and items() == []


def test_closing_by_hand_and_merging_raise_an_item(land: Land) -> None:
    first, second, third = land.practices
    entry = close_practice(by=land.admin, practice=first, last_day=date(2011, 6, 30), reason="Closed.")
    merge_practices(by=land.admin, practice=second, into=third, on=date(2011, 9, 1), reason="Joined.")
    assert items() == [("closed", first.code, "GC0001", "2011-07-01"), ("closed", second.code, "GC0001", "2011-09-01")]
    assert entry is not None and WorkItem.objects.filter(entry=entry).count() == 1


def test_a_closing_taken_back_says_that_a_former_member_is_open_again(land: Land) -> None:
    first = land.practices[0]
    close_practice(by=land.admin, practice=first, last_day=date(2011, 6, 30), reason="Closed.")
    with make.writing("import_practices") as entry:
        entry.set(PracticeStatus, (first.pk,), date(2011, 7, 1), None, ("A",))
    assert items()[-1] == ("reopened", first.code, "GC0001", "2011-07-01")
    assert len(entry.said) == 1


def test_a_membership_to_come_that_a_closing_ends_is_not_lost_in_silence(land: Land) -> None:
    third = land.practices[2]
    make.make_membership(third, land.south, date(2012, 1, 1))
    close_practice(by=land.admin, practice=third, last_day=date(2011, 6, 30), reason="Closed.")
    assert items() == [("closed", third.code, "GC0002", "2012-01-01")]


def test_another_trust_is_a_move_and_a_trusts_new_code_is_none(land: Land) -> None:
    first, second, _ = land.practices
    body, renamed, ccg = make.make_pct("5QW"), make.make_pct("5QX"), make.make_body("06N", "A CCG", kind="ccg")
    change_parent(by=land.admin, practice=first, parent=body, on=date(2011, 6, 1), reason="Moved.")
    assert items() == [("moved", first.code, "GC0001", "2011-06-01")]
    with make.writing() as entry:
        entry.set(BodySuccession, (land.pct, renamed.pk), date(2011, 8, 1), None, ("merge", None, None))
    change_parent(by=land.admin, practice=second, parent=renamed, on=date(2011, 8, 1), reason="A new code.")
    with make.writing() as entry:
        entry.set(PracticeParent, (second.pk,), date(2013, 4, 1), None, (ccg.pk,))
    assert len(items()) == 1


def test_what_is_no_gp_practice_any_more(land: Land) -> None:
    first = land.practices[0]
    with make.writing("import_practices") as entry:
        entry.set(PracticeParticulars, (first.pk,), date(2012, 7, 1), None, ("WALK-IN", "", "", "", 1))
    assert items() == [("no_gp_practice", first.code, "GC0001", "2012-07-01")]


def test_a_preview_and_other_changes_raise_nothing(land: Land) -> None:
    first = land.practices[0]
    sketch = journal.sketch()
    sketch.set(PracticeStatus, (first.pk,), date(2012, 7, 1), None, (Status.CLOSED.value,))
    assert list(sketch.changes())
    make.make_membership(first, land.south, date(2011, 7, 1))
    make.make_list_size(first, "2011Q2", 900)
    with make.writing() as entry:  # another name
        entry.set(PracticeParticulars, (first.pk,), date(2012, 7, 1), None, ("NEW NAME", "", "", "", 4))
    assert items() == [] and entry.said == []


def test_an_item_is_done_once_by_its_keepers(land: Land) -> None:
    close_practice(by=land.admin, practice=land.practices[0], last_day=date(2011, 6, 30), reason="Closed.")
    item = WorkItem.objects.get()
    assert not WorkItem.objects.visible_to(land.other).exists()
    with pytest.raises(Refused) as caught:
        finish_work(by=land.other, item=item)
    assert caught.value.status == 403
    done = finish_work(by=land.deputy, item=item, note=" Patients went to Z00002. ")
    assert (done.note, done.done_by) == ("Patients went to Z00002.", land.deputy) and done.done_on
    with pytest.raises(Refused) as caught:
        finish_work(by=land.lead, item=item)
    assert caught.value.status == 409
    assert not WorkItem.objects.open().exists()
