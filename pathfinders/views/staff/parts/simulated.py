"""Two simulations side by side: one sentence with both totals, and tables whose columns, or rows, are the scenarios."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pathfinders.models import Wave
from pathfinders.simulated import Covered, Simulation
from pathfinders.views.shown import FINDING_TAGS
from registry.pages.tables import Column, Table

Named = tuple[str, str, Simulation]
"""Letter, name, and what the ticks of that scenario make."""
WHY = {"closed": "Not open on the day of the announcement", "elsewhere": "Belongs to another consortium"}
COUNTED: tuple[tuple[str, str], ...] = (
    ("Pathfinders", "pathfinders"),
    ("Consortia", "consortia"),
    ("Practices", "practices"),
    ("of them confirmed by the practice", "practices_confirmed"),
    ("of them without a list size", "practices_without_list"),
    ("of them with a later list only", "practices_list_later"),
    ("People", "people"),
    ("of them with practices that confirmed", "people_confirmed"),
    ("of them with practices that only the bid claims", "people_claimed"),
)


def results(wave: Wave, found: list[Named]) -> dict[str, Any]:
    """The context of `staff/parts/simulated.html`."""
    return {
        "total": " ".join(f"{letter}: {_total(sim)}." for letter, _, sim in found),
        "names": [(letter, name) for letter, name, _ in found],
        "totals": _side_by_side(found, _totals(wave, found), "Totals"),
        "notes": _side_by_side(found, _notes(found), "As well to know"),
        "sizes": _side_by_side(found, _sizes(found), "Sizes of the wave’s pathfinders"),
        "shas": Table(AREA, list(_areas(found, "sha")), "By SHA", caption_spoken=True),
        "pcts": Table(PCT, list(_pcts(found)), "By PCT", caption_spoken=True),
        "bids": _bids(found),
        "twice": _listed(found, TWICE, _twice, "Practices claimed twice"),
        "left_out": _listed(found, LEFT_OUT, _left_out, "Practices left out"),
        "findings": _listed(found, FINDINGS, _findings, "Findings not met"),
    }


def _total(sim: Simulation) -> str:
    n, practices, people = (sim.alone[k] for k in ("pathfinders", "practices", "people"))
    return f"{_many(n, 'pathfinder')}, {_many(practices, 'practice')}, {in_words(people)}"


def _many(n: int, noun: str) -> str:
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def in_words(people: int) -> str:
    """12,800,000 as "12.8 million people", which is quicker to hear."""
    return f"{people / 1_000_000:.1f} million people" if people >= 1_000_000 else f"{people:,} people"


def _side_by_side(found: list[Named], rows: Iterable[tuple[Any, ...]], caption: str) -> Table:
    columns = [
        Column("label", "Figure"),
        *(Column(letter, f"{letter}: {name}", "number") for letter, name, _ in found),
    ]
    letters = [letter for letter, _, _ in found]
    told = [{"label": label, **dict(zip(letters, figures, strict=True))} for label, *figures in rows]
    return Table(columns, told, caption, caption_spoken=True)


def _row(label: str, found: list[Named], of: Callable[[Simulation], Any]) -> tuple[Any, ...]:
    return (label, *(of(sim) for _, _, sim in found))


def _totals(wave: Wave, found: list[Named]) -> Iterator[tuple[Any, ...]]:
    for when, whose in ((f"Wave {wave.number}", "alone"), ("So far", "so_far")):
        for label, key in COUNTED:
            yield _row(f"{when}: {_lower(label)}", found, lambda sim, w=whose, k=key: _counted(getattr(sim, w), k))
        for n, share in enumerate(found[0][2].shares):
            label = f"{when}: of {share.name}, {share.value:,}"
            yield _row(label, found, lambda sim, n=n, w=whose: percent(getattr(sim.shares[n], w)))


def _lower(label: str) -> str:
    return label[0].lower() + label[1:]


def _counted(row: dict[str, Any], key: str) -> int:
    return row["people"] - row["people_confirmed"] if key == "people_claimed" else row[key]


def percent(share: float | None) -> str:
    return "–" if share is None else f"{share}%"


def _notes(found: list[Named]) -> Iterator[tuple[Any, ...]]:
    yield _row("PCTs wholly covered, so far", found, lambda sim: sum(c.wholly for c in sim.pcts))
    yield _row("PCTs partly covered, so far", found, lambda sim: sum(not c.wholly for c in sim.pcts))
    yield _row("Practices claimed twice", found, lambda sim: len(sim.twice))
    yield _row("Practices left out", found, lambda sim: len(sim.left_out))
    yield _row("Bids with a finding not met", found, lambda sim: len(sim.findings))


def _sizes(found: list[Named]) -> Iterator[tuple[Any, ...]]:
    for which in ("smallest", "median", "largest"):
        yield _row(f"People, {which}", found, lambda sim, w=which: getattr(sim.spread(lambda s: s.people), w))
        yield _row(f"Practices, {which}", found, lambda sim, w=which: getattr(sim.spread(lambda s: s.practices), w))
    for n, (label, _) in enumerate(found[0][2].bands):
        yield _row(label, found, lambda sim, n=n: sim.bands[n][1])


AREA = (
    Column("name", "SHA"),
    Column("letter", "Scenario"),
    Column("pathfinders", "Pathfinders", kind="number"),
    Column("practices", "Practices", kind="number"),
    Column("people", "People", kind="number"),
    Column("registered", "Registered", kind="number"),
    Column("share", "Share", kind="number"),
    Column("so_far", "Share so far", kind="number"),
)
PCT = (Column("name", "PCT"), *AREA[1:], Column("covered", "Practices in pathfinders so far"))


def _areas(found: list[Named], by: str) -> Iterator[dict[str, Any]]:
    """Two rows an area, one a scenario."""
    told = [(letter, sim.areas(by, alone=True), sim.areas(by, alone=False)) for letter, _, sim in found]
    for n in range(len(told[0][1])):
        for letter, alone, so_far in told:
            row = alone[n]
            yield {
                "code": row["key"],
                "name": f"{row['name']} ({row['key']})",
                "letter": letter,
                **{key: row[key] for key in ("pathfinders", "practices", "people")},
                "registered": row["denominator"]["value"],
                "share": percent(row["percent"]),
                "so_far": percent(so_far[n]["percent"]),
            }


def _pcts(found: list[Named]) -> Iterator[dict[str, Any]]:
    """Of the PCTs with a practice in a pathfinder, in either scenario."""
    covered = {letter: {c.code: c for c in sim.pcts} for letter, _, sim in found}
    known = {code for codes in covered.values() for code in codes}
    for row in _areas(found, "pct"):
        if row["code"] in known:
            yield row | {"covered": _covered(covered[row["letter"]].get(row["code"]))}


def _covered(pct: Covered | None) -> str:
    if pct is None:
        return "None"
    return f"All {pct.eligible:,}" if pct.wholly else f"{pct.practices:,} of {pct.eligible:,}"


def _bids(found: list[Named]) -> Table:
    """Practices and people of each pathfinder that the wave makes, the largest first."""
    sizes: dict[str, dict[str, Any]] = {}
    for letter, _, sim in found:
        for size in sim.sizes:
            row = sizes.setdefault(size.bid.ref, {"ref": size.bid.ref, "name": size.bid.name, "most": 0})
            row |= {f"{letter}-practices": size.practices, f"{letter}-people": size.people}
            row["most"] = max(row["most"], size.people)
    columns = [Column("name", "Bid", href="/staff/bids/{ref}/")]
    for letter, _, _ in found:
        columns.append(Column(f"{letter}-practices", f"{letter}: practices", kind="number"))
        columns.append(Column(f"{letter}-people", f"{letter}: people", kind="number"))
    rows = sorted(sizes.values(), key=lambda row: (-row["most"], row["name"].casefold(), row["ref"]))
    return Table(columns, rows, "Pathfinders by size", caption_spoken=True)


_practice = Column("code", "Practice", href="/practices/{code}/")
_scenarios = Column("letters", "Scenario")
TWICE = (_practice, Column("bids", "Named by, in the order in which they take it"), _scenarios)
LEFT_OUT = (_practice, Column("name", "Named in", href="/staff/bids/{ref}/"), Column("why", "Why"), _scenarios)
FINDINGS = (Column("name", "Bid", href="/staff/bids/{ref}/"), Column("unmet", "Findings"), _scenarios)


def _listed(
    found: list[Named],
    columns: tuple[Column, ...],
    rows: Callable[[Simulation], Iterator[dict[str, Any]]],
    caption: str,
) -> Table | None:
    """Rows that are alike in both scenarios come once; None where there is none."""
    merged: dict[tuple[Any, ...], dict[str, Any]] = {}
    for letter, _, sim in found:
        for row in rows(sim):
            kept = merged.setdefault(tuple(row.values()), row | {"letters": ""})
            kept["letters"] = f"{kept['letters']}, {letter}".removeprefix(", ")
    ordered = [merged[key] for key in sorted(merged)]
    return Table(columns, ordered, caption, caption_spoken=True) if merged else None


def _twice(sim: Simulation) -> Iterator[dict[str, Any]]:
    for twice in sim.twice:
        yield {"code": twice.code, "bids": ", ".join(f"{bid.name} ({bid.ref})" for bid in twice.bids)}


def _left_out(sim: Simulation) -> Iterator[dict[str, Any]]:
    names = {bid.pk: f"Taken by {bid.name} ({bid.ref}), which comes before it" for bid in sim.founding}
    for bid, out in sim.left_out:
        why = names[out.by] if out.by else WHY[out.why]
        yield {"code": out.claim.code, "name": bid.name, "ref": bid.ref, "why": why}


def _findings(sim: Simulation) -> Iterator[dict[str, Any]]:
    for bid, unmet in sim.findings:
        words = "; ".join(f"{f.criterion.title}: {FINDING_TAGS[f.finding][0].lower()}" for f in unmet)
        yield {"name": bid.name, "ref": bid.ref, "unmet": words}
