"""Which rules speak of what: classes opened into their members, exceptions left out, looked up without a walk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from helder.knowledge.model import Caution, Interaction, Knowledge


def meant(knowledge: Knowledge, side: str, except_: Iterable[str] = ()) -> frozenset[str]:
    """The substances that a side of a rule speaks of: itself, or the members of the class."""
    group = knowledge.classes.get(side)
    return frozenset(group.members if group else (side,)) - frozenset(except_)


def holds_in(countries: Sequence[str], country: str) -> bool:
    """Whether what is said of some countries holds in this one (ISO 3166-1 alpha-2); none named: in all."""
    return not countries or country in countries


def concerns(knowledge: Knowledge, rule: Interaction, taken: Iterable[str]) -> bool:
    """Whether a rule speaks of two different substances among those taken."""
    first, second = (meant(knowledge, side, rule.except_) for side in rule.between)
    return any(a != b and a in first and b in second for a in taken for b in taken)


class Reach:
    """The rules of one base by substance. Build once, ask often."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.classes: dict[str, frozenset[str]] = _memberships(knowledge)
        self._interactions: dict[str, dict[str, None]] = defaultdict(dict)
        for id_, rule in knowledge.interactions.items():
            for side in rule.between:
                self._interactions[side][id_] = None
        self._cautions: dict[str, list[str]] = defaultdict(list)
        for id_, caution in knowledge.cautions.items():
            self._cautions[caution.of].append(id_)

    def sides(self, substance: str) -> frozenset[str]:
        """What a rule may call a substance: its id and its classes."""
        return self.classes.get(substance, frozenset()) | {substance}

    def about(self, substance: str) -> tuple[str, ...]:
        """The interactions that speak of a substance, by itself or by a class of it."""
        found = {id_ for side in self.sides(substance) for id_ in self._interactions.get(side, ())}
        return tuple(sorted(id_ for id_ in found if substance not in self.knowledge.interactions[id_].except_))

    def between(self, a: str, b: str) -> tuple[tuple[str, bool], ...]:
        """The interactions between two substances: rule id, and whether `b` is the rule's first side."""
        found = []
        sides_a, sides_b = self.sides(a), self.sides(b)
        for id_ in self.about(a):
            rule = self.knowledge.interactions[id_]
            if b in rule.except_:
                continue
            first, second = rule.between
            if first in sides_a and second in sides_b:
                found.append((id_, False))
            elif first in sides_b and second in sides_a:
                found.append((id_, True))
        return tuple(found)

    def cautions(self, substance: str) -> tuple[tuple[str, Caution], ...]:
        """The cautions about a substance, by itself or by a class of it."""
        ids = sorted(id_ for side in self.sides(substance) for id_ in self._cautions.get(side, ()))
        known = self.knowledge.cautions
        return tuple((id_, known[id_]) for id_ in ids if substance not in known[id_].except_)


def _memberships(knowledge: Knowledge) -> dict[str, frozenset[str]]:
    of: dict[str, set[str]] = defaultdict(set)
    for id_, group in knowledge.classes.items():
        for member in group.members:
            of[member].add(id_)
    return {substance: frozenset(classes) for substance, classes in of.items()}
