"""A released wave read back from its manifest: for its downloads, which are never other than what was hashed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pathfinders.models import WaveManifest, WaveRelease
from pathfinders.reads.manifest import COLUMNS, manifest_of
from registry.moment import Moment

UNESCAPED = {"\\\\": "\\", "\\t": "\t", "\\n": "\n", "\\r": "\r"}
NUMBERS = ("people", "count", "number")


def release_of(user: Any, wave: int) -> WaveRelease | None:
    """The fact by which a wave was released: the first that the register ever said of it."""
    if wave >= 32_768:
        return None
    facts = WaveRelease.objects.visible_to(user).filter(wave=wave).select_related("opened_by")
    return facts.order_by("opened_by_id").first()


def moment_of(release: WaveRelease) -> Moment:
    """The day of the announcement, as known at the release."""
    return Moment(release.announced_on, release.opened_by.at, latest=False)


def kept_manifest(user: Any, wave: int) -> WaveManifest | None:
    """The manifest that the release made; None for a wave that is not released, or was before manifests were made."""
    return WaveManifest.objects.visible_to(user).filter(pk=wave).first()


def content_of(user: Any, release: WaveRelease) -> str:
    """The wave as released: as kept, or, where it was released before manifests were made, made of the same facts now."""
    kept = kept_manifest(user, release.wave)
    return kept.content if kept else manifest_of(user, moment_of(release), release.wave)


def lines(content: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """(kind, values by column) of each line."""
    for line in content.split("\n")[:-1]:
        kind, *told = line.split("\t")
        yield kind, {name: _value(name, text) for name, text in zip(COLUMNS[kind], told, strict=True)}


def _value(name: str, text: str) -> Any:
    if name in NUMBERS:
        return int(text) if text else None
    if name == "counted":
        return text == "yes"
    return re.sub(r"\\[\\tnr]", lambda found: UNESCAPED[found[0]], text)


def as_json(content: str) -> dict[str, Any]:
    """The wave with its pathfinders, their consortia, their practices; what was left out; totals."""
    found: dict[str, Any] = {"pathfinders": [], "left_out": [], "totals": {}}
    pathfinders: dict[str, dict[str, Any]] = {}
    groups: dict[tuple[str, str], dict[str, Any]] = {}
    for kind, row in lines(content):
        if kind == "wave":
            found = {"wave": row["number"], "announced_on": row["announced_on"], **found}
        elif kind == "pathfinder":
            pathfinders[row["ref"]] = row | {"goes_live_on": row["goes_live_on"] or None, "consortia": []}
            found["pathfinders"].append(pathfinders[row["ref"]])
        elif kind == "consortium":
            key = (row.pop("pathfinder"), row["ref"])
            groups[key] = row | {"practices": []}
            pathfinders[key[0]]["consortia"].append(groups[key])
        elif kind == "practice":
            groups[row.pop("pathfinder"), row.pop("consortium")]["practices"].append(
                row | {"quarter": row["quarter"] or None, "basis": row["basis"] or None}
            )
        elif kind == "left_out":
            found["left_out"].append(row)
        elif kind == "total":
            found["totals"][row["of"]] = row["count"]
    return found


HEADER = (
    *("wave", "announced_on", "pathfinder", "pathfinder_name", "region", "approved_on", "goes_live_on"),
    *("consortium", "consortium_name", "practice", "status", "counted", "people", "quarter", "basis"),
)


def as_table(content: str) -> Iterator[tuple[Any, ...]]:
    """A row a practice, as `HEADER` names its columns."""
    told = as_json(content)
    for p in told["pathfinders"]:
        own = (p["ref"], p["name"], p["region"], p["approved_on"], p["goes_live_on"])
        for c in p["consortia"]:
            for m in c["practices"]:
                counts = (m["status"], "yes" if m["counted"] else "no", m["people"], m["quarter"], m["basis"])
                yield told["wave"], told["announced_on"], *own, c["ref"], c["name"], m["code"], *counts
