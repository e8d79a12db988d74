"""What becomes of an imported file: rules and items as the file tells them, and every place that was of no use."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from helder.medicines.model import Severity

Origin = Literal["openfda", "spl", "thesaurus", "ddinter"]
Kind = Literal["openfda", "spl", "thesaurus", "ddinter", "fhir"]
KINDS: tuple[Kind, ...] = ("openfda", "spl", "thesaurus", "ddinter", "fhir")


class ImportedSource(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who says it: title, and version and date as far as the file tells."""

    title: str
    version: str = ""
    date: str = ""
    id: str = ""
    """The document's own number: the set id of a label."""


class ImportedRule(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a file says about two things. Nobody has reviewed it.

    `a` and `b` are names as written; `substances_a` and `substances_b` are our ids, empty where our data lack the name.
    `whole_a`, `whole_b`: it is one product of several substances, and the rule speaks only of all of them together.
    `level` is the severity in the file's own words; `severity` is ours where that word can mean one thing only.
    """

    a: str
    b: str
    origin: Origin
    source: ImportedSource
    substances_a: tuple[str, ...] = ()
    substances_b: tuple[str, ...] = ()
    whole_a: bool = False
    whole_b: bool = False
    level: str = ""
    severity: Severity | None = None
    text: str = ""
    place: str = ""


class ImportedItem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something taken, in the fields of the contracts' ITEM. `when`: FHIR codes of the day (`MORN`), kept as told."""

    name: str
    dose: str = ""
    unit: str = ""
    count: str = ""
    times_per_day: str = ""
    every_days: int = 1
    at: tuple[str, ...] = ()
    as_needed: bool = False
    prescribed: bool | None = None
    since: str = ""
    until: str = ""
    when: tuple[str, ...] = ()

    def told(self) -> dict[str, Any]:
        """The item as `helder check` wants it."""
        fields: dict[str, Any] = {
            "name": self.name,
            "dose": self.dose,
            "unit": self.unit,
            "count": self.count,
            "times_per_day": self.times_per_day,
            "every_days": self.every_days if self.every_days > 1 else None,
            "at": list(self.at),
            "as_needed": self.as_needed or None,
            "since": self.since,
            "until": self.until,
        }
        kept = {key: value for key, value in fields.items() if value}
        return kept | ({} if self.prescribed is None else {"prescribed": self.prescribed})


class ImportProblem(Struct, frozen=True):
    """Places of a file that were of no use, and what was expected there. `place` names the first few of `count`."""

    place: str
    expected: str
    count: int = 1

    def __str__(self) -> str:
        more = f" ({self.count} times)" if self.count > 1 else ""
        return f"{self.place}: expected {self.expected}{more}"


class Imported(Struct, frozen=True, kw_only=True):
    """Everything that became of a file: nothing in it is silently lost."""

    rules: tuple[ImportedRule, ...] = ()
    items: tuple[ImportedItem, ...] = ()
    problems: tuple[ImportProblem, ...] = ()


class ImportedHit(Struct, frozen=True, kw_only=True):
    """An imported rule that speaks of two items. `items` are their places in what was told, the rule's `a` first.

    `about` are our ids, or the names as written where our data lack them.
    """

    rule: ImportedRule
    items: tuple[int, int]
    about: tuple[str, str]
