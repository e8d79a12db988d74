"""What was asked, understood: everything a check or a plan needs, and every field that was no use."""

from __future__ import annotations

from typing import NamedTuple

from helder.knowledge.pairs import Reach
from helder.medicines.items import Recognised
from helder.medicines.plan.day import Day
from helder.person import Person, Problem


class Taker(NamedTuple):
    """A person in a country, seen with the rules of one base."""

    reach: Reach
    country: str
    person: Person


class Asked(NamedTuple):
    """The person, the items and the day; `taken`: item → minutes of the person's own day; `now` in the same count."""

    person: Person
    recognised: Recognised
    day: Day
    problems: tuple[Problem, ...]
    taken: dict[int, tuple[int, ...]]
    now: int | None
