"""The tours of the demonstration: a table (data/tours.toml) that the page writes out and a browser test does.

A step's sentence is made from what the step does, so that the two cannot drift apart.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from consortia.actions.mint import next_ref
from consortia.models import own_consortia
from consortia.waiting import ATTEST, LATE, REMIND, waiting
from pathfinders.models import Bid, BidPractice, BidState, PathfinderParticulars
from pathfinders.reads import memberships, transitions, unaffiliated
from practices.models import BodyParticulars, PracticeParticulars
from registry.accounts.demo import DEMO_DOMAIN
from registry.authorization import objects_of
from registry.models import User
from registry.moment import Moment
from transitions.models import BudgetLine, LocalBody, LocalBodyParticulars, TransitionStage

TABLE = Path(__file__).parent / "data" / "tours.toml"
LEAD, PCT_LEAD = "consortium_lead", "pct_lead"
FREE = 2
FOURTH = date(2011, 4, 4)
"""The day of the fourth wave."""
SENTENCES = {
    "sign_in": "Open the <a class='nhsuk-link' href='/accounts/login/?next={then}'>sign-in page</a>"
    " and press <strong>{what}</strong>",
    "open": "Open <a class='nhsuk-link' href='{what}'>{what}</a>",
    "follow": "Follow the link <strong>{what}</strong>",
    "follow_first": "Follow the first {what} in the list",
    "press": "Press <strong>{what}</strong>",
    "fill": "Type into <strong>{what}</strong>: <code>{text}</code>",
    "date": "Give the date <strong>{what}</strong>: <code>{text}</code>",
    "choose": "Choose <strong>{what}</strong>",
    "choose_each": "Choose <strong>{what}</strong> under each heading",
    "choose_last": "Choose the last one offered under <strong>{what}</strong>",
    "tick": "Tick <strong>{what}</strong> (and so on)",
    "download": "Follow the link <strong>{what}</strong>",
}


@dataclass(frozen=True)
class Step:
    """One thing to do. `what` is the words on the button, link or box; `text` what is typed; `see` what then shows."""

    do: str
    what: str
    then: str = ""
    text: str = ""
    where: str = ""
    why: str = ""
    see: tuple[str, ...] = field(default_factory=tuple)

    @property
    def sentence(self) -> SafeString:
        return format_html(SENTENCES[self.do], what=self.what, then=self.then, text=self.text)


@dataclass(frozen=True)
class Tour:
    key: str
    title: str
    intro: str
    steps: tuple[Step, ...]


def tours() -> list[Tour]:
    """Every tour, filled in from the register as it stands."""
    facts = filled_in()
    return [Tour(t["key"], t["title"], t["intro"], tuple(_step(s, facts) for s in t["steps"])) for t in table()]


@cache
def table() -> list[dict[str, Any]]:
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))["tour"]


def _step(raw: Mapping[str, Any], facts: Mapping[str, Any]) -> Step:
    (do,) = raw.keys() & SENTENCES.keys()
    what = raw[do].format(**facts) if do != "sign_in" else facts["people"].get(raw[do], raw[do])
    return Step(
        do=do,
        what=what,
        then=raw.get("then", ""),
        text=raw.get("with", "").format(**facts),
        where=raw.get("where", ""),
        why=raw.get("why", "").format(**facts),
        see=tuple(s.format(**facts) for s in raw.get("see", ())),
    )


def filled_in() -> dict[str, Any]:
    """What the tours say of this very register: names on the buttons, codes to paste, figures to be seen."""
    people = User.objects.filter(email__endswith=DEMO_DOMAIN)
    return {
        "people": {(u.email or "").removesuffix(DEMO_DOMAIN): u.name for u in people},
        "free": " ".join(free_practices()),
        "first": _announced_by(date(2010, 12, 8)),
        "fourth": _announced_by(FOURTH),
        "board": next_ref(LocalBody, "LB"),
        "stage": _stage_of_the_lead(),
        **_of_an_area(),
        **_membership(),
    }


def _membership() -> dict[str, str]:
    """The lead's button that reminds, the task that attests, and the question to the practice's manager."""
    lead = User.objects.filter(email=LEAD + DEMO_DOMAIN).first()
    kept = waiting(lead, sorted(own_consortia(lead)), Moment.now()) if lead else []
    tasks = {task.kind: task for one in kept for task in one.tasks}
    return {
        "remind": tasks[REMIND].button if REMIND in tasks else "Remind",
        "attest": next((tasks[kind].words for kind in (LATE, ATTEST) if kind in tasks), "Say that the list is right"),
        "question": f"Is it a member of {kept[0].name}?" if kept else "Is it a member?",
    }


def _stage_of_the_lead() -> str:
    """How far the trust of the tour has come, as its lead's home says it."""
    lead = User.objects.filter(email=PCT_LEAD + DEMO_DOMAIN).first()
    rows = transitions.rows(lead, Moment.now()).filter(code__in=objects_of(lead, PCT_LEAD)) if lead else ()
    return next((row["stage_label"] for row in rows if row["stage_label"]), "Not known")


def _of_an_area() -> dict[str, str]:
    """A postcode district with a story: of the first practice, a member by wave 4, of the trust of which most is told."""
    moment = Moment.of(FOURTH)
    told: Counter[str] = Counter()
    for kind, path in (
        (TransitionStage, "body__code"),
        (BudgetLine, "pct__code"),
        (LocalBodyParticulars, "pct__code"),
    ):
        told.update(kind.objects.visible_to(None).at(moment).values_list(path, flat=True))
    members = memberships.rows(None, moment).exclude(pct_code=None).order_by("practice_code")
    found = list(members.values_list("pct_code", "practice_code"))
    if not found:
        return {"trust": "", "district": "", "trust_name": ""}
    trust, practice = min(found, key=lambda pair: (-told[pair[0]], pair))
    named = PracticeParticulars.objects.at(moment).get(practice__code=practice)
    own = BodyParticulars.objects.at(moment).get(body__code=trust)
    return {"trust": trust, "district": named.postcode.partition(" ")[0], "trust_name": own.name}


def free_practices() -> list[str]:
    """Practices in no consortium, neighbours of the draft that the lead's tour goes on with, where it has such."""
    moment = Moment.now()
    draft = Bid.objects.filter(state=BidState.DRAFT, lead__email=LEAD + DEMO_DOMAIN).order_by("-ref").first()
    named = BidPractice.objects.filter(bid=draft)  # other people's bids are nobody's business here
    rows = unaffiliated.rows(None, moment).exclude(code__in=named.values("practice__code")).order_by("code")
    near = named.values_list("practice__parents__parent__code", flat=True).first()
    found = list(rows.filter(pct_code=near).values_list("code", flat=True)[:FREE])
    return found if len(found) == FREE else list(rows.values_list("code", flat=True)[:FREE])


def _announced_by(day: date) -> int:
    return PathfinderParticulars.objects.at(Moment.of(day)).count()
