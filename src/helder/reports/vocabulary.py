"""What printed words mean on a report: headings, flags, units, results, in the languages that a page is written in."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache

from helder.knowledge.model import Knowledge, Printed
from helder.languages.folding import fold

ALWAYS = "en"
"""Reports of every country carry English words: they are read beside those of the page's own language."""
ENOUGH = 0.5
"""A second language counts when it explains this share of what the first one does."""
OTHER_SCRIPTS = frozenset({"ar", "hi", "uk"})
LONGEST_PHRASE = 6
LONGEST_INITIALS = 4
SIGNS = ("to", "up_to", "at_least")

_APOSTROPHE = re.compile(r"(?<=[^\W\d])['’](?=[^\W\d])")
_ACCENTS = re.compile(r"[\u0300-\u036f]")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_RAISED = re.compile(r"(?<=10)\^?([⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
_POWER = re.compile(r"(?:(?<![\d.,])[x×·*]\s*)?10\s*(?:\^|\*\*?|exp|e(?=\d))?\s*(\d{1,2})(?=\s*/|$)", re.IGNORECASE)
_LETTERS = str.maketrans({"µ": "u", "μ": "u", "×": "x", "·": ".", "∕": "/", "⁄": "/", "’": "'", "²": "2", "³": "3"})


@lru_cache(maxsize=20_000)
def fold_unit(text: str) -> str:
    """A printed unit without its habits: `×10⁹ / l` and `10^9/L` become `10^9/L`, `μmol/l` becomes `umol/L`.

    Case stays: G/L and g/L are two things. A litre is always L.
    """
    text = _RAISED.sub(lambda found: "^" + found.group(1).translate(_SUPERSCRIPTS), text.strip())
    text = text.translate(_LETTERS).translate(_SUPERSCRIPTS)
    text = _POWER.sub(lambda found: f"10^{found.group(1)}", text.replace(" ", "").replace("\u00a0", ""))
    text = re.sub(r"(?<=[a-zA-Z])lt?(?=$|[^a-zA-Z])|(?<=/)l(?:iter|itre|itro|t|tr)?(?=$|[^a-zA-Z])", "L", text)
    return text.replace(",", ".").strip("()[]").rstrip(".:;")


class Vocabulary:
    """The printed words of one or more languages, each form with what it means."""

    def __init__(self, knowledge: Knowledge, languages: Iterable[str]) -> None:
        self.languages = tuple(dict.fromkeys((*languages, ALWAYS)))
        self._words = [knowledge.printed[code] for code in self.languages if code in knowledge.printed]
        self.headings = _meanings(words.headings for words in self._words)
        self.flags = _marks(words.flags for words in self._words)
        self.results = _meanings(words.results for words in self._words)
        self.sections = _meanings(words.sections for words in self._words)
        self.specimens = _meanings(words.specimens for words in self._words)
        self.labels = _meanings(words.labels for words in self._words)
        self.sexes = _meanings(words.sex for words in self._words)
        self.months = _meanings(words.months for words in self._words)
        ranges = [*(words.ranges for words in self._words), *_signs(knowledge)]
        self.ranges = _plain(ranges) | _meanings(ranges)
        self.documents = _meanings(words.documents for words in self._words)
        self.comments = frozenset(fold(form) for words in self._words for form in words.comment_starts)
        self.units = Units(knowledge)
        self.unit_words = {fold(form): meaning for words in self._words for form, meaning in words.units.items()}

    def heading(self, text: str) -> str | None:
        """The column that a heading stands over; longer headings by the words they begin or end with."""
        return _phrase(fold(text), self.headings)

    def flag(self, text: str) -> str | None:
        """`high`, `low`, `high_critical`, `low_critical`, `abnormal` or `normal`."""
        mark = text.strip("()[] ").replace(" ", "")
        word = fold(mark) if mark[:1].isalnum() else mark
        return self.flags.get(mark) or self.flags.get(mark.casefold()) or self.flags.get(word)

    def result(self, text: str) -> str | None:
        """The canonical word of a text result: `negative`, `trace`, `not_detected`."""
        return self.results.get(_folded(text))

    def label(self, text: str) -> str | None:
        return self.labels.get(fold(text))

    def is_comment(self, text: str) -> bool:
        words = fold(text).split()
        return any(" ".join(words[:length]) in self.comments for length in range(1, min(4, len(words)) + 1))

    @cached_property
    def range_words(self) -> Mapping[str, str]:
        """The words inside ranges, longest first when looked for."""
        return dict(sorted(self.ranges.items(), key=lambda pair: -len(pair[0])))


class Units:
    """Printed forms of units → UCUM codes."""

    def __init__(self, knowledge: Knowledge) -> None:
        printed = knowledge.printed_units
        exact = {fold_unit(form): code for form, code in printed.case_sensitive.items()}
        forms = [(fold_unit(form), code) for code, all_ in printed.units.items() for form in (code, *all_)]
        self.exact: dict[str, str] = {}
        loose: dict[str, set[str]] = defaultdict(set)
        for form, code in forms:
            self.exact.setdefault(form, code)
            loose[form.casefold()].add(code)
        self.exact |= exact
        unclear = {form.casefold() for form in exact}
        self.loose = {form: codes.copy().pop() for form, codes in loose.items() if len(codes) == 1}
        self.loose = {form: code for form, code in self.loose.items() if form not in unclear}

    def ucum(self, text: str) -> str | None:
        """The UCUM code of a printed unit, or None."""
        form = fold_unit(text)
        return self.exact.get(form) or self.loose.get(form.casefold())

    @cached_property
    def forms(self) -> tuple[str, ...]:
        return tuple(self.exact)


class Languages:
    """Which languages a report is printed in: by its headings, labels, sections, text results and tests."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._telling: dict[str, set[str]] = {
            code: set(_own(_telling(words), code)) for code, words in knowledge.printed.items()
        }
        for test in knowledge.lab_tests.values():
            for language, names in test.names.items():
                if language in self._telling:
                    self._telling[language].update(_own(map(fold, names), language))

    def of(self, texts: Iterable[str]) -> tuple[str, ...]:
        """The languages, most telling first; English where nothing tells."""
        phrases = frozenset(phrase for text in texts for phrase in _phrases(text))
        scores = {code: _score(forms & phrases) for code, forms in self._telling.items()}
        best = max(scores.values(), default=0)
        found = [code for code in scores if best and scores[code] >= ENOUGH * best]
        return tuple(sorted(found, key=lambda code: -scores[code])) or (ALWAYS,)


def _phrases(text: str) -> Iterable[str]:
    words = fold(text).split()
    for start in range(len(words)):
        for length in range(1, LONGEST_PHRASE + 1):
            if start + length <= len(words):
                yield " ".join(words[start : start + length])


def _score(forms: Iterable[str]) -> float:
    return sum(math.sqrt(len(form)) for form in forms if len(form) > 2)


def _telling(words: Printed) -> set[str]:
    groups = (words.headings, words.labels, words.sections, words.documents, words.sex, words.results)
    return {fold(form) for group in groups for forms in group.values() for form in forms}


def _own(forms: Iterable[str], language: str) -> Iterator[str]:
    """The forms that tell a language: where it has letters of its own, not the English words that it borrows."""
    return (form for form in forms if language not in OTHER_SCRIPTS or not form.isascii())


def _meanings(groups: Iterable[Mapping[str, tuple[str, ...]]]) -> dict[str, str]:
    """Folded form → key; the first language to name a form wins."""
    found: dict[str, str] = {}
    for group in groups:
        for key, forms in group.items():
            for form in forms:
                found.setdefault(_folded(form), key)
    return found | {spelled: key for form, key in found.items() if (spelled := _initials(form)) not in found}


def _folded(form: str) -> str:
    """A form folded, unless nothing but digits is left of it: `2+` is not 2."""
    folded = fold(form)
    return form.strip() if not folded or (folded.isdigit() and not form.strip().isdigit()) else folded


def _plain(groups: Iterable[Mapping[str, tuple[str, ...]]]) -> dict[str, str]:
    """Forms with their punctuation, in small letters without accents: `t/m`, `≤`."""
    forms = [(form, key) for group in groups for key, forms in group.items() for form in forms]
    return {unaccented(form): key for form, key in forms if any(map(str.isalpha, form))}


def unaccented(text: str) -> str:
    """In small letters, without accents; an apostrophe between letters is a space."""
    return _APOSTROPHE.sub(" ", _ACCENTS.sub("", unicodedata.normalize("NFD", text.casefold()))).strip()


def _initials(form: str) -> str:
    """Initials with and without points are one form: `dob` is also `d o b`."""
    return " ".join(form) if form.isalpha() and form.isascii() and 2 <= len(form) <= LONGEST_INITIALS else form


def _signs(knowledge: Knowledge) -> list[dict[str, tuple[str, ...]]]:
    """`to`, `up to` and `from` in every language: beside a number they mean nothing else in any other."""
    return [{key: words.ranges[key] for key in SIGNS if key in words.ranges} for words in knowledge.printed.values()]


def _marks(groups: Iterable[Mapping[str, tuple[str, ...]]]) -> dict[str, str]:
    """Marks as they stand (`+`, `**`, `H`) and words folded."""
    found: dict[str, str] = {}
    for group in groups:
        for key, forms in group.items():
            for form in forms:
                mark = form.replace(" ", "")
                for spelled in (mark, mark.casefold(), fold(form)):
                    if spelled:
                        found.setdefault(spelled, key)
    return found


def _phrase(folded: str, meanings: Mapping[str, str]) -> str | None:
    """The meaning of the whole, else of the longest beginning or end of at least half of it."""
    if folded in meanings:
        return meanings[folded]
    words = folded.split()
    for length in range(len(words) - 1, len(words) // 2, -1):
        for part in (words[:length], words[-length:]):
            if (found := meanings.get(" ".join(part))) is not None:
                return found
    return None
