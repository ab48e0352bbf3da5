"""The Atom feed of a practice, a consortium, a PCT or a wave: every entry of the journal that changed something of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404
from django.utils.functional import cached_property

from consortia.models import Consortium, ConsortiumParticulars
from pathfinders.models import WaveRelease
from pathfinders.reads import body_news, wave_news
from pathfinders.reads.wave_news import News
from pathfinders.views.public.feeds import AtomFeed, tag
from practices.models import BodyKind, BodyParticulars, ParentBody, Practice, PracticeParticulars
from registry import clock
from registry.models.fact import Upper
from registry.moment import Moment
from registry.timeline import last_day

SUBTITLE = "What the register recorded, corrected or replaced of it, newest first."


def feed_of(kind: str, code: str, noun: str) -> dict[str, str]:
    """What a record page says of its feed."""
    return {"href": f"/{kind}/{code}/feed.atom", "title": f"Changes of {noun} {code}"}


class BodyFeed(AtomFeed):
    """`kind`: the first part of the address; `names`: the facts that name such a body, by their `key`."""

    kind = ""
    identities: Any = None
    names: Any = None
    key = ""

    @cached_property
    def body(self) -> Any:
        model, code = self.identities, self.kwargs["code"].upper()
        found = model.objects.visible_to(self.request.user).filter(**{model.NATURAL: code}).first()
        if found is None:
            raise Http404(f"The register has no {model._meta.verbose_name} “{code[:20]}”, and so no feed of it.")
        return found

    @cached_property
    def latest(self) -> Any:
        """The last particulars that it has, of any day; None where it has none."""
        facts = self.names.objects.visible_to(self.request.user).current().filter(**{self.key: self.body})
        return facts.annotate(after=Upper("effective")).order_by("-effective").first()

    def told(self) -> tuple[str, str, str]:
        name = f"{self.latest.name} ({self.body})" if self.latest and self.latest.name else str(self.body)
        return f"Changes of {name}", SUBTITLE, f"/{self.kind}/{self.body}/"

    def identity(self, item: News) -> str:
        return tag(f"{self.kind}-{self.body}:entry-{item.number}")


class PracticeFeed(BodyFeed):
    kind, identities, names, key = "practices", Practice, PracticeParticulars, "practice"

    def items(self) -> list[News]:
        return body_news.news(self.request.user, body_news.of_practice(self.body))


class ConsortiumFeed(BodyFeed):
    kind, identities, names, key = "consortia", Consortium, ConsortiumParticulars, "consortium"

    def items(self) -> list[News]:
        return body_news.news(self.request.user, body_news.of_consortium(self.body))


class PctFeed(BodyFeed):
    """Of the practices under it today, or on its last day once it is closed. A practice that comes brings its past."""

    kind, identities, names, key = "pcts", ParentBody, BodyParticulars, "body"
    grows_only = False

    def items(self) -> list[News]:
        if self.latest is None or self.latest.kind == BodyKind.SHA:
            raise Http404(f"The register has no PCT “{self.body}”, and so no feed of it.")
        ends: date | None = last_day(self.latest.after)
        moment = Moment.of(min(ends, clock.today()) if ends else clock.today())
        return body_news.news(self.request.user, body_news.of_pct(self.request.user, self.body, moment))


class WaveFeed(AtomFeed):
    """Its announcement, corrections of it, and later events of its pathfinders: the events of the feed of all waves.

    Before its release a wave has no feed, and that is told of it as of a number that no wave has.
    """

    def items(self) -> list[News]:
        number = self.kwargs["number"]
        if number > 32_767 or not WaveRelease.objects.visible_to(self.request.user).filter(wave=number).exists():
            raise Http404(f"No wave {number} has been released. The waves released so far are listed under Waves.")
        return wave_news.news(self.request.user, number, body_news.MOST)

    def told(self) -> tuple[str, str, str]:
        number = self.kwargs["number"]
        return f"Wave {number}: its announcement and later changes", SUBTITLE, f"/waves/{number}/"
