"""The site as a reader meets it: every page in every language, and what must stand on it."""

from __future__ import annotations

import json
import re

import pytest

from helder.app import open_app
from tests.web import LANGUAGES, PAGES, USUAL, Taken, client, text_of


def get(path: str) -> str:
    response = client().get(path)
    assert response.status_code == 200, f"{path}: {response.status_code}"
    return text_of(response)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_stands_in_every_language(page: str, language: str) -> None:
    html = get(f"/{language}/{USUAL[language]}/{page}")
    taken = Taken(html)
    root = taken.all("html")[0].attributes
    assert root == {"lang": language, "dir": "rtl" if language == "ar" else "ltr"}
    assert len(taken.all("h1")) == 1
    assert len(taken.ids) == len(set(taken.ids)), "an id stands twice"
    assert "{" not in re.sub(r"<(style|script)[^>]*>.*?</\1>", "", html, flags=re.S), "a slot was left open"


@pytest.mark.parametrize("topic", [entry.id for entry in open_app().entries("en")])
def test_every_topic_can_be_read(topic: str) -> None:
    for language, country in (("nl", "NL"), ("ar", "MA")):
        assert "<h1>" in get(f"/{language}/{country}/topics/{topic}/")


def test_the_danger_card_comes_before_the_title_and_the_dates_under_it() -> None:
    html = get("/nl/NL/topics/magnesium/")
    places = [html.index(mark) for mark in ('class="danger"', "<h1>", 'class="meta"', 'id="p-in_short"')]
    assert places == sorted(places)
    card = html[places[0] : places[1]]
    assert 'href="tel:112"' in card
    assert "nog niet nagekeken door een zorgverlener" in html


def test_each_claim_says_how_we_know() -> None:
    app = open_app()
    page = app.page("magnesium", "en", "GB")
    html = get("/en/GB/topics/magnesium/")
    held = Taken(html).ids
    for section in page.sections:
        for claim in section.claims:
            anchor = claim.id.rpartition("/")[2]
            assert anchor in held
            start = html.index(f'<li id="{anchor}"')
            own = html[start : html.index("</details>", start)]
            assert app.message(f"certainty.{claim.certainty}", "en") in own
            for reference in claim.references:
                assert f'href="sources/#s{reference.number}"' in own
            assert ("not confirmed" in own) is not claim.verified


def test_each_source_stands_with_title_date_and_link() -> None:
    page = open_app().page("magnesium", "nl", "NL")
    taken = Taken(get("/nl/NL/topics/magnesium/sources/"))
    assert {f"s{source.number}" for source in page.sources} <= set(taken.ids)
    assert {source.url for source in page.sources} <= {a.attributes.get("href") for a in taken.all("a")}


def test_amounts_are_told_in_a_table_and_drawn() -> None:
    taken = Taken(get("/en/GB/topics/magnesium/"))
    assert taken.all("caption")
    assert taken.all("th", scope="row")
    bars = [rect for rect in taken.all("rect") if rect.attributes["class"] in ("need", "limit", "dose")]
    assert len(bars) >= 2
    assert all(svg.attributes["aria-hidden"] == "true" for svg in taken.all("svg")), "the words beside a bar say it"


def test_a_text_in_another_language_is_marked() -> None:
    html = get("/ar/MA/topics/creatine/")
    missing = open_app().page("creatine", "ar", "MA").missing
    marked = re.findall(r'<span lang="en" dir="ltr">.*?</span> <small>\(بلغة أخرى، الإنجليزية\)</small>', html, re.S)
    assert missing
    assert len(marked) >= missing
    assert 'class="bar read"' in html, "it says how many"


def test_machines_can_read_it_too() -> None:
    html = get("/nl/NL/topics/magnesium/")
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html)[1])  # type: ignore[index]
    assert data["@type"] == "MedicalWebPage"
    assert data["lastReviewed"] == open_app().page("magnesium", "nl", "NL").checked.isoformat()
    assert data["about"] == {"@type": "DietarySupplement", "name": "Magnesium"}
    links = Taken(html).all("link", rel="alternate")
    assert {link.attributes["hreflang"] for link in links if "hreflang" in link.attributes} == {
        *(f"{language}-NL" for language in LANGUAGES),
        "x-default",
    }
    assert [link.attributes["href"] for link in Taken(html).all("link", rel="canonical")] == [
        "/nl/NL/topics/magnesium/"
    ]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("nl", "/nl/NL/"),
        ("nl-BE,nl;q=0.9", "/nl/BE/"),
        ("de-CH", "/de/CH/"),
        ("en-US,en;q=0.5", "/en/US/"),
        ("pt-BR, fr;q=0.3", "/fr/FR/"),
        ("ar", "/ar/MA/"),
        ("xx", "/en/GB/"),
        ("", "/en/GB/"),
        (",,;;q=;=" * 100, "/en/GB/"),
    ],
)
def test_the_front_page_follows_the_browser(header: str, expected: str) -> None:
    response = client(**{"accept-language": header}).get("/")
    assert (response.status_code, response["Location"]) == (302, expected)
    assert "Accept-Language" in response["Vary"]


def test_the_switch_keeps_the_page_and_is_remembered() -> None:
    reader = client(**{"accept-language": "en"})
    response = reader.get("/switch/?language=nl&country=BE&to=topics/magnesium/")
    assert (response.status_code, response["Location"]) == (302, "/nl/BE/topics/magnesium/")
    assert reader.get("/")["Location"] == "/nl/BE/"
    cookie = response.cookies["helder"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("nl.BE", True, "Lax")


@pytest.mark.parametrize("to", ["/evil.example/", "//evil.example", "https://evil.example", "\\\\evil.example", "../x"])
def test_the_switch_leads_nowhere_else(to: str) -> None:
    response = client().get("/switch/", {"language": "nl", "country": "NL", "to": to})
    assert response.status_code == 400 or response["Location"].startswith("/nl/NL/")


def test_reading_leaves_no_cookie() -> None:
    assert not client().get("/nl/NL/topics/magnesium/").cookies


def test_an_odd_spelling_of_the_address_is_put_right() -> None:
    response = client().get("/NL/nl/search/?q=zink")
    assert (response.status_code, response["Location"]) == (301, "/nl/NL/search/?q=zink")


def test_numbers_to_call_belong_to_the_country_and_words_to_the_language() -> None:
    assert 'href="tel:999"' in get("/nl/GB/")
    assert 'href="tel:112"' in get("/en/NL/")


def test_a_typing_error_is_mended_and_shown() -> None:
    html = get("/nl/NL/search/?q=magnesuim")
    assert "/nl/NL/topics/magnesium/" in html
    assert "We zochten naar:" in html


def test_words_of_an_emergency_bring_the_card_first() -> None:
    html = get("/en/GB/search/?q=chest+pain")
    assert html.index('class="danger read"') < html.index("<h1>")
    assert 'href="tel:999"' in html


def test_not_in_our_data_is_an_answer() -> None:
    html = get("/en/GB/search/?q=qqqqqqqqq")
    assert "does not mean that it is safe" in html


def test_what_is_typed_is_only_text() -> None:
    html = get("/en/GB/search/?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in html
    assert 'value="&#34;&gt;&lt;script' in html


def test_two_topics_are_chosen_by_a_plain_form() -> None:
    response = client().get("/nl/NL/compare/?left=magnesium&right=calcium")
    assert (response.status_code, response["Location"]) == (302, "/nl/NL/compare/magnesium/calcium/")


def test_a_comparison_stands_side_by_side() -> None:
    html = get("/nl/NL/compare/magnesium/calcium/")
    assert html.count("<h3>Magnesium</h3>") == html.count("<h3>Calcium</h3>") > 5


def test_about_says_who_checked_and_how_complete_each_language_is() -> None:
    html = get("/en/GB/about/")
    assert "No doctor, pharmacist or dietitian has checked" in html
    for state in open_app().language_states():
        assert state.name in html


def test_the_small_files_stand() -> None:
    assert "Sitemap: http://localhost/sitemap.xml" in get("/robots.txt")
    assert "/nl/NL/topics/magnesium/" in get("/sitemap.xml")
    assert get("/healthz") == "ok\n"
