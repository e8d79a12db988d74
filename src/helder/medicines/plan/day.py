"""A person's day: waking, bed, meals, and when somebody comes who gives the medicines. Minutes after midnight.

A day may end after midnight (a night worker's bed at 09:00 is 33:00): times count on from the day's own morning.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from msgspec import Struct

from helder.medicines.items import minutes_of
from helder.person import Problem

MINUTES = 24 * 60
SHORT_NIGHT, LEAST_AWAKE = MINUTES - 60, 4 * 60
MOST_MEALS = 8
MEAL_NAMES = ("breakfast", "lunch", "dinner")


class Day(Struct, frozen=True, kw_only=True):
    """`wake` ≤ meals ≤ `bed` < `wake` + 24 h. `visits`: only then can anything be given; empty: at any time."""

    wake: int = 7 * 60
    bed: int = 23 * 60
    meals: tuple[int, ...] = (7 * 60 + 45, 12 * 60 + 30, 18 * 60 + 30)
    visits: tuple[int, ...] = ()

    def on(self, minute: int) -> int:
        """A time of the clock on this day's own count: 01:00 after an evening is 25:00."""
        return minute if minute >= self.wake else minute + MINUTES

    @property
    def snacks(self) -> tuple[int, ...]:
        """The middle between two meals, and between the last one and bed: where a bite can be had."""
        between = [(first + second) // 2 for first, second in pairwise((*self.meals, self.bed))]
        return tuple(between)

    def anchor(self, minute: int) -> str | None:
        """What happens at a time: wake, breakfast, lunch, dinner, meal, bed; None for nothing."""
        if minute == self.wake and minute not in self.meals:
            return "wake"
        if minute == self.bed:
            return "bed"
        if minute in self.meals:
            named = len(self.meals) == len(MEAL_NAMES)
            return MEAL_NAMES[self.meals.index(minute)] if named else "meal"
        return None


def clock(minute: int) -> str:
    """`1500` → `01:00`."""
    return f"{minute // 60 % 24:02}:{minute % 60:02}"


def day_from_json(data: object, problems: list[Problem]) -> Day:
    """The `day` of the contracts; what cannot be is named, and the usual day stands in its place."""
    usual = Day()
    if data is None:
        return usual
    if not isinstance(data, dict):
        problems.append(Problem("day", 'an object: {"wake": "07:00", "bed": "23:00", "meals": ["07:45"]}'))
        return usual
    wake = _time(data, "wake", usual.wake, problems)
    bed = _time(data, "bed", usual.bed, problems)
    bed = bed if bed > wake else bed + MINUTES
    if not LEAST_AWAKE <= bed - wake < MINUTES:
        problems.append(Problem("day.bed", "a time at least four hours after waking, and before the next waking"))
        wake, bed = usual.wake, usual.bed
    day = Day(wake=wake, bed=bed, meals=())
    meals = _times(data, "meals", problems)
    if data.get("meals") is None:
        meals = [wake + 45, wake + 45 + (bed - wake) * 3 // 10, wake + 45 + (bed - wake) * 7 // 10]
    placed = sorted({day.on(minute % MINUTES) for minute in meals})
    awake = tuple(meal for meal in placed if meal <= bed)
    if len(awake) < len(placed):
        problems.append(Problem("day.meals", "meals between waking and bed: the others were left out"))
    visits = tuple(sorted({day.on(minute) for minute in _times(data, "visits", problems)}))
    if any(visit > bed for visit in visits):
        problems.append(Problem("day.visits", "visits between waking and bed: the others were left out"))
    return Day(wake=wake, bed=bed, meals=awake, visits=tuple(visit for visit in visits if visit <= bed))


def _time(data: dict[str, Any], field: str, usual: int, problems: list[Problem]) -> int:
    if data.get(field) is None:
        return usual
    minute = minutes_of(data[field])
    if minute is None:
        problems.append(Problem(f"day.{field}", "a time of the day such as 07:00"))
        return usual
    return minute


def _times(data: dict[str, Any], field: str, problems: list[Problem]) -> list[int]:
    told = data.get(field) or []
    minutes = [minutes_of(time) for time in told] if isinstance(told, list) and len(told) <= MOST_MEALS else [None]
    if None in minutes:
        problems.append(Problem(f"day.{field}", "a list of times of the day such as 07:45, at most eight"))
    return [minute for minute in minutes if minute is not None]
