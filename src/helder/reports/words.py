"""A judged report → the objects of the contract, in a reader's language for a country."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from helder.knowledge.lab import to_home
from helder.knowledge.model import LabTest
from helder.languages.sourced import sources_of
from helder.languages.speech import Speech, capitalised
from helder.languages.text import Phone
from helder.person import Fact, Person
from helder.quantities import Quantity, QuantityError, same_dimension
from helder.reports import contract
from helder.reports.change import change
from helder.reports.contract import plain, sign
from helder.reports.explain import Whole, claims_about
from helder.reports.judge import Danger, home_value
from helder.reports.model import Before, Reading, Report


class Told(Struct, frozen=True, kw_only=True):
    """Everything that was found out about one document."""

    report: Report
    whole: Whole
    dangers: tuple[Danger, ...]
    asks: tuple[Fact, ...]
    person: Person


class ReportWords:
    """Says what was read. Pure: same keys, same words."""

    def __init__(self, speech: Speech, language: str, country: str) -> None:
        self.speech, self.language, self.country = speech, language, country
        self.tests = speech.knowledge.lab_tests

    def scan(self, told: Told, items: tuple[str, ...] = ()) -> contract.ScanObject:
        """One document as `helder scan` gives it."""
        made = tuple(self.reading(reading, told.person, told.dangers, i) for i, reading in _numbered(told))
        return contract.ScanObject(
            document=self._document(told),
            readings=tuple(reading for reading in made if not reading.computed_from),
            computed=tuple(reading for reading in made if reading.computed_from),
            not_read=tuple(
                contract.NotReadObject(part.text, part.page, part.box, part.why, self.say(f"unread.{part.why}"))
                for part in told.report.not_read
            ),
            danger=tuple(self.danger(danger, told.report.readings) for danger in told.dangers),
            groups=tuple(
                contract.GroupObject(
                    group.group,
                    self.say(f"lab.group.{group.group}"),
                    group.readings,
                    group.outside,
                    self.say("lab.outside", count=group.outside, all=len(group.readings)),
                )
                for group in told.whole.groups
            ),
            patterns=tuple(map(self._pattern, told.whole.patterns)),
            asks=tuple(self.ask(fact) for fact in told.asks),
            items=items,
        )

    def say(self, key: str, **values: object) -> str:
        return self.speech.messages.say(key, self.language, **values)

    # --- parts ---------------------------------------------------------------------------------------

    def _document(self, told: Told) -> contract.DocumentObject:
        head = told.report.head
        return contract.DocumentObject(
            kind=head.kind,
            language=head.languages[0] if head.languages else None,
            pages=head.pages,
            lab=head.lab,
            collected=head.collected,
            reported=head.reported,
            person={"name": head.patient, "birth_date": head.birth_date, "sex": head.sex, "age": head.age},
        )

    def reading(
        self, reading: Reading, person: Person, dangers: Sequence[Danger] = (), index: int = 0
    ) -> contract.ReadingObject:
        """One reading with what is said about it."""
        test = self.tests.get(reading.test or "")
        mine = frozenset(danger.claim for danger in dangers if danger.reading == index)
        return contract.ReadingObject(
            name=reading.name,
            test=reading.test,
            title=self.title(reading.test) if test else None,
            loinc=loinc_of(reading, test) if test else None,
            value=value_of(reading),
            comparator=sign(reading.comparator),
            unit=reading.unit,
            ucum=reading.ucum,
            range=_range(reading),
            flag=reading.flag,
            judgement=reading.judgement,
            judged_by=reading.judged_by,
            specimen=reading.specimen or (test.specimen if test else None),
            collected=reading.collected,
            page=reading.page,
            box=reading.box,
            value_box=reading.value_box,
            sure=reading.sure,
            doubts=reading.doubts,
            doubts_said=tuple(self.say(f"doubt.{doubt}") for doubt in reading.doubts),
            candidates=reading.candidates,
            home=str(home) if test and (home := home_value(reading, test)) else None,
            previous=tuple(self._before(reading, before, test) for before in reading.earlier),
            computed_from=reading.computed_from,
            says=self.says(reading, test, person, mine) if test else (),
            topics=test.topics if test else (),
        )

    def title(self, test: str | None) -> str:
        return capitalised(self.speech.name(test or "", self.language, "lab_tests"), self.language)

    def says(
        self, reading: Reading, test: LabTest, person: Person, dangers: frozenset[str]
    ) -> tuple[contract.SentenceObject, ...]:
        """What the base says about this result, each sentence with its sources."""
        ids = claims_about(reading, test, person, dangers)
        return tuple(self.sentence("lab_tests", reading.test or "", id_) for id_ in ids)

    def sentence(self, group: str, id_: str, claim_id: str) -> contract.SentenceObject:
        """A claim of a test or a pattern in words."""
        claim = getattr(self.speech.knowledge, group)[id_].claims[claim_id]
        text = self.speech.said(f"{group}/{id_}/{claim_id}", claim, self.language, self.country)
        sources = sources_of(self.speech.knowledge, claim.sources)
        return contract.SentenceObject(text.plain, (f"{group}/{id_}/{claim_id}",), sources, text.language, claim.kind)

    def _before(self, reading: Reading, before: Before, test: LabTest | None) -> contract.BeforeObject:
        """An earlier result in the unit of the newer one, with the change between them."""
        value = plain(before.value) or before.text
        if test is None or before.value is None or reading.value is None or not reading.ucum:
            return contract.BeforeObject(before.date, value, sign(before.comparator))
        try:
            old = to_home(Quantity(before.value, reading.ucum, before.comparator), test)
            new = to_home(Quantity(reading.value, reading.ucum, reading.comparator), test)
        except QuantityError:
            return contract.BeforeObject(before.date, value, sign(before.comparator))
        moved = change(old, new, test)
        return contract.BeforeObject(
            before.date,
            value,
            sign(before.comparator),
            plain(moved.percent) if moved else None,
            plain(moved.by_chance) if moved else None,
            moved.real if moved else None,
        )

    def danger(self, danger: Danger, readings: Sequence[Reading]) -> contract.DangerObject:
        """The card that comes first, with the number to call."""
        claim = self.tests[danger.test].claims[danger.claim]
        text = self.speech.said(f"lab_tests/{danger.test}/{danger.claim}", claim, self.language, self.country)
        phones = tuple(contract.CallObject(part.dial, part.shown) for part in text.parts if isinstance(part, Phone))
        sentence = self.sentence("lab_tests", danger.test, danger.claim)
        return contract.DangerObject(danger.reading, danger.level, danger.certain, sentence, phones)

    def _pattern(self, id_: str) -> contract.PatternObject:
        claims = self.speech.knowledge.patterns[id_].claims
        says = tuple(self.sentence("patterns", id_, claim_id) for claim_id in claims)
        return contract.PatternObject(id_, capitalised(self.speech.name(id_, self.language, "patterns")), says)

    def ask(self, fact: Fact) -> contract.AskObject:
        return contract.AskObject(str(fact), self.say(f"lab.ask.{fact.name}"))


def value_of(reading: Reading) -> str:
    """The exact decimal; a titre (`1:160`) and words as printed, without the sign in front."""
    if reading.titre:
        return reading.text.lstrip("<>≤≥= ")
    return plain(reading.value) or reading.text


def _range(reading: Reading) -> contract.RangeObject | None:
    limits = reading.range
    if limits is None:
        return None
    low, high = (None, None) if reading.titre else (plain(limits.low), plain(limits.high))
    return contract.RangeObject(low, high, limits.text)


def loinc_of(reading: Reading, test: LabTest) -> str | None:
    """The LOINC code of a test for the kind of unit that its result has; None where none was verified."""
    if reading.value is None or test.scale != "quantity":
        return next((code.loinc for code in test.codes if not code.unit), None)
    unit = reading.ucum or (test.unit if test.unit in ("1", "[pH]", "{INR}") else "")
    return next((c.loinc for c in test.codes if c.unit and unit and same_dimension(c.unit, unit)), None)


def _numbered(told: Told) -> Sequence[tuple[int, Reading]]:
    return tuple(enumerate(told.report.readings))
