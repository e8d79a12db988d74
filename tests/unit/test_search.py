"""Search: names in every language, typing errors, lay words; danger before all."""

from __future__ import annotations

import pytest

from helder.app import App, open_app
from helder.languages.folding import fold
from helder.library.search import allowed_errors


@pytest.fixture(scope="module")
def app() -> App:
    return open_app()


@pytest.mark.parametrize(
    ("words", "language", "topic"),
    [
        ("magnesium", "nl", "magnesium"),
        ("Magnésium", "fr", "magnesium"),
        ("ijzertabletten", "nl", "iron"),
        ("vitamin b12", "en", "vitamin-b12"),
        ("B12", "de", "vitamin-b12"),
        ("Sint-janskruid", "nl", "st-johns-wort"),
        ("hypericum", "es", "st-johns-wort"),
        ("المغنيسيوم", "ar", "magnesium"),
        ("foliumzuur", "en", "folic-acid"),
    ],
)
def test_a_topic_is_found_by_any_of_its_names(app: App, words: str, language: str, topic: str) -> None:
    assert app.find(words, language, "NL").hits[0].topic == topic


@pytest.mark.parametrize(
    ("words", "topic"),
    [("magnesuim", "magnesium"), ("magneesium", "magnesium"), ("vitamne d", "vitamin-d"), ("curcmin", "turmeric")],
)
def test_typing_errors_are_forgiven_and_shown(app: App, words: str, topic: str) -> None:
    found = app.find(words, "en", "GB")
    assert topic in [hit.topic for hit in found.hits[:3]]
    assert found.corrected is not None


def test_a_whole_question_is_understood_by_the_names_in_it(app: App) -> None:
    assert app.find("how much magnesium can I take in a day", "en", "GB").hits[0].topic == "magnesium"


def test_a_need_finds_its_topics(app: App) -> None:
    assert len(app.find("bones", "en", "GB").hits) > 1


def test_a_medicine_without_a_page_finds_the_topics_it_meets(app: App) -> None:
    assert "magnesium" in [hit.topic for hit in app.find("moxifloxacin", "en", "GB").hits]


@pytest.mark.parametrize("words", ["", "   ", "\x00\x01", "qqqqqqqqqq", "?" * 10_000, "💊", "'; DROP TABLE x", "{}"])
def test_what_means_nothing_finds_nothing(app: App, words: str) -> None:
    found = app.find(words, "en", "GB")
    assert found.hits == ()
    assert len(found.query) <= 500


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("chest pain", "en"),
        ("i have pain in my chest", "en"),
        ("pijn op de borst", "nl"),
        ("Schmerzen in der Brust", "de"),
        ("douleur dans la poitrine", "fr"),
        ("dolor en el pecho", "es"),
        ("magnesium chest pain", "en"),
        ("pijn op de borst", "en"),
    ],
)
def test_words_of_an_emergency_bring_the_card_in_every_language(app: App, words: str, language: str) -> None:
    danger = app.find(words, language, "NL").danger
    assert danger is not None
    assert danger.call.dial == "112"


def test_suicidal_words_bring_the_line_of_the_country(app: App) -> None:
    assert (found := app.find("I want to kill myself", "en", "US").danger) is not None
    assert found.call.dial == "988"
    assert (found := app.find("ik wil dood", "nl", "NL").danger) is not None
    assert found.call.dial.startswith("113")


@pytest.mark.parametrize(
    "words",
    [
        "magnesium for muscle pain",
        "breathing exercises",
        "does zinc help a cold",
        "vitamin c dose",
        "iron and blood test",
    ],
)
def test_ordinary_words_bring_no_card(app: App, words: str) -> None:
    assert app.find(words, "en", "GB").danger is None


def test_names_compare_without_accents_capitals_and_script_of_digits() -> None:
    assert fold("  Magnésium-CITRAT® ") == "magnesium citrat"
    assert fold("Straße") == fold("STRASSE")
    assert fold("ب١٢") == "ب12"


def test_short_words_forgive_less_than_long_ones() -> None:
    assert [allowed_errors("x" * length) for length in (2, 4, 6, 12)] == [0, 1, 2, 3]


@pytest.mark.parametrize("words", ["chest pain!", "¿dolor en el pecho?", "“chest pain”…", "help, chest-pain!!!"])
def test_punctuation_never_hides_the_danger_card(app: App, words: str) -> None:
    assert app.find(words, "en", "GB").danger is not None
