"""The smallest number of moments for doses with allowed times and directed gaps, and a proof that there is no smaller.

A small constraint solver over bit sets: a domain is an integer whose bit `t` says that the dose may be taken in slot
`t`. Arc consistency (Mackworth 1977) removes times without support; the search deepens over the number of moments, so
the first plan found has the fewest; within that number, branch and bound looks for the one nearest to habits.

Pure. The clock is the caller's: `spare` says whether there is time left; a search cut off says that it proved nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

Spare = Callable[[], bool]
IMPROVE = 3_000
"""How many steps the search goes on to come nearer to habits, once the smallest number of moments is found."""
ASK_EVERY = 16
"""How many steps of the search pass between two looks at the clock."""


@dataclass(frozen=True)
class Problem:
    """Doses to place. `domains[i]`: allowed slots; `costs[i][t]`: how far slot t is from what one is used to;
    `pairs[i, j][t]`: the slots that dose j may have when dose i has slot t (both directions are given)."""

    domains: tuple[int, ...]
    costs: tuple[tuple[int, ...], ...]
    pairs: dict[tuple[int, int], tuple[int, ...]]


@dataclass(frozen=True)
class Solution:
    """A slot for every dose. `proven`: no plan has fewer moments. `best`: none with as many is nearer to habits."""

    slots: tuple[int, ...]
    moments: int
    cost: int
    proven: bool
    best: bool


class OutOfTimeError(Exception):
    """The time was over before any plan was found, and before it was proved that there is none."""


class _FoundError(Exception):
    """Not an error: the first plan, from deep in the search."""


@dataclass
class _Search:
    problem: Problem
    spare: Spare
    neighbours: tuple[tuple[tuple[int, tuple[int, ...]], ...], ...] = field(init=False)
    found: tuple[int, ...] | None = None
    cost: int = 0
    steps: int = 0
    improving: int = 0
    first: bool = False
    """Content with the first plan."""

    def __post_init__(self) -> None:
        around: list[list[tuple[int, tuple[int, ...]]]] = [[] for _ in self.problem.domains]
        for (i, j), allowed in self.problem.pairs.items():
            around[i].append((j, allowed))
        self.neighbours = tuple(map(tuple, around))

    def consistent(self, domains: list[int], changed: Sequence[int]) -> list[int] | None:
        """Domains without times that no time of a neighbour supports; None where one is empty."""
        queue = list(changed)
        while queue:
            i = queue.pop()
            for j, allowed in self.neighbours[i]:
                support, rest = 0, domains[i]
                while rest:
                    lowest = rest & -rest
                    support |= allowed[lowest.bit_length() - 1]
                    rest ^= lowest
                narrowed = domains[j] & support
                if narrowed != domains[j]:
                    if not narrowed:
                        return None
                    domains[j] = narrowed
                    queue.append(j)
        return domains

    def fewest(self, domains: Sequence[int], open_: frozenset[int], used: int) -> int:
        """A lower bound on the moments still to add: doses whose times touch no used moment and not each other."""
        apart: list[int] = []
        for i in sorted(open_, key=lambda dose: domains[dose].bit_count()):
            if not domains[i] & used and all(not domains[i] & other for other in apart):
                apart.append(domains[i])
        return len(apart)

    def within(self, most: int, domains: list[int], open_: frozenset[int], used: int, cost: int) -> None:
        """Search for the cheapest plan of at most `most` moments; keeps the best in `found`."""
        self.steps += 1
        if self.steps % ASK_EVERY == 0 and not self.spare():
            raise OutOfTimeError
        if self.found is not None:
            self.improving += 1
            if self.improving > IMPROVE:
                raise OutOfTimeError
        moments = used.bit_count()
        if moments + self.fewest(domains, open_, used) > most:
            return
        if moments == most:
            narrowed = [domain & used if i in open_ else domain for i, domain in enumerate(domains)]
            if not all(narrowed):
                return
            settled = self.consistent(narrowed, list(open_))
            if settled is None:
                return
            domains = settled
        least = cost + sum(self.cheapest(i, domains[i]) for i in open_)
        if self.found is not None and least >= self.cost:
            return
        if not open_:
            self.found, self.cost = tuple(domain.bit_length() - 1 for domain in domains), cost
            if self.first:
                raise _FoundError
            return
        chosen = min(open_, key=lambda i: (domains[i].bit_count(), -len(self.neighbours[i]), i))
        costs = self.problem.costs[chosen]
        for slot in sorted(_bits(domains[chosen]), key=lambda t: (not used >> t & 1, costs[t], t)):
            tried = list(domains)
            tried[chosen] = 1 << slot
            settled = self.consistent(tried, [chosen])
            if settled is not None:
                self.within(most, settled, open_ - {chosen}, used | 1 << slot, cost + costs[slot])

    def cheapest(self, dose: int, domain: int) -> int:
        costs = self.problem.costs[dose]
        return min(costs[slot] for slot in _bits(domain))


def solve(problem: Problem, spare: Spare = lambda: True) -> Solution | None:
    """The plan with the fewest moments, nearest to habits; None is a proof that no plan exists.

    Raises OutOfTimeError when neither a plan nor such a proof was found. The recursion is as deep as there are doses.
    """
    search = _Search(problem, spare)
    start = search.consistent(list(problem.domains), range(len(problem.domains))) if all(problem.domains) else None
    if start is None:
        return None
    everything = frozenset(range(len(start)))
    if not _possible(problem, start, spare):
        return None
    proven = True
    for most in range(search.fewest(start, everything, 0), len(start) + 1):
        try:
            search.within(most, list(start), everything, 0, 0)
        except OutOfTimeError:
            if search.found is not None:
                return _solution(search, proven, best=False)
            proven = False
            break
        if search.found is not None:
            return _solution(search, proven, best=True)
    return None if proven else _any(problem, start)


def possible(problem: Problem, spare: Spare = lambda: True) -> bool:
    """Whether there is any plan at all, however many moments it has. Raises OutOfTimeError."""
    search = _Search(problem, spare)
    start = search.consistent(list(problem.domains), range(len(problem.domains))) if all(problem.domains) else None
    return start is not None and _possible(problem, start, spare)


def _possible(problem: Problem, start: list[int], spare: Spare) -> bool:
    """A search that is content with the first plan: where there is none, it need not be proved for each number."""
    free = Problem(problem.domains, tuple(tuple(0 for _ in row) for row in problem.costs), problem.pairs)
    search = _Search(free, spare)
    with suppress(_FoundError):
        search.first = True
        search.within(len(start), list(start), frozenset(range(len(start))), 0, 0)
    return search.found is not None


def _any(problem: Problem, start: list[int]) -> Solution:
    """Some valid plan, when the time for the smallest is over: the first that a greedy search meets."""
    steps = iter(range(20_000))
    search = _Search(problem, lambda: next(steps, None) is not None)
    with suppress(OutOfTimeError):
        search.within(len(start), list(start), frozenset(range(len(start))), 0, 0)
    if search.found is None:
        raise OutOfTimeError
    return _solution(search, proven=False, best=False)


def _solution(search: _Search, proven: bool, best: bool) -> Solution:
    assert search.found is not None, "a plan was found"
    return Solution(search.found, len(set(search.found)), search.cost, proven, best)


def _bits(mask: int) -> Iterator[int]:
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest
