"""Drug labels as DailyMed gives them: HL7 v3 Structured Product Labeling, one XML document a label.

Read through defusedxml: a document type, entities and anything outside of the file are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped, unused-ignore]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped, unused-ignore]

from helder.medicines.importers.label import Label, Section, rules_of
from helder.medicines.importers.model import Imported, ImportedSource
from helder.medicines.importers.names import Meaning, Names
from helder.medicines.importers.reading import Problems, date_of, name_of, plain, sentences, text_of
from helder.medicines.items import Recogniser

HL7 = "{urn:hl7-org:v3}"
INTERACTIONS, CONTRAINDICATIONS = "34073-7", "34070-3"
"""LOINC codes of the two sections."""
_ENCODING = re.compile(r"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)[\"']")
_BLOCKS = frozenset(f"{HL7}{tag}" for tag in ("paragraph", "item", "tr", "caption", "title", "text"))


def parse(data: bytes, recogniser: Recogniser) -> Imported:
    """The label in a file. Never raises: what is of no use is named."""
    problems = Problems()
    document = _document(data, problems)
    if document is None:
        return Imported(problems=problems.named())
    names = Names(recogniser, "en")
    name, meaning = _medicine(document, names)
    if not name:
        problems.add("manufacturedProduct", "a medicine's name")
        return Imported(problems=problems.named())
    sections = tuple(_sections(document))
    if not sections:
        problems.add("section", f"a section {INTERACTIONS} (interactions) or {CONTRAINDICATIONS} (contraindications)")
    label = Label(name, meaning, "spl", _source(document, name))
    rules = tuple(rules_of(label, "", sections, names, problems))
    return Imported(rules=rules, problems=problems.named())


def _document(data: bytes, problems: Problems) -> Element | None:
    """The root of the document; None, and a problem, for what is no whole, harmless SPL in UTF-8."""
    text = text_of(data, problems)
    if text is None:
        return None
    encoding = _ENCODING.match(text[:200])
    if encoding and encoding.group(1).casefold() not in ("utf-8", "utf8", "us-ascii", "ascii"):
        problems.add("line 1", "UTF-8: the file names another encoding")
        return None
    try:
        root: Element = fromstring(text.encode(), forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except DefusedXmlException:
        problems.add("file", "XML without a document type and without entities: they can do harm, so it was not read")
        return None
    except (ParseError, ValueError, LookupError, RecursionError) as wrong:
        line = getattr(wrong, "position", (0, 0))[0]
        problems.add(f"line {line}" if line else "file", "whole XML: the file is cut off or not XML")
        return None
    if root.tag != f"{HL7}document":
        problems.add("file", "a document of HL7 v3 (urn:hl7-org:v3), as DailyMed gives it")
        return None
    return root


def _source(document: Element, name: str) -> ImportedSource:
    title = plain(_text(document.find(f"{HL7}title")))
    return ImportedSource(
        title=title[:200] if title else f"DailyMed: {name}",
        version=_value(document, "versionNumber", "value")[:20],
        date=date_of(_value(document, "effectiveTime", "value")),
        id=_value(document, "setId", "root")[:60],
    )


def _value(document: Element, tag: str, attribute: str) -> str:
    found = document.find(f"{HL7}{tag}")
    return plain(found.get(attribute)) if found is not None else ""


def _medicine(document: Element, names: Names) -> tuple[str, Meaning]:
    """The label's own medicine by its active moieties; as written, the product's name or that of its substances."""
    product = document.find(f".//{HL7}manufacturedProduct/{HL7}manufacturedProduct")
    if product is None:
        product = document.find(f".//{HL7}manufacturedProduct")
    if product is None:
        return "", Meaning(())
    moieties = _unique(product, f".//{HL7}activeMoiety/{HL7}activeMoiety/{HL7}name")
    written = [
        *_unique(product, f"{HL7}name"),
        *_unique(product, f"{HL7}asEntityWithGeneric/{HL7}genericMedicine/{HL7}name"),
        *_unique(product, f".//{HL7}ingredientSubstance/{HL7}name") * (not moieties),
    ]
    joined = ", ".join(moieties)
    for name in [joined] if moieties else written:
        meaning = names.meaning(name)
        if meaning.substances:
            return (written or [name])[0], meaning
    return (written or [joined])[0], Meaning(())


def _unique(element: Element, path: str) -> list[str]:
    found = (name_of(plain(_text(name))) for name in element.iterfind(path))
    return list(dict.fromkeys(name for name in found if name))


def _sections(document: Element) -> Iterator[Section]:
    """The two kinds of sections with all that stands below them, in the order of the label."""
    for section in document.iter(f"{HL7}section"):
        code = section.find(f"{HL7}code")
        loinc = code.get("code", "") if code is not None else ""
        if loinc in (INTERACTIONS, CONTRAINDICATIONS):
            title = plain(_text(section.find(f"{HL7}title")))
            said = tuple(_sentences(section))
            if said:
                yield Section(f"{title} ({loinc})" if title else loinc, said, loinc == CONTRAINDICATIONS)


def _sentences(section: Element) -> Iterator[str]:
    """Sentences of a section; the title of a part stands before its first block: it may be all that names a thing."""
    title = ""
    for tag, text in _blocks(section):
        if tag == f"{HL7}title":
            title = text
        elif text:
            split = [text.strip(" |")] if tag == f"{HL7}tr" else list(sentences(text))
            if title and split:
                split[0] = f"{title}: {split[0]}"
                title = ""
            yield from split


def _blocks(section: Element) -> Iterator[tuple[str, str]]:
    """Tag and text of each paragraph, list item, table row and title, without what another block inside holds.

    Excerpts for the highlights say the same again and are left out. An explicit stack: depth is the file's to choose.
    """
    stack: list[tuple[Element, bool]] = [(section, True)]
    gathered: list[tuple[str, list[str]]] = [("", [])]
    while stack:
        element, entering = stack.pop()
        block = element.tag in _BLOCKS
        if not entering:
            if block:
                tag, parts = gathered.pop()
                yield tag, plain(" ".join(parts))
            gathered[-1][1].append(element.tail or "")
            continue
        if element.tag == f"{HL7}excerpt":
            gathered[-1][1].append(element.tail or "")
            continue
        if block:
            gathered.append((element.tag, []))
        elif element.tag == f"{HL7}td" and gathered[-1][1]:
            gathered[-1][1].append(" | ")
        gathered[-1][1].append(element.text or "")
        stack.append((element, False))
        stack.extend((child, True) for child in reversed(element))


def _text(element: Element | None) -> str:
    return "".join(element.itertext()) if element is not None else ""
