"""The announcement of a wave is drafted, under embargo, until its release."""

from __future__ import annotations

from pathfinders.actions.wave_work import working_on_wave
from pathfinders.actions.work import text_of
from pathfinders.models import Announcement, Wave
from registry.errors import Refused
from registry.models import User


def announce_wave(*, by: User, wave: Wave, version: int, title: str, text: str, notes: str = "") -> Announcement:
    """Write the announcement. Raises Refused 422 on `title` or `text` where there is none."""
    with working_on_wave(wave, by=by, action="announce", version=version) as locked:
        told = {
            "title": text_of(title, field="title", what="The title", most=200),
            "text": text_of(text, field="text", what="The text", most=20_000),
            "notes": text_of(notes, field="notes", what="The notes to editors", most=20_000),
        }
        for field in ("title", "text"):
            if not told[field]:
                raise Refused(f"no_{field}", f"Give the announcement’s {field}.", field=field)
        draft = getattr(locked, "announcement", None) or Announcement(wave=locked, version=0)
        for field, value in told.items():
            setattr(draft, field, value)
        draft.version += 1
        draft.edited_by = by
        draft.save()
    return draft
