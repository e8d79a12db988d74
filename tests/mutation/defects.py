"""Defects to plant in the real base, each with the check that must see it.

A defect is an edit of one real file. It finds its place by looking (the first contraindication, the first hour), not by
remembering words, so that the base can grow without breaking the suite. None may be written to fit a check's pattern.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

MG = "substances/magnesium/"
Edit = Callable[[str], str]


class Defect(NamedTuple):
    """What is planted, where, how, and which checks may be the one that names it."""

    name: str
    file: str
    edit: Edit
    seen_by: tuple[str, ...]


def sub(pattern: str, by: str, count: int = 1) -> Edit:
    """Replace what a pattern finds."""
    return lambda text: re.sub(pattern, by, text, count=count, flags=re.MULTILINE)


def drop(pattern: str) -> Edit:
    """Take out the whole line that a pattern finds."""
    return lambda text: re.sub(rf"^.*(?:{pattern}).*\n", "", text, count=1, flags=re.MULTILINE)


def claim(id_: str, by: str) -> Edit:
    """Give a claim of a language file other words."""
    pattern = re.compile(rf"^  {re.escape(id_)}:.*(?:\n    .*)*", re.MULTILINE)
    return lambda text: pattern.sub(lambda _: f"  {id_}: {by}", text, count=1)


def add(text: str) -> Edit:
    return lambda old: f"{old.rstrip()}\n{text}\n"


def swapped(first: str, second: str) -> Edit:
    """Two words change places everywhere in the file's first line that holds both."""

    def edit(text: str) -> str:
        for line in text.splitlines():
            if first in line and second in line:
                other = line.replace(first, "\0").replace(second, first).replace("\0", second)
                return text.replace(line, other, 1)
        return text

    return edit


def without_word(word: str, line_with: str) -> Edit:
    """The first line that matches loses a word: a "not" that got lost."""

    def edit(text: str) -> str:
        for line in text.splitlines():
            if re.search(line_with, line) and re.search(rf"\b{word}\b ", line):
                return text.replace(line, re.sub(rf"\b{word}\b ", "", line), 1)
        return text

    return edit


def defects(root: Path) -> list[Defect]:
    """All defects, placed in the base below `root`."""
    facts = (root / MG / "facts.yaml").read_text(encoding="utf-8")
    high = _first_claim(facts, "contraindication")
    flag = _first_claim(facts, "red_flag")
    effect = _first_claim(facts, "effect", "certainty: (?:moderate|low)")
    identity = _first_claim(facts, "identity")
    missed = _first_claim(facts, "missed_dose")
    valued = _claim_with_values(facts)
    apart = _separation(root)
    source = re.search(r"\{id: ([a-z0-9-]+)", facts)
    assert source, "magnesium cites a source"
    cited = f"sources/{source.group(1)}.yaml"
    food = f"foods/{min(path.name for path in (root / 'foods').iterdir())}/facts.yaml"
    return [
        *_of_format(high, identity),
        *_of_structure(identity, high, cited),
        *_of_sources(cited),
        *_of_amounts(valued, food),
        *_of_interactions(apart),
        *_of_words(high, flag, effect, identity, missed, valued),
        *_of_frame(),
        *_of_countries(),
        *_of_cautions(),
        *_of_timings(),
        *_of_products(),
        *_of_doses(root),
        *_of_lab_tests(),
        *_of_lab_limits(),
        *_of_patterns_and_formulas(),
    ]


def _first_claim(facts: str, kind: str, holding: str = "") -> str:
    """The id of the first claim of a kind (whose fields hold a pattern)."""
    for block in re.finditer(r"^  ([a-z0-9-]+):\n((?:    .*\n)+)", facts, re.MULTILINE):
        if f"kind: {kind}\n" in block.group(2) and re.search(holding, block.group(2)):
            return block.group(1)
    raise AssertionError(f"magnesium has a {kind}")


def _claim_with_values(facts: str) -> str:
    """A claim whose text has a value and whose value stands on one line."""
    for block in re.finditer(r"^  ([a-z0-9-]+):\n((?:    .*\n)+)", facts, re.MULTILINE):
        if re.search(r"^    values: \{", block.group(2), re.MULTILINE):
            return block.group(1)
    raise AssertionError("magnesium has a claim with values")


def _separation(root: Path) -> str:
    for file in sorted((root / "interactions").glob("*.yaml")):
        text = file.read_text(encoding="utf-8")
        if text.count("_then_") == 2 and "verified" not in text and "magnesium" in file.name:
            return f"interactions/{file.name}"
    raise AssertionError("magnesium has a separation with hours in both directions")


def _of_format(high: str, identity: str) -> list[Defect]:
    facts = MG + "facts.yaml"
    return [
        Defect("a YAML bracket is never closed", facts, add("broken: [1, 2"), ("format",)),
        Defect("a field is misspelt", facts, sub("^    kind: identity", "    knid: identity"), ("format",)),
        Defect("a field that does not exist", facts, sub("^kind:", "colour: green\nkind:"), ("format",)),
        Defect("a key stands twice", facts, sub("^kind:", "kind: herb\nkind:"), ("format",)),
        Defect("a YAML alias", facts, sub("^needs: .*", "needs: &n [sleep]\ncompare: *n"), ("format",)),
        Defect("an impossible certainty", facts, sub("certainty: high", "certainty: absolute"), ("format",)),
        Defect("an impossible date", facts, sub("^reviewed: .*", "reviewed: 2026-13-45"), ("format",)),
        Defect("a rule with an unknown fact", facts, sub('when: "?age >= ', 'when: "agee >= '), ("format",)),
        Defect("a rule without a unit", facts, sub(r"(age >= \d+) years", r"\1"), ("format",)),
        Defect("a rule in the wrong dimension", facts, sub(r"(age >= \d+) years", r"\1 kg"), ("format",)),
        Defect("a bracket too many in a rule", facts, sub(r"when: has\(", "when: has(("), ("format",)),
        Defect("an amount in an unknown unit", facts, sub(r"(amount: \d+) mg/d", r"\1 mgg/d"), ("format",)),
        Defect(
            "a decimal comma in an amount", facts, sub(r"amount: (\d)(\d+) mg/d", r'amount: "\1,\2 mg/d"'), ("format",)
        ),
        Defect("a file in a language nobody knows", MG + "xx.yaml", lambda _: "name: magnesium\n", ("format",)),
    ]


def _of_structure(identity: str, high: str, cited: str) -> list[Defect]:
    facts = MG + "facts.yaml"
    return [
        Defect("a kind that does not exist", facts, sub("kind: identity", "kind: wisdom"), ("kind",)),
        Defect(
            "a place that does not exist", facts, sub("kind: identity", "kind: identity\n    slot: cellar"), ("kind",)
        ),
        Defect("a limit loses its basis", facts, _in_kind("upper_limit", drop("basis:")), ("kind-needs",)),
        Defect("a limit loses its authority", facts, _in_kind("upper_limit", drop("authority:")), ("kind-needs",)),
        Defect("a limit loses its year", facts, _in_kind("upper_limit", drop("year:")), ("kind-needs",)),
        Defect("an effect loses its size", facts, _in_kind("effect", drop("effect:")), ("kind-needs",)),
        Defect("a red flag loses its level", facts, _in_kind("red_flag", drop("level:")), ("kind-needs",)),
        Defect(
            "all missed-dose claims are gone", facts, sub("kind: missed_dose", "kind: duration", 0), ("incomplete",)
        ),
        Defect("a claim without a source", facts, _in_kind("identity", _no_sources), ("no-source",)),
        Defect("a source that does not exist", facts, sub(r"\{id: [a-z0-9-]+", "{id: a-blog-i-read"), ("unknown-id",)),
        Defect("a condition that does not exist", facts, sub(r"has\([a-z-]+\)", "has(bad-luck)"), ("unknown-id",)),
        Defect("a need that does not exist", facts, sub(r"^needs: \[", "needs: [immortality, "), ("unknown-id",)),
        Defect(
            "a question answered by nothing",
            facts,
            sub(r"(^questions:\n  [a-z-]+: \[)", r"\1no-such-claim, "),
            ("unknown-id",),
        ),
        Defect("a review date that has passed", facts, sub("^review_by: .*", "review_by: 2026-01-01"), ("review",)),
        Defect("a review that never comes", facts, sub("^review_by: .*", "review_by: 2099-01-01"), ("review",)),
        Defect("a check in the future", facts, sub("^reviewed: .*", "reviewed: 2027-06-01"), ("review",)),
        Defect("a one-sided disagreement", facts, drop("disagrees_with:"), ("one-sided-conflict",)),
        Defect(
            "a source that bears a value that is not there",
            facts,
            sub(r"supports: \[", "supports: [nothing-here, "),
            ("unknown-value",),
        ),
        Defect(
            "two rows hold for one reader",
            facts,
            sub(r"age >= (\d+) years and sex = female", r"age >= \1 years"),
            ("two-limits",),
        ),
        Defect("an id in capitals", "conditions/Bad-Luck/facts.yaml", lambda _: "{}\n", ("id",)),
    ]


def _in_kind(kind: str, edit: Edit) -> Edit:
    """The edit, made in the first claim of a kind only."""

    def inside(text: str) -> str:
        block = re.search(
            rf"^  [a-z0-9-]+:\n(?:    .*\n)*?    kind: {kind}\n(?:    .*\n|      .*\n)*", text, re.MULTILINE
        )
        return text.replace(block.group(), edit(block.group()), 1) if block else text

    return inside


def _no_sources(block: str) -> str:
    return re.sub(r"^    sources:.*\n(?:      .*\n)*", "", block, flags=re.MULTILINE)


def _of_sources(cited: str) -> list[Defect]:
    return [
        Defect(
            "a source on a blog", cited, sub("^url: .*", "url: https://best-supplements.example.com/mg"), ("off-list",)
        ),
        Defect("a source by nobody", cited, drop("^publisher:"), ("format",)),
        Defect("a publisher that nobody knows", cited, sub("^publisher: .*", "publisher: my-uncle"), ("unknown-id",)),
        Defect("a source read tomorrow", cited, sub("^read: .*", "read: 2027-01-01"), ("source-date",)),
        Defect(
            "a source published after it was read",
            cited,
            sub("^published: .*", "published: 2026-12-24"),
            ("source-date",),
        ),
        Defect("a source without a date", cited, sub("^published: .*", "published: some time ago"), ("source-date",)),
        Defect("a source without a title", cited, sub("^title: .*", 'title: "?"'), ("source-title",)),
        Defect("a leftover source", "sources/nobody-cites-me.yaml", lambda _: _LEFTOVER, ("unused-source",)),
    ]


_LEFTOVER = """title: A text that nothing cites
publisher: efsa
url: https://www.efsa.europa.eu/en/nothing
published: 2015
read: 2026-11-22
saw: excerpt
kind: regulator
language: en
"""


def _of_amounts(valued: str, food: str) -> list[Defect]:
    facts = MG + "facts.yaml"
    return [
        Defect(
            "a digit of a limit changes",
            facts,
            _in_kind("upper_limit", sub(r"amount: (\d)\d", r"amount: \g<1>9")),
            ("seal",),
        ),
        Defect(
            "a digit of an intake changes",
            facts,
            _in_kind("reference_intake", sub(r"amount: \d", "amount: 9")),
            ("seal",),
        ),
        Defect("mg becomes g", facts, sub(r"(amount: \d+) mg/d", r"\1 g/d"), ("seal",)),
        Defect("a limit is not per day", facts, sub(r"(amount: \d+) mg/d", r"\1 mg"), ("unit",)),
        Defect("a limit of nothing", facts, sub(r"amount: \d+ mg/d", "amount: 0 mg/d"), ("impossible",)),
        Defect("a form that is more than itself", facts, sub(r"fraction: 0\.\d+", "fraction: 1.2"), ("impossible",)),
        Defect("a limit rests on one source", facts, _in_kind("upper_limit", _one_source), ("two-sources",)),
        Defect(
            "100 g of food hold more than 100 g",
            food,
            sub(r"(per_100g:\s*\{?\s*[a-z0-9-]+: )[\d.]+ \w+", r"\g<1>120 g"),
            ("impossible",),
        ),
        Defect("a portion of five kilos", food, sub(r"^portion: .*", "portion: 5000 g"), ("impossible",)),
    ]


def _one_source(block: str) -> str:
    """Only the first source stays."""
    first = re.search(r"\{id: [^}]*\}", block)
    assert first, "a limit has a source"
    return re.sub(r"^    sources:.*\n(?:      .*\n)*", f"    sources: [{first.group()}]\n", block, flags=re.MULTILINE)


def _of_interactions(apart: str) -> list[Defect]:
    first = re.compile(r"(\w[\w-]*)_then_(\w[\w-]*)")

    def turned(text: str) -> str:
        """Before and after change places: the names of the two directions are exchanged."""
        return first.sub(lambda m: f"{m.group(2)}_then_{m.group(1)}", text)

    return [
        Defect("the hours of a separation are swapped", apart, turned, ("seal",)),
        Defect("the hours name another medicine", apart, sub(r"(\w[\w-]*)_then_", "paracetamol_then_"), ("direction",)),
        Defect("an hour becomes a gram", apart, sub(r"(_then_[\w-]+: [\d.]+) h", r"\1 g"), ("unit",)),
        Defect("a separation called harmless", apart, sub("^severity: .*", "severity: info"), ("severity",)),
        Defect(
            "a rule does not fire on its own case",
            apart,
            sub(r"^must_fire:.*", "must_fire: [[paracetamol]]"),
            ("case",),
        ),
        Defect(
            "a rule fires where it must be silent",
            apart,
            sub(r"^must_not_fire:.*(?:\n[ -].*)*", "must_not_fire: []"),
            ("case",),
        ),
        Defect(
            "a rule without a source",
            apart,
            lambda t: re.sub(r"^sources:.*\n(?:[ -].*\n)*", "sources: []\n", t, flags=re.MULTILINE),
            ("no-source",),
        ),
        Defect(
            "hours on one source",
            apart,
            lambda t: re.sub(r"^sources:.*\n(?:[ -].*\n)*", _first_source(t), t, flags=re.MULTILINE),
            ("two-sources",),
        ),
        Defect("a mechanism that does not exist", apart, sub("^why: .*", "why: magic"), ("unknown-id",)),
        Defect(
            "a rule about something unknown",
            apart,
            sub(r"^between: \[[a-z0-9-]+", "between: [moon-dust"),
            ("unknown-id",),
        ),
        Defect(
            "a warning without anything to do",
            apart,
            lambda t: re.sub(
                r"^severity: .*", "severity: monitor", re.sub("^do:.*", "do: []", t, flags=re.M), flags=re.M
            ),
            ("action", "severity"),
        ),
    ]


def _first_source(text: str) -> str:
    found = re.search(r"\{id: [^}]*\}", text) or re.search(r"- id: ([a-z0-9-]+)", text)
    assert found, "a separation has a source"
    one = found.group() if found.group().startswith("{") else f"{{id: {found.group(1)}}}"
    return f"sources: [{one}]\n"


def _of_words(high: str, flag: str, effect: str, identity: str, missed: str, valued: str) -> list[Defect]:
    nl, en, de, fr = (MG + f"{language}.yaml" for language in ("nl", "en", "de", "fr"))
    return [
        Defect("a Dutch text is missing", nl, sub(rf"^  {identity}:.*\n(?:    .*\n)*", ""), ("missing-text",)),
        Defect("a German warning is missing", de, sub(rf"^  {high}:.*\n(?:    .*\n)*", ""), ("missing-text",)),
        Defect("a French name is missing", fr, drop("^name:"), ("missing-name",)),
        Defect("a French article is missing", fr, drop("^the:"), ("missing-name",)),
        Defect(
            "a text without a claim",
            nl,
            sub("^claims:", "claims:\n  no-such-claim: Dit hoort nergens bij."),
            ("leftover-text",),
        ),
        Defect(
            "the English sentence stands in the Dutch file",
            nl,
            claim(identity, "Magnesium is a mineral that your body needs."),
            ("foreign-sentence",),
        ),
        Defect(
            "one English word in a Dutch sentence",
            nl,
            claim(identity, "Magnesium is een mineraal. Te weinig geeft drowsiness."),
            ("foreign-word",),
        ),
        Defect(
            "one German word in a Dutch sentence",
            nl,
            claim(identity, "Magnesium is een mineraal. Te veel geeft Durchfall of durchfall."),
            ("foreign-word",),
        ),
        Defect(
            "a French word in an English sentence",
            en,
            claim(identity, "Magnesium is a mineral. Too much gives you vomissements."),
            ("foreign-word",),
        ),
        Defect("a raw key", nl, claim(identity, "footer.talkToUs"), ("raw",)),
        Defect("markup in a text", nl, claim(identity, "Magnesium is <b>goed</b> voor je."), ("raw",)),
        Defect("an address in a text", nl, claim(identity, "Lees meer op https://winkel.example."), ("raw",)),
        Defect("no full stop", nl, claim(identity, "Magnesium is een mineraal"), ("raw",)),
        Defect("no capital", nl, claim(identity, "magnesium is een mineraal."), ("raw",)),
        Defect("a character that nobody sees", nl, claim(identity, '"Magnesium is een\\u0007 mineraal."'), ("raw",)),
        Defect(
            "a bracket that is never closed", nl, claim(identity, "Magnesium (een mineraal is goed voor je."), ("raw",)
        ),
        Defect("a digit is typed", nl, claim(identity, "Neem elke dag 350 mg magnesium."), ("typed-digit",)),
        Defect("a slot without a value", nl, claim(identity, "Neem elke dag {hoeveel} magnesium."), ("slot",)),
        Defect("a number is dropped in one language", nl, claim(valued, "Let goed op met magnesium."), ("slot",)),
        Defect(
            "a sentence over twenty words", nl, claim(identity, f"Magnesium is {'heel ' * 20}goed."), ("long-sentence",)
        ),
        Defect(
            "a Dutch warning loses its negation", nl, claim(high, "Neem dan magnesium."), ("negation", "anchor", "slot")
        ),
        Defect(
            "a French warning loses its negation",
            fr,
            claim(high, "Prenez du magnésium."),
            ("negation", "anchor", "slot"),
        ),
        Defect(
            "a German text gains a negation", de, claim(flag, "Rufen Sie {emergency} nicht an."), ("negation", "slot")
        ),
        Defect("a missed dose may be doubled", nl, claim(missed, "Neem een vergeten dosis alsnog in."), ("anchor",)),
        Defect("a red flag without a number", nl, claim(flag, "Ga naar een arts."), ("anchor", "slot")),
        Defect(
            "an effect is said too surely",
            nl,
            claim(effect, "Magnesium helpt heel goed."),
            ("hedge", "slot", "negation"),
        ),
        Defect("the Dutch is the English, letter by letter", nl, _copy_of_english, ("copied",)),
        Defect(
            "form-speak", en, claim(identity, "It is recommended to consult your healthcare provider."), ("form-speak",)
        ),
        Defect("a question without a question mark", nl, sub(r"^(questions:\n  [a-z-]+: .*)\?", r"\1."), ("raw",)),
        Defect("a name that means something else", nl, sub(r"^names: \[", "names: [calcium, "), ("two-meanings",)),
        Defect("a name twice", nl, sub(r"^names: \[([^,\]]+)", r"names: [\1, \1"), ("name",)),
        Defect(
            "hard to read",
            nl,
            lambda t: re.sub(
                r"^(  [a-z-]+:) .*\.$",
                r"\1 Voedingssupplementen beïnvloeden lichaamsfuncties aanzienlijk.",
                t,
                flags=re.M,
            ),
            ("hard-to-read",),
        ),
        Defect("a draft slips in", nl, sub("^status: checked", "status: draft"), ("draft",)),
        Defect(
            "a word changes after the second reading",
            nl,
            sub(r"^(  " + identity + r": .*)\.$", r"\1, echt."),
            ("seal",),
        ),
    ]


def _copy_of_english(text: str) -> str:
    return re.sub(r"^status: .*\n", "", text, flags=re.M)  # replaced in the suite, which knows the English file


def _of_frame() -> list[Defect]:
    sentences = "messages/nl/sentences.yaml"
    return [
        Defect("a message is missing", sentences, drop("^slot.danger:"), ("missing-message",)),
        Defect(
            "a message with another slot",
            sentences,
            sub(r"^(amount\.below: .*)\{amount\}", r"\1{bedrag}"),
            ("message",),
        ),
        Defect(
            "a message that is no ICU pattern",
            sentences,
            sub(r"^amount\.below: .*", "amount.below: 'onder {amount'"),
            ("message",),
        ),
        Defect(
            "an untranslated message",
            sentences,
            sub(r"^separation\.unknown: .*", "separation.unknown: " + _UNKNOWN_EN),
            ("message",),
        ),
        Defect("an empty message", sentences, sub(r"^slot\.in_short: .*", 'slot.in_short: ""'), ("message",)),
        Defect(
            "before and after swapped in the sentence of all separations",
            sentences,
            swapped("{before}", "{after}"),
            ("anchor-template",),
        ),
        Defect(
            "the separation says when to take the wrong one", sentences, swapped("{a}", "{b}"), ("anchor-template",)
        ),
        Defect("a mechanism loses its words", "mechanisms/binding/nl.yaml", drop("^text:"), ("missing-text",)),
        Defect("an action that nothing uses", "actions/dance/facts.yaml", lambda _: "{}\n", ("unreachable",)),
    ]


_UNKNOWN_EN = "'Do not take {a} and {b} at the same time. Our sources give no hours: ask your pharmacist.'"


def _of_countries() -> list[Defect]:
    file = "countries/NL.yaml"
    sources = re.compile(r"sources:(?: \[[^\]]*\]|(?:\n {4,}-.*)+)")
    return [
        Defect("a country without an emergency number", file, sub(r'\["112"\]', "[]"), ("care-route",)),
        Defect("a number with letters", file, sub(r'"112"', '"een-een-twee"'), ("care-route",)),
        Defect("another emergency number", file, sub(r'"112"', '"113"'), ("seal",)),
        Defect("a supported country is gone", "countries/BE.yaml", lambda _: "", ("care-route", "format")),
        Defect("a number to call without a source", file, lambda t: sources.sub("sources: []", t), ("no-source",)),
        Defect("limits by nobody", file, sub(r"^limits: \[", "limits: [my-uncle, "), ("unknown-id",)),
    ]


KIDNEY = "cautions/metformin-kidney.yaml"
MORNING = "timings/levothyroxine.yaml"
PRODUCT = "products/co-amoxiclav.yaml"


def _of_cautions() -> list[Defect]:
    return [
        Defect("a threshold of a caution slips", KIDNEY, sub(r"< 30 mL", "< 3 mL"), ("case",)),
        Defect("a caution speaks of everybody", KIDNEY, sub("^when: .*", "when: everyone"), ("case",)),
        Defect("a caution without a case", KIDNEY, drop("must_fire:"), ("format", "case")),
        Defect(
            "a caution whose case nobody can be", KIDNEY, sub(r"must_fire: \[.*\]", 'must_fire: ["nobody"]'), ("case",)
        ),
        Defect("a contraindication that only informs", KIDNEY, sub("^severity: .*", "severity: info"), ("severity",)),
        Defect("a caution about nothing that exists", KIDNEY, sub("^of: .*", "of: unobtainium"), ("unknown-id",)),
        Defect("a caution with an unknown condition", KIDNEY, sub(r"has\([a-z-]+\)", "has(bad-luck)"), ("unknown-id",)),
        Defect(
            "a caution with an unknown laboratory test", KIDNEY, sub(r"result\(egfr\)", "result(luck)"), ("unknown-id",)
        ),
        Defect("a caution that says nothing to do", KIDNEY, sub(r"^do: .*", "do: []"), ("action",)),
        Defect("a caution with a sentence for two things", KIDNEY, sub("^why: .*", "why: raises-level"), ("slot",)),
        Defect("a caution without a source", KIDNEY, sub(r"^sources: .*", "sources: []"), ("no-source",)),
        Defect("the same caution twice", "cautions/metformin-kidney-again.yaml", lambda _: _AGAIN, ("twice",)),
        Defect(
            "the severity of a caution changes",
            "cautions/metformin-liver.yaml",
            sub("^certainty: .*", "certainty: very_low"),
            ("seal",),
        ),
    ]


_AGAIN = """kind: contraindication
of: metformin
when: has(chronic-kidney-disease-severe) or result(egfr) < 30 mL/min/{1.73_m2}
severity: contraindicated
why: lactic-acid
do: [call-before-next-dose]
certainty: high
sources: [{id: stopp-start-v2-2015, at: "E6"}]
must_fire: ["has(chronic-kidney-disease-severe)"]
must_not_fire: ["not has(chronic-kidney-disease-severe) and result(egfr) = 80 mL/min/{1.73_m2}"]
"""


def _of_timings() -> list[Defect]:
    return [
        Defect("a wait in milligrams", MORNING, sub("^before_food: .*", "before_food: 30 mg"), ("unit",)),
        Defect("a wait of a week", MORNING, sub("^before_food: .*", "before_food: 7 d"), ("impossible",)),
        Defect("with food, and hours away from it", MORNING, sub("^food: .*", "food: with"), ("impossible",)),
        Defect("the minutes before breakfast change", MORNING, sub("30 min", "20 min"), ("seal",)),
        Defect("a timing of nothing that exists", MORNING, sub("^of: .*", "of: unobtainium"), ("unknown-id",)),
        Defect("a part of the day that does not exist", MORNING, sub(r"\[morning\]", "[dawn]"), ("format",)),
        Defect("a weekly medicine every hour", "timings/methotrexate.yaml", sub("7 d", "1 h"), ("unit",)),
    ]


def _of_products() -> list[Defect]:
    return [
        Defect("a product of one thing", PRODUCT, sub(r"^holds: .*", "holds: [amoxicillin]"), ("product",)),
        Defect(
            "a strength of what it does not hold", PRODUCT, sub("amoxicillin: 500 mg", "levodopa: 500 mg"), ("product",)
        ),
        Defect("a strength of nothing", PRODUCT, sub("amoxicillin: 500 mg", "amoxicillin: 0 mg"), ("impossible",)),
        Defect(
            "a product of what does not exist", PRODUCT, sub(r"^holds: \[", "holds: [unobtainium, "), ("unknown-id",)
        ),
    ]


def _of_doses(root: Path) -> list[Defect]:
    """A maximum of a medicine, planted in the topic that the cut-down base still has."""
    facts = MG + "facts.yaml"

    def most(amount: str, more: str = "") -> Edit:
        rows = f'    rows: [{{when: "age >= 18 years", amount: {amount}}}{more}]\n'
        claim_ = (
            f"  most:\n    kind: max_dose\n    care: self\n{rows}    sources: [{{id: nhs-vitamins-others-magnesium}}]\n"
        )
        return sub("^claims:\n", f"claims:\n{claim_}")

    twice = ', {when: "age >= 30 years", amount: 2 g/d}'
    return [
        Defect("a maximum in hours", facts, most("4 h"), ("unit",)),
        Defect("a maximum below zero", facts, most("-4 g/d"), ("impossible",)),
        Defect("a maximum with one source", facts, most("4 g/d"), ("two-sources",)),
        Defect("two maxima for one person", facts, most("4 g/d", twice), ("two-limits",)),
        Defect(
            "a maximum without its care", facts, lambda text: drop("care: self")(most("4 g/d")(text)), ("kind-needs",)
        ),
    ]


def _of_lab_tests() -> list[Defect]:
    facts, names = "lab_tests/sodium/facts.yaml", "lab_tests/sodium/names.yaml"
    return [
        Defect("a LOINC code with a wrong digit", facts, sub(r"(loinc: \d+)(\d)-", r"\g<1>9\2-"), ("loinc",)),
        Defect("the LOINC code of another test", facts, sub(r"loinc: [\d-]+", "loinc: 2823-3"), ("loinc",)),
        Defect("a test without names in a language", names, drop("^pl:"), ("missing-name",)),
        Defect("names in a language that there is not", names, sub("^pl:", "xx:"), ("name", "missing-name")),
        Defect("one name for two tests of one kind", names, sub(r"^en: \[", "en: [Potassium, "), ("two-meanings",)),
        Defect("a home unit that is none", facts, sub("^unit: .*", "unit: mmoll/L"), ("unit", "format")),
        Defect("a number that is called a text", facts, sub("^scale: quantity", "scale: text"), ("unit",)),
        Defect("a test whose misread values nobody doubts", facts, drop("^plausible:"), ("incomplete",)),
        Defect("a test that nobody explains", facts, sub("kind: measures", "kind: worry"), ("incomplete",)),
    ]


def _of_lab_limits() -> list[Defect]:
    facts = "lab_tests/sodium/facts.yaml"
    row = r"^(  - \{when: [^\n]*)"
    return [
        Defect("a range in a unit of another kind", facts, sub(r"(amount: \"\d+ to \d+) mmol/L", r"\1 U/L"), ("unit",)),
        Defect("a critical limit in another unit", facts, sub(r"(amount: \"> \d+) mmol/L", r"\1 fL"), ("unit",)),
        Defect("two ranges for one person", facts, sub(row, r"\1\n\1"), ("two-ranges",)),
        Defect(
            "a critical limit that says nothing", facts, sub(r"claim: danger-low", "claim: nothing"), ("unknown-id",)
        ),
        Defect(
            "a critical limit more urgent than its words",
            facts,
            sub("level: urgent, claim: danger-high", "level: emergency, claim: danger-high"),
            ("unknown-id",),
        ),
        Defect("a critical limit without a side", facts, sub(r'amount: "> ', 'amount: "'), ("impossible", "format")),
        Defect(
            "a critical limit on one source",
            facts,
            sub(r"(claim: danger-high, sources: \[\{[^}]*\}), \{[^}]*\}\]", r"\1]"),
            ("two-sources",),
        ),
        Defect(
            "a variation of nothing",
            "lab_tests/creatinine/facts.yaml",
            sub('within: "[^"]+"', 'within: "0"'),
            ("impossible",),
        ),
    ]


def _of_patterns_and_formulas() -> list[Defect]:
    pattern, gap = "patterns/iron-anaemia/facts.yaml", "formulas/anion-gap.yaml"
    kidneys = "formulas/egfr-ckd-epi-2021.yaml"
    return [
        Defect("a pattern that looks the wrong way", pattern, sub(r"low\(ferritin\)", "high(ferritin)"), ("case",)),
        Defect(
            "a pattern of a test that there is not", pattern, sub("platelets: high", "plates: high"), ("unknown-id",)
        ),
        Defect("a pattern that nothing stops", pattern, sub(r"^must_not_fire:\n(?:  - .*\n)+", ""), ("case", "format")),
        Defect("a formula with a wrong sign", gap, sub("na - cl", "na + cl"), ("case",)),
        Defect("a formula with digits in another order", kidneys, sub(r"1\.200", "1.020"), ("case",)),
        Defect("a formula in a unit that the test cannot have", gap, sub("sodium mmol/L", "sodium fL"), ("formula",)),
        Defect("a formula without an example", gap, sub(r"^cases:.*\n(?:  - .*\n)+", "cases: []\n"), ("case",)),
    ]
