"""The command line as a person meets it: answers, errors in one line, exit codes."""

from __future__ import annotations

import io
import json
from pathlib import Path

import jsonschema
import pytest

from helder.app import open_app
from helder.cli.main import main
from tests.small_base import FILES, written

Capture = pytest.CaptureFixture[str]


def test_read_prints_a_topic_with_its_sources(capsys: Capture) -> None:
    assert main(["read", "magnesium", "--language", "nl", "--country", "NL"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("Magnesium\n")
    assert "Bel 112" in text
    assert "[1] " in text


def test_a_topic_may_be_asked_for_by_a_name_in_any_language(capsys: Capture) -> None:
    assert main(["read", "ijzer", "-l", "nl", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["id"] == "iron"


@pytest.mark.parametrize("language", ["en", "nl", "de", "fr", "es", "ar"])
def test_the_json_of_a_topic_keeps_the_published_contract(capsys: Capture, language: str) -> None:
    main(["read", "magnesium", "-l", language, "--json"])
    topic = json.loads(capsys.readouterr().out)
    jsonschema.validate(topic, open_app().schema("topic"))
    claims = [claim for section in topic["sections"] for claim in section["claims"]]
    assert claims
    assert all(claim["sources"] for claim in claims), "a sentence without a source"


def test_find_keeps_the_published_contract(capsys: Capture) -> None:
    assert main(["find", "magnesuim", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    jsonschema.validate(found, open_app().schema("found"))
    assert found["hits"][0]["topic"] == "magnesium"


def test_find_shows_danger_first(capsys: Capture) -> None:
    assert main(["find", "chest", "pain"]) == 0
    assert capsys.readouterr().out.startswith("! ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["read", "magnesiumm"], "did you mean magnesium"),
        (["read", "unobtainium-xyz"], "no topic"),
        (["read", "magnesium", "-l", "xx"], "no language"),
        (["read", "magnesium", "-c", "ZZ"], "no country"),
        (["read"], "needs a topic"),
        (["read", "x" * 1_000_000], "no topic"),
        (["read", "a\x00\x1b[31mb"], "no topic"),
        (["find"], "needs words"),
        (["schema", "nothing"], "no schema"),
        (["validate", "--today", "tomorrow"], "2026-11-22"),
        (["validate", "--knowledge", "/nowhere"], "no such folder"),
    ],
)
def test_a_wrong_question_gets_one_line_and_exit_code_2(capsys: Capture, arguments: list[str], said: str) -> None:
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert err.count("\n") == 1
    assert len(err) < 400
    assert "\x1b" not in err


def test_find_without_a_hit_says_so_with_exit_code_1(capsys: Capture) -> None:
    assert main(["find", "qqqqqqqq"]) == 1
    assert capsys.readouterr().out == ""


def test_lines_answer_each_and_go_on_after_a_bad_one(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = '{"topic": "zinc"}\nnot json\n{"topic": "nope-nope"}\n[1]\n{"topic": "iron", "language": "nl"}\n'
    monkeypatch.setattr("sys.stdin", io.StringIO(asked))
    assert main(["read", "--lines"]) == 1
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [answer.get("id") for answer in answers] == ["zinc", None, None, None, "iron"]
    assert all("error" in answer for answer in answers if "id" not in answer)


def test_validate_names_file_and_line_and_exits_1(capsys: Capture, tmp_path: Path) -> None:
    facts = "substances/magnesium/facts.yaml"
    root = written(tmp_path, {facts: FILES[facts].replace("certainty: high", "certainty: sure")})
    assert main(["validate", "--knowledge", str(root), "--today", "2026-11-22", facts]) == 1
    assert f"{facts}:11: " in capsys.readouterr().out


def test_seal_signs_what_was_read(capsys: Capture, tmp_path: Path) -> None:
    root = written(tmp_path)
    assert main(["seal", "substances/magnesium", "--knowledge", str(root)]) == 0
    assert "seal: " in (root / "substances/magnesium/en.yaml").read_text(encoding="utf-8")
    main(["validate", "--knowledge", str(root), "--today", "2026-11-22", "substances/magnesium/en.yaml"])
    assert "[seal]" not in capsys.readouterr().out


def test_help_stands_alone(capsys: Capture) -> None:
    assert main([]) == 0
    assert "read" in capsys.readouterr().out


# --- medicines


def test_check_says_what_clashes_and_why(capsys: Capture) -> None:
    assert main(["check", "warfarine", "sint-janskruid", "-l", "nl"]) == 0
    text = capsys.readouterr().out
    assert "Warfarine en sint-janskruid" in text
    assert "(INR)" in text


@pytest.mark.parametrize("command", ["check", "plan", "missed", "overdose"])
def test_the_json_about_a_person_keeps_the_published_contract(capsys: Capture, command: str) -> None:
    main([command, "apixaban 5 mg 2x daags", "ibuprofen 400 mg", "xyzzyplugh", "-l", "nl", "--json"])
    schema = {"check": "check", "plan": "plan"}.get(command, "advice")
    jsonschema.validate(json.loads(capsys.readouterr().out), open_app().schema(schema))


def test_a_person_comes_from_a_file(capsys: Capture, tmp_path: Path) -> None:
    file = tmp_path / "person.json"
    file.write_text(json.dumps({"items": ["metformin 500 mg"], "age": 70, "conditions": ["nierfalen"]}))
    assert main(["check", "--file", str(file), "-l", "nl", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert any(notice["certain"] and notice["kind"] == "contraindication" for notice in made["notices"])


def test_many_people_a_line_each(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ['{"items": ["zinc 10 mg"], "language": "nl"}', "nonsense", '{"items": ["iron 14 mg"]}']
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines)))
    assert main(["check", "--lines"]) == 1
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [bool(answer.get("items")) for answer in answers] == [True, False, True]
    assert "error" in answers[1]


def test_a_plan_is_written_as_a_calendar(capsys: Capture, tmp_path: Path) -> None:
    file = tmp_path / "day.ics"
    assert main(["plan", "levothyroxine 50 mcg", "calcium 500 mg", "--ics", str(file), "--begin", "2026-11-22"]) == 0
    assert file.read_bytes().startswith(b"BEGIN:VCALENDAR")
    assert "07:00" in capsys.readouterr().out


def test_a_plan_as_fhir(capsys: Capture) -> None:
    assert main(["plan", "metformin 500 mg 2x daily", "--fhir"]) == 0
    assert json.loads(capsys.readouterr().out)["resourceType"] == "Bundle"


def test_no_plan_is_exit_1_and_says_what_would_help(capsys: Capture) -> None:
    assert main(["plan", "ciprofloxacin 500 mg 2x daily", "magnesium 200 mg 3x daily"]) == 1
    assert "magnesium" in capsys.readouterr().out


def test_too_much_says_whom_to_call_before_anything_else(capsys: Capture) -> None:
    assert main(["overdose", "paracetamol 500 mg 40 tablets", "-l", "en", "-c", "GB"]) == 0
    assert "999" in capsys.readouterr().out.splitlines()[0]


def test_a_missed_dose(capsys: Capture) -> None:
    assert main(["missed", "alendronate 70 mg once a week", "--late", "20", "-l", "en"]) == 0
    assert "never" in capsys.readouterr().out.lower()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["check"], "nothing to look at"),
        (["check", "--file", "/nowhere/at/all.json"], "cannot read"),
        (["plan", "zinc", "--ics", "/nowhere/at/all.ics"], "cannot write"),
        (["plan", "zinc", "--ics", "x.ics", "--zone", "Moon/Sea"], "zone"),
        (["import", "fhir"], "a kind and a file"),
        (["import", "--remove", "nothing"], "nothing of that id"),
    ],
)
def test_a_wrong_question_about_medicines_is_one_line(capsys: Capture, arguments: list[str], says: str) -> None:
    assert main(arguments) == 2
    assert says in capsys.readouterr().err


def test_an_import_is_kept_shown_as_not_reviewed_and_forgotten(capsys: Capture) -> None:
    file = Path(__file__).parent.parent / "data" / "importers" / "thesaurus.json"
    assert main(["import", "thesaurus", str(file)]) == 0
    kept = json.loads(capsys.readouterr().out)["id"]
    main(["import", "--list"])
    assert [each["id"] for each in json.loads(capsys.readouterr().out)] == [kept]
    assert main(["import", "--remove", kept]) == 0
    main(["import", "--list"])
    assert json.loads(capsys.readouterr().out) == []
