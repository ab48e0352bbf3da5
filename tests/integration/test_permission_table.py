"""Every URL, by every method, as every role, against a reviewed table (architecture.md section 5).

The table is tests/contracts/permissions.txt. UPDATE_PERMISSIONS=1 writes it anew: its diff is what is reviewed. What
must hold whatever the table says is asserted apart, so that no careless update can allow it.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from datetime import date
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.test import Client, override_settings

from consortia.actions import close_practice
from consortia.actions.answering import record_on_paper
from consortia.actions.reporting import report_error
from consortia.actions.transferring import ask_transfer
from consortia.actions.uploading import send_list
from consortia.models import Consortium, WorkItem
from pathfinders.actions.snapshots import take_snapshot
from practices.models import Practice
from registry import clock, tallies
from registry.actions.tokens import make_token
from registry.models import ApiToken, Entry, Installation, Mail, User
from registry.scopes import Scope
from tests import factories as make
from tests import programme as told
from tests.support.documents import PDF
from tests.support.routes import routes
from tests.support.undone import undone
from transitions.actions import (
    Source,
    close_trusts,
    delegate,
    document,
    place_in_cluster,
    plan_stage,
    preview_close,
    record_survey,
    set_budget_line,
    set_cluster,
    set_local_body,
    set_milestone,
    set_stage,
    undo_close,
)
from transitions.actions.local_bodies import newest_entry
from transitions.models import TransitionStage

TABLE = Path(__file__).parent.parent / "contracts" / "permissions.txt"
DEPARTMENT = ("assessor", "approver", "admin", "first_admin")
OUTSIDE = ("anonymous", "nobody", "lead", "other_lead", "sha_assessor", "pct_lead", "practice_manager", "analyst")
ROLES = (*OUTSIDE, *DEPARTMENT)
BRIEF = ("anonymous", "lead", "admin")  # who tries the methods that no page has
METHODS = {"GET": ROLES, "POST": ROLES, "PUT": BRIEF, "PATCH": BRIEF, "DELETE": BRIEF}
OPEN_TO_POST = re.compile(r"^(accounts/|answer/|(api/v1/|transitions/)crosswalk/carry/)")
"""Signing in, answering by a secret link, and what only works figures out and writes nothing need no session."""

QUERIES = {"pct/<str:code>/budget/end/": "?year=2011/12&line=all&holder=GC0001"}
"""What a page is about where its address alone does not say so."""


@dataclass
class World:
    users: dict[str, Any]
    samples: dict[str, str]


@override_settings(DEMO=True)
def build_world() -> World:
    """One of each thing: a released pathfinder, a claim, a bid under assessment, a draft, an open wave."""
    Installation.declare(demonstration=False)
    Installation.offset()  # committed, so it is asked for once, as by a server
    pct = make.make_pct("5LE", sha=make.make_sha("Q36"))
    practices = [make.make_practice(f"Z0000{n}", pct=pct) for n in range(1, 8)]
    who = told.people()
    first = told.wave(who, number=1)
    released = told.decided(who, first, practices[:2], name="Released")
    told.release(who, first)
    set_milestone(
        by=who.admin,
        key="deadline",
        name="Deadline",
        day=date(2013, 4, 1),
        source="Gazette",
        known_from=date(2010, 12, 1),
    )
    asked = {"title": "Asked", "question": "Begun?", "asked_of": "trusts", "known_from": date(2010, 12, 1)}
    record_survey(by=who.admin, source=Source("press", "Gazette"), **asked)
    claim = told.actions.Claim(metric="practices", value=2, words="two", publisher="Gazette", published="2011-03-02")
    told.actions.record_claims(by=who.admin, claims=[claim], reason="As printed.")
    told.wave(who, number=2)
    assessing = with_file(who, told.draft(who, practices[2:4], name="Assessed"))
    assessing = told.actions.submit_bid(by=who.lead, bid=assessing, version=assessing.lead_version, declared=True)
    assessing = told.actions.assign_bid(
        by=who.assessor, bid=assessing, version=assessing.version, assessor=who.assessor
    )
    draft = with_file(who, told.draft(who, practices[4:6], name="Drafted"))
    group = Consortium.objects.get(ref="GC0001")
    make.make_membership(practices[1], group, date(2011, 5, 1), status="disputed", reason="not_agreed")
    users = {
        "anonymous": AnonymousUser(),
        "nobody": told.person(),
        "lead": who.lead,
        "other_lead": told.person("consortium_lead"),
        "sha_assessor": told.person(sha_assessor="Q36"),
        "pct_lead": told.person(pct_lead="5LE"),
        "practice_manager": told.person(practice_manager="Z00001"),
        "analyst": told.person("analyst"),
        "assessor": who.assessor,
        "approver": who.approver,
        "admin": who.admin,
        "first_admin": User.objects.create_superuser("first@example.org"),
    }
    closed = closed_and_opened(User.objects.get(pk=who.admin.pk))  # first: what follows is the newest of its kind
    stage = stage_of(users["pct_lead"], pct)
    local = local_body_of(users["pct_lead"], who.admin, pct)
    delegated(users["pct_lead"], pct, group)
    kept = casework(User.objects.get(pk=who.lead.pk), who.admin, group, *practices[4:7])
    report = report_error(by=users["practice_manager"], practice=practices[0], about="membership", text="Not ours.")
    taken: Any = take_snapshot(as_of=told.ANNOUNCED_ON, entry=Entry.objects.order_by("-number")[0], why="asked")
    samples = {
        "lead/bids/<str:ref>": draft.ref,
        "staff/bids/<str:ref>": assessing.ref,
        "bids/<str:ref>": assessing.ref,
        f"practice/bids/{assessing.ref}/<str:code>": "Z00003",
        f"lead/bids/{draft.ref}/files/<int:pk>": file_of(draft),
        f"staff/bids/{assessing.ref}/files/<int:pk>": file_of(assessing),
        f"pct/bids/{assessing.ref}/files/<int:pk>": file_of(assessing),
        "<str:ref> released": released.ref,
        **kept,
        "practices/<str:code>": "Z00001",
        "practice/<str:code>": "Z00001",
        "consortia/<str:code>": "GC0001",
        "consortia/<str:consortium>": "GC0001",
        "errors/<str:ref>": report.ref,
        "shas/<str:code>": "Q36",
        "<str:code>": "5LE",
        "consortia/<str:ref>": "GC0001",
        "holders/<str:ref>": "GC0001",
        "pathfinders/<str:ref>": "PF0001",
        "waves/<int:number>": "1",
        "announcements/<str:ref>": "AC0001",
        "services/<str:ref>": "AS0001",
        "staff/waves/<int:number>": "2",
        "<int:number>": str(Entry.objects.order_by("-number").values_list("number", flat=True).first()),
        "<slug:criterion>": "qipp",
        "<slug:criterion> key": told.criteria()[0].key,
        "<slug:key>": "finance",
        "<slug:listed>": "unplaced",
        "<slug:step>": "receipt",
        "<str:key>": "national-1",
        "milestones/<str:key>": "deadline",
        "surveys/<str:ref>": "SV0001",
        "survey/<str:ref>": "SV0001",
        "tokens/<int:pk>": str(token_of(who.lead).pk),
        "disputes/<str:code>": "Z00002",
        "left-out/<str:code>": "Z00005",
        "<str:kind>": "asked",
        **stage,
        **local,
        "staff/close/<int:number>": str(closed.number),
        "<str:scope>": "Q36",
        "<snapshot:ref>": taken.ref,
        "<snapshot:older>": taken.ref,
        "<snapshot:newer>": taken.ref,
        "snapshots/<str:ref>": taken.ref,
        f"snapshots/{taken.ref}/diff/<str:newer>": taken.ref,
        "<str:file>": "practices.csv",
        "users/<str:ref>": who.lead.ref,
        "roles/<int:pk>": str(who.lead.grants.order_by("pk").values_list("pk", flat=True)[0]),
        "criteria/<str:key>": "national-1",
        "pct/criteria/<str:scope>": "Q36",
        "outbox/<int:pk>": str(failed_letter().pk),
        "answer/<str:token>": "nothing-that-was-signed",
        "<int:pk>": "1",
    }
    return World(users, samples)


def stage_of(lead: User, pct: Any) -> dict[str, str]:
    """A stage and a plan of the trust, by its lead."""
    source = Source("press", "Keys to the cash", "Gazette", file=document("paper.pdf", PDF))
    set_stage(by=lead, pct=pct, stage="in_talks", on=told.FEBRUARY, source=source)
    planned = plan_stage(
        by=lead,
        pct=pct,
        stage="shadow_form",
        day=told.CONDITION_DUE,
        known_from=told.FEBRUARY,
        source=source,
    )
    evidence = TransitionStage.objects.current().get(body=pct).evidence.ref
    return {
        "evidence/<str:ref>": evidence,
        "documents/<str:sha256>": hashlib.sha256(PDF).hexdigest(),
        "stage/<str:ref>": evidence,
        "plan/<slug:stage>": "shadow_form",
        f"pct/{pct.code}/undo/<int:number>": str(planned.number),
        "words/<slug:kind>": "stage",
        "words/stage/<slug:key>": "in_talks",
    }


def local_body_of(lead: User, admin: User, pct: Any) -> dict[str, str]:
    """A local body of the trust, by its lead; a cluster, by staff."""
    source = Source("press", "Keys to the cash", "Gazette")
    body = set_local_body(by=lead, pct=pct, on=told.FEBRUARY, kind="locality_board", name="Board", source=source)
    cluster = set_cluster(by=admin, on=told.FEBRUARY, name="South East London", source="Gazette")
    placed = place_in_cluster(by=admin, body=pct, cluster=cluster, on=told.FEBRUARY, why="Formed.")
    of_group = set_local_body(
        by=admin,
        consortium=Consortium.objects.get(ref="GC0001"),
        on=date(2011, 5, 1),
        kind="federation",
        name="Federation",
        source=source,
    )
    return {
        "local-bodies/<str:ref>": body.ref,
        "local-bodies/<str:local>": of_group.ref,
        f"pct/{pct.code}/local-bodies/{body.ref}/undo/<int:number>": str(newest_entry(body)),
        f"lead/consortia/GC0001/local-bodies/{of_group.ref}/undo/<int:number>": str(newest_entry(of_group)),
        "clusters/<str:ref>": cluster.ref,
        f"clusters/{cluster.ref}/undo/<int:number>": str(placed.number) if placed else "",
    }


def delegated(lead: User, pct: Any, group: Consortium) -> None:
    """What QUERIES asks of: a budget, of which the consortium holds a part."""
    budget = {"by": lead, "pct": pct, "year": "2011/12", "line": "all", "on": date(2011, 4, 1)}
    source = Source("press", "Keys to the cash", "Gazette")
    set_budget_line(**budget, total=934_000_000, source=source)
    delegate(**budget, holder=group.ref, amount=100_000_000, level="shadow", source=source)


def closed_and_opened(admin: User) -> Entry:
    """A national close that was taken back, so that everybody has their role still."""
    left = {row.code: "A trial." for row in preview_close(by=admin).left}
    plan = preview_close(by=admin, explained=left)
    close = close_trusts(by=admin, explained=left, plan_hash=plan.hash, why="A trial.")
    undo_close(by=admin, entry=close, why="It was a trial.")
    return close


def casework(lead: User, admin: User, group: Consortium, wanted: Any, listed: Any, closing: Any) -> dict[str, str]:
    """What is under way with a consortium: a transfer, a list that was sent, a member that closed, a scan, a post."""
    transfer = ask_transfer(by=lead, practice=wanted, to=group, on=date(2012, 1, 1), side="consortium")
    upload = send_list(
        by=lead,
        consortium=group,
        name="a.csv",
        data=f"Practice code\n{listed.code}\n".encode(),
        on=date(2011, 6, 1),
        reason="joined",
    )
    make.make_membership(closing, group, date(2011, 5, 1))
    close_practice(by=admin, practice=closing, last_day=date(2011, 6, 30), reason="Its partners retired.")
    answer = record_on_paper(
        by=lead,
        practice=Practice.objects.get(code="Z00001"),
        consortium=group,
        answer="confirmed",
        on=clock.today(),
        file=PDF,
        name="signed.pdf",
    )
    inside = f"consortia/{group.ref}"
    return {
        f"{inside}/transfers/<int:pk>": str(transfer.pk),
        f"{inside}/uploads/<int:pk>": str(upload.pk),
        "memberships/<int:pk>": str(upload.pk),
        f"{inside}/work/<int:pk>": str(WorkItem.objects.get().pk),
        "staff/work/<int:pk>": str(WorkItem.objects.get().pk),
        "answers/<int:pk>": str(answer.pk),
        "paper/<int:pk>": str(answer.pk),
        f"{inside}/members/<str:code>": "Z00001",
        f"{inside}/people/<str:person>": lead.ref,
        "practice/Z00001/answer/<str:ref>": group.ref,
        f"practice/{wanted.code}/transfers/<int:pk>": str(transfer.pk),
        "<slug:post>": "lead",
        "attested/<str:quarter>": "2011Q2",
    }


def token_of(lead: User) -> ApiToken:
    make_token(by=lead, days=30, scopes=[Scope.READ], name="Practice system")
    return lead.api_tokens.get()


def with_file(who: told.People, bid: Any) -> Any:
    return told.actions.attach(by=who.lead, bid=bid, version=bid.lead_version, criterion=None, name="a.pdf", file=PDF)


def file_of(bid: Any) -> str:
    return str(bid.attachments.get().pk)


def failed_letter() -> Mail:
    """A letter that was given up."""
    mail = Mail.objects.filter(state="queued").order_by("pk")[0]
    Mail.objects.filter(pk=mail.pk).update(state="failed", attempts=7)
    return mail


def path_of(route: str, world: World) -> str | None:
    """A path of the route with things that exist; None for the few that are regular expressions of a library."""
    if "^" in route:
        return None
    query = QUERIES.get(route, "")
    route = route.replace("<slug:criterion>", world.samples["<slug:criterion> key"])
    while match := re.search(r"<[^>]+>", route):
        upto = route[: match.end()]
        options = [k for k in world.samples if upto.endswith(k)]
        assert options, f"tests: give a sample for {upto} of {route}"
        route = upto.replace(match[0], world.samples[max(options, key=len)]) + route[match.end() :]
    return f"/{route}{query}"


def outcome(client: Client, method: str, path: str) -> str:
    with undone():
        response: Any = client.generic(method, path, content_type="application/x-www-form-urlencoded")
        if response.streaming:
            b"".join(response.streaming_content)
    if response.headers.get("Content-Type", "").startswith("text/html") and response.content:
        assert b"Demonstration data" in response.content, f"{method} {path} does not say that it is a demonstration"
    status = response.status_code
    assert status < 500 and status != 429, f"{method} {path} answered {status}"
    location = response.headers.get("Location", "")
    if status == 401 or (status in (301, 302) and "/accounts/login/" in location):
        return "login"
    return {403: "refused", 404: "absent", 405: "no-method"}.get(status, "open")


def crawl(world: World) -> dict[tuple[str, str], dict[str, str]]:
    clients, cookies = {}, {}
    for role, user in world.users.items():
        clients[role] = client = Client(raise_request_exception=True)
        if user.is_authenticated:
            client.force_login(user)
        cookies[role] = client.cookies.output()
    found = {}
    for route in dict.fromkeys(routes()):
        path = path_of(route, world)
        if path is None:
            continue
        tallies.forget()  # the crawl is quicker than a person may be
        for method, roles in METHODS.items():
            if roles is BRIEF and route.startswith("accounts/"):
                continue  # the accounts library's own pages: its own methods
            for role in roles:  # what one request did to the cookies (signing out) is not the next one's
                clients[role].cookies = SimpleCookie(cookies[role].replace("Set-Cookie: ", ""))
            found[route, method] = {role: outcome(clients[role], method, path) for role in roles}
    return found


def written(found: dict[tuple[str, str], dict[str, str]]) -> str:
    lines = []
    for (route, method), by_role in sorted(found.items()):
        if set(by_role.values()) == {"no-method"}:
            continue
        groups: dict[str, list[str]] = {}
        for role, what in by_role.items():
            groups.setdefault(what, []).append(role)
        told_of = "  ".join(
            f"{what}: {'all' if len(roles) == len(by_role) else ' '.join(roles)}"
            for what, roles in sorted(groups.items())
        )
        lines.append(f"{method:6} /{route}\n       {told_of}")
    return "\n".join(lines) + "\n"


def test_every_url_stands_in_the_table_and_answers_as_it_says(in_world: World, settings: Any) -> None:
    settings.DEMO = True  # the second step of sign-in has tests of its own
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"  # 9,000 are not read from a table
    found = crawl(in_world)
    for (route, method), by_role in found.items():
        for role in OUTSIDE:
            what = by_role.get(role)
            if route.startswith("staff/"):
                assert what != "open", f"{role} may {method} /{route}"
            if route.startswith("lead/bids/") and role != "lead":
                assert what != "open", f"{role} may {method} /{route}, which is another lead's"
            if route.startswith("lead/consortia/<") and role != "lead":
                assert what != "open", f"{role} may {method} /{route}, of a consortium that is not theirs"
        if method != "GET" and not OPEN_TO_POST.match(route):
            assert by_role["anonymous"] != "open", f"anybody may {method} /{route}"
    another = Client()
    another.force_login(told.person(pct_lead="5LF"))
    for route, method in found:
        if route.startswith("pct/<str:code>/") and method in ("GET", "POST"):
            what = outcome(another, method, path_of(route, in_world) or "")
            assert what == "refused" or (what, method) == ("no-method", "POST"), (
                f"the lead of another trust: {what} at {method} /{route}"
            )
    text = written(found)
    if os.environ.get("UPDATE_PERMISSIONS"):
        TABLE.write_text(text)
    assert text == TABLE.read_text(), "a URL answers otherwise than tests/contracts/permissions.txt says"
