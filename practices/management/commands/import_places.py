from typing import Any

from practices.actions.import_places import import_places
from registry.files.command import ImportCommand
from registry.files.report import Report


class Command(ImportCommand):
    help = "Loads longitude and latitude by practice code or postcode."

    def load(self, **given: Any) -> Report:
        return import_places(**given)
