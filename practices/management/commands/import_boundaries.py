from typing import Any

from practices.actions.import_boundaries import import_boundaries
from registry.files.command import ImportCommand
from registry.files.report import Report


class Command(ImportCommand):
    help = "Loads outlines of PCTs (TopoJSON or GeoJSON with a property pct_code)."

    def load(self, **given: Any) -> Report:
        return import_boundaries(**given)
