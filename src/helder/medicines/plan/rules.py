"""What the day must keep: each rule has a name, a source or the person's own day behind it, and can be left out.

Doses and rules are what the solver gets, and what a conflict is told in. Times are minutes of the person's own day;
gaps count on around the clock, so that the last dose of the evening and the first of the morning keep apart too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from helder.knowledge.model import Knowledge, Timing
from helder.knowledge.pairs import Reach, holds_in
from helder.medicines.asked import Taker
from helder.medicines.model import Item, Notice
from helder.medicines.notices import interaction_notices, least_minutes
from helder.medicines.plan.day import MINUTES, Day
from helder.quantities import Quantity, convert

RuleKind = Literal["food", "part_of_day", "spread", "interval", "first", "alone", "apart", "visits", "taken"]
MORNING, EVENING, BEDTIME = 4 * 60, 6 * 60, 60
"""How long a morning lasts from waking, an evening and bedtime before bed, in minutes: words of a label in a day."""
EVEN, LOOSE = Fraction(2, 3), Fraction(1, 2)
"""Doses of one item are at least this share of an even spacing around the clock apart, if no source gives more:
twice a day 8 hours. Looser with meals, which are not spaced evenly, and where else there would be no plan."""
EMPTY_BEFORE, EMPTY_AFTER = 60, 120
"""What the plan takes for an empty stomach where the source gives no minutes: before a meal, after a meal."""
NIGHT = 5 * 60
"""Whatever is first in a day comes at least this long after the last of the day before."""
MOST_A_DAY = 8


class Dose(Struct, frozen=True, order=True):
    """One intake a day of an item: the `number`th of `of`, from 0."""

    item: int
    number: int
    of: int


class DayRule(Struct, frozen=True, kw_only=True):
    """A rule over the doses of one item, or of two. `source` names where it stands in the base; empty: own planning."""

    kind: RuleKind
    items: tuple[int, ...]
    source: str = ""
    first_then: int = 0
    """Minutes that must pass from a dose of the first item to one of the second (`apart`, `alone`)."""
    second_then: int = 0
    same_meal: bool = False
    """`apart`: together is fine if both are taken with a meal."""
    food: Literal["with", "without"] | None = None
    before_food: int = 0
    after_food: int = 0
    parts: tuple[str, ...] = ()
    minutes: tuple[int, ...] = ()
    """`visits`: when; `taken`: when it was taken, in the order of the doses."""


def doses_of(items: Sequence[Item]) -> tuple[Dose, ...]:
    """The intakes of a day. As-needed items have no place in it; who told no number takes it once."""
    return tuple(
        Dose(item.index, number, times)
        for item in items
        if not item.as_needed
        for times in [min(int(item.times_a_day or 1), MOST_A_DAY)]
        for number in range(times)
    )


def timing_of(reach: Reach, substance: str, form: str, country: str) -> tuple[str, Timing] | None:
    """The timing that speaks most closely of a substance: its own before its class's, its form before any form."""
    best: tuple[tuple[bool, bool], str, Timing] | None = None
    sides = reach.sides(substance)
    for id_, timing in reach.knowledge.timings.items():
        here = holds_in(timing.countries, country)
        if timing.of not in sides or not here or (timing.form and timing.form.casefold() not in form.casefold()):
            continue
        rank = (timing.of != substance, not timing.form)
        if best is None or rank < best[0]:
            best = (rank, id_, timing)
    return (best[1], best[2]) if best else None


def rules_of(taker: Taker, items: Sequence[Item], day: Day, spread: Fraction = EVEN) -> tuple[DayRule, ...]:
    """Every rule that the day must keep, item by item, then pair by pair."""
    planned = [item for item in items if not item.as_needed]
    found: list[DayRule] = []
    for item in planned:
        found += _own(taker, item, spread)
    found += _apart(taker, planned)
    if day.visits:
        found += [DayRule(kind="visits", items=(item.index,), minutes=day.visits) for item in planned]
    return tuple(dict.fromkeys(found))


def _own(taker: Taker, item: Item, spread: Fraction) -> Iterator[DayRule]:
    times = min(int(item.times_a_day or 1), MOST_A_DAY)
    interval, share = 0, spread
    for substance in item.substances:
        found = timing_of(taker.reach, substance, item.dosage_form, taker.country)
        if found is None:
            continue
        source, timing = f"timings/{found[0]}", found[1]
        yield from _of_timing(item, source, timing, times)
        if timing.food == "with":
            share = LOOSE
        if timing.interval and times > 1:
            interval = max(interval, minutes(timing.interval))
            yield DayRule(kind="interval", items=(item.index,), source=source, first_then=minutes(timing.interval))
    even = int(Fraction(MINUTES, times) * share)
    if times > 1 and even > interval:
        yield DayRule(kind="spread", items=(item.index,), first_then=even)


def _of_timing(item: Item, source: str, timing: Timing, times: int) -> Iterator[DayRule]:
    """What a timing asks of the doses of one item."""
    yield from _food(item, source, timing)
    if timing.first:
        yield DayRule(kind="first", items=(item.index,), source=source)
    if timing.must and timing.part_of_day and times <= len(timing.part_of_day):
        yield DayRule(kind="part_of_day", items=(item.index,), source=source, parts=timing.part_of_day)
    if timing.alone:
        yield DayRule(kind="alone", items=(item.index,), source=source, first_then=minutes(timing.alone))


def _food(item: Item, source: str, timing: Timing) -> Iterator[DayRule]:
    if timing.food == "any":
        return
    yield DayRule(
        kind="food",
        items=(item.index,),
        source=source,
        food=timing.food,
        before_food=minutes(timing.before_food) if timing.before_food else EMPTY_BEFORE,
        after_food=minutes(timing.after_food) if timing.after_food else EMPTY_AFTER,
    )


def _apart(taker: Taker, items: Sequence[Item]) -> Iterator[DayRule]:
    """The separations between items, directed; what hangs on something unknown is kept, to be safe."""
    for notice in interaction_notices(taker.reach, taker.country, taker.person, items):
        if notice.kind == "separation":
            yield _separation(taker.reach.knowledge, notice)


def _separation(knowledge: Knowledge, notice: Notice) -> DayRule:
    rule = knowledge.interactions[notice.rule.partition("/")[2]]
    first, second = rule.between
    then, back = rule.hours.get(f"{first}_then_{second}"), rule.hours.get(f"{second}_then_{first}")
    return DayRule(
        kind="apart",
        items=notice.items,
        source=notice.rule,
        first_then=least_minutes(then) if then else 1,
        second_then=least_minutes(back) if back else 1,
        same_meal="take-with-food-together" in rule.do,
    )


def minutes(wait: Quantity) -> int:
    """A wait in whole minutes."""
    return int(convert(wait, "min").value)


# --- what a rule allows ---------------------------------------------------------------------------------------


def allows_time(rule: DayRule, dose: Dose, minute: int, day: Day) -> bool:
    """Whether a dose may be taken at a time, as far as this rule goes."""
    if dose.item not in rule.items:
        return True
    match rule.kind:
        case "food":
            return _fits_food(rule, dose, minute, day)
        case "part_of_day":
            return any(in_part(part, minute, day) for part in rule.parts)
        case "visits":
            return minute in rule.minutes
        case "taken":
            return dose.number >= len(rule.minutes) or minute == rule.minutes[dose.number]
    return True


def _fits_food(rule: DayRule, dose: Dose, minute: int, day: Day) -> bool:
    if rule.food == "with":
        eaten = day.meals if dose.of <= len(day.meals) else (*day.meals, *day.snacks)
        return minute in eaten
    return all(minute <= meal - rule.before_food or minute >= meal + rule.after_food for meal in day.meals)


def in_part(part: str, minute: int, day: Day) -> bool:
    """Whether a time lies in a part of the person's own day."""
    match part:
        case "morning":
            return minute <= day.wake + MORNING
        case "midday":
            return day.wake + MORNING <= minute <= day.bed - EVENING
        case "evening":
            return minute >= day.bed - EVENING
    return minute >= day.bed - BEDTIME


def gap(rule: DayRule, a: Dose, b: Dose) -> tuple[int, int]:
    """The minutes that must pass from dose `a` to the next `b`, and from `b` to the next `a`; around the clock."""
    same = a.item == b.item
    match rule.kind:
        case "interval" | "spread" if same and a.item in rule.items:
            return rule.first_then, rule.first_then
        case "first" if not same and a.item in rule.items:
            return 0, NIGHT
        case "first" if not same and b.item in rule.items:
            return NIGHT, 0
        case "alone" if not same and a.item in rule.items:
            return rule.first_then, 0
        case "alone" if not same and b.item in rule.items:
            return 0, rule.first_then
        case "apart" if not same and {a.item, b.item} == set(rule.items):
            forth, back = rule.first_then, rule.second_then
            return (forth, back) if a.item == rule.items[0] else (back, forth)
    return 0, 0
