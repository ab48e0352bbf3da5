"""Files of bids over real HTTP: what is refused and leaves nothing behind, and who is given one."""

from __future__ import annotations

import http.client
import re
import tempfile
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as site

from pathfinders import actions
from pathfinders.models import Attachment, Bid
from tests import factories as make
from tests import programme as told
from tests.desk import signed_in
from tests.support.documents import EXECUTABLE, JPEG, PDF, PNG, SVG, form

MB = 1024 * 1024


class Desk:
    """One person at the site, over HTTP."""

    def __init__(self, address: str, user: Any) -> None:
        self.host = urlsplit(address).netloc
        session = signed_in(user).cookies[site.SESSION_COOKIE_NAME].value
        self.cookies = {site.SESSION_COOKIE_NAME: session}

    def ask(self, method: str, path: str, body: Any = b"", **headers: str) -> tuple[Any, bytes]:
        line = http.client.HTTPConnection(self.host, timeout=60)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        line.request(method, path, body or None, {"Cookie": cookies, **headers})
        answer = line.getresponse()
        content = answer.read()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        line.close()
        return answer, content

    def send(self, path: str, fields: dict[str, str], *files: tuple[str, str, bytes]) -> tuple[int, str]:
        """Open the page, fill its form in and send it. The page's own hidden fields go with it."""
        _, page = self.ask("GET", path)
        token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        version = re.search(rb'name="version" value="(\d+)"', page)
        assert token and version
        own = {"csrfmiddlewaretoken": token[1].decode(), "version": version[1].decode()}
        body, kind = form({**own, **fields}, list(files))
        answer, content = self.ask("POST", path, body, **{"Content-Type": kind})
        return answer.status, content.decode()


@pytest.fixture
def who(committed_db: str) -> told.People:
    return told.people()


@pytest.fixture
def bid(who: told.People) -> Bid:
    pct = make.make_pct("5LE", sha=make.make_sha("Q36"))
    return told.draft(who, [make.make_practice("Z85001", pct=pct)])


@pytest.fixture
def kept(tmp_path: Path, settings: Any) -> Path:
    settings.ATTACHMENTS_DIR = tmp_path / "attachments"
    return settings.ATTACHMENTS_DIR


@pytest.fixture
def lead(live_site: str, who: told.People) -> Desk:
    return Desk(live_site, who.lead)


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file()) if folder.exists() else []


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary folder of the test's own, in which the site's threads put what they hold on to."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def evidence(bid: Bid) -> str:
    return f"/lead/bids/{bid.ref}/evidence/qipp/"


REFUSED = [
    pytest.param("plan.pdf", b"%PDF-1.4\n" + b"x" * 30 * MB, "larger than 10 MB", id="30 MB"),
    pytest.param("plan.pdf", EXECUTABLE, "is not a PDF, PNG or JPEG: by its content it is", id="executable"),
    pytest.param("plan.svg", SVG, "is not a PDF, PNG or JPEG: by its content it is “Scalable", id="svg"),
    pytest.param("plan.png", SVG, "is not a PDF, PNG or JPEG: by its content it is “Scalable", id="svg named png"),
    pytest.param("../../plan.pdf", PDF, "“../../plan.pdf”, holds a path", id="path"),
    pytest.param("C:\\\\plans\\\\plan.pdf", PDF, "holds a path", id="windows path"),
    pytest.param("..", PDF, "“..”, holds a path", id="only a path"),
    pytest.param("plan.exe", PDF, "its name should end in .pdf", id="pdf named exe"),
    pytest.param("plan.png", PNG[:-8], "begins like a PNG image but is not a whole one", id="half a png"),
    pytest.param("plan.png", PNG + b"more", "is not a whole one", id="png with a tail"),
    pytest.param("plan.jpg", JPEG[:24], "is not a whole one", id="half a jpeg"),
    pytest.param("plan.pdf", PDF[:40], "is not a whole one", id="half a pdf"),
    pytest.param("plan.pdf", b"", "empty", id="empty"),
]


@pytest.mark.parametrize(("name", "data", "sentence"), REFUSED)
def test_a_bad_file_is_refused_with_a_sentence_and_leaves_nothing(
    bid: Bid, lead: Desk, kept: Path, temporary: Path, name: str, data: bytes, sentence: str
) -> None:
    status, page = lead.send(evidence(bid), {"text": "typed at length"}, ("file", name, data))
    assert status == 422 and "There is a problem" in page
    assert sentence in page.replace("&#x27;", "'")
    assert "typed at length" in page, "what was typed is kept in the form"
    assert not Attachment.objects.exists() and told.fresh(bid).version == bid.version
    assert files_in(kept) == []
    assert files_in(temporary) == []


def test_a_large_body_is_read_to_its_end_without_being_held(bid: Bid, lead: Desk, kept: Path) -> None:
    _, page = lead.ask("GET", evidence(bid))
    token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    fields = {"csrfmiddlewaretoken": token[1].decode(), "version": str(bid.lead_version), "text": ""}
    whole, kind = form(fields, [("file", "plan.pdf", b"%PDF-1.4\nHERE")])
    head, tail = whole.split(b"HERE")
    piece, pieces = b"x" * MB, 90

    def body() -> Iterator[bytes]:
        yield head
        yield from (piece for _ in range(pieces))
        yield tail

    length = str(len(head) + len(tail) + pieces * MB)
    tracemalloc.start()
    answer, content = lead.ask("POST", evidence(bid), body(), **{"Content-Type": kind, "Content-Length": length})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert answer.status == 422 and b"larger than 10 MB" in content
    assert peak < 20 * MB and files_in(kept) == []


@pytest.mark.parametrize(("name", "data"), [("Plan é.pdf", PDF), ("plan.PNG", PNG), ("plan.jpg", JPEG)])
def test_a_good_file_is_kept_and_given_out_as_a_download(
    bid: Bid, lead: Desk, kept: Path, name: str, data: bytes
) -> None:
    status, _ = lead.send(evidence(bid), {"text": "read it", "attach": "1"}, ("file", name, data))
    assert status == 302
    row = Attachment.objects.get()
    assert (row.name, row.size, row.criterion and row.criterion.key) == (name, len(data), "qipp")
    (path,) = files_in(kept)
    assert path.read_bytes() == data and path.stat().st_mode & 0o077 == 0
    assert bid.answers.get(criterion__key="qipp").text == "read it"
    answer, content = lead.ask("GET", f"/lead/bids/{bid.ref}/files/{row.pk}/")
    assert (answer.status, content) == (200, data)
    assert answer.headers["Content-Disposition"].startswith("attachment; filename")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert name in lead.ask("GET", evidence(bid))[1].decode()
    assert name in lead.ask("GET", f"/lead/bids/{bid.ref}/check/")[1].decode()


def test_a_file_taken_out_of_a_draft_is_gone_and_of_a_bid_once_submitted_stays(
    bid: Bid, who: told.People, kept: Path
) -> None:
    def attached(data: bytes, version: int) -> Bid:
        return actions.attach(by=who.lead, bid=bid, version=version, criterion=None, name="a.pdf", file=data)

    once = attached(PDF, bid.lead_version)
    once = actions.remove_attachment(
        by=who.lead, bid=bid, version=once.lead_version, attachment=Attachment.objects.get()
    )
    assert files_in(kept) == []
    once = attached(PDF, once.lead_version)
    once = actions.submit_bid(by=who.lead, bid=once, version=once.lead_version, declared=True)
    once = actions.assign_bid(by=who.assessor, bid=once, version=once.version, assessor=who.assessor)
    Bid.objects.filter(pk=bid.pk).update(state="returned")
    actions.remove_attachment(
        by=who.lead, bid=bid, version=told.fresh(bid).lead_version, attachment=Attachment.objects.get()
    )
    assert not Attachment.objects.exists() and len(files_in(kept)) == 1


def test_only_those_who_may_see_the_bid_are_given_its_files(
    bid: Bid, who: told.People, kept: Path, live_site: str
) -> None:
    other = told.people()
    theirs = told.draft(other, [make.make_practice("Z85009")], name="Theirs")
    bid = actions.attach(by=who.lead, bid=bid, version=bid.lead_version, criterion=None, name="a.pdf", file=PDF)
    row = Attachment.objects.get()

    def status(user: Any, path: str) -> int:
        return Desk(live_site, user).ask("GET", path)[0].status

    mine = f"bids/{bid.ref}/files/{row.pk}/"
    region = [told.person(pct_lead="5LE"), told.person(sha_assessor="Q36")]
    assert status(other.lead, f"/lead/{mine}") == 404
    assert status(other.lead, f"/lead/bids/{theirs.ref}/files/{row.pk}/") == 404
    assert status(who.lead, f"/lead/bids/{bid.ref}/files/{row.pk + 1}/") == 404
    assert [status(user, f"/pct/{mine}") for user in region] == [404, 404], "a draft is nobody's yet"
    actions.submit_bid(by=who.lead, bid=bid, version=bid.lead_version, declared=True)
    assert [status(user, f"/pct/{mine}") for user in region] == [200, 200]
    assert status(who.assessor, f"/staff/{mine}") == 200
    assert status(told.person(pct_lead="5LD"), f"/pct/{mine}") == 404
    assert status(who.lead, f"/staff/{mine}") == status(who.lead, f"/pct/{mine}") == 403
    for area in ("lead", "staff", "pct"):
        assert http_status(live_site, f"/{area}/{mine}") == 302, "nobody signed in"


def http_status(address: str, path: str) -> int:
    line = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    line.request("GET", path)
    return line.getresponse().status


def test_a_file_that_the_database_refuses_leaves_no_bytes(bid: Bid, who: told.People, kept: Path) -> None:
    for criterion in (None, "charm"):
        with pytest.raises(Exception, match="charm|changed since"):
            actions.attach(
                by=who.lead,
                bid=bid,
                version=bid.lead_version if criterion else 0,
                criterion=criterion,
                name="a.pdf",
                file=PDF,
            )
    assert files_in(kept) == [] and told.fresh(bid).version == bid.version
