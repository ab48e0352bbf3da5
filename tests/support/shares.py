"""How the suite is shared out among its workers: what stays together, and what is begun first."""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

FIRST = {
    "browser/test_real_journey": "england",
    "integration/test_run": "processes",
    "integration/test_embedded": "processes",
    "practices/test_england": "england",
    "consortia/test_real_membership": "england",
    "transitions/test_real_closing": "england",
    "browser/casework/": "casework",
    "integration/test_permission_table": "",
    "integration/test_embargo_bytes": "",
    "browser/test_tours": "",
    "browser/test_public_pages": "",
    "pathfinders/test_simulator_scale": "simulator",
    "registry/test_tampering": "",
    "pathfinders/test_demo.py": "demonstration",
}
"""The longest, begun first, so that no worker ends with one of them alone; and the share that each belongs to, of which
one worker does all because what it needs is costly to make. "processes" needs no database of the tests: it runs while
the other worker makes that."""


def place(nodeid: str) -> int:
    """Where a test stands in the order."""
    return next((n for n, path in enumerate(FIRST) if path in nodeid), len(FIRST))


class Shares(LoadScopeScheduling):
    """Each share to one worker; every other test to whoever is free.

    In place of xdist_group marks: xdist 3.8 writes those into the tests' ids, which pytest 9.2 no longer lets it do.
    """

    def _split_scope(self, nodeid: str) -> str:
        share = next((share for path, share in FIRST.items() if path in nodeid), "")
        return share or nodeid
