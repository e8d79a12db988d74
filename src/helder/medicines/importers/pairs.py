"""Imported rules between the things that a person takes. Looked up by substance: no walk over all rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import permutations
from typing import NamedTuple

from helder.languages.folding import fold
from helder.medicines.importers.model import ImportedHit, ImportedRule
from helder.medicines.model import SEVERITIES, Item, Unknown


class _Taken(NamedTuple):
    """Something taken: its place, and the keys under which a rule may name it."""

    item: int
    keys: tuple[str, ...]


class Indexed:
    """Imported rules by what their sides name. Build once, ask often."""

    def __init__(self, rules: Iterable[ImportedRule]) -> None:
        self.rules = tuple(rules)
        self._a: dict[str, set[int]] = defaultdict(set)
        self._b: dict[str, set[int]] = defaultdict(set)
        for number, rule in enumerate(self.rules):
            for key in _keys(rule.substances_a, rule.a):
                self._a[key].add(number)
            for key in _keys(rule.substances_b, rule.b):
                self._b[key].add(number)

    def between(self, a: str, b: str) -> frozenset[int]:
        """The numbers of the rules whose `a` names the one and whose `b` names the other."""
        return frozenset(self._a.get(a, frozenset()) & self._b.get(b, frozenset()))


def hits(
    rules: Indexed | Iterable[ImportedRule], items: Sequence[Item], unknown: Sequence[Unknown] = ()
) -> tuple[ImportedHit, ...]:
    """Imported rules between two different items, each once for two items, the gravest first.

    Something told that is not in our data (`unknown`) is found by its name as the file writes it, letter by letter.
    """
    indexed = rules if isinstance(rules, Indexed) else Indexed(rules)
    taken = [*(_Taken(item.index, item.substances) for item in items), *map(_named, unknown)]
    found: dict[tuple[object, ...], ImportedHit] = {}
    for first, second in permutations(taken, 2):
        for hit in _between(indexed, first, second):
            found.setdefault(_said(hit), hit)
    return tuple(sorted(found.values(), key=_order))


def _between(indexed: Indexed, first: _Taken, second: _Taken) -> Iterator[ImportedHit]:
    for a in first.keys:
        for b in second.keys:
            if a == b:
                continue
            for number in sorted(indexed.between(a, b)):
                rule = indexed.rules[number]
                if _complete(rule, first, second):
                    yield ImportedHit(rule=rule, items=(first.item, second.item), about=(_shown(a), _shown(b)))


def _complete(rule: ImportedRule, first: _Taken, second: _Taken) -> bool:
    """Whether a product that the rule speaks of as a whole is taken as a whole."""
    whole_a = not rule.whole_a or set(rule.substances_a) <= set(first.keys)
    whole_b = not rule.whole_b or set(rule.substances_b) <= set(second.keys)
    return whole_a and whole_b


def _keys(substances: tuple[str, ...], name: str) -> tuple[str, ...]:
    return substances or (f"={fold(name)}",)


def _named(unknown: Unknown) -> _Taken:
    return _Taken(unknown.index, (f"={fold(unknown.name)}",) if fold(unknown.name) else ())


def _shown(key: str) -> str:
    return key.removeprefix("=")


def _said(hit: ImportedHit) -> tuple[object, ...]:
    """What makes two hits say the same: files name a pair in both orders, and overlap."""
    rule = hit.rule
    return (frozenset(hit.items), rule.origin, rule.source.title, rule.level, rule.text)


def _order(hit: ImportedHit) -> tuple[int, tuple[int, int], str, str, str]:
    severity = hit.rule.severity
    rank = SEVERITIES.index(severity) if severity else len(SEVERITIES)
    return (rank, hit.items, hit.rule.origin, hit.rule.level, hit.rule.place)
