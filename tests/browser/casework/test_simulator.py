"""Two scenarios of a wave compared in a browser: live as ticks change, with a button without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from pathfinders import actions
from tests import factories as make
from tests import programme as told
from tests.browser.casework.window import Enter

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("casework")]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_two_scenarios_are_compared(enter: Enter, who: told.People, scripts: bool) -> None:
    number = 31 + scripts
    wave = told.wave(who, number)
    bids = [
        told.assessed(who, [make.make_practice(patients=1_000 * (n + 1))], name=f"Group {number}-{n}")
        for n in range(3)
    ]
    for bid in bids[:2]:
        actions.put_in_wave(by=who.admin, bid=bid, version=bid.version, wave=wave)

    staff = enter(who.assessor, scripts=scripts)
    staff.go(f"/staff/waves/{number}/")
    total, save = staff.page.locator("#simulator-total"), staff.page.locator("button[value=save]").first
    expect(total).to_contain_text("A: 2 pathfinders, 2 practices, 3,000 people. B: 0 pathfinders")
    staff.page.get_by_label(f"B: Group {number}-2").check()
    if scripts:
        expect(total).to_contain_text("B: 1 pathfinder, 1 practice, 3,000 people.")
        staff.open("Sizes")
        staff.page.get_by_label(f"B: Group {number}-0").focus()
        staff.page.keyboard.press("Space")
        expect(total).to_contain_text("B: 2 pathfinders, 2 practices, 4,000 people.")
        expect(staff.page.get_by_role("table", name="Pathfinders by size")).to_be_visible()  # it stays open
    else:
        staff.page.get_by_label(f"B: Group {number}-0").check()
    staff.page.get_by_label("Name of scenario B").fill("Without the second")
    save.click()
    staff.look()
    staff.see("B: 2 pathfinders, 2 practices, 4,000 people.", "“Without the second”")
    staff.press("Copy B")
    staff.look()
    expect(staff.page.get_by_label("Name of scenario A")).to_have_value("Copy of Without the second")
    staff.page.get_by_label("A shows").select_option("As it stands")
    staff.press("Show")
    staff.see("A: 2 pathfinders, 2 practices, 3,000 people. B: 2 pathfinders, 2 practices, 4,000 people.")
    staff.press("Delete B")
    staff.see("“Without the second” was deleted")
    staff.look()
