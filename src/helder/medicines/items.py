"""What people tell about what they take → items: names become substances, amounts become active amounts.

A name is recognised when it stands in the base, letter by letter or with a typing error that leaves one meaning only.
What is not recognised is named, with the nearest names to choose from; it is never taken for something else.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from msgspec import Struct

from helder.knowledge.model import Knowledge, Product
from helder.languages.folding import fold
from helder.languages.names import Match, NameIndex, allowed_errors, names_of, windows
from helder.languages.speech import Speech
from helder.medicines.model import Guess, Item, Part, Span, Unknown
from helder.medicines.typed import UNIT_OF, Amount, Reader, Typed, number
from helder.person import Problem
from helder.quantities import Quantity, QuantityError, convert

MOST_ITEMS, MOST_NAME = 500, 200
MOST_A_DAY, MOST_DAYS_APART = Decimal(24), 365
LARGEST: dict[str, Decimal] = {"mg": Decimal(100_000), "[IU]": Decimal(1_000_000), "mL": Decimal(2_000)}
"""How far a dose is believed: beyond, it is a slip of the pen. These are no clinical numbers."""
CLOCK = re.compile(r"([01]?\d|2[0-3])[:.h]([0-5]\d)")
FIELDS = {"name", "dose", "unit", "form", "count", "times_per_day", "every_days", "at"}
FIELDS |= {"as_needed", "prescribed", "since", "until", "label"}
GUESSES = 4
LONG = 9
"""Letters from which on two typing errors are mended, not one."""
SHORT = 4
"""Letters from which on a word may stand for a thing by itself, inside other words."""


class Told(Struct, frozen=True, kw_only=True):
    """One item as told, its fields read and still without a meaning."""

    index: int
    name: str
    typed: Typed
    amounts: tuple[Amount, ...]
    unit_words: str = ""
    count: Decimal = Decimal(1)
    times: Decimal | None = None
    every_days: int = 1
    at: tuple[int, ...] = ()
    as_needed: bool = False
    prescribed: bool | None = None
    dosage_form: str = ""
    since: dt.date | None = None
    until: dt.date | None = None


class Recognised(Struct, frozen=True):
    """Everything that became of a list of items: nothing told is lost, it stands in one of the three."""

    items: tuple[Item, ...]
    unknown: tuple[Unknown, ...]
    problems: tuple[Problem, ...]


class Recogniser:
    """Knows every name of one base. Build once; pure after that."""

    def __init__(self, speech: Speech) -> None:
        self.speech = speech
        self.knowledge: Knowledge = speech.knowledge
        self.index = NameIndex(names_of(self.knowledge, ("substances", "classes", "products")))
        self.reader = Reader(self.knowledge.messages)
        self._forms = _form_words(self.knowledge)

    def recognise(self, told: object, language: str = "en") -> Recognised:
        """Items of the contracts (objects or plain lines of text) → items, unknown names, fields that were no use."""
        problems: list[Problem] = []
        lines = told if isinstance(told, list) else []
        if not isinstance(told, list) and told is not None:
            problems.append(Problem("items", "a list"))
        if len(lines) > MOST_ITEMS:
            problems.append(Problem("items", f"at most {MOST_ITEMS}: the rest was not read"))
        items: list[Item] = []
        unknown: list[Unknown] = []
        for index, line in enumerate(lines[:MOST_ITEMS]):
            read = read_item(index, line, self.reader, problems)
            if read is None:
                continue
            found = self._meaning(read, language, problems)
            if isinstance(found, Item):
                items.append(found)
            else:
                unknown.append(found)
        return Recognised(tuple(items), tuple(unknown), tuple(problems))

    # --- names ---------------------------------------------------------------------------------------

    def _meaning(self, told: Told, language: str, problems: list[Problem]) -> Item | Unknown:
        targets, understood = self._targets(told, language)
        if not targets:
            return Unknown(index=told.index, name=told.name, nearest=self.nearest(told.typed.name, language))
        products = [target for target in targets if target.startswith("products/")]
        if products:
            id_ = products[0].partition("/")[2]
            parts = self._parts_of_product(self.knowledge.products[id_], told)
        else:
            id_ = None
            parts = self._parts([target.partition("/")[2] for target in targets], told, problems)
        return Item(
            index=told.index,
            name=told.name,
            parts=parts,
            product=id_,
            understood=understood,
            times_a_day=told.times,
            every_days=told.every_days,
            at=told.at,
            parts_of_day=told.typed.parts_of_day,
            as_needed=told.as_needed,
            prescribed=told.prescribed,
            dosage_form=told.dosage_form,
            since=told.since,
            until=told.until,
        )

    def _targets(self, told: Told, language: str) -> tuple[list[str], str | None]:
        """The things that a name means, and the name that a misspelt one was taken for."""
        query = fold(told.typed.name)
        readings = (fold(told.name), fold(told.typed.whole), query)
        exact = next(filter(None, (self._one(reading, language) for reading in readings)), None)
        if exact:
            return [exact], None
        for text in (query, fold(told.unit_words)):
            if found := sorted(self._stretches(text, language)):
                return self._partly(text, found, language)
        for candidate in (query, *(word for word in query.split() if len(word) > 5)):
            mended = self._mended(candidate, language)
            if mended:
                return [mended[0]], mended[1]
        return [], None

    def _partly(self, text: str, found: list[tuple[int, int, str]], language: str) -> tuple[list[str], str | None]:
        """Things named in a longer text. Where words stay unread, what was read is said, to be confirmed.

        A few letters (`D3` in `Adcal-D3`) don't name the whole of a longer name: that is left unknown.
        """
        words = text.split()
        read = {place for start, size, _ in found for place in range(start, start + size)}
        rest = [word for place, word in enumerate(words) if place not in read and len(word) >= SHORT and word.isalpha()]
        targets = list(dict.fromkeys(target for _, _, target in found))
        if not rest:
            return targets, None
        if max(len(words[place]) for place in read) < SHORT:
            return [], None
        return targets, ", ".join(self._written(target, language) for target in targets)

    def _one(self, query: str, language: str) -> str | None:
        """The one thing that a name means: in the reader's language first; None where it is nothing, or two things."""
        names = [name for name in self.index.exact(query) if not name.target.startswith("classes/")]
        own = {name.target for name in names if name.language in (language, "")}
        every = {name.target for name in names}
        for targets in (own, every):
            if len(targets) == 1:
                return targets.pop()
        return None

    def _stretches(self, query: str, language: str) -> Iterator[tuple[int, int, str]]:
        """Places, lengths and things named inside a longer text, the longest names first, none overlapping."""
        words = query.split()
        used: set[int] = set()
        for stretch in windows(words):
            size = len(stretch.split())
            start = _position(words, stretch.split(), used)
            if start is None or len(stretch) < 2 or stretch in UNIT_OF:
                continue
            target = self._one(stretch, language)
            if target:
                used |= set(range(start, start + size))
                yield start, size, target

    def _mended(self, query: str, language: str) -> tuple[str, str] | None:
        """What a misspelt name means, if every name as near means the same: names of medicines look alike."""
        errors = min(allowed_errors(query), 2 if len(query) >= LONG else 1)
        near = [match for match in self.index.near(query, language, errors + 1, 50) if _alike(match, query)]
        if not errors:
            return None
        best = min((match.distance for match in near), default=errors + 1)
        if best > errors:
            return None
        targets = {match.name.target for match in near if match.distance <= best + 1}
        if len(targets) != 1 or any(target.startswith("classes/") for target in targets):
            return None
        return targets.pop(), min(near).name.written

    def nearest(self, name: str, language: str) -> tuple[Guess, ...]:
        """Names that may have been meant: members of a class that was named, beginnings, likenesses."""
        query = fold(name)
        errors = allowed_errors(query) + 1
        targets: dict[str, str] = {}
        for match in self.index.fits(query, language)[:30] or self.index.near(query, language, errors, 10):
            group, _, id_ = match.name.target.partition("/")
            members = self.knowledge.classes[id_].members if group == "classes" else ()
            for target in [f"substances/{m}" for m in members] or [match.name.target]:
                targets.setdefault(target, target)
        return tuple(Guess(target.partition("/")[2], self._written(target, language)) for target in targets)[:GUESSES]

    def suggest(self, words: str, language: str, limit: int = 8) -> tuple[Guess, ...]:
        """While somebody types: names as they are written, one for each thing, the reader's own language first."""
        matches = [m for m in self.index.fits(fold(words[:MOST_NAME]), language) if _takeable(m.name.target)]
        own = [match for match in matches if not match.foreign or match.name.language == ""]
        found: dict[str, str] = {}
        for match in own or matches:
            found.setdefault(match.name.target, match.name.written)
        return tuple(Guess(target.partition("/")[2], name) for target, name in found.items())[:limit]

    def _written(self, target: str, language: str) -> str:
        group, _, id_ = target.partition("/")
        return self.knowledge.products[id_].names[0] if group == "products" else self.speech.name(id_, language)

    # --- amounts -------------------------------------------------------------------------------------

    def _parts_of_product(self, product: Product, told: Told) -> tuple[Part, ...]:
        """What a product holds; amounts where the strength that was told, or the only one, is known."""
        strengths = product.strengths
        asked = re.sub(r"\s", "", told.typed.strength)
        amounts = strengths.get(asked) or (next(iter(strengths.values())) if len(strengths) == 1 else {})
        return tuple(
            Part(substance=held, amount=_exactly(amounts[held], told.count) if held in amounts else None)
            for held in product.holds
        )

    def _parts(self, ids: Sequence[str], told: Told, problems: list[Problem]) -> tuple[Part, ...]:
        """One part a substance; several amounts belong to several substances in the order in which they stand."""
        amounts: Sequence[Amount | None] = told.amounts
        if len(amounts) != len(ids):
            amounts = [told.amounts[0]] if len(ids) == 1 and told.amounts else [None] * len(ids)
        return tuple(self._part(id_, amount, told, problems) for id_, amount in zip(ids, amounts, strict=True))

    def _part(self, substance: str, amount: Amount | None, told: Told, problems: list[Problem]) -> Part:
        if amount is None:
            return Part(substance=substance)
        if amount.number is None:
            problems.append(Problem(f"items[{told.index}].dose", "a number that can be read in one way only"))
            return Part(substance=substance)
        largest = LARGEST.get(amount.unit)
        try:
            amount_mg = convert(Quantity(amount.number, amount.unit), "mg").value
            largest = LARGEST["mg"]
        except QuantityError:
            amount_mg = amount.number
        if amount.number <= 0 or (largest is not None and amount_mg > largest):
            problems.append(Problem(f"items[{told.index}].dose", "an amount above zero that a person can take"))
            return Part(substance=substance)
        weighed = Span(amount.number, amount.number, amount.unit).times(told.count)
        return self._active(substance, weighed, told)

    def _active(self, substance: str, weighed: Span, told: Told) -> Part:
        """The active amount: as told for an element, a fraction for a salt, both ends where nobody said which."""
        forms = self.knowledge.substances[substance].forms
        if not forms or weighed.unit == "[IU]":
            return Part(substance=substance, amount=weighed)
        in_unit = self._forms_in(substance, told.unit_words)
        named = in_unit or self._forms_in(substance, told.typed.name)
        form = next(iter(named)) if len(named) == 1 else None
        words = fold(told.unit_words)
        element_in_unit = bool(words) and not in_unit and self._one(words, "en") == f"substances/{substance}"
        if told.typed.elemental or element_in_unit:
            return Part(substance=substance, form=form, amount=weighed)
        fractions = [forms[id_].fraction for id_ in (named or forms)]
        low = Span(weighed.low * min(fractions), weighed.high * max(fractions), weighed.unit)
        if in_unit:
            return Part(substance=substance, form=form, amount=low, basis_known=low.exact)
        if not named and max(fractions) == min(fractions) == 1:
            return Part(substance=substance, amount=weighed)
        return Part(substance=substance, form=form, amount=Span(low.low, weighed.high, weighed.unit), basis_known=False)

    def _forms_in(self, substance: str, text: str) -> frozenset[str]:
        """The chemical forms of a substance that a text names, in any language, in one word or two."""
        squeezed = fold(text).replace(" ", "")
        hits = {word: ids for word, ids in self._forms.get(substance, {}).items() if word in squeezed}
        longest = max(map(len, hits), default=0)
        return frozenset().union(*(ids for word, ids in hits.items() if len(word) == longest))


def _alike(match: Match, query: str) -> bool:
    """The first letter is hardly ever mistyped, and tells look-alike names apart."""
    return match.name.folded[:1] == query[:1]


def _takeable(target: str) -> bool:
    return not target.startswith("classes/")


def _exactly(amount: Quantity, count: Decimal) -> Span:
    return Span(amount.value, amount.value, amount.unit).times(count)


def _position(words: list[str], stretch: list[str], used: set[int]) -> int | None:
    size = len(stretch)
    for start in range(len(words) - size + 1):
        if words[start : start + size] == stretch and not used & set(range(start, start + size)):
            return start
    return None


def _form_words(knowledge: Knowledge) -> dict[str, dict[str, frozenset[str]]]:
    """Substance → word of a form without spaces → the forms it may mean: `magnesiumcitraat` may be two hydrates."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for texts in knowledge.texts.values():
        for target, words in texts.items():
            group, _, id_ = target.partition("/")
            if group == "substances":
                for form, word in words.forms.items():
                    bare = fold(re.sub(r"\(.*?\)", "", word)).replace(" ", "")
                    if bare:
                        found[id_][bare].add(form)
    for id_, facts in knowledge.substances.items():
        for form in facts.forms:
            found[id_][form.replace("-", "")].add(form)
    return {id_: {word: frozenset(forms) for word, forms in words.items()} for id_, words in found.items()}


# --- fields -----------------------------------------------------------------------------------------------


def read_item(index: int, line: object, reader: Reader, problems: list[Problem]) -> Told | None:
    """One line or object as told; a field of no use is named and left out, the rest is kept."""
    place = f"items[{index}]"
    data: Mapping[str, Any] = {"name": line} if isinstance(line, str) else line if isinstance(line, dict) else {}
    name = data.get("name")
    if not isinstance(name, str) or not name.strip():
        problems.append(Problem(place, "a name, as text"))
        return None
    if not data.keys() <= FIELDS:
        problems.append(Problem(place, f"no other fields than {', '.join(sorted(FIELDS))}"))
    typed = reader.read(name)
    fields = _Fields(place, data, problems)
    unit_text = data.get("unit") if isinstance(data.get("unit"), str) else ""
    unit, words = _unit(str(unit_text))
    amounts = typed.amounts
    if data.get("dose") is not None:
        amounts = fields.dose(unit)
    elif unit_text:
        typed_number = next((a.number for a in typed.amounts), None)
        amounts = (Amount(typed_number, unit),) if typed_number is not None and unit else typed.amounts
    at = fields.times() or typed.at
    times = fields.number("times_per_day", MOST_A_DAY) or typed.times or (Decimal(len(at)) if at else None)
    return Told(
        index=index,
        name=name.strip()[:MOST_NAME],
        typed=typed,
        amounts=amounts,
        unit_words=words,
        count=fields.number("count", Decimal(100)) or typed.count or Decimal(1),
        times=times,
        every_days=int(fields.number("every_days", Decimal(MOST_DAYS_APART)) or typed.every_days),
        at=at,
        as_needed=fields.flag("as_needed") or typed.as_needed,
        prescribed=fields.flag("prescribed"),
        dosage_form=str(data.get("form") or "")[:MOST_NAME],
        since=fields.date("since"),
        until=fields.date("until"),
    )


class _Fields:
    """Reads the fields of one item and names those that are of no use."""

    def __init__(self, place: str, data: Mapping[str, Any], problems: list[Problem]) -> None:
        self.place, self.data, self.problems = place, data, problems

    def wrong(self, field: str, expected: str) -> None:
        self.problems.append(Problem(f"{self.place}.{field}", expected))

    def dose(self, unit: str) -> tuple[Amount, ...]:
        value = _decimal(self.data["dose"], unit)
        if not unit:
            self.wrong("unit", "a unit such as mg, µg, IU or ml, if need be with the salt: mg magnesium oxide")
        elif value is None:
            self.wrong("dose", "a plain number, as text: 400")
        elif value <= 0:
            self.wrong("dose", "an amount above zero")
        else:
            return (Amount(value, unit),)
        return ()

    def number(self, field: str, most: Decimal) -> Decimal | None:
        if self.data.get(field) is None:
            return None
        value = _decimal(self.data[field])
        if value is None or not 0 < value <= most:
            self.wrong(field, f"a number above 0, at most {most}")
            return None
        return value

    def flag(self, field: str) -> bool | None:
        value = self.data.get(field)
        if value is not None and not isinstance(value, bool):
            self.wrong(field, "true or false")
            return None
        return value

    def times(self) -> tuple[int, ...]:
        told = self.data.get("at") or []
        if not isinstance(told, list):
            self.wrong("at", 'a list of times: ["08:00"]')
            return ()
        minutes = [minutes_of(time) for time in told[:24]]
        if None in minutes:
            self.wrong("at", "times of the day such as 08:00")
        return tuple(sorted(minute for minute in minutes if minute is not None))

    def date(self, field: str) -> dt.date | None:
        value = self.data.get(field)
        try:
            return None if value is None else dt.date.fromisoformat(value)
        except (ValueError, TypeError):
            self.wrong(field, "a date such as 2026-11-22")
            return None


def minutes_of(time: object) -> int | None:
    """`08:00` → 480; None for what is no time of the day."""
    found = CLOCK.fullmatch(time.strip()) if isinstance(time, str) else None
    return int(found.group(1)) * 60 + int(found.group(2)) if found else None


def _decimal(told: object, unit: str = "") -> Decimal | None:
    """A number told as JSON number or text; marks are read as `typed.number` does, a sign is no use."""
    if isinstance(told, bool) or not isinstance(told, (str, int, float)):
        return None
    if isinstance(told, str):
        found = number(told.strip(), unit)
        if found is None and re.fullmatch(r"-\d+([.,]\d+)?", told.strip()):
            return Decimal(told.strip().replace(",", "."))
        return found
    try:
        value = Decimal(str(told))
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _unit(text: str) -> tuple[str, str]:
    """`mg magnesium oxide` → the unit `mg`, and the words that say what was weighed."""
    bare = text.strip()[:MOST_NAME]
    head, _, rest = bare.partition(" ")
    unit = UNIT_OF.get(head.casefold().replace("µ", "μ")) or UNIT_OF.get(head.casefold())
    return (unit or "", rest.strip()) if unit else ("", bare)


def substances_in(items: Iterable[Item]) -> frozenset[str]:
    """All substances of some items."""
    return frozenset(substance for item in items for substance in item.substances)
