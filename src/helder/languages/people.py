"""A rule in words: who an amount holds for. `19 years <= age < 31 years and sex = female` → `women, 19 to 30 years`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import NamedTuple

from helder.languages.amounts import Amounts
from helder.languages.messages import Messages
from helder.quantities import Quantity, QuantityError, convert
from helder.rules.model import All, Always, Any, Compare, Holds, Not, OfSex, Rule

Named = Callable[[str, str, str | None], str]
ADULT = Quantity(value=Decimal(18), unit="a")
GROUPS = {"has": "conditions", "takes": None, "allergic": None}


class Ages(NamedTuple):
    """The bounds of an age, in completed units: from `low` on, and not yet `high`."""

    low: Quantity | None
    high: Quantity | None


class People:
    """Says who a rule holds for, in table cells: short, no whole sentences."""

    def __init__(self, messages: Messages, amounts: Amounts, name: Named) -> None:
        self._say = messages.say
        self._amounts = amounts
        self._name = name

    def who(self, rule: Rule, language: str) -> str:
        """The people of a rule, most telling first: sex, age, pregnancy, the rest."""
        parts = rule.rules if isinstance(rule, All) else (rule,)
        ages = ages_of(parts)
        sexes = [self._sex(part.sex, ages, language) for part in parts if isinstance(part, OfSex)]
        rest = [self._part(part, language) for part in parts if not isinstance(part, OfSex) and not _is_age(part)]
        age = [self._age(ages, language)] if ages.low or ages.high else []
        return self._joined("who.comma", [*sexes, *age, *rest], language)

    def _sex(self, sex: str, ages: Ages, language: str) -> str:
        word = "female" if sex == "F" else "male"
        adult = ages.low is not None and _years(ages.low) >= ADULT.value
        child = ages.high is not None and _years(ages.high) <= ADULT.value + 1
        suffix = "_adult" if adult else "_child" if child else ""
        return self._say(f"who.{word}{suffix}", language)

    def _age(self, ages: Ages, language: str) -> str:
        low, high = ages
        if low and high:
            return self._between(low, high, language)
        if low:
            return self._say("who.from", language, low=self._amounts.value(low, language))
        assert high is not None, "an age has a bound"
        return self._say("who.under", language, high=self._amounts.value(high, language))

    def _between(self, low: Quantity, high: Quantity, language: str) -> str:
        """Completed units: from 19 and not yet 31 is "19 to 30 years"."""
        last = _last(low, high)
        value = self._amounts.value
        if last is None:
            return self._say("who.between", language, low=value(low, language), high=value(high, language))
        if last.value == low.value:
            return value(low, language)
        first = self._amounts.number(low.value, language)
        return self._say("who.through", language, low=first, high=value(last, language))

    def _part(self, rule: Rule, language: str) -> str:
        match rule:
            case Always():
                return self._say("who.everyone", language)
            case Holds(fact) if fact.argument:
                name = self._name(fact.argument, language, GROUPS[fact.name])
                return self._say(f"who.{fact.name}", language, name=name)
            case Holds(fact):
                return self._say(f"who.{fact.name}", language)
            case Not(Holds(fact)) if not fact.argument:
                return self._say(f"who.not_{fact.name}", language)
            case Not(inner):
                return self._say("who.not", language, name=self.who(inner, language))
            case Any(rules):
                return self._joined("who.or", [self.who(each, language) for each in rules], language)
            case OfSex(sex):
                return self._sex(sex, ages_of(()), language)
            case Compare(fact, _, _) if fact.name == "age":
                return self._age(ages_of((rule,)), language)
            case Compare(fact, op, quantity):
                bound = Quantity(value=quantity.value, unit=quantity.unit, comparator=op)
                amount = self._amounts.value(bound, language)
                if fact.name == "result":
                    test = self._say(f"test.{fact.argument}", language)
                    return self._say("who.result", language, test=test, amount=amount)
                key = "who.pregnancy_weeks" if fact.name == "pregnancy" else f"who.{fact.name}"
                return self._say(key, language, weeks=amount)
            case All():
                return self.who(rule, language)
        return str(rule)

    def _joined(self, key: str, parts: list[str], language: str) -> str:
        said, *others = parts
        for part in others:
            said = self._say(key, language, left=said, right=part)
        return said


def ages_of(parts: Iterable[Rule]) -> Ages:
    """The narrowest bounds on age among conditions that must all hold."""
    low = high = None
    for part in parts:
        if not isinstance(part, Compare) or part.fact.name != "age":
            continue
        bound = part.quantity
        if part.op in (">", "<="):  # completed units: over 8 is from 9 on, up to 8 is not yet 9
            bound = Quantity(value=bound.value + 1, unit=bound.unit)
        if part.op in (">=", ">", "="):
            low = bound
        if part.op in ("<", "<="):
            high = bound
        if part.op == "=":
            high = Quantity(value=bound.value + 1, unit=bound.unit)
    return Ages(low, high)


def _is_age(rule: Rule) -> bool:
    return isinstance(rule, Compare) and rule.fact.name == "age"


def _years(age: Quantity) -> Decimal:
    return convert(age, "a").value


def _last(low: Quantity, high: Quantity) -> Quantity | None:
    """The last completed unit before `high`, told in the unit of `low`; None where that is not a whole number."""
    try:
        same = convert(high, low.unit)
    except QuantityError:
        return None
    if same.value != int(same.value) or low.value != int(low.value):
        return None
    return Quantity(value=Decimal(int(same.value) - 1), unit=low.unit)
