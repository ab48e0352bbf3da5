"""Which layout a file has, whatever its name; and the refusal of a file that is not what it is taken for."""

from __future__ import annotations

import json

from practices.layouts import boundaries, branches, list_sizes, ods_parents, ods_practices, organisations, places
from registry.errors import Refused
from registry.files.source import Source
from registry.files.table import Table, looks_like, read_table

WORDS = {
    "organisations": "organisations",
    "ons-sha": "the ONS list of SHAs",
    "ons-pct-sha": "the ONS lookup of PCTs and SHAs",
    "ons-ccg": "the ONS list of CCGs",
    "ods-practices": "ODS practices",
    "ods-parents": "ODS parents of practices",
    "nhsbsa-list-sizes": "NHSBSA list sizes",
    "places": "places of practices",
    "branches": "branch surgeries",
    "pct-boundaries": "outlines of PCTs",
}
"""The kinds of file, in the order in which a folder is loaded."""
COMMANDS = {
    "ods-practices": "import_practices",
    "ods-parents": "import_parents",
    "nhsbsa-list-sizes": "import_list_sizes",
    "places": "import_places",
    "branches": "import_branches",
    "pct-boundaries": "import_boundaries",
}


def layout(table: Table) -> str:
    """The kind of a table, or empty."""
    kind = organisations.layout_of(table)
    if kind:
        return kind
    modules = ((ods_practices, "ods-practices"), (ods_parents, "ods-parents"), (list_sizes, "nhsbsa-list-sizes"))
    return next(
        (name for module, name in (*modules, (places, "places"), (branches, "branches")) if module.is_layout(table)),
        "",
    )


def recognise(source: Source) -> str:
    """The kind of a file, or empty. Of outlines only those by PCT are known here."""
    try:
        if source.text.lstrip()[:1] == "{":
            return "pct-boundaries" if boundaries.code_property(json.loads(source.text)) == "pct_code" else ""
        return layout(read_table(source))
    except (Refused, ValueError):
        return ""


def wrong_file(table: Table, wanted: str) -> Refused:
    """The refusal of a file that is not of the layout asked for: what it looks like, and what to do with it."""
    kind = recognise(table.source)
    if kind:
        command = COMMANDS.get(kind, "import_organisations")
        looks = f"it holds {WORDS[kind]}; load it with {command}"
    else:
        looks = looks_like(table)
    return Refused("wrong_file", f"{table.source.name} is not {wanted}: {looks}.", field="file")
