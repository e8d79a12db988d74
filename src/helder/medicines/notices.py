"""The rules of the base that speak of what a person takes: two things together, one thing and the person.

Of rules about the same two things the one that names them most closely speaks; a class rule stays silent where a
member's own rule says more. Food and drink are nobody's items: what touches them is said as something to watch.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from msgspec.structs import replace

from helder.knowledge.model import Claim, Interaction, Knowledge, Value, ends
from helder.knowledge.pairs import Reach, holds_in
from helder.medicines.model import SEVERITIES, Item, Notice, NoticeKind, Severity
from helder.person import Person
from helder.quantities import convert
from helder.rules import Verdict, evaluate
from helder.rules.model import facts_of

MINUTES_A_DAY = 24 * 60
CLAIM_SEVERITY: dict[str, Severity] = {"contraindication": "avoid", "caution": "monitor"}
TRUE = Verdict(truth=True)


class Hit(NamedTuple):
    """A rule that speaks of two items; `turned`: the second item is the rule's first side."""

    rule_id: str
    rule: Interaction
    a: str
    b: str
    items: tuple[int, ...]
    turned: bool

    @property
    def about(self) -> tuple[str, str]:
        """The two substances in the rule's own order."""
        return (self.b, self.a) if self.turned else (self.a, self.b)


def interaction_notices(reach: Reach, country: str, person: Person, items: Sequence[Item]) -> Iterator[Notice]:
    """Every two items together, and every item with food and drink."""
    found: dict[tuple[str, tuple[int, ...]], Notice] = {}
    for first, second in combinations(items, 2):
        for hit, verdict in _closest(reach, person, list(_hits(reach, country, first, second))):
            found.setdefault((hit.rule_id, hit.items), _notice(hit, verdict, items))
    for item in items:
        if item.product is None and len(item.parts) > 1:
            for hit, verdict in _closest(reach, person, list(_inside(reach, country, item))):
                found.setdefault((hit.rule_id, hit.items), _notice(hit, verdict, items))
    yield from found.values()
    for item in items:
        yield from _food(reach, country, person, item)


def _hits(reach: Reach, country: str, first: Item, second: Item) -> Iterator[Hit]:
    for a in first.substances:
        for b in second.substances:
            if a == b:
                continue
            for rule_id, turned in reach.between(a, b):
                rule = reach.knowledge.interactions[rule_id]
                if holds_in(rule.countries, country):
                    yield Hit(rule_id, rule, a, b, (first.index, second.index), turned)


def _inside(reach: Reach, country: str, item: Item) -> Iterator[Hit]:
    """Several things on one line: two medicines with a comma between, or one unknown product that holds both.

    Hours between them are said only where a comma shows that they are taken by themselves.
    """
    listed = any(mark in item.name for mark in ",;")
    for a, b in combinations(dict.fromkeys(item.substances), 2):
        for rule_id, turned in reach.between(a, b):
            rule = reach.knowledge.interactions[rule_id]
            if (listed or rule.kind != "separation") and holds_in(rule.countries, country):
                yield Hit(rule_id, rule, a, b, (item.index, item.index), turned)


def _closest(reach: Reach, person: Person, hits: Sequence[Hit]) -> Iterator[tuple[Hit, Verdict]]:
    """Of rules of one kind about the same two substances, the closest: two names before one, one before two classes.

    Rules that say they disagree stay side by side. What is known not to hold for this person is left out.
    """
    groups: dict[tuple[str, str, str], list[Hit]] = defaultdict(list)
    for hit in hits:
        groups[hit.a, hit.b, hit.rule.kind].append(hit)
    for group in groups.values():
        best = min(group, key=lambda hit: (_distance(reach.knowledge, hit.rule), SEVERITIES.index(hit.rule.severity)))
        for hit in group:
            if hit is best or hit.rule_id in best.rule.disagrees_with:
                verdict = evaluate(hit.rule.when, person) if hit.rule.when else TRUE
                if verdict.truth is not False:
                    yield hit, verdict


def _distance(knowledge: Knowledge, rule: Interaction) -> int:
    return sum(side in knowledge.classes for side in rule.between)


def _notice(hit: Hit, verdict: Verdict, items: Sequence[Item]) -> Notice:
    indices = tuple(reversed(hit.items)) if hit.turned else hit.items
    about = hit.about
    hours = directed(hit.rule, about)
    times = {item.index: item.at for item in items}
    return Notice(
        kind="separation" if hit.rule.kind == "separation" else "interaction",
        severity=hit.rule.severity,
        rule=f"interactions/{hit.rule_id}",
        about=about,
        items=indices,
        certain=verdict.truth is True,
        depends_on=verdict.depends_on,
        separation={name: str(value) for name, value in hours.items()},
        kept=_kept(hours, about, times[indices[0]], times[indices[1]]),
    )


def directed(rule: Interaction, about: tuple[str, ...]) -> dict[str, Value]:
    """The hours of a rule under the names of the two things taken: `ciprofloxacin_then_zinc`."""
    first, second = rule.between
    names = {
        f"{first}_then_{second}": f"{about[0]}_then_{about[1]}",
        f"{second}_then_{first}": f"{about[1]}_then_{about[0]}",
    }
    return {names[name]: value for name, value in rule.hours.items() if name in names}


def least_minutes(value: Value) -> int:
    """The least of a wait, in whole minutes."""
    return int(convert(ends(value)[0], "min").value)


def _kept(hours: dict[str, Value], about: tuple[str, ...], first: Sequence[int], second: Sequence[int]) -> bool | None:
    """Whether the told times keep the hours, over midnight too; the nearest later dose counts."""
    if not hours or not first or not second:
        return None
    waits = {
        (0, 1): hours.get(f"{about[0]}_then_{about[1]}"),
        (1, 0): hours.get(f"{about[1]}_then_{about[0]}"),
    }
    times = (first, second)
    return all(
        min((later - earlier) % MINUTES_A_DAY for later in times[after]) >= least_minutes(wait)
        for (before, after), wait in waits.items()
        if wait is not None
        for earlier in times[before]
    )


def _food(reach: Reach, country: str, person: Person, item: Item) -> Iterator[Notice]:
    known = reach.knowledge
    for substance in item.substances:
        found: dict[str, list[Hit]] = defaultdict(list)
        for rule_id in reach.about(substance):
            rule = known.interactions[rule_id]
            other = _food_side(known, rule)
            if other and substance != other and holds_in(rule.countries, country):
                turned = rule.between[0] == other
                found[other].append(Hit(rule_id, rule, substance, other, (item.index,), turned))
        for hits in found.values():
            for hit, verdict in _closest(reach, person, hits):
                yield _food_notice(hit, verdict)


def _food_side(knowledge: Knowledge, rule: Interaction) -> str | None:
    for side in rule.between:
        if side in knowledge.substances and knowledge.substances[side].kind == "food":
            return side
    return None


def _food_notice(hit: Hit, verdict: Verdict) -> Notice:
    return Notice(
        kind="food",
        severity=hit.rule.severity,
        rule=f"interactions/{hit.rule_id}",
        about=hit.about,
        items=hit.items,
        certain=verdict.truth is True,
        depends_on=verdict.depends_on,
        separation={name: str(value) for name, value in directed(hit.rule, hit.about).items()},
    )


# --- one thing and the person -------------------------------------------------------------------------------


def person_notices(reach: Reach, country: str, person: Person, items: Sequence[Item]) -> Iterator[Notice]:
    """Contraindications, cautions, what must not be stopped, what to have checked: rules and claims of topics."""
    found: dict[tuple[str, str], Notice] = {}
    for item in items:
        for substance in item.substances:
            for notice in (*_cautions(reach, country, person, substance), *_claims(reach, country, person, substance)):
                key = (notice.rule, substance)
                indices = (*found[key].items, item.index) if key in found else (item.index,)
                found[key] = replace(notice, items=tuple(dict.fromkeys(indices)))
    yield from found.values()


def _cautions(reach: Reach, country: str, person: Person, substance: str) -> Iterator[Notice]:
    for id_, caution in reach.cautions(substance):
        if not holds_in(caution.countries, country):
            continue
        verdict = evaluate(caution.when, person)
        if verdict.truth is not False:
            yield Notice(
                kind=caution.kind,
                severity=caution.severity,
                rule=f"cautions/{id_}",
                about=(substance,),
                items=(),
                certain=verdict.truth is True,
                depends_on=verdict.depends_on,
            )


def _claims(reach: Reach, country: str, person: Person, substance: str) -> Iterator[Notice]:
    """What a topic's own claims say about such a person. What they say of other medicines, interactions say better."""
    for id_, claim in reach.knowledge.substances[substance].claims.items():
        if claim.kind not in CLAIM_SEVERITY or claim.when is None or not _speaks(claim, country):
            continue
        verdict = evaluate(claim.when, person)
        if verdict.truth is not False:
            kind: NoticeKind = "contraindication" if claim.kind == "contraindication" else "caution"
            yield Notice(
                kind=kind,
                severity=CLAIM_SEVERITY[claim.kind],
                rule=f"{substance}/{id_}",
                about=(substance,),
                items=(),
                certain=verdict.truth is True,
                depends_on=verdict.depends_on,
            )


def _speaks(claim: Claim, country: str) -> bool:
    assert claim.when is not None, "asked before"
    return holds_in(claim.countries, country) and not any(fact.name == "takes" for fact in facts_of(claim.when))


__all__ = ["directed", "interaction_notices", "least_minutes", "person_notices"]
