"""Text -> rule. The grammar; `or` binds loosest, `not` strongest:

    rule = all ("or" all)*
    all  = one ("and" one)*
    one  = "not" one | "(" rule ")" | "everyone" | "nobody" | "sex" "=" ("female" | "male")
         | "pregnant" | "breastfeeding" | ("has" | "allergic" | "takes" | "low" | "high") "(" id ")"
         | measured op quantity | quantity op measured [op quantity]

Weeks are counted in a pregnancy only: `pregnancy < 12 weeks` means `pregnant and pregnancy < 12 weeks`.
"""

from __future__ import annotations

import re
from typing import NoReturn

from helder.person import Fact
from helder.quantities import Comparator, ParseError, Quantity, QuantityError, compare, parse_quantity
from helder.rules.model import TIMES, Always, Compare, Holds, Never, OfSex, Rule, all_of, any_of, negate

MEASURED = {"age": "18 years", "pregnancy": "12 weeks", "weight": "70 kg", "result": "5 mmol/L"}
"""Facts that are quantities, each with one of its kind; a result may be of any kind."""
NAMED = ("has", "allergic", "takes", "low", "high")
WORDS: dict[str, Rule] = {
    "everyone": Always(),
    "nobody": Never(),
    "pregnant": Holds(Fact("pregnant")),
    "breastfeeding": Holds(Fact("breastfeeding")),
}
LONGEST = 2_000
DEEPEST = 32

_FACTS = ", ".join((*WORDS, "sex", *MEASURED, *NAMED))
_SPACE, _OPEN, _CLOSE, _IS = re.compile(r"\s*"), re.compile(r"\("), re.compile(r"\)"), re.compile(r"=")
_AND, _OR, _NOT = re.compile(r"and\b"), re.compile(r"or\b"), re.compile(r"not\b")
_WORD, _ID, _SEX = re.compile(r"\w+"), re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*"), re.compile(r"(?:fe)?male\b")
_QUANTITY = re.compile(r"-?[0-9][0-9.,]*\s*(?!(?:and|or)\b)[^\s()<>=]*")
_OP, _ANY_OP = re.compile(r"[<>]=?|="), '"<", "<=", ">", ">=" or "="'
_FOUND = re.compile(r"[\w-]+|\S")
_MIRROR = str.maketrans("<>", "><")


class RuleError(ParseError):
    """A text that is no rule."""


def parse(text: str) -> Rule:
    """The rule that a text says. Raises RuleError: what was found, what was expected, and where."""
    if len(text) > LONGEST:
        raise RuleError(f"{len(text)} characters", f"at most {LONGEST}")
    reader = _Reader(text)
    rule = reader.rule(0)
    if reader.at < len(text):
        reader.fail('"and", "or" or the end')
    return rule


class _Reader:
    """A text and a place in it. Each method reads one thing of the grammar and comes to stand behind it."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.skip(_SPACE)

    def sees(self, pattern: re.Pattern[str]) -> str:
        """What stands here and fits the pattern, or nothing."""
        found = pattern.match(self.text, self.at)
        return found[0] if found else ""

    def skip(self, pattern: re.Pattern[str]) -> str:
        """The same, and goes behind it and the space after it."""
        found = self.sees(pattern)
        self.at += len(found)
        self.at += len(self.sees(_SPACE))
        return found

    def need(self, pattern: re.Pattern[str], expected: str) -> str:
        return self.skip(pattern) or self.fail(expected)

    def fail(self, expected: str, at: int | None = None) -> NoReturn:
        self.at = self.at if at is None else at
        found = self.sees(_QUANTITY) or self.sees(_FOUND)
        raise RuleError(f'"{found[:30].strip()}"' if found else "the end", expected, self.at)

    def rule(self, depth: int) -> Rule:
        parts = [self.all(depth)]
        while self.skip(_OR):
            parts.append(self.all(depth))
        return any_of(parts)

    def all(self, depth: int) -> Rule:
        parts = [self.one(depth)]
        while self.skip(_AND):
            parts.append(self.one(depth))
        return all_of(parts)

    def one(self, depth: int) -> Rule:
        if depth > DEEPEST:
            self.fail(f"at most {DEEPEST} brackets or negations inside each other")
        if self.skip(_NOT):
            return negate(self.one(depth + 1))
        if not self.skip(_OPEN):
            return self.atom()
        rule = self.rule(depth + 1)
        self.need(_CLOSE, '"and", "or" or ")"')
        return rule

    def atom(self) -> Rule:
        word = self.sees(_WORD)
        if word in WORDS:
            return WORDS[self.skip(_WORD)]
        if word in NAMED:
            return Holds(Fact(self.skip(_WORD), self.id()))
        if word == "sex":
            return self.sex()
        return self.between() if self.sees(_QUANTITY) else self.comparison()

    def sex(self) -> Rule:
        self.skip(_WORD)
        self.need(_IS, '"="')
        return OfSex("F" if self.need(_SEX, '"female" or "male"') == "female" else "M")

    def id(self) -> str:
        self.need(_OPEN, '"(" and an id')
        id_ = self.need(_ID, "an id such as vitamin-b12")
        self.need(_CLOSE, '")"')
        return id_

    def measured(self) -> Fact:
        if self.sees(_WORD) not in MEASURED:
            self.fail(f"one of {_FACTS}")
        name = self.skip(_WORD)
        return Fact(name, self.id() if name == "result" else "")

    def comparison(self) -> Rule:
        """The fact first: `age < 18 years`."""
        fact, op = self.measured(), self.need(_OP, _ANY_OP)
        return self.compared(fact, Comparator(op))[0]

    def between(self) -> Rule:
        """The amount first: `18 years <= age`, or one on either side: `18 years <= age < 65 years`."""
        start = self.at
        self.skip(_QUANTITY)
        op, fact = self.need(_OP, _ANY_OP), self.measured()
        end, self.at = self.at, start
        first, low = self.compared(fact, Comparator(op.translate(_MIRROR)))
        self.at = end
        if op == "=" or not self.sees(_OP):
            return first
        if self.sees(_OP)[0] != op[0]:
            self.fail(f'"{op[0]}" or "{op[0]}="')
        op, at = self.skip(_OP), self.at
        second, high = self.compared(fact, Comparator(op))
        if not compare(low, Comparator(op), high):
            self.fail("an amount that leaves room between the two", at)
        return all_of((first, second))

    def compared(self, fact: Fact, op: Comparator) -> tuple[Rule, Quantity]:
        """The comparison with the amount that stands here, which is of the fact's kind; and the amount."""
        at, example = self.at, MEASURED[fact.name]
        amount = self.amount(f"an amount with its unit, such as {example}")
        if amount.unit == "1":
            self.fail(f"a unit too, as in {example}", at)
        if fact.name != "result" and compare(amount, op, parse_quantity(example)) is None:
            self.fail(f"an amount such as {example}", at)
        if fact.name in TIMES and (amount.value % 1 or amount.value < 0):
            self.fail("a whole number, in a smaller unit if need be", at)
        rule = Compare(fact, op, amount)
        return (all_of((WORDS["pregnant"], rule)) if fact.name == "pregnancy" else rule), amount

    def amount(self, expected: str) -> Quantity:
        at, text = self.at, self.need(_QUANTITY, expected)
        try:
            return parse_quantity(text)
        except QuantityError as error:
            raise RuleError(error.found, expected, at + error.position) from None
