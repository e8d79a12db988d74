"""A person and what they take → notices, totals, what is not in our data, and the questions worth asking.

Pure, offline, deterministic: the same input gives the same answer, and the order of the items changes nothing but
their places. Unlisted pairs are not called safe: they are not in our data.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec import structs

from helder.knowledge.pairs import Reach
from helder.medicines.doses import dose_notices
from helder.medicines.items import Recognised, substances_in
from helder.medicines.model import SEVERITIES, Ask, Check, Item, Notice, Total
from helder.medicines.notices import interaction_notices, person_notices
from helder.medicines.totals import totals
from helder.person import Fact, Person

KINDS = (
    "overdose",
    "contraindication",
    "interaction",
    "dose",
    "duplicate",
    "limit",
    "separation",
    "food",
    "caution",
    "stopping",
    "monitoring",
)


def check(reach: Reach, country: str, person: Person, recognised: Recognised) -> Check:
    """Everything the base says about these items and this person, the most dangerous first."""
    items = recognised.items
    person = who_takes(reach, person, items)
    sums = totals(reach.knowledge, country, person, items)
    found: list[Notice] = [
        *interaction_notices(reach, country, person, items),
        *dose_notices(reach.knowledge, country, person, items),
        *person_notices(reach, country, person, items),
        *_limits(sums),
        *_allergies(person, items),
    ]
    notices = tuple(sorted(_once(reach, found), key=_order))
    return Check(
        items=items,
        notices=notices,
        totals=sums,
        unknown=recognised.unknown,
        asks=_asks(notices, sums),
    )


def who_takes(reach: Reach, person: Person, items: Iterable[Item]) -> Person:
    """The person, and all substances of the items with their classes as what is taken."""
    taken = {side for substance in substances_in(items) for side in reach.sides(substance)}
    return structs.replace(person, takes=frozenset(taken))


def _allergies(person: Person, items: Sequence[Item]) -> Iterable[Notice]:
    """Taking what one is allergic to: no source is needed, the person said so."""
    for item in items:
        for substance in item.substances:
            if substance in person.allergies:
                yield Notice(
                    kind="contraindication",
                    severity="contraindicated",
                    rule=f"substances/{substance}",
                    about=(substance,),
                    items=(item.index,),
                )


def _once(reach: Reach, notices: Sequence[Notice]) -> list[Notice]:
    """Of cautions about one substance with the same reason, the worst certain one: eGFR below 30, not below 50 too."""
    worst: dict[tuple[str, str], Notice] = {}
    for notice in notices:
        why = _why(reach, notice)
        if why and notice.certain:
            kept = worst.setdefault((notice.about[0], why), notice)
            if _severity(notice) < _severity(kept):
                worst[notice.about[0], why] = notice
    return [notice for notice in notices if _speaks(notice, worst.get((notice.about[0], _why(reach, notice) or "")))]


def _speaks(notice: Notice, kept: Notice | None) -> bool:
    """Whether a notice says something that the certain one of the same reason does not."""
    return kept is None or notice is kept or _severity(notice) < _severity(kept)


def _why(reach: Reach, notice: Notice) -> str | None:
    """The reason of a contraindication or caution that is a rule of its own."""
    group, _, id_ = notice.rule.partition("/")
    of_person = group == "cautions" and notice.kind in ("contraindication", "caution")
    return reach.knowledge.cautions[id_].why if of_person else None


def _severity(notice: Notice) -> int:
    return SEVERITIES.index(notice.severity)


def _limits(sums: Sequence[Total]) -> Iterable[Notice]:
    for total in sums:
        if total.over is not False and total.limit and (total.over or total.asks):
            yield Notice(
                kind="limit",
                severity="monitor",
                rule=f"{total.substance}/{total.limit.claim}",
                about=(total.substance,),
                items=total.items,
                certain=total.over is True,
                depends_on=total.asks,
            )


def _order(notice: Notice) -> tuple[bool, int, int, tuple[int, ...], str]:
    """Certain before possible, dangerous before mild, then by kind and place."""
    return (
        not notice.certain,
        SEVERITIES.index(notice.severity),
        KINDS.index(notice.kind),
        notice.items,
        notice.rule,
    )


def _asks(notices: Sequence[Notice], sums: Sequence[Total]) -> tuple[Ask, ...]:
    """One question a fact, those first that the most dangerous notices hang on."""
    hanging: dict[Fact, list[int]] = defaultdict(list)
    for index, notice in enumerate(notices):
        for fact in notice.depends_on:
            hanging[fact].append(index)
    asks = [Ask(about=fact, notices=tuple(indices)) for fact, indices in hanging.items() if not _later(fact, hanging)]
    return tuple(sorted(asks, key=lambda ask: (_worst(ask, notices), -len(ask.notices), ask.about)))


def _later(fact: Fact, asked: Mapping[Fact, object]) -> bool:
    """Whether another question comes first: how many weeks only matters to who is pregnant."""
    return fact.name == "pregnancy" and Fact("pregnant") in asked


def _worst(ask: Ask, notices: Sequence[Notice]) -> int:
    return min(SEVERITIES.index(notices[index].severity) for index in ask.notices)
