"""The squashed migrations make what those that they replace make."""

import pytest
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState


@pytest.mark.parametrize("app", ["registry", "practices", "consortia", "pathfinders"])
def test_a_squashed_migration_leads_to_the_models_of_those_it_replaces(app: str) -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    [squashed] = [key for key, node in loader.graph.nodes.items() if key[0] == app and node.replaces]
    new = loader.project_state(squashed)
    plain = MigrationLoader(None, ignore_no_migrations=True, replace_migrations=False)
    old = plain.project_state(plain.disk_migrations[squashed].replaces[-1])
    changes = MigrationAutodetector(old, new)._detect_changes()
    assert [change.describe() for migration in changes.get(app, []) for change in migration.operations] == []
    assert beside(new, app) == beside(old, app)


def beside(state: ProjectState, app: str) -> dict[str, tuple[list[str], list[str]]]:
    """What Django's own comparison leaves out: the order of each table's columns, and its triggers."""
    return {
        name: (list(model.fields), sorted(trigger.install_sql for trigger in model.options.get("triggers", [])))
        for (label, name), model in state.models.items()
        if label == app
    }
