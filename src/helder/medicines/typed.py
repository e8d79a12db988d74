"""What people write on a line about something they take: `D3 1000 IE`, `metoprolol 50 mg 2x daags`, `1-0-1`.

Text in, what stands in it out. Nothing is looked up here, and no digit is guessed: `1.500 mg` may be one and a half
or fifteen hundred, so it gives no dose and says why.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property

from msgspec import Struct

LONGEST = 200
MOST_DIGITS = 9

# Spellings of units, folded. Names of units, no clinical facts: the same in every language that Helder reads.
UNITS = {
    "mg": "mg milligram milligrams milligramme milligrammes miligramo miligramos milligramm ملغ مغ",
    "g": "g gr gram grams gramme grammes gramo gramos gramm غ",
    "ug": "ug µg μg mcg microgram micrograms mikrogramm microgramme microgrammes microgramo microgramos γ مكغ",
    "ng": "ng",
    "[IU]": "iu ie ui i.e. i.u. u.i. ie. iu. units eenheden einheiten unités unidades وحدة",
    "mL": "ml milliliter mililitro mililitros",
    "mmol": "mmol",
    "meq": "meq",
    "%": "%",
}
UNIT_OF = {spelling: unit for unit, spellings in UNITS.items() for spelling in spellings.split()}
_UNIT = "|".join(sorted(map(re.escape, UNIT_OF), key=len, reverse=True))
_NUMBER = r"\d[\d.,\u00a0\u202f']*\d|\d|½"
_DOSE = re.compile(rf"(?<![\w.,/])((?:{_NUMBER})(?:\s*/\s*(?:{_NUMBER}))*)\s*({_UNIT})(?![\w])")
_SCHEME = re.compile(r"(?<![\w-])(\d|½)\s*-\s*(\d|½)\s*-\s*(\d|½)(?:\s*-\s*(\d|½))?(?![\w-])")
_CLOCK = re.compile(r"(?<![\d:])([01]?\d|2[0-3])[:h]([0-5]\d)(?![\d:])")
_PARTS = ("morning", "noon", "evening", "bedtime")


class Amount(Struct, frozen=True):
    """A number with its unit as written; `number` is None where the digits can be read in two ways."""

    number: Decimal | None
    unit: str


class Typed(Struct, frozen=True, kw_only=True):
    """What stands on a line: the rest is the name."""

    name: str
    whole: str = ""
    """The name with the words for a piece in it: `the pill` and `Ery-Tab` are names."""
    amounts: tuple[Amount, ...] = ()
    strength: str = ""
    """`500/125` as written, for a product of several substances."""
    count: Decimal | None = None
    times: Decimal | None = None
    every_days: int = 1
    parts_of_day: tuple[str, ...] = ()
    at: tuple[int, ...] = ()
    """Minutes after midnight, where the line names hours: `08:00`."""
    as_needed: bool = False
    elemental: bool = False
    """It says that the number is of the element: `(as citrate)`, `elemental`."""


class Reader:
    """Reads lines with the words of all languages. Build once from the messages."""

    def __init__(self, messages: Mapping[str, Mapping[str, str]]) -> None:
        self._messages = messages

    def _words(self, key: str) -> re.Pattern[str]:
        """The ways to say something, in every language, as whole words."""
        said = {
            _plain(word)
            for messages in self._messages.values()
            for word in messages.get(f"typed.{key}", "").split("|")
            if word.strip()
        }
        return re.compile("|".join(sorted(map(re.escape, said), key=len, reverse=True)) or r"(?!)")

    @cached_property
    def _patterns(self) -> dict[str, re.Pattern[str]]:
        keys = ("four", "thrice", "twice", "weekly", "every_other_day", "once", "as_needed", "elemental", *_PARTS)
        return {key: _whole(self._words(key).pattern) for key in keys}

    @cached_property
    def _times(self) -> re.Pattern[str]:
        ways = self._words("times").pattern
        return re.compile(rf"(?<![\w.,])(\d{{1,2}})\s*(?:x\s*)?(?:{ways})(?![^\W\d])(?:\s*(\d|½)(?![\w.,]))?")

    @cached_property
    def _pieces(self) -> re.Pattern[str]:
        return re.compile(rf"(?<![\w.,])(\d{{1,2}}|½|1/2)?\s*(?:{self._words('piece').pattern})(?!\w)")

    @cached_property
    def _as(self) -> re.Pattern[str]:
        return re.compile(rf"\(\s*(?:{self._words('as').pattern})\s+([^)]*)\)")

    @cached_property
    def _noise(self) -> re.Pattern[str]:
        return _whole(self._words("noise").pattern)

    def read(self, text: str) -> Typed:
        """A line as parts. Never raises; text beyond 200 characters is not read."""
        rest = _plain(text[:LONGEST])
        cut = _Cutter(rest)
        at = tuple(sorted(cut.clocks()))
        scheme = cut.take(_SCHEME)
        shares = [_share(group) for group in scheme.groups()] if scheme else []
        times = cut.take(self._times)
        flags = {key: bool(cut.take(pattern)) for key, pattern in self._patterns.items()}
        amounts, strength = cut.amounts()
        whole = cut.text
        pieces = cut.take(self._pieces)
        salt = cut.take(self._as)
        named = " ".join(filter(None, [cut.text, salt.group(1) if salt else ""]))
        return Typed(
            name=self._bare(named),
            whole=" ".join(whole.split()),
            amounts=amounts,
            strength=strength,
            count=self._count(times, pieces, shares),
            times=_frequency(times, flags, shares),
            every_days=7 if flags["weekly"] else 2 if flags["every_other_day"] else 1,
            parts_of_day=tuple(_parts_of_day(flags, shares)),
            at=at,
            as_needed=flags["as_needed"],
            elemental=bool(salt) or flags["elemental"],
        )

    def _count(
        self, times: re.Match[str] | None, pieces: re.Match[str] | None, shares: list[Decimal]
    ) -> Decimal | None:
        taken = {share for share in shares if share}
        if len(taken) == 1:
            return taken.pop()
        for found, group in ((times, 2), (pieces, 1)):
            if found and found.group(group):
                return _share(found.group(group))
        return None

    def _bare(self, text: str) -> str:
        """The name without small words at its ends and punctuation around it."""
        words = re.sub(r"[^\w%+.'’/-]+", " ", text).split()
        words = [word.strip(".,;:-/") for word in words]
        while words and (not words[0] or self._noise.fullmatch(words[0])):
            words.pop(0)
        while words and (not words[-1] or (len(words[-1]) > 1 and self._noise.fullmatch(words[-1]))):
            words.pop()
        return " ".join(word for word in words if word)


class _Cutter:
    """A text from which what was understood is taken away."""

    def __init__(self, text: str) -> None:
        self.text = text

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.search(self.text)
        if found:
            self.text = f"{self.text[: found.start()]} {self.text[found.end() :]}"
        return found

    def clocks(self) -> Iterator[int]:
        while found := self.take(_CLOCK):
            yield int(found.group(1)) * 60 + int(found.group(2))

    def amounts(self) -> tuple[tuple[Amount, ...], str]:
        amounts: list[Amount] = []
        strength = ""
        while found := self.take(_DOSE):
            unit = UNIT_OF[found.group(2)]
            numbers = [part.strip() for part in found.group(1).split("/")]
            if len(numbers) > 1 and not strength:
                strength = "/".join(numbers)
            amounts += [Amount(number(part, unit), unit) for part in numbers]
        return tuple(amounts), strength


def number(text: str, unit: str = "") -> Decimal | None:
    """A written number, exact; None where it can be read in two ways (`1.500`), is no number, or is endless.

    Three digits after a single mark are thousands only where a fraction would make no sense: international units.
    """
    bare = re.sub(r"[\s\u00a0\u202f']", "", text)
    if bare == "½":
        return Decimal("0.5")
    if not re.fullmatch(r"\d+(?:[.,]\d+)*", bare) or len(bare) > MOST_DIGITS + 2:
        return None
    marks = [character for character in bare if character in ".,"]
    if not marks:
        return Decimal(bare)
    if len(set(marks)) == 2:
        return _mixed(bare, marks)
    groups = re.split(r"[.,]", bare)
    thousands = all(len(group) == 3 for group in groups[1:]) and 1 <= len(groups[0]) <= 3 and groups[0] != "0"
    if len(marks) > 1:
        return Decimal("".join(groups)) if thousands else None
    if thousands:
        return Decimal("".join(groups)) if unit == "[IU]" else None
    return Decimal(".".join(groups))


def _mixed(bare: str, marks: list[str]) -> Decimal | None:
    """`1.234,5` and `1,234.5`: the last mark is the decimal one, and stands once."""
    last = marks[-1]
    if marks.count(last) > 1 or not re.fullmatch(r"\d{1,3}([.,]\d{3})+[.,]\d+", bare):
        return None
    whole, _, fraction = bare.rpartition(last)
    return Decimal(f"{re.sub(r'[.,]', '', whole)}.{fraction}")


def _plain(text: str) -> str:
    """Lower case, digits of every script as 0–9, one kind of each mark."""
    text = unicodedata.normalize("NFKC", text.replace("½", "\ue000")).replace("\ue000", "½").casefold()
    text = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)
    return text.replace("×", "x").replace("–", "-").replace("’", "'").replace("،", ",").strip()


def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)")


def _share(text: str | None) -> Decimal:
    return Decimal("0.5") if text in ("½", "1/2") else Decimal(text or 0)


def _frequency(times: re.Match[str] | None, flags: Mapping[str, bool], shares: list[Decimal]) -> Decimal | None:
    if shares:
        return Decimal(sum(1 for share in shares if share)) or None
    if times:
        return Decimal(times.group(1)) or None
    for key, often in (("four", 4), ("thrice", 3), ("twice", 2), ("once", 1), ("weekly", 1), ("every_other_day", 1)):
        if flags[key]:
            return Decimal(often)
    return Decimal(sum(flags[part] for part in _PARTS)) or None


def _parts_of_day(flags: Mapping[str, bool], shares: list[Decimal]) -> Iterator[str]:
    for index, part in enumerate(_PARTS):
        if flags[part] or (index < len(shares) and shares[index]):
            yield part
