"""Reads the words of an announced figure: "a quarter", "nearly 90%", "12.8 million people". The rules are data.

What the words then allow is `pathfinders.rounding`: "a quarter" is 25 per cent told with "about" and holds from 22.5%
to 27.5% (issue: reconciliation; domain.md section 1, point 3). Nothing is guessed: words that no rule reads give None.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

FRACTIONS = {
    "a tenth": "10",
    "a fifth": "20",
    "a quarter": "25",
    "one quarter": "25",
    "one in four": "25",
    "a third": "33.3",
    "one third": "33.3",
    "one in three": "33.3",
    "half": "50",
    "one in two": "50",
    "three fifths": "60",
    "two thirds": "66.7",
    "three quarters": "75",
    "four fifths": "80",
    "nine out of ten": "90",
    "9 out of 10": "90",
    "nine in ten": "90",
}
"""Parts told in words, as per cent of the population. Without a word of `ROUNDINGS` before them they are "about"."""
ROUNDINGS = {
    "nearly": "nearly",
    "almost": "nearly",
    "just under": "nearly",
    "close to": "nearly",
    "up to": "nearly",
    "over": "over",
    "more than": "over",
    "just over": "over",
    "at least": "over",
    "about": "about",
    "around": "about",
    "some": "about",
    "roughly": "about",
    "approximately": "about",
    "exactly": "exact",
}
MULTIPLES = {"thousand": 3, "million": 6, "mn": 6, "m": 6, "billion": 9, "bn": 9}
COUNTING = "one two three four five six seven eight nine ten eleven twelve".split()
NUMBERS: dict[str, Decimal] = {word: Decimal(number) for number, word in enumerate(COUNTING, start=1)}
NUMBERS |= {"a single": Decimal(1), "half a": Decimal("0.5")}
METRICS = {
    "pathfinders": "pathfinders",
    "pathfinder": "pathfinders",
    "groups": "pathfinders",
    "group": "pathfinders",
    "consortia": "pathfinders",
    "practices": "practices",
    "practice": "practices",
    "surgeries": "practices",
    "people": "people",
    "patients": "people",
    "%": "share",
    "per cent": "share",
    "percent": "share",
}
"""What follows the number says what it counts; "of the population" makes a share of a part told in words."""
BETWEEN = ("gp", "general", "pathfinder", "more", "further", "new", "registered", "nhs")
"""Words that may stand between the number and what it counts."""
NAMED = ("wave", "version", "section", "part", "page")
"""Before a number these make it a name."""
MONTHS = "january february march april may june july august september october november december".split()


class Told(NamedTuple):
    """What the words say. `metric`: "" where they do not say what they count."""

    words: str
    value: Decimal
    rounding: str
    metric: str


def _any(words: object) -> str:
    return "|".join(re.escape(w).replace(r"\ ", r"[\s-]+") for w in sorted(words, key=len, reverse=True))  # type: ignore[call-overload]


DIGITS = r"\d{1,3}(?:,\d{3}){1,4}(?:\.\d{1,6})?|\d{1,15}(?:\.\d{1,6})?"
"""Up to fifteen figures and six decimals: what is longer is no figure of anything here, and is not read."""
NUMBER = rf"""
    (?: (?P<rounding>{_any(ROUNDINGS)})\s+ )?
    (?: (?:an?|the|just|only)\s+ (?=[\d]) )?
    (?:
        (?P<fraction>{_any(FRACTIONS)}) (?! \s+ (?:a\s+)? (?:million|billion)) (?:\s+of\s+the\s+population)?
      | (?: (?P<digits>{DIGITS}) | (?P<number>{_any(NUMBERS)}) )
        (?: [\s-]* (?P<multiple>{_any(MULTIPLES)}) \b )?
    )
    (?: \s* (?: (?:{_any(BETWEEN)})\s+ )* (?P<what>{_any(METRICS)}) (?!\w) )?
"""
FIGURE = re.compile(rf"(?<![\w.,£]){NUMBER}(?![\w]|[.,]\d)", re.VERBOSE | re.IGNORECASE)
DAY = re.compile(
    rf"(?<!\w)(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?(?:{'|'.join(MONTHS)})(?:\s+\d{{4}})?(?!\w)"
    r"|(?<![\w,.])(?:1[89]|20)\d\d(?:\s*[-–/]\s*\d{2,4})?(?![\w,.]\d|\w|%|\s*(?:%|million|practices|people|patients))",
    re.IGNORECASE,
)
NAME = re.compile(rf"\b(?:{'|'.join(NAMED)})\s+\d+", re.IGNORECASE)
AVERAGES = ("average_people", "average_practices")


def read(words: str, metric: str = "") -> Told | None:
    """The figure that these few words tell, or None where no rule reads them, or where they tell two. `metric`: what
    they are about, where somebody has said so; an average is rounded."""
    found = [match for match in FIGURE.finditer(words.strip()) if match[0].strip()]
    told = _told(found[0]) if len(found) == 1 else None
    if told and metric:
        rounding = "rounded" if metric in AVERAGES and told.rounding == "exact" else told.rounding
        told = told._replace(metric=metric, rounding=rounding)
    return told


def last_digit(words: str) -> Decimal | None:
    """What one in the last decimal that these words print is worth: a tenth of a million in "50.0 million". None where
    they print no decimal, or tell no one figure."""
    found = [match for match in FIGURE.finditer(words.strip()) if match[0].strip()]
    if len(found) != 1 or "." not in (found[0]["digits"] or ""):
        return None
    multiple = MULTIPLES.get((found[0]["multiple"] or "").lower(), 0)
    return Decimal(1).scaleb(multiple - len(found[0]["digits"].partition(".")[2]))


def figures_in(text: str) -> list[Told]:
    """Every figure in a text but days, years, money and the numbers of waves; in their order. A bare number told in a
    word ("one") is no figure unless the words say what it counts."""
    blanked = DAY.sub(_blank, NAME.sub(_blank, text))
    found = [match for match in FIGURE.finditer(blanked) if match["what"] or match["multiple"] or not match["number"]]
    return [_told(match) for match in found]


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _told(match: re.Match[str]) -> Told:
    said = ROUNDINGS.get(_plain(match["rounding"] or ""), "")
    words = re.sub(r"\s+", " ", match[0].strip())
    if match["fraction"]:
        return Told(words, Decimal(FRACTIONS[_plain(match["fraction"])]), said or "about", "share")
    digits, multiple = match["digits"], MULTIPLES.get((match["multiple"] or "").lower(), 0)
    value = Decimal(digits.replace(",", "")) if digits else NUMBERS[_plain(match["number"])]
    metric = METRICS.get(_plain(match["what"] or ""), "")
    whole = Decimal(f"{value.scaleb(multiple):f}")
    return Told(words, whole, said or _rounding(value, multiple, metric), metric)


def _plain(words: str) -> str:
    return re.sub(r"[\s-]+", " ", words.strip().lower())


def _rounding(value: Decimal, multiple: int, metric: str) -> str:
    """Without a word that says so: percentages, decimals, millions, and thousands that end in two noughts are rounded; of
    one figure and noughts ("20,000") they are about, since half of its last digit would be a quarter of it."""
    if metric == "share" or value % 1:
        return "rounded"
    if multiple or (value >= 1_000 and value % 100 == 0):
        return "about" if len(value.normalize().as_tuple().digits) == 1 else "rounded"
    return "exact"
