"""What a change does to what depends on it, in the same entry, whoever writes it (domain.md rules 4, 14, 17)."""

from __future__ import annotations

from registry.journal import Writer
from transitions.bodies_end import stages_end
from transitions.endings import delegations_end, local_bodies_end, places_end


def settle(entry: Writer) -> None:
    """Places in clusters and local bodies end with the trusts, authorities and consortia that they are of; what is
    delegated to a local body or a consortium ends with it; a trust's stages, plans and delegations with the trust."""
    places_end(entry)
    stages_end(entry)
    local_bodies_end(entry)
    delegations_end(entry)
