"""What holds for every structured report, whole or broken. Each class quotes the clause that it checks."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from helder.quantities import Comparator
from helder.reports.structured import fhir, fhir_out, hl7, ldt, table
from helder.reports.structured.fhir_out import Result
from helder.reports.structured.model import Document, Parsed
from helder.reports.structured.reading import MOST


def split(text: str) -> list[str]:
    return text.split()


HEADINGS = {
    "Test": "name",
    "Result": "result",
    "Unit": "unit",
    "Range": "range",
    "Low": "low",
    "High": "high",
    "Flag": "flag",
    "Date": "date",
    "Comment": "comment",
    "Code": "code",
}
LABELS = {"Patient": "patient", "Born": "birth_date", "Sex": "sex", "Lab": "lab", "Taken": "collected"}


class Words:
    """A vocabulary of a few words."""

    def heading(self, text: str) -> str | None:
        return HEADINGS.get(text)

    def label(self, text: str) -> str | None:
        return LABELS.get(text)

    def flag(self, text: str) -> str | None:
        return {"H": "high", "L": "low", "N": "normal"}.get(text)


def parse_table(data: bytes | str) -> Parsed:
    return table.parse(data, Words())


PARSERS = {"fhir": fhir.parse, "hl7": hl7.parse, "ldt": ldt.parse, "table": parse_table}
WHOLE = {
    "fhir": b"""{"resourceType": "Bundle", "entry": [
{"fullUrl": "urn:uuid:1", "resource": {"resourceType": "Patient", "name": [{"family": "Jansen", "given": ["An"]}],
"gender": "female", "birthDate": "1960-05-12"}},
{"resource": {"resourceType": "DiagnosticReport", "status": "final", "code": {"text": "Blood"}, "subject":
{"reference": "urn:uuid:1"}, "result": [{"reference": "#o"}], "contained": [{"resourceType": "Observation", "id": "o",
"status": "final", "code": {"text": "Hb"}, "valueQuantity": {"value": 6.30, "comparator": "<", "unit": "mmol/L"},
"referenceRange": [{"low": {"value": 7.5}, "text": "7.5 -"}], "component": [{"code": {"text": "x"}, "valueRatio":
{"numerator": {"value": 1}, "denominator": {"value": 160}}}]}]}}]}""",
    "hl7": b"MSH|^~\\&|LIS|LAB|||20240116||ORU^R01|1|P|2.5||||||8859/1\rPID|1||1||Jansen^An||19600512|F\r"
    b"OBR|1||1|CBC^Blood|||20240115\rOBX|1|NM|718-7^Hb^LN||6.30|mmol/L^^UCUM|7.5-10|L|||F\rNTE|1||low\\.br\\\\X41\\\r"
    b"OBX|2|SN|2^CRP||<^0.60|mg/L|<5||||C\rOBX|3|TX|3^Note||a~b\rSPM|1|||BLD^Blood\r",
    "ldt": b"01380008220\r\n010910649\r\n01380008201\r\n0153101Jansen\r\n017310319600512\r\n0103110W\r\n0118410HB\r\n"
    b"01384206.30\r\n0158421mmol/l\r\n01384607-10\r\n01284617.5\r\n0108422-\r\n01380008221\r\n",
    "table": b"Patient;Jansen\nTest;Result;Unit;Range;Flag;Date\nHb;6,30;mmol/L;7,5 - 10,0;L;15-01-2024\n"
    b"TSH;<0,01;;;;\n",
}
each_parser = pytest.mark.parametrize("name", PARSERS)


def sound(parsed: Parsed) -> None:
    """What must hold of anything that comes back."""
    for document in parsed.documents:
        for row in document.rows:
            assert row.name
            assert row.place
            assert bool(row.value) == (row.status != "absent")
            assert row.number is None or row.number.is_finite()
            assert row.low is None or row.high is None or row.low <= row.high
            assert row.collected is None or re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", row.collected)
            assert "\x00" not in row.name + row.value + row.unit + row.comment
    for problem in parsed.problems:
        assert problem.place
        assert problem.count >= 1


class TestNeverRaises:
    """ "Pure, never raises on content; value and problems.\""""

    @each_parser
    @given(data=st.binary(max_size=300))
    def test_any_bytes(self, name, data) -> None:
        sound(PARSERS[name](data))

    @each_parser
    @given(data=st.text(max_size=300))
    def test_any_text(self, name, data) -> None:
        sound(PARSERS[name](data))

    @each_parser
    @given(data=st.data())
    def test_a_whole_file_with_bytes_changed(self, name, data) -> None:
        told = bytearray(WHOLE[name])
        for _ in range(data.draw(st.integers(1, 8))):
            at = data.draw(st.integers(0, len(told) - 1))
            told[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3) | st.sampled_from(MARKS))
            if not told:
                break
        sound(PARSERS[name](bytes(told)))

    @each_parser
    def test_a_file_cut_off_anywhere(self, name) -> None:
        for end in range(0, len(WHOLE[name]), 3):
            sound(PARSERS[name](WHOLE[name][:end]))

    @each_parser
    @pytest.mark.parametrize("other", WHOLE)
    def test_another_format(self, name, other) -> None:
        parsed = PARSERS[name](WHOLE[other])
        sound(parsed)
        assert name == other or (parsed.problems and not parsed.rows)

    @each_parser
    @pytest.mark.parametrize("data", [b" " * (MOST + 1), "x" * (MOST + 1), b"", "", b" \r\n"])
    def test_too_much_or_nothing(self, name, data) -> None:
        (problem,) = PARSERS[name](data).problems
        assert problem.what == ("too_large" if len(data) > MOST else "empty")


MARKS = [bytes([mark]) for mark in b'|^~\\&\r\n;"{}[]<>,\xe49']

FIELDS = split(
    "resourceType entry resource fullUrl contained id status code coding text display system subject reference result "
    "hasMember component valueQuantity valueString valueRatio valueRange valueCodeableConcept valueBoolean "
    "valueSampledData valueAttachment valueInteger valuePeriod value comparator unit numerator denominator low high "
    "referenceRange appliesTo age type interpretation dataAbsentReason effectiveDateTime effectivePeriod start "
    "specimen collection method note name family given gender birthDate issued performer presentedForm conclusion "
    "category modifierExtension language"
)
SCALARS: st.SearchStrategy[Any] = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(
        ["Observation", "Bundle", "DiagnosticReport", "Patient", "final", "#1", "1", "<", "2024-01-15", "x"]
    )
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=6),
    max_leaves=30,
)
RESOURCES = st.sampled_from(["Observation", "DiagnosticReport", "Bundle", "Patient", "Specimen", "Group"])
RESOURCE = st.builds(
    lambda kind, told: told | {"resourceType": kind},
    RESOURCES,
    st.dictionaries(st.sampled_from(FIELDS), ANYTHING, max_size=10),
)


def as_xml(name: str, told: Any) -> str:
    if isinstance(told, dict):
        kind = told.get("resourceType")
        inner = "".join(as_xml(key, value) for key, value in told.items() if key != "resourceType")
        made = f"<{kind}>{inner}</{kind}>" if isinstance(kind, str) and kind.isalpha() else inner
        return f"<{name}>{made}</{name}>"
    if isinstance(told, list):
        return "".join(as_xml(name, value) for value in told)
    value = re.sub(r"[^ -~]|[<&\"]", "?", str(told))
    return f'<{name} value="{value}"/>'


class TestFhir:
    """ "Wrong types everywhere: problems, never a trace.\""""

    @given(told=st.lists(RESOURCE, max_size=5))
    @settings(max_examples=300)
    def test_resources_of_anything(self, told) -> None:
        entries = [{"resource": resource, "fullUrl": f"urn:uuid:{n}"} for n, resource in enumerate(told)]
        sound(fhir.parse(json.dumps({"resourceType": "Bundle", "entry": entries})))
        sound(fhir.parse(json.dumps(told)))
        sound(fhir.parse("\n".join(json.dumps(resource) for resource in told)))

    @given(told=RESOURCE)
    @settings(max_examples=300)
    def test_xml_of_anything(self, told) -> None:
        kind = told["resourceType"]
        inner = "".join(as_xml(key, value) for key, value in told.items() if key != "resourceType")
        sound(fhir.parse(f'<{kind} xmlns="http://hl7.org/fhir">{inner}</{kind}>'))


HL7_PART = st.text(st.sampled_from('<>=0159.,-+:/ "\\F.brX4~&^Aaä\t'), max_size=8)
HL7_FIELD = HL7_PART | st.sampled_from(
    ["NM", "SN", "ST", "TX", "FT", "CE", "ED", "DT", "F", "C", "D", "X", "H", "20240115"]
)
SEGMENT = st.builds(
    lambda name, fields: "|".join([name, *fields]),
    st.sampled_from(["PID", "OBR", "OBX", "OBX", "OBX", "NTE", "ORC", "SPM", "ZZZ", "MSH", "FHS"]),
    st.lists(HL7_FIELD, max_size=20),
)


class TestHl7:
    @given(segments=st.lists(SEGMENT, max_size=12), end=st.sampled_from(["\r", "\n", "\r\n"]))
    @example(segments=["OBX||0|0||^"], end="\r")
    @settings(max_examples=300)
    def test_segments_of_anything(self, segments, end) -> None:
        message = "MSH|^~\\&|a|b|||20240115||ORU^R01|1|P|2.5" + end + end.join(segments)
        sound(hl7.parse(message))
        sound(hl7.parse(message.encode("iso-8859-1")))

    @given(text=st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=40))
    def test_what_is_escaped_comes_back(self, text) -> None:
        """ "2.7: a character that would be taken for a delimiter is sent as an escape sequence.\""""
        names = {"\\": "\\E\\", "|": "\\F\\", "^": "\\S\\", "&": "\\T\\", "~": "\\R\\"}
        escaped = "".join(names.get(letter, letter) for letter in text)
        parsed = hl7.parse(f"MSH|^~\\&|a|b|||2024||ORU^R01|1|P|2.5\rOBX|1|CE|1^x||1^{escaped}^L|||||F")
        told = parsed.rows[0] if parsed.rows else None
        said = " ".join(re.sub(r"[\x7f-\x9f]", " ", text).split())
        sign = "" if told is None or told.comparator is Comparator.EQ else told.comparator.value
        assert told is not None
        assert re.sub(r"\s", "", sign + told.value) in {re.sub(r"\s", "", said) or "1", alike(said)}


def alike(text: str) -> str:
    """The text with its signs written as comparators."""
    bare = re.sub(r"\s", "", text)
    return {"=<": "<=", "=>": ">="}.get(bare[:2], bare[:2]) + bare[2:]


LDT_FIELDS = split(
    "8000 8001 8002 8003 8145 8147 8137 8160 8142 8237 8420 8421 8410 8411 8418 8422 8460 8461 8462 8480 8432 7278 "
    "7364 3564 3101 3103 3110 8302 8401 9106 8219 7306 8110 6303 9999"
)
LDT_SAID = split(
    "8201 8205 8220 Obj_0060 Obj_0042 Obj_0037 Obj_0054 Obj_0068 Obj_0045 Obj_0047 01 K ++ 1.5 <2 20240115 4"
)
LDT_LINE = st.builds(
    lambda id_, text: f"{len(text) + 9:03}{id_}{text}",
    st.sampled_from(LDT_FIELDS),
    st.sampled_from(LDT_SAID) | st.text("äß 0-9<", max_size=5),
)


class TestLdt:
    @given(lines=st.lists(LDT_LINE, max_size=40), first=st.sampled_from(["8201", "8205"]))
    @settings(max_examples=300)
    def test_fields_of_anything(self, lines, first) -> None:
        told = "\r\n".join([f"0138000{first}", *lines])
        sound(ldt.parse(told))
        sound(ldt.parse(told.encode("iso-8859-15")))
        sound(ldt.parse(told.encode("cp437")))


SAID = split("Test Result Unit Range Low High Date Flag Patient Hb 6,30 1.234 <0.5 2024-01-15 03/04/2024 15.01.2024 H")
CELL = st.sampled_from([*SAID, "", "", "7,5 - 10", '"a\nb"'])
CELL |= st.text(st.sampled_from('0123456789.,<>-/" aä'), max_size=6)


class TestTable:
    @given(rows=st.lists(st.lists(CELL, max_size=7), max_size=8), delimiter=st.sampled_from(";,\t|"))
    @settings(max_examples=300)
    def test_cells_of_anything(self, rows, delimiter) -> None:
        sound(parse_table("\n".join(delimiter.join(row) for row in rows)))
        sound(parse_table(("Test;Result;Date\n" + "\n".join(";".join(row) for row in rows)).encode("utf-16")))


NUMBERS = st.decimals(min_value=0, max_value=10**6, places=3) | st.decimals(min_value=0, max_value=10**4, places=1)
SIGNS = st.sampled_from([Comparator.EQ, Comparator.LT, Comparator.LE, Comparator.GE, Comparator.GT])


class TestNothingIsLost:
    """ "A number keeps its exact decimals; comparators are never lost.\""""

    @given(number=NUMBERS, sign=SIGNS)
    @example(number=Decimal("0.010"), sign=Comparator.LT)
    def test_in_any_format(self, number, sign) -> None:
        told = "" if sign is Comparator.EQ else sign.value
        quantity = f'"value": {number}' + (f', "comparator": "{told}"' if told else "")
        observation = f'{{"resourceType": "Observation", "code": {{"text": "a"}}, "valueQuantity": {{{quantity}}}}}'
        line = f"{told}{number}"
        header = "MSH|^~\\&|a|b|||2024||ORU^R01|1|P|2.5\r"
        files = [
            fhir.parse(observation),
            hl7.parse(f"{header}OBX|1|SN|1^a||{told}^{number}|||||F"),
            ldt.parse(f"01380008201\r\n0108410a\r\n{len(line) + 9:03}8420{line}\r\n"),
            parse_table(f"Test;Result;Unit\na;{line};g\nb;0.55;g\n"),
        ]
        for parsed in files:
            row = parsed.rows[0]
            assert (row.comparator, row.value) == (sign, str(number))
            assert row.number in (number, None)
            assert row.number is not None or any(problem.what == "decimal_mark" for problem in parsed.problems)


WORD = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=8).filter(lambda text: not text[0].isdigit())
RESULT = st.builds(
    Result,
    name=WORD,
    value=NUMBERS | WORD | st.sampled_from(["1:160", "negative", "2+"]) | st.none(),
    comparator=SIGNS,
    unit=st.just("") | WORD,
    ucum=st.sampled_from(["", "mmol/L", "10*9/L"]),
    low=st.none() | st.decimals(min_value=0, max_value=10, places=2),
    high=st.none() | st.decimals(min_value=11, max_value=99, places=1),
    range_text=st.just("") | WORD,
    interpretation=st.sampled_from([None, "L", "H", "LL", "HH", "N", "A"]),
    test=st.none() | st.just("hemoglobin"),
    loinc=st.none() | st.just(("718-7", "Hemoglobin [Mass/volume] in Blood")),
    collected=st.sampled_from([None, "2024", "2024-01", "2024-01-15", "2024-13-01", "x"]),
    notes=st.lists(st.text(max_size=5), max_size=2).map(tuple),
    sure=st.booleans(),
)


class TestRoundTrip:
    """ "fhir_out → fhir.parse gives the same values, comparators, ranges.\""""

    @given(results=st.lists(RESULT, max_size=4))
    def test_what_is_told_is_read(self, results) -> None:
        told = fhir_out.encode(fhir_out.bundle(Document(person="An"), results, notice="LOINC"))
        parsed = fhir.parse(told)
        rows = parsed.rows
        assert {problem.what for problem in parsed.problems} <= {"no_results"}
        assert [row.name for row in rows] == [result.name for result in results]
        for row, result in zip(rows, results, strict=True):
            if isinstance(result.value, Decimal):
                assert (row.number, row.value) == (result.value, str(result.value))
                assert (row.unit, row.unit_code) == (result.unit or result.ucum, result.ucum)
            elif result.value is None:
                assert row.status == "absent"
            else:
                assert row.value.split()[0] == result.value or not result.value[0].isdigit()
            text = isinstance(result.value, str) and not result.value[0].isdigit()
            assert result.value is None or text or row.comparator is result.comparator
            beside_words = not isinstance(result.value, Decimal) and (result.unit or result.ucum)
            if not beside_words:
                assert (row.range_text, row.low, row.high) == (result.range_text, result.low, result.high)
            for bound in (result.low, result.high):
                assert bound is None or str(bound) in f"{row.low} {row.high} {row.range_text}" or result.range_text
            assert row.flag_text == (result.interpretation or "")
            assert row.value == "" or (row.status == "final") == result.sure

    @given(results=st.lists(RESULT, max_size=3), text=st.text(max_size=10))
    def test_any_text_can_be_told(self, results, text) -> None:
        odd = Result(name=text, value=text, unit=text, ucum=text, range_text=text, notes=(text,), specimen=text)
        document = Document(person=text, lab=text, language=text, birth_date=text, notes=(text,))
        first = fhir_out.encode(fhir_out.bundle(document, [*results, odd], notice=text))
        assert first == fhir_out.encode(fhir_out.bundle(document, [*results, odd], notice=text))
        sound(fhir.parse(first))
