"""The solver against a slow twin, and the words of the day plan's own rules."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from helder.medicines.plan.conflict import minimal_conflict
from helder.medicines.plan.solve import OutOfTimeError, Problem, Solution, solve

SLOTS = 6


@st.composite
def problems(draw) -> Problem:
    """Two to four doses over six slots, with any allowed times, costs and pair tables."""
    count = draw(st.integers(2, 4))
    masks = st.integers(0, (1 << SLOTS) - 1)
    domains = tuple(draw(masks) for _ in range(count))
    costs = tuple(tuple(draw(st.integers(0, 9)) for _ in range(SLOTS)) for _ in range(count))
    pairs = {}
    for i in range(count):
        for j in range(i + 1, count):
            if draw(st.booleans()):
                forth = [draw(masks) for _ in range(SLOTS)]
                back = [sum(1 << a for a in range(SLOTS) if forth[a] >> b & 1) for b in range(SLOTS)]
                pairs[i, j], pairs[j, i] = tuple(forth), tuple(back)
    return Problem(domains, costs, pairs)


def valid(problem: Problem, slots: tuple[int, ...]) -> bool:
    inside = all(problem.domains[i] >> slot & 1 for i, slot in enumerate(slots))
    return inside and all(table[slots[i]] >> slots[j] & 1 for (i, j), table in problem.pairs.items())


def slow_twin(problem: Problem) -> tuple[int, int] | None:
    """Every plan there is: the fewest moments, and among those the least cost."""
    plans = product(range(SLOTS), repeat=len(problem.domains))
    scored = [
        (len(set(slots)), sum(problem.costs[i][slot] for i, slot in enumerate(slots)))
        for slots in plans
        if valid(problem, slots)
    ]
    return min(scored, default=None)


@given(problems())
def test_the_solver_finds_what_trying_everything_finds(problem: Problem) -> None:
    found = solve(problem)
    best = slow_twin(problem)
    assert (found is None) == (best is None)
    if found:
        assert valid(problem, found.slots)
        assert found.proven
        assert (found.moments, found.cost) == best


@given(problems(), st.integers(0, 3))
def test_without_time_it_claims_no_proof(problem: Problem, looks: int) -> None:
    """A search that is cut off gives a valid plan, or says that it gave up; "no plan" stays a proof."""
    left = iter(range(looks))
    try:
        found = solve(problem, lambda: next(left, None) is not None)
    except OutOfTimeError:
        return
    if isinstance(found, Solution):
        assert valid(problem, found.slots)
    else:
        assert slow_twin(problem) is None


@given(st.lists(st.frozensets(st.integers(0, 7), min_size=1, max_size=3), min_size=1, max_size=4))
def test_a_conflict_is_one_and_no_rule_of_it_can_be_left_out(forbidden) -> None:
    """Rules 0 to 7; some sets of them cannot hold together."""

    def possible(rules) -> bool:
        return not any(bad <= set(rules) for bad in forbidden)

    conflict = minimal_conflict(range(8), possible)
    assert not possible(conflict)
    assert all(possible([rule for rule in conflict if rule != left_out]) for left_out in conflict)


def test_where_there_is_no_conflict_there_is_none() -> None:
    assert minimal_conflict(range(8), lambda rules: True) == ()
