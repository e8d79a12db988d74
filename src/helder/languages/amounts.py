"""Quantities as a reader of a language writes them: `250 mg per dag`, `2 uur`, `onder 30 ml/min/1,73 m²`."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from helder.knowledge.model import ends
from helder.languages.messages import Messages, compiled
from helder.quantities import Quantity, Range

NO_BREAK = "\u00a0"
HOUR = 60

# Units that CLDR knows how to write in every language; times in words, the rest short.
_SHORT = {
    "ng": None,
    "ug": "microgram",
    "mg": "milligram",
    "g": "gram",
    "kg": "kilogram",
    "mL": "milliliter",
    "L": "liter",
    "%": "percent",
    "kcal": "kilocalorie",
    "mmol/L": "millimole-per-liter",
    "cm": "centimeter",
    "Cel": "celsius",
}
_LONG = {"s": "second", "min": "minute", "h": "hour", "d": "day", "wk": "week", "mo": "month", "a": "year"}
_PER = {"d": "amount.per_day", "wk": "amount.per_week", "kg": "amount.per_kg", "h": "amount.per_hour"}
_COMPARED = {
    "<": "amount.below",
    "<=": "amount.at_most",
    ">": "amount.above",
    ">=": "amount.at_least",
    "~": "amount.about",
}


@lru_cache(maxsize=20_000)
def _number(value: Decimal, language: str) -> str:
    return str(compiled("{n, number, ::.######}", language).format({"n": value}))


@lru_cache(maxsize=20_000)
def _measured(value: Decimal, unit: str, width: str, language: str) -> str:
    pattern = f"{{n, number, ::unit/{unit} unit-width-{width} .######}}"
    return str(compiled(pattern, language).format({"n": value})).replace(" ", NO_BREAK)


class Amounts:
    """Writes numbers, amounts and ranges; never rounds."""

    def __init__(self, messages: Messages) -> None:
        self._messages = messages

    def number(self, value: Decimal | int, language: str) -> str:
        return _number(Decimal(value), language)

    def value(self, value: Quantity | Range, language: str) -> str:
        """A quantity or a range in words. Raises KeyError for a unit that no language can write."""
        if isinstance(value, Range):
            return self._range(value, language)
        plain = self._plain(value.value, value.unit, language)
        key = _COMPARED.get(value.comparator)
        return self._messages.say(key, language, amount=plain) if key else plain

    def wait(self, minutes: int, language: str) -> str:
        """`4 hours`, `90 minutes`, `2.5 hours`."""
        if minutes < HOUR or minutes % (HOUR // 2):
            return self.value(Quantity(Decimal(minutes), "min"), language)
        return self.value(Quantity(Decimal(minutes) / HOUR, "h"), language)

    def at_least(self, value: Quantity | Range, language: str) -> str:
        """`at least 2 hours`; a range says its own least: `2 to 4 hours`."""
        if isinstance(value, Quantity) and value.comparator == "=":
            return self._messages.say("amount.at_least", language, amount=self.value(value, language))
        return self.value(value, language)

    def _range(self, value: Range, language: str) -> str:
        low, high = value.low, value.high
        if low is None or high is None:
            key = "amount.at_least" if high is None else "amount.at_most"
            (end,) = ends(value)
            return self._messages.say(key, language, amount=self._plain(end.value, end.unit, language))
        upper = self._plain(high.value, high.unit, language)
        same = low.unit == high.unit
        lower = self.number(low.value, language) if same else self._plain(low.value, low.unit, language)
        return self._messages.say("amount.range", language, low=lower, high=upper)

    def _plain(self, value: Decimal, unit: str, language: str) -> str:
        if unit in ("1", ""):
            return self.number(value, language)
        if unit in _LONG:
            return _measured(value, _LONG[unit], "full-name", language)
        if _SHORT.get(unit):
            return _measured(value, str(_SHORT[unit]), "short", language)
        if self._messages.has(f"unit.{unit}", "en"):
            number = self.number(value, language)
            return f"{number}{NO_BREAK}{self._messages.say(f'unit.{unit}', language)}"
        head, slash, last = unit.rpartition("/")
        if slash and last in _PER:
            return self._messages.say(_PER[last], language, amount=self._plain(value, head, language))
        raise KeyError(f"no words for the unit `{unit}`: add `unit.{unit}` to the messages")
