"""What a survey found, always with its base (domain.md rule 24: what is absent is no "no")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from registry.errors import Refused
from transitions.models.survey import GIVEN, Asked, SurveyReply

REPLIED = (*GIVEN, SurveyReply.DECLINED)
"""Whoever replied: with an answer to the question, or to say that they give none."""
WORDS = 500
"""Characters of an answer's words."""
NOUNS = {Asked.TRUSTS: ("trust", "trusts"), Asked.GPS: ("GP", "GPs"), Asked.PRACTICES: ("practice", "practices")}


def require_answer(answer: str, words: str) -> None:
    """Raises Refused (422) for what is no answer, or words that are too long."""
    if answer not in SurveyReply.values:
        known = ", ".join(SurveyReply.values)
        raise Refused("bad_answer", f"“{answer[:40]}” is no answer; it is one of {known}.", field="answer")
    if len(words.strip()) > WORDS:
        raise Refused("too_long", f"Give at most {WORDS} characters.", field="words")


@dataclass(frozen=True)
class Found:
    """One answer. `count`, `share_words`: as the source reports it; `named`: trusts recorded with it by name; `number`:
    how many gave it, null where that is not known; `percent` of the base."""

    answer: str
    label: str
    count: int | None
    share_words: str
    named: int
    number: int | None
    percent: float | None


@dataclass(frozen=True)
class Results:
    """All answers of a survey. `base`: the replies that answer the question, null where not known; `basis`: what it is
    counted from. Of a survey of trusts, of all the `trusts` of its day: `no_reply` and `not_asked`, null where not
    known, and `not_known`: trusts of which the register does not know whether they were asked. None of these is a no."""

    asked_of: str
    asked: int | None
    replied: int | None
    base: int | None
    basis: str
    found: tuple[Found, ...]
    unreported: int | None
    trusts: int | None
    no_reply: int | None
    not_asked: int | None
    not_known: int | None

    def of(self, answer: str) -> Found:
        return next(f for f in self.found if f.answer == answer)

    @property
    def noun(self) -> str:
        return NOUNS[Asked(self.asked_of)][1]

    @property
    def base_words(self) -> str:
        """The base, and what is not known of it."""
        asked = "how many were asked is not said" if self.asked is None else f"{self.asked:,} were asked"
        if self.base is None:
            replied = "how many replied" if self.replied is None else f"{self.replied:,} replied; how many answered"
            if self.asked is None and self.replied is None:
                return "how many were asked, and how many replied, is not said"
            return f"{asked}; {replied} is not said"
        if self.basis == "replied":
            declined = (self.replied or 0) - self.base
            less = f" and answered the question ({declined:,} more declined)" if declined else ""
            return f"of {self.base:,} {self.noun} that replied{less}; {asked}"
        whose = "that the source counts" if self.basis == "counted" else "whose answers are recorded by name"
        return f"of {self.base:,} {self.noun} {whose}; {asked}, and how many replied is not said"

    def sentence(self, answer: str = SurveyReply.YES) -> str:
        """How many gave an answer, of how many: 23 of 29 trusts that replied said yes; how many were asked is not said."""
        told = self.of(answer)
        said = f"said “{told.label.lower()}”"
        if told.number is None:
            if told.share_words:
                of = f"“{told.share_words}” of {self.noun}"
                return f"{of} {said}; {self.base_words}"
            return f"How many {self.noun} {said} is not known; {self.base_words}"
        if self.base is None:
            return f"{told.number:,} {self.noun} {said}; {self.base_words}"
        whole, _, rest = self.base_words.removeprefix("of ").partition("; ")
        return f"{told.number:,} of {whole} {said}; {rest}"


def results(
    asked_of: str,
    asked: int | None,
    replied: int | None,
    counts: Mapping[str, tuple[int | None, str]],
    named: Mapping[str, int],
    trusts: int = 0,
) -> Results:
    """`counts`: (number, share in words) by answer, as reported; `named`: trusts recorded by name, by answer; `trusts`:
    how many there were on the survey's day."""
    reported = {key: count for key, (count, _) in counts.items() if count is not None}
    whole = replied is not None and sum(named.get(r, 0) for r in REPLIED) == replied
    base, basis = _base(replied, counts, reported, named)

    def number(answer: str) -> int | None:
        if answer in reported:
            return reported[answer]
        by_name = whole or basis == "named"
        return named.get(answer, 0) if by_name and answer not in counts and answer in REPLIED else None

    def found(answer: SurveyReply) -> Found:
        n = number(answer)
        percent = round(100 * n / base, 1) if n is not None and base and answer in GIVEN else None
        count, words = counts.get(answer, (None, ""))
        return Found(answer.value, answer.label, count, words, named.get(answer, 0), n, percent)

    answers = tuple(found(r) for r in SurveyReply if r in REPLIED)
    told = sum(max(f.count or 0, f.named) for f in answers)
    beside = _beside(asked, replied, reported, named, trusts) if asked_of == Asked.TRUSTS else (None,) * 3
    return Results(
        asked_of,
        asked,
        replied,
        base,
        basis,
        answers,
        None if replied is None else replied - told,
        trusts if asked_of == Asked.TRUSTS else None,
        *beside,
    )


def _base(
    replied: int | None,
    counts: Mapping[str, tuple[int | None, str]],
    reported: Mapping[str, int],
    named: Mapping[str, int],
) -> tuple[int | None, str]:
    """The replies that answer the question, and what they are counted from."""
    declined = SurveyReply.DECLINED
    if replied is not None:
        return (replied - max(reported.get(declined, 0), named.get(declined, 0))) or None, "replied"
    if SurveyReply.YES in reported and SurveyReply.NO in reported:
        return sum(reported.get(r, 0) for r in GIVEN) or None, "counted"
    given = sum(named.get(r, 0) for r in GIVEN)
    return (None, "") if counts or not given else (given, "named")


def _beside(
    asked: int | None, replied: int | None, reported: Mapping[str, int], named: Mapping[str, int], trusts: int
) -> tuple[int | None, int | None, int]:
    """Trusts that did not reply, that were not asked, and of which neither is known."""

    def known(answer: SurveyReply, derived: int | None) -> int | None:
        least = named.get(answer, 0)
        told = reported.get(answer, derived)
        return max(told, least) if told is not None else least or None

    no_reply = known(SurveyReply.NO_REPLY, asked - replied if asked is not None and replied is not None else None)
    not_asked = known(SurveyReply.NOT_ASKED, max(0, trusts - asked) if asked is not None else None)
    heard = max(replied or 0, sum(max(reported.get(r, 0), named.get(r, 0)) for r in REPLIED))
    return no_reply, not_asked, max(0, trusts - heard - (no_reply or 0) - (not_asked or 0))
