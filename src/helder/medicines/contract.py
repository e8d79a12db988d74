"""What `helder check` promises: the objects of contracts.md, made from a check, with a published schema."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from helder.languages.sourced import SourceObject, sources_of
from helder.languages.speech import Speech
from helder.languages.text import Phone, Text
from helder.medicines.importers.model import ImportedHit
from helder.medicines.model import Check, Limit, Notice, Span, Total, Unknown
from helder.medicines.words import Said, Words
from helder.person import Problem


class CallObject(msgspec.Struct, frozen=True):
    """A number to call: as a phone dials it, as people read it."""

    number: str
    label: str


class NoticeObject(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to know. `items` are positions in the input; `certain` is false where `depends_on` would decide."""

    kind: str
    severity: str
    exists: bool
    action: bool
    about: tuple[str, ...]
    items: tuple[int, ...]
    separation: dict[str, str] | None
    kept: bool | None
    certain: bool
    depends_on: tuple[str, ...]
    label: str
    text: str
    language: str
    certainty: str
    verified: bool
    claims: tuple[str, ...]
    sources: tuple[SourceObject, ...]
    call: tuple[CallObject, ...] = ()


class LimitObject(msgspec.Struct, frozen=True, kw_only=True):
    """The number that holds for this person, who set it, and which sources of the nutrient it counts."""

    amount: str
    unit: str
    authority: str | None
    year: int | None
    from_: str | None = msgspec.field(name="from", default=None)
    claim: str
    verified: bool


class TotalObject(msgspec.Struct, frozen=True, kw_only=True):
    """A nutrient over all items, per day, as the element; `most` differs from `amount` where not all was told."""

    nutrient: str
    name: str
    amount: str
    most: str
    unit: str
    text: str
    basis: str
    items: tuple[int, ...]
    over: bool | None
    limit: LimitObject | None
    need: LimitObject | None
    others: tuple[LimitObject, ...] = ()


class GuessObject(msgspec.Struct, frozen=True):
    id: str
    name: str


class UnknownObject(msgspec.Struct, frozen=True):
    """Something told that is not in our data, and the nearest names."""

    item: int
    name: str
    nearest: tuple[GuessObject, ...]


class AskObject(msgspec.Struct, frozen=True):
    """A question whose answer would change the notices at `why`."""

    about: str
    question: str
    why: tuple[int, ...]


class ItemObject(msgspec.Struct, frozen=True, kw_only=True):
    """How an item was understood, to be confirmed: `understood` is set where a typing error was mended."""

    item: int
    name: str
    substances: tuple[str, ...]
    product: str | None
    understood: str | None


class ImportedObject(msgspec.Struct, frozen=True, kw_only=True):
    """What a file that the owner imported says about two items, as it stands there. Nobody has reviewed it."""

    items: tuple[int, int]
    about: tuple[str, str]
    level: str
    severity: str | None
    text: str
    source: str
    place: str
    reviewed: bool = False


class ProblemFieldObject(msgspec.Struct, frozen=True):
    field: str
    expected: str


class CheckObject(msgspec.Struct, frozen=True, kw_only=True):
    """`helder check`: notices in order of danger, totals, what is not in our data, questions worth asking."""

    items: tuple[ItemObject, ...]
    notices: tuple[NoticeObject, ...]
    totals: tuple[TotalObject, ...]
    unknown: tuple[UnknownObject, ...]
    asks: tuple[AskObject, ...]
    problems: tuple[ProblemFieldObject, ...]
    unlisted: str
    imported: tuple[ImportedObject, ...] = ()


SCHEMAS: dict[str, type[msgspec.Struct]] = {"check": CheckObject, "notice": NoticeObject, "total": TotalObject}


class Reader(NamedTuple):
    """In which language, for which country."""

    language: str
    country: str


def check(
    speech: Speech, made: Check, problems: tuple[Problem, ...], reader: Reader, imported: tuple[ImportedHit, ...] = ()
) -> CheckObject:
    """A check in words, with what imported files say beside it."""
    language, country = reader
    words = Words(speech, language, country, {item.index: item for item in made.items})
    totals = {total.substance: total for total in made.totals}
    return CheckObject(
        items=tuple(
            ItemObject(
                item=item.index,
                name=item.name,
                substances=item.substances,
                product=item.product,
                understood=item.understood,
            )
            for item in made.items
        ),
        notices=tuple(
            _notice(speech, notice, words.notice(notice, totals.get(notice.about[0]))) for notice in made.notices
        ),
        totals=tuple(_total(words, total) for total in made.totals),
        unknown=unknown_objects(made.unknown),
        asks=tuple(AskObject(str(ask.about), words.question(ask).plain, ask.notices) for ask in made.asks),
        problems=problem_objects(problems),
        unlisted=speech.messages.say("check.unlisted", language),
        imported=tuple(_imported(hit) for hit in imported),
    )


def unknown_objects(unknown: Iterable[Unknown]) -> tuple[UnknownObject, ...]:
    """What was not recognised, each with the nearest names."""
    return tuple(
        UnknownObject(each.index, each.name, tuple(GuessObject(guess.id, guess.name) for guess in each.nearest))
        for each in unknown
    )


def problem_objects(problems: Iterable[Problem]) -> tuple[ProblemFieldObject, ...]:
    """What was told in a form that nothing can be done with."""
    return tuple(ProblemFieldObject(problem.field, problem.expected) for problem in problems)


def _imported(hit: ImportedHit) -> ImportedObject:
    rule = hit.rule
    return ImportedObject(
        items=hit.items,
        about=hit.about,
        level=rule.level,
        severity=rule.severity,
        text=rule.text,
        source=rule.source.title,
        place=rule.place,
    )


def _notice(speech: Speech, notice: Notice, said: Said) -> NoticeObject:
    return NoticeObject(
        kind=notice.kind,
        severity=notice.severity,
        exists=True,
        action=notice.action,
        about=notice.about,
        items=notice.items,
        separation={f"{name}_h": value for name, value in _hours(notice).items()} or None,
        kept=notice.kept,
        certain=notice.certain,
        depends_on=tuple(str(fact) for fact in notice.depends_on),
        label=said.label,
        text=said.text.plain,
        language=said.text.language,
        certainty=said.certainty,
        verified=said.verified,
        claims=said.claims,
        sources=sources_of(speech.knowledge, said.citations),
        call=_calls(said.text),
    )


def _hours(notice: Notice) -> dict[str, str]:
    """`2 h` → `2`; a wait in other units or a range stays as written."""
    return {name: value.removesuffix(" h") for name, value in notice.separation.items()}


def _calls(text: Text) -> tuple[CallObject, ...]:
    return tuple(CallObject(part.dial, part.shown) for part in text.parts if isinstance(part, Phone))


def _total(words: Words, total: Total) -> TotalObject:
    return TotalObject(
        nutrient=total.substance,
        name=words.name(total.substance),
        amount=_plain(total.amount.low),
        most=_plain(total.amount.high),
        unit=total.amount.unit,
        text=words.span(total.amount),
        basis="elemental",
        items=total.items,
        over=total.over,
        limit=_limit(total.limit),
        need=_limit(total.need),
        others=tuple(made for made in map(_limit, total.others) if made),
    )


def _limit(limit: Limit | None) -> LimitObject | None:
    if limit is None:
        return None
    return LimitObject(
        amount=_plain(limit.amount.value),
        unit=limit.amount.unit,
        authority=limit.authority,
        year=limit.year,
        from_=limit.from_,
        claim=limit.claim,
        verified=limit.verified,
    )


def _plain(value: Any) -> str:
    return f"{value.normalize():f}"


__all__ = ["SCHEMAS", "CheckObject", "Span", "check"]
