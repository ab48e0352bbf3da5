"""What is happening in my area: a postcode's, or a town's, story from 2010 to 2013 on one page (K4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from pathfinders.reads import transitions
from pathfinders.reads.area import ARRANGEMENT, LINE, MOST_PRACTICES, STAGE, Area, Spell, Story, area
from pathfinders.views.public.base import PublicRecord, dated, people_words
from pathfinders.views.public.money import pounds_words
from pathfinders.views.public.practices import NAME, PATIENTS
from practices.models import SuccessionKind
from registry.moment import Moment
from registry.pages.forms import long_date
from registry.pages.tables import Column, Table
from transitions.models import WHOLE, LocalBodyStatus, SurveyReply

FIRST, LAST = date(2010, 1, 1), date(2013, 12, 31)
"""The years of the programme, which the story is of."""
PRACTICES = (
    Column("code", "Code", href="/practices/{code}/"),
    NAME,
    Column("postcode", "Postcode"),
    PATIENTS,
    Column("pct_name", "PCT", href="/pcts/{pct_code}/", empty="none on the day"),
    Column("consortium_name", "Consortium", href="/consortia/{consortium_ref}/", empty="none"),
)
TRUSTS = (
    Column("name", "Primary care trust", href="/pcts/{code}/"),
    Column("practices", "Practices here", kind="number"),
    Column("stage_label", "Stage on the day", empty="Not known"),
    Column("since", "Since", kind="date"),
    Column("evidence_title", "Evidence", href="/transitions/evidence/{evidence_ref}/"),
)


@dataclass(frozen=True)
class Told:
    """A line of the story: what began on the day, or what was planned then."""

    day: date
    words: SafeString
    evidence: str = ""


class AreaPage(PublicRecord):
    template_name = "public/area.html"
    crumbs = (("Transition", "/transitions/"),)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = self.request.GET.get("postcode", "")
        place = area(self.request.user, self.moment, text)
        found = self._told(place) if place.everybody and not place.too_many else {}
        return super().get_context_data(
            title=f"What happened in {place.district or place.text}" if place.text else "What is happening in my area",
            place=place,
            most=MOST_PRACTICES,
            **found,
            **kwargs,
        )

    def _told(self, place: Area) -> dict[str, Any]:
        user = self.request.user
        story = Story(user, self.moment, place)
        here = transitions.rows(user, self.moment).filter(code__in=[t["code"] for t in place.trusts])
        stages = {row["code"]: row for row in here} if place.trusts else {}
        trusts = [t | _stage(stages.get(t["code"])) for t in place.trusts]
        lines = sorted(tell(story, self.moment, self.dates), key=lambda told: told.day)
        years = [(year, list(group)) for year, group in groupby(lines, key=lambda told: told.day.year)]
        words = people_words(place.practices)
        return {
            "trusts": Table(dated(TRUSTS, self.dates), trusts, "Trusts of the practices here") if trusts else None,
            "practices": Table(dated(PRACTICES, self.dates), place.practices, "Practices on the day"),
            "people": words,
            "years": years,
            "citation": self.cite([_figure(place, words)]),
        }


def _stage(row: dict[str, Any] | None) -> dict[str, Any]:
    names = ("stage_label", "since", "evidence_title", "evidence_ref")
    return {name: (row or {}).get(name) for name in names}


def _figure(place: Area, words: dict[str, Any]) -> str:
    trusts = ", ".join(f"{t['name']} ({t['practices']})" for t in place.trusts)
    of = f"postcode district {place.district}" if place.district else f"“{place.text}”"
    return (
        f"{words['practices']:,} GP practices with an address in {of}; their primary care trusts: {trusts or 'none'}"
    )


def tell(story: Story, moment: Moment, dates: str) -> Iterator[Told]:
    """Every line of the story, in no order."""
    named = Names(story, dates)
    yield from _of_the_trusts(story, named)
    yield from _of_the_practices(story, named, dates)


class Names:
    """Names of bodies as links."""

    def __init__(self, story: Story, dates: str) -> None:
        self.story, self.dates, self.words = story, dates, story.words()

    def body(self, code: str) -> SafeString:
        return link(f"/pcts/{code}/{self.dates}", self.story.names.get(code) or code)

    def word(self, kind: str, key: str) -> str:
        return self.words.get((kind, key), key)


def link(href: str, words: str) -> SafeString:
    return format_html('<a class="nhsuk-link" href="{}">{}</a>', href, words)


def _in_the_years(spells: Iterable[Spell]) -> Iterator[tuple[date, Spell]]:
    return ((s.start, s) for s in spells if s.start is not None and FIRST <= s.start <= LAST)


def _of_the_trusts(story: Story, named: Names) -> Iterator[Told]:
    for day, s in _in_the_years(story.stages()):
        stage, note, evidence = s.values
        words = format_html("{}: {}", named.body(s.subject), named.word(STAGE, stage))
        yield Told(day, format_html("{} ({})", words, note) if note else words, evidence)
    for day, s in _in_the_years(story.plans()):
        stage, planned, dated, why, evidence = s.values
        told = format_html(
            "{} planned “{}” for {}", named.body(s.subject), named.word(STAGE, stage), dated or long_date(planned)
        )
        yield Told(day, format_html("{}: {}", told, why) if why else told, evidence)
    for day, s in _in_the_years(story.local_bodies()):
        ref, name, kind, status, evidence = s.values
        shown = link(f"/transitions/local-bodies/{ref}/{named.dates}", name)
        state = LocalBodyStatus(status).label.lower()
        yield Told(day, format_html("{}, {}: {}", shown, named.word(ARRANGEMENT, kind).lower(), state), evidence)
    for day, s in _in_the_years(story.budgets()):
        year, line, total, delegated, rounding, evidence = s.values
        if line == WHOLE and delegated is not None:
            of = format_html(" of {}", pounds_words(total, rounding)) if total is not None else ""
            shown = format_html("{}{} delegated for {}", pounds_words(delegated, rounding), of, year)
            yield Told(day, format_html("{}: {}", named.body(s.subject), shown), evidence)
        elif line == WHOLE and total is not None:
            shown = format_html("a budget of {} for {}", pounds_words(total, rounding), year)
            yield Told(
                day, format_html("{}: {}, its delegated part not stated", named.body(s.subject), shown), evidence
            )
        elif delegated is not None:
            amount = pounds_words(delegated, rounding)
            what = named.word(LINE, line).lower()
            yield Told(day, format_html("{}: {} of {} delegated", named.body(s.subject), amount, what), evidence)
    for day, s in _in_the_years(story.answers()):
        survey, answer = s.values
        shown = link(f"/transitions/surveys/{survey}/{named.dates}", survey)
        reply = SurveyReply(answer).label.lower()
        yield Told(day, format_html("{} answered survey {}: {}", named.body(s.subject), shown, reply))
    for day, s in _in_the_years(story.successions()):
        successor, kind, share = s.values
        of = format_html(", with {}% of its people", f"{100 * share:.1f}") if share else ""
        verb = SuccessionKind(kind).label.lower()
        yield Told(day, format_html("{}: {} {}{}", named.body(s.subject), verb, named.body(successor), of))


def _of_the_practices(story: Story, named: Names, dates: str) -> Iterator[Told]:
    members = story.memberships()
    refs = {s.values[0] for s in members}
    names = story.consortium_names(refs)
    joined = _first_of_each(members)
    for (day, ref), codes in _by_day(joined).items():
        yield Told(
            day, format_html("{} joined {}", _practices(codes), link(f"/consortia/{ref}/{dates}", names.get(ref, ref)))
        )
    for day, codes in _left(members).items():
        yield Told(day, format_html("{} left their consortium", _practices(codes)))
    for ref, name, wave, announced, group in story.pathfinders(refs):
        if FIRST <= announced <= LAST:
            shown, of = link(f"/pathfinders/{ref}/{dates}", name), link(f"/consortia/{group}/{dates}", names[group])
            at = link(f"/waves/{wave}/{dates}", f"wave {wave}")
            yield Told(announced, format_html("Pathfinder {} announced in {}, with {}", shown, at, of))
    for (day, body), codes in _by_day(story.parents).items():
        if FIRST <= day <= LAST:
            yield Told(day, format_html("{} under {}", _practices(codes), named.body(body)))


def _practices(codes: list[str]) -> str:
    return f"Practice {codes[0]}" if len(codes) == 1 else f"{len(codes)} practices"


def _by_day(spells: Iterable[Spell]) -> dict[tuple[date, str], list[str]]:
    """The practices whose spell of a body began on a day, by day and body."""
    found: dict[tuple[date, str], list[str]] = defaultdict(list)
    for day, spell in _in_the_years(spells):
        found[day, spell.values[0]].append(spell.subject)
    return found


def _first_of_each(members: list[Spell]) -> list[Spell]:
    """Spells that begin a stay in a consortium: an answer to a claim begins none."""
    out: list[Spell] = []
    last: dict[str, Spell] = {}
    for s in members:
        before = last.get(s.subject)
        if before is None or before.values[0] != s.values[0]:
            out.append(s)
        last[s.subject] = s
    return out


def _left(members: list[Spell]) -> dict[date, list[str]]:
    """Practices that were in none from a day on."""
    found: dict[date, list[str]] = defaultdict(list)
    by = defaultdict(list)
    for s in members:
        by[s.subject].append(s)
    for code, spells in by.items():
        for s, after in zip(spells, [*spells[1:], None], strict=True):
            if s.last is not None and s.last < LAST:
                day = date.fromordinal(s.last.toordinal() + 1)
                if after is None or after.start != day:
                    found[day].append(code)
    return found
