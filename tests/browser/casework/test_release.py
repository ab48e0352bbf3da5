"""A wave's way to its release, in a browser with scripts and without: frozen, read, confirmed, held, let go, released."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from pathfinders import actions
from registry import clock, outbox
from tests import programme as told
from tests.browser.casework.window import Enter

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("casework")]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_from_a_decided_wave_to_its_release(enter: Enter, who: told.People, scripts: bool) -> None:
    number = 31 + scripts
    wave = told.wave(who, number=number, announced_on=clock.today())
    told.decided(who, wave, name=f"Group {number}")
    told.decided(who, wave, name=f"Never {number}", outcome="declined")
    actions.complete_wave(by=who.admin, wave=wave, version=told.fresh(wave).version)
    outbox.beat()
    admin, second = enter(who.admin, scripts=scripts), enter(who.approver, scripts=scripts)
    anybody = enter(who.lead, scripts=scripts)

    admin.go(f"/staff/waves/{number}/")
    admin.press("Freeze the list")
    admin.press("Freeze the list")
    admin.see("The list is frozen", "On the way to release")
    admin.follow("The checks of the release")
    admin.see("Seven checks", "There is no announcement yet.", "check", "stop the release")
    admin.follow("The letters")
    admin.see(f"Group {number}", f"Never {number}")
    admin.press("I have read them")
    told_of = {"title": f"Wave {number}", "text": "Announced today."}
    actions.announce_wave(by=who.admin, wave=wave, version=told.fresh(wave).version, **told_of)

    second.go(f"/staff/waves/{number}/confirm/")
    second.see(f"Group {number}", "Not approved", "Announced today.")
    second.press("Confirm as second person")
    second.see("You confirmed the wave")
    second.press(f"Hold wave {number}")
    second.see("The wave is on hold", "Avery Approver holds this wave")

    admin.go(f"/staff/waves/{number}/release/")
    admin.see("Avery Approver holds this wave", "1 check stops the release")
    admin.press("Lift the hold")
    admin.go(f"/staff/waves/{number}/release/")
    admin.follow("Set a time")
    admin.page.get_by_label("Time, as clocks in London show it").fill("later")
    admin.press("Set the time")
    admin.see("Give a time from 00:00 to 23:59")
    admin.go(f"/staff/waves/{number}/release/")
    anybody.go("/waves/")
    expect(anybody.main).not_to_contain_text(f"Wave {number}")
    admin.page.get_by_label("I have checked this wave; announce it to everybody now").check()
    admin.press(f"Release wave {number} now")
    admin.see(f"Wave {number} is released")

    anybody.go(f"/waves/{number}/")
    anybody.see("The wave as released, to keep", "SHA-256 of the manifest")
    anybody.open("How to check it")
