"""What a report says, before anybody lays it out: an invented person, dates, rows with values, ranges and flags."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

from bench.reports import body, catalogue

Interval = tuple[Decimal | None, Decimal | None]


@dataclass(frozen=True)
class Value:
    """A result: a number with its comparator, or words; `printed` decimals are those of the number."""

    number: Decimal | None = None
    comparator: str = ""
    text: str = ""


@dataclass(frozen=True)
class Range:
    """What a lab expects. `mine` holds for this person; `steps` are (label, interval) where several are printed."""

    kind: str = "none"
    mine: Interval = (None, None)
    steps: tuple[tuple[Any, Interval], ...] = ()
    word: str = ""


@dataclass(frozen=True)
class Row:
    """One test of a report. `flag` is low, high, critical_low, critical_high, abnormal or None."""

    test: str
    name: str
    section: str
    specimen: str
    value: Value
    unit: str
    range: Range
    flag: str | None
    previous: tuple[tuple[date, Value], ...] = ()
    second: tuple[Value, str] | None = None
    """The same result in another unit, as some labs print it beside."""


@dataclass(frozen=True)
class Report:
    """A whole report of one invented person."""

    language: str
    country: str
    title: str
    lab: str
    street: str
    phone: str
    patient: str
    doctor: str
    sex: str
    born: date
    age: int
    order: str
    collected: datetime
    received: datetime
    reported: datetime
    rows: tuple[Row, ...]


PANELS = {
    "haematology": 0.75,
    "differential": 0.55,
    "inflammation": 0.5,
    "chemistry": 0.85,
    "liver": 0.65,
    "lipids": 0.45,
    "diabetes": 0.45,
    "iron": 0.3,
    "vitamins": 0.35,
    "thyroid": 0.4,
    "coagulation": 0.2,
    "cardiac": 0.15,
    "hormones": 0.2,
    "tumour": 0.15,
    "immunology": 0.2,
    "serology": 0.15,
    "bloodbank": 0.08,
    "urine": 0.3,
    "sediment": 0.25,
    "urinechemistry": 0.15,
    "stool": 0.1,
}
LEVELS = {"+": ["(+)", "+", "++", "+++"], "1+": ["1+", "2+", "3+"], "mg": ["1+", "2+"]}


def quantize(number: float | Decimal, decimals: int) -> Decimal:
    """A number with so many decimals, halves rounded up, never a minus zero."""
    found = Decimal(str(number)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return abs(found) if found == 0 else found


def _interval(pair: list[float | None], factor: float, decimals: int) -> Interval:
    low, high = (None if end is None else quantize(end * factor, decimals) for end in pair)
    return low, high


def range_of(measure: dict[str, Any], sex: str, age: int, factor: float, decimals: int) -> Range:
    """The range that a measure prints for a person."""

    def scaled(pair: list[float | None]) -> Interval:
        return _interval(pair, factor, decimals)

    if "r" in measure:
        return Range("plain", scaled(measure["r"]))
    if "M" in measure:
        steps = tuple((each, scaled(measure[each])) for each in ("M", "F"))
        return Range("sex", dict(steps)[sex], steps)
    if "age" in measure:
        steps = tuple((upper, scaled(pair)) for upper, pair in measure["age"])
        return Range("age", next(pair for upper, pair in steps if age < upper), steps)
    if "graded" in measure:
        steps = tuple(enumerate(scaled(pair) for pair in measure["graded"]))
        return Range("graded", (None, None), steps)
    return Range()


def flag_of(value: Value, expected: Range) -> str | None:
    """Low, high or critical beside a range; None inside it or without one."""
    number = value.number
    if number is None:
        return None
    low, high = expected.mine
    if expected.kind == "graded":
        return "high" if number >= expected.steps[1][1][0] else None
    if low is not None and (number < low or (number == low and value.comparator == "<")):
        return "critical_low" if number < low * Decimal("0.62") else "low"
    if high is not None and (number > high or (number == high and value.comparator == ">")):
        return "critical_high" if number > high * Decimal("2.4") else "high"
    return None


def _limits(measure: dict[str, Any], expected: Interval) -> tuple[float, float]:
    low, high = (None if end is None else float(end) for end in expected)
    bottom, top = measure["span"]
    return (max(bottom, (high or top) * 0.12) if low is None else low), (min(top, low * 2) if high is None else high)


def _number(
    rng: Random, measure: dict[str, Any], raw: float | None, expected: Interval, scale: tuple[float, int]
) -> Value:
    """A number within what the assay can see, with a comparator beyond it."""
    factor, d = scale
    if raw is None:
        low, high = _limits(measure, expected) if expected != (None, None) else measure["span"]
        raw = body.draw(rng, low, high, *measure["span"])
    chance = rng.random()
    if "lt" in measure and ((raw is not None and raw < measure["lt"]) or chance < 0.14):
        return Value(quantize(measure["lt"] * factor, d), "<")
    if "gt" in measure and (raw > measure["gt"] or chance > 0.95):
        return Value(quantize(measure["gt"] * factor, d), ">" if chance < 0.97 or chance > 0.98 else ">=")
    if factor >= 1000:
        return Value(quantize(quantize(raw, measure["d"]) * int(factor), 0))
    return Value(quantize(raw * factor, d))


def _pick(rng: Random, shares: dict[str, Any], keys: tuple[str, ...]) -> str:
    present = [key for key in keys if key in shares]
    return rng.choices(present, [shares[key] for key in present])[0]


def _word(rng: Random, said: dict[str, Any], say: dict[str, list[str]], style: int) -> tuple[str, bool]:
    """A result in words and whether it is abnormal. `style` chooses one printed form for a whole report."""

    def form(key: str) -> str:
        return say[key][style % len(say[key])]

    if "titre" in said:
        if rng.random() < said["negative"]:
            return (f"<{said['titre'][0]}" if rng.random() < 0.4 else form("negative")), False
        titre = rng.choice(said["titre"])
        return (titre.replace(":", "/") if style % 5 == 4 else titre), int(titre[2:]) > 80
    if "cells" in said:
        low = rng.choice([0, 0, 1, 2, 3, 5, 10, 20])
        return f"{low}-{low + rng.choice([1, 2, 3, 5])}", low > said["over"]
    if "choice" in said:
        return rng.choice(said["choice"]).replace("0", "0O"[style % 2]), False
    if "colour" in said:
        return rng.choice(say["colours"]), False
    if "strip" in said and "normal" not in said:
        said = {"negative": 1 - said["strip"], "strip": said["strip"]}
    key = _pick(rng, said, ("negative", "positive", "normal", "none", "few", "many", "clear", "turbid", "strip"))
    if key == "strip":
        levels = LEVELS["+" if style % 2 else "1+"]
        return (form("trace") if rng.random() < 0.25 else rng.choice(levels)), True
    if said.get("style") == "reactive" and style % 3:
        key = {"negative": "nonreactive", "positive": "reactive"}[key]
    return form(key), key in ("positive", "reactive", "few", "many", "turbid")


class Drawer:
    """Draws rows of one report: person and lab stay the same from row to row."""

    def __init__(self, rng: Random, language: str, country: str, sex: str, age: int) -> None:
        self.rng, self.language, self.country, self.sex, self.age = rng, language, country, sex, age
        self.style = rng.randrange(60)
        self.taste = rng.random()
        self.person = body.results(rng, sex, age)
        self.used: set[tuple[str, str]] = set()

    def unit(self, key: str, test: str) -> catalogue.UnitForm:
        """The lab's form of a unit: the same for all tests of a report wherever it can be."""
        forms = catalogue.unit_forms(key, self.country, test)
        return forms[int(self.taste * len(forms))]

    def name(self, test: str, section: str) -> str | None:
        """A printed name that no other row of the section has; None if all are taken."""
        free = [each for each in catalogue.names(test, self.language, self.country) if (section, each) not in self.used]
        if not free:
            return None
        found = self.rng.choice(free[:3] if self.rng.random() < 0.7 else free)
        self.used.add((section, found))
        return found

    def row(self, test: catalogue.Test, section: str) -> Row | None:
        """A row of a test; None where the country, the sex or the names rule it out."""
        ways = catalogue.measures(test, self.country)
        if not ways or (test.sex and test.sex != self.sex):
            return None
        name = self.name(test.id, section)
        if name is None:
            return None
        measure = self.rng.choice(ways)
        if "words" in measure:
            return self.worded(test, name, measure)
        value, unit, expected = self.measured(test, measure)
        flag, second = flag_of(value, expected), self.second(test.id, measure["u"], value)
        return Row(test.id, name, test.section, test.specimen, value, unit, expected, flag, (), second)

    def second(self, test: str, unit: str, value: Value) -> tuple[Value, str] | None:
        """The result in another unit that this person's numbers are known in; None if there is none."""
        others = [each for each in body.factors().get(test, {}) if each not in (unit, "")]
        if test == "hba1c":
            others = ["%" if unit == "mmol/mol" else "mmol/mol"]
        others = [each for each in others if catalogue.unit_forms(each, self.country, test)]
        if not others or value.comparator:
            return None
        raw = body.in_unit(self.person, test, others[-1])
        form = catalogue.unit_forms(others[-1], self.country, test)[0]
        return Value(quantize(raw, 2 if raw < 10 else 1 if raw < 100 else 0)), form.printed

    def measured(self, test: catalogue.Test, measure: dict[str, Any]) -> tuple[Value, str, Range]:
        """A number, its unit as printed, and the range."""
        form = self.unit(measure["u"], test.id)
        d = measure["d"] if form.decimals is None else form.decimals
        raw = body.in_unit(self.person, test.id, measure["u"])
        unscaled = range_of(measure, self.sex, self.age, 1, 6).mine
        value = _number(self.rng, measure, raw, unscaled, (form.factor, d))
        return value, form.printed, range_of(measure, self.sex, self.age, form.factor, d)

    def worded(self, test: catalogue.Test, name: str, measure: dict[str, Any]) -> Row:
        """A row whose result is words, cells in a field or a titre."""
        said, say = measure["words"], catalogue.words(self.language)["values"]
        text, abnormal = _word(self.rng, said, say, self.style)
        unit = self.unit(measure["u"], test.id).printed
        if "cells" in said:
            expected = Range("plain", (Decimal(0), Decimal(said["over"])))
        elif "titre" in measure:
            expected = Range("word", word=f"<{measure['titre']}")
        elif "word" in measure:
            key = measure["word"]
            if said.get("style") == "reactive" and self.style % 3:
                key = "nonreactive"
            expected = Range("word", word=say[key][self.style % len(say[key])])
        else:
            expected = Range()
        value = Value(comparator="<", text=text[1:]) if text.startswith("<") else Value(text=text)
        return Row(test.id, name, test.section, test.specimen, value, unit, expected, "abnormal" if abnormal else None)

    def earlier(self, row: Row, days: list[date]) -> Row:
        """The row with what it was on earlier days; now and then a day on which it was not measured."""
        found = []
        for day in days:
            if row.value.number is None or self.rng.random() < 0.15:
                continue
            places = -int(row.value.number.as_tuple().exponent)
            found.append((day, Value(quantize(float(row.value.number) * self.rng.uniform(0.82, 1.22), places))))
        return replace(row, previous=tuple(found))


def _rows(drawer: Drawer, rng: Random, wanted: int) -> list[Row]:
    """Rows of some panels, in the order in which labs print panels; never many more than wanted."""
    found: dict[str, list[Row]] = {}
    left, shares = dict(PANELS), lambda: list(left.values())
    while left and (short := wanted - sum(map(len, found.values()))) > 0:
        panel = rng.choices(list(left), shares())[0]
        del left[panel]
        keep = rng.uniform(0.45, 1)
        tests = [test for test in catalogue.tests().values() if test.section == panel and rng.random() < keep]
        rows = [row for test in tests if (row := drawer.row(test, panel))]
        found[panel] = rows[:short]
    return [row for panel in PANELS for row in found.get(panel, [])]


def report(rng: Random, language: str, country: str, wanted: int, previous: int = 0) -> Report:
    """A report of an invented person with about `wanted` rows and so many earlier dates."""
    words = catalogue.words(language)
    sex = rng.choice("MF")
    collected = datetime(rng.randint(2019, 2026), rng.randint(1, 12), rng.randint(1, 28))  # noqa: DTZ001  as printed
    collected += timedelta(hours=rng.randint(7, 17), minutes=rng.randrange(60))
    born = date(collected.year - rng.randint(19, 91), rng.randint(1, 12), rng.randint(1, 28))
    age = collected.year - born.year - ((collected.month, collected.day) < (born.month, born.day))
    drawer = Drawer(rng, language, country, sex, age)
    rows = _rows(drawer, rng, wanted)
    days = [collected.date() - timedelta(days=40 + 97 * n + rng.randrange(50)) for n in range(previous)]
    if days:
        rows = [drawer.earlier(row, days) for row in rows]
    received = collected + timedelta(minutes=rng.randint(20, 300))
    return Report(
        language=language,
        country=country,
        title=rng.choice(words["titles"]),
        lab=rng.choice(words["labs"]),
        street=rng.choice(words["streets"]),
        phone=rng.choice(words["phones"]),
        patient=rng.choice(words["patients"][sex]),
        doctor=rng.choice(words["doctors"]),
        sex=sex,
        born=born,
        age=age,
        order=f"{rng.choice(['', 'L', 'A-', '24-'])}{rng.randint(10**6, 10**9)}",
        collected=collected,
        received=received,
        reported=received + timedelta(minutes=rng.randint(60, 4000)),
        rows=tuple(rows),
    )
