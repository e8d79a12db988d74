"""Does every page come out in every language: the same numbers, no key, easy enough to read?"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from helder.knowledge.model import Value
from helder.knowledge.problems import Problem
from helder.languages.speech import CARE_SLOTS
from helder.languages.text import SLOT
from helder.library.checks.base import COMPLETE, HIGH_RISK, INTERFACE, Base
from helder.library.pages import make_page
from helder.library.reading import level

MAX_LIX = 30
MAX_LIX_HIGH_RISK = {"danger": 30}
NUMBER = re.compile(r"\d[\d.,\u00a0\u202f\u066b\u066c]*\d|\d")
GROUPING = {"en": (",", "."), "nl": (".", ","), "de": (".", ","), "fr": ("\u202f", ","), "es": (".", ",")}


def pages(base: Base) -> Iterator[Problem]:
    """Each topic makes a page in each language and country, without a hole."""
    countries = sorted(base.knowledge.countries)
    for topic in base.topics:
        for index, language in enumerate(INTERFACE):
            if not countries:
                return
            country = countries[index % len(countries)]
            try:
                make_page(base.speech, topic, language, country)
            except (KeyError, AssertionError, ValueError) as error:
                file = base.facts("substances", topic)
                yield base.problem("page", file, (), f"no page in {language} for {country}: {error}")


def same_numbers(base: Base) -> Iterator[Problem]:
    """The numbers that a reader sees are the same in every language."""
    for of, id_, claim in base.claims():
        if not claim.values:
            continue
        counted = {}
        for language in (*COMPLETE, *HIGH_RISK):
            words = base.texts(of, language)
            template = words.claims.get(id_) if words else None
            if template and not set(SLOT.findall(template)) - set(claim.values) - CARE_SLOTS:
                counted[language] = _numbers(base, template, claim.values, language)
        reference = counted.get("en")
        for language, numbers in counted.items():
            if reference is not None and numbers != reference:
                file = f"{of}/{language}.yaml"
                text = f"{id_}: other numbers than in English"
                yield base.problem("other-numbers", file, ("claims", id_), text)


def _numbers(base: Base, template: str, values: dict[str, Value], language: str) -> Counter[str]:
    said = SLOT.sub(
        lambda m: base.speech.amounts.value(values[m.group(1)], language) if m.group(1) in values else "", template
    )
    group, decimal = GROUPING[language]
    found = Counter[str]()
    for match in NUMBER.finditer(unicodedata.normalize("NFC", said)):
        found[match.group().replace(group, "").replace("\u00a0", "").replace(decimal, ".")] += 1
    return found


def easy(base: Base) -> Iterator[Problem]:
    """A topic in English and Dutch reads at LIX 30 or easier; its own long name counts as a short word."""
    for of, _ in base.owners():
        for language in COMPLETE:
            words = base.texts(of, language)
            if words is None or not words.claims:
                continue
            texts = [shorten(text, (words.name, *words.names)) for text in words.claims.values()]
            lix = level(texts, language).lix
            if lix > MAX_LIX:
                file = f"{of}/{language}.yaml"
                yield base.problem("hard-to-read", file, ("claims",), f"LIX {lix:.1f}: at most {MAX_LIX}")


def shorten(text: str, names: tuple[str, ...]) -> str:
    """Slots and the topic's own names as one short word each: they cannot be said shorter."""
    text = SLOT.sub("X", text)
    for name in sorted(names, key=len, reverse=True):
        if len(name) > 6:
            text = re.sub(rf"\b{re.escape(name)}\w*", "X", text, flags=re.IGNORECASE)
    return text


CHECKS = (pages, same_numbers, easy)
