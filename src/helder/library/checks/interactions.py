"""Does every rule about two things fire on its own cases, in the right direction, and only once?"""

from __future__ import annotations

from collections.abc import Iterator

from helder.knowledge.model import Caution, Interaction, ends
from helder.knowledge.pairs import concerns
from helder.knowledge.problems import Problem
from helder.library.checks.base import Base
from helder.quantities import same_dimension

CARE_NEEDED = ("contraindicated", "avoid", "monitor")


def cases(base: Base) -> Iterator[Problem]:
    """A rule fires on its must_fire cases and stays silent on its must_not_fire cases."""
    for id_, rule in base.knowledge.interactions.items():
        file = base.facts("interactions", id_)
        for field, expected in (("must_fire", True), ("must_not_fire", False)):
            if not getattr(rule, field):
                yield base.problem("case", file, (field,), f"no {field} case: a rule carries its own proof")
            for index, taken in enumerate(getattr(rule, field)):
                if concerns(base.knowledge, rule, taken) is not expected:
                    said = "does not fire" if expected else "fires"
                    yield base.problem("case", file, (field, index), f"{said} on {', '.join(taken)}")


def hours(base: Base) -> Iterator[Problem]:
    """Hours name both directions by the two things, in time; severity and kind agree."""
    for id_, rule in base.knowledge.interactions.items():
        file = base.facts("interactions", id_)
        first, second = rule.between
        directions = {f"{first}_then_{second}", f"{second}_then_{first}"}
        for name, value in rule.hours.items():
            if name not in directions:
                yield base.problem("direction", file, ("hours", name), f"expected {' or '.join(sorted(directions))}")
            if not all(same_dimension(end.unit, "h") for end in ends(value)):
                yield base.problem("unit", file, ("hours", name), f"`{value}` is no time")
        if (rule.kind == "separation") != (rule.severity == "separate"):
            yield base.problem("severity", file, ("severity",), "a separation is `separate`, and only a separation")
        if rule.hours and rule.kind != "separation":
            yield base.problem("severity", file, ("hours",), "only a separation has hours")


def actions(base: Base) -> Iterator[Problem]:
    """What asks for care says what to do; what asks for nothing does not warn."""
    for id_, rule in base.knowledge.interactions.items():
        file = base.facts("interactions", id_)
        if rule.severity in CARE_NEEDED and not set(rule.do) - {"no-action", "keep-apart"}:
            yield base.problem("action", file, ("do",), f"severity {rule.severity} needs something to do")
        if "no-action" in rule.do and rule.severity != "info":
            yield base.problem("action", file, ("do",), "`no-action` belongs to severity info")
        if "do-not-combine" in rule.do and rule.severity not in ("contraindicated", "avoid"):
            yield base.problem("action", file, ("do",), "`do-not-combine` belongs to contraindicated or avoid")
        if rule.severity == "contraindicated" and "do-not-combine" not in rule.do:
            yield base.problem("action", file, ("do",), "contraindicated needs `do-not-combine`")


def once(base: Base) -> Iterator[Problem]:
    """Two rules about the same two things are a mistake, unless they say that they disagree."""
    seen: dict[tuple[frozenset[str], str, tuple[str, ...]], str] = {}
    for id_, rule in base.knowledge.interactions.items():
        key = (frozenset(rule.between), rule.kind, rule.countries)
        other = seen.setdefault(key, id_)
        if other != id_ and other not in rule.disagrees_with:
            yield base.problem("twice", base.facts("interactions", id_), (), f"`{other}` speaks of the same two things")
        if rule.between[0] == rule.between[1] and rule.between[0] not in base.knowledge.classes:
            yield base.problem("twice", base.facts("interactions", id_), ("between",), "two different things expected")


def unreachable(base: Base) -> Iterator[Problem]:
    """A mechanism, an action or a class that nothing uses cannot be reached by a reader."""
    known = base.knowledge
    rules: list[Interaction | Caution] = [*known.interactions.values(), *known.cautions.values()]
    used = {rule.why for rule in rules} | {action for rule in rules for action in rule.do}
    for group in ("mechanisms", "actions"):
        for id_ in getattr(base.knowledge, group):
            if id_ not in used:
                yield base.problem("unreachable", base.facts(group, id_), (), "no rule uses it")


CHECKS = (cases, hours, actions, once, unreachable)
