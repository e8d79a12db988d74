"""Reading the base: every mistake is named with its line, and none hides another."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from helder.knowledge.compiled import open_knowledge
from helder.knowledge.yaml import Document
from helder.quantities import Quantity
from tests.small_base import FILES, loaded, written

FACTS = "substances/magnesium/facts.yaml"


def test_a_good_base_has_no_problem_and_typed_values(tmp_path: Path) -> None:
    result = loaded(tmp_path)
    assert result.problems == ()
    claim = result.knowledge.substances["magnesium"].claims["need-efsa"]
    assert claim.rows[0].amount == Quantity(value=Decimal(350), unit="mg/d")
    assert str(claim.rows[1].when) == "age >= 18 years and sex = female"
    assert result.knowledge.sources["efsa-magnesium-2015"].read == dt.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("wrong", "right", "line", "said"),
    [
        ("amount: 350 mg/d", "amount: 350 mgg/d", 21, "mgg"),
        ("kind: identity", "kidn: identity", 8, "kidn"),
        ("age >= 18 years and sex = male", "age >= 18 kg and sex = male", 21, "18 kg"),
        ("certainty: high", "certainty: sure", 10, "sure"),
        ("year: 2015", "year: soon", 15, "year"),
        ("fraction: 0.603", "fraction: most", 6, "fraction"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, wrong: str, right: str, line: int, said: str) -> None:
    problems = loaded(tmp_path, {FACTS: FILES[FACTS].replace(wrong, right, 1)}).problems
    assert any(p.file == FACTS and abs(p.line - line) <= 1 and said in p.text for p in problems), problems


def test_two_mistakes_in_two_claims_are_both_named(tmp_path: Path) -> None:
    text = FILES[FACTS].replace("kind: identity", "kind: identity\n    surprise: 1").replace("350 mg/d", "350 mgg/d")
    said = " ".join(p.text for p in loaded(tmp_path, {FACTS: text}).problems)
    assert "surprise" in said
    assert "mgg" in said


def test_two_mistakes_in_one_claim_are_both_named(tmp_path: Path) -> None:
    text = FILES[FACTS].replace("certainty: high", "certainty: sure\n    risk: huge")
    said = " ".join(p.text for p in loaded(tmp_path, {FACTS: text}).problems)
    assert "certainty" in said
    assert "risk" in said


def test_scalars_stay_what_was_typed() -> None:
    assert Document("a: no\nb: 1.10\nc: 12:30\nd: 1e3\ne: 2026-11-22\nf: ~\n").data == {
        "a": "no",
        "b": "1.10",
        "c": "12:30",
        "d": "1e3",
        "e": "2026-11-22",
        "f": None,
    }


@pytest.mark.parametrize(
    "text",
    ["a: [1", "a: 1\na: 2", "a: &x 1\nb: *x", "\x00", "[" * 5000, "a: 'never closed", "%TAG x", "--- a\n--- b"],
)
def test_broken_yaml_is_a_problem_and_never_a_trace(tmp_path: Path, text: str) -> None:
    result = loaded(tmp_path, {FACTS: text})
    assert any(p.file == FACTS for p in result.problems)


def test_a_file_that_is_not_utf8_is_a_problem(tmp_path: Path) -> None:
    root = written(tmp_path)
    (root / FACTS).write_bytes(b"kind: nutri\xff\xfeent")
    from helder.knowledge.load import load

    assert any("UTF-8" in p.text for p in load(root).problems)


def test_the_compiled_form_is_the_same_base(tmp_path: Path) -> None:
    root = written(tmp_path / "knowledge")
    first = open_knowledge(root, tmp_path / "cache")
    again = open_knowledge(root, tmp_path / "cache")
    assert first == again
    assert len(list((tmp_path / "cache").glob("*.msgpack"))) == 1


def test_a_changed_file_makes_the_compiled_form_anew(tmp_path: Path) -> None:
    root = written(tmp_path / "knowledge")
    before = open_knowledge(root, tmp_path / "cache")
    written(root, {"substances/magnesium/en.yaml": FILES["substances/magnesium/en.yaml"] + "the: the magnesium\n"})
    after = open_knowledge(root, tmp_path / "cache")
    assert before.version != after.version
    assert after.texts["en"]["substances/magnesium"].the == "the magnesium"


@pytest.mark.parametrize("rubbish", [b"", b"\xc1", b"\x81\xa1a\x01", b"cposix\nsystem\n(S'true'\ntR."])
def test_a_spoilt_compiled_form_is_thrown_away(tmp_path: Path, rubbish: bytes) -> None:
    root = written(tmp_path / "knowledge")
    good = open_knowledge(root, tmp_path / "cache")
    (file,) = (tmp_path / "cache").glob("*.msgpack")
    file.write_bytes(rubbish)
    assert open_knowledge(root, tmp_path / "cache") == good


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(tmp_path: Path) -> None:
    root = written(tmp_path / "knowledge")
    (tmp_path / "cache").write_text("a file where a folder should be")
    assert open_knowledge(root, tmp_path / "cache").topics


def test_no_base_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="HELDER_KNOWLEDGE"):
        open_knowledge(tmp_path)
