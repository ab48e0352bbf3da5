"""A wave's life at the desk, in a browser without JavaScript: forecast, put off, published, opened, closed, decided."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import expect

from pathfinders.models import Wave
from registry import clock
from tests import programme as told
from tests.browser.casework.window import Enter

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("casework")]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_from_a_forecast_to_all_decided(enter: Enter, who: told.People, scripts: bool) -> None:
    number = 21 + scripts
    admin, anybody = enter(who.admin, scripts=scripts), enter(who.lead, scripts=scripts)
    admin.go("/staff/waves/")
    admin.press("Forecast a wave")
    admin.page.get_by_label("Number of the wave").fill(str(number))
    admin.fill_date("closes_on", date(2035, 2, 1))
    admin.fill_date("announced_on", date(2035, 3, 2))
    admin.press("Save the forecast")
    admin.see("Forecast", "Not set", "Not public")

    admin.press("Change its dates")
    admin.fill_date("closes_on", date(2035, 2, 8))
    admin.press("Save")
    admin.see("Say why this date is moved")
    admin.page.get_by_label("Why a date is moved").fill("Snow in three regions")
    admin.press("Save")
    admin.see("The dates were saved", "was expected")
    anybody.go("/waves/")
    expect(anybody.main).not_to_contain_text(f"Wave {number}")

    admin.press("Publish its dates")
    admin.see("Snow in three regions")
    admin.page.get_by_label("Why it is published").fill("Bidders ask when")
    admin.press("Publish these dates")
    anybody.go("/waves/")
    anybody.see("Waves to come", "from 1 February 2035 to 8 February 2035: Snow in three regions")

    admin.press("Open to bids")
    admin.press("Open the wave")
    admin.see("The wave is open to bids")
    told.decided(who, Wave.objects.get(pk=number), name=f"Group {number}")
    admin.go(f"/staff/waves/{number}/")
    admin.press("Say when its pathfinders go live")
    admin.page.get_by_label(f"Group {number}").fill("4 2035")
    admin.press("Save")
    admin.see("The months were saved", "April 2035")
    admin.press("Close to bids")
    admin.press("Close the wave to bids")
    admin.press("All its bids are decided")
    admin.press("All its bids are decided")
    admin.see("The wave is decided", f"{clock.today():%Y}")
    admin.open("What you cannot do, and why")
    admin.see("A forecast wave is opened; this one is decided.")
    admin.go("/staff/waves/")
    admin.see("Decided")
    anybody.go("/about/workflow/")
    anybody.see("How a wave moves", "Frozen to Released: Release")
