"""What two kinds of label files share: sections of a medicine's label → one rule a medicine or class that they name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from helder.medicines.importers.model import ImportedRule, ImportedSource, Origin
from helder.medicines.importers.names import Meaning, Mention, Names
from helder.medicines.importers.reading import MOST_PLACE, Problems, capped
from helder.medicines.model import Severity

_TOGETHER = re.compile(
    r"concomitant|concurrent|co-?\s?administ|in combination|together with|combined (?:use|with)", re.I
)
_ALLERGY = re.compile(r"hypersensitiv|allerg|anaphyla|angioedema|asthma|urticaria", re.I)
_NOT = re.compile(r"\b(?:not|no)\b", re.I)
_ONLY = re.compile(r"\bpatients?\b|\bchildren\b|\bdos(?:e|es|age)\b|\bimpairment\b|\b(?:if|when|unless|except)\b", re.I)
_OTHER = re.compile(r"\b(?:other|another)\s+(?:[\w-]+\s+){0,3}$", re.I)


class Label(NamedTuple):
    """Whose label it is: the name as written, what it means, who says it."""

    name: str
    meaning: Meaning
    origin: Origin
    source: ImportedSource


class Section(NamedTuple):
    """A part of a label: where it stands, its sentences, and whether it is the one on contraindications."""

    place: str
    sentences: tuple[str, ...]
    contraindications: bool = False


def rules_of(
    label: Label, place: str, sections: Iterable[Section], names: Names, problems: Problems
) -> Iterator[ImportedRule]:
    """One rule a section and thing that it names beside the label's own medicine, with the sentences that name it.

    Sentences that name nothing of our data make no rule; they are counted.
    """
    for section in sections:
        said: dict[str, list[str]] = {}
        written: dict[str, str] = {}
        for sentence in section.sentences:
            mentions = names.mentions(sentence)
            if not mentions:
                problems.add(f"{place}{section.place}", "a medicine or class of our data; these sentences name none")
            for mention in mentions:
                if _is_partner(label, mention, sentence, names):
                    said.setdefault(mention.target, []).append(sentence)
                    written.setdefault(mention.target, mention.written)
        for target, lines in said.items():
            yield _rule(label, section, written[target], names.opened(target), lines)


def _is_partner(label: Label, mention: Mention, sentence: str, names: Names) -> bool:
    """Whether a thing named is another one: not the label's own medicine, nor its own class unless `other` is said."""
    own = set(label.meaning.substances)
    if not own & set(names.opened(mention.target).substances):
        return True
    start = sentence.casefold().find(mention.written.partition(" ")[0])
    return mention.target.startswith("classes/") and start >= 0 and bool(_OTHER.search(sentence[:start]))


def _rule(label: Label, section: Section, written: str, meaning: Meaning, lines: list[str]) -> ImportedRule:
    certain = section.contraindications and any(_says_never_together(line) for line in lines)
    severity: Severity | None = "contraindicated" if certain else None
    return ImportedRule(
        a=label.name,
        b=written,
        substances_a=label.meaning.substances,
        substances_b=meaning.substances,
        whole_a=label.meaning.whole,
        whole_b=meaning.whole,
        level="Contraindications" if section.contraindications else "",
        severity=severity,
        text=capped(" … ".join(dict.fromkeys(lines))),
        origin=label.origin,
        source=label.source,
        place=section.place[:MOST_PLACE],
    )


def _says_never_together(sentence: str) -> bool:
    """Among contraindications: about taking both, for everybody; no allergy, and no `not` that may turn it."""
    doubts = (_ALLERGY, _NOT, _ONLY)
    return bool(_TOGETHER.search(sentence)) and not any(doubt.search(sentence) for doubt in doubts)
