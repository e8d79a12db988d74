"""Which tests labs print, under which names, in which units and ranges, per country; read from `data/`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).with_name("data")
LANGUAGES = ("en", "nl", "de", "fr", "es", "it", "pt", "pl", "tr", "uk", "ar", "hi")


@dataclass(frozen=True)
class UnitForm:
    """A unit as printed: `factor` times the number in the key's unit, with `decimals` of its own if not None."""

    printed: str
    factor: float
    decimals: int | None


@dataclass(frozen=True)
class Country:
    """How a country writes: its languages, marks in numbers, forms of dates and times, paper."""

    code: str
    languages: tuple[str, ...]
    decimal: str
    thousands: tuple[str, ...]
    dates: tuple[str, ...]
    clock: tuple[str, ...]
    paper: str


@dataclass(frozen=True)
class Test:
    """A lab test: where it stands in a report, what it is measured in, and how (see the head of `data/tests.yaml`)."""

    id: str
    section: str
    specimen: str
    sex: str | None
    measures: tuple[dict[str, Any], ...]


@cache
def _yaml(name: str) -> Any:
    return yaml.load((DATA / name).read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@cache
def countries() -> dict[str, Country]:
    """All countries by code."""
    found = {}
    for code, each in _yaml("countries.yaml")["countries"].items():
        found[code] = Country(code, **{k: tuple(v) if isinstance(v, list) else v for k, v in each.items()})
    return found


@cache
def tests() -> dict[str, Test]:
    """All tests by id."""
    return {
        id_: Test(id_, each["section"], each["specimen"], each.get("sex"), tuple(each["measures"]))
        for id_, each in _yaml("tests.yaml").items()
    }


@cache
def words(language: str) -> dict[str, Any]:
    """What a report prints besides tests, in a language: headings, labels, flags, places."""
    return _yaml(f"words/{language}.yaml")


@cache
def languages() -> tuple[str, ...]:
    """Languages that have both names and words."""
    return tuple(
        each for each in LANGUAGES if (DATA / f"names/{each}.yaml").exists() and (DATA / f"words/{each}.yaml").exists()
    )


@cache
def same_tests() -> dict[str, frozenset[str]]:
    """Our ids of tests -> ids of the base that mean the same."""
    return {ours: frozenset(theirs) for ours, theirs in _yaml("same_tests.yaml").items()}


def countries_of(language: str) -> tuple[str, ...]:
    """Countries whose labs print in a language."""
    return tuple(code for code, each in countries().items() if language in each.languages)


def holds(entry: dict[str, Any], country: str) -> bool:
    """Whether an entry with `in` or `not` holds in a country."""
    groups = _yaml("countries.yaml")["groups"]

    def named(places: list[str]) -> bool:
        return any(country == place or country in groups.get(place, ()) for place in places)

    return ("in" not in entry or named(entry["in"])) and not named(entry.get("not", []))


def names(test: str, language: str, country: str) -> list[str]:
    """Printed names of a test in a language, without those of other countries."""
    found = []
    for name in _yaml(f"names/{language}.yaml")[test]:
        place, colon, rest = name.partition(": ")
        if colon and len(place) == 2 and place.isupper() and place in countries():
            if place == country:
                found.append(rest)
        else:
            found.append(name)
    if not found:
        found = [_yaml(f"names/{language}.yaml")[test][0].partition(": ")[2]]
    return found


def measures(test: Test, country: str) -> list[dict[str, Any]]:
    """The ways in which labs of a country measure a test; none if they don't."""
    return [each for each in test.measures if holds(each, country)]


def unit_forms(unit: str, country: str, test: str) -> list[UnitForm]:
    """How labs of a country print a unit for a test."""
    if not unit:
        return [UnitForm("", 1, None)]
    return [
        UnitForm(each["as"], each.get("x", 1), each.get("d"))
        for each in _yaml("units.yaml")[unit]
        if holds(each, country) and test in each.get("only", [test])
    ]


def check() -> list[str]:
    """Every gap in the data: a test without a name, a unit or a measure where it needs one."""
    problems = []
    for language in languages():
        printed = _yaml(f"names/{language}.yaml")
        problems += [f"{language}: no name for {test}" for test in tests() if not printed.get(test)]
        problems += [f"{language}: name for unknown test {test}" for test in printed if test not in tests()]
        for country in countries_of(language):
            for test in tests().values():
                for measure in measures(test, country):
                    if not unit_forms(measure["u"], country, test.id):
                        problems.append(f"{country}: {test.id} has no printed form of {measure['u']}")
    return sorted(set(problems))
