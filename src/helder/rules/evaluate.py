"""Rule and person -> true, false, or unknown and what would decide it.

`simplify` puts in what is known and works out what follows; `pregnant or not pregnant` is left standing.
`evaluate` goes on: it puts in every answer that the facts still asked about can have, one after another, and
so grows the decision diagram of the rule (Bryant 1986): equal remainders are one node, and where all answers
lead to one place there is no node. Hence it is exact: unknown means that both are possible, and the facts
that stand in the diagram are those, and only those, whose answer can make a difference.

A number has as many answers as the thresholds of the rule leave places for it: below, at, between, above.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import combinations

from msgspec import Struct, structs

from helder.person import CONSEQUENCES, Fact, Person, fact
from helder.quantities import (
    ANYTHING,
    Comparator,
    Interval,
    Kind,
    Quantity,
    base_value,
    compare_intervals,
    interval,
    parse_unit,
)
from helder.rules.model import (
    TIMES,
    Always,
    Atom,
    Compare,
    Never,
    OfSex,
    Rule,
    all_of,
    atoms,
    facts_of,
    replace,
)

MOST_FACTS, MOST_REMAINDERS = 150, 1_000
"""How far a diagram grows. Beyond, a verdict is what `simplify` left: never wrong, but it may be unknown
where it could be certain, and may ask for more than it needs."""

Answer = bool | str | Interval
Variable = tuple[Fact, Kind]
"""What is asked: a fact, and of a number which kind, since mg/dL says nothing about mmol/L."""


class Verdict(Struct, frozen=True):
    """Whether a rule holds for a person: True, False, or None and the facts that would decide it, sorted.

    Learning all of `depends_on` decides; nothing stands there whose answer could not change the outcome.
    """

    truth: bool | None
    depends_on: tuple[Fact, ...] = ()


def evaluate(rule: Rule, person: Person) -> Verdict:
    """Whether the rule holds for the person, and if that is unknown, what would tell."""
    rest = simplify(rule, person)
    if isinstance(rest, Always | Never):
        return Verdict(isinstance(rest, Always))
    try:
        return _decide(rest, person)
    except _TooWideError:
        return Verdict(None, tuple(sorted(facts_of(rest))))


def simplify(rule: Rule, person: Person) -> Rule:
    """What remains of a rule for a person: `everyone`, `nobody`, or a rule over what is not known."""
    return replace(rule, lambda atom: _settled(atom, _known(atom, person)))


def overlap(rules: Iterable[Rule]) -> list[tuple[int, int]]:
    """The positions of every two rules that can hold for one person."""
    pairs = combinations(enumerate(rules), 2)
    return [(i, j) for (i, a), (j, b) in pairs if evaluate(all_of((a, b)), Person()).truth is not False]


# --- What an answer settles ---------------------------------------------------------------------------------


def _settled(atom: Atom, answer: Answer | None) -> Rule:
    """`everyone` or `nobody`, or the atom itself where the answer does not settle it."""
    truth = None if answer is None else _truth(atom, answer)
    return atom if truth is None else Always() if truth else Never()


def _truth(atom: Atom, answer: Answer) -> bool | None:
    if isinstance(atom, Compare) and isinstance(answer, tuple):
        parts = [compare_intervals(answer, op, ((at, 0), (at, 0))) for op, at in _thresholds(atom)]
        return False if False in parts else None if None in parts else True
    return answer == (atom.sex if isinstance(atom, OfSex) else True)


def _known(atom: Atom, person: Person) -> Answer | None:
    """What the person's record answers. 8 years are all that is from the eighth birthday to the ninth."""
    told = fact(person, atom.fact.name, atom.fact.argument)
    if not isinstance(told, Quantity):
        return told
    if _variable(atom)[1] != parse_unit(told.unit).kind:
        return None
    completed = atom.fact.name in TIMES and told.comparator is Comparator.EQ and told.value % 1 == 0
    return (interval(told)[0], (_next(told), -1)) if completed else interval(told)


@lru_cache(maxsize=4096)
def _thresholds(atom: Compare) -> list[tuple[Comparator, Fraction]]:
    """What a comparison asks of a number in base units. Over 8 years is from the ninth birthday on."""
    at, after = base_value(atom.quantity), _next(atom.quantity)
    completed = {
        Comparator.EQ: [(Comparator.GE, at), (Comparator.LT, after)],
        Comparator.LE: [(Comparator.LT, after)],
        Comparator.GT: [(Comparator.GE, after)],
    }
    plain = [(atom.op, at)]
    return completed.get(atom.op, plain) if atom.fact.name in TIMES else plain


def _next(quantity: Quantity) -> Fraction:
    """Where the next whole unit begins."""
    return base_value(structs.replace(quantity, value=quantity.value + 1))


# --- Every answer there can be ------------------------------------------------------------------------------


class _TooWideError(Exception):
    """The diagram would grow beyond its bounds."""


def _decide(rest: Rule, person: Person) -> Verdict:
    """The verdict on what remains of a rule, by its diagrams.

    Two, since answers may follow from each other (CONSEQUENCES): with the sex asked first, only it can stand
    in the diagram needlessly; with the sex asked last, only the others. What stands in both is needed.
    """
    answers = _answers(rest, person)
    if len(answers) > MOST_FACTS:
        raise _TooWideError
    needed = set(answers)
    for sex_last in (False, True):
        diagram = _Diagram(answers, sorted(answers, key=lambda asked: (asked[0].name == "sex") is sex_last))
        root = diagram.grow(rest)
        needed &= diagram.asked[root]
    if not needed:
        return Verdict(root == _YES)
    return Verdict(None, tuple(sorted({asked for asked, _ in needed})))


def _variable(atom: Atom) -> Variable:
    return atom.fact, parse_unit(atom.quantity.unit).kind if isinstance(atom, Compare) else ()


def _answers(rule: Rule, person: Person) -> dict[Variable, Sequence[Answer]]:
    """Every answer that can still make a difference to a rule, in the order of its text."""
    asked: dict[Variable, list[Atom]] = {}
    for atom in atoms(rule):
        asked.setdefault(_variable(atom), []).append(atom)
    return {variable: _possible(same, person) for variable, same in asked.items()}


def _possible(same: list[Atom], person: Person) -> Sequence[Answer]:
    """The answers that atoms about one and the same thing tell apart."""
    cuts = {at for atom in same if isinstance(atom, Compare) for _, at in _thresholds(atom)}
    if not cuts:
        return ("F", "M") if isinstance(same[0], OfSex) else (True, False)
    known = _known(same[0], person)
    return _places(cuts, known if isinstance(known, tuple) else ANYTHING)


def _places(cuts: set[Fraction], known: Interval) -> list[Interval]:
    """The pieces into which cuts divide what is known of a number."""
    ends = [ANYTHING[0], *((at, side) for at in sorted(cuts) for side in (-1, 0, 0, 1)), ANYTHING[1]]
    pieces = zip(ends[::2], ends[1::2], strict=True)
    within = ((max(low, known[0]), min(high, known[1])) for low, high in pieces)
    return [piece for piece in within if piece[0] <= piece[1]]


def _assume(rule: Rule, asked: Variable, answer: Answer) -> Rule:
    """What remains of a rule after an answer and all that follows from it."""
    known: dict[Variable, Answer] = {asked: answer}
    for given, (name, then) in CONSEQUENCES:
        if given == (asked[0].name, answer):
            known[Fact(name), ()] = then
    return replace(rule, lambda atom: _settled(atom, known.get(_variable(atom))))


_NO, _YES = 0, 1


class _Diagram:
    """A decision diagram: nodes are numbers, and rules that mean the same are one node."""

    def __init__(self, answers: dict[Variable, Sequence[Answer]], order: list[Variable]) -> None:
        self.answers, self.order = answers, {variable: place for place, variable in enumerate(order)}
        self.nodes: dict[tuple[Variable, tuple[int, ...]], int] = {}
        self.asked: list[frozenset[Variable]] = [frozenset(), frozenset()]
        self.grown: dict[Rule, int] = {Never(): _NO, Always(): _YES}

    def grow(self, rule: Rule) -> int:
        """The node of a rule; what is asked there and below it stands in `asked`."""
        if rule not in self.grown:
            if len(self.grown) > MOST_REMAINDERS:
                raise _TooWideError
            asked = min(map(_variable, atoms(rule)), key=self.order.__getitem__)
            nodes = [self.grow(_assume(rule, asked, answer)) for answer in self.answers[asked]]
            self.grown[rule] = nodes[0] if len(set(nodes)) == 1 else self.node(asked, tuple(nodes))
        return self.grown[rule]

    def node(self, asked: Variable, nodes: tuple[int, ...]) -> int:
        if (asked, nodes) not in self.nodes:
            self.nodes[asked, nodes] = len(self.asked)
            self.asked.append(frozenset({asked}).union(*(self.asked[each] for each in nodes)))
        return self.nodes[asked, nodes]
