"""The story of a place in sentences: what began on each day, who was told of it, and on what evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.html import format_html
from django.utils.safestring import SafeString

from pathfinders.reads.area import ARRANGEMENT, LINE, STAGE, Spell, Story
from practices.models import PCT_KINDS, BodyKind, SuccessionKind
from registry.pages.forms import long_date
from transitions.models import WHOLE, LocalBodyStatus, SurveyReply
from transitions.money import pounds_words

FIRST, LAST = date(2010, 1, 1), date(2013, 12, 31)
"""The years of the programme, which the story is of."""


@dataclass(frozen=True)
class Told:
    """A line of the story: what began on the day, or what was planned then."""

    day: date
    words: SafeString
    evidence: str = ""


def tell(story: Story, dates: str) -> list[Told]:
    """Every line by its day; of one day, trusts before practices."""
    named = Names(story, dates)
    lines = [line for teller in TELLERS for line in teller(story, named)]
    return sorted(lines, key=lambda line: line.day)


def england(story: Story) -> list[Told]:
    """The dates of the whole programme in these years."""
    return [
        Told(day, format_html("{}{}", name, "" if settled else f", planned for {words or long_date(day)}"))
        for day, name, words, settled in story.milestones()
        if FIRST <= day <= LAST
    ]


class Names:
    """Names of what the story is of, as links to the page of each."""

    def __init__(self, story: Story, dates: str) -> None:
        self.story, self.dates, self.words = story, dates, story.words()
        self.members, self.successions = story.memberships(), story.successions()
        self.refs = {spell.values[0] for spell in self.members}
        self.consortia = story.consortium_names(self.refs)

    def word(self, kind: str, key: str) -> str:
        return self.words.get((kind, key), key)

    def link(self, path: str, words: str) -> SafeString:
        return format_html('<a class="nhsuk-link" href="{}">{}</a>', path + self.dates, words)

    def body(self, code: str) -> SafeString:
        """A trust by its name; another body with its kind, for a group may be called as the trust before it was."""
        name, kind = self.story.names.get(code) or code, self.story.kinds.get(code)
        more = f" ({BodyKind(kind).label.lower()})" if kind and kind not in PCT_KINDS else ""
        return self.link(f"/pcts/{code}/", name + more)

    def consortium(self, ref: str) -> SafeString:
        return self.link(f"/consortia/{ref}/", self.consortia.get(ref, ref))


def _in_the_years(spells: Iterable[Spell]) -> Iterator[tuple[date, Spell]]:
    return ((s.start, s) for s in spells if s.start is not None and FIRST <= s.start <= LAST)


def _stages(story: Story, named: Names) -> Iterator[Told]:
    for day, s in _in_the_years(story.stages()):
        stage, note, evidence = s.values
        words = format_html("{}: {}", named.body(s.subject), named.word(STAGE, stage))
        yield Told(day, format_html("{} ({})", words, note) if note else words, evidence)


def _plans(story: Story, named: Names) -> Iterator[Told]:
    for day, s in _in_the_years(story.plans()):
        stage, planned, dated, why, evidence = s.values
        when = dated or long_date(planned)
        words = format_html("{} planned “{}” for {}", named.body(s.subject), named.word(STAGE, stage), when)
        yield Told(day, format_html("{}: {}", words, why) if why else words, evidence)


def _local_bodies(story: Story, named: Names) -> Iterator[Told]:
    for day, s in _in_the_years(story.local_bodies()):
        ref, name, kind, status, evidence = s.values
        shown, what = named.link(f"/transitions/local-bodies/{ref}/", name), named.word(ARRANGEMENT, kind).lower()
        yield Told(day, format_html("{}, {}: {}", shown, what, LocalBodyStatus(status).label.lower()), evidence)


def _budgets(story: Story, named: Names) -> Iterator[Told]:
    """Of each line what is delegated; of the whole budget also that nothing is stated to be."""
    for day, s in _in_the_years(story.budgets()):
        year, line, total, delegated, rounding, evidence = s.values
        part, whole = pounds_words(delegated, rounding), pounds_words(total, rounding)
        if delegated is not None:
            of = f" of {whole}" if total is not None else ""
            what = "" if line == WHOLE else f" for {named.word(LINE, line).lower()}"
            words = f"{part}{of}{what} delegated, {year}"
        elif line == WHOLE and total is not None:
            words = f"a budget of {whole}, {year}; the delegated part is not stated"
        else:
            continue
        yield Told(day, format_html("{}: {}", named.body(s.subject), words), evidence)


def _answers(story: Story, named: Names) -> Iterator[Told]:
    for day, s in _in_the_years(story.answers()):
        survey, answer, question = s.values
        asked = named.link(f"/transitions/surveys/{survey}/", f"survey {survey}")
        words = format_html("{}, in {}, to “{}”", named.body(s.subject), asked, question)
        yield Told(day, format_html("{}: {}", words, SurveyReply(answer).label.lower()))


def _clusters(story: Story, named: Names) -> Iterator[Told]:
    for day, s in _in_the_years(story.clusters()):
        shown = named.link("/transitions/clusters/", f"cluster {s.values[1]}")
        yield Told(day, format_html("{} in the {}", named.body(s.subject), shown))


def _ended(story: Story, named: Names) -> Iterator[Told]:
    """Trusts that closed; one that goes on in another trust is told of as followed by it."""
    on = {s.subject for s in named.successions if story.kinds.get(s.values[0]) in PCT_KINDS}
    for code, last in story.last_days.items():
        if last is not None and code not in on and FIRST <= last < LAST:
            words = "{} closed: {} was its last day"
            yield Told(last + timedelta(days=1), format_html(words, named.body(code), long_date(last)))


def _successions(story: Story, named: Names) -> Iterator[Told]:
    for day, s in _in_the_years(named.successions):
        successor, kind, share = s.values
        of = f", with {100 * share:.1f}% of its people" if share else ""
        how = SuccessionKind(kind).label.lower()
        yield Told(day, format_html("{} followed by {} ({}{})", named.body(s.subject), named.body(successor), how, of))


def _joined(story: Story, named: Names) -> Iterator[Told]:
    for (day, ref), codes in _by_day(_stays(named.members)).items():
        yield Told(day, format_html("{} joined {}", _practices(codes), named.consortium(ref)))


def _left(story: Story, named: Names) -> Iterator[Told]:
    found: dict[date, list[str]] = defaultdict(list)
    for spells in _by_practice(named.members).values():
        for s, after in zip(spells, [*spells[1:], None], strict=True):
            if s.last is not None and FIRST <= s.last < LAST:
                day = s.last + timedelta(days=1)
                if after is None or after.start != day:
                    found[day].append(s.subject)
    for day, codes in found.items():
        yield Told(day, format_html("{} left {} consortium", _practices(codes), "its" if len(codes) == 1 else "their"))


def _pathfinders(story: Story, named: Names) -> Iterator[Told]:
    for ref, name, wave, announced, group in story.pathfinders(named.refs):
        if FIRST <= announced <= LAST:
            shown, at = named.link(f"/pathfinders/{ref}/", name), named.link(f"/waves/{wave}/", f"wave {wave}")
            yield Told(
                announced, format_html("Pathfinder {} announced in {}, with {}", shown, at, named.consortium(group))
            )


def _parents(story: Story, named: Names) -> Iterator[Told]:
    for (day, body), codes in _by_day(story.parents).items():
        yield Told(day, format_html("{} under {} from now on", _practices(codes), named.body(body)))


TELLERS = (
    _stages,
    _plans,
    _local_bodies,
    _budgets,
    _answers,
    _joined,
    _pathfinders,
    _left,
    _clusters,
    _ended,
    _successions,
    _parents,
)


def _practices(codes: list[str]) -> str:
    return f"Practice {codes[0]}" if len(codes) == 1 else f"{len(codes)} practices"


def _by_day(spells: Iterable[Spell]) -> dict[tuple[date, str], list[str]]:
    """The practices whose spell of a body began on a day, by day and body."""
    found: dict[tuple[date, str], list[str]] = defaultdict(list)
    for day, spell in _in_the_years(spells):
        found[day, spell.values[0]].append(spell.subject)
    return found


def _by_practice(members: Iterable[Spell]) -> dict[str, list[Spell]]:
    found: dict[str, list[Spell]] = defaultdict(list)
    for spell in members:
        found[spell.subject].append(spell)
    return found


def _stays(members: list[Spell]) -> Iterator[Spell]:
    """Spells that begin a stay in a consortium: an answer to a claim begins none, a return after a gap does."""
    for spells in _by_practice(members).values():
        for before, s in zip([None, *spells], spells, strict=False):
            goes_on = before is not None and before.values[0] == s.values[0] and before.last is not None
            if not (goes_on and before is not None and before.last + timedelta(days=1) == s.start):  # type: ignore[operator]
                yield s
