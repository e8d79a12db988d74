"""*My medicines* in a real browser: typed, suggested, answered, planned, printed; with and without a script."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_site import PHONE, WAYS, opened
from tests.web import Served

pytestmark = pytest.mark.browser
LIST = "levothyroxine 50 mcg\ncalcium 500 mg 2x daily\nwarfarin\nst john's wort\nmagnesium 400 mg\nxyzzyplugh"


def answered(page: Page, items: str = LIST) -> None:
    page.fill("#items", items)
    page.click("#form .go button")
    page.wait_for_selector("#p-plan")


@pytest.mark.parametrize("way", WAYS)
def test_the_form_and_its_answer_are_for_everybody(browser: Browser, served: Served, way: str) -> None:
    """No accessibility fault that axe can find, in light, dark, small and from right to left; nothing sticks out."""
    place, how = WAYS[way]
    with opened(browser, served, f"{place}/medicines/", **how) as page:
        for _ in range(2):
            found = Axe().run(page).response["violations"]
            assert [(fault["id"], [node["html"][:120] for node in fault["nodes"]]) for fault in found] == []
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            if page.locator("#p-plan").count():
                break
            answered(page)


def test_a_name_is_suggested_and_becomes_a_line(browser: Browser, served: Served) -> None:
    with opened(browser, served, "en/GB/medicines/") as page:
        page.fill("#items", "zinc 10 mg")
        page.focus("#add")
        page.wait_for_selector("#found-items", state="attached")
        page.type("#add", "warf")
        page.wait_for_selector("#found-items option", state="attached")
        page.press("#add", "Enter")
        expect(page.locator("#items")).to_have_value("zinc 10 mg\nwarf ")


def test_an_answered_question_changes_the_answer(browser: Browser, served: Served) -> None:
    with opened(browser, served, "en/GB/medicines/") as page:
        page.fill("#items", "isotretinoin 20 mg")
        page.click("summary:has-text('About you')")
        page.select_option("select[name=sex]", "F")
        page.fill("input[name=age]", "30")
        page.click("#form .go button")
        page.wait_for_selector("#p-asks")
        page.locator("input[name='q:pregnant'][value=yes]").check()
        page.click("button:has-text('Check again')")
        page.wait_for_selector(".notices.contraindicated")
        expect(page.locator(".notices.contraindicated")).to_contain_text("Isotretinoin")


def test_everything_works_without_a_script(browser: Browser, served: Served) -> None:
    with opened(browser, served, "nl/NL/medicines/", java_script_enabled=False) as page:
        assert not page.locator("#add").is_visible()
        answered(page)
        assert page.locator(".today > li").count() >= 2


def test_the_keyboard_is_enough(browser: Browser, served: Served) -> None:
    with opened(browser, served, "en/GB/medicines/") as page:
        page.focus("#items")
        page.keyboard.type("ciprofloxacin 500 mg\nzinc 10 mg")
        for _ in range(12):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.matches('#form .go button')"):
                break
        page.keyboard.press("Enter")
        page.wait_for_selector("#p-plan")


def test_the_printed_sheet_is_the_plan_in_large_type(browser: Browser, served: Served) -> None:
    with opened(browser, served, "en/GB/medicines/") as page:
        answered(page)
        page.emulate_media(media="print")
        assert not page.locator("#form").is_visible()
        assert page.locator(".today time").first.is_visible()
        size = page.locator(".today time").first.evaluate("element => parseFloat(getComputedStyle(element).fontSize)")
        assert size >= 20


def test_a_calendar_file_is_downloaded(browser: Browser, served: Served, tmp_path: Path) -> None:
    with opened(browser, served, "en/GB/medicines/") as page:
        answered(page)
        with page.expect_download() as download:
            page.click("button:has-text('Calendar file')")
        download.value.save_as(tmp_path / "plan.ics")
        assert (tmp_path / "plan.ics").read_bytes().startswith(b"BEGIN:VCALENDAR")


def test_on_a_phone_the_answer_can_be_read(browser: Browser, served: Served) -> None:
    with opened(browser, served, "nl/NL/medicines/", viewport=PHONE) as page:
        answered(page)
        narrow = page.locator("main button, main summary, main input:not([type=radio])")
        heights = narrow.evaluate_all(
            "all => all.filter(e => e.offsetParent).map(e => e.getBoundingClientRect().height)"
        )
        assert min(heights) >= 24, "a finger can touch it"
