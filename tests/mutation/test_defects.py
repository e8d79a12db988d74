"""Every planted defect is named by the check that is there for it. A check that can't fail would show here.

The base is the real one, cut down to a few topics so that a run stays short. A defect counts as seen only by a
problem that the untouched base does not have, from one of the checks that it names.
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from helder.knowledge.compiled import default_root
from helder.knowledge.load import load
from helder.knowledge.problems import Problem
from helder.library.checks import not_run, problems_of, seals
from tests.mutation.defects import Defect, defects

TODAY = dt.date(2026, 11, 23)
TOPICS = ("magnesium", "calcium")
RULES = {
    "interactions": r"magnesium|calcium",
    "cautions": r"^metformin|^warfarin|^beta-blockers-stop",
    "timings": r"^magnesium|^methotrexate|^levothyroxine|^alendronate",
    "products": r"^co-amoxiclav|augmentin|^levodopa",
}
LAB = {
    "patterns": r"^iron-anaemia$",
    "formulas": r"^anion-gap$|^egfr-ckd-epi-2021$",
    "lab_tests": r"^(sodium|potassium|chloride|bicarbonate|calcium|anion-gap|creatinine|egfr|haemoglobin|mcv|ferritin"
    r"|iron|transferrin|transferrin-saturation|tibc|crp|esr|urine-creatinine|urine-sodium)$",
}
"""The laboratory tests that defects are planted in, and those that rules name."""
ALL = defects(default_root())


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real base with two topics, and what they name."""
    root = tmp_path_factory.mktemp("base") / "knowledge"
    shutil.copytree(default_root(), root)
    for facts in (root / "substances").glob("*/facts.yaml"):
        if "\nclaims:" in facts.read_text(encoding="utf-8") and facts.parent.name not in TOPICS:
            facts.write_text("kind: medicine\n", encoding="utf-8")
    _cut(root)
    seals.write(root, load(root).knowledge, ())
    return root


def _cut(root: Path) -> None:
    """Only the rules of the two topics and of the medicines that defects are planted in, and what those name."""
    for group, wanted in (RULES | LAB).items():
        for place in (root / group).iterdir():
            if not re.search(wanted, place.stem):
                shutil.rmtree(place) if place.is_dir() else place.unlink()
    rules = [file.read_text(encoding="utf-8") for group in RULES for file in (root / group).glob("*.yaml")]
    rules += [(root / "substances" / topic / "facts.yaml").read_text(encoding="utf-8") for topic in TOPICS]
    rules += [file.read_text(encoding="utf-8") for file in (root / "foods").glob("*/facts.yaml")]
    for group in ("classes", "substances"):
        named = set(re.findall(r"[a-z0-9]+(?:-[a-z0-9]+)*", "\n".join(rules)))
        for folder in (root / group).iterdir():
            if folder.name not in named and folder.name not in TOPICS:
                shutil.rmtree(folder)
        rules += [file.read_text(encoding="utf-8") for file in (root / "classes").glob("*/facts.yaml")]


@pytest.fixture(scope="module")
def before(base: Path) -> set[Problem]:
    return set(problems_of(load(base), TODAY))


@pytest.fixture
def planted(base: Path, request: pytest.FixtureRequest) -> Iterator[Defect]:
    """The defect in its file, mended again afterwards."""
    defect: Defect = request.param
    file = base / defect.file
    old = file.read_text(encoding="utf-8") if file.exists() else None
    text = _copied(base, old or "") if "letter by letter" in defect.name else defect.edit(old or "")
    assert text != old, f"the defect found no place in {defect.file}"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    yield defect
    if old is None:
        file.unlink()
        if not any(file.parent.iterdir()):
            file.parent.rmdir()
    else:
        file.write_text(old, encoding="utf-8")


def _copied(base: Path, dutch: str) -> str:
    """The Dutch file with one English sentence, letter by letter."""
    english = (base / "substances/magnesium/en.yaml").read_text(encoding="utf-8")
    found = re.search(r"^claims:\n  ([a-z0-9-]+):(.*)\n", english, re.MULTILINE)
    assert found, "the English file has a claim on one line"
    return re.sub(rf"^  {found.group(1)}:.*\n", f"  {found.group(1)}:{found.group(2)}\n", dutch, flags=re.MULTILINE)


def test_there_are_many_kinds_of_defect() -> None:
    assert len({defect.name for defect in ALL}) >= 60
    assert not_run() == (), "a check that does not run sees nothing"


@pytest.mark.parametrize("planted", ALL, indirect=True, ids=lambda defect: defect.name)
def test_a_planted_defect_is_seen(base: Path, before: set[Problem], planted: Defect) -> None:
    fresh = [p for p in problems_of(load(base), TODAY) if _known(p) not in {_known(q) for q in before}]
    assert {p.check for p in fresh} & set(planted.seen_by), [str(p) for p in fresh][:5]


def _known(problem: Problem) -> tuple[str, str, str]:
    """A problem without its line: an edit above it moves it."""
    return problem.file, problem.check, problem.text
