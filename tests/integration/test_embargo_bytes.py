"""Nothing of a decision reaches a byte outside DH before its wave is released (architecture.md section 5, Embargo).

Every page and every API list in every format, as the public, the bidder, the PCT, the SHA and a practice: status,
headers and body are the same after the decision, and after all the work of a wave up to its release, as before the bid
was even assigned. The clock stands still, so that no header is left out but the date of the answer.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine

from consortia.models import Consortium
from pathfinders.models import Announcement, Bid, DraftClaim, DraftServiceClaim, EmbargoView, Scenario, Wave
from registry import clock, outbox
from registry.models import Entry, Installation
from tests import factories as make
from tests import programme as told
from tests.support import crawl
from tests.support.documents import PDF
from tests.support.handover import hand_over
from tests.support.routes import routes
from transitions import actions

pytestmark = pytest.mark.django_db

AS_OF = f"as_of={told.ANNOUNCED_ON}"
BY = ("national", "sha", "pct", "wave", "consortium", "pathfinder")
MINTED = ("PF0002", "GC0002")
"""The references that the release of the second wave will mint: asked for before they exist."""


WAVE, FORECAST = 3, 5
MADE = datetime(2011, 2, 21, 9, tzinfo=UTC)
WORKED = datetime(2011, 2, 28, 9, tzinfo=UTC)
READ = datetime(2011, 3, 1, 12, tzinfo=UTC)
RELEASE = datetime(2011, 3, 2, 9, 30, tzinfo=UTC)
GUESSED = (
    f"/waves/{WAVE}/manifest.txt",
    f"/waves/{WAVE}/list.csv",
    f"/waves/{WAVE}/announcement/",
    f"/waves/{FORECAST}/",
    f"/waves/?number={WAVE}",
    f"/practices/?wave={WAVE}",
    f"/pathfinders/?wave={WAVE}",
    f"/decisions/?wave={WAVE}",
    f"/api/v1/waves/?number={WAVE}",
    f"/api/v1/waves/{WAVE}/",
    f"/api/v1/waves/{WAVE}/manifest/",
    f"/api/v1/decisions/?wave={WAVE}",
    f"/api/v1/practices/?wave={WAVE}",
    f"/api/v1/announcements/?wave={WAVE}",
    f"/api/v1/memberships/?pathfinder={MINTED[0]}",
    "/waves/feed.atom",
    "/waves/feed.json",
    f"/waves/{WAVE}/feed.atom",
    f"/consortia/{MINTED[1]}/feed.atom",
    "/sitemap.xml",
    "/robots.txt",
)
"""What somebody tries who knows how the site calls things: some exist, and some do not."""


TRANSITION = tuple(
    f"{path}?{AS_OF}"
    for path in (
        "/pcts/5LE/", "/consortia/GC0001/", "/transitions/", "/transitions/map.svg", "/transitions/surveys/SV0001/",
        "/transitions/local-bodies/LB0001/", "/transitions/evidence/EV0001/", "/transitions/budgets/",
        "/transitions/clusters/", "/transitions/crosswalk/", "/transitions/milestones/",
        "/api/v1/transitions/5LE/", "/api/v1/surveys/SV0001/", "/api/v1/local-bodies/LB0001/",
        "/api/v1/clusters/CL0001/", "/api/v1/milestones/deadline/", "/api/v1/crosswalk/",
    )
)  # fmt: skip
"""What there is of the hand-over is read, not missed."""


@pytest.fixture
def story(db: None) -> Iterator[None]:
    """What there is was made at one time, what is hidden is done at another, and all is read at a third, the day before
    the announcement: so a time that told of the work would be seen."""
    Installation.declare(demonstration=True)
    with clock.story_time(MADE):
        yield


@pytest.fixture
def who(story: None) -> told.People:
    """A released wave 1, and a bid of the same lead that is under assessment for wave 3."""
    who = told.people()
    pct = make.make_pct("5LE", sha=make.make_sha("Q36"))
    practices = [make.make_practice(f"Z0000{n}", pct=pct, patients=1000 * n) for n in range(1, 5)]
    first = told.wave(who, 1, told.FEBRUARY)
    told.decide(who, told.assessed(who, practices[:2], name="First"), first, decided_on=told.FEBRUARY)
    told.release(who, first)
    of_first = {"published": "2011-02-01", "publisher": "Gazette"}
    claims = [
        told.actions.Claim(metric="practices", value=2, words="two", wave=1, **of_first),
        told.actions.Claim(metric="people", value=3000, words="3,000", wave=1, extent="wave", **of_first),
        told.actions.Claim(metric="people", value=3000, words="3,000", scope_kind="pct", scope="5LE", **of_first),
        told.actions.Claim(metric="share", value=0, words="nobody", scope_kind="group", scope="Southwark", **of_first),
    ]
    told.actions.record_claims(by=who.admin, claims=claims, reason="As printed.")
    told.submitted(who, practices[2:], name="Southwark")
    hand_over(who.admin, pct, Consortium.objects.get(ref="GC0001"))
    actions.attach_document(by=who.admin, evidence=actions.evidence_of("EV0001"), name="paper.pdf", file=PDF)
    actions.set_milestone(
        by=who.admin, key="deadline", name="Deadline", day=date(2013, 4, 1), source="Gazette", known_from=told.FEBRUARY
    )
    return who


Read = Callable[..., dict[str, crawl.Answer]]


@pytest.fixture
def readers(who: told.People, settings: Any) -> dict[str, Read]:
    """Who reads what these paths answer: everybody who is not staff. The real clock stands still while they do."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"  # 5,000 are not read from a table
    people = {
        "public": None,
        "bidder": who.lead,
        "PCT": told.person(pct_lead="5LE"),
        "SHA": told.person(sha_assessor="Q36"),
        "practice": told.person(practice_manager="Z00003"),
    }
    instant = clock.real_now()

    def reader(person: Any) -> Read:
        ask = crawl.in_process(person, free=())

        def read(paths: Iterable[str], at: datetime = READ) -> dict[str, crawl.Answer]:
            with time_machine.travel(instant, tick=False), clock.story_time(at):
                return crawl.read(ask, paths)

        return read

    return {name: reader(person) for name, person in people.items()}


def samples(bid: Bid) -> dict[str, list[str]]:
    """What to put into each route's places: what exists, and what the release will make."""
    return {
        "practices/<str:code>": ["Z00001", "Z00003"],
        **{
            f"{where}/<str:code>": ["Z00003"] for where in ("practice", "members", "disputes", "left-out", "addresses")
        },
        "consortia/<str:code>": ["GC0001", "GC0002"],
        "consortia/<str:consortium>": ["GC0001"],
        "answer/<str:ref>": ["GC0001", "GC0002"],
        "errors/<str:ref>": ["ER-2011-0001"],
        "answer/<str:token>": ["nothing-that-was-signed"],
        "<str:quarter>": ["2011Q1"],
        "evidence/<str:ref>": ["EV0001"],
        "documents/<str:sha256>": [hashlib.sha256(PDF).hexdigest()],
        "local-bodies/<str:ref>": ["LB0001"],
        "local-bodies/<str:local>": ["LB0001"],
        "clusters/<str:ref>": ["CL0001"],
        "stage/<str:ref>": ["EV0001"],
        "plan/<slug:stage>": ["shadow_form"],
        "words/<slug:kind>": ["stage"],
        "stage/<slug:key>": ["in_talks"],
        "<str:person>": [bid.lead.ref],
        "<slug:post>": ["lead"],
        "<str:kind>": ["asked"],
        "shas/<str:code>": ["Q36"],
        "<str:code>": ["5LE"],
        "consortia/<str:ref>": ["GC0001", "GC0002"],
        "holders/<str:ref>": ["GC0001"],
        "pathfinders/<str:ref>": ["PF0001", "PF0002"],
        "waves/<int:number>": ["1", str(WAVE)],
        "announcements/<str:ref>": ["AC0001", "AC0005"],
        "services/<str:ref>": ["AS0001"],
        "milestones/<str:key>": ["deadline"],
        "surveys/<str:ref>": ["SV0001"],
        "survey/<str:ref>": ["SV0001"],
        "changes/<int:number>": [str(number) for number in newest_entries()],
        "bids/<str:ref>": [bid.ref],
        "users/<str:ref>": [bid.lead.ref],
        "<slug:criterion>": [told.criteria()[0].key],
        "<slug:key>": ["finance"],
        "<slug:listed>": ["unplaced"],
        "<slug:step>": ["receipt"],
        "<str:scope>": ["Q36"],
        "practice/bids/<str:ref>": [bid.ref],
        f"{bid.ref}/<str:code>": ["Z00003"],
        "<int:number>": ["1"],
        "leaders/<int:number>": ["1"],
        "criteria/<str:key>": ["national-1", "Q36-1"],
        "criteria/<str:scope>": ["Q36"],
        "<int:pk>": ["1"],
        "<snapshot:ref>": [f"2011-02-21.{newest_entries()[0]}"],
        "<snapshot:older>": ["2011-02-21.1"],
        "<snapshot:newer>": [f"2011-02-21.{newest_entries()[0]}"],
        "<str:file>": ["facts.ndjson"],
        "snapshots/<str:ref>": ["latest"],
        "<str:newer>": ["latest"],
    }


def newest_entries() -> tuple[int, int]:
    last = Entry.objects.order_by("-number").values_list("number", flat=True)[0]
    return last, last + 1


def filled(route: str, options: dict[str, list[str]]) -> list[str]:
    """The route with each of the samples in its place; none for the libraries' regular expressions."""
    if "^" in route or route.startswith("accounts/") or route == "metrics":  # the operator's own: it counts requests
        return []
    found = [route]
    while match := re.search(r"<[^>]+>", found[0]):
        upto = found[0][: match.end()]
        key = max((k for k in options if upto.endswith(k)), key=len)
        found = [f.replace(match[0], value, 1) for f in found for value in options[key]]
    return [f"/{path}" for path in found]


def addresses() -> tuple[list[str], list[str]]:
    """The public's: every page and API resource as of now. Everybody's: the pages of casework, all that is public on
    the day of the announcement, each list as CSV and as JSON by the line, and the one of practices in the other formats,
    which are made of the same rows."""
    options = samples(Bid.objects.get(name="Southwark"))
    found = [path for route in routes() for path in filled(route, options)]
    casework = [path for path in found if path.startswith(("/staff/", "/lead/", "/pct/", "/practice/"))]
    plain = [path for path in found if path not in casework]
    described = ("/api/v1/schema/", "/api/v1/docs/")  # no lists: they have no format to ask for
    resources = {f"/{route}" for route in routes() if route.startswith("api/v1/")}
    lists = [path for path in plain if path in resources and path not in described]
    undated = ("/changes/", "/api/v1/changes/", "/api/v1/waves/", "/api/v1/", "/")
    return plain, [
        *casework,
        *[f"{path}?{AS_OF}" for path in plain],
        *undated,
        *[f"{path}?{AS_OF}&format={form}" for path in lists for form in ("csv", "ndjson")],
        *[f"/api/v1/practices/?{AS_OF}&format={form}" for form in ("xlsx", "geojson", "zip")],
        *[f"/api/v1/changes/?format={form}" for form in ("csv", "ndjson")],
        *[f"/decisions/summary/?by={by}&{AS_OF}" for by in ("wave", "sha", "criterion", "reason", "outcome")],
        *[f"/api/v1/coverage/?by={by}&{AS_OF}&explain=1" for by in BY],
        *[f"/api/v1/{name}/?history=1" for name in ("memberships", "pathfinders", "consortia", "practices")],
        *[f"/search/?q={words}" for words in ("Southwark", "Z00003", *MINTED)],
        *GUESSED,
    ]


def assess_and_decide(who: told.People) -> Wave:
    """All of staff's work on the bid; the open wave."""
    wave, bid = told.wave(who, WAVE), Bid.objects.get(name="Southwark")
    bid = told.actions.assign_bid(by=who.assessor, bid=bid, version=bid.version, assessor=who.assessor)
    for criterion in told.criteria():
        bid = told.actions.record_finding(
            by=who.assessor, bid=bid, version=bid.version, criterion=criterion, finding="met", note=""
        )
    bid = told.actions.complete_assessment(by=who.assessor, bid=bid, version=bid.version, recommendation="approved")
    told.decide(who, bid, wave)
    return wave


def take(step: Callable[..., Any], wave: Wave, **more: Any) -> None:
    step(wave=wave, version=told.fresh(wave).version, **more)


def prepare(who: told.People, wave: Wave) -> None:
    """What a wave gathers before its list is frozen: months of going live, moved dates, scenarios, an announcement
    with claims and services; and a wave to come that nobody is told of."""
    bid = Bid.objects.get(name="Southwark")
    take(told.actions.set_going_live_months, wave, by=who.admin, months={bid.ref: date(2011, 4, 1)})
    take(told.actions.date_wave, wave, by=who.admin, decides_on=date(2011, 3, 1))
    take(told.actions.date_wave, wave, by=who.admin, decides_on=told.ANNOUNCED_ON, reason="One more day.")
    Scenario.objects.create(wave=wave, name="All of them", made_by=who.admin).bids.add(bid)
    words = {"title": "Wave 3", "text": "One more pathfinder covers 7,000 people."}
    take(told.actions.announce_wave, wave, by=who.admin, **words)
    draft = Announcement.objects.get(wave=wave)
    DraftClaim.objects.create(
        announcement=draft, position=1, metric="people", extent="wave", scope_kind="england", scope="England",
        value=7000, rounding="exact", words="7,000 people",
    )  # fmt: skip
    DraftServiceClaim.objects.create(
        announcement=draft, position=1, scope_kind="pct", scope="5LE", specialty="Dermatology", status="running",
        words="a clinic in Southwark",
    )  # fmt: skip
    days = {"opens_on": date(2011, 3, 10), "announced_on": date(2011, 4, 8)}
    told.actions.forecast_wave(by=who.admin, number=FORECAST, **days)
    take(
        told.actions.date_wave,
        Wave.objects.get(pk=FORECAST),
        by=who.admin,
        announced_on=date(2011, 5, 6),
        reason="Elections.",
    )


def freeze_and_schedule(who: told.People, wave: Wave) -> None:
    """All that the release asks for, its time, and the hours for which the bidder is told before."""
    told.ready(who, wave)
    take(told.actions.schedule_release, wave, by=who.admin, release_at=RELEASE, early_hours=24)
    outbox.beat()


def test_all_of_a_waves_work_changes_no_byte_before_its_release(who: told.People, readers: dict[str, Read]) -> None:
    plain, everybodys = addresses()
    before = {name: read(everybodys) for name, read in readers.items()}
    before["public"] |= readers["public"](plain)
    before["public"] |= readers["public"](crawl.links(before["public"]) - set(before["public"]))
    for name, answers in before.items():
        statuses = {answer.status for answer in answers.values()}
        assert statuses >= {200, 404} and max(statuses) < 500 and 429 not in statuses, (name, statuses)
    for path in TRANSITION:
        assert before["public"][path].status == 200, path
    own = f"/lead/bids/{Bid.objects.get(name='Southwark').ref}/"

    def changed(name: str, paths: Iterable[str] = ()) -> list[str]:
        asked = {path: before[name][path] for path in paths or before[name]}
        return crawl.differences(asked, readers[name](asked))

    with clock.story_time(WORKED):
        wave = assess_and_decide(who)
        prepare(who, wave)
    assert changed("bidder") == [], "decided"

    with clock.story_time(WORKED):
        freeze_and_schedule(who, wave)
    told_early = {name: changed(name) for name in readers}
    assert [line.split(": ")[0] for line in told_early.pop("bidder")] == [own], "the bidder is told early, there alone"
    assert told_early == dict.fromkeys(told_early, []), "frozen"
    assert EmbargoView.objects.filter(path=own, who=who.lead).exists()

    told.actions.hold_wave(by=who.assessor, wave=wave)
    assert changed("bidder", [own, "/lead/"]) == [], "held"
    take(told.actions.lift_hold, wave, by=who.admin)

    with clock.story_time(RELEASE):
        take(told.actions.release_wave, wave, by=who.admin)
    for name, path in (
        ("public", f"/pathfinders/{MINTED[0]}/"),
        ("public", f"/api/v1/memberships/?{AS_OF}&format=csv"),
        ("public", f"/api/v1/waves/?number={WAVE}"),
        ("public", f"/waves/so-far.svg?{AS_OF}"),
        ("public", "/decisions/"),
        ("bidder", own),
        ("PCT", "/pct/"),
        ("SHA", "/pct/"),
        ("practice", "/practice/"),
    ):
        released = readers[name]([path], at=RELEASE)
        assert released[path] != before[name][path], f"the crawl would not see {path} change for the {name}"
