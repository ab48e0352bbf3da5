"""A wave goes off at its time by itself, or is put on hold with the reason: never late by surprise."""

from __future__ import annotations

from datetime import timedelta

from django.db import DatabaseError, InterfaceError, OperationalError
from django.db.models import QuerySet

from pathfinders.actions.wave_work import log
from pathfinders.actions.waves import release_wave
from pathfinders.models import Bid, Wave, WaveState
from registry import clock, outbox
from registry.casework import step
from registry.errors import Refused
from registry.models import User

LATEST = timedelta(hours=1)
"""How long after its time a wave still goes by itself: where nothing did what was due for longer, a person decides."""
STALE = 412
STOPPED = "Stopped at its time of release"


def due_waves() -> QuerySet[Wave]:
    """Frozen waves that nobody holds and whose time of release has come."""
    waves = Wave.objects.filter(state=WaveState.FROZEN, held_by=None, release_at__lte=clock.now())
    return waves.select_related("scheduled_by").order_by("release_at", "number")


def release_in_time(*, number: int) -> str | None:
    """Release a due wave in the name of whoever set its time; or, where that cannot be, hold it and say so.

    Returns what was done in a sentence, None where the wave is not due any more: another worker or a person was first.
    A database that goes away leaves the wave as it was, due: the next round does it (OperationalError is raised on).
    """
    while (wave := due_waves().filter(pk=number).first()) is not None:
        by = wave.scheduled_by
        assert by is not None and wave.release_at is not None  # a constraint says so
        if clock.now() - wave.release_at > LATEST:
            late = "Its time had passed by more than an hour before anything could release it."
            return _stop(wave, [late], [late])
        try:
            release_wave(by=by, wave=wave, version=wave.version)
        except Refused as refused:
            if refused.status == STALE:
                continue  # it changed between the look and the lock: look again
            found = [str(row["message"]) for row in refused.detail or []] or [refused.message]
            titles = [str(row["check"]) for row in refused.detail or []] or [_unsaid(refused)]
            stopped = _stop(wave, found, titles)
            if stopped is not None:
                return stopped
        except (OperationalError, InterfaceError):
            raise
        except DatabaseError as error:
            told = str(error).partition("\n")[0]
            return _stop(wave, [f"The database refused it: {told}"], ["The database refused it"])
        else:
            return f"Wave {number} was released."
    return None


def _unsaid(refused: Refused) -> str:
    """A refusal without checks, for the log: whoever may not release, or has a bid waiting."""
    return "Whoever set the time may not release it" if refused.status == 403 else refused.message


def _stop(wave: Wave, found: list[str], titles: list[str]) -> str | None:
    """Put the wave on hold; its log names the checks, a letter to the administrators says what they found.

    The log is read by all programme staff, whoever has a bid waiting too, and names no bid (architecture.md section 5).
    """
    by = wave.scheduled_by
    assert by is not None
    with step(by=by, action="hold_wave", wave=wave.pk):
        locked = Wave.objects.select_for_update(no_key=True).get(pk=wave.pk)
        if not due_waves().filter(pk=wave.pk).exists():
            return None
        locked.held_by = by
        locked.version += 1
        locked.save(update_fields=["held_by", "version"])
        log(locked, by=by, action="hold", reason=f"{STOPPED}: {'; '.join(dict.fromkeys(titles))}.")
        for person in _administrators():
            outbox.post(to=person, about=f"wave-{wave.number}-held", **_letter(wave, found))
    return f"Wave {wave.number} was not released and is on hold: {' '.join(found)}"


def _administrators() -> list[User]:
    """Programme administrators with an address, but for whoever has a bid waiting: the letter tells of outcomes."""
    today = clock.today()
    people = User.objects.filter(
        grants__role="programme_admin", grants__period__contains=today, is_active=True, email__isnull=False
    )
    return [p for p in people.distinct().order_by("pk") if not Bid.objects.own(p).waiting().exists()]


def _letter(wave: Wave, found: list[str]) -> dict[str, str]:
    what = "\n".join(f"- {sentence}" for sentence in found)
    return {
        "subject": f"Wave {wave.number} was not released and is on hold",
        "body": (
            f"Wave {wave.number} was to be released at its set time. Nothing of it was released, and no letter left, "
            f"because:\n\n{what}\n\nThe wave is now on hold, so that it does not go off late by surprise. Put this "
            f"right, lift the hold and set another time, or release it by hand:\n\n/staff/waves/{wave.number}/release/\n"
        ),
    }
