"""Keys and values become sentences: the same fact in each language, its direction and numbers kept."""

from __future__ import annotations

from decimal import Decimal

import pytest

from helder.app import App, open_app
from helder.knowledge.model import Citation, Interaction
from helder.languages.text import Phone, fill, phone, slots
from helder.quantities import parse_value
from helder.rules import parse

CITED = (Citation(id="x"),)


@pytest.fixture(scope="module")
def app() -> App:
    return open_app()


@pytest.mark.parametrize(
    ("amount", "language", "said"),
    [
        ("250 mg/d", "en", "250\u00a0mg per day"),
        ("250 mg/d", "nl", "250\u00a0mg per dag"),
        ("1250.5 mg", "de", "1.250,5\u00a0mg"),
        ("2 h", "fr", "2\u00a0heures"),
        ("1 h", "en", "1\u00a0hour"),
        ("1 h", "nl", "1\u00a0uur"),
        ("< 30 mL/min/{1.73_m2}", "nl", "onder 30\u00a0ml/min/1,73 m²"),
        (">= 3 wk", "es", "al menos 3\u00a0semanas"),
        ("2 to 3 h", "en", "2 to 3\u00a0hours"),
        ("30 min", "de", "30\u00a0Minuten"),
        ("800 [IU]/d", "nl", "800\u00a0IE per dag"),
        ("0.025 ug", "en", "0.025\u00a0μg"),
        ("7", "en", "7"),
    ],
)
def test_an_amount_is_written_as_a_reader_writes_it(app: App, amount: str, language: str, said: str) -> None:
    assert app.speech.amounts.value(parse_value(amount), language) == said


def test_a_number_is_never_rounded(app: App) -> None:
    assert app.speech.amounts.number(Decimal("0.000125"), "en") == "0.000125"


@pytest.mark.parametrize(
    ("rule", "language", "said"),
    [
        ("19 years <= age < 31 years and sex = female", "en", "women, 19 to 30\u00a0years"),
        ("7 months <= age < 1 year", "nl", "7 tot en met 11\u00a0maanden"),
        ("age >= 18 years and sex = male", "de", "Männer, ab 18\u00a0Jahre"),
        ("1 year <= age < 2 years", "en", "1\u00a0year"),
        ("age < 7 months", "en", "under 7\u00a0months"),
        ("age > 65 years", "en", "from 66\u00a0years"),
        ("pregnant and age >= 19 years", "fr", "à partir de 19\u00a0ans, grossesse"),
        ("10 years <= age < 18 years and sex = female", "es", "chicas, de 10 a 17\u00a0años"),
        ("everyone", "nl", "iedereen"),
        ("pregnant or breastfeeding", "en", "pregnant or breastfeeding"),
    ],
)
def test_a_rule_says_who_it_holds_for(app: App, rule: str, language: str, said: str) -> None:
    assert app.speech.people.who(parse(rule), language).lower() == said.lower()


def rule_with(hours: dict[str, str]) -> Interaction:
    return Interaction(
        kind="separation",
        between=("ciprofloxacin", "magnesium"),
        severity="separate",
        why="binding",
        sources=CITED,
        must_fire=(),
        must_not_fire=(),
        hours={name: parse_value(hour) for name, hour in hours.items()},
    )


BOTH = {"ciprofloxacin_then_magnesium": "2 h", "magnesium_then_ciprofloxacin": "6 h"}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Take ciprofloxacin at least 2 hours before magnesium. Or wait at least 6 hours after magnesium"),
        ("nl", "Neem ciprofloxacine minstens 2 uur vóór magnesium. Of wacht na magnesium minstens 6 uur voordat je"),
        ("de", "Nehmen Sie Ciprofloxacin mindestens 2 Stunden vor Magnesium ein. Oder warten Sie nach Magnesium mi"),
        ("fr", "Prenez la ciprofloxacine au moins 2 heures avant le magnésium. Ou attendez au moins 6 heures après"),
        ("es", "Primero el ciprofloxacino: espere al menos 2 horas antes de tomar el magnesio. O primero el magnes"),
    ],
)
def test_a_separation_keeps_its_direction_in_every_language(app: App, language: str, said: str) -> None:
    text = app.speech.interaction(rule_with(BOTH), language, "NL").plain.replace("\u00a0", " ")
    assert text.startswith(said)


def test_a_separation_in_one_direction_says_nothing_of_the_other(app: App) -> None:
    text = app.speech.interaction(rule_with({"magnesium_then_ciprofloxacin": "6 h"}), "en", "NL").plain
    assert text.startswith("Wait at least 6\u00a0hours after magnesium before you take ciprofloxacin.")
    assert "before magnesium" not in text


def test_a_separation_without_hours_says_so(app: App) -> None:
    assert "no hours" in app.speech.interaction(rule_with({}), "en", "NL").plain


def test_equal_hours_are_said_once(app: App) -> None:
    text = app.speech.interaction(rule_with(dict.fromkeys(BOTH, "4 h")), "en", "NL").plain
    assert text.startswith("Leave at least 4\u00a0hours between ciprofloxacin and magnesium")


def test_a_number_to_call_stays_one_in_the_sentence(app: App) -> None:
    parts = app.speech.filled("Call {emergency} now.", {}, "en", "US").parts
    assert [part for part in parts if isinstance(part, Phone)] == [Phone("911", "911")]


def test_the_dutch_are_sent_to_their_doctor_and_not_to_a_poison_line(app: App) -> None:
    said = app.speech.filled("Bel {poison}.", {}, "nl", "NL").plain
    assert "huisarts" in said
    assert not any(character.isdigit() for character in said)


def test_a_phone_dials_digits_only() -> None:
    assert phone("+49 30 19240") == Phone("+49 30 19240", "+493019240")


def test_numbers_in_arabic_are_isolated_so_that_they_keep_their_order() -> None:
    assert fill("من {low} إلى", {"low": "30–50"}, "ar").plain == "من \u206830–50\u2069 إلى"


def test_a_hole_in_a_sentence_never_reaches_a_reader() -> None:
    with pytest.raises(KeyError):
        fill("Take {amount}.", {}, "en")


def test_slots_are_found() -> None:
    assert slots("Bel {emergency} bij {hours}.") == {"emergency", "hours"}


def test_a_missing_message_raises_instead_of_showing_its_key(app: App) -> None:
    with pytest.raises(KeyError):
        app.message("no.such.key", "nl")


def test_a_text_that_a_language_lacks_comes_from_another_and_says_so(app: App) -> None:
    topic = app.knowledge.substances["zinc"]
    for id_, claim in topic.claims.items():
        words = app.knowledge.words("de", "substances", "zinc")
        if claim.kind == "effect" and words and id_ not in words.claims:
            assert app.speech.claim("zinc", id_, claim, "de", "DE").language == "en"
            return
    raise AssertionError("zinc has an effect that German lacks")


def test_dutch_ij_is_one_letter() -> None:
    from helder.languages.speech import capitalised

    assert capitalised("ijzer", "nl") == "IJzer"
    assert capitalised("iron", "en") == "Iron"
