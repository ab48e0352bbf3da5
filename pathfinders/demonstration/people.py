"""The people of the demonstration. Their references are fixed, since facts and hashes hold them."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from pathfinders.demonstration import names
from registry.accounts.demo import DEMO_DOMAIN
from registry.actions import grant_role
from registry.models import User

STAFF = {
    "assessor": "Ann Assessor",
    "approver": "Art Approver",
    "programme_admin": "Ada Administrator",
    "analyst": "Alex Analyst",
}
LOCAL = {"sha_assessor": ("Sam London", "Q36"), "pct_lead": ("Pat Southwark", "5LE")}
COLLEAGUES = ("Ben Brook", "Cleo Carr", "Dev Dhar")


@dataclass
class Cast:
    """Who acts in the story. `assessors` and `approver` are colleagues: what the demo's own people find open is theirs
    to do. The colleague who approves can be signed in as too: a review is settled by another than who decided."""

    demo: dict[str, User]
    assessors: list[User]
    approver: User
    admin: User


def cast() -> Cast:
    """Everyone but the leads, with their roles from today on."""
    demo = {role: _person(f"P-DEMO-{n}", role + DEMO_DOMAIN, name) for n, (role, name) in enumerate(_demo_people(), 1)}
    for role in STAFF:
        _give(demo[role], role)
    for role, (_, ref) in LOCAL.items():
        _give(demo[role], role, ref)
    _give(demo["consortium_lead"], "consortium_lead")
    assessors = [_person(f"P-STAFF-{n}", f"assessor{n}@staff.invalid", name) for n, name in enumerate(COLLEAGUES, 1)]
    for person in assessors:
        _give(person, "assessor")
    approver = _person("P-STAFF-9", "approver2" + DEMO_DOMAIN, "Eve Ellison")
    _give(approver, "approver")
    admin = _person("P-STAFF-0", "admin@staff.invalid", "Finn Farrow")
    _give(admin, "programme_admin")
    return Cast(demo, assessors, approver, admin)


def practice_manager(*of: str) -> User:
    """The demonstration's practice manager, of these practices."""
    person = _person("P-DEMO-0", "practice_manager" + DEMO_DOMAIN, "Max Manager")
    for code in of:
        _give(person, "practice_manager", code)
    return person


def deputy_of(consortium: str) -> User:
    """The demonstration's deputy of a consortium's lead."""
    person = _person("P-DEMO-8", "consortium_deputy" + DEMO_DOMAIN, "Dr Dee Deputy")
    _give(person, "consortium_deputy", consortium)
    return person


def replying_for(bodies: list[tuple[str, str]]) -> dict[str, User]:
    """By code, somebody who answers for each of these PCTs and SHAs (kind, code)."""
    draw = Random("local")
    roles = {"pct": "pct_lead", "sha": "sha_assessor"}
    found = {}
    for n, (kind, code) in enumerate(bodies, 1):
        found[code] = _person(f"P-LOCAL-{n}", f"local{n}@trusts.invalid", names.doctor(draw))
        _give(found[code], roles[kind], code)
    return found


def leads(count: int) -> list[User]:
    """One lead for each group, allowed to draft bids."""
    draw = Random("leads")
    rows = [
        User(ref=f"P-LEAD-{n:04d}", email=f"lead{n:04d}@groups.invalid", name=names.doctor(draw), password="!")
        for n in range(1, count + 1)
    ]
    made = User.objects.bulk_create(rows)
    for person in made:
        _give(person, "consortium_lead")
    return made


def _demo_people() -> list[tuple[str, str]]:
    local = [(role, name) for role, (name, _) in LOCAL.items()]
    return [*STAFF.items(), *local, ("consortium_lead", "Dr Lee Lead")]


def _person(ref: str, email: str, name: str) -> User:
    return User.objects.create_user(email, ref=ref, name=name)


def _give(person: User, role: str, ref: str = "") -> None:
    grant_role(by=User.objects.system(), user=person, role=role, ref=ref)
