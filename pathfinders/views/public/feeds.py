"""Announcements of waves, and what happened to them later, as Atom and as JSON Feed. Public; the same for everybody."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import http_date
from django.views.generic import View

from pathfinders.reads.wave_news import News, news
from pathfinders.views.public.base import Snapshot
from registry import clock
from registry.pages import PublicPage

TITLE = "Pathfinders: announcements of waves"
AUTHOR = "The register of pathfinders"
SUBTITLE = "Each wave as it is announced, and later corrections and changes of it."


class Feed(PublicPage, Snapshot, View):
    """Answers 304 to whoever has it already, by ETag or by the instant of its newest event.

    `grows_only`: whether it changes by a newer event and by nothing else, so that the instant can be asked for.
    """

    content_type = ""
    grows_only = True

    def items(self) -> list[News]:
        return news(self.request.user)

    def written(self, items: list[News]) -> bytes:
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        items = self.items()
        body = self.written(items)
        response = HttpResponse(body, content_type=f"{self.content_type}; charset=utf-8")
        etag, newest = f'"{hashlib.sha256(body).hexdigest()[:32]}"', max((item.at for item in items), default=None)
        response["ETag"] = etag
        modified = None
        if newest is not None and self.grows_only:
            modified = int(newest.timestamp())
            response["Last-Modified"] = http_date(modified)
        response["Cache-Control"] = "public, max-age=300"
        return get_conditional_response(request, etag, modified, response) or response


NO_XML = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])
"""Characters that XML cannot hold. One of them, pasted into an announcement that never changes, would break the feed
for ever."""


class Dated(Atom1Feed):
    """An empty feed has a fixed instant, so that two answers are the same bytes."""

    def latest_post_date(self) -> Any:
        return super().latest_post_date() if self.items else datetime(2010, 1, 1, tzinfo=clock.UTC)


class AtomFeed(Feed):
    content_type = "application/atom+xml"

    def told(self) -> tuple[str, str, str]:
        """Title, subtitle and the path of the page that it is the feed of; its own path is that and `feed.atom`."""
        return TITLE, SUBTITLE, "/waves/"

    def identity(self, item: News) -> str:
        return identity(item)

    def written(self, items: list[News]) -> bytes:
        base = settings.PUBLIC_URL
        title, subtitle, path = self.told()
        address = f"{base}{path}feed.atom"
        feed = Dated(title.translate(NO_XML), base + path, subtitle, "en-GB", author_name=AUTHOR, feed_url=address)
        for item in items:
            feed.add_item(
                item.title.translate(NO_XML),
                base + item.path,
                "\n\n".join(part for part in (item.summary, item.text) if part).translate(NO_XML),
                unique_id=self.identity(item),
                pubdate=item.at,
                updateddate=item.at,
            )
        return feed.writeString("utf-8").encode()


class JsonFeed(Feed):
    content_type = "application/feed+json"

    def written(self, items: list[News]) -> bytes:
        base = settings.PUBLIC_URL
        told = [
            {
                "id": identity(item),
                "url": base + item.path,
                "title": item.title,
                "summary": item.summary,
                "content_text": item.text or item.summary,
                "date_published": item.at.astimezone(clock.UTC).isoformat().replace("+00:00", "Z"),
                "tags": [f"wave {wave}" for wave in item.waves],
            }
            for item in items
        ]
        feed = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": TITLE,
            "description": SUBTITLE,
            "home_page_url": f"{base}/waves/",
            "feed_url": f"{base}/waves/feed.json",
            "language": "en-GB",
            "items": told,
        }
        return json.dumps(feed, ensure_ascii=False, indent=1).encode()


def identity(item: News) -> str:
    """A tag URI (RFC 4151) of the journal entry, which never changes nor is used again."""
    return tag(f"wave-{item.waves[0]}" if item.released else f"entry-{item.number}")


def tag(which: str) -> str:
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    return f"tag:{host},2010:{which}"
