"""Bodies and practices known only by reference: a stub with a warning, never a refusal (data README, traps)."""

from __future__ import annotations

from collections.abc import Iterable

from practices import codes
from practices.models import BodyKind, BodyParticulars, Practice
from registry.files.identities import Identities
from registry.files.importing import Planning
from registry.timeline import Timeline

MARK = "known only by reference"


def is_stub(line: Timeline) -> bool:
    """Whether all that stands of a body is its stub."""
    return all(s.start is None and s.end is None and s.values[1].endswith(f"({MARK})") for s in line)


def bodies(plan: Planning, known: Identities, wanted: Iterable[str]) -> Identities:
    """Make the parent bodies of these codes that are not known: stubs without dates, with one warning for all."""
    new = known.mint(wanted)
    for code in new:
        kind = BodyKind.PCG if codes.PCG.fullmatch(code) else BodyKind.OTHER
        values = (kind.value, f"Body {code} ({MARK})", "", None, None, None)
        plan.writer.put(BodyParticulars, (known[code],), Timeline().set(None, None, values))
    _warn(plan, new, "parent bodies are on no list of organisations")
    return known


def practices(plan: Planning, wanted: Iterable[str]) -> Identities:
    """The practices of these codes; unknown ones become codes without particulars or status."""
    known = Identities(Practice, dry=plan.dry)
    _warn(plan, known.mint(wanted), "practices are in no practices file so far")
    return known


def _warn(plan: Planning, new: set[str], what: str) -> None:
    if new:
        some = ", ".join(sorted(new)[:5]) + (" ..." if len(new) > 5 else "")
        plan.report.warnings.append(f"{len(new):,} {what} and are {MARK}: {some}")
