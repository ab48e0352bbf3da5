"""What each file of a folder is: by its manifest.toml, else by layout and the date or quarter in its name."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from practices.recognising import WORDS, recognise
from registry.errors import Refused
from registry.files.names import date_in, quarter_in
from registry.files.source import read_source

ORDER = tuple(WORDS)
"""Kinds of file that import_england loads, in this order."""
AMENDMENTS = "amendments: load them afterwards with import_practices --amendments"
UNKNOWN = "no layout that the register knows"


@dataclass(frozen=True)
class Found:
    """A file to load: what it is taken for, and of when."""

    path: Path
    kind: str
    vintage: date | None = None
    quarter: str = ""

    def sentence(self, root: Path) -> str:
        of = f" of {self.vintage:%-d %B %Y}" if self.vintage else f" of {self.quarter}" if self.quarter else ""
        return f"{self.path.relative_to(root)}: {WORDS[self.kind]}{of}"

    def order(self) -> tuple[int, str, str]:
        return (ORDER.index(self.kind), self.quarter or str(self.vintage or ""), str(self.path))


@dataclass(frozen=True)
class Skipped:
    path: Path
    why: str


def look(root: Path) -> tuple[list[Found], list[Skipped]]:
    """The files to load, in order, and those to skip with the reason. Raises Refused where there is nothing."""
    if not root.is_dir():
        raise Refused("no_folder", f"{root} is not a folder.", field="dir")
    files = sorted(p for p in root.rglob("*") if p.is_file() and not p.name.startswith("."))
    manifest = root / "manifest.toml"
    found, skipped = _by_manifest(root, manifest, files) if manifest.is_file() else _by_layout(root, files)
    if not found:
        raise Refused("nothing_to_load", f"There is no file in {root} that the register can load.", field="dir")
    return sorted(found, key=Found.order), skipped


def _by_manifest(root: Path, manifest: Path, files: list[Path]) -> tuple[list[Found], list[Skipped]]:
    try:
        listed = tomllib.loads(manifest.read_text(encoding="utf-8")).get("file", [])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise Refused("bad_manifest", f"manifest.toml cannot be read: {fault}.", field="dir") from None
    found = [_listed(root, entry) for entry in listed]
    taken = {f.path for f in found} | {manifest.resolve()}
    return found, [Skipped(p, "not in manifest.toml") for p in files if p.resolve() not in taken]


def _listed(root: Path, entry: dict) -> Found:
    path, kind = (root / str(entry.get("path", ""))).resolve(), str(entry.get("kind", ""))
    if not path.is_relative_to(root.resolve()) or not path.is_file():
        message = f"manifest.toml lists {entry.get('path')!r}, and there is no such file in the folder."
        raise Refused("bad_manifest", message, field="dir")
    if kind not in ORDER:
        message = f"manifest.toml says that {path.name} is {kind!r}; the kinds are {', '.join(ORDER)}."
        raise Refused("bad_manifest", message, field="dir")
    vintage = entry.get("vintage")
    if vintage is not None and type(vintage) is not date:
        message = f"manifest.toml: the vintage of {path.name} is not a date (write 2014-10-01, without quotes)."
        raise Refused("bad_manifest", message, field="dir")
    return _of_when(path, kind, vintage, str(entry.get("quarter", "")))


def _by_layout(root: Path, files: list[Path]) -> tuple[list[Found], list[Skipped]]:
    found, skipped = [], []
    for path in files:
        if "derived" in path.relative_to(root).parts[:-1]:
            skipped.append(Skipped(path, "derived from the others: an answer to check against, not a source"))
            continue
        try:
            kind = recognise(read_source(path))
            if not kind or (kind == "ods-practices" and path.name.lower().startswith("egpam")):
                skipped.append(Skipped(path, AMENDMENTS if kind else UNKNOWN))
                continue
            found.append(_of_when(path.resolve(), kind))
        except Refused as fault:
            skipped.append(Skipped(path, fault.message))
    return found, skipped


def _of_when(path: Path, kind: str, vintage: date | None = None, quarter: str = "") -> Found:
    if kind == "nhsbsa-list-sizes":
        quarter = quarter or quarter_in(path.name)
        if not quarter:
            raise Refused("no_quarter", f"the name of {path.name} does not say its quarter", field="dir")
        return Found(path, kind, quarter=quarter)
    vintage = vintage or date_in(path.name)
    if vintage is None and not kind.startswith("ons-"):  # ONS says the year in its columns
        raise Refused("no_vintage", f"the name of {path.name} does not say of when it is", field="dir")
    return Found(path, kind, vintage)
