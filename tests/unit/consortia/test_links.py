"""Signed links: what was altered anywhere, or signed with another key, opens nothing; a replaced key still does."""

from __future__ import annotations

import pytest

from consortia import links
from registry.errors import Refused
from tests.support.asking import Scene, scene

KEY = "a key that is replaced one day"


@pytest.fixture
def here(db, settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = KEY, []
    with scene(members=1) as made:
        yield made


def dead(token: str) -> bool:
    for read in (links.request_of, links.answer_of):
        try:
            read(token)
        except Refused as refused:
            assert (refused.status, refused.code) == (404, "no_such_link")
        else:
            return False
    return True


def test_a_link_is_the_same_each_time_and_opens_its_question(here: Scene):
    request = here.asked()
    token = links.token_of(request)
    assert token == links.token_of(request) and links.request_of(token) == request
    assert links.link_of(links.about_question(request)) == f"http://localhost/answer/{token}/"


def test_altered_in_any_position_it_opens_nothing(here: Scene):
    token = links.token_of(here.asked())
    for place, was in enumerate(token):
        for other in {"A", "B", "-", chr(ord(was) ^ 1)} - {was}:
            assert dead(token[:place] + other + token[place + 1 :]), f"character {place} may be {other}"
        assert dead(token[:place]) and dead(token[:place] + token[place + 1 :])
    assert dead(token + "A") and dead("") and dead("." * 400) and dead("é")


def test_a_questions_link_takes_no_answer_back(here: Scene):
    token = links.token_of(here.asked())
    with pytest.raises(Refused):
        links.answer_of(token)


def test_the_nonce_is_part_of_it(here: Scene):
    request = here.asked()
    assert not dead(links.token_of(request))
    request.nonce = "another"  # Postgres refuses to change the one that was sent
    assert dead(links.token_of(request))


def test_a_key_that_was_replaced_still_opens_what_it_signed(here: Scene, settings):
    request = here.asked()
    old = links.token_of(request)
    settings.SECRET_KEY = "the key that replaces it"
    assert dead(old)
    settings.SECRET_KEY_FALLBACKS = [KEY]
    assert links.request_of(old) == request
    new = links.token_of(request)
    assert new != old and links.request_of(new) == request


def test_letters_about_anything_else_have_no_link():
    for about in ("", "BID-2010-0001", "question:", "question:x", "question:²", "other:1"):
        assert links.link_of(about) is None
