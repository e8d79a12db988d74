"""Lab reports that a program wrote: FHIR, HL7 version 2, LDT, tables. The message is in the test."""

from __future__ import annotations

import json
from decimal import Decimal

import fhirkit
import hl7 as other_hl7
import pytest
from fhir.resources.R4B.bundle import Bundle

from helder.quantities import Comparator
from helder.reports.structured import fhir, fhir_out, hl7, ldt, table
from helder.reports.structured.fhir_out import Result
from helder.reports.structured.model import Document, Parsed, Stated

LT, LE, GE, GT, EQ = Comparator.LT, Comparator.LE, Comparator.GE, Comparator.GT, Comparator.EQ
LOINC = "http://loinc.org"


def told(row: Stated) -> str:
    """A row as one would say it: `Hb < 6.30 mmol/L`."""
    sign = "" if row.comparator is EQ else row.comparator.value
    return " ".join(filter(None, [row.name, sign, row.value, row.unit]))


def whats(parsed: Parsed) -> list[tuple[str, str]]:
    return [(problem.place, problem.what) for problem in parsed.problems]


def only(parsed: Parsed) -> Stated:
    (row,) = parsed.rows
    return row


# --- FHIR -------------------------------------------------------------------------------------------------


BUNDLE = """{"resourceType": "Bundle", "type": "collection", "entry": [
  {"fullUrl": "urn:uuid:p", "resource": {"resourceType": "Patient", "gender": "female", "birthDate": "1960-05-12",
    "name": [{"use": "usual", "text": "Annie"}, {"use": "official", "given": ["Anna", "M"], "family": "de Vries"}]}},
  {"resource": {"resourceType": "Specimen", "id": "s", "type": {"text": "EDTA blood"},
    "collection": {"collectedDateTime": "2024-01-14T07:50:00+01:00"}}},
  {"resource": {"resourceType": "DiagnosticReport", "status": "final", "code": {"text": "Blood count"},
    "language": "nl", "subject": {"reference": "urn:uuid:p"}, "issued": "2024-01-16T12:00:00Z",
    "performer": [{"display": "Lab West"}], "conclusion": "Repeat in a month.",
    "result": [{"reference": "Observation/hb"}, {"reference": "Observation/gone"}]}},
  {"resource": {"resourceType": "Observation", "id": "hb", "status": "final",
    "code": {"coding": [{"system": "http://loinc.org", "code": "718-7", "display": "Hemoglobin"}], "text": "Hb"},
    "subject": {"reference": "urn:uuid:p"}, "specimen": {"reference": "Specimen/s"}, "method": {"text": "photometry"},
    "valueQuantity": {"value": 6.30, "comparator": "<", "unit": "mmol/l", "system": "http://unitsofmeasure.org",
      "code": "mmol/L"},
    "interpretation": [{"coding": [
      {"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", "code": "LL"}]}],
    "referenceRange": [{"low": {"value": 7.50, "unit": "mmol/l"}, "high": {"value": 10.0, "unit": "mmol/l"}}],
    "note": [{"text": "slightly\\nhaemolytic"}]}}
]}"""


def test_a_fhir_report_with_all_that_stands_around_a_value() -> None:
    parsed = fhir.parse(BUNDLE)
    (document,) = parsed.documents
    assert (document.person, document.sex, document.birth_date) == ("Anna M de Vries", "F", "1960-05-12")
    assert (document.lab, document.language, document.reported) == ("Lab West", "nl", "2024-01-16")
    assert document.notes == ("Repeat in a month.",)
    row = only(parsed)
    assert told(row) == "Hb < 6.30 mmol/l"
    assert (row.number, row.unit_code, row.codes) == (Decimal("6.30"), "mmol/L", ((LOINC, "718-7"),))
    assert (str(row.low), str(row.high), row.flag, row.flag_text) == ("7.50", "10.0", "critical_low", "LL")
    assert (row.specimen, row.method, row.collected) == ("EDTA blood", "photometry", "2024-01-14")
    assert (row.comment, row.panel, row.status) == ("slightly\nhaemolytic", "Blood count", "final")
    assert whats(parsed) == [("entry[2].result[1]", "reference")]


def test_the_same_in_xml() -> None:
    parsed = fhir.parse(b"""<?xml version="1.0" encoding="windows-1252"?>
<Bundle xmlns="http://hl7.org/fhir"><entry><resource><Observation>
  <text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml"><p>not <b>this</b></p></div></text>
  <status value="final"/><code><text value="H\xe4moglobin"/></code>
  <valueQuantity><value value="6.30"/><comparator value="&lt;"/><unit value="mmol/l"/></valueQuantity>
  <referenceRange><low><value value="7.50"/></low><high><value value="10.0"/></high></referenceRange>
  <component><code><text value="first"/></code><valueString value="1"/></component>
  <component><code><text value="second"/></code><valueBoolean value="true"/></component>
</Observation></resource></entry></Bundle>""")
    assert [told(row) for row in parsed.rows] == ["Hämoglobin < 6.30 mmol/l", "first 1", "second true"]
    assert (str(parsed.rows[0].low), str(parsed.rows[0].high)) == ("7.50", "10.0")
    assert parsed.problems == ()


@pytest.mark.parametrize(
    ("value", "said", "comparator", "number", "unit"),
    [
        ('"valueQuantity": {"value": 0.010, "comparator": ">=", "unit": "mU/L"}', "0.010", GE, "0.010", "mU/L"),
        ('"valueQuantity": {"value": 12, "system": "http://unitsofmeasure.org", "code": "/uL"}', "12", EQ, "12", "/uL"),
        ('"valueQuantity": {"value": 1.5e3}', "1.5e3", EQ, "1.5e3", ""),
        ('"valueString": "< 0.01 (traces)"', "0.01 (traces)", LT, None, ""),
        ('"valueString": "clear\\nyellow"', "clear\nyellow", EQ, None, ""),
        ('"valueCodeableConcept": {"coding": [{"display": "Positive", "code": "P"}]}', "Positive", EQ, None, ""),
        ('"valueRange": {"low": {"value": 2, "unit": "g"}, "high": {"value": 5, "unit": "g"}}', "2-5", EQ, None, "g"),
        ('"valueRange": {"high": {"value": 5, "unit": "/HPF"}}', "5", LE, "5", "/HPF"),
        ('"valueRatio": {"numerator": {"value": 1}, "denominator": {"value": 160}}', "1:160", EQ, None, ""),
        ('"valueRatio": {"numerator": {"comparator": "<", "value": 1}, "denominator": {"value": 9}}',
         "1:9", LT, None, ""),
        ('"valueBoolean": false', "false", EQ, None, ""),
        ('"valueInteger": 3', "3", EQ, "3", ""),
        ('"valueDateTime": "2024-01-15"', "2024-01-15", EQ, None, ""),
        ('"valuePeriod": {"start": "2024-01-15", "end": "2024-01-16"}', "2024-01-15/2024-01-16", EQ, None, ""),
    ],
)  # fmt: skip
def test_every_kind_of_value_in_fhir(value, said, comparator, number, unit) -> None:
    parsed = fhir.parse(f'{{"resourceType": "Observation", "status": "final", "code": {{"text": "a"}}, {value}}}')
    row = only(parsed)
    assert (row.value, row.comparator, row.unit) == (said, comparator, unit)
    assert row.number == (None if number is None else Decimal(number))
    assert parsed.problems == ()


@pytest.mark.parametrize(
    ("value", "kept", "what"),
    [
        ('"valueQuantity": {"value": 5, "comparator": "ad", "unit": "g"}', "a ad 5 g", "comparator"),
        ('"valueQuantity": {"value": "5.30", "unit": "g"}', "a 5.30 g", "wrong_type"),
        ('"valueQuantity": {"value": 1e999999999}', "a 1e999999999", "number"),
        ('"valueQuantity": {"value": NaN}', "a NaN", "number"),
        ('"valueQuantity": "5 g"', "a", "wrong_type"),
        ('"valueQuantity": {"value": {"value": 5}}', "a", "wrong_type"),
        ('"valueString": ["x"]', "a", "wrong_type"),
        ('"valueSampledData": {"data": "1 2 3"}', "a", "not_read"),
        ('"valueAttachment": {"data": "JVBERi0="}', "a", "attachment"),
        ('"valueRatio": {"numerator": {"value": 1}}', "a 1", "cut_off"),
        ('"valueInteger": 1, "valueString": "2"', "a 1", "several"),
    ],
)
def test_a_value_that_is_none_is_kept_as_text_and_named(value, kept, what) -> None:
    parsed = fhir.parse(f'{{"resourceType": "Observation", "status": "final", "code": {{"text": "a"}}, {value}}}')
    row = only(parsed)
    assert told(row) == kept
    assert row.number is None or what == "several"
    assert what in {problem.what for problem in parsed.problems}


def test_components_and_members_are_rows_under_their_panel() -> None:
    parsed = fhir.parse("""[
      {"resourceType": "Observation", "id": "1", "status": "preliminary", "code": {"text": "Urine"},
        "effectiveDateTime": "2024-01", "hasMember": [{"reference": "Observation/2"}, {"reference": "Observation/1"}],
        "component": [{"code": {"text": "pH"}, "valueQuantity": {"value": 6.0}},
                      {"code": {"text": "Colour"}, "dataAbsentReason": {"text": "not seen"}}]},
      {"resourceType": "Observation", "id": "2", "status": "amended", "code": {"text": "Protein"},
        "valueString": "neg"}]""")
    assert [(row.panel, told(row), row.status, row.collected) for row in parsed.rows] == [
        ("Urine", "pH 6.0", "preliminary", "2024-01"),
        ("Urine", "Colour", "absent", "2024-01"),
        ("", "Protein neg", "corrected", None),
    ]
    assert parsed.rows[1].comment == "not seen"


def test_members_in_a_bundle_come_once_and_under_their_panel() -> None:
    parsed = fhir.parse("""{"resourceType": "Bundle", "entry": [
      {"resource": {"resourceType": "Observation", "id": "2", "status": "final", "code": {"text": "Na"},
        "valueInteger": 140}},
      {"resource": {"resourceType": "Observation", "id": "1", "status": "final", "code": {"text": "Salts"},
        "hasMember": [{"reference": "https://example.org/fhir/Observation/2/_history/3"},
                      {"reference": "Observation/1"}]}}]}""")
    assert [(row.panel, told(row)) for row in parsed.rows] == [("Salts", "Na 140")]


def test_several_patients_are_several_documents() -> None:
    parsed = fhir.parse("""{"resourceType": "Bundle", "entry": [
      {"resource": {"resourceType": "Patient", "id": "a", "name": [{"text": "An"}], "gender": "other"}},
      {"resource": {"resourceType": "Patient", "id": "b", "name": [{"family": "Bo"}], "gender": "male"}},
      {"resource": {"resourceType": "Observation", "status": "final", "code": {"text": "K"}, "valueInteger": 4,
        "subject": {"reference": "Patient/a"}}},
      {"resource": {"resourceType": "Observation", "status": "final", "code": {"text": "K"}, "valueInteger": 5,
        "subject": {"reference": "https://example.org/fhir/Patient/b"}}}]}""")
    assert [(document.person, document.sex, told(document.rows[0])) for document in parsed.documents] == [
        ("An", None, "K 4"),
        ("Bo", "M", "K 5"),
    ]
    assert whats(parsed) == [("entry[0].gender", "sex")]


def test_lines_of_bulk_export_do_not_mix_up_patients_of_two_bundles() -> None:
    one = """{"resourceType": "Bundle", "entry": [
      {"resource": {"resourceType": "Patient", "id": "1", "name": [{"text": "%s"}]}},
      {"resource": {"resourceType": "Observation", "status": "final", "code": {"text": "K"}, "valueInteger": %s,
        "subject": {"reference": "Patient/1"}}}]}"""
    lines = [(one % pair).replace("\n", "") for pair in (("An", 4), ("Bo", 5))]
    parsed = fhir.parse("\n".join([*lines, '{"resourceType"']))
    assert [(document.person, told(document.rows[0])) for document in parsed.documents] == [
        ("An", "K 4"),
        ("Bo", "K 5"),
    ]
    assert whats(parsed) == [("line 3", "cut_off")]


def test_of_several_ranges_none_is_chosen() -> None:
    parsed = fhir.parse("""{"resourceType": "Observation", "status": "final", "code": {"text": "Hb"},
      "valueQuantity": {"value": 13, "unit": "g/dL"}, "referenceRange": [
        {"low": {"value": 13.5, "unit": "g/dL"}, "high": {"value": 17.5, "unit": "g/dL"},
          "appliesTo": [{"text": "men"}]},
        {"low": {"value": 12.0, "unit": "g/dL"}, "appliesTo": [{"text": "women"}],
          "age": {"low": {"value": 18, "unit": "a"}}},
        {"text": "see the sheet", "type": {"text": "therapeutic"}}]}""")
    row = only(parsed)
    assert row.range_text == "13.5 - 17.5 g/dL (men); >= 12.0 g/dL (women, >= 18 a); see the sheet (therapeutic)"
    assert (row.low, row.high) == (None, None)
    assert whats(parsed) == [("Observation.referenceRange", "several")]


@pytest.mark.parametrize(
    "range_",
    [
        '{"low": {"value": 120, "unit": "g/L"}, "high": {"value": 160, "unit": "g/L"}}',
        '{"low": {"value": 17, "unit": "g/dL"}, "high": {"value": 13, "unit": "g/dL"}}',
        '{"low": {"value": 12, "comparator": ">", "unit": "g/dL"}}',
    ],
)
def test_a_range_in_another_unit_or_upside_down_is_only_text(range_) -> None:
    parsed = fhir.parse(f"""{{"resourceType": "Observation", "status": "final", "code": {{"text": "Hb"}},
      "valueQuantity": {{"value": 13, "unit": "g/dL"}}, "referenceRange": [{range_}]}}""")
    row = only(parsed)
    assert (row.low, row.high, bool(row.range_text)) == (None, None, True)
    assert whats(parsed) == [("Observation.referenceRange[0]", "range")]


def test_what_was_taken_back_or_may_mean_something_else_is_left_out_and_named() -> None:
    parsed = fhir.parse("""[
      {"resourceType": "Observation", "status": "entered-in-error", "code": {"text": "Hb"}, "valueInteger": 1},
      {"resourceType": "Observation", "status": "cancelled", "code": {"text": "Hb"}},
      {"resourceType": "Observation", "status": "final", "code": {"text": "Hb"}, "valueInteger": 1,
        "modifierExtension": [{"url": "http://example.org/not", "valueBoolean": true}]},
      {"resourceType": "DiagnosticReport", "status": "entered-in-error", "code": {"text": "x"},
        "result": [{"reference": "#o"}], "contained": [
          {"resourceType": "Observation", "id": "o", "status": "final", "code": {"text": "Hb"}, "valueInteger": 1}]},
      {"resourceType": "Observation", "status": "final", "code": {"text": "Weight"}, "valueInteger": 70,
        "category": [{"coding": [{"code": "vital-signs"}]}]},
      {"resourceType": "Observation", "status": "final", "valueInteger": 7},
      {"resourceType": "Condition"}]""")
    assert [(told(row), row.status) for row in parsed.rows] == [("Hb", "absent")]
    assert {(problem.place, problem.what, problem.found) for problem in parsed.problems} == {
        ("[0]", "withdrawn", ""),
        ("[2]", "not_read", "modifierExtension"),
        ("[3]", "withdrawn", ""),
        ("[4]", "not_lab", "vital-signs"),
        ("[5]", "no_name", ""),
        ("[6]", "not_read", "Condition"),
    }


def test_a_result_of_a_withdrawn_report_stands_when_another_report_holds_it() -> None:
    parsed = fhir.parse("""{"resourceType": "Bundle", "entry": [
      {"resource": {"resourceType": "DiagnosticReport", "status": "entered-in-error", "code": {"text": "x"},
        "result": [{"reference": "Observation/1"}, {"reference": "Observation/2"}]}},
      {"resource": {"resourceType": "DiagnosticReport", "status": "final", "code": {"text": "y"},
        "result": [{"reference": "Observation/1"}]}},
      {"resource": {"resourceType": "Observation", "id": "1", "status": "final", "code": {"text": "K"},
        "valueInteger": 4}},
      {"resource": {"resourceType": "Observation", "id": "2", "status": "final", "code": {"text": "Na"},
        "valueInteger": 140}}]}""")
    assert [(row.panel, told(row)) for row in parsed.rows] == [("y", "K 4")]
    assert whats(parsed) == [("entry[0]", "withdrawn")]


@pytest.mark.parametrize(
    ("data", "place", "what"),
    [
        (b'<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><Bundle>&b;</Bundle>', "file", "unsafe"),
        (b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><Bundle xmlns="http://hl7.org/fhir"/>', "file", "unsafe"),
        (b'<Bundle xmlns="http://hl7.org/fhir">' * 100_000, "file", "too_deep"),
        (b"[" * 1_000_000, "file", "too_deep"),
        (b'{"resourceType": "Bundle",\n"entry": [', "line 2", "cut_off"),
        (b'<Bundle xmlns="http://hl7.org/fhir">\n<entry>', "line 2", "cut_off"),
        (b"<html><body/></html>", "file", "not_this_format"),
        (b"Hb 6.3 mmol/L", "file", "not_this_format"),
        (b"null", "file", "not_this_format"),
        (b'{"resourceType": 5}', "file", "not_this_format"),
        (b'{"resourceType": "Bundle"}', "file", "not_this_format"),
        (b'{"resourceType": "Patient"}', "file", "no_results"),
        (b"[1, [2], {}]", "[0]", "not_this_format"),
    ],
)  # fmt: skip
def test_a_file_of_no_use_is_a_problem_and_no_trace(data, place, what) -> None:
    parsed = fhir.parse(data)
    assert parsed.rows == ()
    assert whats(parsed)[0] == (place, what)


def test_many_bundles_in_bundles_end() -> None:
    inner = '{"resourceType": "Observation", "status": "final", "code": {"text": "K"}, "valueInteger": 4}'
    for _ in range(12):
        inner = f'{{"resourceType": "Bundle", "entry": [{{"resource": {inner}}}]}}'
    assert whats(fhir.parse(inner))[-1][1] == "too_deep"


def test_fhir_in_utf_16() -> None:
    text = '{"resourceType": "Observation", "status": "final", "code": {"text": "Hämoglobin"}, "valueInteger": 4}'
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"):
        assert told(only(fhir.parse(text.encode(encoding)))) == "Hämoglobin 4"


# --- HL7 version 2 ----------------------------------------------------------------------------------------


ORU = r"""MSH|^~\&|LIS|LAB WEST|EHR|GP|20240116||ORU^R01^ORU_R01|1|P|2.5.1||||||8859/1|en
PID|1||123^^^LAB||van den Berg&van den&Berg^Anna^M^^Dr||19600512|F
NTE|1||fasting
ORC|RE
OBR|1||9|CBC^Complete blood count^L|||202401150830+0100|||||||||||||||20240116
NTE|1||sample arrived late
OBX|1|NM|718-7^Hemoglobin^LN^HGB^Hb^99L||6.30|mmol/L^^UCUM|7.5-10.0|LL~A|||F|||20240115||Jones|PHOT^photometry
NTE|1||low\.br\check \T\ repeat at 10\S\9
OBX|2|SN|2^CRP^L||<^0.60|mg/L|<5|N|||P
SPM|1|||BLD^Whole blood^HL70487|||||||||||||202401150815
ORC|RE
OBR|2||9|SER^Serology^L|||20240115
OBX|1|SN|3^TPHA^L||^1^:^160|||A|||C
"""


def test_an_hl7_message_with_all_that_stands_around_a_value() -> None:
    parsed = hl7.parse(ORU.replace("\n", "\r"))
    (document,) = parsed.documents
    assert (document.person, document.sex, document.birth_date) == ("Dr Anna M van den Berg", "F", "1960-05-12")
    assert (document.lab, document.language, document.reported) == ("LAB WEST", "en", "2024-01-16")
    assert document.notes == ("fasting", "sample arrived late")
    first, second, third = parsed.rows
    assert told(first) == "Hemoglobin 6.30 mmol/L"
    assert (first.number, first.unit_code) == (Decimal("6.30"), "mmol/L")
    assert (first.low, first.high) == (Decimal("7.5"), Decimal("10.0"))
    assert first.codes == ((LOINC, "718-7"), ("99L", "HGB"))
    assert (first.flag, first.flag_text, first.status) == ("critical_low", "LL A", "final")
    assert first.comment == "low\ncheck & repeat at 10^9"
    assert (first.method, first.specimen, first.collected) == ("photometry", "Whole blood", "2024-01-15")
    assert (told(second), second.high, second.range_text, second.status) == (
        "CRP < 0.60 mg/L", Decimal(5), "<5", "preliminary",
    )  # fmt: skip
    assert (told(third), third.panel, third.specimen, third.status) == ("TPHA 1:160", "Serology", "", "corrected")
    assert [row.place for row in parsed.rows] == ["OBX 1", "OBX 2", "OBX 3"]
    assert parsed.problems == ()


def message(*segments: str, header: str = "MSH|^~\\&|LIS|LAB|||20240116||ORU^R01|1|P|2.5") -> str:
    return "\r".join([header, *segments])


@pytest.mark.parametrize(
    ("kind", "value", "said", "number"),
    [
        ("NM", "6.30", "a 6.30", "6.30"),
        ("NM", "-0.5", "a -0.5", "-0.5"),
        ("NM", "+3", "a +3", "3"),
        ("SN", ">^100", "a > 100", "100"),
        ("SN", "<=^0.010", "a <= 0.010", "0.010"),
        ("SN", "^100^-^200", "a 100-200", None),
        ("SN", "^1^:^128", "a 1:128", None),
        ("SN", "^2^+", "a 2+", None),
        ("SN", "=^5", "a 5", "5"),
        ("ST", "<0,01", "a < 0,01", None),
        ("ST", "1.005", "a 1.005", None),
        ("ST", "10^9", "a 10^9", None),
        ("TX", "no growth~after two days", "a no growth\nafter two days", None),
        ("FT", "\\.in+4\\one^two\\.sp 2\\three", "a one\ntwo\n\nthree", None),
        ("CE", "POS^Positive^L", "a Positive", None),
        ("CWE", "^^^^^^^^as written", "a as written", None),
        ("CE", "A^one^L~B^two^L", "a one; two", None),
        ("DT", "20240115", "a 2024-01-15", None),
        ("TX", "x\\X0D0A\\y \\H\\loud\\N\\ \\E\\ \\F\\", "a x\ny loud \\ |", None),
    ],
)
def test_every_kind_of_value_in_hl7(kind, value, said, number) -> None:
    parsed = hl7.parse(message(f"OBX|1|{kind}|1^a^L||{value}||||||F"))
    row = only(parsed)
    assert told(row) == said
    assert row.number == (None if number is None else Decimal(number))
    assert parsed.problems == ()


@pytest.mark.parametrize(
    ("obx", "said", "what"),
    [
        ("OBX|1|NM|1^a||<12||||||F", "a < 12", "number"),
        ("OBX|1|NM|1^a||1,5||||||F", "a 1,5", "number"),
        ("OBX|1|SN|1^a||^<^0.01||||||F", "a < 0.01", "number"),
        ("OBX|1|SN|1^a||<>^5||||||F", "a <>5", "comparator"),
        ("OBX|1|NA|1^a||1^2^3||||||F", "a 1 2 3", "not_read"),
        ("OBX|1||1^a||6.3||||||F", "a 6.3", "not_read"),
        ("OBX|1|NM|1^a||6.3|10^9/L|||||F", "a 6.3 10^9/L", "unit"),
        ("OBX|1|NM|1^a||6.3|g|9-3||||F", "a 6.3 g", "range"),
        ("OBX|1|NM|1^a||6.3|g||Q|||F", "a 6.3 g", "flag"),
        ("OBX|1|NM|1^a||6.3|g||>|||F", "a 6.3 g", "off_scale"),
        ("OBX|1|NM|1^a||6.3|g|||||Z", "a 6.3 g", "status"),
        ("OBX|1|NM|1^a||6.3|g|||||F|||20241315", "a 6.3 g", "date"),
        ("OBX|1|NM|1^a|||g|||||F", "a g", "no_value"),
        ("OBX|1|TX|1^a||un\\Cxx\\known||||||F", "a un\\Cxx\\known", "escape"),
    ],
)
def test_an_odd_obx_is_kept_as_it_stands_and_named(obx, said, what) -> None:
    parsed = hl7.parse(message(obx))
    assert told(only(parsed)) == said
    assert [problem.what for problem in parsed.problems] == [what]


def test_a_backslash_that_opens_nothing_stays() -> None:
    assert told(only(hl7.parse(message("OBX|1|ST|1^a||5\\7 \\ 8||||||F")))) == "a 5\\7 \\ 8"


def test_lines_of_one_text_in_several_obx_are_one_row_and_numbers_never_are() -> None:
    parsed = hl7.parse(
        message(
            "OBX|1|TX|4^Comment^L||first line|",
            "OBX|2|TX|4^Comment^L||second line~third line|",
            "OBX|3|TX|4^Comment^L|2|of another sub-id|",
            "OBX|4|ST|5^K^L||4.1|",
            "OBX|5|ST|5^K^L||4.2|",
            "OBX|6|NM|6^Na^L||140~141|mmol/L",
        )
    )
    assert [(told(row), row.place) for row in parsed.rows] == [
        ("Comment first line\nsecond line\nthird line", "OBX 1 – OBX 2"),
        ("Comment of another sub-id", "OBX 3"),
        ("K 4.1", "OBX 4"),
        ("K 4.2", "OBX 5"),
        ("Na 140 mmol/L", "OBX 6"),
        ("Na 141 mmol/L", "OBX 6"),
    ]


def test_what_the_laboratory_took_back_or_could_not_measure() -> None:
    parsed = hl7.parse(
        message(
            "OBX|1|NM|1^Na^L||140|mmol/L|||||D",
            "OBX|2|NM|2^K^L||9|mmol/L|||||W",
            "NTE|1||wrong tube",
            'OBX|3|NM|3^Cl^L||""|mmol/L|||||X',
            "NTE|1||clotted",
            "OBX|4|ED|4^Report^L||^application^pdf^Base64^JVBERi0=||||||F",
            "OBX|5|NM|||5||||||F",
            "ZPD|1|x",
        )
    )
    row = only(parsed)
    assert (row.name, row.status, row.comment) == ("Cl", "absent", "clotted")
    assert [(problem.place, problem.what, problem.found) for problem in parsed.problems] == [
        ("OBX 1", "withdrawn", "D"),
        ("OBX 2", "withdrawn", "W"),
        ("NTE, line 4", "not_read", "NTE"),
        ("OBX 4", "attachment", "application/pdf"),
        ("OBX 5", "no_name", "F"),
        ("ZPD, line 9", "not_read", "ZPD"),
    ]


def test_a_message_says_itself_what_parts_its_fields() -> None:
    parsed = hl7.parse("MSH$%*!?$LIS$LAB$$$2024$$ORU%R01$1$P$2.3\rPID$1$$1$$Berg%An\rOBX$1$SN$1%a!F!b%L$$<%0.5$g/L")
    assert told(only(parsed)) == "a$b < 0.5 g/L"
    assert parsed.documents[0].person == "An Berg"


def test_several_patients_several_messages_and_their_envelopes() -> None:
    one = message(
        "PID|1||1||Berg^An||19600512|F", "OBR|1", "OBX|1|NM|1^K||4.1|mmol/L", "PID|2||2||Dal^Bo", "OBX|1|NM|1^K||5|"
    )
    parsed = hl7.parse(f"FHS|^~\\&\nBHS|^~\\&\n\x0b{one}\x1c\r\n{one}\nBTS|2\nFTS|1")
    assert [(document.place, document.person, told(document.rows[0])) for document in parsed.documents] == [
        ("message 1, PID 1", "An Berg", "K 4.1 mmol/L"),
        ("message 1, PID 2", "Bo Dal", "K 5"),
        ("message 2, PID 1", "An Berg", "K 4.1 mmol/L"),
        ("message 2, PID 2", "Bo Dal", "K 5"),
    ]


@pytest.mark.parametrize(
    ("told_", "encoding", "problem"),
    [
        ("8859/1", "iso-8859-1", None),
        ("8859/15", "iso-8859-15", None),
        ("UNICODE UTF-8", "utf-8", None),
        ("", "utf-8", None),
        ("", "iso-8859-1", "encoding"),
        ("ISO IR87", "iso-8859-1", "encoding"),
        ("UNICODE UTF-8", "iso-8859-1", "encoding"),
    ],
)
def test_the_character_set_of_a_message(told_, encoding, problem) -> None:
    header = f"MSH|^~\\&|LIS|LAB|||20240116||ORU^R01|1|P|2.5||||||{told_}"
    parsed = hl7.parse(message("OBX|1|TX|1^Größe||5 µg", header=header).encode(encoding))
    assert told(only(parsed)) == "Größe 5 µg"
    assert [each.what for each in parsed.problems] == ([problem] if problem else [])


def test_two_days_of_collection_are_named() -> None:
    parsed = hl7.parse(message("OBR|1||1|x|||20240115", "OBX|1|NM|1^K||4|||||||||20240117", "OBX|2|NM|2^Na||140"))
    assert [row.collected for row in parsed.rows] == ["2024-01-17", "2024-01-15"]
    assert whats(parsed) == [("OBX 1", "two_dates")]


def test_a_field_that_was_broken_over_lines_is_put_together_and_named() -> None:
    parsed = hl7.parse(message("OBX|1|TX|1^Note||first line", "second line||||||F"))
    assert (told(only(parsed)), only(parsed).status) == ("Note first line\nsecond line", "final")
    assert whats(parsed) == [("line 3", "continued")]


def test_an_older_message_with_its_material_in_obr_15_and_its_laboratory_in_obx_23() -> None:
    obx = "OBX|1|NM|1^K||4" + "|" * 18 + "Lab East^L"
    parsed = hl7.parse(message("OBR|1||1|x|||||||||||SER&Serum^^", obx))
    assert (only(parsed).specimen, parsed.documents[0].lab) == ("Serum", "Lab East")
    assert only(hl7.parse(message("OBR|1||1|x|||||||||||URINE", obx))).specimen == "URINE"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        ("hello", "not_this_format"),
        ("MSH|", "not_this_format"),
        ("MSHabc", "not_this_format"),
        ("MSH|^^^^|x", "not_this_format"),
        ("MSH|^~\\&|a|b|||2024||ADT^A01|1|P|2.5\rPID|1", "not_read"),
        ("MSH|^~\\&|a|b|||2024||ORU^R01|1|P|2.5", "no_results"),
    ],
)
def test_no_message_is_a_problem(data, what) -> None:
    assert hl7.parse(data).problems[0].what == what


def test_another_reader_cuts_our_message_into_the_same_fields() -> None:
    """python-hl7, which nobody here wrote, agrees on fields, components and escapes."""
    other = other_hl7.parse(ORU.replace("\n", "\r"))
    ours = hl7.parse(ORU.replace("\n", "\r"))
    segments = other.segments("OBX")
    assert [str(each[3][0][1][0]) for each in segments] == [row.name for row in ours.rows]
    assert str(segments[0][5]) == ours.rows[0].value
    assert "".join(str(part) for part in segments[2][5][0]) == ours.rows[2].value
    note = str(other.segments("NTE")[2][3])
    assert other.unescape(note).replace("\r", "\n") == ours.rows[0].comment


# --- LDT --------------------------------------------------------------------------------------------------


def lines(text: str, encoding: str = "iso-8859-15") -> bytes:
    """Lines of LDT with their lengths: `8410 HB` becomes `0118410HB`, CR, LF."""
    made = b""
    for line in text.split("\n"):
        if line.strip():
            content = line.strip()[5:].encode(encoding)
            made += f"{len(content) + 9:03}{line.strip()[:4]}".encode() + content + b"\r\n"
    return made


LDT_2 = """
    8000 8220
    9212 LDT1014.01
    8320 Labor München
    9106 4
    8000 8201
    8302 20240116
    3104 Dr.
    3101 Bohr
    3102 Anke
    3103 19630624
    3110 W
    8401 E
    8410 HB
    8411 Hämoglobin
    8430 EDTA-Blut
    8432 20240115
    8420 7.30
    8421 mmol/l
    8460 Frauen
    8461 7.4
    8462 9.9
    8422 -
    8470 bitte kontrollieren
    8410 TSH
    8480 <0,01
    8410 CRP
    8420 <0.6
    8421 mg/l
    8418 K
    8410 FE
    8418 F
    8490 Ende des Befundes
    8000 8221
    9202 00000999
"""


def test_a_german_report_of_the_second_generation() -> None:
    parsed = ldt.parse(lines(LDT_2))
    (document,) = parsed.documents
    assert (document.person, document.sex, document.birth_date) == ("Dr. Anke Bohr", "F", "1963-06-24")
    assert (document.lab, document.reported, document.collected) == ("Labor München", "2024-01-16", "2024-01-15")
    assert document.notes == ("Ende des Befundes",)
    first = parsed.rows[0]
    assert (told(first), first.number, first.codes) == ("Hämoglobin 7.30 mmol/l", Decimal("7.30"), (("", "HB"),))
    assert (first.range_text, first.low, first.high, first.flag) == ("Frauen", Decimal("7.4"), Decimal("9.9"), "low")
    assert (first.flag_text, first.specimen, first.comment) == ("-", "EDTA-Blut", "bitte kontrollieren")
    assert [(told(row), row.status, row.number) for row in parsed.rows[1:]] == [
        ("TSH < 0,01", "final", None),
        ("CRP < 0.6 mg/l", "corrected", Decimal("0.6")),
        ("FE", "absent", None),
    ]
    assert first.place == "line 13"
    assert parsed.problems == ()


@pytest.mark.parametrize(
    ("mark", "encoding", "text"),
    [("1", "ascii", "H{moglobin [ ~"), ("2", "cp437", "Hämoglobin Ä ß"), ("3", "iso-8859-1", "Hämoglobin Ä ß"),
     ("4", "iso-8859-15", "Hämoglobin Ä ß"), ("", "iso-8859-15", "Hämoglobin Ä ß")],
)  # fmt: skip
def test_the_character_sets_of_ldt(mark, encoding, text) -> None:
    parsed = ldt.parse(lines(f"8000 8220\n9106 {mark}\n8000 8201\n8410 HB\n8411 {text}\n8420 7", encoding))
    assert only(parsed).name == "Hämoglobin Ä ß"
    assert parsed.problems == ()


def test_an_ldt_file_that_says_one_character_set_and_is_in_another() -> None:
    parsed = ldt.parse(lines("8000 8201\n9106 4\n8410 HB\n8411 Hämoglobin\n8420 7", "utf-8"))
    assert only(parsed).name == "Hämoglobin"
    assert whats(parsed) == [("9106", "encoding")]
    assert (
        only(ldt.parse(lines("8000 8201\n8410 HB\n8411 Hämoglobin\n8420 7").decode("iso-8859-15"))).name == "Hämoglobin"
    )


@pytest.mark.parametrize(
    ("told_", "day"),
    [
        ("19600512", "1960-05-12"),
        ("12051960", "1960-05-12"),
        ("19600500", "1960-05"),
        ("19600000", "1960"),
        ("99999999", None),
    ],
)
def test_dates_of_ldt_old_and_new_and_in_part(told_, day) -> None:
    parsed = ldt.parse(lines(f"8000 8201\n3103 {told_}\n8410 HB\n8420 7"))
    assert parsed.documents[0].birth_date == day
    assert [problem.what for problem in parsed.problems] == ([] if day else ["date"])


@pytest.mark.parametrize(
    ("mark", "flag"),
    [("N", None), ("+", "high"), ("HH", "high"), ("!+", "critical_high"), ("--", "low"), ("!L", "critical_low"),
     ("AA", "abnormal"), ("!", "abnormal")],
)  # fmt: skip
def test_flags_of_ldt(mark, flag) -> None:
    row = only(ldt.parse(lines(f"8000 8201\n8410 HB\n8420 7\n8422 {mark}")))
    assert (row.flag, row.flag_text) == (flag, mark)


LDT_3 = """
    8000 8220
    8132 Kopfdaten
    8002 Obj_0032
    0001 LDT3.2.19
    8003 Obj_0032
    8136 Laborkennung
    8002 Obj_0036
    8239 Laborbezeichnung
    8002 Obj_0043
    1250 Laborpraxis Müller
    8003 Obj_0043
    8003 Obj_0036
    8001 8220
    8000 8205
    8122 Einsenderidentifikation
    8002 Obj_0022
    8147 Person
    8002 Obj_0047
    3101 Musterarzt
    8003 Obj_0047
    8003 Obj_0022
    8145 Patient
    8002 Obj_0045
    8147 Person
    8002 Obj_0047
    3120 von
    3101 Musterpatient
    3102 Karl
    3103 19600512
    3110 M
    8003 Obj_0047
    8003 Obj_0045
    8117 Befundinformationen
    8002 Obj_0017
    8216 Timestamp_Befunderstellung
    8002 Obj_0054
    7278 20240116
    8003 Obj_0054
    8003 Obj_0017
    8137 Material
    8002 Obj_0037
    7364 12345678-02
    8430 Serum
    8431 gefroren
    8219 Timestamp_Materialabnahme_entnahme
    8002 Obj_0054
    7278 20240115
    8003 Obj_0054
    8003 Obj_0037
    8135 Laborergebnisbericht
    8002 Obj_0035
    8160 UE_Klinische_Chemie
    8002 Obj_0060
    7304 ErgebnisIDKC12345
    7364 12345678-02
    8410 HBs-Ag
    8411 Hepatitis B Antigen
    8418 08
    7302 Methode1
    7306 03
    8420 >247.60
    8419 2
    8421 U/l
    8142 Normalwert
    8002 Obj_0042
    8424 20
    8460 alle Erwachsenen
    8461 30.0
    8419 2
    8421 U/l
    8462 100.0
    8419 2
    8421 U/l
    8422 ++
    8126 Fehlermeldung_Aufmerksamkeit
    8002 Obj_0026
    8167 Zusaetzliche_Informationen
    8002 Obj_0068
    3564 Wert stark erhöht.
    8003 Obj_0068
    8003 Obj_0026
    8003 Obj_0042
    8420 negativ
    8003 Obj_0060
    8161 UE_Mikrobiologie
    8002 Obj_0061
    8411 Urinkultur
    8418 06
    8237 Ergebnistext
    8002 Obj_0068
    3564 kein Wachstum
    8003 Obj_0068
    8003 Obj_0061
    8003 Obj_0035
    8110 Anhang
    8002 Obj_0010
    6303 PDF
    8003 Obj_0010
    8001 8205
    8000 8221
    9300 0123456789
    8001 8221
"""


def test_a_german_report_of_the_third_generation() -> None:
    """After Use Case 8 of the KBV's "LDT 3 Use Cases", 3.2.19; the persons are invented."""
    parsed = ldt.parse(lines(LDT_3))
    (document,) = parsed.documents
    assert (document.person, document.sex, document.birth_date) == ("Karl von Musterpatient", "M", "1960-05-12")
    assert (document.lab, document.reported, document.collected) == ("Laborpraxis Müller", "2024-01-16", "2024-01-15")
    first, second, third = parsed.rows
    assert (told(first), first.number) == ("Hepatitis B Antigen > 247.60 U/l", Decimal("247.60"))
    assert (first.status, first.method, first.specimen) == ("corrected", "Methode1", "Serum, gefroren")
    assert (first.range_text, first.low, first.high) == ("alle Erwachsenen", Decimal("30.0"), Decimal("100.0"))
    assert (first.flag, first.flag_text, first.comment) == ("high", "++", "Wert stark erhöht.")
    assert (told(second), second.unit, second.low) == ("Hepatitis B Antigen negativ", "", None)
    assert told(third) == "Urinkultur kein Wachstum"
    assert {(problem.what, problem.found) for problem in parsed.problems} == {
        ("not_read", "Obj_0061"),
        ("attachment", "PDF"),
    }


def test_a_bound_in_another_unit_does_not_pass_for_one_of_the_value() -> None:
    parsed = ldt.parse(
        lines(LDT_3.replace("8461 30.0\n    8419 2\n    8421 U/l", "8461 30.0\n    8419 2\n    8421 kU/l"))
    )
    row = parsed.rows[0]
    assert (row.low, row.high, row.range_text) == (None, None, "alle Erwachsenen 30.0 - 100.0 U/l, kU/l")
    assert "range" in {problem.what for problem in parsed.problems}


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"hello\r\nworld", "not_this_format"),
        (b"01380008201\r\n", "no_results"),
        (b"01380008218\r\n0118410HB\r\n", "not_read"),
        (b"01380008201\r\n0998410HB\r\n01084207\r\n", "length"),
        (b"01380008201\r\n0118410HB\r\n01084207\r\n84", "cut_off"),
        (lines("8000 8205\n8160 UE\n8002 Obj_0060\n8411 X\n8420 1"), "cut_off"),
        (lines("8000 8205\n8003 Obj_0060\n8160 UE\n8002 Obj_0060\n8411 X\n8420 1\n8003 Obj_0060"), "cut_off"),
        (lines("8000 8205\n8160 UE\n8002 Obj_0060\n8411 X\n8420 1\n4711 ?\n8003 Obj_0060"), "not_read"),
        (lines("8000 8201\n8410 X\n8420 1\n4711 ?"), "not_read"),
        (lines("8000 8201\n8410 X\n8420 1\n8461 9\n8462 3"), "range"),
        (lines("8000 8201\n8410 X\n8420 1\n8422 ?"), "flag"),
        (lines("8000 8201\n8410 X\n8420 1\n8418 ?"), "status"),
        (lines("8000 8201\n8410 X\n8420 1\n8418 F"), "status"),
        (lines("8000 8201\n8410 X"), "no_value"),
        (lines("8000 8201\n8410 X\n8420 1\n8420 2"), "several"),
    ],
)
def test_what_is_wrong_with_an_ldt_file_is_named(data, what) -> None:
    assert ldt.parse(data).problems[0].what == what


# --- tables -----------------------------------------------------------------------------------------------


class Words:
    """A vocabulary such as `reports.vocabulary` gives, of Dutch and English."""

    headings = (
        ("name", "bepaling test name"),
        ("result", "uitslag result si-result"),
        ("unit", "eenheid unit"),
        ("range", "referentie range"),
        ("low", "low"),
        ("high", "high"),
        ("flag", "vlag flag"),
        ("date", "datum date"),
        ("comment", "opmerking comment"),
        ("previous", "vorige"),
        ("code", "code"),
    )
    labels = (
        ("patient", "naam name patient"),
        ("birth_date", "geboren"),
        ("sex", "geslacht"),
        ("lab", "lab laboratory"),
    )
    marks = (("high", "h +"), ("low", "l -"), ("high_critical", "hh"), ("abnormal", "*"), ("normal", "n"))

    def heading(self, text: str) -> str | None:
        return next((key for key, forms in self.headings if text.lower() in forms.split()), None)

    def label(self, text: str) -> str | None:
        return next((key for key, forms in self.labels if text.lower() in forms.split()), None)

    def flag(self, text: str) -> str | None:
        return next((key for key, forms in self.marks if text.lower() in forms.split()), None)


def parse_table(data: bytes | str) -> Parsed:
    return table.parse(data, Words())


def test_a_table_with_a_row_a_result() -> None:
    parsed = parse_table("""\ufeffNaam;Jansen
Geboren: 12-05-1960;;
Lab;West
Uitslagen van deze week
Bepaling;Uitslag;Eenheid;Referentie;Vlag;Datum;Opmerking;Code
Bloed
Hb;"6,30";mmol/L;7,5 - 10,0;L;15-01-2024;"op twee
regels";718-7
TSH;<0,010;mU/L;< 4,0;*;15-01-2024
""")
    (document,) = parsed.documents
    assert (document.person, document.birth_date, document.lab) == ("Jansen", "1960-05-12", "West")
    assert (document.collected, document.notes) == ("2024-01-15", ("Uitslagen van deze week",))
    first, second = parsed.rows
    assert (told(first), first.number, first.panel) == ("Hb 6,30 mmol/L", Decimal("6.30"), "Bloed")
    assert (first.low, first.high, first.range_text) == (Decimal("7.5"), Decimal("10.0"), "7,5 - 10,0")
    assert (first.flag, first.flag_text, first.comment) == ("low", "L", "op twee\nregels")
    assert (first.codes, first.place) == ((("", "718-7"),), "line 7")
    assert (told(second), second.number, second.high, second.flag) == (
        "TSH < 0,010 mU/L", Decimal("0.010"), Decimal("4.0"), "abnormal",
    )  # fmt: skip
    assert parsed.problems == ()


def test_a_table_with_tests_down_and_dates_across() -> None:
    parsed = parse_table("Test,Unit,Range,2024-01-15,13/12/2023\nHb,g/dL,13.5-17.5,14.2,13.90\nCRP,mg/L,<5,,<0.6\n")
    assert [(told(row), row.collected, row.high, row.place) for row in parsed.rows] == [
        ("Hb 14.2 g/dL", "2024-01-15", Decimal("17.5"), "line 2, column 4"),
        ("Hb 13.90 g/dL", "2023-12-13", Decimal("17.5"), "line 2, column 5"),
        ("CRP < 0.6 mg/L", "2023-12-13", Decimal("5"), "line 3, column 5"),
    ]
    assert parsed.problems == ()


def test_a_table_with_dates_down_and_tests_across() -> None:
    parsed = parse_table(
        "Date\tHb\tTSH\nUnit\tg/dL\tmU/L\nRange\t13-17\t0.4-4\n2024-01-15 08:30\t14.2\t\n2023-02-03\t13.9\t1.2\n"
    )
    assert [(told(row), row.collected, row.low) for row in parsed.rows] == [
        ("Hb 14.2 g/dL", "2024-01-15", Decimal("13")),
        ("Hb 13.9 g/dL", "2023-02-03", Decimal("13")),
        ("TSH 1.2 mU/L", "2023-02-03", Decimal("0.4")),
    ]
    assert parsed.problems == ()


def test_a_table_of_several_persons() -> None:
    parsed = parse_table("Patient|Geslacht|Test|Result\nAn|F|K|4.1\nBo|M|K|5.0\nAn|F|Na|140\nCo|X|K|4\n")
    assert [(d.person, d.sex, [told(row) for row in d.rows]) for d in parsed.documents] == [
        ("An", "F", ["K 4.1", "Na 140"]),
        ("Bo", "M", ["K 5.0"]),
        ("Co", None, ["K 4"]),
    ]
    assert whats(parsed) == [("line 5", "sex")]


def test_a_column_called_name_is_of_tests_or_of_persons_by_what_stands_beside_it() -> None:
    for told_ in ("Test;Name;Result\nK;An;4,1\n", "Name;Test;Result\nAn;K;4,1\n", "Naam;Test;Result\nAn;K;4,1\n"):
        parsed = parse_table(told_)
        assert (parsed.documents[0].person, told(only(parsed))) == ("An", "K 4,1")
    assert told(only(parse_table("Name;Result\nK;4,1\n"))) == "K 4,1"


def test_tables_below_each_other_each_with_its_heading() -> None:
    parsed = parse_table("Test;Result\nK;4,1\n\nTest;Unit;Result\nHb;g/dL;14,2\n")
    assert [told(row) for row in parsed.rows] == ["K 4,1", "Hb 14,2 g/dL"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_the_encodings_of_tables(encoding) -> None:
    parsed = parse_table("Test;Result;Unit\nHämoglobin;5,1;µmol/L\n".encode(encoding))
    assert told(only(parsed)) == "Hämoglobin 5,1 µmol/L"
    assert [problem.what for problem in parsed.problems] == (["encoding"] if encoding == "cp1252" else [])


def test_a_spreadsheet_that_names_its_delimiter() -> None:
    parsed = parse_table('sep=,\r\nTest,Result\r\nHb,"6,30"\r\n')
    assert (told(only(parsed)), only(parsed).place) == ("Hb 6,30", "line 3")


@pytest.mark.parametrize(
    ("others", "cell", "number"),
    [
        (["5,3", "0,12"], "1,250", "1.250"),
        (["5,3", "0,12"], "1.250", None),
        (["5.3", "0.12"], "1.250", "1.250"),
        (["5.3", "0.12"], "1,250", None),
        ([], "1,250", None),
        ([], "1.250", None),
        ([], "12", "12"),
        (["5,3"], "1.234,5", "1234.5"),
    ],
)
def test_the_decimal_mark_is_told_by_the_whole_table_or_not_at_all(others, cell, number) -> None:
    parsed = parse_table("Test;Result;Unit\n" + "".join(f"x;{other};g\n" for other in others) + f"a;{cell};g\n")
    row = parsed.rows[-1]
    assert (row.value, row.number) == (cell, None if number is None else Decimal(number))
    assert (number is None) == ("decimal_mark" in {problem.what for problem in parsed.problems})


def test_a_day_that_may_be_two_days_is_left_open() -> None:
    parsed = parse_table(
        "Test;Result;Date\na;1;03/04/2024\nb;2;05/05/2024\nc;3;3.4.2024\nd;4;2024/04/03\ne;5;31-31-2024\n"
    )
    assert [row.collected for row in parsed.rows] == [None, "2024-05-05", "2024-04-03", "2024-04-03", None]
    parsed = parse_table("Test;Result;Date\na;1;03/04/2024\nb;2;04/25/2024\n")
    assert [row.collected for row in parsed.rows] == ["2024-03-04", "2024-04-25"]


def test_columns_and_rows_that_are_not_understood_are_named() -> None:
    parsed = parse_table("""Test;Result;SI-result;Vorige;Ward;Flag
K;4,1;4,2;4,0;West;??
;5,0;;;;
Na;;;;;H
Cl;100;;;;;more
""")
    assert [told(row) for row in parsed.rows] == ["K 4,1", "Na", "Cl 100"]
    assert [(problem.place, problem.what, problem.found) for problem in parsed.problems] == [
        ("line 1", "not_read", "SI-result"),
        ("line 1", "not_read", "Vorige"),
        ("line 1", "not_read", "Ward"),
        ("line 2", "flag", ""),
        ("line 3", "no_name", ""),
        ("line 4", "no_value", ""),
        ("line 5", "columns", ""),
    ]


@pytest.mark.parametrize(
    ("data", "what"),
    [
        ("hello world", "not_this_format"),
        ("a;b\n1;2\n", "heading"),
        ("Test;Result\n", "no_results"),
        ('Test;Result\nK;"4\nNa;140\n', "cut_off"),
        ("Test;Result;Low;High\nK;4;9;3\n", "range"),
        ("Test;Result;Date\nK;4;yesterday\n", "date"),
    ],
)
def test_what_is_wrong_with_a_table_is_named(data, what) -> None:
    assert parse_table(data).problems[0].what == what


@pytest.mark.parametrize(
    "cell", ["1" + " " * 100_000 + "2", "1-" * 50_000, "1," * 5_000, "< " + "9" * 100_000, "T" * 100_000]
)
def test_a_cell_of_a_hundred_thousand_characters_takes_no_time(cell) -> None:
    parsed = parse_table(f"Test;Result;Range;Date;Low\nK;{cell};{cell};{cell};{cell}\n")
    assert (parsed.rows[0].number, parsed.rows[0].low, parsed.rows[0].collected) == (None, None, None)


def test_low_and_high_in_columns_of_their_own() -> None:
    row = only(parse_table("Test;Result;Low;High\nK;4,1;3,5;5,0\n"))
    assert (row.low, row.high) == (Decimal("3.5"), Decimal("5.0"))


# --- all of them ------------------------------------------------------------------------------------------


def test_problems_never_say_what_was_measured_or_whose_it_is() -> None:
    secret = "Geheim77"
    observation = {"resourceType": "Observation", "status": secret, "code": {"text": secret}, "valueQuantity": secret}
    patient = {"resourceType": "Patient", "gender": secret, "birthDate": secret, "name": [{"text": secret}]}
    files = [
        fhir.parse(json.dumps([observation, patient, {"resourceType": f"{secret} x"}])),
        hl7.parse(message(f"PID|1||1||{secret}||{secret}|{secret}", f"OBX|1|NM|1^{secret}||{secret}|||{secret}")),
        ldt.parse(
            lines(
                f"8000 8201\n3101 {secret}\n3103 {secret}\n3110 {secret}\n8410 {secret}\n8420 {secret}\n8461 {secret}"
            )
        ),
        parse_table(f"Patient;{secret}\nGeslacht;{secret}\nTest;Result;Date\n{secret};{secret};{secret}\n"),
    ]
    for parsed in files:
        assert parsed.problems
        assert secret not in repr(parsed.problems)
        assert secret in repr(parsed.documents)


def test_a_thousand_times_the_same_problem_is_counted() -> None:
    parsed = hl7.parse(message(*(f"OBX|{n}|NM|1^K||x" for n in range(1000))))
    assert len(parsed.problems) == 21
    assert (parsed.problems[-1].place, parsed.problems[-1].count) == ("…", 980)


# --- FHIR out ---------------------------------------------------------------------------------------------


NOTICE = "This material contains content from LOINC (http://loinc.org) & more."
RESULTS = [
    Result(
        name="Hb",
        value=Decimal("6.30"),
        unit="mmol/l",
        ucum="mmol/L",
        low=Decimal("7.50"),
        high=Decimal("10.0"),
        range_text="7,50 - 10,0",
        interpretation="L",
        test="hemoglobin",
        loinc=("718-7", "Hemoglobin [Mass/volume] in Blood"),
        collected="2024-01-15",
        specimen="EDTA-bloed",
        method="fotometrie",
        notes=("nuchter",),
    ),
    Result(name="TSH", value=Decimal("0.010"), comparator=LT, unit="mU/L", sure=False, doubts=("Readings differ.",)),
    Result(name="TPHA", value="1:160", comparator=GE),
    Result(name="Leuko's", value="2-5", unit="/HPF"),
    Result(name="Nitriet", value="negatief"),
    Result(name="Kalium"),
]
PERSON = Document(person="An <de Vries>", sex="F", birth_date="1960-05-12", lab="Lab West", language="nl")


def resources(made: dict, kind: str) -> list[dict]:
    return [entry["resource"] for entry in made["entry"] if entry["resource"]["resourceType"] == kind]


def test_what_we_write_two_others_accept() -> None:
    written = fhir_out.encode(fhir_out.bundle(PERSON, RESULTS, notice=NOTICE))
    assert [issue for issue in fhirkit.validate(written) if issue.severity == "error"] == []
    made = Bundle.model_validate_json(written)
    assert len(made.entry) == 2 + len(RESULTS)
    empty = fhir_out.encode(fhir_out.bundle(Document(), [], notice=NOTICE))
    assert fhirkit.validate(empty) == []
    Bundle.model_validate_json(empty)


def test_the_second_validator_does_look() -> None:
    made = fhir_out.bundle(PERSON, RESULTS, notice=NOTICE)
    del made["entry"][1]["resource"]["status"]
    assert [str(issue.path) for issue in fhirkit.validate(fhir_out.encode(made))] == ["Bundle.entry[1].resource.status"]


def test_what_we_write_we_read() -> None:
    parsed = fhir.parse(fhir_out.encode(fhir_out.bundle(PERSON, RESULTS, notice=NOTICE)))
    (document,) = parsed.documents
    assert (document.person, document.sex, document.birth_date) == ("An <de Vries>", "F", "1960-05-12")
    assert (document.lab, document.language) == ("Lab West", "nl")
    assert [(told(row), row.status) for row in parsed.rows] == [
        ("Hb 6.30 mmol/l", "final"),
        ("TSH < 0.010 mU/L", "preliminary"),
        ("TPHA >= 1:160", "final"),
        ("Leuko's 2-5 /HPF", "final"),
        ("Nitriet negatief", "final"),
        ("Kalium", "absent"),
    ]
    first = parsed.rows[0]
    assert (str(first.low), str(first.high), first.range_text, first.flag) == ("7.50", "10.0", "7,50 - 10,0", "low")
    assert first.codes == ((LOINC, "718-7"), (fhir_out.TESTS, "hemoglobin"))
    assert (first.specimen, first.method, first.comment, first.panel) == ("EDTA-bloed", "fotometrie", "nuchter", "")
    assert parsed.rows[1].comment == "Readings differ."
    assert parsed.problems == ()


def test_what_nobody_confirmed_is_preliminary_and_what_was_not_read_says_so() -> None:
    made = fhir_out.bundle(PERSON, RESULTS, notice=NOTICE)
    assert [each["status"] for each in resources(made, "Observation")] == [
        "final", "preliminary", "final", "final", "final", "preliminary",
    ]  # fmt: skip
    unread = resources(made, "Observation")[-1]
    assert unread["dataAbsentReason"]["coding"][0]["code"] == "unknown"
    assert not [key for key in unread if key.startswith("value")]
    assert resources(made, "DiagnosticReport")[0]["status"] == "partial"
    sure = fhir_out.bundle(PERSON, RESULTS[:1], notice=NOTICE)
    assert resources(sure, "DiagnosticReport")[0]["status"] == "final"


def test_only_what_was_read_of_a_person_is_written() -> None:
    assert resources(fhir_out.bundle(Document(), RESULTS, notice=NOTICE), "Patient") == []
    (patient,) = resources(fhir_out.bundle(Document(birth_date="1960"), RESULTS, notice=NOTICE), "Patient")
    assert patient == {"resourceType": "Patient", "birthDate": "1960"}


def test_loinc_comes_with_its_notice_and_unchanged() -> None:
    made = fhir_out.bundle(PERSON, RESULTS, notice=NOTICE)
    text = resources(made, "DiagnosticReport")[0]["text"]
    assert text["status"] == "additional"
    assert "content from LOINC (http://loinc.org) &amp; more." in text["div"]
    assert resources(made, "Observation")[0]["code"]["coding"][0] == {
        "system": LOINC, "code": "718-7", "display": "Hemoglobin [Mass/volume] in Blood",
    }  # fmt: skip


def test_the_same_report_gives_the_same_bytes_and_another_one_other_addresses() -> None:
    first, again, other = (
        fhir_out.bundle(document, RESULTS, notice=NOTICE) for document in (PERSON, PERSON, Document(person="Bo"))
    )
    assert fhir_out.encode(first) == fhir_out.encode(again)
    assert first["entry"][1]["fullUrl"] != other["entry"][1]["fullUrl"]


def test_a_sign_that_fhir_lacks_stays_in_the_text() -> None:
    about = Result(name="x", value=Decimal("5"), comparator=Comparator.ABOUT, unit="g")
    (made,) = resources(fhir_out.bundle(Document(), [about], notice=NOTICE), "Observation")
    assert made["valueString"] == "~5 g"
    assert b'"value":100' in fhir_out.encode(
        fhir_out.bundle(Document(), [Result(name="x", value=Decimal("1E+2"))], notice=NOTICE)
    )
