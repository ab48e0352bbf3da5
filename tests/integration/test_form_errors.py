"""Each form of the transition, sent empty, says what is wrong where everybody finds it (WCAG 2.2, 3.3.1 and 1.3.1):
in the title, in a summary that takes the focus and leads to each control, and at the control, which is described by it.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from django.test import Client

from registry import tallies
from tests.integration.test_permission_table import World, build_world, path_of
from tests.support.routes import routes
from tests.support.undone import undone

__all__ = ["build_world"]
OF_THE_TRANSITION = re.compile(
    r"(pct/<str:code>/|staff/(transitions|surveys|clusters|close|milestones)/|lead/consortia/<str:ref>/local-bodies/"
    r"|(api/v1/)?transitions/crosswalk/carry/)"
)
CONTROLS = ("input", "select", "textarea")
APART = {
    # nothing need be typed there
    "pct/<str:code>/undo/<int:number>/",
    "pct/<str:code>/local-bodies/<str:ref>/undo/<int:number>/",
    "lead/consortia/<str:ref>/local-bodies/<str:local>/undo/<int:number>/",
    "staff/close/confirm/",  # only the form of a rehearsal leads there, with what it hides
}


class Read(HTMLParser):
    """The title, the elements by id, the links of the error summary, and the controls that are marked invalid."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.title, self.summaries, self.links = "", 0, list[str]()
        self.ids: dict[str, tuple[str, dict[str, str]]] = {}
        self.within: list[str] = []
        self.described: dict[str, str] = {}
        self.hidden: dict[str, str] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        told = {name: value or "" for name, value in attrs}
        if told.get("type") == "hidden":
            self.hidden[told.get("name", "")] = told.get("value", "")
            return
        if "id" in told:
            assert told["id"] not in self.ids, f"two elements are called {told['id']}"
            self.ids[told["id"]] = (tag, told)
        classes = told.get("class", "").split()
        self.summaries += "nhsuk-error-summary" in classes and "data-focus" in told and told.get("tabindex") == "-1"
        if tag == "a" and told.get("href", "").startswith("#") and "nhsuk-skip-link" not in classes:
            self.links.append(told["href"][1:])
        for name in told.get("aria-describedby", "").split():
            self.described[name] = tag
        self.tag = tag

    def handle_data(self, data: str) -> None:
        if getattr(self, "tag", "") == "title" and not self.title:
            self.title = data.strip()


def faults(html: str) -> list[str]:
    page = Read(html)
    errors = [name for name in page.ids if name.endswith("_error")]
    found = [] if page.title.startswith("Error: ") else [f"the title is “{page.title}”"]
    found += [] if page.summaries == 1 else [f"{page.summaries} summaries take the focus"]
    found += [] if page.links else ["the summary leads nowhere"]
    found += [
        f"a link leads to #{name}, no control" for name in page.links if page.ids.get(name, ("",))[0] not in CONTROLS
    ]
    found += [
        f"nothing is described by {name}" for name in errors if page.described.get(name) not in (*CONTROLS, "fieldset")
    ]
    found += [
        f"something is described by {name}, which is not there" for name in page.described if name not in page.ids
    ]
    return found


def test_what_is_wrong_is_said_where_everybody_finds_it(in_world: World, settings: Any) -> None:
    settings.DEMO = True
    client = Client()
    client.force_login(in_world.users["admin"])
    wrong: dict[str, list[str]] = {}
    asked = []
    for route in dict.fromkeys(routes()):
        path = path_of(route, in_world) if OF_THE_TRANSITION.match(route) else None
        if path is None or route.startswith("api/") or route in APART:
            continue
        tallies.forget()
        with undone():
            drawn: Any = client.get(path)
            hidden = Read(drawn.content.decode()).hidden if drawn.status_code == 200 else {}
            answer: Any = client.post(
                path, {name: value for name, value in hidden.items() if name != "csrfmiddlewaretoken"}
            )
        if answer.status_code == 405:
            continue  # no form
        asked.append(route)
        told = [f"answered {answer.status_code}"] if answer.status_code != 422 else faults(answer.content.decode())
        if told:
            wrong[route] = told
    assert wrong == {}
    assert len(asked) > 20, asked
