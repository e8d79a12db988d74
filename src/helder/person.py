"""The person as rules see one: what was told, in ids and quantities, and nothing that was not told.

What is not mentioned is unknown, never "no". Three things follow without being told: a man is not pregnant
and does not breastfeed (so who does is a woman), weeks of pregnancy mean pregnant, and who told what is taken
takes nothing else. A told answer stands above one that follows.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Literal, TypeVar

from msgspec import Struct, structs

from helder.quantities import Comparator, Quantity, compare, parse_quantity, unit_code

T = TypeVar("T")
Sex = Literal["F", "M"]
Judged = Literal["low", "normal", "high"]
Answer = bool | str | Quantity
Names = Callable[[str, str], frozenset[str]]
"""(field, name as told) -> the ids it stands for: the thing and its classes; none if it is not known."""


class Fact(Struct, frozen=True, order=True):
    """Something that can be asked about a person: `age`, `takes(zinc)`, `result(egfr)`."""

    name: str
    argument: str = ""

    def __str__(self) -> str:
        return f"{self.name}({self.argument})" if self.argument else self.name


class Person(Struct, frozen=True, kw_only=True):
    """What is known about one person; None: not told. Ages and weeks are completed ones, as people say."""

    age: Quantity | None = None
    sex: Sex | None = None
    pregnant: bool | None = None
    pregnancy: Quantity | None = None
    breastfeeding: bool | None = None
    weight: Quantity | None = None
    conditions: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    """Conditions that were asked about and are not there."""
    allergies: frozenset[str] = frozenset()
    tolerates: frozenset[str] = frozenset()
    """Things that were asked about and give no allergy."""
    takes: frozenset[str] | None = None
    """Ids of all substances taken and of their classes; empty: takes nothing."""
    results: dict[str, Quantity] = {}
    """Lab test id -> the result that counts now, in a unit of the kind that rules about the test use."""
    judged: dict[str, Judged] = {}
    """Lab test id -> where its result stands beside the range that it was judged by."""


CONSEQUENCES: tuple[tuple[tuple[str, Answer], tuple[str, bool | str]], ...] = (
    (("sex", "M"), ("pregnant", False)),
    (("sex", "M"), ("breastfeeding", False)),
    (("pregnant", True), ("sex", "F")),
    (("breastfeeding", True), ("sex", "F")),
)


def fact(person: Person, name: str, argument: str = "") -> Answer | None:
    """Yes or no, a quantity, the sex ("F", "M"), or None where nothing is known. KeyError: no such fact."""
    told = _told(person, name, argument)
    if told is not None:
        return told
    for (given, answer), (then, consequence) in CONSEQUENCES:
        if then == name and _told(person, given) == answer:
            return consequence
    return None


def _told(person: Person, name: str, argument: str = "") -> Answer | None:
    match name:
        case "age" | "sex" | "breastfeeding" | "pregnancy" | "weight":
            answer: Answer | None = getattr(person, name)
            return answer
        case "pregnant":
            return True if person.pregnancy else person.pregnant
        case "has":
            return _among(argument, person.conditions, person.without)
        case "allergic":
            return _among(argument, person.allergies, person.tolerates)
        case "takes":
            return None if person.takes is None else argument in person.takes
        case "result":
            return person.results.get(argument)
        case "low" | "high":
            return person.judged[argument] == name if argument in person.judged else None
    raise KeyError(name)


def _among(id_: str, there: frozenset[str], absent: frozenset[str]) -> bool | None:
    return True if id_ in there else False if id_ in absent else None


OLD, YOUNG = Quantity(Decimal(60), "a"), Quantity(Decimal(8), "a")


def past_childbearing(person: Person) -> Person:
    """Who is 60 or older, or under 8, is not asked about pregnancy; what was told stands."""
    old = person.age and compare(person.age, Comparator.GE, OLD)
    young = person.age and compare(person.age, Comparator.LT, YOUNG)
    if not (old or young) or person.pregnancy:
        return person
    return structs.replace(
        person,
        pregnant=bool(person.pregnant),
        breastfeeding=bool(person.breastfeeding),
    )


# --- JSON -> Person ---------------------------------------------------------------------------------------


class Problem(Struct, frozen=True):
    """A field that could not be used, and what was expected. Holds nothing that a person entered."""

    field: str
    expected: str

    def __str__(self) -> str:
        return f"{self.field}: expected {self.expected}"


# How far a form is believed; these are not clinical numbers.
_OLDEST = {"years": 130, "months": 1_560, "weeks": 6_800, "days": 47_500}
_HEAVIEST = Quantity(Decimal(700), "kg")

_FIELDS = {"age", "sex", "pregnant", "pregnancy_weeks", "breastfeeding", "weight", "results", "day"}
_FIELDS |= {"conditions", "without", "allergies", "tolerates", "items"}


def as_told(field: str, name: str) -> frozenset[str]:
    """Takes every name for an id: for callers that have looked the names up already."""
    return frozenset({name})


def person_from_json(data: object, names: Names = as_told) -> tuple[Person, list[Problem]]:
    """The `person` of the contracts, and every field that could not be used; the rest is kept. Never raises.

    Names of conditions, allergies, items and tests become ids through `names`. Null and absent: not told.
    """
    if not isinstance(data, dict):
        return Person(), [Problem("person", "an object with fields such as age and sex")]
    form = _Form(data, names)
    person = Person(
        age=form.field("age", _age, 'whole years from 0 to 130, or {"months": 2}, weeks, days'),
        sex=form.field("sex", _sex, '"F", "M" or null'),
        pregnant=form.field("pregnant", _yes_no, "true, false or null"),
        pregnancy=form.field("pregnancy_weeks", _weeks, "whole weeks from 0 to 45"),
        breastfeeding=form.field("breastfeeding", _yes_no, "true, false or null"),
        weight=form.field("weight", _weight, 'a mass above zero: {"value": "70", "unit": "kg"}'),
        conditions=form.ids("conditions"),
        without=form.ids("without"),
        allergies=form.ids("allergies"),
        tolerates=form.ids("tolerates"),
        takes=None if data.get("items") is None else form.ids("items"),
        results=form.results(),
    )
    return _agreeing(person, form.problems), form.problems


def _agreeing(person: Person, problems: list[Problem]) -> Person:
    """Of answers that contradict each other, those stay that make a warning appear."""
    if person.pregnancy and person.pregnant is False:
        problems.append(Problem("pregnant", "an answer that agrees with pregnancy_weeks"))
        person = structs.replace(person, pregnant=None)
    if person.sex == "M" and (fact(person, "pregnant") or person.breastfeeding):
        problems.append(Problem("sex", "an answer that agrees with pregnant and breastfeeding"))
        person = structs.replace(person, sex=None)
    return person


class _Form:
    """Reads fields one by one and keeps what was wrong with them."""

    def __init__(self, data: dict[Any, Any], names: Names) -> None:
        self.data, self.names = data, names
        self.problems: list[Problem] = []
        if not data.keys() <= _FIELDS:
            self.wrong("person", f"no other fields than {', '.join(sorted(_FIELDS))}")

    def wrong(self, field: str, expected: str) -> None:
        self.problems.append(Problem(field, expected))

    def field(self, name: str, reader: Callable[[Any], T], expected: str) -> T | None:
        told = self.data.get(name)
        return None if told is None else self.read(name, told, reader, expected)

    def read(self, place: str, told: Any, reader: Callable[[Any], T], expected: str) -> T | None:
        try:
            return reader(told)
        except ValueError:
            self.wrong(place, expected)
            return None

    def ids(self, field: str) -> frozenset[str]:
        told = self.data.get(field) or []
        if not isinstance(told, list):
            self.wrong(field, "a list of names")
            return frozenset()
        return frozenset().union(*(self.found(field, name, f"{field}[{i}]") for i, name in enumerate(told)))

    def found(self, field: str, told: Any, place: str) -> frozenset[str]:
        """The ids of one name, or of an object with a name."""
        name = told.get("name") if isinstance(told, dict) else told
        ids = self.names(field, name) if isinstance(name, str) and name.strip() else frozenset[str]()
        if not ids:
            self.wrong(place, "a name that is known here")
        return ids

    def results(self) -> dict[str, Quantity]:
        told = self.data.get("results") or {}
        if not isinstance(told, dict):
            self.wrong("results", "an object: test -> value and unit")
            return {}
        found: dict[str, Quantity] = {}
        for i, (name, value) in enumerate(told.items()):
            expected = 'a plain decimal and a UCUM unit: {"value": "28", "unit": "mL/min/{1.73_m2}"}'
            if result := self.read(f"results[{i}]", value, _quantity, expected):
                found |= dict.fromkeys(self.found("results", name, f"results[{i}]"), result)
        return found


def _age(told: Any) -> Quantity:
    unit, number = next(iter(told.items())) if isinstance(told, dict) and len(told) == 1 else ("years", told)
    if unit not in _OLDEST:
        raise ValueError
    return _whole(number, _OLDEST[unit], unit_code(unit))


def _weeks(told: Any) -> Quantity:
    return _whole(told, 45, "wk")


def _whole(told: Any, most: int, unit: str) -> Quantity:
    if type(told) is not int or not 0 <= told <= most:
        raise ValueError
    return Quantity(Decimal(told), unit)


def _sex(told: Any) -> Sex:
    if told not in ("F", "M"):
        raise ValueError
    return "F" if told == "F" else "M"


def _yes_no(told: Any) -> bool:
    if not isinstance(told, bool):
        raise ValueError
    return told


def _weight(told: Any) -> Quantity:
    weight = _quantity(told)
    if weight.value <= 0 or not compare(weight, Comparator.LE, _HEAVIEST):
        raise ValueError
    return weight


def _quantity(told: Any) -> Quantity:
    """`{"value": "<0.01", "unit": "mg/L"}`; the comparator may also be a field of its own."""
    if not isinstance(told, dict) or type(told.get("value")) not in (str, int, float) or not told.get("unit"):
        raise ValueError
    value = told["value"] if isinstance(told["value"], str) else f"{Decimal(str(told['value'])):f}"
    return parse_quantity(f"{told.get('comparator') or ''} {value} {told['unit']}")
