"""The frozen types of the knowledge base: what a data file becomes once it is read.

A fact is a `Claim`: values, who it holds for, where, how sure, from which source. Texts stand apart, per language,
so that a fact is written once. Field names are those of the files; docs/reference/knowledge-format.md explains them.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Literal

import msgspec

from helder.quantities import Quantity, Range
from helder.rules import Rule

Value = Quantity | Range


def ends(value: Value) -> tuple[Quantity, ...]:
    """The quantities in a value: one, or the ends of a range that it has."""
    if isinstance(value, Quantity):
        return (value,)
    return tuple(end for end in (value.low, value.high) if end is not None)


Certainty = Literal["high", "moderate", "low", "very_low", "not_graded"]
Effect = Literal["none", "small", "moderate", "large", "unclear"]
Risk = Literal["low", "medium", "high"]
Saw = Literal["whole", "excerpt"]
Severity = Literal["contraindicated", "avoid", "separate", "monitor", "info"]
Origin = Literal["total", "supplement", "food", "added"]
BasisName = Literal["elemental", "compound", "equivalents"]


class Thing(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What every file has in common: unknown fields are errors, nothing changes after loading.

    Defaults are left out when written, so that a new field leaves the seals of files without it whole.
    """


class Publisher(Thing, frozen=True, kw_only=True):
    """Who may be a source, and on which hosts; `off_list` publishers need a reason at each source."""

    name: str
    hosts: tuple[str, ...]
    off_list: bool = False


class Source(Thing, frozen=True, kw_only=True):
    """A text that somebody opened. `seen_at` is set when it was read in a copy elsewhere."""

    title: str
    publisher: str
    url: str
    published: str
    read: dt.date
    saw: Saw
    kind: Literal["regulator", "guideline", "label", "review", "paper", "reference", "calculation"]
    language: str
    seen_at: str | None = None
    reason: str | None = None


class Citation(Thing, frozen=True, kw_only=True):
    """A claim's pointer into a source: which place, and which of the claim's values it bears (none named: all)."""

    id: str
    at: str = ""
    supports: tuple[str, ...] = ()
    saw: Saw | None = None


class Row(Thing, frozen=True, kw_only=True):
    """One amount of an intake or a limit, and the people it holds for."""

    when: Rule
    amount: Value


class Claim(Thing, frozen=True, kw_only=True):
    """One fact; its words stand in the language files under the same id."""

    kind: str
    sources: tuple[Citation, ...] = ()
    slot: str | None = None
    when: Rule | None = None
    values: dict[str, Value] = {}
    countries: tuple[str, ...] = ()
    authority: str | None = None
    year: int | None = None
    type: Literal["recommended", "adequate"] | None = None
    from_: Origin | None = msgspec.field(default=None, name="from")
    basis: BasisName | None = None
    rows: tuple[Row, ...] = ()
    disagrees_with: tuple[str, ...] = ()
    certainty: Certainty = "not_graded"
    effect: Effect | None = None
    form: str | None = None
    """A limit of one chemical form only."""
    goal: str | None = None
    frequency: Literal["common", "uncommon", "rare", "unknown"] | None = None
    serious: bool = False
    level: Literal["emergency", "urgent"] | None = None
    care: Literal["self", "prescribed"] | None = None
    with_: str | None = msgspec.field(default=None, name="with")
    names: tuple[str, ...] = ()
    risk: Risk | None = None
    verified: bool = True
    reviewed: dt.date | None = None
    review_by: dt.date | None = None


class Form(Thing, frozen=True, kw_only=True):
    """A chemical form: the mass fraction of it that is the element or active part."""

    fraction: Decimal
    sources: tuple[Citation, ...]


class Substance(Thing, frozen=True, kw_only=True):
    """Something that is taken. With claims it is a topic; without, a partner that rules may name."""

    kind: Literal["nutrient", "herb", "supplement", "medicine", "food"]
    brands: dict[str, tuple[str, ...]] = {}
    """Country → names of products that hold this and nothing else that acts."""
    unit: str | None = None
    molar_mass: Quantity | None = None
    international_unit: Quantity | None = None
    forms: dict[str, Form] = {}
    needs: tuple[str, ...] = ()
    compare: tuple[str, ...] = ()
    reviewed: dt.date | None = None
    review_by: dt.date | None = None
    clinician: bool = False
    absent: dict[str, str] = {}
    claims: dict[str, Claim] = {}
    questions: dict[str, tuple[str, ...]] = {}


class Group(Thing, frozen=True, kw_only=True):
    """A class of substances that rules speak of."""

    members: tuple[str, ...]
    sources: tuple[Citation, ...] = ()


class Named(Thing, frozen=True, kw_only=True):
    """A thing that has only words: a mechanism, an action."""


class Authority(Thing, frozen=True, kw_only=True):
    """Who sets intakes and limits; `region` is the ISO country or EU."""

    region: str
    url: str


class Interaction(Thing, frozen=True, kw_only=True):
    """A rule about two things taken by one person, with the cases that prove it."""

    kind: Literal["separation", "interaction"]
    between: tuple[str, str]
    severity: Severity
    why: str
    sources: tuple[Citation, ...]
    must_fire: tuple[tuple[str, ...], ...]
    must_not_fire: tuple[tuple[str, ...], ...]
    do: tuple[str, ...] = ()
    hours: dict[str, Value] = {}
    when: Rule | None = None
    countries: tuple[str, ...] = ()
    certainty: Certainty = "not_graded"
    verified: bool = True
    disagrees_with: tuple[str, ...] = ()
    except_: tuple[str, ...] = msgspec.field(default=(), name="except")
    seal: str = ""


class Product(Thing, frozen=True, kw_only=True):
    """A product of two or more substances: its names, and what one piece (tablet, capsule, sachet) of a strength holds.

    `strengths` maps the strength as printed (`500/125`, or empty where there is one) to amounts per substance.
    """

    names: tuple[str, ...]
    countries: tuple[str, ...]
    holds: tuple[str, ...]
    strengths: dict[str, dict[str, Quantity]] = {}
    sources: tuple[Citation, ...] = ()


class Caution(Thing, frozen=True, kw_only=True):
    """A rule about one thing taken and the person who takes it, with the cases that prove it."""

    kind: Literal["contraindication", "caution", "stopping", "monitoring"]
    of: str
    when: Rule
    severity: Literal["contraindicated", "avoid", "monitor", "info"]
    why: str
    do: tuple[str, ...]
    sources: tuple[Citation, ...]
    must_fire: tuple[Rule, ...]
    must_not_fire: tuple[Rule, ...]
    countries: tuple[str, ...] = ()
    certainty: Certainty = "not_graded"
    verified: bool = True
    except_: tuple[str, ...] = msgspec.field(default=(), name="except")
    seal: str = ""


class Timing(Thing, frozen=True, kw_only=True):
    """When in the day something is taken: what the day plan keeps, and where each rule was read."""

    of: str
    sources: tuple[Citation, ...]
    form: str = ""
    food: Literal["with", "without", "any"] = "any"
    before_food: Quantity | None = None
    after_food: Quantity | None = None
    alone: Quantity | None = None
    """Nothing else is taken until this long after it."""
    first: bool = False
    """It is the first thing of the day: no food, drink or other medicine before it."""
    part_of_day: tuple[Literal["morning", "midday", "evening", "bedtime"], ...] = ()
    must: bool = False
    """The part of the day is a rule of the label; else it is a preference."""
    interval: Quantity | None = None
    """The least time between two doses of it."""
    days_apart: Quantity | None = None
    """Not a daily medicine: so many days lie between two doses (methotrexate, once a week)."""
    countries: tuple[str, ...] = ()
    verified: bool = True
    seal: str = ""


class Condition(Thing, frozen=True, kw_only=True):
    """Something a person has; `implies` names the wider conditions that then hold too."""

    implies: tuple[str, ...] = ()
    when: Rule | None = None
    """A laboratory result that shows it: whoever is so has it, though nobody said so."""


class Route(Thing, frozen=True, kw_only=True):
    """A way to help in a country. `via` doctor or emergency: there is no own number for the public."""

    name: str = ""
    numbers: tuple[str, ...] = ()
    via: Literal["phone", "own-number", "doctor", "emergency"] = "phone"
    note: str = ""
    sources: tuple[Citation, ...] = ()


class Country(Thing, frozen=True, kw_only=True):
    """Whom to call and whose limits hold."""

    languages: tuple[str, ...]
    limits: tuple[str, ...]
    intakes: tuple[str, ...]
    emergency: Route
    out_of_hours: Route
    poison: Route
    crisis: Route
    reviewed: dt.date
    review_by: dt.date
    seal: str = ""


class Food(Thing, frozen=True, kw_only=True):
    """What 100 g of a food hold, and what a household portion weighs."""

    portion: Quantity
    per_100g: dict[str, Quantity]
    sources: tuple[Citation, ...]


class NeedFacts(Thing, frozen=True, kw_only=True):
    """A reason why people look: sleep, bones. `topics` come from the substances that name it."""


class Emergency(Thing, frozen=True, kw_only=True):
    """Words that mean danger when searched or said; the card comes before everything else."""

    call: Literal["emergency", "crisis", "poison"]
    sources: tuple[Citation, ...]


Specimen = Literal[
    "blood", "urine", "urine_24h", "stool", "csf", "saliva", "capillary", "swab", "semen", "breath", "fluid", "body"
]
"""`blood`: serum, plasma or whole blood, which reports name loosely; `body`: measured on the person."""
LabGroup = Literal[
    "blood_count",
    "differential",
    "clotting",
    "electrolytes",
    "kidney",
    "liver",
    "sugar",
    "lipids",
    "iron",
    "thyroid",
    "vitamins",
    "inflammation",
    "heart",
    "proteins",
    "hormones",
    "immunology",
    "allergy",
    "infection",
    "tumour_markers",
    "medicine_levels",
    "blood_gas",
    "urine",
    "stool",
    "other",
]
Scale = Literal["quantity", "text", "titre"]


class Code(Thing, frozen=True, kw_only=True):
    """The LOINC code of a test when it is reported in this unit (any of the same kind); no unit: a text result."""

    loinc: str
    unit: str = ""
    display: str = ""
    """The long common name of LOINC, unchanged, where it was seen."""


class LabRange(Thing, frozen=True, kw_only=True):
    """What is usual for some people, in the home unit of the test, where the report prints no range."""

    when: Rule
    amount: Value
    sources: tuple[Citation, ...]
    verified: bool = True


class Critical(Thing, frozen=True, kw_only=True):
    """A result that cannot wait: `< 2.5 mmol/L`. The words are the test's red_flag claim named here."""

    when: Rule
    amount: Quantity
    level: Literal["emergency", "urgent"]
    claim: str
    sources: tuple[Citation, ...]
    verified: bool = True


class Conversion(Thing, frozen=True, kw_only=True):
    """A line between two units that no mass or charge explains: to = factor × from + plus (HbA1c)."""

    from_: str = msgspec.field(name="from")
    to: str
    factor: Decimal
    plus: Decimal = Decimal(0)
    sources: tuple[Citation, ...] = ()


class Variation(Thing, frozen=True, kw_only=True):
    """How much a test varies in a healthy person from day to day and in the laboratory: coefficients, in percent."""

    within: Decimal
    analytical: Decimal
    sources: tuple[Citation, ...]
    verified: bool = True


class LabTest(Thing, frozen=True, kw_only=True):
    """Something that a laboratory measures in one kind of specimen.

    `unit` is the home unit, in which ranges stand and to which results are brought to be compared. Two tests with
    one printed name differ in specimen, scale, or the kind of their units.
    """

    group: LabGroup
    specimen: Specimen
    scale: Scale = "quantity"
    unit: str = ""
    units: tuple[str, ...] = ()
    """Other units of the test as UCUM codes, also of another kind where a mass, charge or line converts them."""
    molar_mass: Quantity | None = None
    charge: int | None = None
    """Equivalents per mole: mEq/L of calcium are two per mmol/L."""
    international_unit: Quantity | None = None
    conversions: tuple[Conversion, ...] = ()
    codes: tuple[Code, ...] = ()
    plausible: Value | None = None
    """In the home unit: what lies outside was probably misread. Not a clinical limit."""
    ranges: tuple[LabRange, ...] = ()
    critical: tuple[Critical, ...] = ()
    variation: Variation | None = None
    topics: tuple[str, ...] = ()
    names: dict[str, tuple[str, ...]] = {}
    """Language → names as printed, from names.yaml; `any` holds abbreviations of every language."""
    sources: tuple[Citation, ...] = ()
    """For the masses and units of the test."""
    reviewed: dt.date | None = None
    review_by: dt.date | None = None
    claims: dict[str, Claim] = {}


class Pattern(Thing, frozen=True, kw_only=True):
    """Results that belong together, by whether each is low or high: `low(haemoglobin) and low(ferritin)`.

    Cases map tests to low, normal or high.
    """

    group: LabGroup
    when: Rule
    must_fire: tuple[dict[str, Literal["low", "normal", "high"]], ...]
    must_not_fire: tuple[dict[str, Literal["low", "normal", "high"]], ...]
    claims: dict[str, Claim] = {}
    reviewed: dt.date | None = None
    review_by: dt.date | None = None


class FormulaRow(Thing, frozen=True, kw_only=True):
    """A formula and the people it holds for."""

    when: Rule
    formula: str


class FormulaCase(Thing, frozen=True, kw_only=True):
    """A worked example from a source: what goes in, what comes out, how far it may be off."""

    inputs: dict[str, Decimal]
    result: Decimal
    within: Decimal
    sex: Literal["F", "M"] | None = None


class Formula(Thing, frozen=True, kw_only=True):
    """A result computed from others: `inputs` maps a name in the formula to a test and its unit, or to the age."""

    test: str
    unit: str
    inputs: dict[str, str]
    rows: tuple[FormulaRow, ...]
    cases: tuple[FormulaCase, ...]
    sources: tuple[Citation, ...]
    only_if: tuple[str, ...] = ()
    """Conditions over the inputs, as `tg <= 4.5`: where one fails nothing is computed."""
    decimals: int = 1
    verified: bool = True


class Printed(Thing, frozen=True, kw_only=True):
    """How the reports of a language are worded: each key with its forms, compared without case and accents."""

    headings: dict[str, tuple[str, ...]]
    flags: dict[str, tuple[str, ...]]
    results: dict[str, tuple[str, ...]]
    ranges: dict[str, tuple[str, ...]]
    labels: dict[str, tuple[str, ...]]
    sex: dict[str, tuple[str, ...]]
    months: dict[str, tuple[str, ...]]
    specimens: dict[str, tuple[str, ...]]
    sections: dict[str, tuple[str, ...]]
    units: dict[str, str]
    documents: dict[str, tuple[str, ...]]
    comment_starts: tuple[str, ...]


class PrintedUnits(Thing, frozen=True, kw_only=True):
    """UCUM code → forms as printed; `case_sensitive` forms → UCUM code, where g/L and G/L are two things."""

    units: dict[str, tuple[str, ...]]
    case_sensitive: dict[str, str] = {}


class PrintedMethods(Thing, frozen=True, kw_only=True):
    """Words in the name of a test that say only how, or in what, it was measured: they never change the test."""

    words: tuple[str, ...]


class Texts(Thing, frozen=True, kw_only=True):
    """All words of one thing in one language."""

    status: Literal["draft", "checked"] = "draft"
    seal: str = ""
    name: str = ""
    the: str = ""
    title: str = ""
    names: tuple[str, ...] = ()
    forms: dict[str, str] = {}
    goals: dict[str, str] = {}
    claims: dict[str, str] = {}
    questions: dict[str, str] = {}
    text: str = ""
    portion: str = ""


class Anchors(Thing, frozen=True, kw_only=True):
    """The words of a language that must be there, or must not: what a spell check cannot see.

    `kinds`: patterns of which one must occur in a claim of that kind. `hedges`: certainty → patterns. `negation`,
    `before`, `after`: patterns compared between languages. `templates`: what the sentence of a templated kind must say.
    """

    negation: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    kinds: dict[str, tuple[str, ...]]
    hedges: dict[str, tuple[str, ...]]
    templates: dict[str, tuple[str, ...]] = {}
    allowed: tuple[str, ...] = ()
    form_speak: tuple[str, ...] = ()


class Knowledge(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole base. `texts[language]["substances/magnesium"]` are the words of a thing."""

    publishers: dict[str, Publisher]
    sources: dict[str, Source]
    authorities: dict[str, Authority]
    countries: dict[str, Country]
    substances: dict[str, Substance]
    classes: dict[str, Group]
    products: dict[str, Product]
    conditions: dict[str, Condition]
    interactions: dict[str, Interaction]
    cautions: dict[str, Caution]
    timings: dict[str, Timing]
    mechanisms: dict[str, Named]
    actions: dict[str, Named]
    foods: dict[str, Food]
    needs: dict[str, NeedFacts]
    emergencies: dict[str, Emergency]
    lab_tests: dict[str, LabTest]
    patterns: dict[str, Pattern]
    formulas: dict[str, Formula]
    printed: dict[str, Printed]
    printed_units: PrintedUnits
    printed_methods: PrintedMethods
    texts: dict[str, dict[str, Texts]]
    messages: dict[str, dict[str, str]]
    anchors: dict[str, Anchors]
    version: str

    @property
    def topics(self) -> dict[str, Substance]:
        """The substances that have a page."""
        return {id_: thing for id_, thing in self.substances.items() if thing.claims}

    def classes_of(self, substance: str) -> frozenset[str]:
        """The classes that a substance belongs to."""
        return frozenset(id_ for id_, group in self.classes.items() if substance in group.members)

    def words(self, language: str, group: str, id_: str) -> Texts | None:
        """The texts of a thing in exactly this language."""
        return self.texts.get(language, {}).get(f"{group}/{id_}")
