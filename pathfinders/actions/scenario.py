"""Scenarios of a wave: bids ticked together, kept for all programme staff. They decide nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from pathfinders.actions.wave_work import no_own_bid
from pathfinders.models import Bid, Scenario, Wave, WaveState
from pathfinders.scenarios import candidates
from registry.authorization import Permission
from registry.casework import step
from registry.errors import Refused, stale, wrong_state
from registry.models import User

LONGEST = 60


def save_scenario(
    *,
    by: User,
    wave: Wave,
    name: str,
    bids: Collection[str],
    scenario: Scenario | None = None,
    version: int | None = None,
) -> Scenario:
    """Keep the bids of these references under this name: a new scenario, or `scenario` as seen at `version`.

    Raises Refused: 403 to whoever has a bid waiting, 409 once the wave is released or where another scenario has the
    name, 412 where a colleague changed it, 422 on `name` or `bids` (each one that cannot be in it in `detail`).
    """
    with _working(by, wave, "save_scenario") as locked:
        row = Scenario(wave=locked, made_by=by) if scenario is None else _again(scenario, locked, version)
        row.name = _free(locked, name, scenario)
        chosen = _usable(by, locked, bids)
        row.version += 0 if scenario is None else 1
        row.save()
        row.bids.set(chosen)
    return row


def copy_scenario(*, by: User, scenario: Scenario, name: str) -> Scenario:
    """Another one with the same bids, those left out that cannot be in it any more. Raises Refused as `save_scenario`."""
    with _working(by, scenario.wave, "copy_scenario") as locked:
        row = Scenario.objects.create(wave=locked, made_by=by, name=_free(locked, name, None))
        row.bids.set(candidates(by, locked).filter(pk__in=scenario.bids.values("pk")))
    return row


def delete_scenario(*, by: User, scenario: Scenario, version: int) -> None:
    """Raises Refused: 403, 409 and 412 as `save_scenario`."""
    with _working(by, scenario.wave, "delete_scenario") as locked:
        _again(scenario, locked, version).delete()


@contextmanager
def _working(by: User, wave: Wave, action: str) -> Iterator[Wave]:
    """The locked wave, which is not released; by somebody whom nothing is withheld from."""
    with step(by=by, action=action, permission=Permission.SEE_CASEWORK, wave=wave.pk):
        locked = Wave.objects.select_for_update(no_key=True).get(pk=wave.pk)
        no_own_bid(by)
        if locked.state == WaveState.RELEASED:
            raise wrong_state(f"Wave {locked.number} has been released: there is nothing to simulate in it any more.")
        yield locked


def _again(scenario: Scenario, wave: Wave, version: int | None) -> Scenario:
    """The scenario as it is now. Raises Refused 412 where it is another one than was seen, or gone."""
    row = Scenario.objects.select_for_update().filter(pk=scenario.pk, wave=wave).first()
    if row is None:
        raise stale(f"“{scenario.name}” was deleted since you opened it. Save your ticks as a new scenario.")
    if row.version != version:
        raise stale(
            f"A colleague has changed “{row.name}” since you opened it. Your ticks are still here: saving again "
            "replaces theirs; under another name, in a new scenario, both are kept."
        )
    return row


def _free(wave: Wave, name: str, scenario: Scenario | None) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refused("no_name", "Give the scenario a name.", field="name")
    if len(name) > LONGEST:
        raise Refused("too_long", f"Give a name of at most {LONGEST} characters.", field="name")
    others = Scenario.objects.filter(wave=wave, name=name)
    if others.exclude(pk=scenario.pk if scenario else None).exists():
        sentence = f"Wave {wave.number} has a scenario “{name}” already: give another name."
        raise Refused("exists", sentence, field="name", status=409)
    return name


def _usable(by: User, wave: Wave, refs: Collection[str]) -> list[Bid]:
    found = {bid.ref: bid for bid in candidates(by, wave).filter(ref__in=refs)}
    wrong = [
        {"bid": ref[:20], "message": f"{ref[:20]} cannot be in a scenario of wave {wave.number} as it stands now."}
        for ref in sorted(set(refs) - found.keys())
    ]
    if wrong:
        raise Refused("bad_bid", wrong[0]["message"], field="bids", detail=wrong)
    return list(found.values())
