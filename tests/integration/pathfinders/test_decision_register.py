"""The decision register: every decision stands in it, each figure is the length of the list that it leads to."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

import pytest

from pathfinders.models import ReleasedCondition, ReleasedDecision, ReleasedFinding
from registry.models import EntryKind, User
from tests import factories as make
from tests.desk import text_of

SUBMITTED, DECIDED = date(2010, 11, 1), date(2010, 11, 30)
FIRST, SECOND = date(2010, 12, 8), date(2011, 3, 2)
GROUPINGS = ("national", "wave", "sha", "criterion", "reason", "outcome")


def tell(
    entry, bid, number, outcome, *, wave, day, reasons="", sha="Q36", pathfinder=None, submitted=SUBMITTED, name=""
):
    decided = DECIDED if wave == 1 else date(2011, 2, 20)
    values = (wave, name, outcome, decided, reasons, "national-1", pathfinder, submitted, sha, "P-AVERY", "")
    entry.set(ReleasedDecision, (bid, number), day, None, values)
    found = "met" if outcome.startswith("approved") else "not"
    entry.set(ReleasedFinding, (bid, number, "qipp"), day, None, (found,))


def build_world():
    """Wave 1: one approved, one declined, one deferred for want of room. Wave 2: the declined one is approved with a
    condition after all; one of no known region and no known day of submission is declined."""
    make.make_sha("Q36", "London")
    make.make_sha("Q37", "South East Coast")
    User.objects.create_user("avery@example.org", name="Avery Approver", ref="P-AVERY")
    make.make_wave(1, FIRST)
    make.make_wave(2, SECOND)
    one, two = (make.Pathfinder.objects.create(ref=f"PF000{n}") for n in (1, 2))
    with make.writing("release_wave", EntryKind.RELEASE) as entry:
        tell(entry, "BID-2010-0001", 1, "approved", wave=1, day=FIRST, pathfinder=one.pk, name="Meadow")
        tell(entry, "BID-2010-0002", 1, "declined", wave=1, day=FIRST, reasons="finance")
        tell(entry, "BID-2010-0003", 1, "deferred", wave=1, day=FIRST, reasons="finance wave_capacity", sha="Q37")
    with make.writing("release_wave", EntryKind.RELEASE) as entry:
        more = {"wave": 2, "day": SECOND, "reasons": "governance"}
        tell(entry, "BID-2010-0002", 2, "approved_with_conditions", pathfinder=two.pk, name="Hill", **more)
        tell(entry, "BID-2010-0004", 1, "declined", sha="", submitted=None, **more)
        due = ("Name a lead", date(2011, 6, 1), None)
        entry.set(ReleasedCondition, ("BID-2010-0002", 2, 1), SECOND, None, due)


@pytest.fixture
def told(in_world):
    return in_world


def get(client, path, **query):
    answer = client.get(f"/api/v1/{path}/", {"as_of": "2011-04-01"} | query)
    assert answer.status_code == 200, answer.content
    return answer


def test_every_decision_has_its_row_and_the_last_one_stands(told, client):
    rows = get(client, "decisions").json()["results"]
    assert [(r["bid"][-1], r["number"], r["standing"]) for r in rows] == [
        ("1", 1, True),
        ("2", 1, False),
        ("2", 2, True),
        ("3", 1, True),
        ("4", 1, True),
    ]
    before = client.get("/api/v1/decisions/?as_of=2011-01-01").json()["results"]
    assert [r["standing"] for r in before] == [True, True, True]  # on that day the first decision still stood


def test_a_row_says_who_decided_on_what_and_why(told, client):
    rows = {(r["bid"], r["number"]): r for r in get(client, "decisions").json()["results"]}
    again, deferred = rows["BID-2010-0002", 2], rows["BID-2010-0003", 1]
    assert again["decided_by"] == {"ref": "P-AVERY", "name": "Avery Approver"}
    assert again["conditions"] == [
        {"position": 1, "text": "Name a lead", "due_on": "2011-06-01", "discharged_on": None}
    ]
    assert again["sha"] == {"code": "Q36", "name": "London"} and again["submitted_on"] == "2010-11-01"
    assert deferred["outside_criteria"] is True and again["outside_criteria"] is False
    assert [(r["reason"], r["outside_criteria"]) for r in deferred["reasons_given"]] == [
        ("finance", False),
        ("wave_capacity", True),
    ]
    assert rows["BID-2010-0004", 1]["sha"] is None
    assert list(again)[:10] == [
        "bid", "wave", "name", "outcome", "decided_on", "released_on", "reasons", "criteria", "pathfinder", "findings",
    ]  # fmt: skip


def test_an_answer_with_names_is_kept_by_no_cache(told, client):
    known = get(client, "decisions").json()["known_at"]
    for path in ("decisions", "waves"):
        answer = get(client, path, known_at=known)
        assert ("immutable" in answer["Cache-Control"], "ETag" in answer) == (path == "waves",) * 2
    User.objects.filter(ref="P-AVERY").update(name="")
    assert b"Avery" not in get(client, "decisions", known_at=known).content


@pytest.mark.parametrize(
    ("by", "figures"),
    [
        ("national", {"England": (4, 2, 1, 1)}),
        ("wave", {"1": (3, 1, 1, 1), "2": (2, 1, 0, 1)}),
        ("sha", {"Q36": (2, 2, 0, 0), "Q37": (1, 0, 1, 0), "": (1, 0, 0, 1)}),
        ("reason", {"finance": (1, 0, 1, 0), "governance": (2, 1, 0, 1), "wave_capacity": (1, 0, 1, 0)}),
        ("criterion", {"national-1.qipp": (4, 2, 1, 1)}),
    ],
)
def test_the_figures(told, client, by, figures):
    rows = get(client, "decisions/summary", by=by).json()["results"]
    assert {r["key"]: (r["bids"], r["approved"], r["deferred"], r["declined"]) for r in rows} == figures


def test_rates_and_days(told, client):
    (row,) = get(client, "decisions/summary").json()["results"]
    assert (row["approval_percent"], row["approved_with_conditions"], row["outside_criteria"]) == (50.0, 1, 1)
    assert (row["median_days"], row["days_known"]) == (29, 3)  # 29, 29 and 111 days; one is not known
    (qipp,) = get(client, "decisions/summary", by="criterion").json()["results"]
    assert qipp["findings"] == {"met": 2, "partly": 0, "not": 2, "cannot_tell": 0}


@pytest.mark.parametrize("by", GROUPINGS)
@pytest.mark.parametrize("among", [{}, {"wave": "1"}, {"sha": "Q36"}, {"sha": "none"}])
def test_each_figure_is_the_length_of_its_list_in_the_api_and_on_the_page(told, client, by, among):
    rows = get(client, "decisions/summary", by=by, explain="1", **among).json()["results"]
    seen = 0
    for row in rows:
        for name, href in row["links"].items():
            expected = row[name] if name in row else row["findings"][name]
            parts = urlsplit(href)
            assert client.get(f"{parts.path}?{parts.query}").json()["count"] == expected, (row["key"], name)
            page = client.get(f"/decisions/?{parts.query}")
            assert (page.status_code, page.context["total"]) == (200, expected)
            seen += 1
    assert seen >= 3 * len(rows) and rows


@pytest.mark.parametrize("by", GROUPINGS)
def test_the_page_of_figures(told, client, by):
    page = client.get(f"/decisions/summary/?by={by}&as_of=2011-04-01")
    assert page.status_code == 200
    hrefs = [href for row in page.context["table"].rows for href in row["hrefs"].values()]
    assert hrefs and all(client.get(href).status_code == 200 for href in hrefs)
    assert page.content.decode().count('href="/decisions/?') >= len(page.context["table"].rows)


@pytest.mark.parametrize("query", ["by=nobody", "wave=x", "outcome=won", "explain=2", "colour=red"])
def test_what_cannot_be_answered_is_refused_with_its_name(told, client, query):
    answer = client.get(f"/api/v1/decisions/summary/?{query}")
    assert answer.status_code == 400 and answer.json()["errors"][0]["field"] == query.partition("=")[0]


@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_the_figures_as_a_file(told, client, form):
    answer = get(client, "decisions/summary", by="criterion", format=form)
    assert b"qipp" in b"".join(answer.streaming_content)


def test_the_list_says_what_was_overtaken_and_what_is_outside_the_criteria(told, client):
    page = text_of(client.get("/decisions/?as_of=2011-04-01"))
    assert "Overtaken" in page and "Outside the published criteria" in page and "by Avery Approver" in page
    assert "4 bids are decided and announced" in page and "Not named" in page and "Condition: Name a lead" in page
    alone = text_of(client.get("/decisions/?as_of=2011-04-01&bid=BID-2010-0004"))
    assert '<strong class="nhsuk-tag nhsuk-tag--orange">' not in alone


def test_nothing_is_counted_before_its_release(told, client):
    assert client.get("/api/v1/decisions/summary/?as_of=2010-12-07").json()["results"] == []
    assert "No decision has been announced" in text_of(client.get("/decisions/summary/?as_of=2010-12-07"))
