"""Data files → one frozen Knowledge, and every problem found on the way, with file and line.

The only package that opens knowledge files. A thing is a file (`sources/x.yaml`) or a folder with `facts.yaml` and
one file per language (`substances/x/nl.yaml`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from helder.knowledge import model
from helder.knowledge.model import Knowledge, Texts
from helder.knowledge.problems import Path as Place
from helder.knowledge.problems import Places, Problem
from helder.knowledge.read import Mistake, convert, understand
from helder.knowledge.yaml import Document

LANGUAGES = ("en", "nl", "de", "fr", "es", "ar")

FILES: dict[str, type[Any]] = {
    "publishers": model.Publisher,
    "sources": model.Source,
    "countries": model.Country,
    "products": model.Product,
    "interactions": model.Interaction,
    "cautions": model.Caution,
    "timings": model.Timing,
    "formulas": model.Formula,
}
FOLDERS: dict[str, type[Any]] = {
    "substances": model.Substance,
    "classes": model.Group,
    "authorities": model.Authority,
    "conditions": model.Condition,
    "mechanisms": model.Named,
    "actions": model.Named,
    "foods": model.Food,
    "needs": model.NeedFacts,
    "emergencies": model.Emergency,
    "lab_tests": model.LabTest,
    "patterns": model.Pattern,
}
# Maps inside a thing that are converted one by one, so that a mistake in one claim hides no other.
PARTS: dict[str, dict[str, type[Any]]] = {
    "substances": {"claims": model.Claim, "forms": model.Form},
    "lab_tests": {"claims": model.Claim},
    "patterns": {"claims": model.Claim},
}
# A file beside facts.yaml that fills one field of the thing: words too many to stand among the facts.
BESIDE = {"lab_tests": "names"}
MAX_BYTES = 1_000_000


class Loaded(NamedTuple):
    """What was read, what was wrong with it, and where everything stands."""

    knowledge: Knowledge
    problems: tuple[Problem, ...]
    places: Places


class _Reader:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.places = Places()
        self.problems: list[Problem] = []

    def document(self, file: Path) -> Any:
        """The plain data of a file; its lines are kept."""
        name = self.name(file)
        try:
            text = file.read_text(encoding="utf-8") if file.stat().st_size <= MAX_BYTES else None
        except (OSError, UnicodeDecodeError) as error:
            return self.note(name, 1, f"not readable: {type(error).__name__}; expected UTF-8 text")
        if text is None:
            return self.note(name, 1, f"too large: expected at most {MAX_BYTES} bytes")
        document = Document(text)
        self.places.add(name, document.lines)
        for line, problem in document.problems:
            self.note(name, line, problem)
        return document.data

    def name(self, file: Path) -> str:
        return file.relative_to(self.root).as_posix()

    def note(self, file: str, line: int, text: str) -> None:
        self.problems.append(Problem(file, line, "format", text))

    def thing(self, file: Path, group: str, type_: type[Any]) -> Any:
        """The typed thing in a file, or None."""
        data = self.document(file)
        if data is None:
            data = {}
        if not isinstance(data, dict):
            return self.note(self.name(file), 1, "found a list or a text, expected fields (`name: value`)")
        mistakes: list[Mistake] = []
        if type_ is not Texts:  # words are words: a portion of "a handful" is no quantity
            data = understand(data, (), mistakes)
        beside = BESIDE.get(group)
        if beside:
            data[beside] = self.document(file.with_name(f"{beside}.yaml")) or {}
        for part, part_type in PARTS.get(group, {}).items():
            data[part] = self.parts(data.get(part), part, part_type, mistakes)
        made = convert(data, type_, (), mistakes)
        self.mistakes(self.name(file), mistakes)
        return made

    def parts(self, data: Any, part: str, type_: type[Any], mistakes: list[Mistake]) -> dict[str, Any]:
        if data is None:
            return {}
        if not isinstance(data, dict):
            mistakes.append(((part,), "expected `id: fields`"))
            return {}
        made = {id_: convert(fields, type_, (part, id_), mistakes) for id_, fields in data.items()}
        return {id_: part_made for id_, part_made in made.items() if part_made is not None}

    def mistakes(self, file: str, mistakes: list[Mistake]) -> None:
        for path, text in mistakes:
            field = ".".join(str(step) for step in path)
            self.note(file, self.places.line(file, path), f"{field}: {text}" if field else text)

    def messages(self, folder: Path) -> dict[str, str]:
        """All message files of a language in one; a key that stands in two files is a problem."""
        found: dict[str, str] = {}
        for file in sorted(folder.glob("*.yaml")):
            data = self.document(file)
            if not isinstance(data, dict):
                self.note(self.name(file), 1, "expected `key: message`")
                continue
            for key, text in data.items():
                place = self.places.line(self.name(file), (key,))
                if key in found:
                    self.note(self.name(file), place, f"`{key}` stands in two files")
                elif not isinstance(text, str):
                    self.note(self.name(file), place, f"`{key}`: expected a text")
                else:
                    found[key] = text
        return found


def load(root: Path) -> Loaded:
    """Read the whole base below `root`. Never raises for what a file holds."""
    reader = _Reader(root)
    things: dict[str, dict[str, Any]] = {}
    texts: dict[str, dict[str, Texts]] = {language: {} for language in LANGUAGES}
    for group, type_ in FILES.items():
        files = sorted((root / group).glob("*.yaml"))
        made = {file.stem: reader.thing(file, group, type_) for file in files}
        things[group] = {id_: thing for id_, thing in made.items() if thing is not None}
    for group, type_ in FOLDERS.items():
        things[group] = dict(_folders(reader, group, type_, texts))
    messages = {language: reader.messages(root / "messages" / language) for language in LANGUAGES}
    anchors = {file.stem: reader.thing(file, "anchors", model.Anchors) for file in _files(root, "anchors")}
    printed = {file.stem: reader.thing(file, "printed", _printed(file)) for file in _files(root, "printed")}
    units = printed.pop("units", None) or model.PrintedUnits(units={})
    methods = printed.pop("methods", None) or model.PrintedMethods(words=())
    knowledge = Knowledge(
        **things,
        printed={language: words for language, words in printed.items() if words is not None},
        printed_units=units,
        printed_methods=methods,
        texts=texts,
        messages=messages,
        anchors={language: words for language, words in anchors.items() if words is not None},
        version=content_version(root),
    )
    return Loaded(knowledge, tuple(reader.problems), reader.places)


def _files(root: Path, group: str) -> list[Path]:
    return sorted((root / group).glob("*.yaml"))


def _printed(file: Path) -> type[Any]:
    others: dict[str, type[Any]] = {"units": model.PrintedUnits, "methods": model.PrintedMethods}
    return others.get(file.stem, model.Printed)


def _folders(
    reader: _Reader, group: str, type_: type[Any], texts: dict[str, dict[str, Texts]]
) -> Iterator[tuple[str, Any]]:
    for folder in sorted(path for path in (reader.root / group).glob("*") if path.is_dir()):
        facts = folder / "facts.yaml"
        if not facts.exists():
            reader.note(reader.name(facts), 1, "missing: a thing needs its facts.yaml (it may be `{}`)")
            continue
        for file in sorted(folder.glob("*.yaml")):
            if file.stem in LANGUAGES:
                words = reader.thing(file, "texts", Texts)
                if words is not None:
                    texts[file.stem][f"{group}/{folder.name}"] = words
            elif file.stem not in ("facts", BESIDE.get(group)):
                reader.note(reader.name(file), 1, f"unknown file: expected facts or one of {', '.join(LANGUAGES)}")
        thing = reader.thing(facts, group, type_)
        if thing is not None:
            yield folder.name, thing


def knowledge_files(root: Path) -> list[Path]:
    """All files that make the base, in a fixed order."""
    return sorted(path for path in root.rglob("*.yaml") if path.is_file())


def content_version(root: Path) -> str:
    """Twelve characters that change whenever a sentence or a number does."""
    digest = hashlib.sha256()
    for file in knowledge_files(root):
        digest.update(file.relative_to(root).as_posix().encode())
        digest.update(b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def line_of(loaded: Loaded, file: str, path: Place) -> int:
    """The line of a field in a file of the base."""
    return loaded.places.line(file, path)
