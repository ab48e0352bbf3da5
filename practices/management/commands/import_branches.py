from typing import Any

from practices.actions.import_branches import import_branches
from registry.files.command import ImportCommand
from registry.files.report import Report


class Command(ImportCommand):
    help = "Loads branch surgeries (branch_code, name, address, postcode, opened, closed)."

    def load(self, **given: Any) -> Report:
        return import_branches(**given)
