"""The announcement that a wave's page offers first: its figures in sentences, each of them a claim (domain.md 5.1)."""

from __future__ import annotations

from typing import Any

from pathfinders.draft_claims import Basis, words_of
from pathfinders.models import Extent, Metric, Wave
from pathfinders.reads.announced_figures import ENGLAND

COUNTED = (Metric.PATHFINDERS, Metric.PRACTICES, Metric.PEOPLE, Metric.SHARE)
MILLION = 1_000_000


def first_draft(wave: Wave, basis: Basis) -> dict[str, Any]:
    """`{"title", "text", "notes", "claims"}` as `announce_wave` takes them; every claim holds."""
    alone = _figures(basis, wave.number)
    so_far = _figures(basis, None) if wave.number > 1 else {}
    sentences = [_sentence(alone, "{} are announced today")] + (
        [_sentence(so_far, "There are now {}")] if so_far else []
    )
    claims = [_claim(metric, words, Extent.WAVE) for metric, words in alone.items()]
    claims += [_claim(metric, words, Extent.CUMULATIVE) for metric, words in so_far.items()]
    return {
        "title": f"Wave {wave.number}: {alone.get(Metric.PATHFINDERS, 'pathfinders')}",
        "text": "\n\n".join(s for s in sentences if s),
        "notes": "",
        "claims": claims,
    }


def _figures(basis: Basis, wave: int | None) -> dict[str, str]:
    """The words of each figure there is, of England."""
    key, figures = (ENGLAND, wave), basis.figures
    if key not in figures.pathfinders:
        return {}
    told = {metric: figures.of(metric, ENGLAND, wave) for metric in COUNTED}
    return {metric: _words(metric, value) for metric, value in told.items() if value}


def _words(metric: str, value: float) -> str:
    if metric == Metric.SHARE:
        return f"{words_of(value)}% of registered patients"
    if metric == Metric.PEOPLE and value >= MILLION:
        return f"{value / MILLION:.1f} million people"
    noun = {Metric.PATHFINDERS: "pathfinder"}.get(metric, metric.removesuffix("s"))  # type: ignore[call-overload]
    return f"{words_of(value)} {'people' if metric == Metric.PEOPLE else noun if value == 1 else f'{noun}s'}"


def _sentence(told: dict[str, str], frame: str) -> str:
    """ "52 pathfinders are announced today: 1,860 practices, 12.8 million people, 23.4% of registered patients."""
    first, *rest = told.values() if told else [""]
    if not first:
        return ""
    return frame.format(first) + (f": {', '.join(rest)}." if rest else ".")


def _claim(metric: str, words: str, extent: str) -> dict[str, str]:
    return {"words": words, "metric": metric, "extent": extent}
