"""A practice answers from the link of its letter, on a phone and without JavaScript, and takes its answer back."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from consortia.models import MembershipAnswer
from registry import outbox
from registry.models import Mail
from tests.browser.casework.window import Enter
from tests.support.asking import Scene, spells

pytestmark = pytest.mark.browser


def link_in(mail: Mail) -> str:
    """The path of the secret link, as the letter's reader follows it."""
    found = re.search(r"http://\S+/answer/\S+", outbox.whole_body(mail))
    assert found is not None
    return urlsplit(found[0]).path


def test_a_practice_confirms_on_a_phone(site: str, enter: Enter):
    scene = Scene(members=1)
    before = spells(scene.first)
    scene.asked()
    address = link_in(Mail.objects.get(recipient="Z00001"))
    phone, plain = enter(phone=True), enter(phone=True, scripts=False)
    phone.go(address)
    phone.press("Send this answer")
    phone.see("Select whether it is right", "Enter your name and post")

    plain.go(address)
    plain.see("Meadow Consortium (GC0001) lists you as a member from 1 April 2011")
    plain.choose("Yes, we are a member")
    plain.fill("Your name and post", "Sam Example, practice manager")
    plain.press("Send this answer")
    plain.see("Your answer is recorded", "Confirmed by the practice")
    assert MembershipAnswer.objects.get().how == "link" and plain.page.context.cookies() == []

    phone.go(address)
    phone.see("answered already", "Nothing was changed")
    phone.go(link_in(Mail.objects.filter(recipient="Z00001").latest("pk")))
    phone.press("Take this answer back")
    phone.see("The register says again what it said before")
    phone.press("Answer again")
    phone.see("Is that right?")
    phone.go("/answer/")
    assert spells(scene.first) == before
