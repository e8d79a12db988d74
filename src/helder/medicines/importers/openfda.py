"""Drug labels as https://api.fda.gov/drug/label.json and its downloads give them: `{"meta": …, "results": [label, …]}`.

A label is an object whose sections are lists of run-on text; tables stand apart as HTML. The medicine's own names are
in `openfda`; where that is empty, the label can't be placed and is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any

from msgspec import DecodeError, Raw, Struct
from msgspec.json import decode

from helder.medicines.importers.label import Label, Section, rules_of
from helder.medicines.importers.model import Imported, ImportedRule, ImportedSource
from helder.medicines.importers.names import NOTHING, Meaning, Names
from helder.medicines.importers.reading import (
    BOM,
    Problems,
    capped,
    date_of,
    is_text,
    json_of,
    name_of,
    plain,
    sentences,
    type_of,
)
from helder.medicines.items import Recogniser

SECTIONS = (
    "drug_interactions",
    "drug_interactions_table",
    "contraindications",
    "contraindications_table",
    "ask_doctor_or_pharmacist",
)
NAMES = ("generic_name", "substance_name", "brand_name")


class _File(Struct):
    results: list[Raw]


def parse(data: bytes, recogniser: Recogniser) -> Imported:
    """The labels of a file. Never raises: what is of no use is named by its place."""
    problems = Problems()
    results = _results(data, problems)
    if not results:
        return Imported(problems=problems.named())
    names = Names(recogniser, "en")
    rules: list[ImportedRule] = []
    for index, raw in enumerate(results):
        label = _object(raw)
        if isinstance(label, dict):
            rules += _rules(f"results[{index}]", label, names, problems)
        else:
            problems.add(f"results[{index}]", f"a label, as an object; here stands {type_of(label)}")
    return Imported(rules=tuple(rules), problems=problems.named())


def _results(data: bytes, problems: Problems) -> list[Raw]:
    """The labels, each still as bytes: a download holds thousands, so they are opened one at a time."""
    if not is_text(data, problems):
        return []
    bare = data.removeprefix(BOM)
    try:
        results = decode(bare, type=_File).results
    except (DecodeError, RecursionError, ValueError):
        results = []
        if json_of(data, problems) is None and problems.named():
            return []
    if not results:
        problems.add("results", "a list of labels, as api.fda.gov/drug/label.json gives it")
    return results


def _object(raw: Raw) -> Any:
    try:
        return decode(raw)
    except (DecodeError, RecursionError, ValueError):
        return None


def _rules(place: str, label: Mapping[str, Any], names: Names, problems: Problems) -> list[ImportedRule]:
    name, meaning = _medicine(label, names)
    if not name:
        problems.add(place, "a medicine's name in openfda.generic_name, substance_name or brand_name")
        return []
    told = ImportedSource(
        title=f"openFDA: {name}",
        version=plain(label.get("version"))[:20],
        date=date_of(label.get("effective_time")),
        id=plain(label.get("set_id") or label.get("id"))[:60],
    )
    sections = [
        section for field in SECTIONS if field in label for section in _sections(place, field, label[field], problems)
    ]
    if not sections:
        problems.add(place, "a section on interactions or contraindications; this label has none")
    return list(rules_of(Label(name, meaning, "openfda", told), f"{place}.", sections, names, problems))


def _medicine(label: Mapping[str, Any], names: Names) -> tuple[str, Meaning]:
    """The label's own medicine: the first of its names that our data hold, else its first name as written."""
    told = label.get("openfda")
    fields = told if isinstance(told, dict) else {}
    lists = {field: [name for name in map(name_of, _list(fields.get(field))) if name] for field in NAMES}
    written = [name for field in NAMES for name in lists[field]]
    held = lists["substance_name"]
    joined = ", ".join(held)
    for name in ([joined] if len(held) > 1 else []) + written:
        meaning = names.meaning(name)
        if meaning.substances and (len(held) < 2 or meaning.whole):
            return capped(name, 200), meaning
    return (written[0], NOTHING) if written else ("", NOTHING)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _sections(place: str, field: str, value: object, problems: Problems) -> Iterator[Section]:
    texts = [text for text in _list(value) if isinstance(text, str)]
    if not isinstance(value, list) or len(texts) < len(value):
        problems.add(f"{place}.{field}", "a list of texts")
    read = rows if field.endswith("_table") else sentences
    said = tuple(sentence for text in texts for sentence in read(text))
    if said:
        yield Section(field, said, contraindications=field.startswith("contraindications"))


def rows(html: str) -> Iterator[str]:
    """The rows of an HTML table as text, cells apart; never raises."""
    reader = _Table()
    reader.feed(re.sub(r"<!\[?", " ", html))
    reader.close()
    for row in reader.rows:
        cells = [plain(cell) for cell in row]
        if any(cells):
            yield " | ".join(filter(None, cells))


class _Table(HTMLParser):
    """Gathers cells by row; text outside of cells is a row of its own (the caption)."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = [[""]]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("tr", "caption"):
            self.rows.append([""])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
        else:
            self.rows[-1][-1] += " "

    def handle_data(self, data: str) -> None:
        self.rows[-1][-1] += data
