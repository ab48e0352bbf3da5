"""A wave's whole journey in one browser: two scenarios, freeze, a wrong figure, second person, hold, release, correction.

What each page does by itself, with scripts and without, is in test_simulator.py, test_wave_life.py, test_release.py.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from registry import clock, outbox
from tests import factories as make
from tests import programme as told
from tests.browser.casework.window import Enter, Window

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("casework")]

NUMBER = 41
PAGE = f"/staff/waves/{NUMBER}/"
WHY = "One practice was counted with its two branch surgeries."
FILED = "Leeds was filed under London by mistake."


def a_wave_to_release(who: told.People) -> None:
    """Southwark with two practices and 3,000 people, Leeds with one and 3,000, and one that is turned down."""
    london, york = make.make_sha("Q36", "London"), make.make_sha("Q32", "Yorkshire and the Humber")
    southwark, leeds = make.make_pct("5LE", sha=london), make.make_pct("5N1", sha=york)
    wave = told.wave(who, NUMBER, announced_on=clock.today())
    some = [make.make_practice(pct=southwark, patients=1_000 * n) for n in (1, 2)]
    told.decided(who, wave, some, name="Southwark")
    told.decided(who, wave, [make.make_practice(pct=leeds, patients=3_000)], name="Leeds")
    told.decided(who, wave, name="Never", outcome="declined")
    outbox.beat()


def test_from_two_scenarios_to_a_corrected_region(enter: Enter, who: told.People) -> None:
    a_wave_to_release(who)
    admin, second, anybody = enter(who.admin), enter(who.approver), enter()
    compare_two_scenarios(admin)
    close_and_freeze(admin)
    announce_a_wrong_figure(admin, plain=enter(who.admin, scripts=False))
    read_confirm_and_hold(admin, second)
    release(admin, anybody)
    correct_a_region(admin, anybody)


def compare_two_scenarios(admin: Window) -> None:
    admin.go(PAGE)
    total = admin.page.locator("#simulator-total")
    expect(total).to_contain_text("A: 2 pathfinders, 3 practices, 6,000 people. B: 0 pathfinders")
    admin.page.get_by_label("B: Leeds").check()
    expect(total).to_contain_text("B: 1 pathfinder, 1 practice, 3,000 people.")


def close_and_freeze(admin: Window) -> None:
    admin.press("Close to bids")
    admin.press("Close the wave to bids")
    admin.press("All its bids are decided")
    admin.press("All its bids are decided")
    admin.press("Freeze the list")
    admin.press("Freeze the list")
    admin.see("The list is frozen")


def announce_a_wrong_figure(admin: Window, plain: Window) -> None:
    """Told as it is typed, and by a button without a script; saved when somebody says why."""
    for window in (plain, admin):
        window.go(f"{PAGE}announcement/")
        window.page.get_by_label("Title").fill(f"Wave {NUMBER}")
        window.page.get_by_label("Text", exact=True).fill("Two groups join today.")
        claim = window.page.locator('[data-claim="1"]')
        claim.get_by_label("The figure in words").fill("5 practices")
        if window is plain:
            window.press("Compare the figures")
        expect(claim).to_contain_text("Register 3, difference −2.")
    admin.press("Save the announcement")
    admin.see("say why it is announced so")
    claim = admin.page.locator('[data-claim="1"]')
    claim.get_by_label("Explanation, if it differs").select_option(index=1)
    claim.get_by_label("Note, if it differs").fill(WHY)
    admin.press("Save the announcement")
    admin.see("The announcement was saved")


def read_confirm_and_hold(admin: Window, second: Window) -> None:
    """The hold is one key after the page has come: no mouse, nothing typed."""
    admin.go(f"{PAGE}letters/")
    admin.see("Southwark", "Leeds", "Never")
    admin.press("I have read them")
    second.go(f"{PAGE}confirm/")
    second.see("Southwark", "5 practices", "Register 3, difference −2.", WHY)
    second.press("Confirm as second person")
    second.tab_to(f"Hold wave {NUMBER}")
    second.enter()
    second.see("The wave is on hold")
    admin.go(f"{PAGE}release/")
    admin.press("Lift the hold")


def release(admin: Window, anybody: Window) -> None:
    anybody.go("/waves/")
    expect(anybody.main).not_to_contain_text(f"Wave {NUMBER}")
    admin.go(f"{PAGE}release/")
    admin.page.get_by_label("I have checked this wave; announce it to everybody now").check()
    admin.press(f"Release wave {NUMBER} now")
    admin.see(f"Wave {NUMBER} is released")
    anybody.go(f"/waves/{NUMBER}/")
    anybody.see("Southwark", "Leeds", "5 practices", WHY)
    expect(anybody.main).not_to_contain_text("Never")


def correct_a_region(admin: Window, anybody: Window) -> None:
    """The list as released stays; the correction stands beside it with its day and its reason."""
    admin.go(f"{PAGE}announcement/")
    admin.follow("Correct the region of Leeds")
    admin.see("listed Leeds", "under Yorkshire and the Humber")
    admin.page.get_by_label("Where it is").select_option("London")
    admin.page.get_by_label("Why is it corrected?").fill(FILED)
    admin.press("Correct the region")
    today = clock.today()
    note = f"Correction, {today.day} {today:%B %Y}: Leeds was listed under Yorkshire and the Humber; it is in London."
    for window in (admin, anybody):
        window.go(window.page.url.removeprefix(window.site))
        window.see(note, FILED)
    anybody.open("show the list")
    expect(anybody.main.get_by_role("table", name="Yorkshire and the Humber")).to_contain_text("Leeds")
