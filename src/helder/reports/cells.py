"""What a run of printed tokens is: a value, a unit, a range, a flag, or just text. Pure grammar, no geometry."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal, NamedTuple

from helder.quantities import Comparator
from helder.reports.dates import DAY_FIRST, Dates
from helder.reports.numbers import DIGITS, SPACES, Mark, parse_number
from helder.reports.vocabulary import Vocabulary, unaccented

DASHES = "-–—−‐‑~÷"
_SIGNS = {"<": Comparator.LT, "≤": Comparator.LE, "<=": Comparator.LE, "=<": Comparator.LE, "⩽": Comparator.LE}
_SIGNS |= {">": Comparator.GT, "≥": Comparator.GE, ">=": Comparator.GE, "=>": Comparator.GE, "⩾": Comparator.GE}
_SIGNS |= {"‹": Comparator.LT, "›": Comparator.GT, "~": Comparator.ABOUT, "≈": Comparator.ABOUT, "=": Comparator.EQ}
_SIGN = r"<=|>=|=<|=>|[<>≤≥⩽⩾‹›≈~=]"
_NUMBER = rf"\d{{1,3}}(?:[{SPACES}]\d{{3}})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,'’]\d+)*"
_VALUE = re.compile(rf"(?P<sign>{_SIGN})?\s*(?P<minus>[-−](?=\d))?(?P<number>{_NUMBER})")
_TITRE = re.compile(r"(?P<sign><=|>=|[<>≤≥])?\s*1\s*(?::\s*(?P<number>\d{1,6})|/\s*(?P<long>\d{2,6}))")
_PLUSES = re.compile(r"(?:\(?\+{1,4}\)?|[1-4]\s?\+|\(\+\)|\+/[-–]|±)")
_BETWEEN = re.compile(
    rf"(?P<low>[-−]?(?:{_NUMBER}))\s*(?:[{DASHES}]|\.{{2,3}}|…|@TO@|@MAX@|@MIN@)\s*(?:1:)?(?P<high>[-−]?(?:{_NUMBER}))"
)
_ONE_SIDED = re.compile(rf"(?P<sign>{_SIGN}|@MAX@|@MIN@)\s*(?:@\w+@\s*)?(?:1\s*:\s*)?(?P<number>{_NUMBER})")
_OR_EQUAL = re.compile(r"([<>])\s*(?:[^\W\d_]{1,4}|/)\s*=")
"""`> OR = 60`, `</= 5`: the sign in words of any language."""
_BELOW_BEHIND = re.compile(rf"(?P<number>{_NUMBER})\s*@MAX@\s*$")
_OPEN_END = re.compile(rf"(?P<number>{_NUMBER})\s*(?:[{DASHES}]\s*$|@MIN@\s*$)")
_SECTIONS = re.compile(r"@(?:MEN|WOMEN|OTHER)@")

_VOWELS = r"\u0900-\u0dff"
"""Letters and vowel signs of Indian scripts: a word goes on at a sign, though `\\w` leaves it out."""
_MARKS = "(+-−–—±["


class Value(NamedTuple):
    """A value as printed and what it says: a number with its comparator, a titre, or a canonical word."""

    text: str
    number: Decimal | None = None
    comparator: Comparator = Comparator.EQ
    word: str | None = None
    titre: bool = False
    doubtful: bool = False
    """The decimal mark might have meant thousands."""

    @property
    def scale(self) -> Literal["quantity", "text", "titre"]:
        """The kind of result, as tests have it."""
        return "titre" if self.titre else "text" if self.number is None else "quantity"


class Bounds(NamedTuple):
    """A reference range as printed. `low` and `high` are None where open, or where the range is words."""

    text: str
    low: Decimal | None = None
    high: Decimal | None = None
    low_open: bool = False
    high_open: bool = False
    word: str | None = None
    by_sex: tuple[tuple[str, Decimal | None, Decimal | None], ...] = ()
    """("M" or "F", low, high) where the report prints both."""
    conditional: bool = False
    """It depends on something that was not decided here (age, pregnancy, day of the cycle)."""
    doubtful: bool = False

    @property
    def known(self) -> bool:
        return self.low is not None or self.high is not None or self.word is not None


class Grammar:
    """The cell grammar of one document: its words and its decimal mark."""

    def __init__(self, words: Vocabulary, mark: Mark, proven: bool, dates: Dates = DAY_FIRST) -> None:
        self.words, self.mark, self.proven, self.dates = words, mark, proven, dates
        placed = {
            form: _PLACEHOLDER[key]
            for form, key in words.range_words.items()
            if key in _PLACEHOLDER and any(map(str.isalpha, form))
        }
        placed |= {form.replace(" ", ""): mark for form, mark in placed.items() if " " in form}
        self._placed = placed
        self._range_words = re.compile(
            rf"(?<![\w/{_VOWELS}])(?:{'|'.join(map(re.escape, placed)) or '(?!)'})(?![\w{_VOWELS}])"
        )
        self._memory: dict[str, str] = {}

    def number(self, text: str) -> tuple[Decimal, bool] | None:
        sign = -1 if text[:1] in "-−" else 1
        found = parse_number(text.lstrip("-−"), self.mark, self.proven)
        return (sign * found.value, found.doubtful) if found else None

    # --- values --------------------------------------------------------------------------------------

    def value(self, text: str) -> Value | None:
        """A whole text as a value, or None."""
        bare = text.strip()
        if titre := _TITRE.fullmatch(bare):
            return Value(
                bare,
                Decimal(titre["number"] or titre["long"]),
                _SIGNS.get(titre["sign"] or "=", Comparator.EQ),
                titre=True,
            )
        if _PLUSES.fullmatch(bare):
            return Value(bare, word=_pluses(bare))
        if found := _VALUE.fullmatch(self._worded(bare)):
            number = self.number((found["minus"] or "") + found["number"])
            if number:
                comparator = _SIGNS.get(found["sign"] or "=", Comparator.EQ)
                return Value(bare, number[0], comparator, doubtful=number[1])
        word = self.words.result(bare) if _is_worded(bare) else None
        return Value(bare, word=word) if word else None

    def _worded(self, text: str) -> str:
        """`less than 5` → `< 5`; only for one-sided words, in front of a number."""
        if not text[:1].isalpha():
            return _OR_EQUAL.sub(r"\1=", text)
        return self._marked(text).replace("@MAX@", "<").replace("@MIN@", ">")

    # --- ranges --------------------------------------------------------------------------------------

    def bounds(self, text: str) -> Bounds | None:
        """A whole text as a reference range, or None. Units and brackets inside it are let be."""
        bare = text.strip().strip("()[]{}").strip()
        if not bare:
            return None
        marked = self._marked(bare)
        if "@MEN@" in marked or "@WOMEN@" in marked:
            return self._by_sex(bare, marked)
        conditional = "@OTHER@" in marked
        found = self._plain_range(marked)
        if found:
            return found._replace(text=bare, conditional=conditional)
        word = self.words.result(bare)
        return Bounds(bare, word=word) if word else None

    def _plain_range(self, marked: str) -> Bounds | None:
        if found := _BETWEEN.search(marked):
            return self._between(found["low"], found["high"])
        if (found := _ONE_SIDED.search(marked)) and not _BELOW_BEHIND.search(marked):
            number = self.number(found["number"])
            if number is None:
                return None
            sign = found["sign"]
            strict = sign in ("<", ">", "‹", "›")
            if sign == "@MAX@" or sign.startswith(("<", "≤", "⩽", "‹", "=<")):
                return Bounds("", high=number[0], high_open=strict, doubtful=number[1])
            if sign == "@MIN@" or sign.startswith((">", "≥", "⩾", "›")):
                return Bounds("", low=number[0], low_open=strict, doubtful=number[1])
        if found := _BELOW_BEHIND.search(marked):
            number = self.number(found["number"])
            return Bounds("", high=number[0], doubtful=number[1]) if number else None
        if found := _OPEN_END.search(marked):
            number = self.number(found["number"])
            return Bounds("", low=number[0], doubtful=number[1]) if number else None
        return None

    def _between(self, low_text: str, high_text: str) -> Bounds | None:
        low, high = self.number(low_text), self.number(high_text)
        if low is None or high is None or low[0] > high[0]:
            return None
        return Bounds("", low[0], high[0], doubtful=low[1] or high[1])

    def _by_sex(self, text: str, marked: str) -> Bounds:
        """`M: 13.5-17.5 F: 12.0-15.5` → both, to be chosen from by who the report is about."""
        found = []
        starts = list(_SECTIONS.finditer(marked))
        for here, after in zip(starts, [*starts[1:], None], strict=True):  # ` / ` between them is in neither
            part = self._plain_range(marked[here.end() : after.start() if after else len(marked)])
            if part and here.group() != "@OTHER@":
                found.append(("M" if here.group() == "@MEN@" else "F", part.low, part.high))
        doubled = len({sex for sex, _, _ in found}) < len(found)
        return Bounds(text, by_sex=() if doubled else tuple(found), conditional="@OTHER@" in marked or doubled)

    def _marked(self, text: str) -> str:
        """The text in lower case with its range words replaced by marks: `bis 5` → `@MAX@ 5`."""
        if text not in self._memory:
            plain = _OR_EQUAL.sub(r"\1=", unaccented(text))
            self._memory[text] = self._range_words.sub(lambda found: self._placed[found.group()], plain)
        return self._memory[text]

    # --- units and flags -----------------------------------------------------------------------------

    def unit(self, text: str) -> str | None:
        """The UCUM code of a whole text as a unit, or None. A bare number or a single mark is none."""
        bare = text.strip()
        if not bare or bare.replace(".", "").isdigit():
            return None
        return self.words.units.ucum(bare)

    def flag(self, text: str) -> str | None:
        return self.words.flag(text)

    def starts_range(self, text: str) -> bool:
        return bool(_BETWEEN.search(self._marked(text)))


_PLACEHOLDER = {
    "up_to": "@MAX@",
    "at_least": "@MIN@",
    "to": "@TO@",
    "men": "@MEN@",
    "women": "@WOMEN@",
    "pregnant": "@OTHER@",
    "children": "@OTHER@",
    "newborn": "@OTHER@",
}


def _is_worded(text: str) -> bool:
    """Whether a text can be a result in words: `trace *` is a result and a mark."""
    if not text or not (text[0].isalnum() or text[0] in _MARKS):
        return False
    whole = all(any(map(str.isalnum, word)) or word[0] == "(" for word in text.split())
    return whole or not any(map(str.isalnum, text))


def _pluses(text: str) -> str:
    """`++`, `2+`, `(+)` → how many: `plus_2`, `trace`."""
    if text in ("(+)", "+/-", "+/–", "±"):
        return "trace"
    digits = [letter for letter in text if letter.isdigit()]
    return f"plus_{digits[0] if digits else text.count('+')}"


def numbers_in(text: str) -> list[str]:
    """Every printed number in a text, for deciding on the decimal mark."""
    return [found.group() for found in DIGITS.finditer(text)]
