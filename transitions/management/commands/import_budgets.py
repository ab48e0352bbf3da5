from typing import Any

from registry.files.command import ImportCommand
from registry.files.report import Report
from transitions.actions.import_budgets import import_budgets


class Command(ImportCommand):
    help = "Loads budgets of trusts in bulk: pct, year, line, from, evidence, and the figures that are stated."
    dated = False

    def load(self, **given: Any) -> Report:
        return import_budgets(**given)
