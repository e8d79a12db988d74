"""Reading lab reports: what kind of file it is, its letters as words, its crooked lines made level."""

from __future__ import annotations

import io
import math

import numpy as np
import pytest
from PIL import Image

from helder.reports.page import Box, Page, Refused, Word
from helder.reports.readers.decode import count_frames, frame, open_picture
from helder.reports.readers.engine import Letter, Line
from helder.reports.readers.files import Limits, Unreadable, open_file, read_file
from helder.reports.readers.glyphs import Glyph, readable, words
from helder.reports.readers.kind import kind_of
from helder.reports.readers.level import straighten
from helder.reports.readers.lines import Part, ink, parts
from helder.reports.readers.pdf import open_pdf, read_layer
from helder.reports.readers.raised import Spot, apart, spelled
from helder.reports.readers.sandbox import filter_program
from helder.reports.readers.text import decode, read_table, read_text
from tests.data.reports.files.hostile import FONT, HELVETICA, page, pdf, stream

BOLD = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold>>"


def digital(content: bytes, more: bytes = b"", fonts: bytes = b"") -> Page:
    """The digital page of drawing commands, as it is read."""
    resources = b"<</Font<</F 5 0 R/B 6 0 R" + fonts + b">>>>"
    made = pdf([*page(stream(content), resources=resources, more=more), FONT, BOLD])
    return read_layer(open_pdf(made), 1).page


def texts(found: Page) -> list[str]:
    return [word.text for word in found.words]


class TestKind:
    """A file is what is in it; a name is never asked."""

    @pytest.mark.parametrize(
        ("content", "kind"),
        [
            (b"", "empty"),
            (b" \r\n\0", "empty"),
            (b"%PDF-1.4\n", "pdf"),
            (b"\xef\xbb\xbf junk %PDF-1.4\n", "pdf"),
            (b"\x89PNG\r\n\x1a\n....", "png"),
            (b"\xff\xd8\xff\xe0....", "jpeg"),
            (b"RIFF\0\0\0\0WEBPVP8 ", "webp"),
            (b"II*\0....", "tiff"),
            (b"\0\0\0\x18ftypheic\0\0", "heic"),
            (b"PK\x03\x04....", "zip"),
            (b"PK\x03\x04....word/document.xml", "docx"),
            (b"MSH|^~\\&|LAB|", "hl7"),
            (b"\x0bMSH|^~\\&|LAB|", "hl7"),
            (b"01380008220\r\n014810000204\r\n", "ldt"),
            (b'{"resourceType": "Bundle"}', "json"),
            (b'<?xml version="1.0"?><Bundle/>', "xml"),
            (b"<!DOCTYPE html><html></html>", "html"),
            (b"Test;Value;Unit\nHb;8,9;mmol/L\nK;4,2;mmol/L\n", "csv"),
            ("Hemoglobine  8,9  mmol/L\nKreatinine  81  µmol/L".encode("cp1252"), "text"),
            ("Hemoglobine 8,9".encode("utf-16"), "text"),
            (b"{not json", "text"),
            (bytes(range(256)) * 40, "unknown"),
        ],
    )
    def test_by_content(self, content: bytes, kind: str) -> None:
        assert kind_of(content) == kind


class TestText:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
    def test_letters_beyond_ascii_in_any_encoding(self, encoding: str) -> None:
        assert decode("Kreatinine 81 µmol/L, größer".encode(encoding)) == "Kreatinine 81 µmol/L, größer"

    def test_columns_keep_their_places(self) -> None:
        (found,) = read_text("Hb       8,9  mmol/L\nKalium   4,2  mmol/L\n")
        value = [word.box.x0 for word in found.words if word.text in ("8,9", "4,2")]
        assert value == [54.0, 54.0]
        assert [word.box.y0 for word in found.words if word.text == "4,2"] == [12.0]

    def test_a_tab_goes_to_the_next_stop_and_a_form_feed_to_the_next_page(self) -> None:
        first, second = read_text("K\t4,2\fNa\t139")
        assert first.words[1].box.x0 == second.words[1].box.x0 == 48.0
        assert (first.number, second.number) == (1, 2)

    def test_a_table_stands_in_columns(self) -> None:
        (found,) = read_table('Test;Value\n"Vitamin B12; active";310\nK;"4,2"\n')
        assert len({word.box.x0 for word in found.words if word.text in ("Value", "310", "4,2")}) == 1

    def test_an_open_quote_loses_nothing(self) -> None:
        found = list(read_table('a;b;c\n"' + "x;y;z\n" * 50_000))
        assert sum(len(one.words) for one in found) > 40_000


class TestWords:
    """Letters as words: the digits of a value are those that stand on its line."""

    @staticmethod
    def letters(text: str, x: float, y: float = 100, size: float = 10) -> list[Glyph]:
        step = size * 0.5
        return [
            Glyph(c, x + i * step, y - 0.8 * size, x + (i + 1) * step, y + 0.2 * size, y, size)
            for i, c in enumerate(text)
        ]

    def test_a_gap_parts_words_and_a_space_needs_none_so_wide(self) -> None:
        near = [*self.letters("4,2", 0), Glyph(" ", 15, 92, 18, 102, 100, 10), *self.letters("mmol/L", 18)]
        assert [w.text for w in words(near)] == ["4,2", "mmol/L"]
        assert [w.text for w in words(self.letters("139", 0) + self.letters("mmol/L", 40))] == ["139", "mmol/L"]

    def test_a_footnote_is_no_digit_of_the_value(self) -> None:
        found = words(self.letters("5,4", 0) + self.letters("1", 15, 96, 6))
        assert [(w.text, w.raised) for w in found] == [("5,4", False), ("1", True)]

    def test_a_footnote_written_last_of_all_still_finds_its_value(self) -> None:
        glyphs = self.letters("5,4", 0) + self.letters("mmol/L", 40) + self.letters("139", 0, 120)
        found = words(glyphs + self.letters("1", 15, 96, 6))
        assert [(w.text, w.raised) for w in found] == [("5,4", False), ("1", True), ("mmol/L", False), ("139", False)]

    def test_the_power_of_a_ten_is_said_as_one(self) -> None:
        found = words(self.letters("x10", 0) + self.letters("9", 15, 96, 6) + self.letters("/L", 18))
        assert [w.text for w in found] == ["x10^9/L"]

    def test_ten_with_a_footnote_stays_ten(self) -> None:
        found = words(self.letters("10", 0) + self.letters("1", 10, 96, 6) + self.letters("H", 60))
        assert [(w.text, w.raised) for w in found] == [("10", False), ("1", True), ("H", False)]

    def test_square_metres_stay_square(self) -> None:
        found = words(self.letters("1,73", 0) + self.letters("m", 25) + self.letters("2", 30, 96, 6))
        assert [w.text for w in found] == ["1,73", "m²"]

    def test_lowered_figures_belong_to_their_word(self) -> None:
        found = words(self.letters("HbA", 0) + self.letters("1c", 15, 102, 6))
        assert [w.text for w in found] == ["HbA1c"]

    @pytest.mark.parametrize(("printed", "read"), [("5,4¹", ["5,4", "1"]), ("x10⁹/L", ["x10^9/L"]), ("m²", ["m²"])])
    def test_raised_characters_count_as_raised_letters(self, printed: str, read: list[str]) -> None:
        assert [w.text for w in words(self.letters(printed, 0))] == read

    def test_bold_by_drawing_twice_is_read_once(self) -> None:
        twice = [g for one in self.letters("139", 0) for g in (one, one._replace(x0=one.x0 + 0.3, x1=one.x1 + 0.3))]
        again = self.letters("4,2", 50) + self.letters("4,2", 50.3)
        assert [(w.text, w.bold) for w in words(twice + again)] == [("139", True), ("4,2", True)]

    @pytest.mark.parametrize(("seen", "meant"), [("ﬂ", "fl"), ("\u00ad", "-"), ("\x02", "-"), ("ﻼ", "لا"), ("µ", "µ")])
    def test_characters_as_they_are_meant(self, seen: str, meant: str) -> None:
        assert readable(seen) == meant


class TestPdf:
    def test_words_stand_where_they_are_drawn(self) -> None:
        found = digital(b"BT /F 10 Tf 50 700 Td (Kalium) Tj 200 0 Td (4,2) Tj 80 0 Td (mmol/L) Tj ET")
        assert texts(found) == ["Kalium", "4,2", "mmol/L"]
        value = found.words[1].box
        assert value.x0 == pytest.approx(250, abs=0.5)
        assert value.y0 < 842 - 700 < value.y1
        assert (found.width, found.height, found.source) == (595, 842, "digital")

    @pytest.mark.parametrize("turn", [0, 90, 180, 270])
    def test_a_rotated_page_reads_from_its_top_left(self, turn: int) -> None:
        """The same drawing seen upright: the page's own rotation undoes the one of the text."""
        matrix = {0: b"1 0 0 1 50 700", 90: b"0 1 -1 0 142 50", 180: b"-1 0 0 -1 545 142", 270: b"0 -1 1 0 453 792"}
        found = digital(
            b"BT /F 10 Tf " + matrix[turn] + b" Tm (Kalium) Tj 100 0 Td (4,2) Tj ET", more=b"/Rotate %d" % turn
        )
        assert texts(found) == ["Kalium", "4,2"]
        name, value = (word.box for word in found.words)
        assert name.x0 < value.x0
        assert name.y0 == pytest.approx(value.y0, abs=0.5)
        assert {word.turned for word in found.words} == {0}
        assert found.straight is None

    def test_a_page_printed_sideways_is_made_straight(self) -> None:
        found = digital(b"BT /F 10 Tf 0 1 -1 0 100 100 Tm (Kalium) Tj 100 0 Td (4,2) Tj ET")
        name, value = found.words
        assert found.straight == (842, 595)
        assert name.box.y0 == pytest.approx(value.box.y0, abs=0.5)
        assert name.place.x0 == pytest.approx(value.place.x0, abs=0.5)
        assert name.place.y0 > value.place.y0

    def test_text_up_the_margin_is_told_apart(self) -> None:
        found = digital(
            b"BT /F 10 Tf 50 700 Td (Kalium 4,2 mmol/L) Tj ET BT /F 8 Tf 0 1 -1 0 20 100 Tm (Versie 3) Tj ET"
        )
        assert {word.text: word.turned for word in found.words}["Versie"] == 3
        assert {word.text: word.turned for word in found.words}["4,2"] == 0

    def test_bold_is_seen(self) -> None:
        found = digital(b"BT /F 10 Tf 50 700 Td (4,2) Tj /B 10 Tf 80 0 Td (H) Tj ET")
        assert [(word.text, word.bold) for word in found.words] == [("4,2", False), ("H", True)]

    @pytest.mark.parametrize(
        "hidden",
        [
            pytest.param(b"BT 3 Tr /F 10 Tf 50 600 Td (Kalium 9,9) Tj ET", id="invisible"),
            pytest.param(b"BT 1 1 1 rg /F 10 Tf 50 600 Td (Kalium 9,9) Tj ET", id="white on white"),
            pytest.param(b"BT /F 10 Tf 700 600 Td (Kalium 9,9) Tj ET", id="off the page"),
            pytest.param(b"BT /F 1 Tf 50 600 Td (Kalium 9,9) Tj ET", id="smaller than eyes can see"),
        ],
    )
    def test_what_nobody_sees_is_not_read(self, hidden: bytes) -> None:
        assert texts(digital(b"BT /F 10 Tf 50 700 Td (Kalium 4,2) Tj ET " + hidden)) == ["Kalium", "4,2"]

    def test_white_letters_in_a_dark_heading_are_read(self) -> None:
        drawn = b"0 0 0.5 rg 40 590 300 30 re f BT 1 1 1 rg /F 10 Tf 50 600 Td (Bepaling) Tj ET"
        assert texts(digital(drawn)) == ["Bepaling"]

    def test_hebrew_comes_in_the_order_it_is_read(self) -> None:
        """Letters are drawn from left to right as they look: gimel, bet, alef; the word is alef, bet, gimel."""
        table = stream(
            b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap 1 begincodespacerange <00> <FF> "
            b"endcodespacerange 3 beginbfchar <61> <05D2> <62> <05D1> <63> <05D0> endbfchar endcmap end end"
        )
        font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>"
        content = stream(b"BT /F 12 Tf 50 700 Td (abc) Tj 100 0 Td (4) Tj ET")
        made = pdf([*page(content, resources=HELVETICA), font, table])
        assert "אבג" in texts(read_layer(open_pdf(made), 1).page)

    def test_a_layer_of_letters_without_meaning_is_not_believed(self) -> None:
        table = stream(
            b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap 1 begincodespacerange <00> <FF> "
            b"endcodespacerange 1 beginbfrange <20> <7E> <E020> endbfrange endcmap end end"
        )
        font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>"
        made = pdf(
            [*page(stream(b"BT /F 12 Tf 50 700 Td (Kalium 4,2 mmol/L) Tj ET"), resources=HELVETICA), font, table]
        )
        assert not read_layer(open_pdf(made), 1).real

    @pytest.mark.parametrize(
        ("drawn", "real"),
        [
            pytest.param(b"q 595 0 0 842 0 0 cm /I Do Q BT 3 Tr /F 10 Tf 50 700 Td (%s) Tj ET", False, id="scan"),
            pytest.param(b"BT /F 10 Tf 50 700 Td (%s) Tj ET q 595 0 0 842 0 0 cm /I Do Q", False, id="text beneath it"),
            pytest.param(b"q 60 0 0 60 500 750 cm /I Do Q BT /F 10 Tf 50 700 Td (%s) Tj ET", True, id="a logo"),
        ],
    )
    def test_a_scan_with_somebodys_guess_of_its_text_is_read_anew(self, drawn: bytes, real: bool) -> None:
        image = stream(
            b"\x80", b"/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray"
        )
        resources = b"<</Font<</F 5 0 R>>/XObject<</I 6 0 R>>>>"
        made = pdf([*page(stream(drawn % (b"Kalium 4,2 mmol/L " * 6)), resources=resources), FONT, image])
        assert read_layer(open_pdf(made), 1).real is real

    def test_a_page_of_its_own_text_is_believed_and_an_empty_one_is_blank(self) -> None:
        line = b"0 -14 Td (Kalium 4,2 mmol/L 3,5 - 5,0) Tj "
        made = pdf([*page(stream(b"BT /F 10 Tf 50 700 Td " + line * 5 + b"ET"), resources=HELVETICA), FONT])
        assert read_layer(open_pdf(made), 1).real
        empty = read_layer(open_pdf(pdf(page(stream(b"")))), 1)
        assert empty.blank


class TestPicture:
    @staticmethod
    def saved(image: Image.Image, form: str, **options: object) -> bytes:
        out = io.BytesIO()
        image.save(out, form, **options)
        return out.getvalue()

    def test_a_photo_held_sideways_is_set_upright(self) -> None:
        exif = Image.Exif()
        exif[0x0112] = 6
        content = self.saved(Image.new("RGB", (800, 600), "white"), "JPEG", exif=exif.tobytes())
        found = frame(open_picture(content, "jpeg", 10**8), 1, 10**8)
        assert found.picture.shape == (800, 600, 3)
        assert found.size == pytest.approx((631.5, 842))

    def test_each_page_of_a_tiff(self) -> None:
        pages = [Image.new("L", (827, 1169), level) for level in (255, 100, 0)]
        content = self.saved(pages[0], "TIFF", save_all=True, append_images=pages[1:], dpi=(100, 100))
        image = open_picture(content, "tiff", 10**8)
        assert count_frames(image) == 3
        assert [int(frame(image, n, 10**8).picture.mean()) for n in (1, 2, 3)] == [255, 100, 0]
        assert frame(image, 1, 10**8).size == pytest.approx((595.4, 841.7), abs=0.1)

    def test_the_squeezed_lines_of_a_fax_are_stretched(self) -> None:
        content = self.saved(Image.new("1", (1728, 1100), 1), "TIFF", dpi=(204, 98))
        found = frame(open_picture(content, "tiff", 10**8), 1, 10**8)
        high, wide = found.picture.shape[:2]
        assert wide / high == pytest.approx(found.size[0] / found.size[1], abs=0.01)

    def test_what_is_see_through_is_paper(self) -> None:
        content = self.saved(Image.new("RGBA", (400, 400), (0, 0, 0, 0)), "PNG")
        assert int(frame(open_picture(content, "png", 10**8), 1, 10**8).picture.min()) == 255

    def test_a_bomb_is_refused_before_it_is_unpacked(self) -> None:
        content = self.saved(Image.new("1", (6000, 6000)), "PNG")
        with pytest.raises(Refused, match="bomb"):
            open_picture(content, "png", 10**7)


class TestLevel:
    """A crooked page: words of a line share its height, words of a column their edge."""

    @staticmethod
    def page(bend: float, turn: float, fan: float) -> np.ndarray:
        """Boxes of 30 lines of 4 cells, each 90 × 20, on a page that is bent, turned and seen at an angle."""
        boxes = [(x, 100 + 40 * row) for row in range(30) for x in (100, 500, 700, 900)]

        def crooked(x: float, y: float) -> tuple[float, float]:
            y = y + bend * math.sin(math.pi * x / 1200)
            x, y = x + fan * (x - 600) * (y - 700) / 1400, y + 0.4 * fan * (x - 600) * (y - 700) / 1400
            return x - turn * (y - 700), y + turn * (x - 600)

        corners = [[crooked(*p) for p in ((x, y), (x + 90, y), (x + 90, y + 20), (x, y + 20))] for x, y in boxes]
        return np.array(corners, np.float32)

    @pytest.mark.parametrize(
        ("bend", "turn", "fan"), [(0, 0, 0), (0, 0.05, 0), (45, 0, 0), (0, 0, 0.15), (30, 0.03, 0.1)]
    )
    def test_lines_and_columns(self, bend: float, turn: float, fan: float) -> None:
        boxes = self.page(bend, turn, fan)
        way = straighten(boxes, 1200, 1400)
        centres = boxes.mean(axis=1).astype(float)
        left = boxes[:, [0, 3]].mean(axis=1).astype(float)
        _, y = way.points(centres[:, 0], centres[:, 1])
        x, _ = way.points(left[:, 0], left[:, 1])
        lines, columns = y.reshape(30, 4), x.reshape(30, 4)
        assert float(np.ptp(lines, axis=1).max()) < 8, "of 40 from line to line"
        assert bool((np.diff(lines.mean(axis=1)) > 20).all())
        assert float(columns.std(axis=0).max()) < 14

    def test_no_box_and_one_box(self) -> None:
        assert straighten(np.zeros((0, 4, 2), np.float32), 100, 100).lean == 0
        one = straighten(self.page(0, 0.05, 0)[:1], 1200, 1400)
        assert one.lean == pytest.approx(0.05, abs=0.01)


class TestLines:
    """A crop with what two readers say of it → words with edges."""

    @staticmethod
    def crop(*blocks: tuple[int, int], wide: int = 400) -> np.ndarray:
        """Paper with blocks of ink from one x to another."""
        paper = np.full((40, wide, 3), 240, np.uint8)
        for a, b in blocks:
            paper[8:32, a:b] = 30
        return paper

    @staticmethod
    def line(text: str, a: float, b: float, certainty: float = 0.99) -> list[Letter]:
        step = (b - a) / len(text)
        return [Letter(c, certainty, a + step * (i + 0.5)) for i, c in enumerate(text)]

    def test_words_take_their_edges_from_the_ink(self) -> None:
        crop = self.crop((20, 120), (140, 240))
        line = Line((*self.line("Vrij", 0.05, 0.3), Letter(" ", 0.9, 0.32), *self.line("T4", 0.35, 0.6)))
        found = parts(crop, ink(crop), line, None)
        assert [(p.text, p.x0, p.x1) for p in found] == [("Vrij", 20, 120), ("T4", 140, 240)]

    def test_a_wide_stretch_of_paper_parts_words_without_a_space(self) -> None:
        crop = self.crop((20, 80), (300, 380))
        line = Line((*self.line("Hb", 0.05, 0.2), *self.line("8,9", 0.75, 0.95)))
        assert [p.text for p in parts(crop, ink(crop), line, None)] == ["Hb", "8,9"]

    def test_the_second_reader_is_laid_over_by_place(self) -> None:
        crop = self.crop((20, 80), (300, 380))
        first = Line((*self.line("Hb", 0.05, 0.2), Letter(" ", 0.9, 0.5), *self.line("8,9", 0.75, 0.95)))
        second = Line(tuple(self.line("Hb", 0.05, 0.2) + self.line("8.9", 0.75, 0.95)))
        assert [(p.text, p.second) for p in parts(crop, ink(crop), first, second)] == [("Hb", "Hb"), ("8,9", "8.9")]

    def test_a_word_is_as_sure_as_its_least_sure_letter(self) -> None:
        crop = self.crop((20, 120))
        line = Line((*self.line("13", 0.05, 0.2), *self.line("9", 0.2, 0.3, certainty=0.4)))
        assert parts(crop, ink(crop), line, None)[0].certainty == 0.4


class TestRaised:
    """`5,4¹` is never 5,41: what stands above the line is set apart, or the word is doubted."""

    @staticmethod
    def says(text: str) -> Line:
        return Line(tuple(Letter(c, 0.99, 0.5) for c in text))

    @pytest.mark.parametrize(
        ("read", "words_of_it"),
        [("7,5²", [("7,5", False), ("2", True)]), ("x10³/L", [("x10^3/L", False)]), ("1,73m²", [("1,73m²", False)])],
    )
    def test_what_the_reader_wrote_as_raised(self, read: str, words_of_it: list[tuple[str, bool]]) -> None:
        assert [(p.text, p.raised) for p in spelled(Part(read, 0.9, 0, 100, read))] == words_of_it

    def test_a_mark_glued_to_a_value_is_cut_off_and_the_value_doubted(self) -> None:
        found = apart(
            Part("5,41", 0.97, 0, 60, "5,41"), Spot(45, 0, 55, 15, 1, 2, True), self.says("1"), self.says("1")
        )
        assert [(p.text, p.raised) for p in found] == [("5,4", False), ("1", True)]
        assert found[0].certainty <= 0.5

    def test_where_the_figures_do_not_come_out_even_nothing_is_cut(self) -> None:
        found = apart(Part("541", 0.97, 0, 60), Spot(45, 0, 55, 15, 1, 1, True), self.says("1"), self.says("1"))
        assert [(p.text, p.certainty) for p in found] == [("541", 0.5)]

    @pytest.mark.parametrize("read", ["x10/L", "x10°/L", "x10%/L", "x10^{/L"])
    def test_a_power_is_read_by_itself(self, read: str) -> None:
        found = apart(Part(read, 0.6, 0, 60), Spot(30, 0, 40, 15, 1, 2, False), self.says("9"), self.says("9"))
        assert [p.text for p in found] == ["x10^9/L"]

    def test_a_printed_caret_is_no_power_to_be_read(self) -> None:
        found = apart(Part("10^9/L", 0.99, 0, 60), Spot(30, 0, 40, 15, 1, 2, False), self.says("^"), self.says("A"))
        assert [(p.text, p.certainty) for p in found] == [("10^9/L", 0.99)]


class TestFiles:
    @pytest.mark.parametrize(
        ("content", "key"),
        [(b"", "empty"), (b"PK\x03\x04", "unknown_kind"), (b"{}", "structured"), (b"%PDF-1.7", "damaged")],
    )
    def test_what_cannot_be_read_is_named(self, content: bytes, key: str) -> None:
        assert [one.key for one in read_file(content) if isinstance(one, Unreadable)] == [key]

    def test_a_file_over_a_limit_is_refused_whole(self) -> None:
        with pytest.raises(Refused, match="too_large"):
            open_file(b"Kalium 4,2", Limits(bytes=5))

    def test_text_has_no_picture(self) -> None:
        with pytest.raises(Refused, match="no_picture"):
            open_file(b"Kalium 4,2", Limits()).look(1)


class TestFilter:
    """The list of forbidden calls as the kernel reads it: every jump lands inside it, its last word is allow."""

    @pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
    def test_every_jump_lands(self, machine: str) -> None:
        program = filter_program(machine)
        assert program is not None
        steps = np.frombuffer(program, np.dtype([("code", "<u2"), ("yes", "u1"), ("no", "u1"), ("k", "<u4")]))
        for at, step in enumerate(steps):
            if step["code"] in (0x15, 0x35, 0x45):
                assert at + 1 + max(int(step["yes"]), int(step["no"])) < len(steps)
        assert (int(steps[-1]["code"]), int(steps[-1]["k"])) == (0x06, 0x7FFF0000)

    def test_a_machine_without_numbers_has_no_filter(self) -> None:
        assert filter_program("riscv64") is None


def test_a_word_of_a_page_of_text_is_where_it_was_given() -> None:
    (found,) = read_text("Hb")
    assert found.words == (Word("Hb", Box(0, 0, 12, 12), Box(0, 0, 12, 12)),)
