"""Public pages over a small register: what they say, that they agree with the API, and how much they ask."""

from __future__ import annotations

import csv
import re
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consortia.models import Membership
from pathfinders.models import (
    Pathfinder,
    ReleasedDecision,
    Wave,
)
from practices.models import Practice
from registry.models import Entry, EntryKind
from tests.factories import (
    make_list_size,
    make_practice,
    writing,
)
from tests.support.small_register import ANNOUNCED, small_register

DAY = "as_of=2011-05-15"
PATHS = (
    "/",
    "/practices/",
    "/practices/G85001/",
    "/pcts/",
    "/pcts/5LE/",
    "/pcts/08Q/",
    "/shas/Q36/",
    "/consortia/",
    "/consortia/GC0001/",
    "/transitions/crosswalk/",
    "/transitions/crosswalk/carry/",
    "/pathfinders/",
    "/pathfinders/PF0001/",
    "/waves/",
    "/waves/1/",
    "/decisions/",
    "/unaffiliated/",
    "/search/?q=surgery",
    "/search/?q=nothing+like+it",
    "/data/",
    "/changes/",
    "/about/",
)


def build_world() -> None:
    small_register()


@pytest.fixture
def site(in_world: None) -> Client:
    return Client(headers={"host": "localhost"})


def text(response) -> str:
    """The words of the page's main part, white space made single."""
    body = response.content.decode()
    main = body[body.index("<main") : body.index("</main>")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)).replace("&#x27;", "'")


def test_every_page_is_public_sets_no_cookie_and_asks_little(site: Client) -> None:
    asked = {}
    for path in (*PATHS, f"/changes/{Entry.objects.count()}/", release_entry()):
        for dates in ("", DAY, f"{DAY}&known_at=2100-01-01"):
            with CaptureQueriesContext(connection) as queries:
                response = site.get(f"{path}{'&' if '?' in path else '?'}{dates}")
            assert response.status_code == 200, path
            assert not response.cookies, path
            assert "csrf" not in response.content.decode().lower(), path
            asked[path, dates] = len(queries)
    assert {page: n for page, n in asked.items() if n > 12} == {}


def release_entry() -> str:
    return f"/changes/{Entry.objects.get(kind=EntryKind.RELEASE).number}/"


def test_the_whole_page_is_read_from_one_snapshot(site: Client, monkeypatch) -> None:
    """Every query of a page runs inside `read_snapshot`, the template's too."""
    from contextlib import contextmanager

    from pathfinders.views.public import base

    inside = []

    @contextmanager
    def watched(seconds: int):
        with CaptureQueriesContext(connection) as queries:
            yield
        inside.append(len(queries))

    monkeypatch.setattr(base, "read_snapshot", watched)
    for path in PATHS:
        if path == "/about/":
            continue
        inside.clear()
        with CaptureQueriesContext(connection) as queries:
            site.get(path)
        assert inside == [len(queries)], path


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("practices", "status=active&sha=Q36"),
        ("practices", "consortium=GC0001"),
        ("practices", "parent=5LE&eligible=true&q=surgery"),
        ("pcts", "sha=Q36"),
        ("consortia", "pathfinder=PF0001"),
        ("pathfinders", "wave=1&pct=5LE"),
        ("waves", "number=1"),
        ("decisions", "outcome=declined"),
        ("unaffiliated", "pct=5LE"),
    ],
)
def test_a_list_and_its_api_link_count_the_same(site: Client, path: str, query: str) -> None:
    page = site.get(f"/{path}/?{query}&{DAY}")
    found = re.search(r'<a class="nhsuk-link" href="(/api/v1/[^"]+)">See this list in the API', page.content.decode())
    assert found, text(page)
    answer = site.get(found[1].replace("&amp;", "&"))
    shown = page.context["total"]
    assert shown > 0
    assert answer.json()["count"] == shown == len(page.context["table"].rows)
    assert parse_qs(urlsplit(found[1].replace("&amp;", "&")).query) == parse_qs(f"{query}&{DAY}")


def test_the_csv_link_has_a_row_a_row(site: Client) -> None:
    page = site.get(f"/practices/?status=active&{DAY}")
    href = re.search(r'href="([^"]+format=csv)"', page.content.decode())[1].replace("&amp;", "&")
    answer = site.get(href)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    lines = [line for line in body.decode().splitlines() if line.startswith("G85")]
    assert len(lines) == page.context["total"] == 3


def test_what_a_list_does_not_know_is_not_passed_to_the_api(site: Client) -> None:
    page = site.get("/practices/?fbclid=x&status=active")
    assert "fbclid" not in page.context["api_href"]
    assert site.get(page.context["api_href"]).status_code == 200


def test_links_between_pages_carry_the_dates(site: Client) -> None:
    for path in ("/", "/practices/", "/consortia/GC0001/", "/pathfinders/PF0001/", "/pcts/5LE/", "/search/?q=surgery"):
        body = site.get(f"{path}{'&' if '?' in path else '?'}{DAY}").content.decode()
        links = re.findall(r'href="(/(?:practices|pcts|shas|consortia|pathfinders|waves)/[^"]*)"', body)
        links = [link for link in links if not link.endswith("/feed.atom")]  # a feed has no day: it tells what is new
        assert links and all(DAY in link for link in links), (path, links)


def test_home_gives_coverage_with_denominator_and_both_dates(site: Client) -> None:
    page = site.get(f"/?{DAY}")
    words = text(page)
    assert "Coverage on 15 May 2011" in words
    # one stayed (1,000), one moved to a group in no pathfinder; 7,000 registered with the three open practices
    assert "14.3% 1,000 of 7,000 registered patients" in words
    assert "registered-2010Q4" in words
    assert "33.3% 1 of 3 active GP practices" in words
    assert "Practices in no consortium 1" in words
    assert "each primary care trust (PCT) was accountable for all of its commissioning, whatever it had" in words
    citation = page.context["citation"]
    assert "as_of=2011-05-15" in citation.permalink and "known_at=" in citation.permalink


def test_the_chart_the_table_and_the_file_of_home_tell_the_same(site: Client) -> None:
    page = site.get(f"/?{DAY}")
    body = page.content.decode()
    assert '<title id="growth-title">' in body and "style=" not in body
    assert "After wave 1, 1 pathfinder with 1,000 people, 14.3% of all registered." in text(page)
    (row,) = page.context["waves"].rows
    (line,) = csv.DictReader(site.get(f"/waves/so-far.csv?{DAY}").content.decode().splitlines())
    assert (line["wave"], line["pathfinders"], line["people"], line["of"]) == ("1", "1", "1000", "7000")
    assert (row.number, row.pathfinders, row.people) == (1, 1, 1000)
    (bar,) = page.context["chart"].bars
    assert (bar.before, bar.added) == (0, 14.29)


def test_a_permalink_answers_the_same_after_a_correction(site: Client) -> None:
    permalink = site.get(f"/consortia/GC0002/?{DAY}").context["citation"].permalink
    address = permalink.removeprefix("http://localhost")
    before = site.get(address)
    assert before.context["people"]["practices"] == 1
    with writing("correct", EntryKind.CORRECTION) as entry:
        entry.clear(Membership, (Practice.objects.get(code="G85002").pk,), date(2011, 4, 1), None)
    assert site.get(f"/consortia/GC0002/?{DAY}").context["people"]["practices"] == 0
    after = site.get(address)
    assert after.context["people"]["practices"] == 1
    assert after.context["members"].rows == before.context["members"].rows
    assert "as it was known on" in text(after)


def test_a_past_knowledge_is_said_with_who_was_accountable(site: Client) -> None:
    first = Entry.objects.get(number=20 if Entry.objects.count() > 20 else Entry.objects.count() - 1)
    known = first.at.isoformat().replace("+00:00", "Z")
    words = text(site.get(f"/practices/G85001/?as_of=2013-04-01&known_at={known}"))
    assert "This is the register of 1 April 2013 as it was known on" in words
    assert "clinical commissioning groups (CCGs) and the NHS Commissioning Board were accountable" in words


def test_a_practice_shows_both_clocks(site: Client) -> None:
    page = site.get(f"/practices/G85002/?{DAY}")
    standing = [(line.what, line.start, line.last, line.kind) for line in page.context["history"].rows]
    assert ("Consortium", ANNOUNCED, date(2011, 3, 31), "correction") in standing
    assert ("Consortium", date(2011, 4, 1), None, "correction") in standing
    before = [(line.start, line.last, line.kind, line.closed_kind) for line in page.context["superseded"].rows]
    assert before == [
        (ANNOUNCED, None, "release", "late"),
        (ANNOUNCED, date(2011, 4, 30), "late", "correction"),
        (date(2011, 5, 1), None, "late", "correction"),
    ]
    assert "2,000, list of 2013Q2: a later quarter than the day" in text(page)


def test_a_practice_as_known_before_the_correction(site: Client) -> None:
    late = Entry.objects.get(kind=EntryKind.LATE)
    page = site.get(f"/practices/G85002/?as_of=2011-04-15&known_at={late.at.isoformat().replace('+', '%2B')}")
    assert page.context["row"]["consortium_ref"] == "GC0001"
    assert [line.closed_kind for line in page.context["superseded"].rows] == ["late"]
    assert site.get("/practices/G85002/?as_of=2011-04-15").context["row"]["consortium_ref"] == "GC0002"


def test_only_the_fields_that_changed_are_told(site: Client) -> None:
    page = site.get("/practices/G85001/")
    told = [str(line.words) for line in page.context["history"].rows if line.what == "Particulars"]
    assert told[1] == (
        "Name: FOREST HILL SURGERY → NEW NAME; Address: 1 High Street, Town → 9 Road; Postcode: SE22 9AA → SE22 9AB"
    )


def test_a_closed_practice_still_answers_and_says_so(site: Client) -> None:
    words = text(site.get(f"/practices/G85004/?{DAY}"))
    assert "This practice had closed by 15 May 2011. Its last day was 30 November 2010." in words
    assert "Named in bid BID-2010-0001 but not a member at release: closed" in words


def test_a_code_that_did_not_exist_on_the_day_says_when_it_did(site: Client) -> None:
    make_practice("G85005", opened=date(2012, 1, 1), last_day=date(2012, 12, 31))
    page = site.get(f"/practices/G85005/?{DAY}")
    assert page.status_code == 200
    assert "There was no practice G85005 on 15 May 2011." in text(page)
    assert "active from 1 January 2012 to 31 December 2012" in text(page)
    assert "There was no body 08Q on 15 May 2011" in text(site.get(f"/pcts/08Q/?{DAY}"))
    assert "There was no consortium GC0001 on 1 January 2009" in text(site.get("/consortia/GC0001/?as_of=2009-01-01"))


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/practices/X99999/", "The register has no practice with the code “X99999”."),
        ("/pcts/9ZZ/", "The register has no PCT with the code “9ZZ”."),
        ("/shas/Q99/", "The register has no strategic health authority with the code “Q99”."),
        ("/consortia/GC0404/", "The register has no consortium with the reference “GC0404”."),
        ("/pathfinders/PF0404/", "The register has no pathfinder with the reference “PF0404”."),
        ("/waves/4/", "No wave 4 has been released."),
        ("/waves/999999/", "No wave 999999 has been released."),
        ("/changes/4040/", "The journal has no entry 4040."),
        ("/changes/99999999999999999999/", "The journal has no entry"),
    ],
)
def test_unknown_codes_are_404_with_a_sentence(site: Client, path: str, sentence: str) -> None:
    response = site.get(path)
    assert response.status_code == 404
    assert sentence in text(response)


def test_a_record_not_yet_known_is_404(site: Client) -> None:
    known = Entry.objects.get(number=1).at.isoformat().replace("+", "%2B")
    for path in ("/practices/G85001/", "/pcts/5LE/", "/consortia/GC0001/", "/pathfinders/PF0001/", "/waves/1/"):
        assert site.get(f"{path}?known_at={known}").status_code == 404, path


def test_a_pct_shows_its_coverage_groups_and_successor(site: Client) -> None:
    words = text(site.get(f"/pcts/5LE/?{DAY}"))
    assert "14.3% of 7,000" in words
    assert "Southwark (PF0001)" in words and "Other Group (GC0002)" in words
    assert "After: NHS Southwark CCG (08Q) , functions transferred to on 1 April 2013" in words
    assert "Before: Southwark PCT (5LE)" in text(site.get("/pcts/08Q/?as_of=2013-04-01"))
    assert site.get("/pcts/Q36/?" + DAY).headers["Location"] == f"/shas/Q36/?{DAY}"


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        (
            f"/pcts/5LE/?{DAY}",
            ["transition", "budgets", "coverage", "groups", "local-bodies", "surveys", "practices", "succession"],
        ),
        ("/pcts/5LE/?as_of=2013-05-01", ["transition", "budgets", "succession"]),
        ("/pcts/08Q/?as_of=2013-05-01", ["practices", "succession"]),
    ],
)
def test_the_contents_of_a_pcts_page_lead_to_its_parts_in_their_order(site: Client, path: str, parts: list) -> None:
    page = site.get(path).content.decode()
    listed = page.split('aria-label="Parts of this page"')[1].split("</nav>")
    assert re.findall(r'href="#([a-z-]+)"', listed[0]) == [*parts, "history"]
    assert re.findall(r'<h2[^>]* id="([a-z-]+)"', listed[1]) == [*parts, "history"]


def test_a_pathfinder_shows_dates_decision_and_left_out(site: Client) -> None:
    words = text(site.get(f"/pathfinders/PF0001/?{DAY}"))
    for said in (
        "Approved 30 November 2010",
        "Announced 8 December 2010",
        "Live since 1 April 2011",
        "Approved with conditions on 30 November 2010",
        "Governance is not settled",
        "Part in quality and productivity (QIPP) Partly met",
        "OLD SURGERY (G85004) : closed by then",
        "1,000 registered patients on the lists of 1 practice (lists of 2010Q4).",
    ):
        assert said in words, said


def test_a_wave_keeps_what_was_released_beside_what_changed(site: Client) -> None:
    page = site.get(f"/waves/1/?{DAY}")
    (row,) = page.context["beside"].rows
    assert (row["practices"], row["people"]) == (2, 3000)
    assert (row["practices_now"], row["people_now"], row["change"]) == (1, 1000, "-1 practices")
    later = page.context["later"].rows
    assert [entry["kind"] for entry in later] == ["late", "correction"]
    assert "1 approved with conditions, 1 declined" in text(page)


def test_an_open_wave_is_not_there(site: Client) -> None:
    Wave.objects.create(number=2, announced_on=date(2011, 1, 17))
    assert site.get("/waves/2/").status_code == 404
    assert [row["number"] for row in site.get("/waves/").context["table"].rows] == [1]


def test_decisions_name_nobody_who_did_not_agree(site: Client) -> None:
    page = site.get("/decisions/?outcome=declined")
    words = text(page)
    assert "Not named: its lead did not agree to be" in words
    assert "The wave has no room for it (outside the published criteria)" in words


def test_an_unconditional_approval_gives_no_reason(site: Client) -> None:
    with writing("restate", EntryKind.RESTATEMENT) as entry:
        told = (1, "Southwark", "approved", date(2010, 11, 30), "", "national-1", Pathfinder.objects.get().pk)
        entry.set(ReleasedDecision, ("BID-2010-0001", 1), ANNOUNCED, None, (*told, None, "", "", ""))
    assert "Decided 30 November 2010 Reasons and conditions – Findings" in text(
        site.get("/decisions/?outcome=approved")
    )
    assert "Governance" not in text(site.get("/pathfinders/PF0001/"))


def test_the_left_out_by_area_add_up_to_the_list(site: Client) -> None:
    page = site.get(f"/unaffiliated/?{DAY}")
    assert [row["code"] for row in page.context["table"].rows] == ["G85003"]
    (area,) = page.context["by_area"].rows
    assert (area["pct_code"], area["practices"], area["people"]) == ("5LE", 1, 4000)
    assert page.context["total"] == 1


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("g85001", "/practices/G85001/"),
        (" 5LE ", "/pcts/5LE/"),
        ("q36", "/pcts/Q36/"),
        ("gc0001", "/consortia/GC0001/"),
        ("PF0001", "/pathfinders/PF0001/"),
    ],
)
def test_an_exact_code_goes_straight_to_its_record(site: Client, typed: str, address: str) -> None:
    response = site.get("/search/", {"q": typed, "as_of": "2011-05-15"})
    assert (response.status_code, response.headers["Location"]) == (302, f"{address}?{DAY}")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("walworth", ["G85002"]),
        ("Forest Hill", ["G85001"]),  # its old name, once it has a new one
        ("SE22 9AA", ["G85001"]),
        ("se229", ["G85001"]),
        ("Wallworth surgry", ["G85002"]),  # misspelt
        ("old", ["G85004"]),
        ("southwark", ["PF0001", "GC0001", "08Q", "5LE"]),
        ("%", []),
        ("\x00", []),
    ],
)
def test_search_finds(site: Client, typed: str, found: list[str]) -> None:
    page = site.get("/search/", {"q": typed, "as_of": "2012-01-01"})
    codes = [hit.code for group in page.context["groups"] for hit in group.hits]
    assert codes[: len(found)] == found and bool(codes) == bool(found)


def test_search_marks_what_is_not_open(site: Client) -> None:
    assert "OLD SURGERY (G85004) : ZZ1 1ZZ Not open on 15 May 2011" in text(site.get(f"/search/?q=old&{DAY}"))
    assert "on the day named NEW NAME" in text(site.get("/search/?q=forest"))


def test_an_entry_shows_its_changes_and_its_hash(site: Client) -> None:
    entry = Entry.objects.get(kind=EntryKind.CORRECTION)
    page = site.get(f"/changes/{entry.number}/")
    words = text(page)
    assert entry.hash in words and entry.previous_hash in words
    rows = page.context["table"].rows
    assert [row["position"] for row in rows] == list(range(1, entry.changes + 1))
    api = site.get(f"/api/v1/changes/?after={entry.number - 1}&limit={entry.changes}").json()["results"]
    assert [row["action"] == "Recorded" for row in rows] == [change["action"] == "opened" for change in api]
    assert [row["opened"] for row in rows if row["said_by"]] == [c["fact"] for c in api if c["action"] == "closed"]
    told = re.sub(r" +;", ";", words)
    assert re.search(r"practice: +G85002; consortium: +GC0002; status: claimed", told)
    assert {"/consortia/GC0002/"} <= set(re.findall(r'href="([^"?]+)', page.content.decode()))


def test_the_changes_of_a_long_entry_come_in_pages(site: Client) -> None:
    practice = Practice.objects.get(code="G85003")
    with writing("load", EntryKind.IMPORT) as entry:
        from practices.models import PracticeStatus

        for year in range(150):
            start, end = date(1850 + year, 1, 1), date(1851 + year, 1, 1)
            entry.set(PracticeStatus, (practice.pk,), start, end, ("A" if year % 2 else "D",))
    number = Entry.objects.count()
    first, second = site.get(f"/changes/{number}/"), site.get(f"/changes/{number}/?page=2")
    positions = [row["position"] for page in (first, second) for row in page.context["table"].rows]
    assert positions == list(range(1, Entry.objects.get(number=number).changes + 1))
    assert site.get(f"/changes/{number}/?page=3").status_code == 404


def test_changes_come_newest_first_and_by_kind(site: Client) -> None:
    page = site.get("/changes/")
    numbers = [entry.number for entry in page.context["table"].rows]
    assert numbers == sorted(numbers, reverse=True) and numbers[0] == Entry.objects.count()
    only = site.get("/changes/?kind=correction")
    assert {entry.kind for entry in only.context["table"].rows} == {"correction"}


@pytest.mark.parametrize(
    "path", ["/?as_of=2011-02-30", "/practices/?ordering=colour", "/waves/1/?known_at=1999-01-01"]
)
def test_what_cannot_be_read_is_400(site: Client, path: str) -> None:
    assert site.get(path).status_code == 400


def test_a_wrong_filter_shows_nothing_and_says_so(site: Client) -> None:
    page = site.get("/practices/?wave=two&wavey=1")
    assert page.context["total"] == 0
    assert "Nothing is shown until the filters are put right." in text(page)
    hidden = site.get("/practices/?membership_status=nonsense")
    assert hidden.context["total"] == 0


def test_a_list_size_of_the_day_is_preferred(site: Client) -> None:
    make_list_size(Practice.objects.get(code="G85002"), "2011Q1", 2500)
    page = site.get(f"/practices/G85002/?{DAY}")
    assert "2,500, list of 2011Q1" in text(page)
    assert [size.quarter for size in page.context["sizes"].rows] == ["2013Q2", "2011Q1"]


def test_an_empty_register_has_pages(db: None) -> None:
    client = Client(headers={"host": "localhost"})
    for path in (
        "/",
        "/practices/",
        "/pcts/",
        "/waves/",
        "/unaffiliated/",
        "/changes/",
        "/search/?q=surgery",
        "/data/",
    ):
        assert client.get(path).status_code == 200, path
    assert "This register is empty." in text(client.get("/"))
