"""Are the fixed words of the frame there in every language, well-formed, and with the same slots?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from helder.knowledge.problems import Problem
from helder.languages.messages import compiled
from helder.library.checks.base import INTERFACE, Base

ARGUMENT = re.compile(r"\{\s*([a-zA-Z_]\w*)\s*[,}]")
BRANCH = re.compile(r"(?:zero|one|two|few|many|other|=\d+|\w+)\s*\{")
SAME_IN_MANY = 12  # a word this short is often the same in two languages
UNTRANSLATED = frozenset({"lab.loinc_notice"})  # a licence says its own words


def complete(base: Base) -> Iterator[Problem]:
    """Every key in every language of the interface, and no key that English lacks."""
    english = base.knowledge.messages.get("en", {})
    for language in INTERFACE:
        own = base.knowledge.messages.get(language, {})
        for key in sorted(set(english) - set(own)):
            yield base.problem("missing-message", f"messages/{language}", (), f"no `{key}`")
        for key in sorted(set(own) - set(english)):
            yield base.problem("missing-message", f"messages/{language}", (), f"`{key}` is not in English")


def wellformed(base: Base) -> Iterator[Problem]:
    """Each message is an ICU pattern, not empty, with the slots that English has."""
    english = base.knowledge.messages.get("en", {})
    for language, messages in base.knowledge.messages.items():
        for key, pattern in messages.items():
            if not pattern.strip():
                yield base.problem("message", f"messages/{language}", (), f"`{key}` is empty")
            try:
                compiled(pattern, language)
            except (ValueError, RuntimeError) as error:
                yield base.problem("message", f"messages/{language}", (), f"`{key}` is no ICU message: {error}")
                continue
            if key in english and arguments(pattern) != arguments(english[key]):
                yield base.problem("message", f"messages/{language}", (), f"`{key}`: other slots than in English")


def arguments(pattern: str) -> frozenset[str]:
    """The names of the values that a message needs; plural branches are not among them."""
    chooses = re.search(r",\s*(plural|select|selectordinal)\s*,", pattern)
    branches = {match.end() for match in BRANCH.finditer(pattern)} if chooses else set()
    return frozenset(m.group(1) for m in ARGUMENT.finditer(pattern) if m.start() + 1 not in branches)


def translated(base: Base) -> Iterator[Problem]:
    """A long message that is the English one letter by letter was not translated."""
    english = base.knowledge.messages.get("en", {})
    for language in INTERFACE:
        if language == "en":
            continue
        for key, text in base.knowledge.messages.get(language, {}).items():
            words = re.sub(r"\{[^}]*\}", "", text)
            same = key not in UNTRANSLATED and english.get(key) == text
            if same and len(words) > SAME_IN_MANY and " " in words.strip():
                yield base.problem("message", f"messages/{language}", (), f"`{key}` is the English text")


def anchored(base: Base) -> Iterator[Problem]:
    """The one sentence that says all separations keeps its direction in every language."""
    for language in INTERFACE:
        anchors = base.knowledge.anchors.get(language)
        if anchors is None or not anchors.templates:
            yield base.problem("anchor-template", f"anchors/{language}.yaml", ("templates",), "no `templates`")
            continue
        for key, patterns in anchors.templates.items():
            text = base.knowledge.messages.get(language, {}).get(key, "")
            for pattern in patterns:
                if not re.search(pattern, text, re.IGNORECASE):
                    said = f"`{key}` must say: {pattern}"
                    yield base.problem("anchor-template", f"messages/{language}", (), said)


CHECKS = (complete, wellformed, translated, anchored)
