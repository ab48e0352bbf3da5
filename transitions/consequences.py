"""What a change does to what depends on it, in the same entry, whoever writes it (domain.md rules 4, 17)."""

from __future__ import annotations

from registry.journal import Writer
from transitions.endings import delegations_end, local_bodies_end, places_end


def settle(entry: Writer) -> None:
    """Places in clusters and local bodies end with the trusts, authorities and consortia that they are of; what is
    delegated to a local body ends with it."""
    places_end(entry)
    local_bodies_end(entry)
    delegations_end(entry)
