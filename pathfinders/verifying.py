"""What `verify_journal` proves beside the chain: that each manifest of a wave is what its release's facts give, and each
file of a snapshot what its hash is of."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.auth.models import AnonymousUser

from pathfinders.models import WaveManifest
from pathfinders.reads.as_released import moment_of, release_of
from pathfinders.reads.manifest import manifest_of, sha256_of
from pathfinders.snapshots.verifying import snapshot_faults


def faults() -> Iterator[str]:
    yield from _of_manifests()
    yield from snapshot_faults()


def _of_manifests() -> Iterator[str]:
    """A sentence for each manifest that is not what its hash is of, or not what the facts give (domain.md rule 12)."""
    public = AnonymousUser()
    for kept in WaveManifest.objects.visible_to(public).order_by("wave"):
        if sha256_of(kept.content) != kept.sha256:
            yield f"The manifest of wave {kept.wave_id} is not what its hash is of: {kept.sha256}."
        release = release_of(public, kept.wave_id)
        made = manifest_of(public, moment_of(release), kept.wave_id) if release else ""
        if made != kept.content:
            yield (
                f"The manifest of wave {kept.wave_id} is not what the facts give, as known at its release: "
                f"{_first_difference(kept.content, made)}."
            )


def _first_difference(kept: str, made: str) -> str:
    for number, (old, new) in enumerate(zip(kept.split("\n"), made.split("\n"), strict=False), start=1):
        if old != new:
            return f"line {number} is “{old}”, the facts give “{new}”"
    return "one of them ends earlier"
