"""*My lab results* in a real browser: chosen, dropped, read, corrected, printed; with and without a script."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from helder.web.results_form import SAMPLES
from tests.browser.test_site import DESKTOP, PHONE, WAYS, opened
from tests.web import Served

pytestmark = pytest.mark.browser
DANGER = "Lab Report\nPotassium 6.9 mmol/L (3.5 - 5.0) H\nSodium 1390 mmol/L (135 - 145)\nxyzzy 5 mg 3 - 4\n"
WAIT = 60_000  # a picture on a busy machine


def sampled(page: Page) -> None:
    page.click("[name=sample]")
    page.wait_for_selector("#answer", timeout=WAIT)


def pasted(page: Page, text: str = DANGER) -> None:
    page.fill(".send [name=text]", text)
    page.locator(".send .go button").first.click()
    page.wait_for_selector("#answer", timeout=WAIT)


def faults(page: Page) -> list[Any]:
    found = Axe().run(page).response["violations"]
    return [(fault["id"], [node["html"][:120] for node in fault["nodes"]][:3]) for fault in found]


def opened_up(page: Page) -> None:
    page.evaluate("document.querySelectorAll('main details').forEach(d => { d.open = true; })")


@pytest.mark.parametrize("way", WAYS)
def test_the_form_and_its_answer_are_for_everybody(browser: Browser, served: Served, way: str) -> None:
    """No accessibility fault that axe can find, in light, dark, small and from right to left; nothing sticks out."""
    place, how = WAYS[way]
    for fill in (lambda page: None, sampled, pasted):
        with opened(browser, served, f"{place}/results/", **how) as page:
            fill(page)
            for look in (lambda: None, lambda: opened_up(page)):
                look()
                assert faults(page) == []
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_file_is_chosen_read_page_by_page_and_shown_beside_its_results(browser: Browser, served: Served) -> None:
    with opened(browser, served, "en/GB/results/", viewport=DESKTOP) as page:
        page.set_input_files("[name=files] >> nth=0", [SAMPLES / "en.pdf", SAMPLES / "nl.pdf"])
        expect(page.locator("[data-names] li")).to_have_text(["en.pdf", "nl.pdf"])
        page.locator(".send .go button").first.click()
        page.wait_for_selector("#answer", timeout=WAIT)
        assert page.evaluate("document.activeElement.tagName") == "H1", "a screen reader starts at the answer"
        assert page.locator("svg.sheet").count() == 2
        assert page.url.endswith("/results/")
        loaded = page.locator("svg.sheet image").first
        assert (
            loaded.evaluate(
                "image => { const i = new Image(); i.src = image.href.baseVal; return i.decode().then(() => i.width); }"
            )
            > 900
        )


def test_a_dropped_file_is_a_chosen_file(browser: Browser, served: Served) -> None:
    with opened(browser, served, "en/GB/results/") as page:
        data = page.evaluate_handle(
            "() => { const d = new DataTransfer(); d.items.add(new File(['Sodium 139'], 'mine.txt')); return d; }"
        )
        page.dispatch_event(".drop", "dragover", {"dataTransfer": data})
        expect(page.locator(".drop.over")).to_be_visible()
        page.dispatch_event(".drop", "drop", {"dataTransfer": data})
        expect(page.locator("[data-names] li")).to_have_text("mine.txt")


def test_a_box_leads_to_its_row_and_a_row_to_its_box(browser: Browser, served: Served) -> None:
    with opened(browser, served, "en/GB/results/", viewport=DESKTOP) as page:
        sampled(page)
        page.click("#b2")
        assert page.url.endswith("#r2")
        page.click("#r5 + .more > td > details > summary")
        page.click("#r5 + .more a[href='#b5']")
        expect(page.locator("#b5")).to_have_class("on")
        expect(page.locator("#r5 + .more a[href='#b5']")).to_be_in_viewport()


def test_without_a_script_it_all_works(browser: Browser, served: Served) -> None:
    with opened(browser, served, "nl/NL/results/", java_script_enabled=False, viewport=DESKTOP) as page:
        page.set_input_files("[name=files] >> nth=0", SAMPLES / "nl.pdf")
        page.locator(".send .go button").first.click()
        page.wait_for_selector("#answer", timeout=WAIT)
        page.click("#r5 + .more > td > details > summary")
        page.click("#r5 + .more a[href='#b5']")
        assert page.evaluate("document.querySelector('#b5').matches(':target')")
        page.click("#r5 + .more details details summary")
        page.fill("[name=d0-5-value]", "80")
        page.click("#again .go button")
        page.wait_for_selector("#r5")
        expect(page.locator("#r5 .word")).to_have_text("normaal")


def test_a_stream_that_fails_falls_back_to_the_form(browser: Browser, served: Served) -> None:
    with opened(browser, served, "en/GB/results/") as page:
        page.route("**/results/read", lambda route: route.fulfill(body='{"error":true}\n'))
        sampled(page)
        expect(page.locator("#answer")).to_contain_text("This is an invented report")


def test_a_doubt_is_corrected_where_it_stands(browser: Browser, served: Served) -> None:
    with opened(browser, served, "en/GB/results/") as page:
        pasted(page)
        expect(page.locator(".danger").first).to_contain_text("999")
        page.fill("#c1 [name=d0-1-value]", "139")
        page.locator("#p-check ~ .go button").click()
        page.wait_for_selector("#r1")
        assert page.locator("#p-check").count() == 0
        expect(page.locator("#r1 .word")).to_have_text("normal")


def test_the_keyboard_is_enough(browser: Browser, served: Served) -> None:
    with opened(browser, served, "en/GB/results/") as page:
        page.focus(".send [name=text]")
        page.keyboard.type("Sodium 139 mmol/L (135 - 145)")
        for _ in range(6):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.matches('.send .go button')"):
                break
        page.keyboard.press("Enter")
        page.wait_for_selector("#answer", timeout=WAIT)
        for _ in range(8):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.matches('.more summary')"):
                break
        page.keyboard.press("Enter")
        expect(page.locator(".more .body").first).to_be_visible()


def test_what_is_taken_along_is_downloaded(browser: Browser, served: Served, tmp_path: Path) -> None:
    with opened(browser, served, "en/GB/results/") as page:
        sampled(page)
        for name, starts in (("FHIR", b"{"), ("CSV", b"\xef\xbb\xbfTest")):
            with page.expect_download() as download:
                page.click(f"button:has-text('{name}')")
            download.value.save_as(tmp_path / name)
            assert (tmp_path / name).read_bytes().startswith(starts)


def test_on_paper_it_is_one_or_two_pages(browser: Browser, served: Served, tmp_path: Path) -> None:
    with opened(browser, served, "nl/NL/results/") as page:
        sampled(page)
        page.emulate_media(media="print")
        for hidden in (".send", "#again", ".sheets", ".fields", "button"):
            assert not page.locator(hidden).first.is_visible(), hidden
        assert page.locator("#p-sources").is_visible()
        pdf = page.pdf(path=tmp_path / "print.pdf", format="A4")
        assert pdf.count(b"/Type /Page\n") <= 2


def test_on_a_phone_a_finger_can_touch_it(browser: Browser, served: Served) -> None:
    with opened(browser, served, "nl/NL/results/", viewport=PHONE, has_touch=True) as page:
        sampled(page)
        heights = page.locator("main button, main summary, main input:not([type=hidden])").evaluate_all(
            "all => all.filter(e => e.offsetParent).map(e => e.getBoundingClientRect().height)"
        )
        assert min(heights) >= 24
