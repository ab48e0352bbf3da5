"""What the journal says of a practice, a consortium or a PCT, newest first: for its feed. All of the journal is public,
and nothing of an embargo is in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import CharField, Count, F, Q, QuerySet, Value
from django.db.models.fields.related import ForeignKey

from consortia.models import Consortium, Membership
from pathfinders.reads import transition_news
from pathfinders.reads.wave_news import News
from practices.models import ParentBody, Practice, PracticeParent
from registry.actions.checks import said
from registry.models import Entry
from registry.models.fact import Fact, Lower, fact_kinds
from registry.moment import Moment

MOST = 50
MOST_SENTENCES = 20
MOST_MEMBERSHIPS = 500
NOT_ITS_OWN = ("above",)
"""Fields that name a body of which the fact does not tell: the SHA above a PCT."""
WORDS = {
    "practice_particulars": "name, address or setting",
    "practice_status": "status",
    "practice_parent": "parent body",
    "practice_place": "place",
    "practice_succession": "succession of practices",
    "body_particulars": "particulars",
    "body_succession": "codes before and after",
    "body_identifier": "further codes",
    "operational_life": "days on which it operated",
    "consortium_particulars": "name or form",
    "consortium_identifier": "codes",
    "consortium_succession": "succession of consortia",
    "programme_place": "place in a pathfinder",
    "left_out": "why it is in no consortium",
    "left_out_at_release": "left out at a release",
    "attestation": "attested list",
    **transition_news.WORDS,
}

Bodies = Mapping[type[Any], Collection[int]]
"""Of whom: primary keys by kind of body."""


def of_practice(practice: Practice) -> Bodies:
    return {Practice: [practice.pk]}


def of_consortium(consortium: Consortium) -> Bodies:
    return {Consortium: [consortium.pk]}


def of_pct(user: Any, pct: ParentBody, moment: Moment) -> Bodies:
    """The body itself, and the practices directly under it on the day."""
    under = PracticeParent.objects.visible_to(user).at(moment).filter(parent=pct)
    return {ParentBody: [pct.pk], Practice: list(under.values_list("practice", flat=True))}


def news(user: Any, bodies: Bodies) -> list[News]:
    """The newest entries that opened or closed a fact of the bodies. Three questions, however many there are, and
    one for each kind of fact of the hand-over among them."""
    touched: dict[int, dict[str, dict[str, int]]] = {}
    for number, kind, end, count in _touched(user, bodies):
        if number not in touched and len(touched) == MOST:
            break
        touched.setdefault(number, {}).setdefault(kind, {})[end] = count
    entries = Entry.objects.visible_to(user).filter(number__in=touched).order_by("-number")
    sentences = _memberships(user, bodies, touched)
    for number, told in transition_news.sentences(user, touched, _about, bodies).items():
        sentences.setdefault(number, []).extend(told)
    return [_item(entry, touched[entry.number], sentences.get(entry.number, [])) for entry in entries]


def _touched(user: Any, bodies: Bodies) -> QuerySet:
    """(entry, kind of fact, which end, how many), the newest entry first."""
    parts: list[QuerySet] = []
    for name, model in fact_kinds().items():
        about = _about(model, bodies)
        if not about:
            continue
        facts = model._default_manager.visible_to(user).filter(about).order_by()  # type: ignore[attr-defined]
        for end in ("opened_by", "closed_by"):
            found = facts.filter(**{f"{end}__isnull": False}).annotate(
                _entry=F(end), _kind=Value(name, CharField()), _end=Value(end, CharField())
            )
            parts.append(found.values("_entry", "_kind", "_end").annotate(_n=Count("pk")))
    rows = parts[0].union(*parts[1:], all=True).order_by("-_entry", "_kind", "_end")
    return rows.values_list("_entry", "_kind", "_end", "_n")[: MOST * len(parts)]


def _about(model: type[Fact], bodies: Bodies) -> Q:
    about = transition_news.held(model, bodies)
    for field in model.own_fields():
        if isinstance(field, ForeignKey) and field.related_model in bodies and field.name not in NOT_ITS_OWN:
            about |= Q(**{f"{field.name}__in": bodies[field.related_model]})  # type: ignore[index]
    return about


def _memberships(user: Any, bodies: Bodies, entries: Collection[int]) -> dict[int, list[str]]:
    """By entry a sentence for each membership that it recorded."""
    facts = Membership.objects.visible_to(user).filter(_about(Membership, bodies), opened_by__in=entries)
    facts = facts.select_related("practice", "consortium").annotate(_from=Lower("effective"))
    told: dict[int, list[str]] = {}
    for fact in facts.order_by("-opened_by", "opened_position")[:MOST_MEMBERSHIPS]:
        since = f" from {said(fact._from)}" if fact._from else ""  # type: ignore[attr-defined]
        words = f"{fact.practice.code} in {fact.consortium.ref}{since}: {fact.get_status_display().lower()}."
        told.setdefault(fact.opened_by_id, []).append(words)
    return told


def _item(entry: Entry, touched: dict[str, dict[str, int]], sentences: list[str]) -> News:
    kinds = sorted(word_of(kind) for kind in touched)
    counts = [f"{word_of(kind)}: {_counts(ends)}" for kind, ends in sorted(touched.items())]
    text = "\n".join([*(c[:1].upper() + c[1:] + "." for c in counts), *sentences[:MOST_SENTENCES]])
    title = f"{entry.get_kind_display()}: {', '.join(kinds)}"  # type: ignore[attr-defined]
    return News(entry.number, entry.at, [], title, entry.reason, text, f"/changes/{entry.number}/")


def _counts(ends: dict[str, int]) -> str:
    told = [(ends.get("opened_by", 0), "recorded"), (ends.get("closed_by", 0), "replaced or ended")]
    return ", ".join(f"{count:,} {word}" for count, word in told if count)


def word_of(kind: str) -> str:
    """What a kind of fact is called in a sentence."""
    return WORDS.get(kind) or str(fact_kinds()[kind]._meta.verbose_name)
