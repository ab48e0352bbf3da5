"""What changes who exists: imports of files, and changes and corrections by hand."""

from practices.actions.branches import close_branch, open_branch
from practices.actions.change_parent import change_parent, correct_parent
from practices.actions.identifiers import confirm_identifier, end_identifier, give_identifier
from practices.actions.import_boundaries import import_boundaries
from practices.actions.import_branches import import_branches
from practices.actions.import_england import import_england
from practices.actions.import_list_sizes import import_list_sizes
from practices.actions.import_organisations import import_organisations
from practices.actions.import_parents import import_parents
from practices.actions.import_places import import_places
from practices.actions.import_practices import import_practices
from practices.actions.load_reference import load_reference
from practices.actions.operation import record_operation

__all__ = [
    "change_parent",
    "close_branch",
    "confirm_identifier",
    "correct_parent",
    "end_identifier",
    "give_identifier",
    "import_boundaries",
    "import_branches",
    "import_england",
    "import_list_sizes",
    "import_organisations",
    "import_parents",
    "import_places",
    "import_practices",
    "load_reference",
    "open_branch",
    "record_operation",
]
