"""Bytes under their hash, for any app; and a letter's secret link, which the outbox does not hold."""

from __future__ import annotations

import hashlib

import pytest

from consortia.models import ConfirmationRequest, MembershipAnswer, MembershipUpload
from registry import outbox
from registry.errors import Refused
from registry.files.documents import checked
from registry.files.keeping import drop_unnamed, keep, path_of, read
from registry.models import Mail
from tests.support.documents import EXECUTABLE, JPEG, PDF, PNG, SVG
from tests.support.membership_casework import casework

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept(settings, tmp_path):
    settings.ATTACHMENTS_DIR = tmp_path / "kept"
    return settings.ATTACHMENTS_DIR


def put(data: bytes) -> str:
    sha256 = hashlib.sha256(data).hexdigest()
    keep(sha256, data)
    return sha256


def test_bytes_are_kept_once_and_read_only_as_they_were(kept):
    sha256 = put(PDF)
    put(PDF)
    assert read(sha256) == PDF and [p for p in kept.rglob("*") if p.is_file()] == [path_of(sha256)]
    path_of(sha256).write_bytes(PDF + b" ")
    with pytest.raises(ValueError, match="have changed"):
        read(sha256)


def test_what_no_row_names_is_dropped(kept):
    sha256 = put(PDF)
    drop_unnamed(sha256)
    assert not path_of(sha256).exists()
    drop_unnamed(sha256)  # gone already: nothing to do
    with pytest.raises(OSError):
        read(sha256)


@pytest.mark.parametrize("model", [MembershipAnswer, MembershipUpload])
def test_what_a_row_of_membership_names_stays(model):
    case, sha256 = casework(), put(PDF)
    if model is MembershipUpload:
        case.new(model, sha256=sha256)
    else:
        case.new(model, how="paper", request=None, document=sha256, recorded_by=case.user)
    drop_unnamed(sha256)
    assert read(sha256) == PDF


@pytest.mark.parametrize("name, data, kind", [("a.pdf", PDF, "pdf"), ("b.PNG", PNG, "png"), ("c.jpeg", JPEG, "jpeg")])
def test_a_document_is_what_its_content_says(name, data, kind):
    found = checked(f" {name} ", data)
    assert (found.name, found.kind, found.data) == (name, kind, data)
    assert found.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    "name, data, code",
    [
        ("a.pdf", b"", "empty"),
        ("a.pdf", EXECUTABLE, "not_a_document"),
        ("a.png", SVG, "not_a_document"),
        ("a.pdf", PDF[:40], "damaged"),
        ("a.pdf", PNG, "name_disagrees"),
        ("../a.pdf", PDF, "path_in_name"),
        ("a\u202e.pdf", PDF, "bad_name"),
        ("a" * 200 + ".pdf", PDF, "long_name"),
    ],
)
def test_what_is_no_document_is_refused_on_its_field(name, data, code):
    with pytest.raises(Refused) as refused:
        checked(name, data)
    assert (refused.value.code, refused.value.field) == (code, "file")


# Secret links


def test_a_letter_to_an_address_keeps_its_secret_out_of_the_outbox(mailoutbox):
    case = casework()
    asked = case.rows[ConfirmationRequest]
    letter = outbox.post_to_address(
        address=asked.address,
        recipient=case.practice.code,
        subject="Is this right?",
        body=f"Answer here: {outbox.SECRET_LINK} until 2 June.",
    )
    assert (letter.to, letter.recipient) == ("desk@example.org", case.practice.code)
    assert outbox.send_due() == (1, 0)
    assert mailoutbox[0].to == ["desk@example.org"]
    # It is about nothing that an app knows a link of: its reader is told so, and no placeholder goes out
    assert mailoutbox[0].body == "Answer here: (this link is no longer there) until 2 June."
    assert outbox.SECRET_LINK in Mail.objects.get().body


def test_a_letter_without_a_secret_goes_as_it_was_written(mailoutbox):
    outbox.post_to_address(address="desk@example.org", recipient="Z00001", subject="Thanks", body="We {heard} you.")
    assert outbox.send_due() == (1, 0)
    assert mailoutbox[0].body == "We {heard} you."
