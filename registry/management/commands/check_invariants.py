"""Each rule of the register as one query over all of it: `manage.py check_invariants`."""

import sys
from typing import Any

from django.core.management import BaseCommand

from registry.invariants import Finding, findings
from registry.moment import read_snapshot

SHOWN = 50


class Command(BaseCommand):
    help = "Checks every rule over the whole register; names the rows that break one; exit 1 where one is broken."

    def handle(self, *args: Any, **options: Any) -> None:
        with read_snapshot():
            found = list(findings())
        for finding in found:
            self._tell(finding)
        broken = [f.rule.name for f in found if f.rows and not f.rule.warning]
        warned = [f.rule.name for f in found if f.rows and f.rule.warning]
        told = f"{len(found)} rules: {len(found) - len(broken) - len(warned)} hold"
        told += f", {len(warned)} with warnings" if warned else ""
        self.stdout.write(told + (f", {len(broken)} BROKEN: {', '.join(broken)}." if broken else "."))
        if broken:
            sys.exit(1)

    def _tell(self, finding: Finding) -> None:
        rule = finding.rule
        if not finding.rows:
            self.stdout.write(f"holds    {rule.name} ({rule.source})")
            return
        word = "warning" if rule.warning else "BROKEN"
        self.stdout.write(f"{word:8} {rule.name} ({rule.source}): {rule.says}. {len(finding.rows)} rows do not:")
        for row in finding.rows[:SHOWN]:
            self.stdout.write("           " + ", ".join(f"{c} {v}" for c, v in zip(finding.columns, row, strict=True)))
        if len(finding.rows) > SHOWN:
            self.stdout.write(f"           ... and {len(finding.rows) - SHOWN} more")
