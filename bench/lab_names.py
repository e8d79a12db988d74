"""Names and units of common tests in all languages: which test `helder lab` says they are, beside an open resolver.

The names come from the generator of reports, which was written apart from the base.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Literal, NamedTuple

import yaml

from bench import peers
from bench.board import Line
from bench.reports import catalogue
from helder.app import App
from helder.quantities import QuantityError, parse_unit

TESTS: dict[str, list[str]] = yaml.safe_load((Path(__file__).parent / "data" / "lab_names.yaml").read_text("utf-8"))
PLACES = ("DE", "US", "GB")  # European, American and SI units
RIGHT, WRONG = 0.98, 0

Outcome = Literal["right", "refused", "wrong"]


class Asked(NamedTuple):
    """A result as told; `unit` is how the key's unit is printed, which is `factor` of it to one."""

    test: str
    language: str
    name: str
    unit: str
    value: str
    key: str
    factor: float


def asked() -> list[Asked]:
    """Every test in every language: its first name with each place's units, its other names with their own."""
    found: dict[tuple[str, ...], Asked] = {}
    for test in TESTS:
        for language in catalogue.languages():
            for each in _of(test, language):
                found.setdefault((test, language, each.name, each.unit), each)
    return list(found.values())


def _of(test: str, language: str) -> Iterator[Asked]:
    entry = catalogue.tests()[test]
    home = catalogue.countries_of(language)[0]
    first, *others = catalogue.names(test, language, home)
    for place in (home, *PLACES):
        for measure in catalogue.measures(entry, place):
            yield _one(test, language, first, measure, place)
    own = catalogue.measures(entry, home) or catalogue.measures(entry, PLACES[0])
    for name in others:
        yield _one(test, language, name, own[0], home)


def _one(test: str, language: str, name: str, measure: dict[str, list[float]], place: str) -> Asked:
    key = str(measure["u"])
    form = catalogue.unit_forms(key, place, test)[0]
    middle = Decimal(str(sum(measure["span"]) / 2)) * Decimal(str(form.factor))
    decimals = int(str(measure["d"])) if form.decimals is None else form.decimals
    mark = catalogue.countries()[catalogue.countries_of(language)[0]].decimal
    return Asked(test, language, name, form.printed, f"{middle:.{decimals}f}".replace(".", mark), key, form.factor)


def outcome(app: App, each: Asked) -> tuple[Outcome, str]:
    """What Helder makes of a result, and what it said."""
    data = {"name": each.name, "unit": each.unit, "value": each.value, "language": each.language}
    made = app.lab_json(data, "en", "GB")
    if made["test"] is None:
        return "refused", str(made["why"])
    if made["test"] != each.test and made["test"] not in catalogue.same_tests().get(each.test, ()):
        return "wrong", made["test"]
    if made["value"] is None or Decimal(made["value"]) != Decimal(each.value.replace(",", ".")):
        return "wrong", f"value {made['value']}"
    if not _same_unit(each, made["ucum"]):
        return "wrong", f"unit {made['ucum']}"
    return "right", ""


def _same_unit(each: Asked, ucum: str | None) -> bool:
    """Whether the unit is as large as the printed one; units that cannot be compared are taken as the same."""
    if not ucum:
        return not each.unit
    try:
        expected, found = parse_unit(each.key.replace("IU", "[IU]")), parse_unit(ucum)
    except QuantityError:
        return True
    if expected.kind != found.kind:
        return True
    return abs(float(found.factor / expected.factor) * each.factor - 1) < 0.001


def lines(app: App) -> list[Line]:
    """Right, refused and wrong, ours and the peer's."""
    every = asked()
    told = [(each, *outcome(app, each)) for each in every]
    right = sum(what == "right" for _, what, _ in told)
    wrong = sum(what == "wrong" for _, what, _ in told)
    misses = tuple(
        f"{what}: {each.name}, {each.unit or 'no unit'} ({each.test}, {each.language}): {said}"
        for each, what, said in sorted(told, key=lambda one: one[1], reverse=True)
        if what != "right"
    )
    share = right / len(every)
    title = f"names × units of {len(TESTS)} tests in {len(catalogue.languages())} languages (of {len(every)})"
    figure = f"{100 * share:.1f}% right, {len(every) - right - wrong} refused, {wrong} wrong"
    return [Line(title, figure, "≥ 98 % right, 0 wrong", share >= RIGHT and wrong <= WRONG, _peer(every), misses)]


def _peer(every: list[Asked]) -> str:
    version = peers.LAB[0].replace("==", " ")
    data = [{"name": each.name, "value": each.value.replace(",", "."), "unit": each.unit or None} for each in every]
    answers = peers.ask("mirobody", data)
    if answers is None:
        return f"{version} not installed (it needs Python 3.12 and the registry)"
    right = sum(
        answer is not None and answer.startswith(tuple(TESTS[each.test]))
        for each, answer in zip(every, answers, strict=True)
    )
    refused = sum(answer is None for answer in answers)
    return f"{version}: {100 * right / len(every):.1f}% right, {refused} refused, {len(every) - right - refused} wrong"
