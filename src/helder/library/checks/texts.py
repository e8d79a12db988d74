"""Is every text there, whole, in its own language, and does it say the same in each?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from helder.knowledge.kinds import KINDS
from helder.knowledge.model import Anchors
from helder.knowledge.problems import Problem
from helder.languages.speech import CARE_SLOTS
from helder.languages.text import SLOT, slots
from helder.library.checks.base import COMPLETE, HIGH_RISK, INTERFACE, Base, Wording, languages_of
from helder.library.reading import longest_sentence

LONGEST_SENTENCE = 20
NAMES_WITH_DIGITS = re.compile(r"\b[^\W\d_]{1,6}-?\d+[^\W_]*")  # B12, D3, G6PD, omega-3; never 350mg
RAW = re.compile(r"\{\{|\}\}|<[a-z/!]|&[a-z]+;|https?://|\b[a-z]+(?:\.[a-z]+[A-Z]\w*)+|\b\w+_\w+\b|\bTODO\b|\bXXX\b")
ENDS = (".", "?", "!", ".)", "”", "»", "؟")
UNWANTED = frozenset({"Cc", "Cs", "Co", "Cn"})
BOUNDARY = re.compile(r"^\W*", re.UNICODE)


def present(base: Base) -> Iterator[Problem]:
    """English and Dutch hold every text; German, French and Spanish hold what can hurt."""
    for of, id_, claim in base.claims():
        for language in languages_of(claim):
            words = base.texts(of, language)
            if words is None or not words.claims.get(id_, "").strip():
                yield base.problem("missing-text", f"{of}/{language}.yaml", ("claims",), f"no text for `{id_}`")


def named(base: Base) -> Iterator[Problem]:
    """Everything has a name in the five languages; French and Spanish know its article."""
    for group in ("substances", "classes", "authorities", "conditions", "needs", "foods", "lab_tests", "patterns"):
        for id_ in getattr(base.knowledge, group):
            for language in (*COMPLETE, *HIGH_RISK):
                words = base.knowledge.words(language, group, id_)
                file = base.words(group, id_, language)
                if words is None or not words.name.strip():
                    yield base.problem("missing-name", file, (), "no `name`")
                elif language in ("fr", "es") and group in ("substances", "classes") and not words.the.strip():
                    yield base.problem("missing-name", file, (), "no `the`: the name with its article")
    for group in ("mechanisms", "actions"):
        for id_ in getattr(base.knowledge, group):
            for language in INTERFACE:
                words = base.knowledge.words(language, group, id_)
                if words is None or not words.text.strip():
                    yield base.problem("missing-text", base.words(group, id_, language), (), "no `text`")


def topic_words(base: Base) -> Iterator[Problem]:
    """A topic has a title, its forms, goals and questions in words."""
    for topic, facts in base.topics.items():
        for language in (*COMPLETE, *HIGH_RISK):
            words = base.texts(f"substances/{topic}", language)
            if words is None:
                continue
            file = base.words("substances", topic, language)
            goals = {claim.goal for claim in facts.claims.values() if claim.goal}
            wanted = [("forms", set(facts.forms), words.forms), ("goals", goals, words.goals)]
            if language in COMPLETE:
                wanted.append(("questions", set(facts.questions), words.questions))
            if not words.title:
                yield base.problem("missing-name", file, (), "no `title`")
            for field, ids, found in wanted:
                for id_ in sorted(ids - set(found)):
                    yield base.problem("missing-text", file, (field,), f"{field}: no words for `{id_}`")
                for id_ in sorted(set(found) - ids):
                    yield base.problem("leftover-text", file, (field, id_), f"{field}: nothing is called `{id_}`")


def leftovers(base: Base) -> Iterator[Problem]:
    """A text without a claim is a leftover; a templated claim has no text of its own."""
    for of, facts in base.owners():
        for language in INTERFACE:
            words = base.texts(of, language)
            for id_ in words.claims if words else ():
                claim = facts.claims.get(id_)
                if claim is None or (claim.kind in KINDS and KINDS[claim.kind].templated):
                    yield base.problem(
                        "leftover-text", f"{of}/{language}.yaml", ("claims", id_), f"no claim `{id_}` wants a text"
                    )


def slots_filled(base: Base) -> Iterator[Problem]:
    """Each slot has a value, and every language uses the same ones: a number in one is a number in all."""
    for wording in base.wordings():
        used, known = slots(wording.text), set(wording.claim.values)
        for slot in sorted(used - known - CARE_SLOTS):
            yield base.at("slot", wording, f"{{{slot}}} has no value")
        for value in sorted(known - used):
            yield base.at("slot", wording, f"the value `{value}` is not said")
        english = base.texts(wording.of, "en")
        other = slots(english.claims.get(wording.id, wording.text)) if english else used
        for slot in sorted((used ^ other) & CARE_SLOTS):
            yield base.at("slot", wording, f"{{{slot}}} stands in one language and not in the other")


def no_typed_digits(base: Base) -> Iterator[Problem]:
    """Numbers come from values; only names keep their digits."""
    for wording in base.wordings():
        bare = NAMES_WITH_DIGITS.sub("", SLOT.sub("", wording.text))
        if any(letter.isdigit() for letter in bare):
            yield base.at("typed-digit", wording, "a digit is typed: use a value and its slot")


def clean(base: Base) -> Iterator[Problem]:
    """No keys, markup, addresses, odd characters; a capital in front and a full stop at the end."""
    for wording in base.wordings():
        yield from (base.at("raw", wording, said) for said in _unclean(wording.text, wording.language))
    for topic in base.topics:
        for language in INTERFACE:
            words = base.texts(f"substances/{topic}", language)
            for id_, text in words.questions.items() if words else ():
                if not text.rstrip().endswith(("?", "؟")):
                    file = base.words("substances", topic, language)
                    yield base.problem("raw", file, ("questions", id_), f"{id_}: a question ends with a question mark")


def _unclean(text: str, language: str) -> Iterator[str]:
    if found := RAW.search(SLOT.sub("", text)):
        yield f"raw key, markup or address: `{found.group()}`"
    if "  " in text or text != text.strip():
        yield "white space at an end, or two spaces"
    if text != unicodedata.normalize("NFC", text) or any(unicodedata.category(c) in UNWANTED for c in text):
        yield "characters that a reader cannot see, or not normalised (NFC)"
    if not text.rstrip().endswith(ENDS):
        yield "no full stop at the end"
    first = BOUNDARY.sub("", text)[:1]
    if not text.startswith("{") and language != "ar" and first.islower():
        yield "no capital at the start"
    if SLOT.sub("", text).count("(") != SLOT.sub("", text).count(")"):
        yield "a bracket is not closed"
    if re.search(r"[{}]", SLOT.sub("", text)):
        yield "a brace that is no slot"


def short_sentences(base: Base) -> Iterator[Problem]:
    """No sentence over twenty words."""
    for wording in base.wordings():
        length = longest_sentence(SLOT.sub("X", wording.text))
        if length > LONGEST_SENTENCE:
            yield base.at("long-sentence", wording, f"a sentence of {length} words: at most {LONGEST_SENTENCE}")


def negation(base: Base) -> Iterator[Problem]:
    """A "not" in one language is a "not" in all: a lost one turns a warning round."""
    for wording in base.wordings():
        english = base.texts(wording.of, "en")
        if wording.language == "en" or english is None or wording.id not in english.claims:
            continue
        here = _says(base, wording.language, "negation", wording.text)
        there = _says(base, "en", "negation", english.claims[wording.id])
        if here != there:
            yield base.at("negation", wording, f"{'a' if here else 'no'} negation here, unlike in English")


def directions(base: Base) -> Iterator[Problem]:
    """An amount of time before or after something keeps its direction in every language."""
    for wording in base.wordings():
        english = base.texts(wording.of, "en")
        if wording.language == "en" or english is None or wording.id not in english.claims:
            continue
        mine = _direction(base, wording.language, wording.text)
        for slot, direction in _direction(base, "en", english.claims[wording.id]).items():
            if mine.get(slot) not in (direction, None):
                yield base.at("direction", wording, f"{{{slot}}} is {mine[slot]} here and {direction} in English")


def _direction(base: Base, language: str, text: str) -> dict[str, str]:
    """Slot → before or after, where such a word follows it closely."""
    anchors = base.knowledge.anchors.get(language)
    found: dict[str, str] = {}
    for match in SLOT.finditer(text):
        near = " ".join(text[match.end() :].split()[:3])
        for name, patterns in (("before", anchors.before), ("after", anchors.after)) if anchors else ():
            if any(re.search(pattern, near, re.IGNORECASE) for pattern in patterns):
                found.setdefault(match.group(1), name)
    return found


def _says(base: Base, language: str, field: str, text: str) -> bool:
    anchors = base.knowledge.anchors.get(language)
    patterns: tuple[str, ...] = getattr(anchors, field) if anchors else ()
    return any(re.search(pattern, text, re.IGNORECASE) for pattern in patterns)


def anchored(base: Base) -> Iterator[Problem]:
    """A contraindication says no, a missed dose never doubles, an overdose and a red flag say whom to call."""
    for wording in base.wordings():
        anchors = base.knowledge.anchors.get(wording.language)
        for kind, patterns in anchors.kinds.items() if anchors else ():
            if wording.claim.kind == kind and not _any(patterns, wording.text):
                yield base.at("anchor", wording, f"a {kind} must say one of: {', '.join(patterns)}")
        if wording.claim.level == "emergency" and "{emergency}" not in wording.text:
            yield base.at("anchor", wording, "an emergency must give the number: {emergency}")


def hedged(base: Base) -> Iterator[Problem]:
    """An effect is said as surely as it is known, and no surer."""
    for wording in base.wordings():
        anchors = base.knowledge.anchors.get(wording.language)
        if anchors and wording.claim.kind == "effect":
            yield from _hedge(base, wording, anchors)


def _hedge(base: Base, wording: Wording, anchors: Anchors) -> Iterator[Problem]:
    certainty = wording.claim.certainty
    wanted = anchors.hedges.get(certainty, ())
    if wanted and not _any(wanted, wording.text):
        yield base.at("hedge", wording, f"certainty {certainty} must be said: {', '.join(wanted)}")
    weaker = [level for level in ("moderate", "low", "very_low") if level != certainty]
    if certainty == "high":
        for level in weaker:
            if _any(anchors.hedges.get(level, ()), wording.text):
                yield base.at("hedge", wording, f"certainty is high, the words say {level}")


def _any(patterns: tuple[str, ...], text: str) -> bool:
    return any(re.search(pattern, text, re.IGNORECASE) for pattern in patterns)


def copied(base: Base) -> Iterator[Problem]:
    """A text that is the English one letter by letter was not translated."""
    for wording in base.wordings():
        english = base.texts(wording.of, "en")
        if wording.language != "en" and english and english.claims.get(wording.id) == wording.text:
            yield base.at("copied", wording, "the same as the English text")


def spoken(base: Base) -> Iterator[Problem]:
    """Nobody talks like a form."""
    for wording in base.wordings():
        anchors = base.knowledge.anchors.get(wording.language)
        for phrase in anchors.form_speak if anchors else ():
            if re.search(rf"\b{re.escape(phrase)}s?\b", wording.text, re.IGNORECASE):
                yield base.at("form-speak", wording, f"“{phrase}”: say it as a nurse would")


CHECKS = (
    present,
    named,
    topic_words,
    leftovers,
    slots_filled,
    no_typed_digits,
    clean,
    short_sentences,
    negation,
    directions,
    anchored,
    hedged,
    copied,
    spoken,
)
