"""The tokens of a cell → segments of one kind each, longest first: `5,3 mmol/l (3,5 - 5,1)` is three."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from helder.reports.cells import Bounds, Grammar, Value
from helder.reports.layout import Token

Kind = Literal["value", "unit", "range", "flag", "text"]
LONGEST = 9
WIDE = 1.2
"""The widest space inside anything, in line heights."""
THIN = 0.5
"""The widest space inside a number, in line heights: a space of monospaced text is half a line high."""
LONGEST_VALUE, LONGEST_UNIT, LONGEST_FLAG = 4, 6, 3

_GLUED = re.compile(r"^([<>≤≥]?[-−]?\d[\d.,]*)([*+!↑↓▲▼]{1,3}|[HLhl]{1,2}\*?|[a-zA-Zµμ%‰/×^][^\d\s].*|[a-zA-Zµμ%‰])$")
_GLUED_FRONT = re.compile(r"^([HL]{1,2}|[*↑↓▲▼!]{1,2})([<>]?\d[\d.,]*)$")
_RANGE_SHAPE = re.compile(r"\d")


class Segment(NamedTuple):
    """A run of tokens and what it can be. A one-sided `< 5` is a value that `bounds` reads as a range too."""

    kind: Kind
    tokens: tuple[Token, ...]
    value: Value | None = None
    bounds: Bounds | None = None
    unit: str | None = None
    flag: str | None = None

    @property
    def text(self) -> str:
        return " ".join(token.text for token in self.tokens)

    @property
    def x0(self) -> float:
        return min(token.x0 for token in self.tokens)

    @property
    def x1(self) -> float:
        return max(token.x1 for token in self.tokens)


def segments(tokens: Sequence[Token], grammar: Grammar) -> list[Segment]:
    """Every token in one segment, in order; neighbouring texts are joined."""
    loose = [part for token in tokens for part in unglued(_unpunctuated(token, grammar), grammar)]
    found: list[Segment] = []
    at = 0
    while at < len(loose):
        segment = _longest(loose[at : at + LONGEST], grammar)
        if segment.kind == "text" and found and found[-1].kind == "text":
            found[-1] = Segment("text", (*found[-1].tokens, *segment.tokens))
        else:
            found.append(segment)
        at += len(segment.tokens)
    return found


def _longest(tokens: Sequence[Token], grammar: Grammar) -> Segment:
    for length in range(len(tokens), 0, -1):
        run = tuple(tokens[:length])
        segment = classified(run, grammar)
        if segment.kind != "text":
            return segment
    return Segment("text", (tokens[0],))


def classified(run: tuple[Token, ...], grammar: Grammar) -> Segment:
    """What a run of tokens is as a whole."""
    if any(_apart(one, other) for one, other in pairwise(run)):
        return Segment("text", run)
    text = " ".join(token.text for token in run)
    if _RANGE_SHAPE.search(text) and (bounds := whole_range(text, grammar)):
        if text[0] in "([{" or bounds.by_sex or bounds.word or (bounds.low is None) == (bounds.high is None):
            return Segment("range", run, bounds=bounds)
        if grammar.value(text) is None:  # `less than 5 mg/L` is a value and a unit, or a limit and a unit
            return Segment("text", run)
    if len(run) <= LONGEST_VALUE and (value := grammar.value(text)):
        bounds = grammar.bounds(text)
        flag = grammar.flag(text) if value.word else None
        return Segment("value", run, value=value, bounds=bounds, flag=flag)
    if len(run) <= LONGEST_UNIT and (unit := grammar.unit(text)):
        return Segment("unit", run, unit=unit, flag=grammar.flag(text))
    if len(run) <= LONGEST_FLAG and (flag := grammar.flag(text)):
        return Segment("flag", run, flag=flag)
    return Segment("text", run)


def _apart(one: Token, other: Token) -> bool:
    """Two numbers with more than a thin space between them, or any two in different cells: they are never one."""
    both = one.text[-1:].isdigit() and other.text[:1].isdigit()
    return other.x0 - one.x1 > (THIN if both else WIDE) * one.height


_SHAPE = re.compile(
    r"^[(\[{]?\s*(?:@MIN@\s*)?(?:(?:@\w+@|[^\W\d][^\d:]{0,24})\s*:\s*)?"
    r"(?:[-−]?№(?:\s*[-–—−‐‑~÷]\s*|\s*\.{2,3}\s*|\s*…\s*|\s*@(?:TO|MAX|MIN)@\s*)[-−]?№|(?:@(?:MAX|MIN)@|[<>≤≥]\s*@\w+@)"
    r"\s*:?\s*(?:@\w+@\s*)?№|№\s*@(?:MAX|MIN)@)"
    r"\s*(?P<unit>[^)\]}@]*?)\s*(?:@\w+@)?\s*[)\]}]?$"
)
_N = re.compile(r"\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,'’]\d+)*")


def whole_range(text: str, grammar: Grammar) -> Bounds | None:
    """A text that is a two-sided or worded range and nothing else but a unit and brackets."""
    marked = grammar._marked(text.strip())
    shaped = _SHAPE.match(_N.sub("№", marked))
    if not shaped:
        inner = text.strip()[1:-1]
        bracketed = text.strip()[:1] in "([{" and text.strip()[-1:] in ")]}" and not set(inner) & set("()[]{}")
        return grammar.bounds(text) if bracketed and grammar.bounds(text) else None
    if shaped["unit"] and not grammar.unit(_rest(text, marked, shaped)):
        return None
    return grammar.bounds(text)


def _rest(text: str, marked: str, shaped: re.Match[str]) -> str:
    """What stands behind the ends of a range, whatever it is: only a unit may."""
    ends = _N.sub("№", marked)[: shaped.start("unit")].count("№")
    return text[list(_N.finditer(text))[ends - 1].end() :].strip(" )]}")


def unit_of_range(text: str) -> str:
    """What stands after the numbers of a range: `3.5 - 5.1 mmol/L`, `150 - 400 10^3/µl`."""
    numbers = list(_N.finditer(text))
    power = re.search(r"[x×*]?\s*10\s*[\^*eE⁰¹²³⁴⁵⁶⁷⁸⁹]", text)
    after = power.start() if power else numbers[-1].end() if numbers else len(text)
    return text[after:].strip(" )]}")


def _unpunctuated(token: Token, grammar: Grammar) -> Token:
    """A token without the comma or full stop of the sentence that it stands in."""
    bare = token.text.rstrip(",;") if len(token.text) > 1 else token.text
    if bare.endswith(".") and (bare[-2:-1] in ")]%" or grammar.unit(bare[:-1]) or bare[:-1].replace(",", "").isdigit()):
        bare = bare[:-1]
    return token._replace(text=bare) if bare else token


def unglued(token: Token, grammar: Grammar) -> tuple[Token, ...]:
    """`5,3mmol/l` and `12.5H` are two; a token that means something as it stands is let be."""
    text = token.text
    front = _GLUED_FRONT.match(text)
    found = front or _GLUED.match(text)
    if not found or grammar.unit(text):
        return (token,)
    first, rest = found.groups()
    marked = rest if not front else first
    if not (grammar.unit(marked) or grammar.flag(marked)):
        return (token,)
    cut = token.x0 + (token.x1 - token.x0) * len(first) / len(text)
    return token._replace(text=first, x1=cut), token._replace(text=rest, x0=cut)
