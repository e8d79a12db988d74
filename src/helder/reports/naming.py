"""Which test a printed row is about: by its name, then its specimen, its unit and its kind of result. Never a guess."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from helder.knowledge.lab import own_unit
from helder.knowledge.model import Knowledge, LabTest
from helder.languages.folding import fold
from helder.quantities import parse_unit

Why = Literal["unknown_name", "ambiguous", "unit_unfit"]

_BRACKETS = re.compile(r"[(\[{][^()\[\]{}]*[)\]}]?")
_FOOTNOTES = re.compile(r"[¹²³⁴⁵⁶⁷⁸⁹⁰*†‡§#^°]+")
_CLOSED = re.compile(r"^([^(]*[^\s(])\s?\d?\)$")
_LEADING = re.compile(r"^\s*(?:\d{1,3}[.)]\s+|[•●▪◦·»>–-]\s*|[A-Z]?\d{3,6}\s+(?=[^\W\d]))")
_SPLIT = re.compile(r"\s*[/,;:|]\s*|\s+[-–]\s+")
_SPECIMEN_PREFIX = re.compile(r"^(?:[sSpPbBuU]|fP|fS|dU|Se|Pl|Ser)[-–]\s*(?=[^\W\d])")
_LONG = 5
_FAR = 2


class Named(NamedTuple):
    """What a row is about: the test, how loosely its name was matched, or why none was chosen."""

    test: str | None
    why: Why | None = None
    loose: bool = False
    candidates: tuple[str, ...] = ()
    unit: str | None = None
    """The unit as the test means it."""


class Printed(NamedTuple):
    """What is printed beside a name: it decides between tests of one name."""

    specimen: str | None = None
    """Of the section or column; None if nothing is said."""
    unit: str | None = None
    """The UCUM code of the unit."""
    scale: str | None = None
    """The kind of result: quantity, text or titre."""
    misread: bool = False
    """The letters come from a picture."""


class Naming:
    """An index of all printed names in all languages. Built once."""

    def __init__(self, knowledge: Knowledge, fillers: Iterable[str]) -> None:
        self.tests = knowledge.lab_tests
        folded = {fold(filler) for filler in fillers}
        self.fillers = frozenset(filler for filler in folded if " " not in filler)
        self.phrases = tuple(sorted((filler for filler in folded if " " in filler), key=len, reverse=True))
        self._index: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for id_, test in knowledge.lab_tests.items():
            for language, names in test.names.items():
                for name in (*names, *([] if language != "en" else [id_.replace("-", " ")])):
                    self._index[fold(name)][language].add(id_)
        self._index = {name: dict(owners) for name, owners in self._index.items() if name}
        units = {unit for test in self.tests.values() for unit in (test.unit, *test.units) if unit}
        self.unit_kinds = frozenset(parse_unit(unit).kind for unit in units)
        """Of all units that a laboratory reports in: kilograms of body weight are not among them."""
        self._squeezed: dict[str, str] = {name.replace(" ", ""): name for name in self._index}
        self._long = [name for name in self._index if len(name) > _LONG]

    def known(self, text: str, languages: tuple[str, ...] = ()) -> frozenset[str]:
        """The tests that exactly this text names, in the languages of the page if it means something there."""
        name = fold(text)
        owners = self._index.get(name) or self._index.get(self._squeezed.get(name.replace(" ", ""), ""))
        if not owners:
            return frozenset()
        own = [owners[code] for code in (*languages, "any") if code in owners]
        return frozenset().union(*(own or owners.values()))

    def candidates(
        self, printed: str, languages: tuple[str, ...], misread: bool = False
    ) -> tuple[frozenset[str], bool]:
        """The tests that a printed name can mean, and whether its letters had to be guessed.

        They are guessed only in what was `misread` from a picture.
        """
        for text in (clean(printed), _SPECIMEN_PREFIX.sub("", clean(printed))):
            for name in (text, self._without_fillers(text)):
                if found := self.known(name, languages):
                    return found, False
        for parts in _partings(clean(printed)):
            if found := self._together(parts, languages):
                return found, False
        near = self._misread(fold(printed)) if misread else None
        return (self.known(near, languages), True) if near else (frozenset(), False)

    def _together(self, parts: Sequence[str], languages: tuple[str, ...]) -> frozenset[str]:
        """The tests that all parts of a name agree on: each a name, or words that say only how it was measured."""
        sets = []
        for part in parts:
            bare = self._without_fillers(_SPECIMEN_PREFIX.sub("", part))
            if bare and not (found := self.known(part, languages) or self.known(bare, languages)):
                return frozenset()
            if bare:
                sets.append(found)
        return frozenset.intersection(*sets) if sets else frozenset()

    def _without_fillers(self, text: str) -> str:
        """The name without words that say only how or in what it was measured."""
        name = f" {fold(text)} "
        for phrase in self.phrases:
            if f" {phrase} " in name:
                name = name.replace(f" {phrase} ", " ")
        return " ".join(word for word in name.split() if word not in self.fillers)

    def _misread(self, name: str) -> str | None:
        """The one name that differs by a letter or two, for long words only: short ones are other names."""
        if max(map(len, name.split()), default=0) <= _LONG:
            return None
        far = 1 if len(name) < 9 else _FAR
        close = process.extract(name, self._long, scorer=OSA.distance, score_cutoff=far, limit=3)
        best = [found for found, distance, _ in close if distance == close[0][1] and _same_but_long(name, found)]
        owners = {frozenset().union(*self._index[found].values()) for found in best}
        return best[0] if len(owners) == 1 else None

    # --- choosing among candidates ---------------------------------------------------------------------

    def choose(self, printed: str, languages: tuple[str, ...], kind: Printed) -> Named:
        """The one test that fits name, specimen, unit and kind of result; else why there is none."""
        specimen, unit, scale = kind.specimen, kind.unit, kind.scale
        found, loose = self.candidates(printed, languages, kind.misread)
        if not found:
            return Named(None, "unknown_name")
        fits = {id_: own for id_ in found if (own := self._fit(self.tests[id_], unit, scale)) is not None}
        if not fits:
            return Named(None, "unit_unfit", candidates=tuple(sorted(found)))
        if kind.specimen is None and not self._of_blood(fits) and self._of_blood(found):
            return Named(None, "unit_unfit", candidates=tuple(sorted(found)))
        same = frozenset(id_ for id_ in fits if self.tests[id_].scale == scale)
        chosen = self._by_specimen(same or frozenset(fits), specimen)
        if len(chosen) != 1:
            return Named(None, "ambiguous", candidates=tuple(sorted(chosen)))
        (test,) = chosen
        return Named(test, loose=loose, unit=fits[test] or None)

    def fitting(self, test: str, unit: str | None, scale: str | None) -> str | None:
        """The unit as this test means it, empty where none is given; None where the test cannot be so."""
        return self._fit(self.tests[test], unit, scale)

    def _fit(self, test: LabTest, unit: str | None, scale: str | None) -> str | None:
        """The unit as the test means it, empty where the result has none; None where the test cannot be so."""
        if unit:
            return own_unit(unit, test) if test.scale == "quantity" else None
        return None if scale == "titre" and test.scale == "quantity" else ""

    def _of_blood(self, ids: Iterable[str]) -> bool:
        return any(self.tests[id_].specimen == "blood" for id_ in ids)

    def _by_specimen(self, ids: frozenset[str], specimen: str | None) -> frozenset[str]:
        """Those of the specimen that is said; where none is said, blood is meant if blood is among them."""
        wanted = _LIKE.get(specimen or "", specimen)
        if wanted:
            own = frozenset(id_ for id_ in ids if self.tests[id_].specimen == wanted)
            if own or wanted != "blood":
                return own or ids
        blood = frozenset(id_ for id_ in ids if self.tests[id_].specimen == "blood")
        if len(ids) > 1 and any(self.tests[id_].group == "blood_gas" for id_ in blood):
            return ids  # a bare pH is as often one of urine
        return blood if blood and specimen is None else ids


_LIKE = {"serum": "blood", "plasma": "blood", "capillary": "blood"}


def _same_but_long(name: str, other: str) -> bool:
    """Whether two names differ in long words only: `natrum` and `natrium`, not `a g ratio` and `a r ratio`."""
    words, others = name.split(), other.split()
    pairs = zip(words, others, strict=False)
    return len(words) == len(others) and all(a == b or min(len(a), len(b)) > _LONG for a, b in pairs)


def clean(printed: str) -> str:
    """A printed name without row numbers, codes, footnote marks, leaders and a trailing colon."""
    text = _FOOTNOTES.sub(" ", _LEADING.sub("", printed)).strip()
    text = _CLOSED.sub(r"\1", text)
    return re.sub(r"\s+", " ", text).strip(" .:;_-–*")


def _partings(text: str) -> Iterator[tuple[str, ...]]:
    """The ways to take a name apart: what stands outside and inside brackets, what stands on both sides of a stroke."""
    inside = tuple(part.strip("()[]{} ") for part in _BRACKETS.findall(text))
    bare = _BRACKETS.sub(" ", text).strip()
    if inside:
        yield (bare, *inside)
    pieces = tuple(part for part in _SPLIT.split(bare) if part)
    if len(pieces) > 1:
        yield (*pieces, *inside)
