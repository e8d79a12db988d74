"""The site in a real browser: for eyes, for a keyboard, for a screen reader, on paper, and without a script."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from helder.web.export import export
from tests.web import Served

pytestmark = pytest.mark.browser

PAGES = {
    "home": "",
    "topic": "topics/magnesium/",
    "topic sources": "topics/magnesium/sources/",
    "search": "search/?q=magnesuim",
    "search nothing": "search/?q=qqqqqqqq",
    "compare": "compare/magnesium/calcium/",
    "choose a pair": "compare/",
    "a to z": "az/",
    "needs": "needs/",
    "need": "needs/sleep/",
    "about": "about/",
    "changes": "changes/",
    "error": "topics/nothing-like-this/",
}
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
WAYS: dict[str, tuple[str, dict[str, Any]]] = {
    "light": ("nl/NL", {"viewport": DESKTOP}),
    "dark": ("en/GB", {"viewport": DESKTOP, "color_scheme": "dark"}),
    "phone": ("nl/NL", {"viewport": PHONE}),
    "dark phone": ("de/DE", {"viewport": PHONE, "color_scheme": "dark"}),
    "right to left": ("ar/MA", {"viewport": DESKTOP}),
    "right to left phone": ("ar/MA", {"viewport": PHONE}),
}


@contextmanager
def opened(browser: Browser, served: Served, path: str, **how: Any) -> Iterator[Page]:
    """A page in a fresh browser; nothing may be asked of another host, and nothing may be blocked or break."""
    context = browser.new_context(base_url=served.address, **how)
    page = context.new_page()
    asked: list[str] = []
    broken: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("console", lambda message: broken.append(message.text) if message.type == "error" else None)
    page.goto(path)
    yield page
    context.close()
    local = ("data:", "blob:", served.address)
    assert [url for url in asked if not url.startswith(local)] == []
    assert [text for text in broken if "404 (Not Found)" not in text] == []


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", PAGES)
def test_everybody_can_use_it(browser: Browser, served: Served, name: str, way: str) -> None:
    prefix, how = WAYS[way]
    with opened(browser, served, f"/{prefix}/{PAGES[name]}", **how) as page:
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = !d.matches('.set'); })")
        found = Axe().run(page, options={"resultTypes": ["violations"]})
        said = [(one["id"], [node["html"][:120] for node in one["nodes"]][:3]) for one in found.response["violations"]]
        assert said == []
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, "it scrolls sideways"


def test_the_open_settings_are_usable_too(browser: Browser, served: Served) -> None:
    for viewport in (DESKTOP, PHONE):
        with opened(browser, served, "/nl/NL/topics/magnesium/", viewport=viewport) as page:
            page.locator(".set summary").click()
            assert Axe().run(page).violations_count == 0
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_topic_is_one_request(browser: Browser, served: Served) -> None:
    asked: list[str] = []
    context = browser.new_context(base_url=served.address)
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/nl/NL/topics/magnesium/", wait_until="networkidle")
    assert len([url for url in asked if not url.startswith("data:")]) == 1
    context.close()


def test_touch_targets_are_large_enough(browser: Browser, served: Served) -> None:
    small = """[...document.querySelectorAll('a, button, summary, input, select')].filter(e => {
        const box = e.getBoundingClientRect(), line = getComputedStyle(e).display === 'inline';
        return box.width && !line && Math.min(box.height, box.width) < 24;
    }).map(e => e.outerHTML.slice(0, 120))"""
    for path in ("", "topics/magnesium/", "az/", "compare/", "search/?q=zink"):
        with opened(browser, served, f"/nl/NL/{path}", viewport=PHONE) as page:
            assert page.evaluate(small) == []


def test_how_do_we_know_opens_in_place(browser: Browser, served: Served) -> None:
    with opened(browser, served, "/en/GB/topics/magnesium/") as page:
        claim = page.locator(".claims li").first
        claim.locator("summary").click()
        expect(claim.get_by_text("How sure:")).to_be_visible()
        claim.locator("details a").first.click()
        expect(page).to_have_url(f"{served.address}en/GB/topics/magnesium/sources/#s1")


def test_a_journey_with_the_keyboard_alone(browser: Browser, served: Served) -> None:
    with opened(browser, served, "/en/GB/") as page:
        page.keyboard.press("Tab")
        expect(page.locator(".skip")).to_be_focused()
        expect(page.locator(".skip")).to_be_in_viewport()
        page.locator("#q").focus()
        page.keyboard.type("magnes")
        found = page.get_by_role("listbox")
        expect(found).to_be_visible()
        page.keyboard.press("ArrowDown")
        expect(page.locator(".found li").first).to_have_attribute("aria-selected", "true")
        page.keyboard.press("Escape")
        expect(found).to_be_hidden()
        page.keyboard.type("i")
        expect(found).to_be_visible()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{served.address}en/GB/topics/magnesium/")
        summary = page.locator(".claims summary").first
        summary.focus()
        outline = summary.evaluate("e => { e.focus({focusVisible: true}); return getComputedStyle(e).outlineWidth; }")
        assert outline == "3px"
        page.keyboard.press("Enter")
        expect(page.locator(".claims details").first).to_have_attribute("open", "")
        page.locator(".set summary").focus()
        page.keyboard.press("Enter")
        expect(page.locator(".set form")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator(".set form")).to_be_hidden()
        expect(page.locator(".set summary")).to_be_focused()


def test_all_of_it_works_without_a_script(browser: Browser, served: Served) -> None:
    with opened(browser, served, "/en/GB/", java_script_enabled=False) as page:
        page.locator("#q").fill("magnesuim")
        page.keyboard.press("Enter")
        page.get_by_role("link", name="Magnesium", exact=True).click()
        expect(page.locator("h1")).to_have_text("Magnesium")
        page.locator(".claims summary").first.click()
        expect(page.locator(".claims details p").first).to_be_visible()
        page.locator(".set summary").click()
        page.get_by_label("Language").select_option("nl")
        page.get_by_label("Country").select_option("BE")
        page.get_by_role("button", name="Show").click()
        expect(page).to_have_url(f"{served.address}nl/BE/topics/magnesium/")
        page.goto("/")
        expect(page).to_have_url(f"{served.address}nl/BE/")
        expect(page.locator("#listen")).to_have_count(0)


def test_on_paper_nothing_is_hidden(browser: Browser, served: Served) -> None:
    for script in (True, False):
        with opened(browser, served, "/en/GB/topics/magnesium/", java_script_enabled=script) as page:
            page.emulate_media(media="print")
            assert page.locator(".claims details p").first.is_visible()
            assert page.locator(".ask p").first.is_visible()
            assert not page.locator("header.top").is_visible()
            assert page.pdf()[:4] == b"%PDF"


def test_listen_is_offered_only_where_the_machine_has_a_voice(browser: Browser, served: Served) -> None:
    with opened(browser, served, "/nl/NL/topics/magnesium/") as page:
        if not page.evaluate("speechSynthesis.getVoices().some(v => v.localService && v.lang.startsWith('nl'))"):
            expect(page.locator("#listen")).to_be_hidden()


def test_listen_reads_the_page_in_its_language(browser: Browser, served: Served) -> None:
    fake = """
      const said = window.said = [];
      Object.defineProperty(window, 'speechSynthesis', {value: Object.assign(new EventTarget(), {
        getVoices: () => [{lang: 'nl-NL', localService: true}, {lang: 'en-US', localService: false}],
        speak: words => said.push(words), cancel: () => { said.length = 0; } })});
      window.SpeechSynthesisUtterance = function (text) { this.text = text; };
    """
    context = browser.new_context(base_url=served.address)
    context.add_init_script(fake)
    page = context.new_page()
    page.goto("/nl/NL/topics/magnesium/")
    page.locator("#listen").click()
    expect(page.locator("#listen")).to_have_text("Stop")
    said = page.evaluate("said.map(words => [words.text, words.lang])")
    assert said[0][1] == "nl"
    assert any(text == "Magnesium" for text, _ in said)
    page.locator("#listen").click()
    expect(page.locator("#listen")).to_have_text("Luister")
    page.goto("/en/GB/topics/magnesium/")
    expect(page.locator("#listen")).to_be_hidden()
    context.close()


def test_large_letters_break_nothing(browser: Browser, served: Served) -> None:
    with opened(browser, served, "/nl/NL/topics/magnesium/", viewport={"width": 640, "height": 800}) as page:
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_the_library_opens_from_a_folder(browser: Browser, tmp_path: Path) -> None:
    export(tmp_path, ("en", "nl"), ("NL",))
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    broken: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: broken.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.goto((tmp_path / "index.html").as_uri())
    page.get_by_role("link", name="English").click()
    page.get_by_role("link", name="Search for").click()
    page.locator("#q").fill("magnesuim")
    page.locator("#hits a").first.click()
    expect(page.locator("h1")).to_have_text("Magnesium")
    page.locator(".set summary").click()
    page.locator(".set a").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "nl")
    assert Axe().run(page).violations_count == 0
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert broken == []
    context.close()
