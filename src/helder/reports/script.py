"""Scripts that are read from the right, and digits of other scripts: a line in the order it is read in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_FROM_RIGHT = re.compile(r"[\u0590-\u065f\u066e-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_OWN_DIGIT = re.compile(r"[\u0660-\u0669\u06f0-\u06f9]")
"""Arabic digits: a number of them runs from the left, two of them with a dash between run from the right."""
_FROM_RIGHT_OR_DIGIT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_OWN_NUMBER = r"[\u0660-\u0669\u06f0-\u06f9]+(?:[.,/:٫٬][\u0660-\u0669\u06f0-\u06f9]+)*"
_NUMBER = re.compile(rf"{_OWN_NUMBER}|\d+(?:[-+.,/:%]\d+)*%?")
_NUMBER_AMONG_ARABIC = re.compile(rf"{_OWN_NUMBER}|\d+(?:[.,/:]\d+)*")
"""Behind an Arabic letter a dash parts two numbers: `10-13` is seen as `13-10`."""
_LOCANT = re.compile(r"\b(OH)-(\d+(?:,\d+)*)\b")
"""Where a group stands on a molecule is said before it: 25-OH is seen as `OH-25` inside Arabic text."""
_AFTER_LATIN = re.compile(
    r"(?P<front>[(\[]?\s*[<>≤≥]?)\s*(?P<low>\d[\d.,]*)(?:\s*[-–]\s*(?P<high>\d[\d.,]*))?\s*[)\]]?"
)
_SHORT_NAME = re.compile(r"[A-Z][A-Za-z-]*")
_DIGITS = {ord(first) + i: str(i) for first in "٠۰०" for i in range(10)} | {ord("٫"): ".", ord("٬"): ",", ord("٪"): "%"}


def from_right(text: str) -> bool:
    """Whether there is anything in a text that is read from the right."""
    return bool(_FROM_RIGHT_OR_DIGIT.search(text))


def plain_digits(text: str) -> str:
    """A text with its Arabic and Indian digits, decimal and per cent signs as European ones: `٥٫٤` → `5.4`."""
    return text if text.isascii() else text.translate(_DIGITS)


def letters_in_order(letters: Sequence[str], among_arabic: bool = False) -> list[int]:
    """The places of letters, seen from left to right, in the order in which they are read.

    `among_arabic`: they stand inside a line that is read from the right, though none of them has to be.
    """
    text = "".join(letter[:1] or " " for letter in letters)
    turned = among_arabic or _read_from_right(text)
    number = _NUMBER_AMONG_ARABIC if turned else _NUMBER
    atoms: list[list[int]] = []
    at = 0
    while at < len(text):
        found = number.match(text, at)
        end = found.end() if found else at + 1
        atoms.append(list(range(at, end)))
        at = end
    parts = [text[atom[0] : atom[-1] + 1] for atom in atoms]
    kinds = [_kind(part) for part in parts]
    if turned:
        for at, kind in enumerate(kinds):  # FT4, IL-6: a number behind a Latin letter is part of its name
            joined = at > 0 and (kinds[at - 1] == "L" or (parts[at - 1] == "-" and at > 1 and kinds[at - 2] == "L"))
            kinds[at] = "L" if kind == "E" and joined else kind
    order = _from_right(kinds, parts) if turned else _from_left(kinds)
    return [i for n in order for i in atoms[n]]


def words_as_read(words: Sequence[str]) -> list[tuple[int, str]]:
    """Words seen from left to right, in the order in which they are read: the place and the text of each.

    `7.0 < :ىندألا` → `الأدنى: < 7.0` for words whose letters are in order already. Brackets come out as they are meant.
    """
    texts = list(words)
    order = _order(words)
    if _read_from_right(words):
        for first, last in _stretches(words, order):
            texts[first : last + 1] = _meant(texts[first : last + 1])
    written = bracketed([texts[i] for i in order])
    return list(zip(order, written, strict=True))


def _read_from_right(parts: Sequence[str]) -> bool:
    strong = [kind for kind in map(_kind, parts) if kind in "RL"]
    return "R" in strong and not strong[0] == strong[-1] == "L"


def _stretches(words: Sequence[str], order: Sequence[int]) -> list[tuple[int, int]]:
    """The first and last places of the words that keep their direction inside a line read from the right."""
    found: list[tuple[int, int]] = []
    for before, place in zip([None, *order], order, strict=False):
        if _kind(words[place]) == "R":
            continue
        if found and before == found[-1][1] and place == before + 1:
            found[-1] = (found[-1][0], place)
        else:
            found.append((place, place))
    return found


def _meant(words: list[str]) -> list[str]:
    """Words without Arabic letters as they are meant inside a line read from the right.

    What stands at their ends belongs to the other end: `7.0<` → `<7.0`, `HPF/` → `/HPF`, `)15.0` → `15.0)`.
    """
    if len(words) == 1:
        (word,) = words
        return [_LOCANT.sub(r"\2-\1", "".join(word[i] for i in letters_in_order(word, among_arabic=True)))]
    first, last = words[0], words[-1]
    for pair in ("()", "[]"):
        marks = [mark for mark in "".join(words) if mark in pair]
        if first[0] in pair and len(first) > 1 and last[-1] not in pair and len(marks) <= 2:
            return [first[1:], *words[1:-1], last + pair[1]]
        if last[-1] in pair and len(last) > 1 and len(marks) == 1:
            return [pair[0] + first, *words[1:-1], last[:-1]]
    return words


def _kind(text: str) -> str:
    """R: read from the right; L: from the left; A, E: a number in Arabic or European digits; N: neither."""
    if _FROM_RIGHT.search(text):
        return "R"
    if any(map(str.isalpha, text)):
        return "L"
    if _OWN_DIGIT.search(text):
        return "A"
    return "E" if any(map(str.isdigit, text)) else "N"


def _order(parts: Sequence[str]) -> list[int]:
    kinds = [_kind(part) for part in parts]
    return _from_right(kinds, parts) if _read_from_right(parts) else _from_left(kinds)


def _from_left(kinds: Sequence[str]) -> list[int]:
    """A line read from the left: only what is read from the right turns, with the numbers and marks inside it."""
    order: list[int] = []
    at = 0
    while at < len(kinds):
        end = at + 1
        if kinds[at] in "RA":
            stop = next((i for i in range(at, len(kinds)) if kinds[i] == "L"), len(kinds))
            end = max(i for i in range(at, stop) if kinds[i] in "RA") + 1
        order += reversed(range(at, end))
        at = end
    return order


def _from_right(kinds: Sequence[str], parts: Sequence[str]) -> list[int]:
    """A line read from the right: Latin words keep their direction, with what stands between them."""
    order: list[int] = []
    at = len(kinds) - 1
    while at >= 0:
        start = at
        before = next((i for i in range(at, -1, -1) if kinds[i] not in "EN"), -1)
        if (
            before >= 0
            and kinds[before] == "L"
            and (before == at or _goes_with(parts[before], parts[before + 1 : at + 1]))
        ):
            stop = next((i for i in range(before, -1, -1) if kinds[i] in "RA"), -1)
            start = min(i for i in range(stop + 1, before + 1) if kinds[i] == "L")
        order += range(start, at + 1)
        at = start - 1
    return order


def _goes_with(latin: str, after: Sequence[str]) -> bool:
    """Whether numbers seen right of a Latin word are read after it: `CA 125`, `g/dL (12.0 - 15.5`.

    A number read before its unit stands there too; but two with a dash between would then be seen the other way round.
    """
    text = " ".join(after)
    if text.isdigit():
        return bool(_SHORT_NAME.fullmatch(latin))
    found = _AFTER_LATIN.fullmatch(text)
    if not found:
        return False
    low, high = found["low"], found["high"]
    return bool(found["front"]) if high is None else _size(low) <= _size(high)


def _size(number: str) -> float:
    whole, _, part = number.replace(",", ".").partition(".")
    return float(f"{whole}.{part.replace('.', '') or 0}")


def bracketed(words: Sequence[str]) -> list[str]:
    """Words in reading order with their brackets the right way round: `)WBC(` → `(WBC)`.

    In text read from the right a bracket may be stored as it is meant or as it is drawn; its place tells which it is.
    """
    found = list(words)
    for pair in ("()", "[]"):
        marks = [c for word in found for c in word if c in pair]
        if _balanced(marks, pair):
            continue
        if len(marks) % 2 == 0:
            turn = iter(pair * (len(marks) // 2))
            found = ["".join(next(turn) if c in pair else c for c in word) for word in found]
        else:
            found = [_by_place(word, pair) for word in found]
    return found


def _balanced(marks: Sequence[str], pair: str) -> bool:
    depth = 0
    for mark in marks:
        depth += 1 if mark == pair[0] else -1
        if depth < 0:
            return False
    return depth == 0


def _by_place(word: str, pair: str) -> str:
    """A bracket before a word opens, one behind it closes."""
    if len(word) < 2 or not any(map(str.isalnum, word)):
        return word
    front = pair[0] if word[0] in pair else word[0]
    back = pair[1] if word[-1] in pair else word[-1]
    return front + word[1:-1] + back


_MIRRORED = str.maketrans("()<>[]{}«»‹›≤≥", ")(><][}{»«›‹≥≤")


def unmirrored(characters: Sequence[str]) -> list[str]:
    """The characters of a line as pdfium gives them, with the brackets and signs turned back that it has turned.

    It takes every line with text read from the right for one whose letters were stored as they stand, and turns each
    mark that follows such a letter; marks that follow a Latin letter it leaves.
    """
    kinds = [_turning(c) for c in characters]
    if "R" not in kinds:
        return list(characters)
    runs = [kind for i, kind in enumerate(kinds) if i == 0 or kinds[i - 1] != kind]
    right = runs.count("R") > runs.count("L")
    found = []
    for character, kind in zip(characters, kinds, strict=True):
        right = kind == "R" if kind in "RL" else right
        found.append(character.translate(_MIRRORED) if kind == "N" and right else character)
    return found


def _turning(character: str) -> str:
    kind = unicodedata.bidirectional(character)
    if kind in ("R", "AL"):
        return "R"
    if kind == "L":
        return "L"
    return "w" if kind in ("EN", "AN", "NSM", "CS", "ES", "ET", "BN") else "N"
