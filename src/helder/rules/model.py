"""What a rule is made of: frozen nodes that print themselves as the text they are parsed from.

Build `All`, `Any` and `Not` with `all_of`, `any_of` and `negate`: they leave nothing superfluous standing,
and what they give parses back from its own text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import ClassVar, Literal

from msgspec import Struct

from helder.person import Fact
from helder.quantities import Comparator, Quantity

TIMES = ("age", "pregnancy")
"""Facts told in completed units of time: a child of 8 years is 8 until the ninth birthday."""
_WORDS = {"a": "year", "mo": "month", "wk": "week", "d": "day"}


class Always(Struct, frozen=True, tag=True):
    """Holds for everyone."""

    def __str__(self) -> str:
        return "everyone"


class Never(Struct, frozen=True, tag=True):
    """Holds for nobody."""

    def __str__(self) -> str:
        return "nobody"


class Holds(Struct, frozen=True, tag=True):
    """A yes-or-no fact is true: `pregnant`, `takes(zinc)`."""

    fact: Fact

    def __str__(self) -> str:
        return str(self.fact)


class OfSex(Struct, frozen=True, tag=True):
    """The person is of this sex."""

    sex: Literal["F", "M"]
    fact: ClassVar[Fact] = Fact("sex")

    def __str__(self) -> str:
        return "sex = female" if self.sex == "F" else "sex = male"


class Compare(Struct, frozen=True, tag=True):
    """A fact that is a quantity stands so to another: `age < 18 years`."""

    fact: Fact
    op: Comparator
    quantity: Quantity

    def __str__(self) -> str:
        return f"{self.fact} {self.op} {self._amount()}"

    def _amount(self) -> str:
        word = _WORDS.get(self.quantity.unit) if self.fact.name in TIMES else None
        return f"{self.quantity.value:f} {word}{'s' * (self.quantity.value != 1)}" if word else str(self.quantity)


class Not(Struct, frozen=True, tag=True):
    """The rule does not hold."""

    rule: Rule

    def __str__(self) -> str:
        return f"not ({self.rule})" if isinstance(self.rule, All | Any) else f"not {self.rule}"


class All(Struct, frozen=True, tag=True):
    """Every one of two or more rules holds."""

    rules: tuple[Rule, ...]

    def __str__(self) -> str:
        return " and ".join(f"({rule})" if isinstance(rule, Any) else str(rule) for rule in self.rules)


class Any(Struct, frozen=True, tag=True):
    """At least one of two or more rules holds."""

    rules: tuple[Rule, ...]

    def __str__(self) -> str:
        return " or ".join(map(str, self.rules))


Atom = Holds | OfSex | Compare
Rule = Always | Never | Holds | OfSex | Compare | Not | All | Any


def all_of(rules: Iterable[Rule]) -> Rule:
    """The rule that every one of these holds: of none at all, `everyone`."""
    return _joined(All, rules, Always(), Never())


def any_of(rules: Iterable[Rule]) -> Rule:
    """The rule that at least one of these holds: of none at all, `nobody`."""
    return _joined(Any, rules, Never(), Always())


def _joined(kind: type[All | Any], rules: Iterable[Rule], neutral: Rule, decisive: Rule) -> Rule:
    """Flat, each part once, in the order in which they came."""
    nested = (rule.rules if isinstance(rule, kind) else (rule,) for rule in rules)
    parts = dict.fromkeys(part for group in nested for part in group if part != neutral)
    if decisive in parts:
        return decisive
    return kind(tuple(parts)) if len(parts) > 1 else next(iter(parts), neutral)


def negate(rule: Rule) -> Rule:
    """The rule that this one does not hold."""
    match rule:
        case Always():
            return Never()
        case Never():
            return Always()
        case Not(inner):
            return inner
    return Not(rule)


def replace(rule: Rule, by: Callable[[Atom], Rule]) -> Rule:
    """The rule with every atom replaced, and what follows from that worked out."""
    match rule:
        case Holds() | OfSex() | Compare():
            return by(rule)
        case Not(inner):
            return negate(replace(inner, by))
        case All(rules):
            return all_of(replace(each, by) for each in rules)
        case Any(rules):
            return any_of(replace(each, by) for each in rules)
    return rule


def atoms(rule: Rule) -> Iterator[Atom]:
    """Every condition in a rule, in the order of its text."""
    match rule:
        case Holds() | OfSex() | Compare():
            yield rule
        case Not(inner):
            yield from atoms(inner)
        case All(rules) | Any(rules):
            for each in rules:
                yield from atoms(each)


def facts_of(rule: Rule) -> frozenset[Fact]:
    """The facts that a rule asks about."""
    return frozenset(atom.fact for atom in atoms(rule))


def references(rule: Rule) -> frozenset[Fact]:
    """The facts of a rule that name something: `has(condition)`, `takes(zinc)`, `result(egfr)`."""
    return frozenset(fact for fact in facts_of(rule) if fact.argument)
