"""What happened in my area: which practices and trusts a postcode or a town means, and their story day by day."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pathfinders.reads.addresses import MOST_PRACTICES, district_of
from pathfinders.views.public.area import MOST_LINES
from practices.models import ParentBody
from registry.models import User
from tests import factories as make
from tests.desk import text_of
from tests.support.trusts import OXFORDSHIRE, handed_over
from transitions.actions import answer_survey, set_milestone
from transitions.models import Cluster, ClusterParticulars, ClusterPlace, Survey

DAY = "as_of=2011-05-15"
MOST_STATEMENTS = 22

build_world = handed_over


def page(asked: str) -> str:
    answer = Client().get(f"/transitions/area/?{asked}")
    assert answer.status_code == 200
    return text_of(answer)


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def story(html: str) -> list[str]:
    """Each line with its year, as it is read."""
    found = []
    for part in html.split('<h3 class="nhsuk-heading-s">')[1:]:
        for day, told in re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", part.split("<h3")[0], re.S):
            found.append(f"{day} {part[:4]}: {words(told)}")
    return found


def test_a_district_has_its_story_from_2010_to_2013_in_order(in_world: SimpleNamespace) -> None:
    html = page(f"postcode=OX4&{DAY}")
    told = story(html)
    days = [line.split(": ")[0] for line in told]
    assert days == [
        *["1 August 2010"] * 2, *["8 December 2010"] * 2, *["1 February 2011"] * 3, "1 April 2011", *["1 April 2013"] * 2,
    ]  # fmt: skip
    for start, said in zip(told, STORY, strict=True):
        assert said in start
    assert "This is approximate." in html and "3 active GP practices here, with 6,000 people" in words(html)
    assert "was accountable for all of its commissioning" in html
    assert "Z00004" not in html, "OX44 is another district"
    assert story(page("postcode=OX4&as_of=2013-06-01")) == told, "whatever day the page is of"
    assert "No primary care trust is above them on 1 June 2013" in words(page("postcode=OX4&as_of=2013-06-01"))


STORY = (
    "Oxfordshire : Joint working",
    "Oxfordshire planned “Near-total delegation” for by spring",
    "2 practices joined Oxford Group",
    "Pathfinder Oxford Pathfinder announced in wave 1 , with Oxford Group",
    "Oxfordshire : Shadow form (all but <one>)",
    "Oxfordshire planned “Near-total delegation” for 30 April 2011: The Bill was paused.",
    "City board , locality board: running",
    "Oxfordshire : £644 million of £934 million delegated, 2011/12",
    "Oxfordshire closed: 31 March 2013 was its last day",
    "3 practices under Oxfordshire (clinical commissioning group) from now on",
)


def test_an_answer_to_a_survey_tells_what_was_asked(in_world: SimpleNamespace) -> None:
    system, trust = User.objects.system(), ParentBody.objects.get(code=OXFORDSHIRE)
    answer_survey(by=system, survey=Survey.objects.get(), pct=trust, answer="partial", on=date(2010, 9, 1))
    said = next(line for line in story(page(f"postcode=OX4&{DAY}")) if line.startswith("1 September 2010"))
    assert "Oxfordshire , in survey SV0001 , to “Have you begun?”: in part" in said


@pytest.mark.parametrize(
    ("typed", "district"),
    [("OX4", "OX4"), ("ox4 1aa", "OX4"), ("ox41aa", "OX4"), ("OX4 1", "OX4"), ("OX44 1AA", "OX44"), ("SE1", "SE1"),
     ("EC1A 1BB", "EC1A"), ("Penrith", ""), ("", ""), ("OX", ""), ("1AA", "")],
)  # fmt: skip
def test_a_postcode_is_read_by_its_first_half(typed: str, district: str) -> None:
    assert district_of(typed) == district


def test_a_town_is_found_by_address_or_by_the_trusts_name(in_world: SimpleNamespace) -> None:
    assert "3 active GP practices here" in words(page(f"postcode=cowley&{DAY}"))
    assert "4 active GP practices here" in words(page(f"postcode=oxfordshire&{DAY}")), "all of the trust"
    assert "No practice of this register" in page(f"postcode=owley&{DAY}"), "no middle of a word"
    whole, half = (story(page(f"postcode={asked}&{DAY}")) for asked in ("OX4+2AA", "OX4"))
    assert whole == half


def test_what_is_no_place_is_said_to_be_none(in_world: SimpleNamespace) -> None:
    for asked, said in (
        ("", "What is happening in my area"),
        ("postcode=", "What is happening in my area"),
        ("postcode=ZZ99", "No practice of this register ever had its address in “ZZ99”"),
        ("postcode=ox", "“ox” is too short to look for"),
        ("postcode=%3Cb%3E%28%5B", "too short"),
        ("postcode=%3Cscript%3E%5C", "No practice of this register"),
        ("postcode=%00OX4", "3 active GP practices here"),
    ):
        html = page(f"{asked}&{DAY}")
        assert said in words(html), asked
        assert "<script>" not in html and "<b>(" not in html
    trust = ParentBody.objects.get(code=OXFORDSHIRE)
    with make.writing() as entry:
        many = [make.Practice(code=f"Y{n:05d}") for n in range(MOST_PRACTICES + 1)]
        for practice in make.Practice.objects.bulk_create(many):
            for model in (make.PracticeParticulars, make.PracticeParent):
                entry.new(model, [(practice.pk,)])
            entry.set(make.PracticeParticulars, (practice.pk,), make.LONG_AGO, None, ("A", "", "QQ1 1AA", "", 4))
            entry.set(make.PracticeParent, (practice.pk,), make.LONG_AGO, None, (trust.pk,))
    assert f"is in the addresses of more than {MOST_PRACTICES} practices" in page(f"postcode=oxfordshire&{DAY}")


def test_dates_of_the_programme_stand_beside_the_years_of_the_story(in_world: SimpleNamespace) -> None:
    """Of each the newest version that was known; a trust that goes on in another closes nowhere, and its cluster is told."""
    system = User.objects.system()
    say = {"by": system, "key": "the_act", "name": "The Act", "source": "Gazette"}
    planned = set_milestone(**say, day=date(2012, 5, 1), words="in spring", known_from=date(2010, 8, 1))
    set_milestone(**say, day=date(2012, 3, 27), known_from=date(2012, 3, 27), settled=True, why="It came.")
    told = words(page("postcode=OX4"))
    assert (
        "2012 Nothing is recorded of this place. In England in 2012: 1 date of the programme 27 March The Act" in told
    )
    before = words(page(f"postcode=OX4&known_at={planned.at.isoformat().replace('+', '%2B')}"))
    assert "1 May The Act, planned for in spring" in before and "27 March" not in before
    assert "In England" not in words(page("postcode=ZZ99"))
    trust = ParentBody.objects.get(code="TAM")
    with make.writing() as entry:
        cluster = Cluster.objects.create(ref="CL9001")
        entry.set(
            ClusterParticulars, (cluster.pk,), date(2011, 4, 1), None, ("of the Midlands", "pct", "The Department")
        )
        entry.set(ClusterPlace, (trust.pk,), date(2011, 4, 1), date(2011, 4, 15), (cluster.pk,))
    make.make_practice("Z00007", pct=trust, postcode="B91 1AA")
    told = words(page("postcode=B91"))
    assert "1 April Solihull in the cluster of the Midlands" in told
    assert "followed by Solihull" in told and told.count("Solihull closed") == 0


def test_a_long_year_is_folded_and_one_line_too_many_is_not(in_world: SimpleNamespace) -> None:
    def moved(first: int, last: int) -> None:
        for n in range(first, last):
            practice = make.make_practice(f"Y{n:05d}", postcode="QQ1 1AA")
            make.make_membership(practice, make.make_consortium(f"GC1{n:03d}"), date(2012, 1, 1 + n))

    moved(0, MOST_LINES + 1)
    html = page("postcode=QQ1")
    assert "more of 2012" not in html and len(story(html)) == MOST_LINES + 1
    moved(MOST_LINES + 1, MOST_LINES + 2)
    html = page("postcode=QQ1")
    assert "2 more of 2012" in html and len(story(html)) == MOST_LINES + 2


def test_few_statements_are_asked_however_many_practices(in_world: SimpleNamespace) -> None:
    counts = []
    for asked in ("postcode=OX4", "postcode=oxfordshire"):
        page(f"{asked}&{DAY}")
        with CaptureQueriesContext(connection) as statements:
            page(f"{asked}&{DAY}")
        counts.append(len(statements))
    assert counts[0] == counts[1] <= MOST_STATEMENTS


def test_search_trusts_and_practices_lead_to_their_area(in_world: SimpleNamespace) -> None:
    for path, address in (
        ("/search/?q=OX4", "?as_of=2011-05-15&amp;postcode=OX4"),
        ("/search/?q=oxfordshire", "?as_of=2011-05-15&amp;postcode=oxfordshire"),
        ("/practices/Z00001/?", "?postcode=OX4%201AA&amp;as_of=2011-05-15"),
        ("/pcts/5QE/?", "?postcode=Oxfordshire&amp;as_of=2011-05-15"),
    ):
        answer = text_of(Client().get(f"{path}&{DAY}"))
        assert f'href="/transitions/area/{address}"' in answer, path
    assert "/transitions/area/" in text_of(Client().get("/"))
    assert "/transitions/area/" not in text_of(Client().get(f"/search/?q=zzzzzz&{DAY}"))
