from typing import Any

from practices.actions.import_parents import import_parents
from registry.files.command import ImportCommand
from registry.files.report import Report


class Command(ImportCommand):
    help = "Loads the dated history of practices and their parent bodies (ODS epcmem)."

    def load(self, **given: Any) -> Report:
        return import_parents(**given)
