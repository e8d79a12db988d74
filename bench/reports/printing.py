"""How a lab prints a number, a date, a range and a flag: from the content to strings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from random import Random

from bench.reports import catalogue
from bench.reports.content import Interval, Range, Report, Row, Value

DIGITS = {"arabic": "٠١٢٣٤٥٦٧٨٩", "devanagari": "०१२३४५६७८९"}


@dataclass(frozen=True)
class Hand:
    """One lab's way of writing, fixed for a whole report."""

    decimal: str
    thousands: str
    date: str
    clock: str
    months: tuple[str, ...]
    digits: str = ""
    lakh: bool = False
    """Groups of two after the first three digits: 1,50,000."""


def hand(rng: Random, report: Report, decimal: str = "") -> Hand:
    """A way of writing that the country of a report knows; `decimal` where a lab's program keeps its own mark."""
    country = catalogue.countries()[report.country]
    mark = decimal or country.decimal
    thousands = rng.choice([each for each in country.thousands if each != mark])
    digits = DIGITS["arabic"] if report.country == "EG" and report.language == "ar" and rng.random() < 0.15 else ""
    return Hand(
        mark,
        thousands,
        rng.choice(country.dates),
        rng.choice(country.clock),
        tuple(catalogue.words(report.language)["months"]),
        digits,
        report.country == "IN" and thousands == ",",
    )


def number(value: Decimal, hand: Hand) -> str:
    """A decimal as the lab prints it."""
    whole, _, part = f"{value:f}".partition(".")
    sign, whole = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    if hand.thousands and len(whole) > 3:
        groups, rest = [whole[-3:]], whole[:-3]
        size = 2 if hand.lakh else 3
        while rest:
            groups.insert(0, rest[-size:])
            rest = rest[:-size]
        whole = hand.thousands.join(groups)
    found = sign + whole + (hand.decimal + part if part else "")
    return "".join(hand.digits[int(c)] if c in "0123456789" else c for c in found) if hand.digits else found


def day(moment: date | datetime, hand: Hand) -> str:
    """A date as the lab prints it; a month's name in the report's language."""
    pattern = hand.date.replace("%b", hand.months[moment.month - 1])
    return moment.strftime(pattern)


def moment(moment: datetime, hand: Hand) -> str:
    """A date with its time."""
    return f"{day(moment, hand)} {moment.strftime(hand.clock)}"


def value(result: Value, hand: Hand, spaced: bool) -> str:
    """A result with its comparator."""
    text = number(result.number, hand) if result.number is not None else result.text
    sign = {"<=": "≤", ">=": "≥"}.get(result.comparator, result.comparator)
    return f"{sign}{' ' if spaced and sign else ''}{text}"


@dataclass(frozen=True)
class RangeHand:
    """How a lab prints a range."""

    between: str = "{a} - {b}"  # or word: as the language says it
    one_sided: str = "sign"  # sign, spaced, word, zero, upto
    brackets: str = ""
    sexes: str = "mine"  # mine, lines, slash
    worded: bool = True


def _between(how: RangeHand, say: dict[str, list[str]], pick: int) -> str:
    return say["between"][pick % len(say["between"])] if how.between == "word" else how.between


def interval(pair: Interval, hand: Hand, how: RangeHand, say: dict[str, list[str]], pick: int) -> str:
    """One interval in words or signs."""
    low, high = pair
    if low is not None and high is not None:
        return _between(how, say, pick).format(a=number(low, hand), b=number(high, hand))
    bound = high if low is None else low
    if bound is None:
        return ""
    printed = number(bound, hand)
    if how.one_sided == "zero" and low is None:
        return _between(how, say, pick).format(a="0", b=printed)
    if how.one_sided in ("word", "upto"):
        key = "above" if high is None else ("upto" if how.one_sided == "upto" else "below")
        return say[key][pick % len(say[key])].format(x=printed)
    sign = "<" if low is None else ">"
    if how.one_sided == "or-equal":
        sign = "≤" if low is None else "≥"
    return f"{sign}{' ' if how.one_sided == 'spaced' else ''}{printed}"


def range_lines(expected: Range, report: Report, hand: Hand, how: RangeHand, pick: int) -> list[str]:
    """A range as the lines that stand in its cell; empty if none is printed."""
    words = catalogue.words(report.language)
    say = words["range"]

    def one(pair: Interval) -> str:
        return interval(pair, hand, how, say, pick)

    if expected.kind == "word":
        lines = [expected.word] if how.worded else []
    elif expected.kind in ("sex", "age") and how.sexes != "mine":
        lines = _stepped(expected, words, one, pick)
        if how.sexes == "slash":
            lines = [" / ".join(lines)]
        return lines
    elif expected.kind == "graded":
        labels = words["graded"]["hba1c" if expected.steps[0][1][1] < 10 else "cholesterol"]
        if how.sexes == "mine":
            return [one(expected.steps[0][1])]
        return [f"{label}: {one(pair)}" for label, (_, pair) in zip(labels, expected.steps, strict=True)]
    else:
        lines = [one(expected.mine)] if expected.mine != (None, None) else []
    if how.brackets and lines and lines[0]:
        lines = [how.brackets[0] + lines[0] + how.brackets[1]]
    return [line for line in lines if line]


def _stepped(expected: Range, words: dict, one, pick: int) -> list[str]:
    if expected.kind == "sex":
        labels = dict(zip("MF", words["sexes"][pick % len(words["sexes"])], strict=True))
        return [labels[sex] + one(pair) for sex, pair in expected.steps]
    lines, since = [], None
    for n, (upper, pair) in enumerate(expected.steps):
        last = n == len(expected.steps) - 1
        key = "from" if last else ("until" if since is None else "between")
        label = words["ages"][key][pick % len(words["ages"][key])]
        lines.append(label.format(a=since, b=upper if since is None else upper - 1) + one(pair))
        since = upper
    return lines


SIGNS = {
    "HL": {"low": "L", "high": "H", "critical_low": "L", "critical_high": "H", "abnormal": "A"},
    "HHLL": {"low": "L", "high": "H", "critical_low": "LL", "critical_high": "HH", "abnormal": "*"},
    "star": dict.fromkeys(("low", "high", "critical_low", "critical_high", "abnormal"), "*"),
    "stars": {"low": "*", "high": "*", "critical_low": "**", "critical_high": "**", "abnormal": "*"},
    "bang": dict.fromkeys(("low", "high", "critical_low", "critical_high", "abnormal"), "!"),
    "plus": {"low": "-", "high": "+", "critical_low": "-", "critical_high": "+", "abnormal": "+"},
    "pluses": {"low": "-", "high": "+", "critical_low": "--", "critical_high": "++", "abnormal": "+"},
    "arrow": {"low": "↓", "high": "↑", "critical_low": "↓", "critical_high": "↑", "abnormal": "*"},
    "arrows": {"low": "↓", "high": "↑", "critical_low": "↓↓", "critical_high": "↑↑", "abnormal": "*"},
    "angle": {"low": "<", "high": ">", "critical_low": "<<", "critical_high": ">>", "abnormal": "*"},
    "triangle": {"low": "▼", "high": "▲", "critical_low": "▼", "critical_high": "▲", "abnormal": "*"},
}
COARSE = {"critical_low": "low", "critical_high": "high"}


def flag(row: Row, style: str, words: dict, pick: int) -> tuple[str, str | None]:
    """The flag as printed and as it can be read; typographic styles print nothing and read as None."""
    if row.flag is None or style in ("none", "bold", "red"):
        return "", None
    if style == "word":
        kind = COARSE.get(row.flag, row.flag)
        choices = words["flags"][kind]
        return choices[pick % len(choices)], kind
    printed = SIGNS[style][row.flag]
    if printed in ("*", "**", "!", "A"):
        return printed, "abnormal"
    return printed, row.flag if len(printed) == 2 else COARSE.get(row.flag, row.flag)
