"""Text read from the right, vowel signs, digits of other scripts: what is seen → words in the order they are read."""

from __future__ import annotations

import pytest

from helder.languages.folding import fold
from helder.reports.layout import Cell, Line, lines_of, mirrored
from helder.reports.page import Box, Page, Word
from helder.reports.readers.glyphs import Glyph, words
from helder.reports.script import bracketed, letters_in_order, plain_digits, unmirrored, words_as_read


def _seen(text: str, x: float = 100.0, step: float = 5.0, space: bool = False) -> list[Glyph]:
    """Letters that stand beside each other from left to right as they are drawn."""
    return [
        Glyph(letter, x + step * i, 90, x + step * (i + 1), 100, 98, 10, after_space=space and i == 0)
        for i, letter in enumerate(text)
    ]


def _read(seen: str) -> str:
    """Words that stand beside each other from left to right, as they are read."""
    return " ".join(text for _, text in words_as_read(seen.split()))


@pytest.mark.parametrize(
    ("seen", "read"),
    [
        ("البيضاء الدم كريات", "كريات الدم البيضاء"),
        ("(WBC) البيضاء الدم كريات", "كريات الدم البيضاء (WBC)"),
        (")WBC( البيضاء الدم كريات", "كريات الدم البيضاء (WBC)"),
        ("T3 الحر (FT3)", "T3 الحر (FT3)"),
        ("IgG الألمانية الحصبة", "الحصبة الألمانية IgG"),
        ("146 - 136 المرجعية: القيم", "القيم المرجعية: 136 - 146"),
        ("mmol/L 5.0 - 3.5 المرجعية:", "المرجعية: 3.5 - 5.0 mmol/L"),
        ("HPF/ 13-10 القيمة:", "القيمة: 10-13 /HPF"),
        (")15.0 من (أقل", "(أقل من 15.0)"),
        ("CA 125 تحليل", "تحليل CA 125"),
        ("(OH-25) د فيتامين", "فيتامين د (25-OH)"),
        ("(g/dL (12.0 - 15.5 13.5 الهيموجلوبين", "الهيموجلوبين 13.5 g/dL (12.0 - 15.5)"),
        ("12.0 - 15.5", "12.0 - 15.5"),
        ("٥٫٠ - ٣٫٥", "٣٫٥ - ٥٫٠"),
        ("< ٥", "< ٥"),
    ],
)
def test_words_of_a_cell_come_in_the_order_they_are_read(seen: str, read: str) -> None:
    assert _read(seen) == read


@pytest.mark.parametrize(
    ("seen", "read"),
    [("ةبسن", "نسبة"), ("10:ددعلا", "العدد:10"), ("13.5", "13.5"), ("٥٫٠-٣٫٥", "٣٫٥-٥٫٠"), ("mg/dL", "mg/dL")],
)
def test_letters_of_a_word_come_in_the_order_they_are_read(seen: str, read: str) -> None:
    assert "".join(seen[i] for i in letters_in_order(seen)) == read


@pytest.mark.parametrize("order", [1, -1])
def test_letters_stored_either_way_make_the_same_word(order: int) -> None:
    assert [word.text for word in words(_seen("ةبسن")[::order])] == ["نسبة"]


def test_spaces_between_arabic_words_are_told_by_their_places() -> None:
    glyphs = [*_seen("مدلا", 60), *_seen("ةبسن", 90, space=True)]
    assert sorted(word.text for word in words(glyphs)) == ["الدم", "نسبة"]


def test_a_vowel_sign_belongs_to_the_letter_before_it_whatever_space_is_said() -> None:
    letters = [Glyph("ट", 10, 90, 15, 100, 98, 10), Glyph("ी", 18, 90, 21, 100, 98, 10, after_space=True)]
    assert [word.text for word in words(letters)] == ["टी"]


@pytest.mark.parametrize(
    ("printed", "plain"), [("٥٫٤", "5.4"), ("१२.५", "12.5"), ("١٬٢٠٠", "1,200"), ("٪", "%"), ("5.4", "5.4")]
)
def test_digits_of_other_scripts_are_read_as_numbers(printed: str, plain: str) -> None:
    assert plain_digits(printed) == plain
    word = Word(printed, Box(10, 10, 40, 20), Box(10, 10, 40, 20))
    (line,) = lines_of(Page(1, 595, 842, (word,), "digital"))
    (token,) = line.tokens
    assert (token.text, token.word.text) == (plain, printed)


def test_a_mirrored_page_has_its_name_first_and_its_words_in_order() -> None:
    placed = [("12.0", 100), ("الدم", 500), ("صورة", 525)]
    page_words = tuple(Word(text, Box(x, 10, x + 22, 20), Box(x, 10, x + 22, 20)) for text, x in placed)
    (line,) = lines_of(Page(1, 595, 842, page_words, "digital"))
    assert [cell.text for cell in line.cells] == ["12.0", "صورة الدم"]
    turned: Line = mirrored(line)
    cells: tuple[Cell, ...] = turned.cells
    assert [cell.text for cell in cells] == ["صورة الدم", "12.0"]
    assert cells[0].x0 < cells[1].x0


def test_a_line_that_its_source_gives_as_one_run_is_in_order_already() -> None:
    run = Word("كريات الدم البيضاء", Box(10, 10, 90, 20), Box(10, 10, 90, 20))
    (line,) = lines_of(Page(1, 595, 842, (run,), "picture"))
    assert line.text == "كريات الدم البيضاء"


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ([")WBC("], ["(WBC)"]),
        (["(", "MCV", "("], ["(", "MCV", ")"]),
        ([")العد", "الكلي)"], ["(العد", "الكلي)"]),
        (["المطلق("], ["المطلق)"]),
        (["]0.6", "1.2["], ["[0.6", "1.2]"]),
    ],
)
def test_brackets_come_out_the_right_way_round(given: list[str], meant: list[str]) -> None:
    assert bracketed(given) == meant


def test_signs_that_pdfium_turned_are_turned_back() -> None:
    assert "".join(unmirrored("نسبة 0.5 >2.5")) == "نسبة 0.5 <2.5"
    assert "".join(unmirrored("نسبة HDL 0.5 <2.5")) == "نسبة HDL 0.5 <2.5"
    assert "".join(unmirrored("ratio >2.5")) == "ratio >2.5"


@pytest.mark.parametrize(
    ("one", "other"), [("نسبة", "نسبه"), ("مستوى", "مستوي"), ("أملاح", "املاح"), ("الــدم", "الدم"), ("١٢", "12")]
)
def test_two_spellings_of_an_arabic_name_compare_as_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_names_that_differ_in_a_vowel_sign_stay_two() -> None:
    assert fold("टी") != fold("टा")
