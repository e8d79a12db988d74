"""Lab reports made by rule: one seed, one page; the truth is what is printed; the scorer sees mistakes."""

from __future__ import annotations

import re
import unicodedata
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pypdfium2
import pytest

from bench.reports import catalogue, degrade, generate, layers, odd, run
from bench.reports.canvas import Sheet, Text, width
from bench.reports.layouts import OPEN, Layout
from bench.reports.score import perfect, plain_name, plain_unit, score, wilson

ALL = (*generate.layouts(False), *generate.layouts(True))
SHAPED = ("ar", "hi")
PLAIN = [each for each in catalogue.languages() if each not in SHAPED]


def words_on(pdf: bytes) -> list[str]:
    """The text of each page without blanks, letters in their plainest form."""
    document = pypdfium2.PdfDocument(pdf)
    texts = [document[n].get_textpage().get_text_range() for n in range(len(document))]
    return [squeezed(text) for text in texts]


def squeezed(text: str) -> str:
    """A text without blanks and in lower case."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).replace("İ", "i").casefold()


def truth_of(seed: int = 3, layout: str = "plain-four", language: str = "en") -> dict[str, Any]:
    """The truth of a report."""
    return generate.lay_out(seed, layout, language).truth


# What the data hold


def test_every_test_has_names_units_and_measures_in_every_country():
    assert catalogue.check() == []
    assert len(catalogue.tests()) >= 110
    assert len(catalogue.languages()) == 12


def test_there_are_enough_layouts_and_the_held_out_ones_are_others():
    assert len(OPEN) >= 16
    assert len(generate.layouts(True)) >= 8
    assert len({layout.id for layout in ALL}) == len(ALL) >= 24


# Pages


@pytest.mark.parametrize(("layout", "language"), [("two-tables", "nl"), ("glyphs", "fr"), ("cumulative", "hi")])
def test_the_same_seed_gives_the_same_bytes(layout: str, language: str):
    assert generate.make(11, layout, language) == generate.make(11, layout, language)
    assert generate.make(11, layout, language)[1] != generate.make(12, layout, language)[1]


@pytest.mark.parametrize("layout", ALL, ids=lambda layout: layout.id)
def test_every_layout_can_be_printed_in_every_language_without_one_text_over_another(layout: Layout):
    short = replace(layout, rows=(4, 9))
    for language in catalogue.languages():
        laid = generate.lay_out(5, short, language)
        assert laid.truth["rows"], language
        assert all(row["page"] <= len(laid.sheets) for row in laid.truth["rows"])
        for sheet in laid.sheets:
            assert overlapping(sheet) == [], language


def overlapping(sheet: Sheet) -> list[tuple[str, str]]:
    """Texts of a sheet that stand over one another or beyond its edge."""
    boxes = []
    for item in sheet.items:
        if isinstance(item, Text) and item.text.strip():
            wide = width(item.text, item.font, item.size, item.bold)
            left = item.x - {"l": 0, "r": wide, "c": wide / 2}[item.align]
            boxes.append((left, item.y - item.size * 0.55, left + wide, item.y, item.text))
    boxes.sort()
    found = [("edge", box[4]) for box in boxes if box[0] < -1 or box[2] > sheet.width + 1 or box[3] > sheet.height]
    for n, first in enumerate(boxes):
        for other in boxes[n + 1 :]:
            if other[0] > first[2] - 0.7:
                break
            if first[1] < other[3] - 0.3 and other[1] < first[3] - 0.3:
                found.append((first[4], other[4]))
    return found


@pytest.mark.parametrize(("number", "layout"), list(enumerate(ALL)), ids=[layout.id for layout in ALL])
def test_what_the_truth_says_is_on_the_page(number: int, layout: Layout):
    if layout.engine == "chromium":
        pytest.skip("drawn by the browser; one is enough, see below")
    pdf, truth = generate.make(21, layout, PLAIN[number % len(PLAIN)])
    assert_printed(pdf, truth)


def test_what_the_truth_says_is_on_a_page_drawn_by_the_browser():
    assert_printed(*generate.make(21, "bars", "uk"))


def assert_printed(pdf: bytes, truth: dict[str, Any]) -> None:
    """Every row's name, value and unit stand on the row's page; the head's name stands on the first."""
    pages = words_on(pdf)
    assert len(pages) == truth["document"]["pages"]
    for row in truth["rows"]:
        page = pages[row["page"] - 1]
        for part in (*row["name"].split(), row["printed"], row["unit"] or ""):
            assert squeezed(part) in page, (part, row)
    if truth["document"]["patient"]:
        assert squeezed(truth["document"]["patient"]) in pages[0]


def test_numbers_of_arabic_and_hindi_reports_can_be_taken_from_the_page():
    for language in SHAPED:
        pdf, truth = generate.make(4, "us-flagged", language)
        page = "".join(words_on(pdf))
        numbers = [row["printed"] for row in truth["rows"] if row["printed"].replace(".", "").isdigit()]
        assert numbers
        assert all(number in page for number in numbers), language


def test_a_flag_is_printed_only_beside_a_result_out_of_range():
    for seed in range(12):
        for row in truth_of(seed, "us-flagged")["rows"]:
            ends = row["range"]
            if row["flag"] in ("high", "critical_high") and ends["high"]:
                assert float(row["value"]) >= float(ends["high"])
            if row["flag"] in ("low", "critical_low") and ends["low"]:
                assert float(row["value"]) <= float(ends["low"])


def test_a_differential_adds_up_to_a_hundred():
    laid = generate.lay_out(1, replace(ALL[0], rows=(170, 170)), "en", country="GB")
    shares = [float(row["value"]) for row in laid.truth["rows"] if row["test"].endswith("-percent")]
    assert len(shares) >= 5
    cells = {row["test"]: float(row["value"]) for row in laid.truth["rows"] if row["section"] == "differential"}
    parts = ("neutrophils", "lymphocytes", "monocytes", "eosinophils", "basophils")
    assert sum(cells.get(f"{part}-percent", 0) for part in parts) <= 102


# Pictures


def test_a_picture_is_the_same_for_the_same_seed_and_can_be_turned():
    pdf, _ = generate.make(2, "small-sheet", "nl")
    straight = degrade.picture(pdf, "scan", 1)
    assert straight == degrade.picture(pdf, "scan", 1)
    assert straight != degrade.picture(pdf, "scan", 2)
    turned = degrade.picture(pdf, "clean_scan", 1, turned=90)
    assert turned[:2] == b"\xff\xd8"


def test_a_scanned_pdf_has_the_same_pages_and_no_text():
    pdf, truth = generate.make(2, "small-sheet", "nl")
    scanned = words_on(degrade.scanned_pdf(pdf, "clean_scan", 1))
    assert scanned == [""] * truth["document"]["pages"]


def test_the_unseen_text_behind_a_scan_has_mistakes_that_the_picture_has_not():
    pdf, _ = generate.make(2, "small-sheet", "nl")
    sheets = generate.lay_out(2, "small-sheet", "nl").sheets
    behind = words_on(layers.scan_with_text(sheets, pdf, 1, share=0.2))
    assert behind[0]
    assert behind != words_on(pdf)
    assert behind == words_on(layers.scan_with_text(sheets, pdf, 1, share=0.2))


def test_a_page_marked_as_turned_keeps_its_words():
    pdf, truth = generate.make(2, "small-sheet", "nl")
    assert_printed(layers.rotated(pdf, 90), truth)


# Odd pages


def test_there_are_at_least_forty_odd_pages_in_most_languages():
    truths = [odd.truth(name) for name in odd.names()]
    assert len(truths) >= 40
    assert len({truth["document"]["language"] for truth in truths}) >= 10
    assert {truth["kind"] for truth in truths} >= {
        "lab",
        "letter",
        "prescription",
        "medicine_list",
        "imaging",
        "invoice",
    }


@pytest.mark.parametrize("name", odd.names())
def test_an_odd_page_holds_what_its_truth_says(name: str):
    truth = odd.truth(name)
    found = score(truth, perfect(truth))
    assert found.failures == []
    if truth["document"]["language"] in SHAPED:
        return
    page = "".join(words_on(odd.pdf(name)))
    for row in truth["rows"]:
        for part in row["name"].split():
            assert squeezed(part) in page, row
    for trap in truth["traps"]:
        assert all(squeezed(part) in page for part in trap.split()), trap


# The scorer


def test_a_perfect_answer_has_no_failures():
    for layout in ALL:
        truth = truth_of(9, layout.id, "de")
        found = score(truth, perfect(truth))
        assert (found.rows, found.failures, found.sure_wrong) == (found.fully_right, [], [])


def test_a_changed_digit_is_a_wrong_value_and_is_listed_when_it_was_marked_sure():
    truth = truth_of()
    row = next(row for row in truth["rows"] if "." in row["value"])
    answer = perfect(truth)
    answer["readings"][truth["rows"].index(row)]["value"] = row["value"].replace(".", "")
    found = score(truth, answer)
    assert (found.wrong_values, found.fully_right) == (1, found.rows - 1)
    assert [failure.row for failure in found.sure_wrong] == [row["name"]]
    answer["readings"][truth["rows"].index(row)]["sure"] = False
    assert score(truth, answer).sure_wrong == []


def test_a_lost_comparator_is_a_wrong_value():
    truth = truth_of()
    truth["rows"][0] |= {"value": "0.01", "comparator": "<"}
    answer = perfect(truth)
    answer["readings"][0]["comparator"] = None
    found = score(truth, answer)
    assert (found.wrong_values, found.right["comparator"]) == (1, found.rows - 1)


def test_an_invented_and_a_missed_row_are_counted():
    truth = truth_of()
    answer = perfect(truth)
    del answer["readings"][1]
    answer["readings"].append({"name": "Page", "value": "2", "page": 1, "sure": True})
    found = score(truth, answer)
    assert (found.missed, found.invented, len(found.sure_wrong)) == (1, 1, 1)


def test_a_wrong_range_unit_flag_and_test_are_counted_each():
    truth = truth_of()
    at = next(n for n, row in enumerate(truth["rows"]) if row["range"]["low"] and row["range"]["high"] and row["unit"])
    answer = perfect(truth)
    answer["readings"][at] |= {"unit": "furlong", "range": {"low": "1", "high": "2"}, "test": "zinc-in-hair"}
    answer["readings"][at]["flag"] = {None: "high"}.get(truth["rows"][at]["flag"])
    found = score(truth, answer)
    whole = found.rows
    assert [found.right[each] for each in ("unit", "range", "flag")] == [whole - 1] * 3
    assert (found.tests["wrong"], found.tests["right"]) == (1, whole - 1)


def test_a_star_may_be_read_with_the_direction_of_the_result_but_not_with_the_other():
    row = truth_of()["rows"][0] | {"flag": "abnormal", "direction": "high", "marked": False}
    truth = truth_of() | {"rows": [row]}
    answer = perfect(truth)
    for flag, right in (("*", 1), ("high", 1), ("low", 0), (None, 0)):
        answer["readings"][0]["flag"] = flag
        assert score(truth, answer).right["flag"] == right, flag


def test_an_optional_row_may_be_left_out_but_not_be_wrong():
    truth = odd.truth("results-follow")
    answer = perfect(truth)
    kept = deepcopy(answer)
    kept["readings"] = [reading for reading in answer["readings"] if reading["name"] in ("Natrium", "Kreatinine")]
    assert score(truth, kept).failures == []
    kept["readings"].append({"name": "Kalium", "value": "3.5", "unit": "mmol/l", "page": 1, "sure": True})
    assert score(truth, kept).wrong_values == 1


def test_an_earlier_result_under_its_own_date_is_not_invented():
    truth = truth_of(3, "cumulative")
    row = next(row for row in truth["rows"] if row["previous"])
    earlier = row["previous"][0]
    answer = perfect(truth)
    answer["readings"].append(
        {"name": row["name"], "value": earlier["value"], "unit": row["unit"], "page": 1, "collected": earlier["date"]}
    )
    assert score(truth, answer).invented == 0
    answer["readings"][-1]["collected"] = None
    assert score(truth, answer).invented == 1


def test_names_and_units_are_compared_without_what_printers_differ_in():
    assert plain_name("TSH ¹") == plain_name("tsh") == plain_name("T.S.H.*")
    assert plain_name("Natrium") != plain_name("Kalium")
    assert plain_unit("×10⁹/L") == plain_unit("10^9/l") == plain_unit("x 10*9/L") == plain_unit("10E9/L")
    assert plain_unit("µmol/L") == plain_unit("umol/l") == plain_unit("μmol/L")
    assert plain_unit("mmol/L") != plain_unit("mmol/mol")


def test_the_interval_is_wilsons():
    low, high = wilson(98, 100)
    assert (round(low, 3), round(high, 3)) == (0.930, 0.994)
    assert wilson(0, 0) == (0.0, 1.0)


# The runner


def test_a_reader_that_breaks_or_sees_nothing_is_told_by_name():
    pages = list(run.digital(1, languages=["nl"]))[:3]

    def read(data: bytes, name: str) -> dict[str, Any]:
        assert data.startswith(b"%PDF")
        if name.startswith("us-flagged"):
            raise ValueError("no such thing")
        return {"document": {}, "readings": []}

    summary = run.measure(read, pages)
    whole = summary.total("group")
    assert whole.missed == whole.rows > 0
    assert [name.split()[0] for name, _ in summary.broken] == ["us-flagged"]
    assert "us-flagged nl" in run.failures(summary)
    assert "open digital" in run.table(summary)


def test_a_full_run_reads_more_than_six_hundred_pages():
    pages = list(run.usual())
    assert len(pages) > 600
    assert {page.group for page in pages} == {"open", "held-out", "odd"}
    assert {page.medium for page in pages} == {"digital", "text", *run.USUAL}
