"""`helder scan` and `helder lab` as a person and a program meet them: text, JSON, lines, FHIR, and wrong files."""

from __future__ import annotations

import io
import json
import textwrap
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from fhir.resources.R4B.bundle import Bundle

from helder.app import open_app
from helder.cli.main import main

Capture = pytest.CaptureFixture[str]

DUTCH = """
    Medisch Laboratorium Noord
    Naam: Jansen, P.        Geboortedatum: 12-05-1960      Geslacht: V
    Datum afname: 21-03-2026

    Bepaling             Uitslag     Eenheid      Referentiewaarden
    Natrium              138         mmol/L       135 - 145
    Kalium               6,8   +     mmol/L       3,5 - 5,1
    TSH                  <0,01       mU/L         0,40 - 4,00
    Frobnicase           17          U/L          10 - 20
    """
CALM = "Test;Result;Unit;Range\nPotassium;4.1;mmol/L;3.5 - 5.1\nSodium;139;mmol/L;135 - 145\n"


@pytest.fixture
def dutch(tmp_path: Path) -> str:
    return written(tmp_path / "uitslag.txt", textwrap.dedent(DUTCH))


@pytest.fixture
def calm(tmp_path: Path) -> str:
    return written(tmp_path / "calm.csv", CALM)


def written(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def as_json(capsys: Capture, *arguments: str, code: int = 0) -> Any:
    assert main([*arguments, "--json"]) == code
    return json.loads(capsys.readouterr().out)


# --- Text ------------------------------------------------------------------------------------------------


def test_what_cannot_wait_stands_first_with_the_number_to_call(capsys: Capture, dutch: str) -> None:
    assert main(["scan", dutch, "--country", "NL"]) == 0
    first = capsys.readouterr().out.splitlines()[0]
    assert first.startswith("! ")
    assert "112" in first


def test_a_report_is_printed_with_values_ranges_and_marks(capsys: Capture, dutch: str) -> None:
    main(["scan", dutch, "--country", "NL"])
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert "Sodium 138 mmol/L (135 - 145)" in lines
    assert "↑↑ Potassium 6.8 mmol/L (3,5 - 5,1)" in lines
    assert "↓ TSH < 0.01 mU/L (0,40 - 4,00)" in lines, "`<` is never lost"


def test_a_doubt_stands_under_its_result(capsys: Capture, dutch: str) -> None:
    main(["scan", dutch, "--country", "NL"])
    lines = capsys.readouterr().out.splitlines()
    at = next(number for number, line in enumerate(lines) if "Frobnicase" in line)
    assert lines[at + 1].strip() == "? We do not know this test."


@pytest.mark.parametrize(
    ("language", "country", "potassium"), [("nl", "NL", "Kalium"), ("de", "DE", "Kalium"), ("es", "ES", "Potasio")]
)
def test_a_report_is_told_in_your_language_whatever_it_is_printed_in(
    capsys: Capture, dutch: str, language: str, country: str, potassium: str
) -> None:
    assert main(["scan", dutch, "-l", language, "-c", country]) == 0
    text = capsys.readouterr().out
    assert potassium in text
    assert "112" in text.splitlines()[0]


def test_a_person_changes_what_is_judged(capsys: Capture, tmp_path: Path) -> None:
    report = written(tmp_path / "hb.txt", "Haemoglobin: 125 g/L\nSodium: 139 mmol/L\n")
    found = {}
    for sex in "MF":
        person = written(tmp_path / f"{sex}.json", json.dumps({"age": 67, "sex": sex}))
        made = as_json(capsys, "scan", report, "--person", person)
        found[sex] = {reading["test"]: reading["judgement"] for reading in made["readings"]}["haemoglobin"]
    assert found == {"M": "low", "F": "normal"}


# --- JSON ------------------------------------------------------------------------------------------------


def test_the_json_keeps_the_published_contract(capsys: Capture, dutch: str) -> None:
    made = as_json(capsys, "scan", dutch, "-c", "NL")
    jsonschema.validate(made, open_app().schema("scan"))
    for reading in made["readings"]:
        jsonschema.validate(reading, open_app().schema("reading"))


def test_the_json_holds_values_exactly_as_printed(capsys: Capture, dutch: str) -> None:
    made = as_json(capsys, "scan", dutch, "-c", "NL")
    read = [(part["test"], part["comparator"], part["value"], part["ucum"]) for part in made["readings"]]
    assert read == [
        ("sodium", None, "138", "mmol/L"),
        ("potassium", None, "6.8", "mmol/L"),
        ("tsh", "<", "0.01", "m[IU]/L"),
        (None, None, "17", "U/L"),
    ]
    assert made["document"]["person"] == {"name": "Jansen, P", "birth_date": "1960-05-12", "sex": "F", "age": None}
    assert (made["document"]["kind"], made["document"]["language"]) == ("lab", "nl")
    assert [part["sure"] for part in made["readings"]] == [True, True, True, False]


def test_every_sentence_in_the_json_has_a_source(capsys: Capture, dutch: str) -> None:
    made = as_json(capsys, "scan", dutch, "-c", "NL")
    said = [sentence for reading in made["readings"] for sentence in reading["says"]]
    said += [danger["sentence"] for danger in made["danger"]]
    assert len(said) > 5
    assert all(sentence["sources"] and sentence["claims"] for sentence in said)


# --- Several files ---------------------------------------------------------------------------------------


def test_several_files_are_one_answer_with_the_others_in_it(capsys: Capture, dutch: str, calm: str) -> None:
    made = as_json(capsys, "scan", dutch, calm, "-c", "NL")
    assert made["document"]["files"] == ["uitslag.txt"]
    assert [other["document"]["files"] for other in made["others"]] == [["calm.csv"]]
    assert [reading["test"] for reading in made["others"][0]["readings"]] == ["potassium", "sodium"]


def test_with_lines_every_file_is_a_line(capsys: Capture, dutch: str, calm: str) -> None:
    assert main(["scan", dutch, calm, "--lines"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["document"]["files"] for line in lines] == [["uitslag.txt"], ["calm.csv"]]
    assert [line["others"] for line in lines] == [[], []]


def test_with_lines_one_bad_file_shows_in_the_exit_code_and_the_rest_goes_on(
    capsys: Capture, tmp_path: Path, calm: str
) -> None:
    empty = written(tmp_path / "empty.txt", "")
    assert main(["scan", empty, calm, "--lines"]) == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [len(line["readings"]) for line in lines] == [0, 2]


def test_a_file_that_breaks_loses_only_itself(capsys: Capture, tmp_path: Path, calm: str) -> None:
    empty = written(tmp_path / "empty.txt", "")
    made = as_json(capsys, "scan", empty, calm)
    assert [part["why"] for part in made["not_read"]] == ["empty"]
    assert len(made["others"][0]["readings"]) == 2


# --- Files with nothing in them --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (bytes(range(256)) * 20, "unknown_kind"),
        (b'{"resourceType": "Nope"}', "no_results"),
    ],
)
def test_a_file_that_holds_nothing_says_why(capsys: Capture, tmp_path: Path, content: bytes, why: str) -> None:
    file = tmp_path / "report"
    file.write_bytes(content)
    made = as_json(capsys, "scan", str(file), code=1)
    assert made["readings"] == []
    assert why in [part["why"] for part in made["not_read"]]
    assert all(part["said"] and part["file"] == "report" for part in made["not_read"])


def test_a_text_without_results_is_no_lab_report(capsys: Capture, tmp_path: Path) -> None:
    hello = written(tmp_path / "hello.txt", "Milk 1.5 L and two kinds of bread for Monday\n")
    assert main(["scan", hello]) == 1
    assert "does not look like a lab report" in capsys.readouterr().out


def test_a_letter_without_results_is_called_a_letter_and_names_nobody(capsys: Capture, tmp_path: Path) -> None:
    letter = written(tmp_path / "letter.txt", "Dear patient, see you on Monday at 10.\n")
    made = as_json(capsys, "scan", letter, code=1)
    assert made["document"]["kind"] == "letter"
    assert made["document"]["person"]["name"] is None


def test_a_prescription_is_listed_to_be_confirmed(capsys: Capture, tmp_path: Path) -> None:
    recipe = written(tmp_path / "rx.txt", "Recept\nMetformine 500 mg 2x daags\nKalium 600 mg 1x daags\n")
    made = as_json(capsys, "scan", recipe, code=1)
    assert (made["document"]["kind"], made["readings"]) == ("prescription", [])
    assert made["items"] == ["Metformine 500 mg 2x daags", "Kalium 600 mg 1x daags"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["scan"], "scan needs a file"),
        (["scan", "nowhere.pdf"], "No such file"),
        (["scan", "/"], "cannot read that file"),
        (["scan", "{calm}", "--person", "nowhere.json"], "person's file"),
        (["scan", "{calm}", "--person", "{calm}"], "expected one JSON object"),
        (["scan", "{calm}", "-l", "xx"], "no language"),
        (["scan", "{calm}", "-c", "ZZ"], "no country"),
    ],
)
def test_a_wrong_question_is_one_line_that_says_what_to_do(
    capsys: Capture, calm: str, arguments: list[str], said: str
) -> None:
    assert main([part.replace("{calm}", calm) for part in arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("helder: ")
    assert said in err
    assert err.count("\n") == 1


# --- FHIR ------------------------------------------------------------------------------------------------


def bundle(capsys: Capture, *files: str) -> dict[str, Any]:
    assert main(["scan", *files, "--fhir", "-c", "NL"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_the_fhir_is_valid_r4(capsys: Capture, dutch: str) -> None:
    made = bundle(capsys, dutch)
    assert Bundle.model_validate(made).entry
    assert made["resourceType"] == "Bundle"


def test_the_fhir_keeps_values_signs_units_and_codes(capsys: Capture, dutch: str) -> None:
    resources = [entry["resource"] for entry in bundle(capsys, dutch)["entry"]]
    found = {part["code"]["text"]: part for part in resources if part["resourceType"] == "Observation"}
    tsh, potassium = found["TSH"]["valueQuantity"], found["Kalium"]["valueQuantity"]
    assert (tsh["comparator"], tsh["value"], tsh["code"]) == ("<", 0.01, "m[IU]/L")
    assert (potassium["value"], potassium["code"]) == (6.8, "mmol/L")
    assert "2823-3" in [code["code"] for code in found["Kalium"]["code"]["coding"]]
    assert "coding" not in found["Frobnicase"]["code"], "an unknown test has no code"
    assert [code["code"] for code in found["Kalium"]["interpretation"][0]["coding"]] == ["HH"]


def test_what_helder_writes_as_fhir_helder_reads_back(capsys: Capture, dutch: str, tmp_path: Path) -> None:
    keys = ("test", "comparator", "value", "ucum", "judgement", "collected")
    before = as_json(capsys, "scan", dutch, "-c", "NL")["readings"]
    copy = written(tmp_path / "copy.json", json.dumps(bundle(capsys, dutch)))
    after = as_json(capsys, "scan", copy, "-c", "NL")["readings"]
    assert [[reading[key] for key in keys] for reading in after] == [[part[key] for key in keys] for part in before]


# --- helder lab ------------------------------------------------------------------------------------------


def test_one_result_is_looked_up(capsys: Capture) -> None:
    assert main(["lab", "potassium", "5.9", "mmol/L"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Potassium")
    assert lines[1] == "↑  5.9 mmol/L"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (["pH", "7"], "more than one test"),
        (["potassium", "5.9", "florps"], "do not know this unit"),
        (["frobnicase", "5"], "do not know this test"),
        (["potassium", "5.9", "U/L"], "unit"),
    ],
)
def test_a_result_that_is_not_known_says_why(capsys: Capture, told: list[str], said: str) -> None:
    assert main(["lab", *told]) == 1
    assert said in capsys.readouterr().out


def test_one_result_as_json_keeps_the_contract_and_the_sign(capsys: Capture) -> None:
    found = as_json(capsys, "lab", "TSH", "<0,01", "mU/L")
    jsonschema.validate(found, open_app().schema("lab"))
    assert (found["test"], found["comparator"], found["value"], found["judgement"]) == ("tsh", "<", "0.01", "low")


def test_one_result_that_cannot_wait_says_so_first(capsys: Capture) -> None:
    main(["lab", "Kalium", "6,8", "mmol/L", "-c", "NL"])
    first = capsys.readouterr().out.splitlines()[0]
    assert first.startswith("! ")
    assert "112" in first


def test_a_range_of_the_report_counts(capsys: Capture, tmp_path: Path) -> None:
    told = {"name": "potassium", "value": "5.2", "unit": "mmol/L", "range": "3.5 - 5.1", "person": {"age": 67}}
    found = as_json(capsys, "lab", "--file", written(tmp_path / "one.json", json.dumps(told)))
    assert (found["judgement"], found["judged_by"]) == ("high", "report")


def test_many_results_are_answered_line_by_line_and_a_bad_line_stops_none(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ['{"name": "K", "value": "4.1", "unit": "mmol/L"}', "not json", '{"name": "TSH", "value": "<0.01"}']
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(asked) + "\n"))
    assert main(["lab", "--lines"]) == 1
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [answer.get("test") for answer in answers] == ["potassium", None, "tsh"]
    assert "expected one JSON object" in answers[1]["error"]


def test_helder_lab_without_a_name_says_what_it_needs(capsys: Capture) -> None:
    assert main(["lab"]) == 2
    assert "lab needs a name" in capsys.readouterr().err
