"""Letters with their place → words with their place: spaces, raised figures, text drawn twice.

Pure. It counts in the frame of the text itself: letters upright, x to the right, y downwards, in points.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from msgspec import Struct

from helder.reports.page import Box, Word
from helder.reports.script import from_right, letters_in_order

SPACE_SEEN = 0.3  # of the type size: a gap this wide parts two words, said or not
SPACE_SAID = 0.08  # the same where the file itself puts a space there
TOUCHING = 0.15  # a raised figure stands this near to what it belongs to
SMALL = 0.86  # of the neighbour's size: the type of raised and lowered figures
RAISED = 0.14  # of the neighbour's size: how far above its line a raised figure stands
RAISED_AS_LARGE = 0.25  # the same for one of the same type size
SPACE_AMONG_TURNED = 0.14  # the same on lines with text read from the right, whose spaces are said in other places
TORN = 6  # parts of lines: how far back in the file the rest of a word is looked for
VOWEL = 0.5  # of the type size: a vowel sign this near belongs to the letter before it, whatever was said
OTHER_LINE = 0.62  # of the type size: a letter further up or down is on another line

_SIGNS_OF_VOWELS = ("Mn", "Mc")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_SUPERSCRIPT = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]")
_POWER_OF_TEN = re.compile(r"(?:^|[^\d.,])10$")
_TIMES_TEN = re.compile(r"[x×*·∙⋅.]\s?10$", re.IGNORECASE)
_EXPONENT = re.compile(r"[-−–+]?\d{1,2}$")
_LENGTH = re.compile(r"(?:^|[\d\s/,.*·×(])[cdmkµ]?m$")
_MARK = re.compile(r"[-−–+]?\d{1,2}$|[*†‡§#°a-z)]{1,3}$")
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_CHARACTERS = {"\x02": "-", "\u00ad": "-", "\u200b": "", "\u200c": "", "\u200d": "", "\ufeff": "", **_LIGATURES}


class Glyph(NamedTuple):
    """A letter: its character, its box, the line it stands on, its type size, whether a space was said before it."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    base: float
    size: float
    bold: bool = False
    after_space: bool = False


class _Piece(Struct):
    """Letters of one line and one height that touch: a word, or a part of one beside its raised figure."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    base: float
    size: float
    bold: bool
    touches: bool
    """It touches the piece before it: nothing but a step up or down parts them."""
    raised: bool = False
    used: bool = False


def words(glyphs: Iterable[Glyph]) -> list[Word]:
    """The words that letters make, in the order of the letters; `place` is `box`.

    A raised figure is a word of its own with `raised` set, so that the footnote of `5,4¹` is never a digit of the
    value. Two cases are joined: the power of a ten (`×10⁹/l` → `×10^9/l`) and of a length (`1,73 m²`).
    """
    pieces = _attach(_pieces(_in_reading_order(list(glyphs))))
    return _once([_word(p) for p in pieces if p.text and not p.used])


def readable(character: str) -> str:
    """A character as it is meant: ligatures opened, a hyphen by any name, Arabic and Hebrew forms as letters."""
    if character < "\x80" and character != "\x02":
        return character
    if character in _CHARACTERS:
        return _CHARACTERS[character]
    if "\ufb1d" <= character <= "\ufdff" or "\ufe70" <= character <= "\ufefc":
        return unicodedata.normalize("NFKC", character)
    return character


def _in_reading_order(glyphs: list[Glyph]) -> list[Glyph]:
    """Words with letters that are read from the right in the order they are read: a file stores them either way."""
    if not from_right("".join(glyph.text for glyph in glyphs)):
        return glyphs
    lines: list[list[Glyph]] = [[]]
    for glyph in glyphs:
        line = lines[-1]
        if line and (glyph.text.isspace() or line[-1].text.isspace() or not _level(line[-1], glyph)):
            lines.append([])
        lines[-1].append(glyph)
    whole: list[list[Glyph]] = []
    for line in lines:
        torn = next((other for other in whole[-TORN:] if _one_word(other, line)), None)
        if torn is None:
            whole.append(line)
        else:
            torn += line
    return [glyph for line in whole for glyph in _parted(line)]


def _level(one: Glyph, other: Glyph) -> bool:
    return abs(one.base - other.base) <= RAISED * max(one.size, other.size, 0.1)


def _one_word(line: Sequence[Glyph], more: Sequence[Glyph]) -> bool:
    """Whether two parts of a line touch in the middle of an Arabic word: others came in between in the file."""
    if not line or not more or not _level(line[0], more[0]):
        return False
    gap = max(min(a.x0 for a in more) - max(b.x1 for b in line), min(b.x0 for b in line) - max(a.x1 for a in more))
    turned = all(from_right("".join(glyph.text for glyph in part)) for part in (line, more))
    return turned and gap <= SPACE_AMONG_TURNED * more[0].size


def _parted(line: list[Glyph]) -> Iterator[Glyph]:
    """The letters of one line, word after word, by their places alone: what is said of spaces is out of order too."""
    clusters: list[list[tuple[int, Glyph]]] = []
    end = 0.0
    for place, glyph in sorted(enumerate(line), key=lambda pair: pair[1].x0 + pair[1].x1):
        if clusters and glyph.x0 - end <= SPACE_AMONG_TURNED * glyph.size:
            clusters[-1].append((place, glyph))
            end = max(end, glyph.x1)
        else:
            clusters.append([(place, glyph)])
            end = glyph.x1
    for cluster in sorted(clusters, key=min):
        seen = [glyph for _, glyph in cluster]
        after_space = min(cluster)[0] > 0 or line[0].after_space
        for at, i in enumerate(letters_in_order([glyph.text for glyph in seen])):
            yield seen[i]._replace(after_space=after_space and at == 0)


def _pieces(glyphs: Iterable[Glyph]) -> list[_Piece]:
    pieces: list[_Piece] = []
    last: _Piece | None = None
    before: Glyph | None = None
    for glyph in glyphs:
        if glyph.text.isspace():
            last, before = None, None
            continue
        if before is not None and last is not None:
            if _drawn_twice(before, glyph):
                last.bold = True
                continue
            step = _step(last, before, glyph)
            if step == "same":
                _extend(last, glyph)
                before = glyph
                continue
            last = _piece(glyph, touches=step == "shifted")
        else:
            last = _piece(glyph, touches=False)
        pieces.append(last)
        before = glyph
    return [part for piece in pieces for part in _superscripts_apart(piece)]


def _step(piece: _Piece, before: Glyph, glyph: Glyph) -> str:
    """How a letter follows the one before it: on the `same` line, `shifted` up or down beside it, or `apart`."""
    size = max(before.size, glyph.size, 0.1)
    gap = max(glyph.x0 - before.x1, before.x0 - glyph.x1)
    rise = abs(glyph.base - piece.base)
    if rise > OTHER_LINE * size:
        return "apart"
    if unicodedata.category(glyph.text[0]) in _SIGNS_OF_VOWELS and gap <= VOWEL * size and rise <= RAISED * size:
        return "same"
    if gap > (SPACE_SAID if glyph.after_space else SPACE_SEEN) * size:
        # pdfium says a space or a new line before a raised figure too: there only the gap counts
        return "shifted" if rise > RAISED * size and gap <= TOUCHING * size else "apart"
    return "shifted" if rise > RAISED * size else "same"


def _piece(glyph: Glyph, touches: bool) -> _Piece:
    text, x0, y0, x1, y1, base, size, bold, _ = glyph
    return _Piece(text, x0, y0, x1, y1, base, size, bold, touches)


def _extend(piece: _Piece, glyph: Glyph) -> None:
    piece.text += glyph.text
    piece.x0, piece.y0 = min(piece.x0, glyph.x0), min(piece.y0, glyph.y0)
    piece.x1, piece.y1 = max(piece.x1, glyph.x1), max(piece.y1, glyph.y1)
    piece.size = max(piece.size, glyph.size)
    piece.bold = piece.bold and glyph.bold


def _drawn_twice(before: Glyph, glyph: Glyph) -> bool:
    """The same letter once more at nearly the same place: how some programs make bold."""
    near = 0.2 * glyph.size
    return (
        before.text == glyph.text
        and abs(before.x0 - glyph.x0) < min(near, 0.6 * (glyph.x1 - glyph.x0))
        and abs(before.base - glyph.base) < near
    )


def _superscripts_apart(piece: _Piece) -> list[_Piece]:
    """A piece with characters such as ⁹ in it, in parts: before them, they (as plain figures, raised), after them."""
    if not _SUPERSCRIPT.search(piece.text):
        return [piece]
    parts: list[_Piece] = []
    width = (piece.x1 - piece.x0) / len(piece.text)
    for found in re.finditer("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]+|[^⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]+", piece.text):
        raised = bool(_SUPERSCRIPT.match(found[0]))
        text = found[0].translate(_SUPERSCRIPTS)
        x0, x1 = piece.x0 + width * found.start(), piece.x0 + width * found.end()
        touches = piece.touches if not parts else True
        part = _Piece(text, x0, piece.y0, x1, piece.y1, piece.base, piece.size, piece.bold, touches, raised)
        parts.append(part)
    return parts


def _attach(pieces: list[_Piece]) -> list[_Piece]:
    """Raised and lowered pieces joined to what they stand beside, or marked as raised."""
    _find_strays(pieces)
    for before, piece in pairwise(pieces):
        if not piece.touches or before.used:
            continue
        size = max(before.size, piece.size, 0.1)
        rise = (before.base - piece.base) / size
        if not piece.raised and rise > (RAISED if piece.size <= SMALL * before.size else RAISED_AS_LARGE):
            piece.raised = True
        elif not before.raised and before.size <= SMALL * piece.size and rise < -RAISED:
            before.raised = True
    return _joined(pieces)


def _find_strays(pieces: list[_Piece]) -> None:
    """Puts a raised mark that was written out of order (all of them last, say) behind the piece it touches."""
    if not pieces:
        return
    usual = median(p.size for p in pieces)
    strays = [p for p in pieces if not p.touches and not p.raised and p.size <= SMALL * usual and _MARK.match(p.text)]
    for stray in strays[:200]:
        host = next((p for p in pieces if p is not stray and _stands_above(stray, p)), None)
        if host is None:
            continue
        pieces.remove(stray)
        stray.touches = True
        at = pieces.index(host) + 1
        pieces.insert(at, stray)
        if at + 1 < len(pieces):
            after = pieces[at + 1]
            after.touches = after.touches or (
                abs(after.base - host.base) < 0.1 * host.size and abs(after.x0 - stray.x1) <= TOUCHING * host.size
            )


def _stands_above(stray: _Piece, host: _Piece) -> bool:
    rise = (host.base - stray.base) / max(host.size, 0.1)
    return (
        stray.size <= SMALL * host.size
        and RAISED < rise <= OTHER_LINE
        and abs(stray.x0 - host.x1) <= TOUCHING * host.size
    )


def _joined(pieces: list[_Piece]) -> list[_Piece]:
    """Pieces that make one word after all: powers, areas and volumes, lowered figures (CO₂, B₁₂)."""
    done: list[_Piece] = []
    for i, piece in enumerate(pieces):
        host = done[-1] if done and piece.touches else None
        if host is None or host.used:
            done.append(piece)
        elif piece.raised:
            after = pieces[i + 1] if i + 1 < len(pieces) else None
            sign = _sign(host, piece, done, after)
            if sign is None:
                done.append(piece)
            else:
                _merge(host, sign)
                host.x1 = max(host.x1, piece.x1)
        elif host.raised:
            done.append(piece)
        elif piece.base - host.base > RAISED * host.size and host.text[-1:].isdigit() and piece.text[:1].isdigit():
            piece.raised = True  # a small figure beside a figure is a mark, wherever it stands
            done.append(piece)
        else:
            _merge(host, piece.text)
            host.x0, host.x1 = min(host.x0, piece.x0), max(host.x1, piece.x1)
    return done


def _merge(host: _Piece, text: str) -> None:
    host.text += text


def _sign(host: _Piece, raised: _Piece, done: Sequence[_Piece], after: _Piece | None) -> str | None:
    """What a raised figure becomes inside the word before it, or None where it is a mark beside it."""
    exponent = raised.text.replace("−", "-").replace("–", "-")
    if _LENGTH.search(host.text) and exponent in ("2", "3"):
        return {"2": "²", "3": "³"}[exponent]
    if not _POWER_OF_TEN.search(host.text) or not _EXPONENT.match(exponent):
        return None
    before = done[-2] if len(done) > 1 else None
    times = bool(_TIMES_TEN.search(host.text)) or (
        before is not None and before.text.lower() in ("x", "×", "*", "·") and abs(before.base - host.base) < 1
    )
    unit_follows = (
        after is not None
        and "/" in after.text
        and abs(after.base - host.base) < 0.1 * host.size
        and -0.2 * host.size < after.x0 - raised.x1 < 0.8 * host.size
    )
    return "^" + exponent if times or unit_follows else None


def _word(piece: _Piece) -> Word:
    box = Box(piece.x0, piece.y0, piece.x1, piece.y1)
    return Word(piece.text, box, box, bold=piece.bold, raised=piece.raised)


def _once(found: list[Word]) -> list[Word]:
    """Words without those drawn a second time over themselves (bold made by drawing twice): the one left is bold."""
    seen: dict[str, list[int]] = {}
    kept: list[Word] = []
    for word in found:
        near = 0.15 * (word.box.y1 - word.box.y0)
        twin = next((i for i in seen.get(word.text, ()) if _near(kept[i].box, word.box, near)), None)
        if twin is None:
            seen.setdefault(word.text, []).append(len(kept))
            kept.append(word)
        elif not kept[twin].bold:
            kept[twin] = Word(word.text, kept[twin].box, kept[twin].place, bold=True, raised=kept[twin].raised)
    return kept


def _near(a: Box, b: Box, distance: float) -> bool:
    return abs(a.x0 - b.x0) <= distance and abs(a.y0 - b.y0) <= distance
