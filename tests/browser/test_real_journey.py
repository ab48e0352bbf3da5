"""A bid on the real register, from its first word to the public page, in a real browser.

History entered late: recorded today, with its own dates of the world. A lead drafts and submits, an assessor assesses,
another person decides, an administrator releases; until then nobody outside DH can see a byte of it.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings as configured
from playwright.sync_api import Browser, Locator, Page, expect

from consortia.actions import close_practice
from pathfinders.models import Bid, Wave
from practices.models import Practice
from registry.models import Entry, Mail, User
from tests import programme as told
from tests.browser import moves
from tests.browser.authenticator import figures
from tests.browser.axe import WIDE, check_page, watch
from tests.support import crawl, databases, sites
from tests.support.real_register import RealRegister

pytestmark = [pytest.mark.browser, pytest.mark.realdata]

PASSWORD = "correct-horse-battery"
PATIENCE = 20_000
"""Milliseconds that a page may take on a busy machine."""
NAME = "Southwark Health Commissioning"
UNKNOWN, WELSH = "A99999", "W97001"
MEMBERS = Path("pathfinders") / "southwark_health_commissioning_members_partial.csv"
DAY_BEFORE = told.ANNOUNCED_ON - timedelta(days=1)
expect.set_options(timeout=PATIENCE)


@dataclass
class Scene:
    """The site on a clone of the real register, and who acts in it."""

    address: str
    codes: list[str]
    closed: str
    lead: User
    assessor: User
    approver: User
    admin: User
    readers: dict[str, Any]
    secrets: dict[str, str] = field(default_factory=dict)

    @property
    def team(self) -> told.People:
        return told.People(self.lead, self.assessor, self.approver, self.admin)

    def api(self, path: str) -> Any:
        with urlopen(f"{self.address}/api/v1/{path}", timeout=60) as response:
            return json.load(response)


@pytest.fixture
def scene(real_data: Path, real_register: RealRegister, django_db_blocker: Any) -> Iterator[Scene]:
    with (
        django_db_blocker.unblock(),
        databases.clone(real_register.database),
        sites.served() as address,
        (real_data / MEMBERS).open(encoding="utf-8") as members,
    ):
        who = told.people()
        readers = {
            "public": None,
            "bidder": who.lead,
            "PCT": told.person(pct_lead="5LE"),
            "SHA": told.person(sha_assessor="Q36"),
        }
        codes = [row["practice_code"] for row in csv.DictReader(members)]
        closed = close_one(who, codes)
        made = Scene(address, codes, closed, who.lead, who.assessor, who.approver, who.admin, readers)
        for user in (who.lead, who.assessor, who.approver, who.admin):
            user.set_password(PASSWORD)
            user.save()
        for user in (who.assessor, who.approver, who.admin):
            made.secrets[user.email] = generate_totp_secret()
            TOTP.activate(user, made.secrets[user.email])
        yield made


@pytest.fixture
def enter(browser: Browser, scene: Scene) -> Iterator[Callable[..., Page]]:
    """enter(user): a window of one's own, signed in (or nobody's); `javascript=False`: without scripts."""
    opened = []

    def window(user: User | None = None, *, javascript: bool = True) -> Page:
        context = browser.new_context(viewport=WIDE, java_script_enabled=javascript, base_url=scene.address)
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        if user is not None:
            session = crawl.session(user).cookies[configured.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": configured.SESSION_COOKIE_NAME, "value": session, "url": scene.address}])
        return watch(context.new_page())

    yield window
    for context in opened:
        context.close()


def go(page: Page, path: str) -> None:
    page.goto(path)
    check_page(page)


def press(page: Page, name: moves.Words) -> None:
    """Press the button; the page that comes must pass as every page must."""
    moves.press(page, name)
    check_page(page)


def follow(page: Page, name: moves.Words) -> None:
    """The same of a link."""
    moves.follow(page, name)
    check_page(page)


def fill_date(page: Page, name: str, day: date) -> None:
    for part in ("day", "month", "year"):
        page.locator(f"[name={name}_{part}]").fill(str(getattr(day, part)))


def sign_in(page: Page, user: User, secret: str = "") -> None:
    """Through the forms; with the figures of the authenticator app where one is asked for."""
    go(page, "/accounts/login/")
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(page, "Sign in")
    if secret:
        page.get_by_label("Code", exact=True).fill(figures(secret))
        press(page, re.compile("^sign in$", re.I))
    expect(page.get_by_role("link", name="Sign out")).to_be_visible()


def close_one(who: told.People, codes: list[str]) -> str:
    """A neighbouring practice, closed by the bid's date. The real file holds none: its closings begin in 2012."""
    practice = Practice.objects.filter(code__startswith="G85").exclude(code__in=codes).order_by("code")[0]
    close_practice(by=who.admin, practice=practice, last_day=date(2010, 12, 31), reason="Told late by the trust")
    return practice.code


def draft(page: Page, scene: Scene) -> str:
    """The lead's steps up to the practices; the reference of the bid."""
    go(page, "/lead/")
    press(page, "Start a bid")
    page.get_by_label("Name of the bid").fill(NAME)
    fill_date(page, "as_at", told.FEBRUARY)
    press(page, "Save and continue")
    ref = re.search(r"/lead/bids/([^/]+)/", page.url)
    assert ref, page.url
    follow(page, "Consortia in the bid")
    expect(page.get_by_label("Name", exact=True)).to_have_value(NAME)
    press(page, "Save")
    return ref[1]


def paste(page: Page, scene: Scene) -> None:
    """The nineteen real codes and three that cannot be taken: each of the three is named with its reason."""
    closed = scene.closed
    moves.move(page.get_by_role("link", name="Practices", exact=True).last)
    check_page(page)
    page.get_by_label("Practice codes").fill("\n".join([*scene.codes, closed, UNKNOWN, WELSH]))
    press(page, "Check these codes")
    expect(page.get_by_role("heading", name="19 ready, 3 need you")).to_be_visible()
    for code, verdict, why in (
        (closed, "Closed", "closed"),
        (UNKNOWN, "Unknown", "no practice"),
        (WELSH, "Welsh", "the register is of England"),
    ):
        row = page.get_by_role("row").filter(has_text=code)
        expect(row).to_contain_text(verdict)
        expect(row).to_contain_text(why)
    press(page, "Add the 19 that are ready")
    expect(page.get_by_role("heading", name="In this bid: 19 practices")).to_be_visible()
    expect(page.get_by_label("Practice codes")).to_have_value("\n".join([closed, UNKNOWN, WELSH]))


def give_evidence(page: Page, ref: str) -> None:
    go(page, f"/lead/bids/{ref}/")
    criteria = told.criteria()
    moves.follow(page, criteria[0].title)
    for criterion in criteria:  # saving one leads to the next
        expect(page.get_by_role("heading", level=1)).to_have_text(criterion.title)
        check_page(page)
        page.get_by_role("textbox", name=criterion.question).fill(f"What we did about {criterion.title}.")
        moves.press(page, "Save and continue")


def submit(page: Page, ref: str) -> None:
    expect(page.get_by_text("Completed")).to_have_count(7)
    check_page(page)
    follow(page, "Check your answers and submit")
    fill_date(page, "submitted_on", told.FEBRUARY)
    page.get_by_label("What this bid says is true").check()
    press(page, "Submit the bid")
    expect(page.get_by_role("heading", name="Bid submitted")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(ref)
    expect(page.get_by_role("main")).to_contain_text("Under assessment")


def assess(page: Page, ref: str) -> None:
    """Assigns it to themself, records four findings, recommends; may not decide, and is told why."""
    go(page, "/staff/")
    follow(page, ref)
    press(page, "Assign to me")
    expect(page.get_by_text("The bid was assigned")).to_be_visible()
    press(page, "Record a finding")
    for criterion in told.criteria():
        section = page.get_by_role("region", name=criterion.title)
        section.get_by_label("Met", exact=True).check()
    press(page, "Save the findings")
    press(page, "Complete the assessment")
    page.get_by_label("Approved", exact=True).check()
    page.get_by_label("Note for the approver").fill("Four tests met.")
    fill_date(page, "assessed_on", told.DECIDED_ON)
    press(page, "Recommend")
    expect(page.get_by_role("button", name="Decide", exact=True)).to_have_count(0)
    page.get_by_text("What you cannot do, and why").click()
    expect(page.get_by_text("You may not decide bids")).to_be_visible()
    page.goto(f"/staff/bids/{ref}/decide/")
    expect(page.get_by_role("main")).to_contain_text("You may not decide bids")
    check_page(page)


def open_wave(page: Page) -> None:
    go(page, "/staff/waves/")
    press(page, "Open a wave")
    page.get_by_label("Number of the wave").fill("3")
    fill_date(page, "announced_on", told.ANNOUNCED_ON)
    press(page, "Open the wave")


def decide(page: Page, ref: str) -> str:
    """Approves it into wave 3; the letter as it was previewed."""
    go(page, f"/staff/bids/{ref}/")
    press(page, "Decide")
    page.get_by_label("Approved", exact=True).check()
    page.get_by_label("Wave", exact=True).select_option("3")
    page.get_by_label("What the letter says further").fill("Well done.\n\nWe shall be in touch.")
    fill_date(page, "decided_on", told.DECIDED_ON)
    press(page, "Preview the letter")
    letter = page.locator("#letter").text_content() or ""
    assert "Well done.\n\nWe shall be in touch." in letter
    press(page, "Decide: approved")
    expect(page.get_by_text("The decision was recorded")).to_be_visible()
    return letter


def release(page: Page, who: told.People) -> None:
    """Its list is frozen, announced and confirmed before (the browser's way to that: casework/test_wave_journey.py)."""
    told.ready(who, Wave.objects.get(number=3))
    go(page, "/staff/waves/3/release/")
    page.get_by_label("I have checked this wave").check()
    press(page, "Release wave 3 now")
    expect(page.get_by_role("heading", name="Wave 3 is released")).to_be_visible()


def everything(ref: str, scene: Scene) -> list[str]:
    """What the four read before and after: public pages, API lists as JSON and CSV, and their own pages.

    Lists of practices are narrowed to the trust's: the whole of England eight times over would take a minute.
    """
    one, as_of = scene.codes[0], f"as_of={told.ANNOUNCED_ON}"
    newest = Entry.objects.order_by("-number").values_list("number", flat=True)[0]
    waits = ["/pathfinders/", "/pathfinders/PF0001/", "/consortia/GC0001/", "/waves/", "/waves/3/", "/decisions/"]
    pages = [
        "/", f"/practices/{one}/", "/practices/?pct=5LE", "/unaffiliated/?pct=5LE", "/pcts/", "/pcts/5LE/",
        "/shas/Q36/", "/consortia/", *waits, "/search/?q=Southwark",
    ]  # fmt: skip
    dated = [f"{path}{'&' if '?' in path else '?'}{as_of}" for path in pages]
    undated = [*waits, f"/search/?q={one}", "/data/", "/changes/", f"/changes/{newest + 1}/", "/about/", "/readyz"]
    lists = ["parents", "pcts", "shas", "consortia", "memberships", "pathfinders", "waves", "decisions"]
    lists = [f"{name}/?{as_of}" for name in lists]
    lists += [f"{name}/?pct=5LE&{as_of}" for name in ("practices", "unaffiliated")]
    singles = [f"practices/{one}", "pcts/5LE", "shas/Q36", "consortia/GC0001", "pathfinders/PF0001", "waves/3"]
    api = [f"{path}{form}" for path in lists for form in ("", "&format=csv")]
    api += [f"{path}/" for path in singles]
    api += [f"coverage/?by={by}&{as_of}" for by in ("national", "pct", "wave", "pathfinder")]
    api += ["", f"changes/?after={newest}"]
    own = ["/lead/", f"/lead/bids/{ref}/", f"/lead/bids/{ref}/check/", f"/lead/bids/{ref}/withdraw/", "/pct/"]
    staff = ["/staff/", f"/staff/bids/{ref}/", "/staff/waves/3/"]
    return [*dated, *undated, *[f"/api/v1/{path}" for path in api], *own, *staff]


def test_from_draft_to_public_page(enter: Callable[..., Page], scene: Scene) -> None:
    assert len(scene.codes) == 19
    lead = enter()
    sign_in(lead, scene.lead)
    ref = draft(lead, scene)
    paste(lead, scene)
    give_evidence(lead, ref)
    submit(lead, ref)

    asks = {name: crawl.over_http(scene.address, reader) for name, reader in scene.readers.items()}
    paths = everything(ref, scene)
    # Files and coverage cost seconds on the whole of England and are the same for all: read by the public alone.
    dear = ("format=csv", "by=national", "by=wave", "by=pathfinder", "/waves/?", "/pathfinders/?", "/consortia/?")
    of = {name: [p for p in paths if name == "public" or not any(d in p for d in dear)] for name in asks}
    before = {name: crawl.read(ask, of[name]) for name, ask in asks.items()}
    assert {a.status for answers in before.values() for a in answers.values()} == {200, 302, 403, 404, 409}

    open_wave(enter(scene.admin))
    assessor = enter()
    sign_in(assessor, scene.assessor, scene.secrets[scene.assessor.email])
    assess(assessor, ref)
    letter = decide(enter(scene.approver), ref)
    for name, ask in asks.items():
        assert crawl.differences(before[name], crawl.read(ask, of[name])) == [], name
    assert list(Mail.objects.filter(about=ref, held_for="wave-3").values_list("state", "body")) == [("held", letter)]

    admin = enter(scene.admin)
    release(admin, scene.team)
    see_it_public(enter(), scene)
    see_it_in_the_api(scene)
    go(lead, f"/lead/bids/{ref}/")
    expect(lead.get_by_role("link", name="PF0001")).to_be_visible()
    assert list(Mail.objects.filter(about=ref, body=letter).values_list("state", "to")) == [
        ("queued", scene.lead.email)
    ]
    go(admin, f"/staff/outbox/?about={ref}")
    expect(admin.get_by_role("row").filter(has_text="The outcome of your bid")).to_contain_text("To be sent")


def see_it_public(page: Page, scene: Scene) -> None:
    as_of = f"?as_of={told.ANNOUNCED_ON}"
    go(page, f"/pathfinders/{as_of}")
    follow(page, re.compile("PF0001"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(NAME)
    moves.follow(page, re.compile("GC0001"))
    expect(page).to_have_url(re.compile("/consortia/GC0001/"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(NAME)
    check_page(page)
    for code in scene.codes:
        expect(page.locator(f"a[href^='/practices/{code}/']").first).to_be_visible()
    for path in ("/waves/3/", f"/practices/{scene.codes[0]}/", "/pcts/5LE/", "/decisions/", "/"):
        go(page, path + as_of)
        if path != "/":
            expect(page.get_by_role("main")).to_contain_text("PF0001" if "practices" in path else NAME)


def see_it_in_the_api(scene: Scene) -> None:
    as_of, before = f"as_of={told.ANNOUNCED_ON}", f"as_of={DAY_BEFORE}"
    members = scene.api(f"memberships/?{as_of}")["results"]
    assert sorted(m["practice"]["code"] for m in members) == sorted(scene.codes)
    assert {m["consortium"]["ref"] for m in members} == {"GC0001"}
    (pathfinder,) = scene.api(f"pathfinders/?{as_of}")["results"]
    assert (pathfinder["ref"], pathfinder["name"], pathfinder["wave"]) == ("PF0001", NAME, 3)
    (row,) = [r for r in scene.api(f"coverage/?by=pct&{as_of}")["results"] if r["pathfinders"]]
    assert (row["key"], row["pathfinders"], row["practices"]) == ("5LE", 1, 19)
    rows = scene.api(f"coverage/?by=pct&{before}")["results"]
    assert {(r["pathfinders"], r["practices"], r["people"]) for r in rows} == {(0, 0, 0)}
    assert scene.api(f"memberships/?{before}")["count"] == scene.api(f"pathfinders/?{before}")["count"] == 0


def test_the_paste_and_the_release_without_scripts_or_mouse(enter: Callable[..., Page], scene: Scene) -> None:
    who = scene.team
    bid = told.actions.draft_bid(by=who.lead, name=NAME, as_at=told.FEBRUARY)
    told.actions.set_consortia(by=who.lead, bid=bid, version=bid.lead_version, consortia=[{"name": NAME}])
    page = enter(scene.lead, javascript=False)
    page.goto(f"/lead/bids/{bid.ref}/practices/")
    page.get_by_label("Practice codes").fill(" ".join([*scene.codes, UNKNOWN]))
    moves.press(page, "Check these codes")
    expect(page.get_by_role("heading", name="19 ready, 1 needs you")).to_be_visible()
    moves.press(page, "Add the 19 that are ready")
    expect(page.get_by_role("heading", name="In this bid: 19 practices")).to_be_visible()

    wave = told.wave(who)
    told.decide(who, carried_on(who, bid), wave)
    told.ready(who, wave)
    page = enter(scene.admin, javascript=False)
    page.goto("/staff/waves/3/release/")
    moves.press(page, "Release wave 3 now")
    expect(page.get_by_role("alert").or_(page.locator(".nhsuk-error-summary")).first).to_be_visible()
    tab_to(page, page.get_by_label("I have checked this wave"))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Release wave 3 now"))
    moves.enter(page)
    expect(page.get_by_role("heading", name="Wave 3 is released")).to_be_visible()
    moves.follow(page, "The wave’s public page")
    expect(page.get_by_role("main")).to_contain_text(NAME)


def tab_to(page: Page, control: Locator) -> None:
    """With the keyboard alone."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if control.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"no number of tabs leads to {control}")


def carried_on(who: told.People, bid: Bid) -> Bid:
    """The drafted bid, answered, submitted and assessed."""
    bid = told.fresh(bid)
    for criterion in told.criteria():
        bid = told.actions.answer_criterion(
            by=who.lead, bid=bid, version=bid.lead_version, criterion=criterion, text="Done."
        )
    bid = told.actions.submit_bid(by=who.lead, bid=bid, version=bid.lead_version, declared=True)
    bid = told.actions.assign_bid(by=who.assessor, bid=bid, version=bid.version, assessor=who.assessor)
    for criterion in told.criteria():
        bid = told.actions.record_finding(
            by=who.assessor, bid=bid, version=bid.version, criterion=criterion, finding="met"
        )
    return told.actions.complete_assessment(by=who.assessor, bid=bid, version=bid.version, recommendation="approved")
