"""The codes of the NHS: what an English practice's looks like, and what other codes are (domain.md 3.3)."""

from __future__ import annotations

import re
from typing import NamedTuple

PRACTICE = re.compile(r"^[A-HJ-NPYZ]\d{5}$")  # Z: no real practice has it; the demonstration England uses it
BODY = re.compile(r"^[A-Z0-9]{3,10}$")
PCT = re.compile(r"^5[A-Z][A-Z0-9]$")
CARE_TRUST = re.compile(r"^TA[A-Z]$")
SHA = re.compile(r"^Q[0-9]{2}$")
CCG = re.compile(r"^\d{2}[A-Z]$")
PCG = re.compile(r"^4[A-Z]{2}\d{2}$")
GSS = re.compile(r"^E\d{8}$")
OTHER = re.compile(r"^\S(.{0,38}\S)?$")


class Foreign(NamedTuple):
    """A code that is no English practice's: a label to count it under, and a sentence for a person."""

    label: str
    sentence: str


_ISLANDS = {"ALD": "Alderney", "GUE": "Guernsey", "JER": "Jersey", "SAR": "Sark", "IOM": "the Isle of Man"}


def normalise(code: str) -> str:
    """A code as people paste it, as the register writes it."""
    return re.sub(r"\s+", "", code).upper()


def foreign(code: str) -> Foreign | None:
    """What a code is, if it is well known and not an English practice's; None where it may be one or is no code."""
    if re.fullmatch(r"W\d{5}", code):
        return Foreign(
            "Welsh practices (codes that begin with W)", f"{code} is a Welsh practice; the register is of England."
        )
    if re.fullmatch(r"[A-Z]{3}\d{3}", code):
        where = _ISLANDS.get(code[:3], "the Channel Islands or the Isle of Man")
        return Foreign(
            "practices of the Channel Islands and the Isle of Man (three letters, as ALD200)",
            f"{code} is a practice of {where}; the register is of England.",
        )
    if re.fullmatch(r"[A-Z]\d{7}", code):
        return Foreign(
            "prescribers (a letter and seven digits)", f"{code} is the code of a doctor, not of a practice."
        )
    return None


def is_practice(code: str) -> bool:
    """Whether a code has the shape of an English practice's."""
    return PRACTICE.fullmatch(code) is not None


def explain(code: str) -> str:
    """Why a code cannot be an English practice's, as a sentence; empty where it can."""
    if is_practice(code):
        return ""
    other = foreign(code)
    if other:
        return other.sentence
    if any(p.fullmatch(code) for p in (PCT, CARE_TRUST, SHA, CCG)):
        return f"{code} is the code of a trust, an authority or a group, not of a practice."
    if re.fullmatch(r"[A-HJ-NPYZ]\d{5}[A-Z0-9]{1,3}", code):
        return f"{code} looks like a branch surgery; give the practice's own code, {code[:6]}."
    return f"“{code[:20]}” does not have the shape of a practice code: a letter and five digits, as A81001."
