"""What the register says of budgets: unknown is never nothing, every sum has its base, shares make the whole."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from pathfinders.reads import budget_holders, budget_sums, budgets
from practices.models import ParentBody
from registry.moment import read_snapshot
from tests import factories as make
from tests import programme as told
from transitions.actions import Source, delegate, set_allowance, set_budget_line, set_weighted
from transitions.money import pro_rata

YEAR, APRIL = "2011/12", date(2011, 4, 1)
M = 1_000_000


def build_world() -> dict[str, Any]:
    """Oxfordshire as the article has it; 5QF states lines, one of them without what is delegated; 5QG says nothing."""
    sha = make.make_sha("Q38", "South Central")
    pcts = {code: make.make_pct(code, sha=sha, name=f"{code} PCT") for code in ("5QE", "5QF", "5QG")}
    group = make.make_consortium("GC0001", name="Oxford Group")
    for n, patients in enumerate((1_000, 2_000, 3_001), start=1):
        make.make_membership(make.make_practice(f"Z0000{n}", pct=pcts["5QE"], patients=patients), group)
    make.make_membership(make.make_practice("Z00004", pct=pcts["5QE"]), group)
    admin = told.person("programme_admin")
    first = {"by": admin, "year": YEAR, "on": APRIL, "source": Source("document", "Board paper")}
    ox, west = first | {"pct": pcts["5QE"]}, first | {"pct": pcts["5QF"]}
    set_budget_line(**ox, line="all", total=934 * M, delegated=644 * M, retained=291 * M, rounding=M)
    delegate(**ox, line="all", holder="GC0001", amount=100 * M, level="shadow")
    set_budget_line(**west, line="maternity", total=20 * M, delegated=10 * M, excluded=0, retained=10 * M)
    later = {"source": Source("press", "A year on", said_on=date(2012, 3, 1))}
    set_budget_line(**west | later, line="community", total=30 * M)
    set_budget_line(**west, line="specialised", total=50 * M, excluded=50 * M)
    delegate(**west, line="maternity", holder="GC0001", amount=7, level="indicative")
    set_weighted(by=admin, pct=pcts["5QE"], year=YEAR, people=500_000, source="Exposition book")
    paid = {"by": admin, "consortium": group, "year": YEAR, "kind": "development", "source": "Framework"}
    set_allowance(**paid, pounds_per_head=Decimal(2), people=6_001)
    return {}


MOMENT = make.at


def trusts(**more) -> dict[str, dict[str, Any]]:
    return {row["code"]: row for row in budget_sums.trusts(None, make.at(date(2011, 6, 1)), YEAR, **more)}


def test_a_line_says_what_it_is_of(in_world):
    moment = make.at(date(2011, 6, 1))
    rows = {(r["pct_code"], r["line_key"]): r for r in budgets.finish(None, moment, list(budgets.rows(None, moment)))}
    ox = rows["5QE", "all"]
    assert (ox["difference"], ox["adds_up"], ox["eligible_total"], ox["share"]) == (-M, "rounding", 934 * M, 69.0)
    assert (ox["people"], ox["weighted_people"]) == (6_001, 500_000)
    assert (ox["total_per_head"], ox["delegated_per_weighted_head"]) == (155_640.73, 1_288.0)
    assert ox["holders"] == [
        {"holder": "GC0001", "name": "Oxford Group", "amount": 100 * M, "level": "shadow"},
    ]
    assert (ox["accountable"], ox["sha_code"], ox["evidence_title"]) == ("5QE", "Q38", "Board paper")
    maternity, community, special = (rows["5QF", line] for line in ("maternity", "community", "specialised"))
    assert (maternity["adds_up"], maternity["share"], maternity["total_per_head"]) == ("exactly", 50.0, None)
    assert (community["adds_up"], community["eligible_total"], community["share"]) == ("not_stated", None, None)
    assert community["evidence_title"] == "A year on", "a source is named of days before it said so too"
    assert (special["eligible"], special["eligible_total"]) == (False, None)


def test_rounded_figures_make_no_share_of_less_than_nothing(in_world):
    given = {"year": YEAR, "line": "all", "on": APRIL, "source": Source("press", "A report")}
    figures = {"total": M, "delegated": M, "excluded": 2 * M, "rounding": M}
    set_budget_line(by=told.person("programme_admin"), pct=ParentBody.objects.get(code="5QG"), **given, **figures)
    moment = make.at(date(2011, 6, 1))
    row = budgets.finish(None, moment, list(budgets.rows(None, moment).filter(pct__code="5QG")))[0]
    assert (row["eligible_total"], row["share"]) == (0, None)
    assert "5QG" not in budget_sums.delegated_parts(None, moment, YEAR)
    assert trusts()["5QG"]["share"] is None


def test_sums_say_how_many_stated_them_and_unknown_is_never_nothing(in_world):
    rows = trusts()
    assert {code: row["basis"] for code, row in rows.items()} == {"5QE": "whole", "5QF": "lines", "5QG": None}
    west, silent = rows["5QF"], rows["5QG"]
    assert (west["total"], west["delegated"], west["eligible_total"], west["share"]) == (100 * M, None, None, None)
    assert all(silent[name] is None for name in (*budget_sums.SUMMED, "share", "total_per_head"))
    england = budget_sums.whole(rows.values())
    assert (england["trusts"], england["stated"], england["not_known"]) == (3, 2, 1)
    assert england["figures"]["total"] == {"amount": 1034 * M, "trusts": 2}
    assert england["figures"]["delegated"] == {"amount": 644 * M, "trusts": 1}
    assert (england["share"], england["share_trusts"], england["share_base"]) == (69.0, 1, 934 * M)
    assert budget_sums.whole([silent])["figures"]["total"] == {"amount": None, "trusts": 0}
    assert [(row["code"], row["stated"]) for row in budget_sums.by_sha(rows.values())] == [("Q38", 2)]
    assert trusts(sha="Q99") == {}


def test_a_consortium_s_practices_share_exactly_what_it_holds(in_world):
    moment = make.at(date(2011, 6, 1))
    holdings = budget_holders.holdings(None, moment, "GC0001")
    amount, unknown = budget_holders.stated(holdings, YEAR)
    assert (amount, unknown) == (100 * M + 7, 0)
    shares = budget_holders.shares(None, moment, "GC0001", amount)
    assert sum(share.amount or 0 for share in shares) == amount
    assert [(share.code, share.people, share.amount is None) for share in shares][-1] == ("Z00004", None, True)
    assert [(a["kind"], a["amount"], a["paid_on"]) for a in budget_holders.allowances(None, moment, {"GC0001"})] == [
        ("development", 12_002, None)
    ]


@given(st.integers(0, 10**12), st.dictionaries(st.sampled_from("ABCDEFGHI"), st.integers(0, 10**5)))
def test_shares_make_the_amount_and_each_is_within_a_pound(amount, weights):
    parts, people = pro_rata(amount, weights), sum(weights.values())
    assert sum(parts.values()) == (amount if people else 0)
    assert all(abs(part * people - amount * weights[key]) < people for key, part in parts.items())


def test_after_the_year_its_last_day_answers_and_a_closed_trust_keeps_its_name(in_world):
    moment = make.at(date(2014, 1, 1))
    assert list(budgets.rows(None, moment)) == []
    row = budgets.finish(None, moment, list(budgets.rows(None, moment, YEAR).filter(pct__code="5QE")))[0]
    assert (row["pct_name"], [h["level"] for h in row["holders"]]) == ("5QE PCT", ["shadow"])
    assert len(budget_sums.trusts(None, moment, YEAR)) == 3
    assert list(budgets.rows(None, make.at(date(2011, 3, 31)), YEAR)) == [], "not stated yet"


def test_the_api_answers_with_both_dates_who_is_accountable_and_all_formats(in_world):
    public, address = Client(), "/api/v1/budgets/?as_of=2011-06-01"
    told = public.get(address).json()
    assert (
        told["count"] == 4
        and told["accountable"]["body"] == "primary care trust"
        and told["accountable"]["on"] == "2011-06-01"
    )
    assert told["results"][0]["line"] == {"key": "all", "label": "All services"}
    assert (
        public.get(address.replace("2011-06", "2013-06"))
        .json()["accountable"]["body"]
        .startswith("clinical commissioning group")
    )

    def codes(query: str) -> list[tuple[str, str]]:
        found = public.get(f"{address}&{query}").json()["results"]
        return [(row["pct"]["code"], row["line"]["key"]) for row in found]

    assert codes("holder=gc0001") == [("5QE", "all"), ("5QF", "maternity")]
    assert codes("level=shadow") == codes("adds_up=rounding") == codes("line=all") == codes("pct=5qe")
    assert codes("sha=Q38&year=all&ordering=-total")[0] == ("5QE", "all")
    assert codes("year=2012/13") == []
    assert public.get(f"{address}&year=soon").status_code == 400
    for form in ("csv", "ndjson", "xlsx"):
        assert public.get(f"{address}&format={form}").status_code == 200


def test_the_questions_asked_do_not_grow_with_the_rows(in_world):
    def asked(code: str = "") -> int:
        with read_snapshot(), CaptureQueriesContext(connection) as found:
            moment = make.at(date(2011, 6, 1))
            budgets.finish(None, moment, list(budgets.rows(None, moment).filter(pct__code__startswith=code)))
        return len(found)

    asked()
    assert asked() == asked("5QE") <= 9
