"""The figures of an announcement against what the register will count: one comparison for page, action and release.

A claim is compared with the figures of the frozen list, before freezing with those of the plan of now. The rule of its
words is `pathfinders.rounding`; one that does not hold is announced all the same where somebody says why, by a code of
the vocabulary and a note (domain.md section 4, reconciliation codes).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pathfinders.frozen import content_of
from pathfinders.models import Announcement, DraftClaim, DraftServiceClaim, Extent, Metric, ScopeKind, Wave, WaveState
from pathfinders.plan import plan_release
from pathfinders.reads.announced_figures import ENGLAND, Figures
from pathfinders.region_list import Region, by_region
from pathfinders.rounding import holds_between
from pathfinders.simulation import simulate_release
from pathfinders.wording import figures_in, last_digit

BOUND = (WaveState.FROZEN, WaveState.RELEASED)


@dataclass
class Basis:
    """What the claims of one wave are compared with: the figures of its release, and its list by region."""

    wave: int
    figures: Figures
    regions: list[Region]

    def of(self, claim: DraftClaim) -> float | int | None:
        """The register's figure for a claim; None where it has none (an area or a pathfinder that it does not know)."""
        if claim.scope_kind == ScopeKind.GROUP:
            return self._group(claim.metric, claim.scope)
        wave = self.wave if claim.extent == Extent.WAVE else None
        known = any((claim.scope, wave) in told for told in (self.figures.pathfinders, self.figures.practices))
        if not known and (claim.scope == ENGLAND or claim.scope not in self.figures.denominators):
            return None
        return self.figures.of(claim.metric, claim.scope, wave)

    def _group(self, metric: str, scope: str) -> int | None:
        """Of a pathfinder of this wave, by its name in the bid or the bid's reference."""
        found = [p for region in self.regions for p in region.pathfinders if scope in (p.name, p.ref)]
        if len(found) != 1:
            return None
        told = {Metric.PATHFINDERS: 1, Metric.PRACTICES: found[0].practices, Metric.PEOPLE: found[0].people}
        return told.get(metric)  # type: ignore[call-overload]


def basis_of(wave: Wave, user: Any = None) -> Basis:
    """Of the frozen list where that binds, otherwise of the plan of now."""
    frozen = wave.frozen_list() if wave.state in BOUND else None
    if frozen is not None:
        return Basis(wave.number, Figures.from_json(frozen.figures), by_region(frozen.content))
    plan = plan_release(wave)
    return Basis(wave.number, simulate_release(user, plan).figures, by_region(content_of(plan)))


@dataclass(frozen=True)
class Compared:
    """A claim beside the register's figure. `holds`: whether its words are true of it, None where there is no figure;
    `difference`: the register's less the claim's."""

    claim: DraftClaim
    figure: float | int | None
    difference: Decimal | None
    holds: bool | None

    @property
    def explained(self) -> bool:
        """Whether somebody said why it is announced although it does not hold."""
        return bool(self.claim.note and self.claim.reconciliation)

    @property
    def agrees(self) -> bool:
        return bool(self.holds)

    @property
    def sentence(self) -> str:
        """Register 1,860: agrees. Register 1,860, difference 10."""
        percent = "%" if self.claim.metric == Metric.SHARE else ""
        if self.figure is None or self.difference is None:
            return "The register has no such figure"
        told = f"Register {words_of(self.figure)}{percent}"
        if self.holds:
            return f"{told}: agrees"
        points = " points" if percent else ""
        return f"{told}, difference {'−' if self.difference < 0 else ''}{words_of(abs(self.difference))}{points}"


def compared(told: Announcement | Iterable[DraftClaim], basis: Basis) -> list[Compared]:
    """Each claim beside the register's figure, in their order."""
    claims = told.claims.all() if isinstance(told, Announcement) else told  # type: ignore[attr-defined]
    return [_compared(claim, basis.of(claim)) for claim in claims]


def _compared(claim: DraftClaim, figure: float | int | None) -> Compared:
    if figure is None:
        return Compared(claim, None, None, None)
    exact = Decimal(str(figure))
    share, printed = claim.metric == Metric.SHARE, last_digit(claim.words)
    least, most = holds_between(claim.value, claim.rounding, percent=share, printed=printed)
    return Compared(claim, figure, exact - claim.value, least <= exact <= most)


def unexplained(wave: Wave) -> list[str]:
    """A sentence for each claim of the wave's announcement that neither holds nor is explained."""
    announcement = getattr(wave, "announcement", None)
    claims = list(announcement.claims.all()) if announcement is not None else []
    if not claims:
        return []
    return [said_of(row) for row in compared(claims, basis_of(wave)) if not row.agrees and not row.explained]


def said_of(row: Compared) -> str:
    return f"“{row.claim.words}”: {row.sentence[0].lower()}{row.sentence[1:]}."


def loose_figures(
    texts: Sequence[str], claims: Iterable[DraftClaim], services: Iterable[DraftServiceClaim] = ()
) -> list[str]:
    """The words of each figure in the texts that is no claim of the announcement: none has its value, so worded."""
    known = {(Decimal(c.value), c.rounding) for c in claims}
    of_services = {told.value for s in services for told in figures_in(s.words)}
    of_services |= {Decimal(s.value) for s in services if s.value is not None}
    found = [told for text in texts for told in figures_in(text)]
    loose = [t.words for t in found if (t.value, t.rounding) not in known and t.value not in of_services]
    return list(dict.fromkeys(loose))


def words_of(value: float | Decimal) -> str:
    """1,860; 35.8."""
    return f"{value:,.1f}".removesuffix(".0")
