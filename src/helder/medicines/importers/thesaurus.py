"""The French "Thesaurus des interactions médicamenteuses" (ANSM) as JSON.

The agency publishes a PDF; the public converter scossin/IMthesaurusANSM makes a list of objects of it: `main_drug`,
`plus_drug`, `between_main_and_plus_drug`, `severity_levels` (`level`, `info`), `interaction_mechanism`, `description`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from helder.languages.folding import fold
from helder.medicines.importers.model import Imported, ImportedRule, ImportedSource
from helder.medicines.importers.names import Names
from helder.medicines.importers.reading import MOST_LEVEL, Problems, capped, date_of, json_of, name_of, plain, type_of
from helder.medicines.items import Recogniser
from helder.medicines.model import Severity

TITLE = "Thesaurus des interactions médicamenteuses (ANSM)"
LEVELS: dict[str, Severity] = {
    "contre indication": "contraindicated",
    "association deconseillee": "avoid",
    "precaution d emploi": "monitor",
    "a prendre en compte": "info",
    "il convient de prendre en compte": "info",
}
"""The agency's four levels, folded: words of the format, as its introduction defines them."""
LISTS = ("interactions", "pddis", "data")


def parse(data: bytes, recogniser: Recogniser) -> Imported:
    """The interactions of a file. Never raises: what is of no use is named by its place."""
    problems = Problems()
    file = json_of(data, problems)
    entries, source, place = _entries(file)
    if entries is None:
        if not problems.named():
            problems.add("file", "a list of interactions with main_drug and plus_drug")
        return Imported(problems=problems.named())
    if not entries:
        problems.add("file", "interactions: the list is empty")
    names = Names(recogniser, "fr", any_of_list=True)
    rules = [
        rule
        for index, entry in enumerate(entries)
        for rule in _rules(f"{place}[{index}]", entry, source, names, problems)
    ]
    return Imported(rules=tuple(rules), problems=problems.named())


def _entries(file: object) -> tuple[list[Any] | None, ImportedSource, str]:
    """The list, with what the file tells about itself."""
    if isinstance(file, list):
        return file, ImportedSource(title=TITLE), "entry"
    if isinstance(file, dict):
        source = ImportedSource(
            title=plain(file.get("title"))[:200] or TITLE,
            version=plain(file.get("version"))[:20],
            date=date_of(file.get("date")),
        )
        for key in LISTS:
            if isinstance(file.get(key), list):
                return file[key], source, key
    return None, ImportedSource(title=TITLE), ""


def _rules(
    place: str, entry: object, source: ImportedSource, names: Names, problems: Problems
) -> Iterator[ImportedRule]:
    """One rule a level: a pair that is forbidden at one dose and to be watched at another gives two."""
    if not isinstance(entry, dict):
        problems.add(place, f"an object; here stands {type_of(entry)}")
        return
    a, b = name_of(entry.get("main_drug")), name_of(entry.get("plus_drug"))
    if a is None or b is None:
        problems.add(place, "two names on one line: main_drug and plus_drug")
        return
    for level, info in _levels(place, entry, problems):
        word = LEVELS.get(fold(level))
        if level and word is None:
            problems.add(place, "one of the four levels of the thesaurus; kept as it is told")
        meaning_a, meaning_b = names.meaning(a), names.meaning(b)
        yield ImportedRule(
            a=a,
            b=b,
            substances_a=meaning_a.substances,
            substances_b=meaning_b.substances,
            whole_a=meaning_a.whole,
            whole_b=meaning_b.whole,
            level=capped(level, MOST_LEVEL),
            severity=word,
            text=capped(_text(entry, info) if level else plain(entry.get("description"))),
            origin="thesaurus",
            source=source,
            place=f"{place} {a} + {b}"[:120],
        )


def _levels(place: str, entry: Mapping[str, Any], problems: Problems) -> list[tuple[str, str]]:
    """Level and advice, each pair of them; one without a level where the converter found none."""
    told = entry.get("severity_levels")
    levels = [
        (plain(level.get("level")), plain(level.get("info")))
        for level in (told if isinstance(told, list) else [])
        if isinstance(level, dict)
    ]
    if not levels or (isinstance(told, list) and len(levels) < len(told)) or not all(level for level, _ in levels):
        problems.add(place, "severity_levels: a list of objects with level and info; kept without a level")
    return levels or [("", "")]


def _text(entry: Mapping[str, Any], info: str) -> str:
    """Advice and mechanism; the raw description where neither was told."""
    between = plain(entry.get("between_main_and_plus_drug"))
    parts = [between, info, plain(entry.get("interaction_mechanism"))]
    return " – ".join(filter(None, parts)) or plain(entry.get("description"))
