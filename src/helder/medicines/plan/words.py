"""A plan, or the rules that leave none, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helder.languages.speech import Speech, capitalised
from helder.medicines.model import Item
from helder.medicines.plan.day import clock
from helder.medicines.plan.make import Gap, Moment, Plan, Repair
from helder.medicines.plan.rules import DayRule
from helder.quantities import Quantity


class PlanWords:
    """Says plans in one language. Names are those that the person used."""

    def __init__(self, speech: Speech, language: str, items: Mapping[int, Item]) -> None:
        self.speech, self.language, self.items = speech, language, items

    def say(self, key: str, **values: Any) -> str:
        return self.speech.messages.say(f"plan.{key}", self.language, **values)

    def name(self, index: int) -> str:
        """The thing and what one intake brings; the line as typed where that is not known for sure."""
        item = self.items[index]
        part = item.parts[0]
        if item.product or len(item.parts) > 1 or not part.basis_known or (part.amount and not part.amount.exact):
            return item.name
        name = capitalised(self.speech.name(part.substance, self.language).partition(" (")[0], self.language)
        if part.amount is None:
            return name
        return f"{name} {self.speech.amounts.value(Quantity(part.amount.low, part.amount.unit), self.language)}"

    def wait(self, minutes: int) -> str:
        """`4 hours`, `90 minutes`, `2.5 hours`."""
        return self.speech.amounts.wait(minutes, self.language)

    def anchor(self, plan: Plan, moment: Moment) -> str:
        """What happens at that time of the day, in words; empty for nothing."""
        anchor = plan.day.anchor(moment.minute)
        return self.say(anchor) if anchor else ""

    def gap(self, gap: Gap) -> str:
        return self.say(
            "gap", a=self.name(gap.first), b=self.name(gap.second), has=self.wait(gap.has), needs=self.wait(gap.needs)
        )

    def short_night(self, gap: Gap) -> str:
        return self.say("short_night", b=self.name(gap.second))

    def how(self, item: Item, rules: tuple[DayRule, ...]) -> str:
        """With food, on an empty stomach, once a week: what belongs beside the name."""
        foods = {rule.food for rule in rules if rule.kind == "food" and item.index in rule.items}
        said = [self.say(f"{food}_food") for food in ("with", "without") if food in foods]
        if item.every_days > 1:
            said.append(self.say("every", n=item.every_days))
        return ", ".join(said)

    def rule(self, rule: DayRule) -> str:
        """A rule as one sentence."""
        a = self.name(rule.items[0])
        match rule.kind:
            case "food":
                waits = {"before": self.wait(rule.before_food), "after": self.wait(rule.after_food)}
                return self.say(f"rule.food.{rule.food}", a=a, **(waits if rule.food == "without" else {}))
            case "apart":
                b = self.name(rule.items[1])
                waits = {"then": self.wait(rule.first_then), "back": self.wait(rule.second_then)}
                return self.say("rule.apart", a=a, b=b, **waits)
            case "part_of_day":
                return self.say("rule.part_of_day", a=a, parts=", ".join(self.say(f"part.{p}") for p in rule.parts))
            case "taken":
                return self.say("rule.taken", a=a, times=", ".join(map(clock, rule.minutes)))
            case "interval" | "spread" | "alone":
                return self.say(f"rule.{rule.kind}", a=a, wait=self.wait(rule.first_then))
        return self.say(f"rule.{rule.kind}", a=a)

    def repair(self, repair: Repair, plan_meals: tuple[int, ...]) -> str:
        """What a person may change, as one sentence or two."""
        match repair.kind:
            case "move_meal":
                assert repair.meal is not None, "a meal that moves"
                names = ("breakfast", "lunch", "dinner") if len(plan_meals) == 3 else ("meal",) * len(plan_meals)
                said = self.say("repair.move_meal", meal=self.say(names[repair.meal]), time=clock(repair.to or 0))
            case "longer_day":
                said = self.say("repair.longer_day", time=clock(repair.to or 0))
            case "fewer":
                said = self.say("repair.fewer", a=self.name(repair.items[0]), n=repair.to or 0)
            case _:
                return self.say("repair.ask_prescriber", items=", ".join(map(self.name, repair.items)))
        return said if repair.whole else f"{said} {self.say('repair.part')}"
