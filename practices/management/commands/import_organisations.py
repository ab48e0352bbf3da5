from typing import Any

from practices.actions.import_organisations import import_organisations
from registry.files.command import ImportCommand
from registry.files.report import Report


class Command(ImportCommand):
    help = "Loads PCTs, SHAs and CCGs: the project's own CSV layout or an ONS lookup."

    def load(self, **given: Any) -> Report:
        return import_organisations(**given)
