"""Pages: the fixed places, in order, for every topic, language and country; nothing without a source."""

from __future__ import annotations

import pytest

from helder.app import App, NotFound, open_app
from helder.knowledge.kinds import SLOTS
from helder.library.views import Page
from tests.small_base import loaded

APP = open_app()


@pytest.mark.parametrize("topic", sorted(APP.knowledge.topics))
@pytest.mark.parametrize(
    ("language", "country"), [("en", "GB"), ("nl", "BE"), ("de", "AT"), ("fr", "CA"), ("ar", "MA")]
)
def test_every_topic_makes_a_page(topic: str, language: str, country: str) -> None:
    page = APP.page(topic, language, country)
    slots = [section.slot for section in page.sections]
    assert slots == [slot for slot in SLOTS if slot in slots]
    assert {"danger", "in_short", "who_should_not", "questions"} - {*slots} <= _absent(page)
    numbers = {source.number for source in page.sources}
    for section in page.sections:
        for claim in section.claims:
            assert claim.references
            assert {reference.number for reference in claim.references} <= numbers
            assert "{" not in claim.text.plain


def _absent(page: Page) -> set[str]:
    kinds = APP.knowledge.substances[page.id].absent
    return {"danger"} if "red_flag" in kinds else {"who_should_not"} if "contraindication" in kinds else set()


def test_the_reader_gets_the_limit_of_their_own_country_first() -> None:
    def limits(country: str) -> list[str]:
        facts = next(section for section in APP.page("magnesium", "en", country).sections if section.slot == "facts")
        return [table.rows[-1][1] for table in facts.tables if table.caption.startswith("Upper limit")]

    assert limits("NL")[0] == "250\u00a0mg"
    assert limits("US")[0] == "350\u00a0mg"
    assert {"250\u00a0mg", "350\u00a0mg"} <= set(limits("NL"))


def test_language_and_country_are_two_settings() -> None:
    danger = {
        country: APP.page("magnesium", "nl", country).sections[0].claims[0].text.plain for country in ("NL", "US")
    }
    assert "112" in danger["NL"]
    assert "911" in danger["US"]


def test_the_same_question_gives_the_same_page() -> None:
    assert APP.page("zinc", "nl", "BE") == APP.page("zinc", "nl", "BE")


def test_a_drawing_sets_need_and_limit_on_one_scale() -> None:
    facts = next(s for s in APP.page("magnesium", "en", "NL").sections if s.slot == "facts")
    assert facts.drawing is not None
    assert {bar.role for bar in facts.drawing.bars} >= {"need", "limit"}
    assert max(bar.share for bar in facts.drawing.bars) == 1


def test_two_topics_stand_side_by_side_in_the_same_places() -> None:
    compared = APP.compare("magnesium", "calcium", "nl", "NL")
    assert compared.left.id == "magnesium"
    assert all(row.left or row.right for row in compared.rows)
    assert compared.said, "magnesium says how it compares with calcium"


def test_lists_hold_every_topic_once() -> None:
    listed = [entry.id for entry in APP.entries("fr")]
    assert sorted(listed) == sorted(APP.knowledge.topics)
    assert all(entry.summary for entry in APP.entries("nl"))


def test_every_need_leads_to_a_topic() -> None:
    assert {need.id for need in APP.needs("en")} == set(APP.knowledge.needs)


def test_dutch_and_english_are_complete() -> None:
    states = {state.language: state for state in APP.language_states()}
    assert states["en"].state == states["nl"].state == "complete"
    assert states["de"].texts < states["de"].of


@pytest.mark.parametrize(
    ("ask", "kind"),
    [
        (lambda app: app.page("nope", "en", "GB"), "topic"),
        (lambda app: app.page("zinc", "xx", "GB"), "language"),
        (lambda app: app.page("zinc", "en", "XX"), "country"),
        (lambda app: app.need("nope", "en"), "need"),
        (lambda app: app.compare("zinc", "nope", "en", "GB"), "topic"),
    ],
)
def test_what_is_not_there_is_named(ask: object, kind: str) -> None:
    with pytest.raises(NotFound) as raised:
        ask(APP)  # type: ignore[operator]
    assert raised.value.kind == kind


def test_a_small_base_makes_a_page_too(tmp_path: object) -> None:
    from pathlib import Path

    knowledge = loaded(Path(str(tmp_path))).knowledge
    app = App(knowledge)
    with pytest.raises(KeyError, match="slot"):
        app.page("magnesium", "en", "NL")  # the small base lacks most messages: a hole is an error, never a raw key
