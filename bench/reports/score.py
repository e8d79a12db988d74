"""What a reader made of a page, beside the truth: fields right, values wrong, rows invented or missed. Pure functions.

A reading counts as *fully right* if name, value, comparator, unit, range and flag are. Values are compared strictly:
7.1 is not 71 and `<0.01` is not 0.01. A *wrong value* has another number, other words or another comparator than what
is printed; the worst count is wrong values that the reader said it was sure of.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cache
from math import sqrt
from typing import Any

from rapidfuzz import fuzz

FIELDS = ("name", "value", "comparator", "unit", "range", "flag")
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
FOOTNOTE = re.compile(r"(?<=\D)\s*(?:[¹²³⁴⁵*†‡#]+|\(?\d\))\s*$")
HIGH = {"h", "hh", "high", "critical_high", "+", "++", "↑", "↑↑", ">", ">>", "▲", "high!"}
LOW = {"l", "ll", "low", "critical_low", "-", "--", "↓", "↓↓", "<", "<<", "▼"}


@dataclass(frozen=True)
class Failure:
    """One thing that is not as printed."""

    kind: str  # missed, invented, value, or the name of a field
    page: int | None
    row: str
    expected: str
    found: str
    sure: bool = False


@dataclass
class Score:
    """Counts over one document or many; `failures` name each case."""

    rows: int = 0
    fully_right: int = 0
    right: Counter[str] = field(default_factory=Counter)
    wrong_values: int = 0
    sure: int = 0
    sure_wrong: list[Failure] = field(default_factory=list)
    invented: int = 0
    missed: int = 0
    tests: Counter[str] = field(default_factory=Counter)
    document: Counter[str] = field(default_factory=Counter)
    previous: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)
    pages: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(
            self.rows + other.rows,
            self.fully_right + other.fully_right,
            self.right + other.right,
            self.wrong_values + other.wrong_values,
            self.sure + other.sure,
            self.sure_wrong + other.sure_wrong,
            self.invented + other.invented,
            self.missed + other.missed,
            self.tests + other.tests,
            self.document + other.document,
            self.previous + other.previous,
            self.failures + other.failures,
            self.pages + other.pages,
        )


def wilson(right: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % interval of a share, after Wilson (1927)."""
    if not of:
        return 0.0, 1.0
    share = right / of
    middle = share + z * z / (2 * of)
    spread = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    scale = 1 + z * z / of
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


@cache
def plain_name(name: str) -> str:
    """A name without case, blanks, punctuation and footnote marks; letters with their accents."""
    text = (
        unicodedata.normalize("NFC", FOOTNOTE.sub("", name))
        .replace("İ", "i")
        .casefold()
        .replace("ı", "i")
        .replace("µ", "μ")
    )
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum() or c in "%#" or _mark(c))


def _mark(c: str) -> bool:
    return unicodedata.category(c) in ("Mn", "Mc")


@cache
def plain_unit(unit: str | None) -> str:
    """A unit without what printers differ in: µ or u, raised digits, × or x or *, L or l, blanks."""
    text = (unit or "").translate(SUPERSCRIPTS).replace("μ", "u").replace("µ", "u").replace("×", "x")
    text = re.sub(r"\s+", "", text).replace("L", "l")
    text = re.sub(r"^[x*·]+(?=10)", "", text)
    return re.sub(r"10[\^*Ee]{1,2}(?=\d)", "10", text)


def decimal(text: Any) -> Decimal | None:
    """An exact decimal as the contract writes it; None for anything else, such as a comma."""
    if text is None or isinstance(text, bool):
        return None
    try:
        found = Decimal(str(text).strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _words(text: Any) -> str:
    return re.sub(r"[\s.]+", "", str(text or "")).casefold().replace("≤", "<=").replace("≥", ">=")


def same_value(truth: Mapping[str, Any], reading: Mapping[str, Any]) -> bool:
    """Whether number or words are exactly what is printed, or another fair reading of it."""
    expected, found = decimal(truth["value"]), decimal(reading.get("value"))
    if _words(reading.get("value")) in map(_words, truth.get("value_also", [])):
        return True
    if expected is not None:
        return found is not None and found == expected
    signed = _words(truth.get("comparator")) + _words(truth["value"])
    return signed == _words(reading.get("comparator")) + _words(reading.get("value"))


def same_comparator(truth: Mapping[str, Any], reading: Mapping[str, Any]) -> bool:
    """Whether `<`, `>`, `<=`, `>=` or none stands before the value, as printed."""
    if (decimal(truth["value"]) is None or decimal(reading.get("value")) is None) and same_value(truth, reading):
        return True
    return _words(truth.get("comparator")) == _words(reading.get("comparator"))


def same_unit(truth: Mapping[str, Any], reading: Mapping[str, Any]) -> bool:
    """Whether the unit is the printed one, after what printers differ in."""
    fair = [truth["unit"], *truth.get("unit_also", [])]
    return plain_unit(reading.get("unit")) in {plain_unit(unit) for unit in fair}


def same_range(truth: Mapping[str, Any], reading: Mapping[str, Any]) -> bool:
    """Whether both ends are numerically as printed, or as another fair reading of what is printed."""
    found = reading.get("range") or {}
    ends = (decimal(found.get("low")), decimal(found.get("high")))
    printed = truth["range"]
    fair = [(printed["low"], printed["high"]), *truth.get("range_also", [])]
    return any(ends == (decimal(low), decimal(high)) for low, high in fair)


def direction(flag: Any) -> str | None:
    """A flag as low, high, abnormal or None."""
    text = str(flag or "").strip().casefold()
    if not text or text in ("normal", "n"):
        return None
    return "high" if text in HIGH else "low" if text in LOW else "abnormal"


def same_flag(truth: Mapping[str, Any], reading: Mapping[str, Any]) -> bool:
    """Whether the flag points where the printed one does; a mark without direction may be read with the true one."""
    found, printed, real = direction(reading.get("flag")), direction(truth["flag"]), direction(truth.get("direction"))
    if printed is None:
        return found is None or (bool(truth.get("marked")) and found in (real, "abnormal"))
    if printed == "abnormal":
        return found in ("abnormal", real)
    return found == printed


def same_name(truth: Mapping[str, Any], reading: Mapping[str, Any]) -> bool:
    """Whether the name is the printed one; a unit that stands behind it in the name's column may be kept or not."""
    found = plain_name(reading.get("name") or "")
    names = [truth["name"], *truth.get("also_names", [])]
    if truth.get("unit"):
        names.append(f"{truth['name']} {truth['unit']}")
    return found in {plain_name(name) for name in names}


def _likeness(truth: Mapping[str, Any], reading: Mapping[str, Any]) -> float:
    """How surely a reading is meant for a printed row; 0 for not at all."""
    near = truth.get("page") in (None, reading.get("page"))
    value = same_value(truth, reading)
    if same_name(truth, reading):
        return 4 + 2 * value + near + same_unit(truth, reading)
    a, b = plain_name(truth["name"]), plain_name(reading.get("name") or "")
    like = fuzz.ratio(a, b) / 100 if a and b else 0.0
    if a and b and (a in b or b in a):
        like = max(like, 0.75)
    if like >= 0.6 or (value and like >= 0.4):
        return like + 2 * value + near
    return 0


def pair(rows: list[dict[str, Any]], readings: list[dict[str, Any]]) -> list[tuple[int | None, int | None]]:
    """Each printed row with the reading meant for it; None where there is none. Best pairs first, then page order."""
    likely = []
    for n, row in enumerate(rows):
        for m, reading in enumerate(readings):
            like = _likeness(row, reading)
            if like:
                likely.append((-like, abs(n / len(rows) - m / len(readings)), n, m))
    pairs: list[tuple[int | None, int | None]] = []
    rows_left, readings_left = set(range(len(rows))), set(range(len(readings)))
    for _, _, n, m in sorted(likely):
        if n in rows_left and m in readings_left:
            pairs.append((n, m))
            rows_left.discard(n)
            readings_left.discard(m)
    return pairs + [(n, None) for n in sorted(rows_left)] + [(None, m) for m in sorted(readings_left)]


def _shown(value: Mapping[str, Any]) -> str:
    ends = value.get("range") or {}
    between = f" [{ends.get('low')}..{ends.get('high')}]"
    flag = f" {value['flag']}" if value.get("flag") else ""
    sign = value.get("comparator") or ""
    return f"{value.get('name')}: {sign}{value.get('value')} {value.get('unit') or ''}{between}{flag}"


def _earlier(rows: Iterable[Mapping[str, Any]], reading: Mapping[str, Any]) -> bool:
    """Whether a reading is one of a row's earlier results under its own date, or its second unit."""
    for row in rows:
        if not same_name(row, reading):
            continue
        for each in row.get("previous", []):
            if each["date"] == str(reading.get("collected") or "")[:10] and same_value(each, reading):
                return True
        second = row.get("second")
        if second and same_value(second, reading) and plain_unit(second["unit"]) == plain_unit(reading.get("unit")):
            return True
    return False


def _row(
    score: Score, truth: dict[str, Any], reading: dict[str, Any], same_tests: Mapping[str, AbstractSet[str]]
) -> None:
    sure = bool(reading.get("sure"))
    score.sure += sure
    checks = {
        "name": same_name(truth, reading),
        "value": same_value(truth, reading),
        "comparator": same_comparator(truth, reading),
        "unit": same_unit(truth, reading),
        "range": same_range(truth, reading),
        "flag": same_flag(truth, reading),
    }
    score.right.update(name for name, right in checks.items() if right)
    score.fully_right += all(checks.values())
    wrong = [name for name, right in checks.items() if not right]
    for name in wrong:
        failure = Failure(name, truth.get("page"), truth["name"], _shown(truth), _shown(reading), sure)
        score.failures.append(failure)
    if not (checks["value"] and checks["comparator"]):
        score.wrong_values += 1
        if sure:
            score.sure_wrong.append(
                Failure("value", truth.get("page"), truth["name"], _shown(truth), _shown(reading), True)
            )
    _test(score, truth, reading, same_tests)
    _previous(score, truth, reading)


def _test(
    score: Score, truth: dict[str, Any], reading: dict[str, Any], same_tests: Mapping[str, AbstractSet[str]]
) -> None:
    found, expected = reading.get("test"), truth.get("test")
    if expected is None:
        return
    if not found:
        score.tests["refused"] += 1
    elif found == expected or found in same_tests.get(expected, ()):
        score.tests["right"] += 1
    else:
        score.tests["wrong"] += 1
        shown = f"{expected} ({truth['name']}, {truth['unit']})"
        score.failures.append(
            Failure("test", truth.get("page"), truth["name"], shown, str(found), bool(reading.get("sure")))
        )


def _previous(score: Score, truth: dict[str, Any], reading: dict[str, Any]) -> None:
    found = {str(each.get("date")): each for each in reading.get("previous") or []}
    for each in truth.get("previous", []):
        hit = found.pop(each["date"], None)
        kind = "missed" if hit is None else "right" if same_value(each, hit) and same_comparator(each, hit) else "wrong"
        score.previous[kind] += 1
    score.previous["invented"] += len(found)


def _document(score: Score, truth: dict[str, Any], answer: dict[str, Any]) -> None:
    found = answer.get("document") or {}
    for key in ("language", "collected", "reported"):
        expected = truth["document"].get(key)
        if expected is None:
            continue
        seen = str(found.get(key) or "")[: len(expected)]
        score.document[f"{key} {'right' if seen == expected else 'missed' if not seen else 'wrong'}"] += 1
        if seen and seen != expected:
            score.failures.append(Failure(f"document {key}", None, "", expected, seen))


def score(
    truth: dict[str, Any], answer: dict[str, Any], same_tests: Mapping[str, AbstractSet[str]] | None = None
) -> Score:
    """The score of one document. `same_tests`: ids of the generator -> other ids that mean the same."""
    rows, readings = truth["rows"], list(answer.get("readings") or [])
    found = Score(pages=max(1, int(truth["document"].get("pages") or 1)))
    for n, m in pair(rows, readings):
        if n is not None:
            truth_row = rows[n]
            if truth_row.get("optional") and (m is None or readings[m].get("value") in (None, "")):
                continue
            found.rows += 1
        if n is not None and m is not None:
            _row(found, rows[n], readings[m], same_tests or {})
        elif n is not None:
            found.missed += 1
            found.failures.append(Failure("missed", rows[n].get("page"), rows[n]["name"], _shown(rows[n]), "nothing"))
        elif m is not None and not _earlier(rows, readings[m]):
            found.invented += 1
            sure = bool(readings[m].get("sure"))
            failure = Failure("invented", readings[m].get("page"), "", "no such row", _shown(readings[m]), sure)
            found.failures.append(failure)
            if sure:
                found.sure_wrong.append(failure)
    _document(found, truth, answer)
    return found


def perfect(truth: dict[str, Any]) -> dict[str, Any]:
    """The answer of a reader that reads everything as printed: what scores 100 %."""
    readings = [
        {
            key: row.get(key)
            for key in ("name", "value", "comparator", "unit", "range", "flag", "page", "test", "previous")
        }
        | {"sure": True, "doubts": []}
        for row in truth["rows"]
    ]
    return {"document": dict(truth["document"]), "readings": readings, "not_read": []}
