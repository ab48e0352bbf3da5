"""A lead pastes codes, adds those that are ready, and undoes the list; at the width of a phone."""

from datetime import date

from tests import factories as make
from tests.browser.axe import check_page
from tests.programme import person


def test_a_list_is_pasted_written_and_undone(enter, site) -> None:
    lead = person(consortium_lead="GC0777", name="Lena List")
    make.make_consortium("GC0777", name="List House Group", start=date(2010, 10, 1))
    for n in range(4):
        make.make_practice(f"Z77{n:03d}", patients=1000)
    page = enter(lead).page

    page.set_viewport_size({"width": 375, "height": 800})
    page.goto(f"{site}/lead/consortia/GC0777/members/add/")
    check_page(page)
    page.get_by_label("Practice codes").fill("Z77000 Z77001\nZ77002\nZ7700Z =HYPERLINK")
    page.get_by_role("button", name="Check these practices").click()
    page.get_by_role("button", name="Add the 3 that are ready").wait_for()
    check_page(page)
    page.set_viewport_size({"width": 375, "height": 800})
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_role("button", name="Add the 3 that are ready").click()
    page.get_by_text("3 written, 2 left out").wait_for()
    page.get_by_text("Undo this list").click()
    check_page(page)
    page.set_viewport_size({"width": 375, "height": 800})
    page.get_by_label("Why is it undone?").fill("The wrong list")
    page.get_by_role("button", name="Undo the whole list").click()
    page.get_by_text("3 written, then undone").wait_for()
