"""Items and a day → a plan: the fewest moments that keep every rule, or the smallest set of rules that cannot be kept.

The plan is a repeating day. It is searched on half hours first and refined to quarters; meals, waking, bed, visits and
what was really taken stand at their own minute. Nothing that a label forbids is ever relaxed: where the rules cannot
all be kept, the answer is the conflict and what a person may change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import permutations
from typing import Literal

from msgspec import Struct, structs

from helder.medicines.asked import Taker
from helder.medicines.model import Item
from helder.medicines.plan.conflict import minimal_conflict
from helder.medicines.plan.day import MINUTES, SHORT_NIGHT, Day
from helder.medicines.plan.rules import (
    EVEN,
    LOOSE,
    DayRule,
    Dose,
    allows_time,
    doses_of,
    gap,
    in_part,
    rules_of,
    timing_of,
)
from helder.medicines.plan.solve import OutOfTimeError, Problem, Solution, Spare, possible, solve

STEPS = (30, 15)
MEAL_SHIFTS = (-60, -30, 30, 60, 90)
LONGER = 60
MOST_DOSES = 120
"""Beyond, the day is not planned: nobody takes so much, and the tables alone would take longer than anybody waits."""
RepairKind = Literal["move_meal", "longer_day", "fewer", "ask_prescriber"]
RULE_ORDER = ("taken", "visits", "food", "part_of_day", "first", "alone", "apart", "interval", "spread")


class Moment(Struct, frozen=True):
    """A time of the day at which something is taken, and the doses."""

    minute: int
    doses: tuple[Dose, ...]


class Gap(Struct, frozen=True):
    """Hours that the plan keeps: from the first item's dose to the second's, what is needed and what there is."""

    rule: DayRule
    first: int
    second: int
    needs: int
    has: int


class Repair(Struct, frozen=True, kw_only=True):
    """A change after which there is a plan; cheaper ones first. Never one that a label forbids."""

    kind: RepairKind
    cost: int
    whole: bool
    """True: then there is a plan for everything; False: this conflict is gone, others stay."""
    items: tuple[int, ...] = ()
    meal: int | None = None
    to: int | None = None


class Plan(Struct, frozen=True, kw_only=True):
    """The day. `proven`: no plan has fewer moments. `short_night`: gaps that the night of summer time would break."""

    day: Day
    moments: tuple[Moment, ...]
    gaps: tuple[Gap, ...]
    proven: bool
    loose: bool = False
    """Doses of one item stand closer than an even spacing: else there would be no plan."""
    as_needed: tuple[int, ...] = ()
    short_night: tuple[Gap, ...] = ()


class Conflict(Struct, frozen=True, kw_only=True):
    """Rules of which each is needed: together they leave no plan."""

    day: Day
    rules: tuple[DayRule, ...]
    repairs: tuple[Repair, ...]
    minimal: bool = True
    """False: the time was over before it was proved that no rule can be left out."""


class GaveUp(Struct, frozen=True):
    """The time was over: neither a plan nor a proof that there is none."""

    day: Day


class Planner:
    """Plans days over one base. `spare` says whether there is time left; without time left the answer says so."""

    def __init__(self, taker: Taker, spare: Spare = lambda: True) -> None:
        self.taker, self.spare = taker, spare

    def plan(
        self, items: Sequence[Item], day: Day, taken: Mapping[int, Sequence[int]] | None = None, now: int | None = None
    ) -> Plan | Conflict | GaveUp:
        """The day, or the day that is left: `taken` holds what was really taken of each item, `now` begins the rest."""
        had = tuple(_taken(taken or {}, items))
        try:
            if now is not None:
                items = self._left(items, day, taken or {}, now)
            for spread in (EVEN, LOOSE):
                rules = (*self._rules(items, day, spread), *had)
                found = self._solve(items, day, rules, now)
                if found is not None:
                    return structs.replace(self._told(items, day, rules, *found), loose=spread == LOOSE)
            return self._conflict(items, day, rules, had, now)
        except OutOfTimeError:
            return GaveUp(day)

    def _rules(self, items: Sequence[Item], day: Day, spread: Fraction = LOOSE) -> tuple[DayRule, ...]:
        return rules_of(self.taker, items, day, spread)

    def _left(self, items: Sequence[Item], day: Day, taken: Mapping[int, Sequence[int]], now: int) -> list[Item]:
        """The items with what was taken and what is still to come: a dose that was missed is not made up for."""
        usual = self.plan(items, day)
        if not isinstance(usual, Plan):
            return list(items)
        to_come = Counter(dose.item for m in usual.moments if m.minute >= now for dose in m.doses)
        left = []
        for item in items:
            told = int(item.times_a_day or 1)
            times = min(told, len(taken.get(item.index, ())) + to_come[item.index])
            if item.as_needed or times:
                left.append(item if item.as_needed else structs.replace(item, times_a_day=Decimal(times)))
        return left

    # --- searching -----------------------------------------------------------------------------------

    def _solve(
        self, items: Sequence[Item], day: Day, rules: Sequence[DayRule], now: int | None
    ) -> tuple[tuple[int, ...], Solution] | None:
        """On half hours first; then on quarters, which may do with fewer moments, and whose proof counts."""
        best: tuple[tuple[int, ...], Solution] | None = None
        for step in STEPS:
            if best and not self.spare():
                break
            slots = slots_of(day, rules, step)
            try:
                solution = solve(self._problem(items, day, rules, slots, now), self.spare)
            except OutOfTimeError:
                if best is None and step == STEPS[-1]:
                    raise
                continue
            if solution and (best is None or _better(solution, best[1])):
                best = (slots, solution)
            elif best and solution:
                best = (best[0], replace_proof(best[1], solution))
        return best

    def _problem(
        self, items: Sequence[Item], day: Day, rules: Sequence[DayRule], slots: Sequence[int], now: int | None
    ) -> Problem:
        doses = doses_of(items)
        if len(doses) > MOST_DOSES or not self.spare():
            raise OutOfTimeError
        had = {rule.items[0]: len(rule.minutes) for rule in rules if rule.kind == "taken"}

        def open_(dose: Dose, minute: int) -> bool:
            return now is None or minute >= now or dose.number < had.get(dose.item, 0)

        domains = tuple(
            sum(
                1 << index
                for index, minute in enumerate(slots)
                if open_(dose, minute)
                and all(allows_time(rule, dose, minute, day) for rule in _binding(rules, dose, had))
            )
            for dose in doses
        )
        habits = {item.index: self._habits(item, day) for item in items}
        costs = tuple(tuple(_cost(habits[dose.item], dose, minute) for minute in slots) for dose in doses)
        pairs = _pairs(doses, slots, rules, day)
        past = {index for index, dose in enumerate(doses) if dose.number < had.get(dose.item, 0)}
        return Problem(domains, costs, {(i, j): table for (i, j), table in pairs if i not in past or j not in past})

    def _habits(self, item: Item, day: Day) -> tuple[int, ...]:
        """When one is used to taking it: as told, else as the source prefers, else with meals."""
        if item.at:
            return tuple(day.on(minute) for minute in item.at)
        if item.parts_of_day:
            return tuple(_moment_of(part, day) for part in item.parts_of_day)
        usual = day.meals or (day.wake,)
        for substance in item.substances:
            found = timing_of(self.taker.reach, substance, item.dosage_form, self.taker.country)
            if found and found[1].part_of_day:
                fitting = [m for m in (day.wake, *usual, day.bed) if in_part(found[1].part_of_day[0], m, day)]
                return (fitting[-1 if found[1].part_of_day[0] == "bedtime" else 0],) if fitting else usual
        return usual

    # --- telling -------------------------------------------------------------------------------------

    def _told(
        self, items: Sequence[Item], day: Day, rules: Sequence[DayRule], slots: Sequence[int], solution: Solution
    ) -> Plan:
        doses = doses_of(items)
        at = {dose: slots[slot] for dose, slot in zip(doses, solution.slots, strict=True)}
        moments = tuple(
            Moment(minute, tuple(dose for dose in doses if at[dose] == minute)) for minute in sorted(set(at.values()))
        )
        gaps = tuple(_gaps(rules, at))
        return Plan(
            day=day,
            moments=moments,
            gaps=gaps,
            proven=solution.proven,
            as_needed=tuple(item.index for item in items if item.as_needed),
            short_night=tuple(
                gap for gap in gaps if _over_night(gap, at) and gap.has - (MINUTES - SHORT_NIGHT) < gap.needs
            ),
        )

    def _conflict(
        self, items: Sequence[Item], day: Day, rules: Sequence[DayRule], had: Sequence[DayRule], now: int | None
    ) -> Conflict:
        if not self.spare():
            raise OutOfTimeError
        few = minimal_conflict(items, lambda some: self._possible(some, day, _about(rules, some), now)) or tuple(items)
        ordered = sorted(_about(rules, few), key=lambda rule: RULE_ORDER.index(rule.kind))
        conflict = minimal_conflict(ordered, lambda some: self._possible(few, day, some, now)) or tuple(ordered)
        involved = {index for rule in conflict for index in rule.items}
        some = [item for item in items if item.index in involved]
        repairs = sorted(self._repairs(items, some, day, had, now), key=lambda repair: (not repair.whole, repair.cost))
        return Conflict(day=day, rules=conflict, repairs=tuple(repairs), minimal=self.spare())

    def _possible(self, items: Sequence[Item], day: Day, rules: Sequence[DayRule], now: int | None) -> bool:
        """Whether any plan keeps these rules. What could not be settled in time counts as possible."""
        if not self.spare():
            return True
        slots = slots_of(day, rules, STEPS[-1])
        try:
            return possible(self._problem(items, day, rules, slots, now), self.spare)
        except OutOfTimeError:
            return True

    def _repairs(
        self, items: Sequence[Item], some: Sequence[Item], day: Day, had: Sequence[DayRule], now: int | None
    ) -> Iterator[Repair]:
        """What a person may change to leave this conflict, and last whom to ask; `whole`: then there is a plan."""

        def solves(change: Callable[[Sequence[Item]], Sequence[Item]], on: Day) -> bool | None:
            """True: a plan for everything; False: only this conflict is gone; None: it stays."""
            if not self._keeps(change(some), on, had, now):
                return None
            return self._keeps(change(items), on, had, now)

        for meal in range(len(day.meals)):
            for shift in sorted(MEAL_SHIFTS, key=abs):
                moved = _moved(day, meal, shift)
                whole = solves(lambda same: same, moved) if moved else None
                if moved and whole is not None:
                    cost = abs(shift)
                    yield Repair(kind="move_meal", cost=cost, meal=meal, to=moved.meals[meal], whole=whole)
                    break
        longer = structs.replace(day, bed=day.bed + LONGER)
        if longer.bed - longer.wake < MINUTES and (whole := solves(lambda same: same, longer)) is not None:
            yield Repair(kind="longer_day", cost=80, to=longer.bed, whole=whole)
        taken = {index for rule in had for index in rule.items}
        for item in some:
            if item.index in taken:
                continue
            times = int(item.times_a_day or 1)
            for fewer in range(times - 1, -1, -1) if self._own_choice(item) else ():
                whole = solves(lambda all_, item=item, fewer=fewer: _only(all_, item, fewer), day)  # type: ignore[misc]
                if whole is not None:
                    cost = 120 * (times - fewer)
                    yield Repair(kind="fewer", cost=cost, items=(item.index,), to=fewer, whole=whole)
                    break
        yield Repair(kind="ask_prescriber", cost=1000, items=tuple(item.index for item in some), whole=False)

    def _keeps(self, items: Sequence[Item], day: Day, had: Sequence[DayRule], now: int | None) -> bool:
        """Whether these items have a plan for certain."""
        if not self.spare():
            return False
        there = {item.index for item in items}
        rules = (*self._rules(items, day), *(rule for rule in had if set(rule.items) <= there))
        slots = slots_of(day, rules, STEPS[0])
        try:
            return possible(self._problem(items, day, rules, slots, now), self.spare)
        except OutOfTimeError:
            return False

    def _own_choice(self, item: Item) -> bool:
        """Whether it is a supplement that nobody prescribed: only of such a one may a dose be left out."""
        kinds = {self.taker.reach.knowledge.substances[substance].kind for substance in item.substances}
        return not item.prescribed and "medicine" not in kinds


def _binding(rules: Sequence[DayRule], dose: Dose, had: Mapping[int, int]) -> Sequence[DayRule]:
    """What was really taken is a fact: no rule about food or hours can undo it."""
    if dose.number < had.get(dose.item, 0):
        return [rule for rule in rules if rule.kind == "taken"]
    return rules


def _about(rules: Sequence[DayRule], items: Sequence[Item]) -> tuple[DayRule, ...]:
    """The rules that speak of these items only."""
    there = {item.index for item in items}
    return tuple(rule for rule in rules if set(rule.items) <= there)


def _pairs(
    doses: Sequence[Dose], slots: Sequence[int], rules: Sequence[DayRule], day: Day
) -> Iterator[tuple[tuple[int, int], tuple[int, ...]]]:
    """For every two doses that bind each other, the slots that one leaves to the other."""
    made: dict[tuple[int, int, bool, int], tuple[int, ...]] = {}
    meals = sum(1 << index for index, minute in enumerate(slots) if minute in day.meals)
    for i, j in permutations(range(len(doses)), 2):
        a, b = doses[i], doses[j]
        forth, back, together = _least(rules, a, b)
        order = (a.number > b.number) - (a.number < b.number) if a.item == b.item else 0
        if forth or back or order:
            key = (forth, back, together, order)
            if key not in made:
                made[key] = _table(slots, forth, back, meals if together else 0, order)
            yield (i, j), made[key]


def _least(rules: Sequence[DayRule], a: Dose, b: Dose) -> tuple[int, int, bool]:
    """The gaps both ways that all rules together ask for, and whether one meal does instead."""
    asked = [(rule, *gap(rule, a, b)) for rule in rules]
    asked = [(rule, forth, back) for rule, forth, back in asked if forth or back]
    together = bool(asked) and all(rule.same_meal for rule, _, _ in asked)
    return max((forth for _, forth, _ in asked), default=0), max((back for _, _, back in asked), default=0), together


def _table(slots: Sequence[int], forth: int, back: int, meals: int, order: int) -> tuple[int, ...]:
    """Slot by slot of the first dose, the slots of the second. `order`: below 0 the first dose is the earlier one."""
    rows = []
    for index, at in enumerate(slots):
        mask = 0
        for other, then in enumerate(slots):
            late = (then - at) % MINUTES >= forth and (at - then) % MINUTES >= back
            if late and (not order or (at < then if order < 0 else then < at)):
                mask |= 1 << other
        rows.append(mask | (meals & 1 << index))
    return tuple(rows)


def slots_of(day: Day, rules: Sequence[DayRule], step: int) -> tuple[int, ...]:
    """The times at which something may be taken: a grid from waking, and the day's own moments."""
    own = {day.wake, day.bed, *day.meals, *day.visits, *day.snacks}
    own |= {minute for rule in rules for minute in rule.minutes}
    return tuple(sorted({*range(day.wake, day.bed + 1, step), *own}))


def _taken(taken: Mapping[int, Sequence[int]], items: Sequence[Item]) -> Iterator[DayRule]:
    for item in items:
        if taken.get(item.index):
            yield DayRule(kind="taken", items=(item.index,), minutes=tuple(sorted(taken[item.index])))


def _better(solution: Solution, other: Solution) -> bool:
    return (solution.moments, solution.cost) <= (other.moments, other.cost)


def _moment_of(part: str, day: Day) -> int:
    """When a part of the day is, for who told no hour: the meal in it, or bedtime."""
    fitting = [minute for minute in (*day.meals, day.bed) if in_part("midday" if part == "noon" else part, minute, day)]
    return day.bed if part == "bedtime" or not fitting else fitting[0]


def _cost(habits: Sequence[int], dose: Dose, minute: int) -> int:
    """Minutes from the habit; of several habits the dose's own in order, where there is one for each."""
    if len(habits) == dose.of:
        return abs(minute - habits[dose.number])
    return min(abs(minute - habit) for habit in habits)


def _gaps(rules: Sequence[DayRule], at: Mapping[Dose, int]) -> Iterator[Gap]:
    """For each separation, both ways, the shortest time that the plan leaves."""
    for rule in rules:
        if rule.kind != "apart":
            continue
        for first, second, needs in ((*rule.items, rule.first_then), (*rule.items[::-1], rule.second_then)):
            waits = [(at[b] - at[a]) % MINUTES for a in at if a.item == first for b in at if b.item == second]
            if waits and needs > 1:
                yield Gap(rule, first, second, needs, min(waits))


def _over_night(gap: Gap, at: Mapping[Dose, int]) -> bool:
    """Whether the shortest wait runs through the night."""
    return any(
        at[b] < at[a] and (at[b] - at[a]) % MINUTES == gap.has
        for a in at
        if a.item == gap.first
        for b in at
        if b.item == gap.second
    )


def _moved(day: Day, meal: int, shift: int) -> Day | None:
    meals = [*day.meals]
    meals[meal] += shift
    between = day.wake <= meals[meal] <= day.bed
    if not between or sorted(set(meals)) != meals:
        return None
    return Day(wake=day.wake, bed=day.bed, meals=tuple(meals), visits=day.visits)


def _only(items: Sequence[Item], less: Item, times: int) -> list[Item]:
    """The items with one of them taken fewer times a day; none: left out."""
    made = structs.replace(less, times_a_day=Decimal(times), at=())
    return [made if item.index == less.index else item for item in items if item.index != less.index or times]


def replace_proof(kept: Solution, finer: Solution) -> Solution:
    """A plan from the coarse times, with the proof of the finer search where that found none with fewer moments."""
    return replace(kept, proven=finer.proven and finer.moments >= kept.moments)


__all__ = ["Conflict", "Gap", "GaveUp", "Moment", "Plan", "Planner", "Repair", "in_part", "slots_of"]
