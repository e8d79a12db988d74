"""The words of the frame: the same keys and slots in every language, no number typed by hand, none unused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from icu4py.messageformat import MessageFormat

from tests.web import LANGUAGES

ROOT = Path(__file__).parents[2]
FRAMES = {
    language: yaml.load((ROOT / f"knowledge/messages/{language}/frame.yaml").read_text(), yaml.BaseLoader)
    for language in LANGUAGES
}
VALUES: dict[str, int | str] = {
    "count": 7,
    "texts": 3,
    "of": 9,
    "date": "DATE",
    "number": "NUMBER",
    "country": "COUNTRY",
    "name": "NAME",
    "left": "LEFT",
    "right": "RIGHT",
}


def slots(message: str) -> set[str]:
    return set(re.findall(r"\{(\w+)[,}]", message)) & set(VALUES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_the_same_words_with_the_same_slots(language: str) -> None:
    assert set(FRAMES[language]) == set(FRAMES["en"])
    for key, message in FRAMES[language].items():
        assert slots(message) == slots(FRAMES["en"][key]), key
        assert not re.search(r"\d", message), f"a digit is typed in {key}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_message_can_be_said(language: str) -> None:
    for key, message in FRAMES[language].items():
        said = MessageFormat(message, language).format({name: VALUES[name] for name in slots(message)})
        assert said.strip(), key
        assert "{" not in said, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_long(language: str) -> None:
    for key, message in FRAMES[language].items():
        said = MessageFormat(message, language).format({name: VALUES[name] for name in slots(message)})
        for sentence in re.split(r"(?<=[.?!؟:])\s+", said):
            assert len(sentence.split()) <= 20, f"{key}: {sentence}"


def test_no_language_was_left_in_english() -> None:
    alike = {"count.number", "compare.title", "about.of"}
    for language in LANGUAGES[1:]:
        same = {key for key, message in FRAMES[language].items() if message == FRAMES["en"][key] and len(message) > 12}
        assert same <= alike, language


def test_no_words_are_unused() -> None:
    sources = (file for file in (ROOT / "src/helder").rglob("*") if file.suffix in (".py", ".jinja"))
    used = "\n".join(file.read_text() for file in sources)
    families = ("certainty.", "effect.", "level.", "harm.", "state.", "error.", "count.", "nav.", "compare.", "set.")
    for key in FRAMES["en"]:
        assert f'"{key}"' in used or key.startswith(families), key
