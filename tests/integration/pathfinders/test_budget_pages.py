"""Pages of budgets: what everybody reads, and what the lead of a trust and programme staff record."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from decimal import Decimal
from html import escape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories as make
from tests import programme as told
from tests.desk import day, errors_of, signed_in, text_of
from transitions.actions import Source, set_allowance, set_budget_line, set_weighted
from transitions.models import Allowance, BudgetLine, Delegation, WeightedPopulation

YEAR, M = "2011/12", 1_000_000
OWN = "/pct/5QE/budget/"
QUERY = "?year=2011%2F12"
PAPER = {"source_kind": "document", "source_title": "Board paper"}
ON = day("on", "1 4 2011")


def build_world() -> dict[str, Any]:
    sha = make.make_sha("Q38", "South Central")
    pct = make.make_pct("5QE", sha=sha, name="Oxfordshire PCT")
    silent = make.make_pct("5QF", sha=sha, name="Silent PCT")
    group = make.make_consortium("GC0001", name="Oxford Group")
    for n, patients in enumerate((1_000, 2_000), start=1):
        make.make_membership(make.make_practice(f"Z0000{n}", pct=pct, patients=patients), group)
    lead, admin = told.person(pct_lead="5QE"), told.person("programme_admin")
    return {
        "pct": pct,
        "silent": silent,
        "lead": lead,
        "admin": admin,
        "group": group,
        "other": told.person(pct_lead="5QF"),
    }


@pytest.fixture
def place(in_world):
    return type("Place", (), in_world)


def oxfordshire(place, **more) -> None:
    source = Source("document", "Board paper", "Oxfordshire PCT")
    first = {"by": place.admin, "pct": place.pct, "year": YEAR, "on": date(2011, 4, 1), "source": source}
    figures = {"line": "all", "total": 934 * M, "delegated": 644 * M, "retained": 291 * M, "rounding": M}
    set_budget_line(**first | figures | more)


def typed(**more) -> dict[str, Any]:
    figures = {"line": "all", "total": "934m", "delegated": "£644,000,000", "retained": "291 million"}
    return figures | ON | PAPER | {"rounding": "0", "version": "0"} | more


def page(path: str, who: Any = None) -> str:
    answer = (signed_in(who) if who else Client()).get(path)
    assert answer.status_code == 200, answer.content[:300]
    return text_of(answer)


def test_a_lead_records_figures_is_told_the_difference_and_delegates(place):
    desk = signed_in(place.lead)
    answer = desk.post(f"{OWN}line/{QUERY}", typed())
    assert answer.status_code == 422 and not BudgetLine.objects.exists()
    assert "which is £1,000,000 more than the total of £934,000,000" in str(errors_of(answer))
    assert 'value="934m"' in answer.content.decode(), "what was typed stays"
    answer = desk.post(f"{OWN}line/{QUERY}", typed(rounding="1000000"), follow=True)
    assert "Saved: total £934,000,000, delegated £644,000,000, retained £291,000,000" in text_of(answer)
    assert "Adds up to the stated rounding (£1 million)" in text_of(answer)
    seen = BudgetLine.objects.get().opened_by_id
    give = {"line": "all", "holder": "gc0001", "amount": "600m", "level": "shadow"} | ON | PAPER
    answer = desk.post(f"{OWN}delegate/{QUERY}", give | {"version": "0"})
    assert answer.status_code == 412 and "have changed since you opened this page" in text_of(answer)
    answer = desk.post(f"{OWN}delegate/{QUERY}", give | {"version": str(seen), "level": "statutory"})
    assert answer.status_code == 422 and "Nothing is statutory before 1 April 2013" in text_of(answer)
    answer = desk.post(f"{OWN}delegate/{QUERY}", give | {"version": str(seen)}, follow=True)
    assert "GC0001 answers for £600,000,000" in text_of(answer)
    held = Delegation.objects.get()
    end = f"{OWN}end/{QUERY}&line=all&holder=GC0001"
    assert "End what GC0001 answers for" in page(end, place.lead)
    more = {"why": "It left.", "version": str(held.opened_by_id)} | day("last_day", "30 9 2011")
    assert "The delegation was ended" in text_of(desk.post(end, more, follow=True))
    assert Delegation.objects.current().get().effective.upper == date(2011, 10, 1)


def test_a_figure_is_corrected_from_the_form_as_it_is_drawn(place):
    oxfordshire(place)
    form = signed_in(place.admin).get(f"{OWN}line/{QUERY}&line=all").context["form"]
    assert (form["total"].value(), form.initial["correction"]) == ("934,000,000", True)
    ref = BudgetLine.objects.get().evidence.ref
    fixed = typed(retained="290m", why="A slip.", correction="on", evidence_ref=ref, version=form.initial["version"])
    fixed |= dict.fromkeys(PAPER, "")
    answer = signed_in(place.admin).post(f"{OWN}line/{QUERY}&line=all", fixed)
    assert answer.status_code == 302, errors_of(answer)
    assert BudgetLine.objects.current().get().retained == 290 * M


def test_weighted_people_and_pounds_per_head(place):
    desk = signed_in(place.lead)
    drawn = desk.get(f"{OWN}weighted/{QUERY}").context["form"].initial
    assert drawn["on"] == date(2011, 4, 1), "so that a stale form has no other day than what stands"
    desk.post(f"{OWN}weighted/{QUERY}", {"people": "500000", "source": "Exposition book", "version": drawn["version"]})
    assert WeightedPopulation.objects.get().people == 500_000
    paid = {"consortium": "GC0001", "kind": "development", "pounds_per_head": "2", "people": "3000", "source": "OF"}
    paid["version"] = desk.get(f"{OWN}allowance/{QUERY}").context["form"].initial["version"]
    desk.post(f"{OWN}allowance/{QUERY}", paid)
    assert Allowance.objects.get().amount == 6_000
    oxfordshire(place)
    told = page(f"/transitions/budgets/5QE/{QUERY}&as_of=2011-06-01")
    assert "£311,333.33" in told and "£1,868.00" in told, "crude and weighted side by side"
    assert "Not known to be paid" in told
    assert "Development, 2011/12: £6,000, not known to be paid" in page("/consortia/GC0001/?as_of=2011-06-01")


def test_a_stale_form_shows_both_and_is_saved_only_with_open_eyes(place):
    set_weighted(by=place.admin, pct=place.pct, year=YEAR, people=500_000, source="Exposition book")
    desk, path = signed_in(place.lead), f"{OWN}weighted/{QUERY}"
    form = desk.get(path).context["form"]
    assert (form["people"].value(), form.initial["correction"]) == (500_000, True)
    sent = {"people": "510000", "source": "Letter", "why": "Late."} | ON
    sent["version"] = form.initial["version"]
    figures = {"consortium": place.group, "year": YEAR, "kind": "running", "people": 3000, "source": "OF"}
    set_weighted(by=place.admin, pct=place.pct, year=YEAR, people=505_000, source="Book", why="Slip.", correction=True)
    answer = desk.post(path, sent)
    assert answer.status_code == 412 and dict(answer.context["saved_now"]) == {
        "People as the allocation formula weights them": "505000",
        "Where that is said": "Book",
    }
    assert 'value="510000"' in text_of(answer)
    sent["version"] = answer.context["form"]["version"].value()
    refused = desk.post(path, sent)
    assert refused.status_code == 409 and "or give a later day" in refused.context["form"].errors["on"][0]
    assert desk.post(path, sent | {"correction": "on"}).status_code == 302
    assert WeightedPopulation.objects.current().get().people == 510_000
    sent |= day("on", "1 6 2011") | {"version": desk.get(path).context["form"].initial["version"]}
    assert desk.post(path, sent | {"people": "520000"}).status_code == 302, "from a later day, it is no correction"
    known = WeightedPopulation.objects.current().order_by("effective").values_list("people", "effective__startswith")
    assert list(known) == [(510_000, date(2011, 4, 1)), (520_000, date(2011, 6, 1))]
    path = f"{OWN}allowance/{QUERY}"
    version = desk.get(path).context["form"].initial["version"]
    set_allowance(by=place.admin, pounds_per_head=Decimal(30), **figures)
    sent = {name: str(value) for name, value in figures.items()} | {"pounds_per_head": "25", "version": version}
    answer = desk.post(path, sent)
    assert answer.status_code == 412 and dict(answer.context["saved_now"])["Pounds per head"] == "30.00"
    drawn = desk.get(f"{path}&consortium=gc0001&kind=running").context["form"]
    assert (drawn["pounds_per_head"].value(), drawn.initial["correction"]) == (Decimal(30), True)


def test_a_stale_line_shows_the_facts_of_that_line_and_no_choice_of_the_form(place):
    desk, sent = signed_in(place.lead), typed(version="0")
    oxfordshire(place)
    answer = desk.post(f"{OWN}line/{QUERY}&line=all", sent | {"total": "935m"})
    ref = BudgetLine.objects.get().evidence.ref
    assert answer.status_code == 412 and [value for _, value in answer.context["saved_now"]] == [
        "£934,000,000",
        "To £1 million",
        ref,
    ]
    assert desk.post(f"{OWN}line/{QUERY}&line=all", sent | {"line": "maternity"}).context["saved_now"] == []
    give = {"line": "all", "holder": "gc0001", "amount": "600m", "level": "shadow", "version": "0"} | ON | PAPER
    assert desk.post(f"{OWN}delegate/{QUERY}", give).context["saved_now"] == []


def test_no_year_that_begins_after_the_trust_s_end_is_offered_or_asked(place):
    told = page(OWN, place.lead)
    assert "<option>2011/12</option>" in told and "2013/14" not in told
    for step in ("", "line/", "weighted/", "allowance/", "delegate/", "file/"):
        answer = signed_in(place.lead).get(f"{OWN}{step}?year=2013%2F14")
        assert answer.status_code == 404 and "5QE ended on 31 March 2013" in text_of(answer), step


def test_rounded_figures_make_no_share_above_all_of_it(place):
    figures = {"total": 10 * M, "delegated": 11 * M, "rounding": M, "excluded": 0}
    paper = Source("document", "Board paper")
    set_budget_line(by=place.lead, pct=place.pct, year=YEAR, line="all", on=date(2011, 4, 1), source=paper, **figures)
    told = page("/transitions/budgets/5QE/?year=2011%2F12&as_of=2011-06-01")
    assert "100.0% of £10 million; rounded figures make £1,000,000 more than all of it" in told
    found = Client().get("/api/v1/budgets/?as_of=2011-06-01").json()["results"]
    assert [row["share"] for row in found] == [100.0]
    assert "110" not in page("/transitions/budgets/?as_of=2011-06-01")


def test_who_may_open_the_forms(place):
    assert signed_in(place.other).get(OWN).status_code == 403
    assert signed_in(place.other).get(f"{OWN}line/{QUERY}").status_code == 403
    assert signed_in(told.person("assessor")).get(OWN).status_code == 403
    assert Client().get(OWN).status_code == 302
    assert "No figures of 2011/12 are recorded" in page(f"{OWN}{QUERY}", place.admin)
    assert signed_in(place.admin).get(f"{OWN}?year=soon").status_code == 404


def test_what_everybody_reads(place):
    oxfordshire(place)
    told = page("/transitions/budgets/?as_of=2011-06-01")
    assert "each primary care trust (PCT) was accountable" in told
    assert "1 of 2 trusts stated something; 1 are not known and stand in no sum" in told
    assert "Total: £934,000,000, stated by 1 of 2 trusts" in told
    assert "69.0% of £934 million" in told and "Adds up to the stated rounding (£1 million)" in told
    assert "Nothing stated" in told, "a silent trust stands there, and not with a nought"
    silent = page(f"/transitions/budgets/5QF/{QUERY}&as_of=2011-06-01")
    assert "Not known: no budget of 2011/12 was recorded" in silent
    assert "Figures are recorded for" not in silent
    assert "Budgets in 2011/12" in page("/pcts/5QE/?as_of=2011-06-01")
    assert "nothing is recorded as delegated to it" in page("/consortia/GC0001/?as_of=2011-06-01")
    assert Client().get("/transitions/budgets/?year=soon").status_code == 400
    assert Client().get("/transitions/budgets/9ZZ/").status_code == 404
    assert Client().get("/transitions/budgets/holders/GC0404/").status_code == 404


@pytest.mark.parametrize("path", ["/transitions/budgets/5QE/", "/pcts/5QE/"])
def test_a_year_without_figures_links_the_years_that_have_some(place, path):
    oxfordshire(place)
    later = Client().get(f"{path}?as_of=2012-06-01")
    assert "no budget of 2012/13" in text_of(later) and "Figures are recorded for <a" in text_of(later)
    href = "/transitions/budgets/5QE/?year=2011%2F12&as_of=2012-06-01"
    assert f'href="{escape(href)}">2011/12</a>.</p>' in later.content.decode()
    assert "£934 million" in page(href)
    assert "£934 million" in page(f"{path}?as_of=2011-06-01")
    assert "Figures are recorded for" not in page(f"{path}?as_of=2011-06-01"), "the year shown has some"


def test_several_holders_stand_in_one_box_of_a_cell_a_line_each(place):
    oxfordshire(place)
    make.make_consortium("GC0002", name="Other Group")
    desk, give = signed_in(place.lead), {"line": "all", "amount": "100", "level": "shadow"} | ON | PAPER
    for holder in ("GC0001", "GC0002"):
        assert desk.post(f"{OWN}delegate/{QUERY}", give | {"holder": holder}).status_code == 302
    for path in ("/transitions/budgets/5QE/", "/pcts/5QE/"):
        drawn = Client().get(f"{path}?as_of=2011-06-01").content.decode()
        cell = drawn.split("Delegated to </span>")[1].split("</td>")[0]
        assert cell.startswith("<div>") and cell.endswith("</div>") and cell.count("<div>") == 1
        assert cell.count("<br>") == 1 and "GC0001" in cell and "GC0002" in cell
    for more in ("", "&sha=Q38"):  # kept as an edition, and made for the asking
        told = Client().get(f"/api/v1/budgets/?as_of=2011-06-01&format=csv{more}")
        (row,) = csv.DictReader(io.StringIO(b"".join(told).decode()))
        assert [held["holder"] for held in json.loads(row["holders"])] == ["GC0001", "GC0002"]


def test_a_consortium_s_page_shares_what_it_holds_to_the_pound(place):
    oxfordshire(place)
    desk = signed_in(place.lead)
    give = {"line": "all", "holder": "GC0001", "amount": "100", "level": "shadow"} | ON | PAPER
    desk.post(f"{OWN}delegate/{QUERY}", give)
    told = page("/transitions/budgets/holders/GC0001/?as_of=2011-06-01")
    assert "£33" in told and "£67" in told and "Nobody has decided these shares" in told
    assert "It answered for £100, at the level: shadow" in page("/consortia/GC0001/?as_of=2011-06-01")


def test_the_page_of_all_trusts_asks_as_much_of_many_as_of_few(place):
    def asked() -> int:
        counts = []
        for _ in range(2):  # the first reads England anew, for the register has moved on
            with CaptureQueriesContext(connection) as found:
                Client().get("/transitions/budgets/?as_of=2011-06-01")
            counts.append(len(found))
        return counts[1]

    oxfordshire(place)
    before = asked()
    oxfordshire(place, pct=place.silent)
    oxfordshire(place, line="maternity", total=M, delegated=None, retained=None)
    assert asked() == before <= 12
