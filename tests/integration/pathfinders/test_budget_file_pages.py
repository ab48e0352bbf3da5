"""A file of budgets on a page: what each row would do, what is wrong and where, and one entry once it is loaded."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from registry.errors import Refused
from registry.files.source import Source as File
from registry.models import Entry
from tests import factories as make
from tests import programme as told
from tests.desk import errors_of, signed_in, text_of
from transitions.actions import Source, set_budget_line
from transitions.actions.import_budgets import import_budgets
from transitions.budget_file import NAMES, TEMPLATE
from transitions.models import BudgetLine

OWN, STAFF, M = "/pct/5QE/budget/file/?year=2011%2F12", "/staff/transitions/budgets/", 1_000_000
HEAD = "PCT,Year,Line,From,Total,Delegated,Retained,Rounding,Evidence,Publisher\n"
OURS = "5QE,2011/12,all,2011-04-01,934m,644m,291m,1000000,Board paper,The PCT\n"
THEIRS = "5QF,2011/12,all,2011-04-01,500m,,,,Board paper,\n"


def build_world() -> dict[str, Any]:
    pct, _ = make.make_pct("5QE", name="Oxfordshire PCT"), make.make_pct("5QF")
    people = {"lead": told.person(pct_lead="5QE"), "other": told.person(pct_lead="5QF")}
    return {"pct": pct, "admin": told.person("programme_admin"), **people}


def sent(desk: Any, path: str, text: str) -> Any:
    return desk.post(path, {"file": SimpleUploadedFile("budgets.csv", text.encode())})


def loaded(desk: Any, path: str, page: Any, **how: Any) -> Any:
    """What the second button sends: all that its form carries."""
    form = text_of(page).split("What the file would do", 1)[1].split("</form>", 1)[0]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    assert {"content", "seen", "write"} <= set(fields)
    return desk.post(path, {name: html.unescape(value) for name, value in fields.items()}, **how)


def line(place: dict[str, Any], **more: Any) -> None:
    first = {"by": place["admin"], "pct": place["pct"], "year": "2011/12", "line": "all", "on": date(2011, 4, 1)}
    set_budget_line(**first | {"total": 900 * M, "source": Source("press", "Gazette")} | more)


def test_a_lead_sees_what_each_row_would_do_and_loads_it_in_one_entry(in_world):
    line(in_world)
    desk, before = signed_in(in_world["lead"]), Entry.objects.count()
    maternity = "5QE,2011/12,Maternity,2011-04-01,40m,,,,Board paper,The PCT\n"
    page = sent(desk, OWN, HEAD + OURS + maternity)
    words = text_of(page)
    assert page.status_code == 200 and Entry.objects.count() == before
    assert "2 rows.</strong> 1 new, 1 changed" in words
    assert "Total: £900,000,000 → £934,000,000" in words and "Delegated: nothing → £644,000,000" in words
    assert "Evidence: EV0001 → Board paper" in words and "Total: £40,000,000" in words
    assert "2 lines were loaded" in text_of(loaded(desk, OWN, page, follow=True))
    assert Entry.objects.count() == before + 1 and Entry.objects.order_by("-number")[0].action == "import_budgets"
    assert set(BudgetLine.objects.current().values_list("line", "total")) == {("all", 934 * M), ("maternity", 40 * M)}
    assert "The same as now" in text_of(sent(desk, OWN, HEAD + maternity + "\n")), "another file of the same"


def test_what_has_changed_since_it_was_looked_at_is_not_loaded(in_world):
    desk = signed_in(in_world["lead"])
    page = sent(desk, OWN, HEAD + OURS)
    line(in_world)
    again = loaded(desk, OWN, page)
    assert again.status_code == 412 and "has changed since it was checked" in text_of(again)
    assert "Total: £900,000,000 → £934,000,000" in text_of(again)
    assert BudgetLine.objects.current().get().total == 900 * M
    assert "Load this line</button>" in text_of(again)
    assert "1 line was loaded" in text_of(loaded(desk, OWN, again, follow=True))
    assert BudgetLine.objects.current().get().total == 934 * M


def test_what_is_wrong_names_the_row_and_the_column_and_nothing_is_written(in_world):
    late = "5QE,2013/14,all,2013-04-01,5m,,,,Board paper,\n"
    off = "5QE,2011/12,maternity,2011-04-01,10m,4m,4m,,Board paper,\n"
    page = sent(signed_in(in_world["lead"]), OWN, HEAD + OURS + THEIRS + late + off)
    rows = page.context["refused"].rows
    told_of = {(row["line"], row["column"]): row["message"] for row in rows}
    assert page.status_code == 422 and not BudgetLine.objects.exists()
    assert "this file is of 5QE alone" in told_of[3, "pct"]
    assert "5QE ended on 31 March 2013" in told_of[4, "year"]
    assert "£2,000,000 less than the total" in told_of[5, "total"]
    assert [row["value"] for row in rows] == ["5QF", "2013/14", "10m"], "what the cell says"
    assert "<title>Error: " in text_of(page) and 'href="#id_file">budgets.csv cannot be loaded' in text_of(page)
    assert "put the 3 problems listed right" in errors_of(page)[0]
    assert 'name="write"' not in text_of(page)
    assert sent(signed_in(in_world["lead"]), OWN, "Nothing\nhere\n").status_code == 422


def test_the_page_says_the_words_of_a_line_and_gives_an_empty_file(in_world):
    desk = signed_in(in_world["lead"])
    assert "<strong>all</strong>: All services" in text_of(desk.get(OWN))
    empty = desk.get(f"{OWN}&format=csv")
    assert empty["Content-Disposition"] == 'attachment; filename="budgets.csv"'
    assert empty.content.decode() == TEMPLATE and set(TEMPLATE.strip().split(",")) == set(NAMES)
    assert signed_in(in_world["other"]).get(f"{OWN}&format=csv").status_code == 403
    unknown = sent(desk, OWN, TEMPLATE + "5QE,2011/12,tea,2011-04-01,5m,,,,,,Board paper,,,\n")
    (row,) = unknown.context["refused"].rows
    assert row["value"] == "tea" and "no service line; give one of all, " in row["message"]


def test_staff_load_those_of_every_trust_and_a_lead_only_its_own(in_world):
    staff = signed_in(in_world["admin"])
    assert loaded(staff, STAFF, sent(staff, STAFF, HEAD + OURS + THEIRS)).status_code == 302
    assert BudgetLine.objects.count() == 2
    for name, path, status in (("lead", STAFF, 403), ("other", OWN, 403), ("admin", OWN, 200), ("lead", OWN, 200)):
        assert signed_in(in_world[name]).get(path).status_code == status, (name, path)
    with pytest.raises(Refused) as error:
        import_budgets(by=told.person("practice_manager"), path=File("a.csv", HEAD.encode()))
    assert error.value.status == 403
    report = import_budgets(by=in_world["other"], path=File("a.csv", (HEAD + OURS).encode()))
    assert [row.message for row in report.refused][0].startswith("not your trust") and report.entry is None
